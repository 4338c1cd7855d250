"""The pages of a reader: marks as people send them, drafts kept while they are typed, what is refused and given back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Application, Call, GivenReview, Mark, Meeting, Review
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import review as service
from grants.services import selection
from grants.workflow.application import ApplicationState as State
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
SHEET = {**dict.fromkeys(KEYS, "3,5"), "opinion": "Un projet solide."}
GIVES = {**SHEET, "suite": "valider"}


@dataclass
class World:
    """Three files before a committee of two; C7 may not apply to a file."""

    call: Call
    manager: Account
    reader: Account
    other: Account
    files: list[Application]
    sheets: list[Review]
    theirs: list[Review]

    @property
    def address(self) -> str:
        return f"/evaluations/{self.sheets[0].public_id}"

    def opens(self, how: str) -> None:
        with transaction() as session:
            session.get_one(Call, self.call.id).others_reviews = how


@pytest.fixture
def world() -> World:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), quorum=0)
        call.criteria[-1].optional = True
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        reader, other = (builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2))
        files = [
            builders.an_application(session, call=call, state=State.IN_REVIEW, title=f"Projet {n}") for n in range(3)
        ]
        for file in files:
            for person in (reader, other):
                builders.an_interest(session, application=file, account=person)
        sheets = [
            builders.a_review(session, application=one, reviewer=reader, position=n) for n, one in enumerate(files)
        ]
        theirs = [builders.a_review(session, application=one, reviewer=other) for one in files]
    return World(call, manager, reader, other, files, sheets, theirs)


def acting(account: Account):  # type: ignore[no-untyped-def]
    with reading() as session:
        return actor_for(session, account.id)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#39;", "’")


def stored(row: Review) -> Review:
    with reading() as session:
        found = session.get_one(Review, row.id)
        assert found.marks is not None
        return found


def how_many(model: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# ── Marks as they are sent ──

OFF_THE_SCALE = ["-0.5", "5.5", "6", "4.25", "4.999999", "NaN", "Infinity", "５", "null", "1e400", "[4]", "4;5", "0x4"]


@pytest.mark.parametrize("how", ["post", "put"])
@pytest.mark.parametrize("typed", OFF_THE_SCALE)
def test_rv_11_what_is_no_half_point_of_the_scale_is_refused_with_the_values_there_are(
    world: World, sign_in: SignIn, typed: str, how: str
) -> None:
    answer = getattr(sign_in(world.reader), how)(world.address, data={**GIVES, "C2": typed})
    assert answer.status_code == 422
    assert how_many(Mark) == 0
    said = plain(answer.text)
    assert ("de 0 à 5" in said) or ("demi-point" in said) or ("note" in said)
    if how == "post":
        assert "Un projet solide." in said, "what was typed is given back"
        assert re.search(r'id="C2-e"', said), "the message stands at its criterion"


@pytest.mark.parametrize("how", ["post", "put"])
def test_rv_11_several_marks_for_one_criterion_are_none(world: World, sign_in: SignIn, how: str) -> None:
    answer = getattr(sign_in(world.reader), how)(world.address, data={**GIVES, "C2": ["4", "5"]})
    assert answer.status_code == 422
    assert how_many(Mark) == 0


@pytest.mark.parametrize("typed", ["4,5", "4.5", " 4,5 "])
def test_rv_11_a_comma_is_a_point(world: World, sign_in: SignIn, typed: str) -> None:
    sheet = {**GIVES, "C2": typed, "comment_C2": "Remarquable en tout."}
    assert sign_in(world.reader).post(world.address, data=sheet).status_code == 303
    assert sorted(mark.half_points or 0 for mark in stored(world.sheets[0]).marks) == [7] * 6 + [9]


def test_what_does_not_apply_is_chosen_on_the_page_only_where_the_call_says_so(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    page = client.get(world.address).text
    assert 'name="C7" id="C7-aside" value="sans-objet"' in page
    assert "C1-aside" not in page
    assert client.post(world.address, data={**GIVES, "C1": "sans-objet"}).status_code == 422
    assert client.post(world.address, data={**GIVES, "C7": "sans-objet"}).status_code == 303
    page = plain(client.get(world.address).text)
    assert re.search(r'id="C7-aside" value="sans-objet" data-aside checked', page)
    assert "70 / 100" in page


def test_a_sheet_of_which_nothing_applies_is_not_given(world: World, sign_in: SignIn) -> None:
    with transaction() as session:
        for criterion in session.get_one(Call, world.call.id).criteria:
            criterion.optional = True
    nothing = {**dict.fromkeys(KEYS, "sans-objet"), "suite": "valider"}
    assert sign_in(world.reader).post(world.address, data=nothing).status_code == 422


# ── Drafts ──


def test_a_draft_is_kept_by_the_script_as_by_the_button(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    version = world.sheets[0].version
    sent = {"C1": "4", "C7": "sans-objet", "comment_C2": "À relire.", "private_note": "Pour moi.", "version": version}
    answer = client.put(world.address, data={**sent, "last_criterion": "C7"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert re.match(r"Enregistré à \d", plain(answer.json["enregistre"]))
    row = stored(world.sheets[0])
    assert (row.state, row.version, row.last_criterion) == (ReviewState.DRAFT, answer.json["version"], "C7")
    assert f"{world.address}#C7" in client.get("/evaluations").text
    assert (
        client.post(world.address, data={**SHEET, "version": answer.json["version"], "suite": "plus-tard"}).status_code
        == 303
    )


def test_a_page_that_was_overtaken_gets_what_stands_and_writes_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    version = world.sheets[0].version
    assert client.put(world.address, data={"C1": "4", "opinion": "Ici.", "version": version}).status_code == 200
    late = client.put(world.address, data={"C1": "2", "opinion": "Là.", "version": version})
    assert late.status_code == 409
    assert late.json is not None
    assert late.json["champs"] == {"C1": "4", "opinion": "Ici."}
    assert late.json["version"] == stored(world.sheets[0]).version
    assert stored(world.sheets[0]).opinion == "Ici."


def test_time_left_is_told_from_ones_own_pace_or_not_at_all(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    assert "à votre rythme" not in client.get("/evaluations").text
    with transaction() as session:
        now = clock.now()
        for n in range(4):
            file = builders.an_application(session, call=world.call, state=State.IN_REVIEW)
            builders.an_interest(session, application=file, account=world.reader)
            given_at = now - timedelta(minutes=25 * n)
            builders.a_review(session, application=file, reviewer=world.reader, halves=6, given_at=given_at)
    page = plain(client.get("/evaluations").text)
    assert "à votre rythme, reste environ 1 h 20" in page or "à votre rythme, reste environ 1 h 10" in page
    assert "médiane de vos 3 dernières lectures suivies : 25 min par dossier" in page


# ── Who reads whose ──


def test_rv_01_the_others_reviews_stand_on_the_page_without_a_name_once_the_call_opens_them(
    world: World, sign_in: SignIn
) -> None:
    with transaction() as session:
        row = session.get_one(Review, world.theirs[0].id)
        row.state, row.given_at = ReviewState.GIVEN, clock.now()
        row.opinion, row.private_note = "Vu autrement.", "Un secret."
        for criterion in session.get_one(Call, world.call.id).criteria:
            session.add(Mark(review_id=row.id, criterion_id=criterion.id, half_points=9, comment="Sans réserve."))
    client = sign_in(world.reader)
    theirs = f"/evaluations/{world.theirs[0].public_id}"
    for how, seen in (("never", False), ("after_own", False), ("always", True)):
        world.opens(how)
        page = plain(client.get(world.address).text)
        assert ("Vu autrement." in page) is seen
        assert ("Sans réserve." in page) is seen
        assert world.other.name not in page
        assert "Un secret." not in page
        assert client.get(theirs).status_code == 404
        assert client.get(f"{theirs}/versions").status_code == 404
    world.opens("after_own")
    assert client.post(world.address, data={**GIVES, "opinion": "x"}).status_code == 422, (
        "RV-02: a letter opens nothing"
    )
    assert client.post(world.address, data=GIVES).status_code == 303
    assert "Vu autrement." in plain(client.get(world.address).text)
    refused = client.post(world.address, data={**GIVES, "opinion": "Je change."})
    assert refused.status_code == 409, "RV-02: what is given is not edited"
    service.return_review(actor=acting(world.manager), review=world.sheets[0].public_id, reason="Relisez C4.")
    page = plain(client.get(world.address).text)
    assert "Vu autrement." not in page, "RV-02: hidden again"
    assert "Relisez C4." in page


def test_rv_02_both_versions_are_read_by_the_author_and_by_the_manager(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    client.post(world.address, data=GIVES)
    service.return_review(actor=acting(world.manager), review=world.sheets[0].public_id, reason="Relisez C4.")
    client.post(world.address, data={**GIVES, "C4": "2", "opinion": "Relu.", "private_note": "Un secret."})
    assert how_many(GivenReview) == 2
    for person in (world.reader, world.manager):
        page = plain(sign_in(person).get(f"{world.address}/versions").text)
        assert "Version 2, rendue le" in page
        assert "Version 1, rendue le" in page
        assert "Un projet solide." in page
        assert "Relu." in page
        assert "Un secret." not in page
    assert sign_in(world.other).get(f"{world.address}/versions").status_code == 404


# ── What rests, what was taken back, what was sent twice ──


def test_rv_10_after_the_closing_the_old_form_is_told_when_and_by_whom(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    with transaction() as session:
        meeting = builders.a_meeting(
            session, call=world.call, secretary=world.manager, state=MeetingState.OPEN, opened_at=clock.now()
        )
        for file in session.scalars(select(Application).where(Application.call_id == world.call.id)):
            file.state = State.DECIDED
    selection.close_meeting(actor=acting(world.manager), meeting=meeting.public_id)
    for how, sheet in (("post", GIVES), ("put", SHEET)):
        answer = getattr(client, how)(world.address, data=sheet)
        said = plain(answer.text if how == "post" else " ".join(answer.json["raisons"]))
        assert answer.status_code == 409
        assert re.search(rf"close le .+ par {re.escape(world.manager.name)}", said)
    assert stored(world.sheets[0]).state == ReviewState.ASSIGNED


def test_rv_12_a_file_taken_back_while_typing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    client.put(world.address, data={**SHEET, "private_note": "Pour moi seul."})
    service.unassign(actor=acting(world.manager), review=world.sheets[0].public_id)
    typed = {**GIVES, "opinion": "Tapé depuis."}
    refused = client.post(world.address, data=typed)
    assert refused.status_code == 409
    assert "Tapé depuis." in refused.text, "offered for copying"
    assert client.put(world.address, data=typed).status_code == 409
    desk = sign_in(world.manager)
    assert f"{world.address}/versions" in desk.get(f"/gestion/appels/{world.call.slug}/affectations").text
    page = desk.get(f"{world.address}/versions")
    assert page.status_code == 200
    assert "Un projet solide." in page.text
    assert "Pour moi seul." not in page.text
    assert client.get(f"{world.address}/versions").status_code == 404


def test_rv_14_the_same_form_sent_twice_gives_one_review(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    form = {**GIVES, "request_id": "deux-clics", "version": str(world.sheets[0].version)}
    first, second = client.post(world.address, data=form), client.post(world.address, data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert client.post(world.address, data={**form, "request_id": "autre"}).status_code == 409
    assert how_many(GivenReview) == 1
    with reading() as session:
        own = select(func.count()).where(
            Review.application_id == world.files[0].id, Review.reviewer_id == world.reader.id
        )
        assert session.scalar(own) == 1


def test_rv_15_a_member_of_the_applicant_sits_without_that_file_and_without_its_rank(
    world: World, sign_in: SignIn
) -> None:
    with transaction() as session:
        for sheet in (*world.sheets, *world.theirs):
            row = session.get_one(Review, sheet.id)
            row.state, row.given_at = ReviewState.GIVEN, clock.now()
            for criterion in session.get_one(Call, world.call.id).criteria:
                session.add(Mark(review_id=row.id, criterion_id=criterion.id, half_points=7))
        holder = world.files[0].organisation_id
        builders.an_appointment(session, world.reader, Role.APPLICANT_MEMBER, organisation_id=holder)
        for file in session.scalars(select(Application).where(Application.call_id == world.call.id)):
            file.state = State.IN_DELIBERATION
        meeting = builders.a_meeting(
            session,
            call=world.call,
            secretary=world.manager,
            present=(world.reader, world.other),
            state=MeetingState.OPEN,
            opened_at=clock.now(),
        )
    mine = plain(sign_in(world.reader).get(f"/seances/{meeting.public_id}").text)
    theirs = plain(sign_in(world.other).get(f"/seances/{meeting.public_id}").text)
    assert world.files[0].title in theirs
    assert world.files[0].title not in mine
    assert world.files[0].public_id not in mine
    assert world.files[1].title in mine
    hidden = sign_in(world.reader).get(f"/seances/{meeting.public_id}?dossier={world.files[0].public_id}")
    assert hidden.status_code == 404
    ranks = re.findall(r'data-rank="(\d+)"', mine)
    assert ranks == [] or max(map(int, ranks)) <= 2
    assert how_many(Meeting) == 1


def test_rv_06_the_page_lets_no_image_and_no_script_of_elsewhere_in(world: World, sign_in: SignIn) -> None:
    hostile = "<img src=https://evil.invalid/x.png onerror=alert(1)>"
    with transaction() as session:
        session.get_one(Application, world.files[0].id).answers = {"summary": hostile, "title": "Projet 0"}
    answer = sign_in(world.reader).get(world.address)
    assert "<img" not in answer.text
    assert "&lt;img src=https://evil.invalid/x.png" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"img-src 'self'(;|\s+data:)", policy)
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
