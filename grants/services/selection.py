"""The committee's sitting: convened, attended, opened, closed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Attendance, Call, Decision, Meeting, Review
from grants.models.keys import new_public_id
from grants.policies import SYSTEM, Actor, require
from grants.queries import committee, scenario
from grants.queries.eligibility import ROLLING_KIND
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import calling, interests, lifecycle, sitting_log
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from grants.workflow.facts import ApplicationFacts, MeetingFacts
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState

PLACE_LIMIT = 200


def convene(*, actor: Actor, call: str, held_at: datetime, place: str = "") -> Meeting:
    """Call the committee together; the one who convenes is the secretary. One sitting at a time.

    Raises NotPossible while another sitting of this call is not closed, Invalid for a place that cannot be kept.
    """
    try:
        where = clean_line(place, PLACE_LIMIT)
    except Unreadable as error:
        raise Invalid({"place": error.as_reason}) from error
    with transaction() as session:
        row = locked(session, actor, Call, call)
        meeting = Meeting(
            public_id=new_public_id(),
            call_id=row.id,
            secretary_id=actor.id,
            held_at=held_at,
            place=where,
            state=MeetingState.CONVENED,
        )
        lifecycle.act(
            session, actor=actor, action=Action.SELECTION_CONVENE, row=row, note={"meeting": meeting.public_id}
        )
        if committee.live_meeting(session, row.id) is not None:
            raise NotPossible(Action.SELECTION_CONVENE, (Reason("no_other_sitting"),))
        session.add(meeting)
        session.flush()
        sitting_log.convened(session, meeting, row, actor.id)
        return meeting


def record_attendance(*, actor: Actor, meeting: str, accounts: Iterable[str]) -> Meeting:
    """Say who is present: the whole list each time. NotFound for somebody who is not on the committee."""
    wanted = set(accounts)
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        seated = {member.public_id: member.account_id for member in committee.members(session, row.call_id)}
        if not wanted <= seated.keys():
            what = "member"
            raise NotFound(what)
        note = {"present": sorted(wanted)}
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_RECORD_ATTENDANCE, row=row, note=note)
        present = {seated[person] for person in wanted}
        before = {line.account_id for line in row.attendance}
        kept = before & present
        at = lifecycle.moment(session)
        row.attendance = [line for line in row.attendance if line.account_id in kept]
        row.attendance += [Attendance(account_id=one, recorded_at=at) for one in sorted(present - kept)]
        session.flush()
        if row.state == MeetingState.OPEN:
            _come_and_go(session, row, actor, present - before, before - present)
        else:
            sitting_log.note(session, row, "present", actor.id, {"members": sitting_log.people(session, present)})
        return row


def _come_and_go(session: Session, meeting: Meeting, actor: Actor, come: set[int], gone: set[int]) -> None:
    """While the sitting lasts, a list is who has come and who has left since the one before."""
    for account_id in sorted(come):
        calling.came_in(session, meeting, account_id)
    for kind, accounts in (("arrived", come), ("left", gone)):
        for member in sitting_log.people(session, accounts):
            sitting_log.note(session, meeting, kind, actor.id, {"member": member})


def open_meeting(*, actor: Actor, meeting: str) -> Meeting:
    """Open the sitting: the files in review go before the committee, and its members see the ranking.

    Of a call that takes files as they come, those that are read; the others wait for the next sitting. Raises
    NotPossible without quorum or while a file lacks reviews.
    """
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        call = session.get_one(Call, row.call_id)
        given = _given(session, call.id)
        files = _files(session, call.id, ApplicationState.IN_REVIEW)
        if call.kind == ROLLING_KIND:
            files = [file for file in files if given.get(file.id, 0) >= call.reviews_required] or files
        missing = sum(max(0, call.reviews_required - given.get(file.id, 0)) for file in files)
        facts = MeetingFacts(present=len(row.attendance), quorum=call.quorum, missing_reviews=missing)
        require(actor, Action.SELECTION_OPEN, subject_of(row, session))
        # who belongs to an applicant steps back by the facts, said or not
        interests.find_all(session, call.id, files)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_OPEN, row=row, facts=facts)
        row.opened_at = lifecycle.moment(session)
        for file in files:
            _bring(session, call, file, given.get(file.id, 0), row)
        sitting_log.opened(session, row, actor.id, files)
        return row


def _bring(session: Session, call: Call, file: Application, given: int, meeting: Meeting) -> None:
    """What follows from the opening, for every file: also for those the person who opens is recused from."""
    at = lifecycle.moment(session)
    facts = ApplicationFacts(
        now=at,
        opens_at=call.opens_at or at,
        closes_at=call.closes_at,
        reviews_required=call.reviews_required,
        reviews_given=given,
    )
    note = {"meeting": meeting.public_id}
    lifecycle.perform(session, actor=SYSTEM, action=Action.SELECTION_OPEN, row=file, facts=facts, note=note)


def close_meeting(*, actor: Actor, meeting: str) -> Meeting:
    """Close the sitting: marks and proposals do not change any more. NotPossible while a file has no proposal."""
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        facts = MeetingFacts(present=len(row.attendance), undecided=undecided(session, row.call_id))
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_CLOSE, row=row, facts=facts)
        row.closed_at = lifecycle.moment(session)
        calling.end(session, row)
        advice = scenario.advice_told(session, row)
        if advice is not None:  # the distance names every file: written by nobody, kept from the recused
            sitting_log.note(session, row, "advice", None, advice)
        sitting_log.closed(session, row, actor.id)
        return row


def undecided(session: Session, call_id: int) -> int:
    """Files before the committee on which nothing is written down yet."""
    query = (
        select(func.count(Application.id))
        .outerjoin(Decision, (Decision.application_id == Application.id) & Decision.ended_at.is_(None))
        .where(
            Application.call_id == call_id,
            Application.state == ApplicationState.IN_DELIBERATION,
            Decision.id.is_(None),
        )
    )
    return session.scalar(query) or 0


def _files(session: Session, call_id: int, state: ApplicationState) -> list[Application]:
    query = select(Application).where(Application.call_id == call_id, Application.state == state)
    return list(session.scalars(query.order_by(Application.id).with_for_update()))


def _given(session: Session, call_id: int) -> dict[int, int]:
    """Given reviews by file."""
    rows = session.execute(
        select(Review.application_id, func.count())
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call_id, Review.state == ReviewState.GIVEN)
        .group_by(Review.application_id)
    )
    return {row[0]: row[1] for row in rows}
