"""The pages of the committee and of those who prepare its work: who sees what, what is refused, what is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from grants import clock
from grants.db import engine, reading, transaction
from grants.models import Account, Application, Call, Decision, Meeting, Review
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import decision, selection
from grants.workflow.application import ApplicationState as State
from grants.workflow.decision import DecisionState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")


@dataclass
class World:
    """A call before its committee: three files read by two members each, the third file closed to one member."""

    call: Call
    manager: Account
    auditor: Account
    chair: Account
    reader: Account
    other: Account
    files: list[Application]
    reviews: list[Review]


@pytest.fixture
def world() -> World:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(
            session,
            opens_at=now - timedelta(days=60),
            closes_at=now - timedelta(days=30),
            reviews_open_at=now - timedelta(days=20),
            reviews_close_at=now + timedelta(days=5),
            reviews_required=1,
            quorum=1,
            envelope_cents=2_000_000,
        )
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        auditor = builders.an_account(session, role=Role.AUDITOR)
        chair, reader, other = (
            builders.an_account(session, role=role, call_id=call.id)
            for role in (Role.CHAIR, Role.REVIEWER, Role.REVIEWER)
        )
        files = [
            builders.an_application(
                session,
                call=call,
                state=State.IN_REVIEW,
                title=f"Le projet {name}",
                answers={"summary": f"Résumé {name}"},
            )
            for name in ("Alpha", "Bravo", "Charlie")
        ]
        for file in files:
            builders.an_interest(session, application=file, account=other)
            builders.an_interest(session, application=file, account=chair)
        for file in files[:2]:
            builders.an_interest(session, application=file, account=reader)
        builders.an_interest(session, application=files[2], account=reader, stand="conflict")
        reviews = [
            builders.a_review(session, application=file, reviewer=other, halves=8 - n) for n, file in enumerate(files)
        ]
        reviews.append(builders.a_review(session, application=files[0], reviewer=reader))
    return World(call, manager, auditor, chair, reader, other, files, reviews)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#39;", "’")


def words(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:2000]
    return plain(answer.text)


def one(model: type, row: int):  # type: ignore[no-untyped-def]
    with reading() as session:
        return session.get_one(model, row)


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def opened(world: World) -> Meeting:
    """The sitting, with everybody there."""
    with reading() as session:
        actor = actor_for(session, world.manager.id)
    with transaction() as session:
        session.get_one(Review, world.reviews[3].id).state = ReviewState.UNASSIGNED
    meeting = selection.convene(actor=actor, call=world.call.public_id, held_at=clock.now())
    everybody = [person.public_id for person in (world.chair, world.reader, world.other)]
    selection.record_attendance(actor=actor, meeting=meeting.public_id, accounts=everybody)
    return selection.open_meeting(actor=actor, meeting=meeting.public_id)


# screening
def test_the_list_of_files_is_filtered_in_the_address(world: World, sign_in: SignIn) -> None:
    manager = sign_in(world.manager)
    page = words(manager, "/gestion/candidatures")
    assert "3 dossiers" in page
    assert "Le projet Bravo" not in words(manager, f"/gestion/candidatures?appel={world.call.slug}&q=alpha&tri=montant")
    assert "Rien ici avec ces filtres" in words(manager, "/gestion/candidatures?etat=returned")
    assert words(manager, "/gestion/candidatures?page=99&tri=nonsense&appel=%25")
    for person in (world.reader, world.chair):
        words(sign_in(person), "/gestion/candidatures", 404)


def test_a_list_costs_the_same_whatever_its_length(world: World, sign_in: SignIn) -> None:
    manager = sign_in(world.manager)
    manager.get("/gestion/candidatures")
    with counted() as few:
        manager.get("/gestion/candidatures")
    with transaction() as session:
        for _ in range(60):
            builders.an_application(session, call=world.call)
    with counted() as many:
        page = words(manager, "/gestion/candidatures")
    assert len(few) <= 5
    assert len(many) <= 5  # one more than a single page: how many there are
    assert "Page 1 sur 2" in page


def test_a_file_is_judged_rule_by_rule_and_a_refusal_keeps_the_words(world: World, sign_in: SignIn) -> None:
    with transaction() as session:
        file = builders.an_application(session, call=world.call, title="À juger")
    manager, address = sign_in(world.manager), f"/gestion/candidatures/{file.public_id}"
    assert "règles à vérifier" in words(manager, address)
    assert manager.post(f"{address}/eligible").status_code == 409
    assert manager.post(f"{address}/verifications").status_code == 303
    refused = manager.post(f"{address}/verifications/complete", data={"outcome": "pass", "comment": ""})
    assert refused.status_code == 422
    assert "Expliquez pourquoi votre avis diffère" in plain(refused.text)
    assert (
        manager.post(f"{address}/verifications/complete", data={"outcome": "pass", "comment": "Vu."}).status_code == 303
    )
    late = manager.post(
        f"{address}/retour", data={"sections": "budget", "due_on": "32/13/2027", "reason": "Le budget."}
    )
    assert late.status_code == 422
    assert "Le budget." in late.text
    assert "Ce qui va se passer" in words(manager, f"{address}/sortie/irrecevable")
    words(manager, f"{address}/sortie/autre", 404)
    due = (clock.now() + timedelta(days=5)).date()
    sent = manager.post(
        f"{address}/retour",
        data={"sections": ["budget"], "due_on": f"{due:%d/%m/%Y}", "due_time": "18 h", "reason": "Le budget."},
    )
    assert sent.status_code == 303
    assert one(Application, file.id).state == State.RETURNED
    assert sign_in(world.auditor).get(address).status_code == 200
    assert sign_in(world.auditor).post(f"{address}/verifications").status_code == 403


# interests and reviews
def test_before_the_declaration_only_the_bare_line_is_told(world: World, sign_in: SignIn) -> None:
    with transaction() as session:
        file = builders.an_application(
            session, call=world.call, state=State.ELIGIBLE, title="Tout neuf", answers={"summary": "Le contenu caché"}
        )
        review = builders.a_review(session, application=file, reviewer=world.reader)
    reader = sign_in(world.reader)
    page = words(reader, f"/evaluations/interets?appel={world.call.slug}")
    assert "Tout neuf" in page
    assert "Le contenu caché" not in page
    assert reader.get(f"/evaluations/{review.public_id}").status_code == 303
    words(reader, f"/evaluations/dossiers/{file.public_id}", 404)
    sent = reader.post(f"/evaluations/interets?appel={world.call.slug}", data={f"lien-{file.public_id}": "free"})
    assert sent.status_code == 303
    assert "Le contenu caché" in words(reader, f"/evaluations/{review.public_id}")
    reader.post(f"/evaluations/interets?appel={world.call.slug}", data={f"lien-{file.public_id}": "conflict"})
    words(reader, f"/evaluations/{review.public_id}", 404)
    assert "Tout neuf" not in words(reader, "/evaluations")


def test_a_review_is_kept_as_a_draft_then_given(world: World, sign_in: SignIn) -> None:
    reader, address = sign_in(world.reader), f"/evaluations/{world.reviews[3].public_id}"
    assert "sur 1<" in words(reader, address)
    draft = reader.post(address, data={"C1": "3.5", "comment_C1": "À voir.", "suite": "plus-tard"})
    assert draft.status_code == 303
    missing = reader.post(address, data={"C1": "4.5", "opinion": "Un bel avis.", "suite": "valider"})
    assert missing.status_code == 422
    assert "Un bel avis." in missing.text
    assert "demande une phrase" in plain(missing.text)
    given = reader.post(address, data={**dict.fromkeys(KEYS, "3,5"), "suite": "valider"})
    assert given.status_code == 303
    assert one(Review, world.reviews[3].id).state == ReviewState.GIVEN
    again = reader.post(address, data={**dict.fromkeys(KEYS, "4"), "opinion": "Après coup.", "suite": "valider"})
    assert again.status_code == 409
    assert "Après coup." in again.text


@pytest.mark.parametrize("wild", ["-0.5", "5.5", "6", "4.25", "NaN", "Infinity", "５", "1e400", "quatre"])
def test_a_wild_mark_is_refused_as_a_value(world: World, sign_in: SignIn, wild: str) -> None:
    answer = sign_in(world.reader).post(
        f"/evaluations/{world.reviews[3].public_id}", data={"C1": wild, "opinion": "Gardé.", "suite": "plus-tard"}
    )
    assert answer.status_code == 422
    assert "Gardé." in answer.text


def test_a_stale_sheet_is_refused_and_keeps_its_text(world: World, sign_in: SignIn) -> None:
    reader, address = sign_in(world.reader), f"/evaluations/{world.reviews[3].public_id}"
    assert reader.post(address, data={"C1": "3", "version": "1", "suite": "plus-tard"}).status_code == 303
    stale = reader.post(address, data={"C1": "4", "version": "1", "opinion": "Deuxième onglet.", "suite": "plus-tard"})
    assert stale.status_code == 409
    assert "Deuxième onglet." in stale.text


def test_nobody_reads_the_review_of_another(world: World, sign_in: SignIn) -> None:
    theirs = f"/evaluations/{world.reviews[0].public_id}"
    for person in (world.reader, world.chair, world.manager, world.auditor):
        words(sign_in(person), theirs, 404)
        assert sign_in(person).post(theirs, data={"C1": "1", "suite": "plus-tard"}).status_code == 404


def test_the_matrix_closes_the_cells_of_conflicts_and_names_them(world: World, sign_in: SignIn) -> None:
    manager, address = sign_in(world.manager), f"/gestion/appels/{world.call.slug}/affectations"
    assert "fermé : lien d’intérêt" in words(manager, address)
    file = world.files[2].public_id
    refused = manager.post(address, data={"dossier": file, "lecture": [f"{file}:{world.reader.public_id}"]})
    assert refused.status_code == 409
    assert world.reader.name in refused.text
    added = manager.post(
        address,
        data={"dossier": file, "lecture": [f"{file}:{world.chair.public_id}", f"{file}:{world.other.public_id}"]},
    )
    assert added.status_code == 303
    assert sign_in(world.auditor).post(address, data={"dossier": file}).status_code == 403
    words(sign_in(world.reader), address, 403)


# ranking and sitting
def test_who_reads_the_ranking_and_when(world: World, sign_in: SignIn) -> None:
    address = f"/classement/{world.call.slug}"
    assert "Le projet Charlie" in words(sign_in(world.manager), address)
    assert "Le projet Charlie" in words(sign_in(world.auditor), address)
    for person in (world.chair, world.other):
        words(sign_in(person), address, 403)
    opened(world)
    for person in (world.chair, world.other):
        assert "3 dossiers" in words(sign_in(person), address)


def test_a_recused_member_meets_neither_the_file_nor_its_figures(world: World, sign_in: SignIn) -> None:
    meeting = opened(world)
    with reading() as session:
        actor = actor_for(session, world.manager.id)
    for file in world.files[:2]:
        decision.propose(
            actor=actor, application=file.public_id, outcome="awarded", awarded_cents=100_000, motive="Bien."
        )
    decision.propose(
        actor=actor, application=world.files[2].public_id, outcome="awarded", awarded_cents=777_700, motive="Charlie !"
    )
    reader = sign_in(world.reader)
    hidden = world.files[2].public_id
    for address in (
        f"/classement/{world.call.slug}",
        f"/seances/{meeting.public_id}",
        f"/seances/{meeting.public_id}/proces-verbal",
    ):
        page = words(reader, address)
        assert "Charlie" not in page
        assert "7 777" not in page
        assert "Bravo" in page
    page = words(reader, f"/classement/{world.call.slug}")
    assert "2 dossiers" in page
    assert "2 / 2" in page
    words(reader, f"/seances/{meeting.public_id}?dossier={hidden}", 404)
    words(reader, f"/evaluations/dossiers/{hidden}", 404)
    assert "Charlie" in words(sign_in(world.other), f"/seances/{meeting.public_id}")


def test_a_sitting_is_held_on_one_page(world: World, sign_in: SignIn) -> None:
    manager = sign_in(world.manager)
    convened = manager.post(
        f"/gestion/appels/{world.call.slug}/seances",
        data={"held_on": "12/12/2026", "held_time": "9h30", "place": "Lille"},
    )
    address = convened.headers["Location"]
    assert "Convoquée" in words(manager, address)
    refused = manager.post(f"{address}/ouverture")
    assert refused.status_code == 409
    assert "Le quorum n’est pas atteint" in plain(refused.text)
    manager.post(f"{address}/presence", data={"present": [world.chair.public_id, world.other.public_id]})
    assert manager.post(f"{address}/ouverture").status_code == 303
    first = world.files[0].public_id
    wrong = manager.post(
        f"{address}/dossiers/{first}/decision",
        data={"outcome": "awarded", "awarded_cents": "12,5.0", "motive": "Un motif gardé."},
    )
    assert wrong.status_code == 422
    assert "Un motif gardé." in wrong.text
    beyond = manager.post(
        f"{address}/dossiers/{first}/decision",
        data={"outcome": "awarded", "awarded_cents": "25 000", "motive": "Un motif gardé."},
    )
    assert beyond.status_code == 409
    assert "Le montant dépasse la demande" in plain(beyond.text)
    done = manager.post(
        f"{address}/dossiers/{first}/decision",
        data={"outcome": "awarded", "awarded_cents": "9 000", "motive": "Un motif."},
    )
    assert done.status_code == 303
    second = sign_in(world.chair).post(
        f"{address}/dossiers/{first}/decision", data={"outcome": "rejected", "motive": "Mon texte à moi."}
    )
    assert second.status_code == 409
    assert "Mon texte à moi." in second.text
    assert world.manager.name in second.text
    assert manager.post(f"{address}/cloture").status_code == 409
    with reading() as session:
        made = session.scalars(select(Decision)).one()
    assert manager.post(f"{address}/decisions/{made.public_id}/annulation").status_code == 303
    assert sign_in(world.reader).post(f"{address}/ouverture").status_code == 403


def test_nobody_sits_in_another_committee(world: World, sign_in: SignIn) -> None:
    meeting = opened(world)
    with transaction() as session:
        call = builders.a_call(session)
        stranger = builders.an_account(session, role=Role.CHAIR, call_id=call.id)
        foreign = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
    for person in (stranger, foreign):
        words(sign_in(person), f"/seances/{meeting.public_id}", 404)
    words(sign_in(foreign), f"/gestion/candidatures/{world.files[0].public_id}", 404)


# decisions
def test_decisions_are_approved_then_released_once(world: World, sign_in: SignIn) -> None:  # noqa: PLR0915
    meeting = opened(world)
    with reading() as session:
        actor = actor_for(session, world.manager.id)
    for file in world.files:
        decision.propose(
            actor=actor,
            application=file.public_id,
            outcome="rejected",
            motive="Sous le seuil.",
            reason_code="below_threshold",
        )
    selection.close_meeting(actor=actor, meeting=meeting.public_id)
    manager, address = sign_in(world.manager), f"/gestion/decisions?appel={world.call.slug}"
    assert "3 décisions sont proposées" in words(manager, address)
    with reading() as session:
        ids = list(session.scalars(select(Decision.public_id)))
    approval = f"/gestion/decisions/approbation?appel={world.call.slug}"
    empty = manager.post(approval, data={"decision": ids, "board_on": "", "board_reference": "CA-12"})
    assert empty.status_code == 409
    assert "CA-12" in empty.text
    assert manager.post(approval, data={"decision": ids, "board_on": "hier", "board_reference": "C"}).status_code == 422
    done = manager.post(approval, data={"decision": ids, "board_on": "18/12/2025", "board_reference": "CA-12"})
    assert done.status_code == 303
    departure = f"/gestion/decisions/notification?appel={world.call.slug}"
    page = words(manager, departure)
    assert "Non retenu : 3" in page
    assert "Lire l’aperçu" in page
    foreign = manager.post(departure, data={"decision": [*ids, "inconnue"]})
    assert foreign.status_code == 404
    assert one(Decision, 1).state == DecisionState.APPROVED
    for _ in range(2):
        assert manager.post(departure, data={"decision": ids}).status_code == 303
    assert one(Decision, 1).board_on == date(2025, 12, 18)
    assert "Notifiée" in words(manager, address)
    assert "Rien à notifier" in words(manager, departure)
    assert sign_in(world.chair).get(address).status_code == 404
    retreat = f"/gestion/decisions/{ids[0]}/retrait"
    assert manager.post(retreat, data={"motive": ""}).status_code == 409
    assert manager.post(retreat, data={"motive": "Erreur de lettre."}).status_code == 303


# the day and the overview
def test_the_day_and_the_overview(world: World, sign_in: SignIn) -> None:
    manager = sign_in(world.manager)
    assert "1 évaluation attendue" in words(manager, "/gestion")
    page = words(manager, f"/gestion/appels/{world.call.slug}")
    assert "Convoquer le comité" in page
    refused = manager.post(f"/gestion/appels/{world.call.slug}/cloture")
    assert refused.status_code == 409
    assert "Il reste 3 dossiers sans décision" in plain(refused.text)
    words(sign_in(world.reader), "/gestion", 404)
    words(sign_in(world.reader), f"/gestion/appels/{world.call.slug}", 403)
