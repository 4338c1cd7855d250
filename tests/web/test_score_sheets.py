"""Score sheets through the browser's eyes: taken away, brought back, compared, accepted; whose sheet is refused and why."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from grants import clock
from grants.db import reading, transaction
from grants.models import (
    Account,
    Application,
    AuditEntry,
    Call,
    Criterion,
    GivenReview,
    Interest,
    Mark,
    Review,
    SecurityEvent,
)
from grants.policies import Role
from grants.queries.score_sheets import fields_of
from grants.workflow.application import ApplicationState as State
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
#: The line of a sheet on which the first criterion stands.
FIRST = 7


@dataclass
class Scene:
    """A call being read: two readers, three files, all open to the first reader."""

    call: Call
    reader: Account
    other: Account
    files: list[Application]
    reviews: list[Review]
    client: FlaskClient
    sign_in: SignIn

    @property
    def tabs(self) -> list[str]:
        return [str(file.number) for file in self.files]

    def taken(self, client: FlaskClient | None = None) -> bytes:
        answer = (client or self.client).get(f"/evaluations.xlsx?appel={self.call.slug}")
        assert answer.status_code == 200, answer.text[:2000]
        assert answer.headers["Content-Disposition"] == f"attachment; filename=evaluations-{self.call.slug}.xlsx"
        return answer.data

    def brings(self, data: bytes, call: Call | None = None) -> TestResponse:
        """Bring a workbook; whatever comes of it, nothing is written."""
        before = self.stands()
        address = f"/evaluations/tableur?appel={(call or self.call).slug}"
        answer = self.client.post(address, data={"file": (io.BytesIO(data), "mes grilles.xlsx")})
        answer.request.environ["wsgi.input"].close()  # the test client keeps a large body in a file
        assert self.stands() == before
        return answer

    def accepts(self, page: str, *untick: str, **more: str) -> TestResponse:
        """Send the page of differences as it was shown, with these boxes unticked and those ticked."""
        form = page.partition('action="/evaluations/tableur/notes')[2].partition("</form>")[0]
        sent = {
            name: unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        }
        ticked = re.findall(r'<input type="checkbox" name="([^"]+)" value="yes" checked', form)
        sent |= {name: "yes" for name in ticked if name not in untick}
        return self.client.post(f"/evaluations/tableur/notes?appel={self.call.slug}", data={**sent, **more})

    def stands(self, rank: int | None = None) -> object:
        with reading() as session:
            rows = list(session.scalars(select(Review).order_by(Review.id)))
            call = session.get_one(Call, self.call.id)
            told = {row.id: (str(row.state), fields_of(row, call)) for row in rows}
        return told if rank is None else told[self.reviews[rank].id]

    def fields(self, rank: int) -> dict[str, str]:
        return self.stands(rank)[1]  # type: ignore[index,no-any-return]

    def state(self, rank: int) -> str:
        return self.stands(rank)[0]  # type: ignore[index,no-any-return]

    def change(self, row: Review | Application | Call, **values: object) -> None:
        with transaction() as session:
            session.execute(update(type(row)).where(type(row).id == row.id).values(**values))

    def marks(self, rank: int, key: str, halves: int, comment: str = "") -> None:
        """Somebody typed a mark on the page meanwhile."""
        with transaction() as session:
            row = session.get_one(Review, self.reviews[rank].id)
            criterion = session.scalars(
                select(Criterion).where(Criterion.call_id == self.call.id, Criterion.key == key)
            )
            row.marks.append(Mark(criterion_id=criterion.one().id, half_points=halves, comment=comment))
            row.state = ReviewState.DRAFT


@pytest.fixture
def scene(sign_in: SignIn) -> Scene:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(
            session,
            opens_at=now - timedelta(days=60),
            closes_at=now - timedelta(days=30),
            reviews_open_at=now - timedelta(days=5),
            reviews_close_at=now + timedelta(days=5),
        )
        reader, other = (builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2))
        files = [builders.an_application(session, call=call, state=State.IN_REVIEW) for _ in range(3)]
        for file in files:
            builders.an_interest(session, application=file, account=reader)
        reviews = [
            builders.a_review(session, application=file, reviewer=reader, position=rank)
            for rank, file in enumerate(files)
        ]
        builders.an_interest(session, application=files[0], account=other)
        builders.a_review(session, application=files[0], reviewer=other)
    return Scene(call, reader, other, files, reviews, sign_in(reader), sign_in)


def changed(data: bytes, *cells: tuple[str, str, object]) -> bytes:
    """The workbook with other values in some cells: (sheet, address, value)."""
    workbook: Workbook = load_workbook(io.BytesIO(data))
    for tab, address, value in cells:
        workbook[tab][address].value = value  # type: ignore[index]
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def full(tab: str, mark: float = 3.5) -> list[tuple[str, str, object]]:
    return [(tab, f"B{FIRST + rank}", mark) for rank in range(len(KEYS))]


def plain(text: str) -> str:
    return unescape(text).replace("\u202f", " ").replace("\u00a0", " ")


# out and back


def test_an_untouched_workbook_changes_nothing(scene: Scene) -> None:
    scene.marks(0, "C1", 9, "Net.\nEt clair.")
    page = scene.brings(scene.taken())
    assert page.status_code == 200
    assert "Ce tableur ne change rien à vos évaluations." in plain(page.text)


def test_what_was_typed_is_shown_then_kept_as_a_draft(scene: Scene) -> None:
    tab = scene.tabs[1]
    data = changed(scene.taken(), (tab, "B7", 4.5), (tab, "C7", "=1+1"), (tab, "B8", "3,5"), (tab, "C14", None))
    data = changed(data, (tab, "C15", "Solide."), (tab, "C16", "À moi seule."))
    page = scene.brings(data)
    assert page.status_code == 200  # a formula in place of a comment: that cell alone is refused
    assert f"{tab}, C7 : Une formule ne peut pas être reprise" in plain(page.text)
    assert "Rendre cette évaluation" not in page.text
    assert scene.accepts(page.text).status_code == 303
    assert scene.stands(1) == (
        "draft",
        {"mark:C1": "4,5", "mark:C2": "3,5", "opinion": "Solide.", "private_note": "À moi seule."},
    )
    assert scene.state(0) == scene.state(2) == "assigned"
    with reading() as session:
        trace = session.scalars(select(AuditEntry).where(AuditEntry.action == "review.save")).one()
    assert trace.body["from_sheet"] is True


def test_nothing_is_given_without_its_tick_and_only_what_is_complete(scene: Scene) -> None:
    first, second = scene.tabs[:2]
    page = scene.brings(changed(scene.taken(), *full(first), *full(second), (second, "B7", 5)))
    assert page.text.count("Rendre cette évaluation") == 1  # a 5 without its sentence is not complete
    review = scene.reviews[0].public_id
    answer = scene.accepts(page.text, **{f"give:{review}": "yes"})
    assert answer.status_code == 303
    assert (scene.state(0), scene.state(1)) == ("given", "draft")
    with reading() as session:
        assert session.scalars(select(GivenReview.content)).one()["marks"] == dict.fromkeys(KEYS, 7)
    shown = plain(scene.client.get("/evaluations").text)
    assert "1 brouillon enregistré." in shown
    assert "1 évaluation rendue." in shown


def test_what_is_given_without_being_complete_is_refused_and_nothing_is_written(scene: Scene) -> None:
    first, second = scene.tabs[:2]
    page = scene.brings(changed(scene.taken(), *full(first), (second, "B7", 3)))
    before = scene.stands()
    answer = scene.accepts(page.text, **{f"give:{scene.reviews[1].public_id}": "yes"})
    assert answer.status_code == 422
    assert f"Dossier {second} : il manque une note ou son explication (Critère 2," in plain(answer.text)
    assert scene.stands() == before
    assert re.search(rf'name="give:{scene.reviews[1].public_id}" value="yes" checked', answer.text)


def test_a_page_is_read_again_when_something_changed_after_it_was_shown(scene: Scene) -> None:
    tab = scene.tabs[0]
    page = scene.brings(changed(scene.taken(), (tab, "B7", 3), (tab, "B8", 2)))
    scene.marks(0, "C1", 10)
    before = scene.stands()
    answer = scene.accepts(page.text, f"take:{scene.reviews[0].public_id}:mark:C2")
    assert answer.status_code == 409
    assert scene.stands() == before
    assert "Changé des deux côtés" in answer.text
    assert not re.findall(r'name="take:[^"]+" value="yes" checked', answer.text)
    assert scene.accepts(answer.text, **{f"take:{scene.reviews[0].public_id}:mark:C1": "yes"}).status_code == 303
    assert scene.fields(0) == {"mark:C1": "3"}


@pytest.mark.parametrize("happens", ["given", "recused"])
def test_a_review_that_was_closed_after_the_page_was_shown_is_left_out_with_its_reason(
    scene: Scene, happens: str
) -> None:
    page = scene.brings(changed(scene.taken(), *full(scene.tabs[0]), *full(scene.tabs[1])))
    (give if happens == "given" else recuse)(scene)
    answer = scene.accepts(page.text)
    assert answer.status_code == 409
    assert scene.state(1) == "assigned"
    words = "Votre évaluation de ce dossier est déjà rendue : elle ne change plus." if happens == "given" else NEVER_WAS
    assert refusals(answer) == [f"{scene.tabs[0]} : {words}"]
    assert "not_from_here" not in answer.text
    assert scene.accepts(answer.text).status_code == 303
    assert scene.state(1) == "draft"


# three ways


def test_the_merge_keeps_what_changed_here_and_asks_where_both_changed(scene: Scene) -> None:
    tab, review = scene.tabs[0], scene.reviews[0].public_id
    scene.marks(0, "C4", 4)
    data = changed(scene.taken(), (tab, "B7", 4), (tab, "B8", 2), (tab, "B10", 2), (tab, "B9", 3))
    scene.marks(0, "C2", 8)  # both, differently
    scene.marks(0, "C3", 6)  # both, the same
    scene.marks(0, "C5", 2)  # here alone
    page = scene.brings(data)
    assert page.status_code == 200
    rows = {
        name: row
        for row in re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", page.text, re.DOTALL)
        for name in KEYS
        if f"Critère {name[1]}<" in row
    }
    assert set(rows) == {"C1", "C2", "C5"}
    assert "checked" in rows["C1"]
    assert "Changé des deux côtés" in rows["C2"]
    assert "checked" not in rows["C2"]
    assert ">4<" in rows["C2"]
    assert ">2<" in rows["C2"]
    assert "Changé ici depuis : gardé." in plain(rows["C5"])
    assert "checkbox" not in rows["C5"]
    assert "1 valeur a changé ici et dans le tableur" in plain(page.text)
    scene.accepts(page.text)
    assert {key: scene.fields(0)[f"mark:{key}"] for key in KEYS[:5]} == {
        "C1": "4",
        "C2": "4",
        "C3": "3",
        "C4": "2",
        "C5": "1",
    }
    again = scene.brings(data)
    assert scene.accepts(again.text, **{f"take:{review}:mark:C2": "yes"}).status_code == 303
    assert scene.fields(0)["mark:C2"] == "2"


def test_a_text_that_was_emptied_is_a_change_like_another(scene: Scene) -> None:
    scene.marks(0, "C1", 6, "Une phrase.")
    page = scene.brings(changed(scene.taken(), (scene.tabs[0], "B7", None), (scene.tabs[0], "C7", None)))
    scene.accepts(page.text)
    assert scene.fields(0) == {}


def test_not_applicable_comes_back_where_the_call_allows_it(scene: Scene) -> None:
    with transaction() as session:
        session.execute(
            update(Criterion).where(Criterion.call_id == scene.call.id, Criterion.key == "C3").values(optional=True)
        )
    page = scene.brings(changed(scene.taken(), (scene.tabs[0], "B9", "s.o."), (scene.tabs[0], "B7", "s.o.")))
    assert f"{scene.tabs[0]}, B7 : Ce critère vaut pour tous les dossiers" in plain(page.text)
    assert "sans objet" in page.text
    scene.accepts(page.text)
    assert scene.fields(0) == {"mark:C3": "na"}
    assert "Ce tableur ne change rien" in plain(scene.brings(scene.taken()).text)


# refused


def refusals(page: TestResponse) -> list[str]:
    """What is said of the sheets and cells that are not taken."""
    summaries = [part.partition("</ul>")[0] for part in page.text.split("error-summary")[1:]]
    found = [one for part in summaries for one in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]
    return [plain(re.sub("<[^>]+>", "", one)).strip() for one in found]


def test_rv_11_what_is_no_mark_is_told_by_its_cell_and_the_rest_is_usable(scene: Scene) -> None:
    """RV-11."""
    tab = scene.tabs[0]
    page = scene.brings(changed(scene.taken(), (tab, "B7", 5.5), (tab, "B8", "５"), (tab, "B9", 4.25), (tab, "B10", 4)))
    assert refusals(page) == [
        f"{tab}, B7 : « 5,5 » n’est pas une note : de 0 à 5, par demi-point.",
        f"{tab}, B8 : « ５ » n’est pas une note : de 0 à 5, par demi-point.",
        f"{tab}, B9 : « 4,25 » n’est pas une note : de 0 à 5, par demi-point.",
    ]
    scene.accepts(page.text)
    assert scene.fields(0) == {"mark:C4": "4"}


def give(scene: Scene) -> None:
    scene.change(scene.reviews[0], state=ReviewState.GIVEN, given_at=clock.now())


def recuse(scene: Scene) -> None:
    with transaction() as session:
        session.execute(
            update(Interest)
            .where(Interest.application_id == scene.files[0].id, Interest.account_id == scene.reader.id)
            .values(stand="conflict")
        )
    scene.change(scene.reviews[0], state=ReviewState.RECUSED)


def withdraw(scene: Scene) -> None:
    scene.change(scene.reviews[0], state=ReviewState.UNASSIGNED)


def vanish(scene: Scene) -> None:
    """As if the review had never been."""
    with transaction() as session:
        session.delete(session.get_one(Review, scene.reviews[0].id))


NEVER_WAS = "Cette feuille n’est pas celle d’un dossier ouvert à votre lecture."


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (give, "Votre évaluation de ce dossier est déjà rendue : elle ne change plus."),
        (recuse, NEVER_WAS),
        (vanish, NEVER_WAS),
        (withdraw, "Ce dossier vous a été retiré entre-temps : cette feuille n’est pas reprise."),
    ],
)
def test_a_sheet_that_came_too_late_is_refused_with_its_reason_and_the_rest_is_usable(
    scene: Scene, happens: Callable[[Scene], None], words: str
) -> None:
    """A recused file says the same words as one that never existed."""
    tab, other = scene.tabs[:2]
    data = changed(scene.taken(), *full(tab), (tab, "B8", "faux"), *full(other))
    happens(scene)
    page = scene.brings(data)
    assert refusals(page) == [f"{tab} : {words}"]
    assert scene.reviews[0].public_id not in page.text
    assert str(scene.files[0].title) not in page.text
    scene.accepts(page.text)
    assert scene.state(1) == "draft"


def test_rv_10_once_the_window_is_closed_every_sheet_says_so(scene: Scene) -> None:
    """RV-10: neither the workbook nor a page of differences shown before changes a mark."""
    data = changed(scene.taken(), *full(scene.tabs[0]))
    shown = scene.brings(data)
    scene.change(scene.call, reviews_close_at=clock.now() - timedelta(minutes=1))
    before = scene.stands()
    assert scene.accepts(shown.text).status_code == 409
    page = scene.brings(data)
    assert len(refusals(page)) == len(scene.files)
    assert len({one.partition(" : ")[2] for one in refusals(page)}) == 1
    assert scene.stands() == before
    assert scene.client.get(f"/evaluations.xlsx?appel={scene.call.slug}").status_code == 409


def test_rv_10_an_attempt_after_the_deliberation_was_closed_is_remembered(scene: Scene) -> None:
    """RV-10: closed by whom, when; the mark stands, the attempt is among the security events."""
    page = scene.brings(changed(scene.taken(), *full(scene.tabs[0])))
    with transaction() as session:
        call = session.get_one(Call, scene.call.id)
        chair = builders.an_account(session, role=Role.CHAIR, call_id=call.id)
        closed = {"state": MeetingState.CLOSED, "closed_at": clock.now()}
        builders.a_meeting(session, call=call, secretary=chair, **closed)
    before = scene.stands()
    assert scene.accepts(page.text).status_code == 409
    assert scene.stands() == before
    with reading() as session:
        event = session.scalars(select(SecurityEvent)).one()
    assert (event.kind, event.account_id, event.object) == (
        "after-closing",
        scene.reader.id,
        f"call:{scene.call.public_id}",
    )


def test_a_large_workbook_is_taken_in_portions(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grants.web.review.offline.MOST_SIGNS", 60)
    data = changed(
        scene.taken(), *((tab, "C15", "Un avis assez long pour remplir une page entière.") for tab in scene.tabs)
    )
    for left in (2, 1, 0):
        page = scene.brings(data)
        assert ("en voici le début" in page.text) is (left > 0)
        assert scene.accepts(page.text).status_code == 303
    assert all(scene.fields(rank)["opinion"].startswith("Un avis") for rank in range(3))


def test_the_sheet_of_somebody_else_or_of_another_call_is_refused(scene: Scene) -> None:
    theirs = scene.taken(scene.sign_in(scene.other))
    page = scene.brings(changed(theirs, *full(scene.tabs[0])))
    assert page.status_code == 422
    assert "Ce tableur a été téléchargé par une autre personne" in plain(page.text)
    assert "value:" not in page.text
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1))
        builders.an_appointment(session, session.get_one(Account, scene.reader.id), Role.REVIEWER, call_id=call.id)
    page = scene.brings(scene.taken(), call)
    assert page.status_code == 422
    assert "Ce tableur est celui d’un autre appel" in plain(page.text)


def test_a_workbook_whose_keys_were_altered_is_refused(scene: Scene) -> None:
    page = scene.brings(changed(scene.taken(), ("_palabre", "A2", "0" * 64)))
    assert page.status_code == 422
    assert "Les repères cachés de ce tableur ne sont plus ceux que nous y avons mis" in plain(page.text)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.4", b"C1;C2\n4;5\n"])
def test_what_is_no_workbook_is_refused(scene: Scene, data: bytes) -> None:
    assert scene.brings(data).status_code == 422


def test_another_workbook_is_refused(scene: Scene) -> None:
    other = io.BytesIO()
    Workbook().save(other)
    page = scene.brings(other.getvalue())
    assert page.status_code == 422
    assert "Ce fichier n’est pas le tableur des grilles" in plain(page.text)


@pytest.mark.parametrize("value", ["6", "4,25", "x" * 50, "na"])
def test_a_forged_page_of_differences_changes_nothing(scene: Scene, value: str) -> None:
    page = scene.brings(changed(scene.taken(), (scene.tabs[0], "B7", 3)))
    before, review = scene.stands(), scene.reviews[0].public_id
    forged = {f"value:{review}:mark:C1": value}
    assert scene.accepts(page.text, **forged).status_code == 422
    with reading() as session:
        theirs = session.scalars(select(Review.public_id).where(Review.reviewer_id == scene.other.id)).one()
    for foreign in (theirs, "inconnu", "é" * 30):
        sent = {f"value:{foreign}:mark:C1": "3", f"take:{foreign}:mark:C1": "yes", f"give:{foreign}": "yes"}
        assert scene.accepts(page.text, **sent).status_code == 409
    assert scene.stands() == before


def test_those_who_do_not_sit_on_the_committee_find_nothing(scene: Scene) -> None:
    with transaction() as session:
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=scene.call.programme_id)
    client = scene.sign_in(manager)
    for address in ("/evaluations.xlsx", f"/evaluations.xlsx?appel={scene.call.slug}", "/evaluations/tableur"):
        assert client.get(address).status_code == 404
    for address in ("/evaluations/tableur", "/evaluations/tableur/notes"):
        assert client.post(f"{address}?appel={scene.call.slug}", data={}).status_code == 404


# blind


def test_rv_05_under_a_blind_call_the_workbook_names_nobody(scene: Scene) -> None:
    """RV-05: no name in any cell, sheet name, property or in the name of the file."""
    with transaction() as session:
        names = []
        for row in scene.files:
            file = session.get_one(Application, row.id)
            names += [file.organisation.name, session.get_one(Account, file.created_by_id).name]
            file.title = f"Avec {file.organisation.name}"
    open_text = text_of(scene.taken())
    assert all(name in open_text for name in names[::2])
    scene.change(scene.call, blind="review")
    blind_text = text_of(scene.taken())
    assert not [name for name in (*names, scene.reader.name) if name in blind_text]
    assert all(tab in blind_text for tab in scene.tabs)
    assert not [name for name in names if name in scene.brings(changed(scene.taken(), *full(scene.tabs[0]))).text]


def text_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return unescape("".join(f"{name}{archive.read(name).decode()}" for name in archive.namelist()))


# slow lines


def test_sixty_files_are_taken_and_compared_at_once(scene: Scene) -> None:
    with transaction() as session:
        for rank in range(57):
            file = builders.an_application(session, call=session.get_one(Call, scene.call.id), state=State.IN_REVIEW)
            reader = session.get_one(Account, scene.reader.id)
            builders.an_interest(session, application=file, account=reader)
            builders.a_review(session, application=file, reviewer=reader, position=rank + 3)
    begun = time.monotonic()
    data = scene.taken()
    assert len(data) < 150_000
    assert "Ce tableur ne change rien" in plain(scene.brings(data).text)
    assert time.monotonic() - begun < 10
