"""What applicants are told beside the motive: composed from levels and chosen sentences, guarded, and part of the letter."""

import email
import io
import re
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    AuditEntry,
    Criterion,
    Decision,
    Departure,
    Document,
    Feedback,
    Mark,
    Review,
)
from grants.policies import Role
from grants.queries import feedback as queries
from grants.queries.account import actor_for
from grants.services import decision as deciding
from grants.services import feedback, keeper, relay
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from tests import builders, letters
from tests.services.test_analysis import acting

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
ANCHORS = ["Absent.", "Faible.", "Passable.", "Correct.", "Solide.", "Exemplaire."]
SAID = ("Le calendrier est bien tenu. Les partenaires décident ensemble.", "Le suivi manque de moyens. Un beau projet.")
NOTE = "Je les connais trop bien pour être dur avec eux cette fois."
TEXT = "Votre calendrier est bien tenu, et vos partenaires décident avec vous. Le suivi gagnerait à être mieux doté."


class Board:
    """Two rejected files read by two members, approved by the board, whose letters have not left."""

    def __init__(self) -> None:
        with transaction() as session:
            self.call = builders.a_call(
                session, threshold=0, title="Appel Alliances", contact="appel@reseau-demo.invalid"
            )
            session.execute(update(Criterion).where(Criterion.call_id == self.call.id).values(anchors=ANCHORS))
            programme = {"programme_id": self.call.programme_id}
            self.manager = builders.an_account(session, role=Role.MANAGER, name="Paule Gestion", **programme)
            self.second = builders.an_account(session, role=Role.MANAGER, name="Serge Autrement", **programme)
            self.members = [
                builders.an_account(session, name=name, role=Role.REVIEWER, call_id=self.call.id)
                for name in ("Jeanne Marchand", "Karim Ben Youssef")
            ]
            self.files = [self._file(session, number) for number in range(2)]
            self.decisions = [self._decided(session, file) for file in self.files]

    def _file(self, session: Session, number: int) -> Application:
        body = builders.an_organisation(session, name=f"Collectif Horizon{number}uvert")
        file = builders.an_application(
            session,
            call=self.call,
            organisation_id=body.id,
            number=f"2027-01{number}",
            title=f"Rives et ponts {'un' if number else 'deux'}",
            state=ApplicationState.IN_DELIBERATION,
        )
        for rank, member in enumerate(self.members):
            builders.an_interest(session, application=file, account=member)
            review = builders.a_review(session, application=file, reviewer=member, halves=7 + rank, private_note=NOTE)
            session.execute(update(Mark).where(Mark.review_id == review.id).values(comment=SAID[rank]))
        return file

    def _decided(self, session: Session, file: Application) -> Decision:
        row = Decision(
            application_id=file.id,
            outcome=Outcome.REJECTED,
            reason_code="envelope_exhausted",
            motive="Les moyens ont manqué.",
            state=DecisionState.APPROVED,
            proposed_by_id=self.manager.id,
            proposed_at=clock.now(),
            board_on=clock.now().date(),
            board_reference="CA-1",
        )
        session.add(row)
        session.flush()
        return row

    def write(self, text: str = TEXT, *, by: Account | None = None, of: int = 0, **more: Any) -> Feedback:
        actor = acting(by or self.manager)
        return feedback.write(actor=actor, decision=self.decisions[of].public_id, text=text, **more)

    def material(self, of: int = 0) -> queries.Material:
        with reading() as session:
            return queries.material(session, session.get_one(Decision, self.decisions[of].id))

    def standing(self, of: int = 0) -> str:
        with reading() as session:
            row = queries.standing(session, session.get_one(Decision, self.decisions[of].id))
            return row.text if row else ""


@pytest.fixture
def board() -> Board:
    return Board()


def refused(error: pytest.ExceptionInfo[Invalid]) -> str:
    return error.value.problems["text"].code


def test_a_feedback_is_part_of_the_decision_and_every_version_of_it_stays(board: Board) -> None:
    first = board.write()
    second = board.write(f"{TEXT} Merci.", seen=first.public_id)
    assert board.standing() == f"{TEXT} Merci."
    board.write("", seen=second.public_id)
    assert board.standing() == ""
    with reading() as session:
        assert [row.text for row in session.scalars(select(Feedback).order_by(Feedback.id))] == [
            TEXT,
            f"{TEXT} Merci.",
            "",
        ]
        trail = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "decision.write-feedback")))
    assert [entry.body["feedback"] for entry in trail][:2] == [first.public_id, second.public_id]
    assert trail[0].object == f"decision:{board.decisions[0].public_id}"
    assert TEXT not in str([entry.body for entry in trail])


