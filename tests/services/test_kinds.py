"""The kinds of call, each lived through: by invitation, in two stages, as files come, a prize, with a support operator."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading, transaction
from grants.domain.receipts import fingerprint
from grants.domain.terms import read_terms
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.exchange.call_pack import CallPack, write_pack
from grants.exchange.shipped_packs import shipped
from grants.models import (
    Agreement,
    Application,
    Call,
    Check,
    Criterion,
    Decision,
    Document,
    Envelope,
    Invitee,
    Meeting,
    Posting,
    Promise,
    Report,
    Review,
    Snapshot,
    Tranche,
)
from grants.queries.call import Stage as Standing
from grants.queries.call import spent, stage_of
from grants.queries.consortium import operators_of
from grants.queries.doctor.examination import examine
from grants.queries.doctor.ward import Ward
from grants.queries.invitee import could_be_invited, invitees_of
from grants.queries.programme import funnel
from grants.queries.terms import form_of
from grants.rehearsal import judging, writing
from grants.rehearsal.cast import FINANCE, PARTS
from grants.rehearsal.stage import Stage
from grants.services import (
    application,
    decision,
    document,
    finance,
    lifecycle,
    organisation,
    project,
    review,
    screening,
    selection,
)
from grants.services import call as calls
from grants.services.relay import Task
from grants.workflow.application import ApplicationState
from grants.workflow.call import CallState
from grants.workflow.project import ProjectState
from grants.workflow.tranche import TrancheState

pytestmark = pytest.mark.db

OPENS = datetime(2027, 1, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSES, FULL, READ = OPENS + 30 * DAY, OPENS + 45 * DAY, OPENS + 50 * DAY
IBAN = "FR1420041010050500013M02606"
Change = Callable[[dict[str, Any]], None]


def lived(folder: Path, key: str, change: Change | None = None) -> Stage:
    """A shipped model, dated, brought in as a draft by the programme of an invented network with seven applicants."""
    terms = json.loads(json.dumps(shipped()[key].terms))
    terms["call"] |= {"edition": "2027", "contact": "appels@exemple.invalid"}
    terms["call"] |= {name: at.isoformat() for name, at in {"opens_at": OPENS, "closes_at": CLOSES}.items()}
    if terms["call"]["kind"] == "two_stages":
        terms["call"]["full_closes_at"] = FULL.isoformat()
    terms["envelope"]["total_cents"] = terms["envelope"].get("total_cents") or 10_000_000
    if change:
        change(terms)
    read, faults = read_terms(terms)
    assert not faults
    stage = Stage(read, folder)
    stage.values = {**stage.values, "closes_at": CLOSES}  # from which invented projects count their days
    with clock.frozen(OPENS - 7 * DAY):
        stage.cast.install(read)
        content = write_pack(CallPack("Essai", terms))
        stage.call = calls.bring(actor=stage.manager, programme=stage.cast.programme, content=content).public_id
    return stage


def published(stage: Stage) -> Stage:
    with clock.frozen(OPENS - 7 * DAY):
        calls.publish(actor=stage.manager, call=stage.call)
    return stage


def row(model: Any, **values: Any) -> Any:
    with reading() as session:
        return session.scalars(select(model).filter_by(**values)).one()


def file(stage: Stage, part: str) -> Application:
    found: Application = row(Application, public_id=stage.files[part])
    return found


def refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises(NotPossible) as error:
        act()
    return {reason.code for reason in error.value.reasons}


def healthy(stage: Stage) -> None:
    """Nothing of what the examination looks at is wrong, but for promises that wait for their hour."""
    with reading() as session:
        found = examine(session, Ward(stage.doors.store, clock.now(), lifecycle.sealed_part))
    assert [(one.name, one.problems) for one in found if not one.ok and one.name not in ("I9", "I10")] == []


def rows(model: Any) -> list[Any]:
    with reading() as session:
        return list(session.scalars(select(model)))


def start(stage: Stage, part: str) -> Application:
    return application.start(actor=stage.cast.actor(part), call=stage.call, organisation=stage.cast.organisations[part])


def mails(name: str) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Promise.kind == "mail", Promise.name == name)) or 0


def drawn(session: Session, stage: Stage, kind: str, subject: str) -> str:
    """A document as it is drawn, before it becomes a PDF."""
    task = Task("p", kind, subject, None, {}, "m", CLOSES, "", lambda _sha: None)
    return str(stage.doors.renderer.document(kind, "fr", document.told(session, task, stage.doors)))


# by invitation
def by_invitation(terms: dict[str, Any]) -> None:
    terms["call"]["kind"] = "invited"


def test_only_an_invited_organisation_begins_a_file_and_the_refusal_says_whom_to_write_to(
    database: Engine, tmp_path: Path
) -> None:
    stage = lived(tmp_path, "alliances", by_invitation)
    one, other = stage.cast.organisations["essai-1"], stage.cast.organisations["essai-2"]
    (asked,) = calls.invite_organisations(
        actor=stage.manager, call=stage.call, organisations=[one], reason="Votre travail de 2025."
    )
    assert (mails("call-invitation"), row(Invitee, id=asked.id).told_at) == (0, None), "a draft tells nobody"
    published(stage)
    assert mails("call-invitation") == 1
    assert row(Invitee, id=asked.id).told_at is not None
    with clock.frozen(OPENS + DAY):
        with pytest.raises(NotPossible) as error:
            start(stage, "essai-2")
        (reason,) = error.value.reasons
        assert (reason.code, reason.params["contact"]) == ("organisation_invited", "appels@exemple.invalid")
        assert start(stage, "essai-1").state == ApplicationState.DRAFT
        calls.invite_organisations(actor=stage.manager, call=stage.call, organisations=[one, other])
        assert mails("call-invitation") == 2, "who was invited already is not written to again"
        assert start(stage, "essai-2").state == ApplicationState.DRAFT
    with reading() as session:
        call_id = session.scalar(select(Call.id).where(Call.public_id == stage.call))
        rows = invitees_of(session, call_id or 0)
        assert [(one.live, one.used, one.people) for one in rows] == [(True, True, 1)] * 2
        assert not {one, other} & {found.public_id for found in could_be_invited(session, call_id or 0, "")}
        assert [found.name for found in could_be_invited(session, call_id or 0, "syndicat")] == [
            "Syndicat d’essai n° 3"
        ]


def test_an_invitation_is_taken_back_until_a_file_is_begun(database: Engine, tmp_path: Path) -> None:
    stage = published(lived(tmp_path, "alliances", by_invitation))
    manager, members = stage.manager, stage.cast.organisations
    with clock.frozen(OPENS + DAY):
        used, unused = calls.invite_organisations(
            actor=manager, call=stage.call, organisations=[members["essai-1"], members["essai-2"]]
        )
        start(stage, "essai-1")
        assert refused(lambda: calls.withdraw_invitation(actor=manager, invitee=used.public_id)) == {
            "invitation_not_used"
        }
        calls.withdraw_invitation(actor=manager, invitee=unused.public_id)
        calls.withdraw_invitation(actor=manager, invitee=unused.public_id)  # twice is once
        assert refused(lambda: start(stage, "essai-2")) == {"organisation_invited"}
        (again,) = calls.invite_organisations(actor=manager, call=stage.call, organisations=[members["essai-2"]])
        assert again.public_id != unused.public_id
        start(stage, "essai-2")


def test_who_invites_is_the_programme_and_a_call_open_to_all_invites_nobody(database: Engine, tmp_path: Path) -> None:
    stage = published(lived(tmp_path, "alliances"))
    one = [stage.cast.organisations["essai-1"]]
    with pytest.raises(NotAllowed):
        calls.invite_organisations(actor=stage.cast.actor("essai-1"), call=stage.call, organisations=one)
    with pytest.raises(NotAllowed):
        calls.invite_organisations(actor=stage.cast.actor(FINANCE), call=stage.call, organisations=one)
    with pytest.raises(Invalid):
        calls.invite_organisations(actor=stage.manager, call=stage.call, organisations=[])
    assert refused(lambda: calls.invite_organisations(actor=stage.manager, call=stage.call, organisations=one)) == {
        "by_invitation"
    }


# two stages
def noted(folder: Path) -> Stage:
    """Notes of five organisations, deposited and checked."""
    stage = lived(folder, "changement-d-echelle")
    calls.invite_organisations(
        actor=stage.manager, call=stage.call, organisations=list(stage.cast.organisations.values())
    )
    published(stage)
    writing.write(stage, OPENS, OPENS + DAY)
    with clock.frozen(CLOSES - timedelta(hours=1)):
        writing._deposit(stage, ("complete", "above"))
    with clock.frozen(CLOSES + DAY):
        for part in stage.standing("submitted"):
            screening.run_checks(actor=stage.manager, application=stage.files[part])
    return stage


def test_a_note_asks_for_less_and_is_judged_on_what_it_holds(database: Engine, tmp_path: Path) -> None:
    stage = noted(tmp_path)
    first = file(stage, "essai-1")
    with reading() as session:
        held = session.get_one(Application, first.id)
        sections = [section.key for section in form_of(held).sections]
        rules = set(session.scalars(select(Check.rule).where(Check.application_id == first.id)))
        content = session.scalars(select(Snapshot.content).where(Snapshot.application_id == first.id)).one()
    assert (first.stage, first.state) == ("note", ApplicationState.SUBMITTED)
    assert sections == ["identity", "note", "declarations"]
    assert rules == {"received_before_deadline", "complete", "signed", "invited"}, (
        "no rule about a budget not asked for"
    )
    assert (content["stage"], content["budget"]) == ("note", [])


def test_a_kept_note_becomes_a_full_file_whose_note_rests_and_both_deposits_have_their_proof(  # noqa: PLR0915 -- a life
    database: Engine, tmp_path: Path
) -> None:
    stage = noted(tmp_path)
    with clock.frozen(CLOSES + 2 * DAY):
        screening.keep_note(actor=stage.manager, application=stage.files["essai-1"], words="Précisez le budget.")
    kept, team = file(stage, "essai-1"), stage.cast.actor("essai-1")
    assert (kept.stage, kept.state, kept.deposited) == ("full", ApplicationState.DRAFT, False)
    assert (kept.note_reason, kept.note_submitted_at, kept.number) == (
        "Précisez le budget.",
        kept.submitted_at,
        "2027-001",
    )
    assert mails("note-kept") == 1
    with clock.frozen(CLOSES + 3 * DAY):
        assert refused(
            lambda: application.edit(actor=team, application=kept.public_id, answers={"existing": "Autre chose"})
        ) == {"section_reopened"}
        assert "complete" in refused(lambda: application.submit(actor=team, application=kept.public_id))
        stage.form = stage.terms.form
        writing._fill(stage, next(part for part in PARTS if part.key == "essai-1"))
    with clock.frozen(FULL - timedelta(seconds=1)):  # the deadline is that of full files, exclusive
        application.submit(actor=team, application=kept.public_id)
        screening.run_checks(actor=stage.manager, application=kept.public_id)
        stage.keep_promises()
        screening.keep_note(actor=stage.manager, application=stage.files["essai-3"])
    with clock.frozen(FULL):
        late = partial(application.submit, actor=stage.cast.actor("essai-3"), application=stage.files["essai-3"])
        assert "before_deadline" in refused(late)
    with reading() as session:
        shots = session.scalars(
            select(Snapshot).where(Snapshot.application_id == kept.id).order_by(Snapshot.rank)
        ).all()
        checks = set(session.execute(select(Check.stage, Check.rule).where(Check.application_id == kept.id)).all())
        receipts = session.scalar(
            select(func.count()).where(Document.kind == "receipt", Document.subject.contains(kept.public_id))
        )
    assert [(one.rank, one.content["stage"]) for one in shots] == [(1, "note"), (2, "full")]
    assert all(fingerprint(one.content) == one.sha256 for one in shots)
    assert (shots[0].content["budget"], bool(shots[1].content["budget"])) == ([], True)
    assert {rule for stage, rule in checks if stage == "note"} < {rule for stage, rule in checks if stage == ""}
    assert receipts == 2
    deposited = file(stage, "essai-1")
    assert (deposited.deposited, deposited.number) == (True, "2027-001")
    assert deposited.submitted_at == FULL - timedelta(seconds=1)
    healthy(stage)


def test_a_note_that_is_not_kept_stops_with_its_reasons_by_letter(database: Engine, tmp_path: Path) -> None:
    stage = noted(tmp_path)
    public_id = stage.files["essai-2"]
    with clock.frozen(CLOSES + 2 * DAY):
        assert refused(lambda: screening.decline_note(actor=stage.manager, application=public_id, reason=" ")) == {
            "reason_given"
        }
        screening.decline_note(actor=stage.manager, application=public_id, reason="Trop proche d’un projet soutenu.")
        stage.keep_promises()
    stopped = file(stage, "essai-2")
    assert (stopped.state, stopped.note_reason) == (ApplicationState.NOT_KEPT, "Trop proche d’un projet soutenu.")
    assert row(Document, kind="note-not-kept").subject == f"application:{public_id}"
    assert [mail.subject for mail in stage.report.mails if mail.letter][-1].endswith("votre note n’est pas retenue")
    with reading() as session:
        call = session.scalars(select(Call)).one()
        seen = funnel(session, stage.manager, call)
    assert (seen.notes_declined, seen.notes_kept, seen.received) == (1, 0, 5)


def test_several_notes_are_kept_by_one_act(database: Engine, tmp_path: Path) -> None:
    stage = noted(tmp_path)
    chosen = [stage.files[part] for part in ("essai-1", "essai-2")]
    with clock.frozen(CLOSES + 2 * DAY):
        screening.ask_batch(actor=stage.manager, action="screening.keep-note", applications=chosen)
        screening.work()
    assert [file(stage, part).stage for part in ("essai-1", "essai-2", "essai-3")] == ["full", "full", "note"]
    assert mails("note-kept") == 2


def test_notes_are_kept_only_when_checked_and_while_the_full_file_can_still_come(
    database: Engine, tmp_path: Path
) -> None:
    stage = noted(tmp_path)
    public_id = stage.files["essai-1"]
    with transaction() as session:
        session.execute(delete(Check).where(Check.rule == "invited"))
    with clock.frozen(FULL):
        assert refused(lambda: screening.keep_note(actor=stage.manager, application=public_id)) == {
            "every_rule_checked",
            "full_deadline_ahead",
        }
    with pytest.raises(NotFound):
        screening.keep_note(actor=stage.cast.actor("essai-2"), application=public_id)
    with pytest.raises(NotAllowed):
        screening.keep_note(actor=stage.cast.actor("essai-1"), application=public_id)


def test_a_withdrawn_full_file_comes_back_as_it_was_and_not_as_submitted(database: Engine, tmp_path: Path) -> None:
    stage = noted(tmp_path)
    public_id, team = stage.files["essai-1"], stage.cast.actor("essai-1")
    with clock.frozen(CLOSES + 2 * DAY):
        screening.keep_note(actor=stage.manager, application=public_id)
        application.withdraw(actor=team, application=public_id)
        application.undo_withdrawal(actor=team, application=public_id)
    assert file(stage, "essai-1").state == ApplicationState.DRAFT


def without_the_second_deadline(terms: dict[str, Any]) -> None:
    del terms["call"]["full_closes_at"]


def without_stages(terms: dict[str, Any]) -> None:
    for section in terms["form"]["sections"]:
        section.pop("stage", None)


@pytest.mark.parametrize("change", [without_the_second_deadline, without_stages])
def test_a_call_in_two_stages_says_both_deadlines_and_what_the_full_file_asks(
    database: Engine, tmp_path: Path, change: Change
) -> None:
    stage = lived(tmp_path, "changement-d-echelle", change)
    assert refused(lambda: published(stage)) == {"stages_set"}


# files as they come
def rolling(terms: dict[str, Any]) -> None:
    del terms["call"]["closes_at"]
    terms["call"]["places"] = 2


def read_by_the_committee(stage: Stage, at: datetime) -> None:
    """What was submitted is declared eligible, read and marked."""
    judging.screen(stage, at)
    if not stage.judges:
        with clock.frozen(at):
            stage.judges = stage.cast.seat(stage.call, 2)
    named = [stage.cast.public(judge) for judge in stage.judges]
    eligible = stage.standing("eligible")
    with clock.frozen(at + timedelta(hours=1)):
        for judge in stage.judges:
            stands = {stage.files[part]: ("free", "") for part in eligible}
            review.declare_interests(actor=stage.cast.actor(judge), stands=stands)
        for part in eligible:
            review.assign(actor=stage.manager, application=stage.files[part], reviewers=named)
        review.open_reviews(actor=stage.manager, call=stage.call)


def marked(stage: Stage, part: str, at: datetime) -> None:
    """Both readers give their marks on this file."""
    with reading() as session:
        sheets = session.execute(
            select(Review.public_id, Review.reviewer_id).where(Review.application_id == file(stage, part).id)
        ).all()
        keys = session.scalars(
            select(Criterion.key).join(Call, Call.id == Criterion.call_id).where(Call.public_id == stage.call)
        ).all()
    with clock.frozen(at):
        for sheet, reviewer in sheets:
            actor = next(a for judge in stage.judges if (a := stage.cast.actor(judge)).id == reviewer)
            review.score(
                actor=actor,
                review=sheet,
                marks=dict.fromkeys(keys, 8),
                comments=dict.fromkeys(keys, "Oui."),
                opinion="Avis.",
            )


def sitting(stage: Stage, at: datetime, outcome: str = "awarded") -> list[str]:
    """The committee sits on what is ready; the parts that it decided. The letters leave the same day."""
    chair = stage.cast.actor(stage.judges[0])
    with clock.frozen(at):
        meeting = selection.convene(actor=stage.manager, call=stage.call, held_at=at).public_id
        there = [stage.cast.public(judge) for judge in stage.judges]
        selection.record_attendance(actor=stage.manager, meeting=meeting, accounts=there)
        selection.open_meeting(actor=chair, meeting=meeting)
        parts = stage.standing("in_deliberation")
        made = [
            decision.propose(
                actor=stage.manager,
                application=stage.files[part],
                outcome=outcome,
                awarded_cents=100_000 if outcome == "awarded" else 0,
                motive="Oui.",
            ).public_id
            for part in parts
        ]
        selection.close_meeting(actor=chair, meeting=meeting)
        decision.approve(actor=stage.manager, decisions=made, board_on=at.date(), board_reference="B-1")
        decision.release(actor=stage.manager, decisions=made)
    return parts


def submitted(stage: Stage, key: str, at: datetime) -> None:
    part = next(one for one in PARTS if one.key == key)
    with clock.frozen(at):
        stage.files[key] = start(stage, key).public_id
        writing._fill(stage, part)
        application.submit(actor=stage.cast.actor(key), application=stage.files[key])


def test_a_call_without_a_deadline_takes_files_as_they_come_and_its_committee_sits_several_times(
    database: Engine, tmp_path: Path
) -> None:
    stage = published(lived(tmp_path, "accompagnement-pilote", rolling))
    call = row(Call, public_id=stage.call)
    assert (call.closes_at, stage_of(call, OPENS - DAY), stage_of(call, OPENS)) == (
        None,
        Standing.COMING,
        Standing.OPEN,
    )
    submitted(stage, "essai-1", OPENS + DAY)
    read_by_the_committee(stage, OPENS + 2 * DAY)
    marked(stage, "essai-1", OPENS + 3 * DAY)
    submitted(stage, "essai-2", OPENS + 200 * DAY)  # half a year later, and nobody is late
    read_by_the_committee(stage, OPENS + 201 * DAY)
    assert sitting(stage, OPENS + 202 * DAY) == ["essai-1"], "the other is not read yet: it waits for the next sitting"
    assert file(stage, "essai-2").state == ApplicationState.IN_REVIEW
    marked(stage, "essai-2", OPENS + 203 * DAY)  # a sitting is closed, but not its own
    assert sitting(stage, OPENS + 204 * DAY) == ["essai-2"]
    with reading() as session:
        assert session.scalar(select(func.count(Meeting.id))) == 2
        assert spent(session, session.scalars(select(Call)).one())
    with clock.frozen(OPENS + 205 * DAY):
        assert refused(lambda: start(stage, "essai-3")) == {"envelope_left"}
    stage.keep_promises()


def test_a_call_without_a_deadline_is_stopped_by_hand_and_goes_on_with_what_it_has(
    database: Engine, tmp_path: Path
) -> None:
    stage = published(lived(tmp_path, "accompagnement-pilote", rolling))
    submitted(stage, "essai-1", OPENS + DAY)
    with clock.frozen(OPENS + DAY):
        begun = start(stage, "essai-2").public_id
    stopped_at = OPENS + 40 * DAY
    with clock.frozen(stopped_at):
        with pytest.raises(NotAllowed):
            calls.stop(actor=stage.cast.actor("essai-1"), call=stage.call, reason="Non.")
        assert refused(lambda: calls.stop(actor=stage.manager, call=stage.call, reason=" ")) == {"reason_given"}
        calls.stop(actor=stage.manager, call=stage.call, reason="Les places sont prises.")
        assert refused(lambda: calls.stop(actor=stage.manager, call=stage.call, reason="Encore.")) == {
            "taken_as_they_come"
        }
        assert refused(lambda: start(stage, "essai-3")) == {"before_deadline"}
        assert "before_deadline" in refused(
            lambda: application.submit(actor=stage.cast.actor("essai-2"), application=begun)
        )
    call = row(Call, public_id=stage.call)
    assert (call.closes_at, stage_of(call, stopped_at)) == (stopped_at, Standing.SELECTION)
    read_by_the_committee(stage, stopped_at + DAY)
    marked(stage, "essai-1", stopped_at + 2 * DAY)
    assert sitting(stage, stopped_at + 3 * DAY, "rejected") == ["essai-1"]
    assert calls.close(actor=stage.manager, call=stage.call).state == CallState.CLOSED


def test_a_call_closed_by_hand_receives_nothing_more(database: Engine, tmp_path: Path) -> None:
    stage = published(lived(tmp_path, "accompagnement-pilote", rolling))
    with clock.frozen(OPENS + DAY):
        stage.files["essai-1"] = start(stage, "essai-1").public_id
        writing._fill(stage, PARTS[0])
        calls.close(actor=stage.manager, call=stage.call)
        team = stage.cast.actor("essai-1")
        assert refused(lambda: application.submit(actor=team, application=stage.files["essai-1"])) == {
            "call_not_closed"
        }
        assert refused(lambda: start(stage, "essai-2")) == {"call_published"}


# a prize
def test_a_prize_is_paid_once_on_its_letter_without_agreement_or_report(  # noqa: PLR0915 -- a life
    database: Engine, tmp_path: Path
) -> None:
    stage = published(lived(tmp_path, "prix"))
    submitted(stage, "essai-1", OPENS + DAY)
    read_by_the_committee_of_three(stage, CLOSES + DAY)
    marked(stage, "essai-1", CLOSES + 2 * DAY)
    assert sitting(stage, CLOSES + 10 * DAY) == ["essai-1"]
    with reading() as session:
        assert session.scalars(select(Envelope.committed_cents)).one() == 100_000
    stage.keep_promises()
    manager, pays, lead = stage.manager, stage.cast.actor(FINANCE), stage.cast.actor("essai-1")
    with clock.frozen(CLOSES + 11 * DAY):
        (won,) = project.open_projects(actor=manager, call=stage.call)
        assert project.open_projects(actor=manager, call=stage.call) == []
        assert (won.state, won.starts_on, won.rate_bp) == (ProjectState.ACTIVE, None, None)
        with reading() as session:
            assert session.scalar(select(func.count(Agreement.id))) == 0
            assert session.scalar(select(func.count(Report.id))) == 0
        (due,) = rows(Tranche)
        assert (due.state, due.amount_cents, due.due_cents) == (TrancheState.DUE, 100_000, 100_000)
        ordered = finance.order(actor=manager, tranche=due.public_id).public_id
        pay = partial(finance.pay, tranche=ordered, paid_on=(CLOSES + 11 * DAY).date(), reference="VIR-1")
        assert refused(lambda: pay(actor=pays)) == {"bank_verified"}
        bank = organisation.change_bank(
            actor=lead, organisation=stage.cast.organisations["essai-1"], iban=IBAN, bic="", holder="Essai"
        )
        organisation.verify_bank(actor=pays, bank_account=bank.public_id)
        with pytest.raises(NotAllowed):
            pay(actor=manager)
        pay(actor=pays)
        with pytest.raises(Conflict):
            pay(actor=pays)
        project.close(actor=manager, project=won.public_id)
        assert calls.close(actor=manager, call=stage.call).state == CallState.CLOSED
    with reading() as session:
        assert sum(one.amount_cents for one in session.scalars(select(Posting))) == 0
    healthy(stage)


def test_the_letter_of_a_prize_speaks_of_a_prize(database: Engine, tmp_path: Path) -> None:
    stage = published(lived(tmp_path, "prix"))
    submitted(stage, "essai-1", OPENS + DAY)
    read_by_the_committee_of_three(stage, CLOSES + DAY)
    marked(stage, "essai-1", CLOSES + 2 * DAY)
    sitting(stage, CLOSES + 10 * DAY)
    with reading() as session:
        subject = f"decision:{session.scalars(select(Decision.public_id)).one()}"
        told = drawn(session, stage, "decision-letter", subject)
    assert "prix de" in told
    assert "ni convention à signer, ni rapport à rendre" in told
    assert "subvention" not in told.split("<body", 1)[1].lower()


def read_by_the_committee_of_three(stage: Stage, at: datetime) -> None:
    with clock.frozen(at):
        stage.judges = stage.cast.seat(stage.call, 3)
    read_by_the_committee(stage, at)


def test_a_prize_under_a_condition_waits_for_it_and_asks_no_more_than_the_call_gives(
    database: Engine, tmp_path: Path
) -> None:
    stage = published(lived(tmp_path, "prix"))
    submitted(stage, "essai-1", OPENS + DAY)
    read_by_the_committee_of_three(stage, CLOSES + DAY)
    marked(stage, "essai-1", CLOSES + 2 * DAY)
    chair, at = stage.cast.actor(stage.judges[0]), CLOSES + 10 * DAY
    with clock.frozen(at):
        meeting = selection.convene(actor=stage.manager, call=stage.call, held_at=at).public_id
        there = [stage.cast.public(judge) for judge in stage.judges]
        selection.record_attendance(actor=stage.manager, meeting=meeting, accounts=there)
        selection.open_meeting(actor=chair, meeting=meeting)
        propose = partial(
            decision.propose,
            actor=stage.manager,
            application=stage.files["essai-1"],
            outcome="awarded_with_conditions",
            motive="Oui.",
            conditions="Une photographie libre de droits.",
        )
        assert refused(lambda: propose(awarded_cents=150_001)) == {"within_request"}
        made = [propose(awarded_cents=150_000).public_id]
        selection.close_meeting(actor=chair, meeting=meeting)
        decision.approve(actor=stage.manager, decisions=made, board_on=at.date(), board_reference="B-1")
        decision.release(actor=stage.manager, decisions=made)
        assert project.open_projects(actor=stage.manager, call=stage.call) == []
        decision.lift_condition(actor=stage.manager, decision=made[0])
        assert len(project.open_projects(actor=stage.manager, call=stage.call)) == 1


# a support operator
def test_a_support_operator_co_signs_is_named_on_the_receipt_and_told_of_the_deposit(
    database: Engine, tmp_path: Path
) -> None:
    stage = published(lived(tmp_path, "micro-soutien"))
    with clock.frozen(OPENS + DAY):
        stage.files["essai-1"] = start(stage, "essai-1").public_id
        writing._fill(stage, PARTS[0])
        team, public_id = stage.cast.actor("essai-1"), stage.files["essai-1"]
        assert "operator_signed" in refused(lambda: application.submit(actor=team, application=public_id))
        writing._attest(stage)
        application.submit(actor=team, application=public_id)
        stage.keep_promises()
        judging.screen(stage, OPENS + 2 * DAY)
    (told,) = [mail for mail in stage.report.mails if mail.reader.startswith("partenaire-") and not mail.link]
    assert told.subject.startswith("Dossier 2027-001 déposé")
    with reading() as session:
        (operator,) = operators_of(session, session.scalars(select(Application)).one())
        receipt = drawn(session, stage, "receipt", f"application:{public_id}")
    assert operator.signed_at is not None
    assert operator.name in receipt
    assert "a cosigné le" in receipt
    assert file(stage, "essai-1").state == ApplicationState.ELIGIBLE
