"""What the guards of a decision look at, and the values that every use case about decisions cleans alike."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain.deadlines import zone_named
from grants.domain.forms import SectionKind
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line, clean_text
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Account, Application, Call, Decision, Departure, Meeting, Project
from grants.queries import committee
from grants.queries.recipients import behind
from grants.queries.subjects import subject_of
from grants.queries.terms import form_of
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.decision import Origin, Outcome
from grants.workflow.departure import DepartureState
from grants.workflow.effects import Audience
from grants.workflow.facts import DecisionFacts
from grants.workflow.meeting import MeetingState

LIMITS = {
    "motive": 4000,
    "conditions": 4000,
    "why": 2000,
    "votes": 60,
    "reason_code": 40,
    "board_reference": 80,
}
LONG_TEXTS = frozenset({"motive", "conditions", "why"})
MOST_RANKS = 10_000


def facts(session: Session, application: Application, decision: Decision, **more: Any) -> DecisionFacts:  # noqa: ANN401
    """The picture of a decision beside its sitting; what the envelope has left is filled in by whoever takes from it."""
    meeting = _meeting(session, application, decision)
    call = session.get_one(Call, application.call_id)
    inside = decision.origin == Origin.COMMITTEE
    found = DecisionFacts(
        outcome=str(decision.outcome),
        awarded_cents=decision.awarded_cents,
        requested_cents=asked_cents(application),
        motive=decision.motive,
        conditions=decision.conditions,
        reserve_rank=decision.reserve_rank,
        meeting_open=meeting is not None and meeting.state == MeetingState.OPEN,
        meeting_closed=not inside or (meeting is not None and meeting.state == MeetingState.CLOSED),
        voters=committee.voters(session, meeting.id, application.id) if meeting else 0,
        quorum=call.quorum,
        board_on=decision.board_on,
        board_reference=decision.board_reference or "",
        funded=_funded(session, decision),
        conditions_lifted=decision.conditions_lifted_at is not None,
        origin=str(decision.origin or Origin.COMMITTEE),
        why=decision.why or "",
        replaces=decision.follows_id is not None,
        planned=_planned(session, decision),
        readers=len(behind(session, Audience.TEAM, subject_of(decision, session))),
        reserve_until_on=decision.reserve_until_on,
        today=lifecycle.moment(session).astimezone(zone_named(call.zone)).date(),
    )
    return replace(found, **more) if more else found


def _meeting(session: Session, application: Application, decision: Decision) -> Meeting | None:
    """The sitting of a proposal; of one that is being made, the sitting that lasts."""
    if decision.origin not in (None, Origin.COMMITTEE):
        return None
    if decision.meeting_id is not None:
        return session.get(Meeting, decision.meeting_id)
    return committee.live_meeting(session, application.call_id)


def _funded(session: Session, decision: Decision) -> bool:
    standing = [one for one in (decision.id, decision.follows_id) if one is not None]
    return bool(standing) and session.scalar(select(Project.id).where(Project.decision_id.in_(standing))) is not None


def _planned(session: Session, decision: Decision) -> bool:
    if decision.departure_id is None:
        return False
    return session.get_one(Departure, decision.departure_id).state == DepartureState.PLANNED


def asked_cents(application: Application) -> int:
    """What may be awarded at most: what was asked for, or the call's ceiling where its form asks for no budget."""
    if any(section.kind is SectionKind.BUDGET for section in form_of(application).sections):
        return application.requested_cents
    call = application.call
    return call.max_cents or (call.envelope.total_cents if call.envelope else 0)


def current(session: Session, application_id: int) -> Decision | None:
    """The decision with which the programme works on a file."""
    return session.scalar(
        select(Decision).where(Decision.application_id == application_id, Decision.ended_at.is_(None))
    )


def last_released(session: Session, application_id: int) -> int | None:
    """The newest decision that the applicant has had a letter of."""
    query = select(Decision.id).where(Decision.application_id == application_id, Decision.released_at.is_not(None))
    return session.scalar(query.order_by(Decision.released_at.desc(), Decision.id.desc()).limit(1))


def refuse(row: Decision, action: Action, found: DecisionFacts) -> None:
    """Raise NotPossible with every reason, before the envelope is touched: money comes back once."""
    reasons = lifecycle.obstacles(row, action, found)
    if reasons:
        raise NotPossible(action, reasons)


def says(session: Session, standing: Decision) -> Conflict:
    """The refusal of a second decision: whose the first is, and when."""
    by = session.scalar(select(Account.name).where(Account.id == standing.proposed_by_id))
    return Conflict("decision", by, standing.proposed_at)


def refuse_wild(outcome: str, awarded_cents: int, reserve_rank: int | None) -> None:
    """Raise Invalid for what no column can hold."""
    problems = {}
    if outcome not in set(Outcome):
        problems["outcome"] = Reason("missing")
    if awarded_cents < 0:
        problems["awarded_cents"] = Reason("negative")
    if reserve_rank is not None and not 1 <= reserve_rank <= MOST_RANKS:
        problems["reserve_rank"] = Reason("reserve_ranked")
    if problems:
        raise Invalid(problems)


def cleaned(name: str, text: str) -> str:
    """A typed text in the form in which it is kept. Raises Invalid."""
    clean = clean_text if name in LONG_TEXTS else clean_line
    try:
        return clean(text, LIMITS[name])
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error


def told_on(board_on: date | None, board_reference: str) -> dict[str, str]:
    """The board's act as the trace keeps it."""
    return {"board_on": board_on.isoformat() if board_on else "", "board_reference": board_reference}
