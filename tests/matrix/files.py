"""Calls at every stage and their files, down to the decisions."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import clock
from grants.domain.eligibility import RuleKind
from grants.domain.terms import read_terms
from grants.models import (
    Application,
    Appointment,
    Batch,
    BatchItem,
    Call,
    CallVersion,
    Check,
    Decision,
    Departure,
    Override,
    Proposal,
    Succession,
    TermsText,
    UserSession,
    Waiver,
)
from grants.queries import proposal as proposals
from grants.queries.account import actor_for
from grants.queries.eligibility import rules_of
from grants.queries.terms import document_of
from grants.workflow.application import ApplicationState as A
from grants.workflow.decision import DecisionState as D
from grants.workflow.decision import Origin, Outcome
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from grants.workflow.succession import SuccessionState
from tests import awards, builders
from tests.matrix.people import CONFLICTED, FREE, engage
from tests.matrix.stage import CANARIES, DAY, World, commit, snapshot, trace


def build_files(session: Session, world: World) -> None:
    """Places and people first, then files stage by stage."""
    for stage in (_places, _drafting, _screening, _reviewing, _sitting, _deciding, _released, _elsewhere, _proposing):
        stage(session, world)


def _places(session: Session, world: World) -> None:
    now = clock.now()
    holder = world.name("holder", builders.an_organisation(session, name="Association du dossier"))
    stranger = world.name("stranger", builders.an_organisation(session, name="Une autre association"))
    here = world.name("programme", builders.a_programme(session), "slug")
    there = world.name("other_programme", builders.a_programme(session), "slug")
    past = {"opens_at": now - 60 * DAY, "closes_at": now - 30 * DAY}
    reviewed = {**past, "reviews_open_at": now - 20 * DAY, "reviews_close_at": now + 20 * DAY, "reviews_required": 2}
    window = {**past, "reviews_open_at": now - 29 * DAY, "reviews_close_at": now - 2 * DAY, "reviews_required": 2}
    kinds: dict[str, dict[str, Any]] = {
        "draft_call": {"state": "draft"},
        "open_call": {},
        "closed_call": {**past, "reviews_required": 2},
        "review_call": reviewed,
        "convened_call": {**window, "quorum": 1, "lot": True},
        "meeting_call": {**window, "quorum": 1, "lot": True},
        "settled_call": {**window, "quorum": 1},
        "lot_call": {**window, "quorum": 1, "lot": True},
        "drawing_call": {**window, "quorum": 1, "lot": True},
        "room_call": {**window, "quorum": 1},
        "voting_call": {**window, "quorum": 1},
        "board_call": {**window, "quorum": 1},
        "funded_call": {
            **window,
            "envelope_cents": 20_000_000,
            "milestones": awards.MILESTONES,
            "projects_from_on": date(2026, 3, 1),
            "projects_until_on": date(2027, 12, 31),
            "results_public_at": now - DAY,
        },
        "ended_call": window,
    }
    calls = [
        world.name(name, builders.a_call(session, programme=here, slug=name.replace("_", "-"), **values), "slug")
        for name, values in kinds.items()
    ]
    with_terms(session, [row for row in calls if row.slug in ("draft-call", "open-call", "ended-call")])
    other = world.name("other_call", builders.a_call(session, programme=there, slug="other-call"), "slug")
    world.cast = engage(
        session,
        holder=holder,
        stranger=stranger,
        programme=here,
        other_programme=there,
        calls=calls,
        other_call=other,
    )
    for code, account in world.cast.accounts.items():
        world.name(f"account_{code}", account)
        world.name(f"role_{code}", session.scalar(select(Appointment).where(Appointment.account_id == account.id))) if (
            code not in ("NO", "CO")
        ) else None
    for code, token in world.cast.tokens.items():
        digest = hashlib.sha256(token.encode()).hexdigest()
        world.name(
            f"session_{code}", session.scalars(select(UserSession).where(UserSession.token_sha256 == digest)).one()
        )


def with_terms(session: Session, calls: list[Call]) -> None:
    """These calls have terms: being written for a draft, frozen for the others."""
    for row in calls:
        session.refresh(row)
        document = document_of(session, row, None)
        terms, _faults = read_terms(document)
        draft = row.state == "draft"
        if not draft:
            session.add(TermsText(sha256=terms.sha256, content=document))
            session.flush()
            row.terms_sha256 = terms.sha256
        at = None if draft else clock.now()
        session.add(
            CallVersion(
                call=row,
                rank=1,
                draft=document if draft else None,
                sha256=None if draft else terms.sha256,
                begun_at=clock.now(),
                edited_at=clock.now(),
                published_at=at,
            )
        )
    session.flush()


def a_file(session: Session, world: World, name: str, call: str, state: A, **values: Any) -> Application:
    """A whole file of the holder (of the stranger with `by`), with its proof where it was received."""
    by = values.pop("by", "AL")
    now = clock.now()
    owner = world.rows["stranger" if by.startswith("x") else "holder"]
    if state not in (A.DRAFT, A.AWAITING_SIGNATURE):
        values = {"number": f"2027-{len(world.rows):03}", "submitted_at": now - 40 * DAY, **values}
    row: Application = builders.a_draft(
        session,
        call=world.rows[call],
        lead=world.cast[by],
        organisation=owner,
        **{"state": state, "title": f"Dossier {name}", **values},
    )
    world.name(name, row)
    world.name(f"{name}_file", row.attachments[0])
    world.name(f"{name}_bank", row.attachments[2])
    world.name(f"{name}_partner", row.partners[0])
    if row.submitted_at is not None:
        snapshot(session, row, world.cast[by])
    if row.submitted_at is not None or row.late_attempt_at is not None:
        for code in FREE:
            builders.an_interest(session, application=row, account=world.cast[code])
        for code in CONFLICTED:
            builders.an_interest(session, application=row, account=world.cast[code], stand="conflict")
    trace(session, row)
    return row


def _drafting(session: Session, world: World) -> None:
    answers = {**builders.ANSWERS, "context": CANARIES["draft"]}
    a_file(session, world, "draft", "open_call", A.DRAFT, answers=answers)
    a_file(session, world, "waiting", "open_call", A.AWAITING_SIGNATURE)
    a_file(
        session,
        world,
        "returned",
        "open_call",
        A.RETURNED,
        own_deadline_at=clock.now() + 5 * DAY,
        return_reason="Budget",
    )
    a_file(session, world, "sent", "open_call", A.SUBMITTED)
    a_file(session, world, "foreign_draft", "open_call", A.DRAFT, by="xAL")
    a_file(session, world, "withdrawn", "open_call", A.WITHDRAWN)


def _screening(session: Session, world: World) -> None:
    late = {"late_attempt_at": clock.now() - 29 * DAY}
    a_file(session, world, "submitted", "closed_call", A.SUBMITTED)
    a_file(session, world, "mended", "closed_call", A.RETURNED, own_deadline_at=clock.now() + 5 * DAY)
    a_file(session, world, "foreign_submitted", "closed_call", A.SUBMITTED, by="xAL")
    judged = a_file(session, world, "judged", "closed_call", A.SUBMITTED)
    failed = a_file(session, world, "failed", "closed_call", A.SUBMITTED)
    a_file(session, world, "eligible", "closed_call", A.ELIGIBLE)
    a_file(session, world, "late", "closed_call", A.DRAFT, **late)
    for row in (judged, failed):
        for rule in rules_of(row.call):
            wrong = row is failed and rule.kind == RuleKind.ELIGIBILITY
            session.add(
                Check(
                    application_id=row.id,
                    rule=rule.key,
                    outcome="fail" if wrong else "pass",
                    comment="Vu.",
                    checked_by_id=world.cast["PM"].id,
                    checked_at=clock.now(),
                )
            )
    world.ids["rule"] = rules_of(judged.call)[-1].key
    asked = a_file(session, world, "waived", "closed_call", A.DRAFT, **late)
    waiver = Waiver(
        application_id=asked.id,
        rule="received_before_deadline",
        reason="Panne.",
        asked_by_id=world.cast["AL"].id,
        asked_at=clock.now() - DAY,
    )
    session.add(waiver)
    session.flush()
    world.name("waiver", waiver)
    extension = Waiver(
        application_id=world.rows["foreign_draft"].id,
        rule="received_before_deadline",
        reason="Coupure.",
        asked_by_id=world.cast["PX"].id,
        asked_at=clock.now() - DAY,
        until_at=clock.now() + 90 * DAY,
    )
    session.add(extension)
    session.flush()
    world.name("extension", extension)
    batch = Batch(action="screening.take", account_id=world.cast["PM"].id, asked_at=clock.now())
    batch.items = [BatchItem(application_id=judged.id, position=1)]
    session.add(batch)
    session.flush()
    world.name("batch", batch)


def _reviewing(session: Session, world: World) -> None:
    ready = a_file(session, world, "ready", "review_call", A.ELIGIBLE)
    read = a_file(session, world, "read", "review_call", A.IN_REVIEW)
    fresh = a_file(session, world, "fresh", "review_call", A.IN_REVIEW)
    given = a_file(session, world, "given", "review_call", A.IN_REVIEW)
    a_file(session, world, "unread", "review_call", A.ELIGIBLE, by="xAL")
    for code in ("RV", "R2"):
        builders.a_review(session, application=ready, reviewer=world.cast[code])
    review = builders.a_review(session, application=read, reviewer=world.cast["RV"], state=ReviewState.DRAFT)
    world.name("review", review)
    world.name(
        "review_R2",
        builders.a_review(
            session,
            application=read,
            reviewer=world.cast["R2"],
            halves=8,
            opinion=CANARIES["opinion"],
            private_note=CANARIES["private note"],
        ),
    )
    voided = builders.a_review(session, application=read, reviewer=world.cast["RX"], state=ReviewState.RECUSED)
    world.name("review_RX", voided)
    world.name("review_fresh", builders.a_review(session, application=fresh, reviewer=world.cast["RV"]))
    world.name("review_given", builders.a_review(session, application=given, reviewer=world.cast["RV"], halves=7))
    builders.a_review(session, application=given, reviewer=world.cast["R2"], halves=7)
    builders.an_interest(session, application=read, account=world.cast["RN"], stand="doubt")


def read_by_all(session: Session, world: World, row: Application) -> Application:
    for code in ("RV", "R2"):
        builders.a_review(session, application=row, reviewer=world.cast[code], halves=8)
    return row


def _sitting(session: Session, world: World) -> None:
    present = tuple(world.cast[code] for code in ("RV", "R2", "CH"))
    for name, call, state in (
        ("convened", "convened_call", MeetingState.CONVENED),
        ("meeting", "meeting_call", MeetingState.OPEN),
        ("finished", "settled_call", MeetingState.OPEN),
    ):
        opened = {} if state == MeetingState.CONVENED else {"opened_at": clock.now()}
        meeting = builders.a_meeting(
            session, call=world.rows[call], secretary=world.cast["PM"], present=present, state=state, **opened
        )
        world.name(name, meeting)
    read_by_all(session, world, a_file(session, world, "to_open", "convened_call", A.IN_REVIEW))
    read_by_all(session, world, a_file(session, world, "deliberated", "meeting_call", A.IN_DELIBERATION))
    read_by_all(
        session, world, a_file(session, world, "foreign_deliberated", "meeting_call", A.IN_DELIBERATION, by="xAL")
    )
    for name, call, meeting in (("undoable", "meeting_call", "meeting"), ("finishing", "settled_call", "finished")):
        row = read_by_all(session, world, a_file(session, world, name, call, A.IN_DELIBERATION))
        _decision(session, world, f"{name}_decision", row, world.rows[meeting], D.PROPOSED)


def _decision(
    session: Session, world: World, name: str, row: Application, meeting: Any, state: D, **values: Any
) -> Decision:
    now = clock.now()
    stamps: dict[str, Any] = {"proposed_by_id": world.cast["PM"].id, "proposed_at": now - 3 * DAY}
    if state != D.PROPOSED:
        stamps |= {"approved_by_id": world.cast["PM"].id, "approved_at": now - 2 * DAY}
        stamps |= {"board_on": now.date(), "board_reference": "CA-1"}
    if state == D.RELEASED:
        stamps |= {"released_by_id": world.cast["PM"].id, "released_at": now - DAY}
    decision = Decision(
        **{
            "application_id": row.id,
            "meeting_id": meeting.id,
            "state": state,
            "outcome": Outcome.REJECTED,
            "motive": "Motif.",
            **stamps,
            **values,
        }
    )
    session.add(decision)
    session.flush()
    trace(session, decision)
    commit(session, row.call_id, decision.awarded_cents)
    return world.name(name, decision)


def _closed_meeting(session: Session, world: World, call: str) -> Any:
    return builders.a_meeting(
        session,
        call=world.rows[call],
        secretary=world.cast["PM"],
        state=MeetingState.CLOSED,
        opened_at=clock.now() - 4 * DAY,
        closed_at=clock.now() - 3 * DAY,
    )


def _deciding(session: Session, world: World) -> None:
    meeting = world.name("over", _closed_meeting(session, world, "board_call"))
    for name, state in (("proposed", D.PROPOSED), ("approved", D.APPROVED)):
        row = read_by_all(session, world, a_file(session, world, name, "board_call", A.IN_DELIBERATION))
        motive = CANARIES["motive"] if state == D.APPROVED else "Motif."
        _decision(session, world, f"{name}_decision", row, meeting, state, motive=motive)
    row = read_by_all(
        session, world, a_file(session, world, "foreign_proposed", "board_call", A.IN_DELIBERATION, by="xAL")
    )
    _decision(session, world, "foreign_proposed_decision", row, meeting, D.PROPOSED)


def _released(session: Session, world: World) -> None:
    meeting = _closed_meeting(session, world, "funded_call")
    row = a_file(session, world, "refused", "funded_call", A.DECIDED)
    _decision(session, world, "refused_decision", row, meeting, D.RELEASED)
    row = a_file(session, world, "conditional", "funded_call", A.DECIDED)
    _decision(
        session,
        world,
        "conditional_decision",
        row,
        meeting,
        D.RELEASED,
        outcome=Outcome.AWARDED_WITH_CONDITIONS,
        awarded_cents=900_000,
        conditions="Une lettre.",
    )
    _waiting(session, world, meeting)
    ended = a_file(session, world, "settled", "ended_call", A.DECIDED)
    _decision(session, world, "settled_decision", ended, _closed_meeting(session, world, "ended_call"), D.RELEASED)


def _waiting(session: Session, world: World, meeting: Any) -> None:
    """A file on the reserve list, money freed for it, a letter written anew, letters planned to leave."""
    now = clock.now()
    row = a_file(session, world, "on_reserve", "funded_call", A.DECIDED)
    _decision(session, world, "waiting_decision", row, meeting, D.RELEASED, outcome=Outcome.RESERVE, reserve_rank=1)
    gone = a_file(session, world, "gone", "funded_call", A.DECIDED)
    freed = _decision(session, world, "gone_decision", gone, meeting, D.RELEASED, ended_at=now)
    freed.state = D.REVOKED
    world.name(
        "succession",
        _added(
            session,
            Succession(
                call_id=row.call_id,
                decision_id=freed.id,
                cause="revoked",
                freed_cents=1_000_000,
                opened_at=now,
                state=SuccessionState.NAMED,
                found={
                    "entering": [{"id": row.public_id, "cents": 500_000}],
                    "left_cents": 500_000,
                    "remains_cents": 0,
                },
            ),
        ),
    )
    again = a_file(session, world, "again", "funded_call", A.DECIDED)
    former = _decision(session, world, "former_decision", again, meeting, D.RELEASED, ended_at=now)
    anew: dict[str, Any] = {"origin": Origin.REISSUE, "follows_id": former.id, "proposed_by_id": world.cast["NO"].id}
    _decision(session, world, "anew_decision", again, meeting, D.PROPOSED, why="Adresse fausse.", **anew)
    call: Any = world.rows["board_call"]
    planned = Departure(call_id=call.id, leaves_at=now + DAY, planned_by_id=world.cast["PM"].id, planned_at=now)
    world.name("departure", _added(session, planned))


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _elsewhere(session: Session, world: World) -> None:
    """Something of the other programme, so that its people have work of their own."""
    row = a_file(session, world, "elsewhere", "other_call", A.IN_REVIEW, by="xAL")
    builders.an_interest(session, application=row, account=world.cast["xRV"])
    world.name(
        "review_elsewhere",
        builders.a_review(session, application=row, reviewer=world.cast["xRV"], state=ReviewState.DRAFT),
    )


def _proposing(session: Session, world: World) -> None:
    """Who could read what, ready to be applied; a file that one manager proposes to open in spite of a conflict."""
    call, manager = world.rows["review_call"], world.cast["PM"]
    material = proposals.material(session, actor_for(session, manager.id), call, {})
    readers = [world.ids[f"account_{code}"] for code in ("RV", "R2")]
    proposal = Proposal(
        call_id=call.id,
        asked_by_id=manager.id,
        asked_at=clock.now(),
        finished_at=clock.now(),
        percent=100,
        material=material,
        material_sha256=proposals.fingerprint(material),
        report={
            "pairs": [[reader, file] for file, _tags in material["files"] for reader in readers],
            "pieces": [[file for file, _tags in material["files"]]],
            "measures": {"load_gap": 0, "uncovered": 0, "repeats": 0},
            "proved": True,
        },
    )
    override = Override(
        application_id=world.rows["read"].id,
        account_id=world.cast["CX"].id,
        reason="Le lien est ancien.",
        asked_by_id=world.cast["DI"].id,
        asked_at=clock.now(),
    )
    session.add_all([proposal, override])
    session.flush()
    world.name("proposal", proposal)
    world.name("override", override)