def test_levels_are_those_of_the_median_and_sentences_those_of_the_given_reviews(board: Board) -> None:
    with transaction() as session:
        builders.a_review(
            session,
            application=board.files[0],
            reviewer=builders.an_account(session, name="Autre"),
            state="draft",
            opinion="Pas encore rendu.",
        )
    found = board.material()
    assert {(one.key, one.reached, one.words) for one in found.levels} == {
        (f"C{n}", 3, "Correct.") for n in range(1, 8)
    }
    assert [name for name, _some in found.passages] == [f"Critère {n}" for n in range(1, 8)]
    words = {one.words for _name, some in found.passages for one in some}
    assert words == {
        "Le calendrier est bien tenu.",
        "Les partenaires décident ensemble.",
        "Le suivi manque de moyens.",
        "Un beau projet.",
    }
    chosen = [found.passages[0][1][0].code]
    assert found.words([*chosen, "C2", "autre:C1:0"]) == ["Critère 2 : Correct.", found.passages[0][1][0].words]


@pytest.mark.parametrize(
    "text",
    [
        "Jeanne Marchand a aimé votre projet.",
        "Selon M. Ben Youssef, le suivi est faible.",
        "Paule Gestion vous répondra.",
        "Votre dossier est proche du dossier 2027-011.",
        "Le Collectif Horizon1uvert fait mieux.",
        "Voyez « Rives et ponts un ».",
        "Nous les connaissons trop : je les connais trop bien pour être dur.",
        "Le suivi manque de moyens. Un beau projet.",
        "Écrivez à jeanne@exemple.invalid.",
    ],
)
def test_what_must_stay_inside_is_refused_and_confirming_does_not_help(board: Board, text: str) -> None:
    with pytest.raises(Invalid) as error:
        board.write(text, confirmed=["person:jeannemarchand", "inside:x", "number:2027011"])
    assert refused(error) == "feedback_mend"
    assert board.standing() == ""


def test_a_sentence_that_was_chosen_may_leave_and_the_others_of_the_same_review_may_not(board: Board) -> None:
    codes = [
        one.code
        for _name, some in board.material().passages
        for one in some
        if one.words == "Le suivi manque de moyens."
    ]
    others = [one.code for _name, some in board.material().passages for one in some if one.words == "Un beau projet."]
    text = "Le suivi manque de moyens. Un beau projet."
    with pytest.raises(Invalid):
        board.write(text, chosen=codes)
    kept = board.write(text, chosen=[*codes, *others, "inconnue:C1:0"])
    assert set(kept.chosen) == {*codes, *others}


def test_a_mark_of_somebody_is_confirmed_by_the_author_and_the_trail_tells_which_kind(board: Board) -> None:
    text = "Un lecteur a mis 2/5 au calendrier."
    with pytest.raises(Invalid) as error:
        board.write(text)
    assert refused(error) == "feedback_confirm"
    kept = board.write(text, confirmed=["mark:25", "reader:unlecteur"])
    assert kept.confirmed == ["mark:25", "reader:unlecteur"]
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision.write-feedback")).one()
    assert entry.body["confirmed"] == ["mark", "reader"]


def test_only_a_manager_of_the_programme_without_a_conflict_writes_it(board: Board) -> None:
    with transaction() as session:
        chair = builders.an_account(session, role=Role.CHAIR, call_id=board.call.id)
        builders.an_interest(session, application=board.files[0], account=chair)
        builders.an_interest(session, application=board.files[0], account=board.second, stand="conflict")
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
    for account in (chair, board.second, stranger, *board.members):
        with pytest.raises((NotAllowed, NotFound)):
            board.write(by=account)


def test_two_managers_do_not_write_over_each_other(board: Board) -> None:
    board.write()
    with pytest.raises(Conflict):
        board.write("Autre chose.", by=board.second)
    assert board.standing() == TEXT


def test_once_the_letter_left_or_its_departure_is_planned_nothing_changes(board: Board) -> None:
    first = board.write()
    deciding.release(actor=acting(board.manager), decisions=[board.decisions[0].public_id])
    with transaction() as session:
        row = session.get_one(Decision, board.decisions[1].id)
        departure = Departure(
            call_id=board.call.id,
            leaves_at=clock.now() + timedelta(days=1),
            planned_by_id=board.manager.id,
            planned_at=clock.now(),
        )
        session.add(departure)
        session.flush()
        row.departure_id = departure.id
    for of, seen in ((0, first.public_id), (1, "")):
        with pytest.raises(NotPossible) as error:
            board.write("Autre chose.", of=of, seen=seen)
        assert [reason.code for reason in error.value.reasons] == ["feedback_before_release"]


def test_a_text_that_is_too_long_is_refused(board: Board) -> None:
    with pytest.raises(Invalid) as error:
        board.write("mot " * 2000)
    assert refused(error) == "too_long"


def test_a_sentence_that_several_wrote_is_offered_once(board: Board) -> None:
    with transaction() as session:
        session.execute(update(Mark).values(comment="Un beau projet."))
    assert [[one.words for one in some] for _name, some in board.material().passages] == [["Un beau projet."]] * 7
    text, codes = "Un beau projet.", [board.material().passages[0][1][0].code]
    assert board.write(text, chosen=codes).chosen == codes


def test_it_is_known_which_decisions_still_lack_a_feedback(board: Board) -> None:
    def progress(of: int) -> queries.Progress:
        with reading() as session:
            row = session.get_one(Decision, board.decisions[of].id)
            return queries.progress(session, actor_for(session, board.manager.id), row)

    first, second = (row.public_id for row in board.decisions)
    assert (progress(0), progress(1)) == (queries.Progress(0, 2, second), queries.Progress(0, 2, first))
    board.write()
    assert (progress(0), progress(1)) == (queries.Progress(1, 2, second), queries.Progress(1, 2, ""))
    deciding.release(actor=acting(board.manager), decisions=[first])
    assert progress(1) == queries.Progress(0, 1, "")


def told(board: Board, tmp_path: Path) -> tuple[list[PdfReader], list[str], list[bytes]]:
    """The letters of both files and the mails around them, as they left."""
    for of in range(2):
        board.write(of=of)
    deciding.release(actor=acting(board.manager), decisions=[row.public_id for row in board.decisions])
    doors = letters.doors(tmp_path)
    assert relay.keep_all_due(keeper.handlers(doors)) > 0
    with reading() as session:
        found = list(session.scalars(select(Document).where(Document.kind == "decision-letter").order_by(Document.id)))
    raw = [Store(tmp_path / "blobs").read(one.sha256) for one in found]
    mails = [path.read_bytes() for path in sorted((tmp_path / "mailbox").rglob("*.eml"))]
    assert (len(raw), len(mails)) == (2, 2)
    return [PdfReader(io.BytesIO(one)) for one in raw], [one.filename for one in found], mails


def test_rv_07_nothing_that_applicants_receive_tells_who_read_their_file(board: Board, tmp_path: Path) -> None:
    """Text and metadata of the letter, headers and text of the mail, addresses, names of files, times, own trail."""
    pdfs, names, mails = told(board, tmp_path)
    with reading() as session:
        reviews = list(session.scalars(select(Review)))
        hidden = {
            word for member in board.members for word in (*member.name.split()[-1:], member.email, member.public_id)
        }
        hidden |= {review.public_id for review in reviews} | {NOTE, *SAID}
        own = session.scalars(select(AuditEntry).where(AuditEntry.actor.in_([m.public_id for m in board.members])))
        assert list(own) == []
    for pdf, name in zip(pdfs, names, strict=True):
        pages = re.sub(r"\s+", " ", "".join(page.extract_text() for page in pdf.pages))
        assert "bien tenu, et vos partenaires décident avec vous" in pages
        written = pdf.xmp_metadata.stream.get_data().decode() if pdf.xmp_metadata is not None else ""
        everything = " ".join([pages, str(dict(pdf.metadata or {})), written, name])
        links = [str(note.get_object()) for page in pdf.pages for note in page.get("/Annots", [])]
        assert [word for word in hidden if word in everything + " ".join(links)] == []
    for raw in mails:
        mail = email.message_from_bytes(raw, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        said = " ".join([*(f"{key}: {value}" for key, value in mail.items()), body.get_content()])
        assert [word for word in hidden if word in said] == []
        files = [part.get_filename() for part in mail.iter_attachments()]
        assert all(name and not [word for word in hidden if word in name] for name in files)


def test_rv_07_the_order_of_the_sentences_is_of_one_file_and_one_criterion_and_stays(board: Board) -> None:
    """Who is first on one criterion is not on another, nor in another file: the order tells nobody apart."""
    orders = []
    for of in range(2):
        found = board.material(of)
        assert found == board.material(of)
        orders += [some[0].words == "Le calendrier est bien tenu." for _name, some in found.passages]
    assert len(orders) == 14
    assert 2 <= sum(orders) <= 12


def test_a_letter_written_anew_says_what_the_one_before_said(board: Board) -> None:
    board.write()
    deciding.release(actor=acting(board.manager), decisions=[board.decisions[0].public_id])
    again = deciding.reissue(
        actor=acting(board.manager),
        decision=board.decisions[0].public_id,
        why="L’adresse était fausse.",
        motive="Les moyens ont manqué.",
    )
    with reading() as session:
        found = queries.standing(session, session.get_one(Decision, again.id))
        assert found is not None
        assert found.text == TEXT
        assert queries.writable(session, session.get_one(Decision, again.id))
    board.decisions[0] = again
    kept = board.write("Dit autrement.", seen=found.public_id)
    assert (kept.decision_id, board.standing()) == (again.id, "Dit autrement.")
