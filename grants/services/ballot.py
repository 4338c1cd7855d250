"""Votes of the committee: opened on the file called, cast once by each member present, counted once.

A secret vote leaves no way from a voter to a choice: who has voted is one row without a time, what was voted grows one of
three totals in a row that is written whole each time. The log and the trail say that somebody voted, and no more.
"""

from dataclasses import dataclass

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.ballots import Choice, Count, count
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotAllowed, NotPossible, Reason
from grants.models import (
    Account,
    Application,
    Attendance,
    Ballot,
    BallotVoter,
    Call,
    Decision,
    Meeting,
    OpenVote,
    Urn,
)
from grants.policies import Actor, require
from grants.queries import room
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import calling, lifecycle, sitting_log
from grants.workflow.actions import Action
from grants.workflow.decision import Outcome

QUESTION_LIMIT = 200
LEAST_SECRET = 3


@dataclass(frozen=True)
class Put:
    """What is put to the vote: an outcome, and the question in words where the outcome does not say it all."""

    outcome: str
    question: str = ""


def open_ballot(*, actor: Actor, meeting: str, application: str, put: Put, secret: bool = False) -> Ballot:
    """Put the file called to the vote; of a call whose votes are secret, always secretly.

    Raises NotPossible: outside the sitting, a file that is not called or decided, the recused still in the room, another
    vote open, no quorum without the recused, too few voters for a secret.
    """
    question = _read(put)
    with transaction() as session:
        row, file, call = _put(session, actor, Action.SELECTION_OPEN_BALLOT, meeting, application)
        secret = secret or call.secret_vote
        able = len(room.voters(session, row.id, file.id))
        reasons = _before_vote(session, row, file, call, able)
        if secret and able < LEAST_SECRET:
            reasons += (Reason("secret_enough"),)
        _refuse(Action.SELECTION_OPEN_BALLOT, reasons)
        ballot = _begin(session, row, file, put.outcome, question, secret=secret)
        if secret:
            session.add(Urn(ballot_id=ballot.id))
        note = {"ballot": ballot.public_id, "outcome": put.outcome, "secret": secret}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_OPEN_BALLOT, row=file, note=note)
        told: sitting_log.Data = {"secret": secret, "question": question, "outcome": put.outcome}
        sitting_log.note(session, row, "ballot", actor.id, told, about=file)
        return ballot


def enter_hands(*, actor: Actor, meeting: str, application: str, put: Put, votes: Count) -> Ballot:
    """Write down a show of hands, counted in the room. Raises like `open_ballot`; not where votes are secret."""
    question = _read(put)
    with transaction() as session:
        row, file, call = _put(session, actor, Action.SELECTION_COUNT_BALLOT, meeting, application)
        able = len(room.voters(session, row.id, file.id))
        reasons = _before_vote(session, row, file, call, able)
        if call.secret_vote:
            reasons += (Reason("votes_not_secret"),)
        if not votes.cast:
            reasons += (Reason("somebody_voted"),)
        if votes.cast > able:
            reasons += (Reason("votes_within_voters", {"votes": votes.cast, "voters": able}),)
        _refuse(Action.SELECTION_COUNT_BALLOT, reasons)
        ballot = _begin(session, row, file, put.outcome, question, secret=False)
        ballot.by_hands = True
        told: sitting_log.Data = {"secret": False, "question": question, "outcome": put.outcome, "hands": True}
        lifecycle.queue_up(session)
        sitting_log.note(session, row, "ballot", actor.id, told, about=file)
        _close(session, actor, row, file, ballot, votes)
        return ballot


def vote(*, actor: Actor, meeting: str, ballot: str, choice: str) -> None:
    """Cast one's vote: present, not recused, once. Raises NotFound, NotAllowed (absent), NotPossible (closed, voted)."""
    if choice not in set(Choice):
        raise Invalid({"choice": Reason("missing")})
    with transaction() as session:
        row, file, found = _ballot(session, actor, Action.SELECTION_VOTE, meeting, ballot)
        if session.scalar(_attends(row.id, actor)) is None:
            raise NotAllowed(Action.SELECTION_VOTE, ("present_member",))
        cast = select(BallotVoter.account_id).where(BallotVoter.ballot_id == found.id)
        before = set(session.scalars(cast))
        if actor.id in before:
            raise NotPossible(Action.SELECTION_VOTE, (Reason("not_voted_yet"),))
        assert actor.id is not None  # a member, as the policy says
        session.add(BallotVoter(ballot_id=found.id, account_id=actor.id))
        _drop(session, found, actor.id, choice)
        note = {"ballot": found.public_id}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_VOTE, row=file, note=note)
        if found.secret:
            told: sitting_log.Data = {"secret": True, "number": len(before) + 1}
            sitting_log.note(session, row, "voted", None, told, about=file)
        else:
            member = sitting_log.person(actor.public_id or "", session.get_one(Account, actor.id).name)
            told = {"secret": False, "member": member, "choice": choice}
            sitting_log.note(session, row, "voted", actor.id, told, about=file)


def count_ballot(*, actor: Actor, meeting: str, ballot: str) -> Ballot:
    """Close the vote and count it; it is not counted twice. Raises NotPossible once closed, and while nobody voted.

    A secret one neither while so few have voted that the counts would say what each of them did.
    """
    with transaction() as session:
        row, file, found = _ballot(session, actor, Action.SELECTION_COUNT_BALLOT, meeting, ballot)
        votes = _counted(session, found)
        enough = LEAST_SECRET if found.secret else 1
        missing = "secret_enough" if votes.cast else "somebody_voted"
        _refuse(Action.SELECTION_COUNT_BALLOT, () if votes.cast >= enough else (Reason(missing),))
        _close(session, actor, row, file, found, votes)
        return found


def stop_ballot(*, actor: Actor, meeting: str, ballot: str) -> Ballot:
    """End the vote without counting it: it was put wrongly, or somebody came or left. Raises NotPossible once closed."""
    with transaction() as session:
        row, file, found = _ballot(session, actor, Action.SELECTION_STOP_BALLOT, meeting, ballot)
        note = {"ballot": found.public_id}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_STOP_BALLOT, row=file, note=note)
        calling.stop(session, row, file, found, actor.id)
        return found


# parts


def _put(
    session: Session, actor: Actor, action: Action, meeting: str, application: str
) -> tuple[Meeting, Application, Call]:
    row = one_for(session, actor, Meeting, meeting)
    file = room.file_of(session, actor, row, application, hold=True)
    require(actor, action, subject_of(file, session))
    _refuse(action, lifecycle.obstacles(row, action))
    return row, file, session.get_one(Call, row.call_id)


def _before_vote(session: Session, meeting: Meeting, file: Application, call: Call, able: int) -> tuple[Reason, ...]:
    now_called = calling.current(session, meeting.id)
    discussed = now_called is not None and now_called.application_id == file.id
    decided = select(Decision.id).where(Decision.application_id == file.id, Decision.ended_at.is_(None))
    words = {"voters": able, "quorum": call.quorum}
    holds = {
        "file_called": discussed,
        "room_emptied": not discussed or (now_called is not None and now_called.emptied_at is not None),
        "file_undecided": session.scalar(decided) is None,
        "no_ballot_open": not discussed or calling.running(session, meeting.id) is None,
        "votes_within_quorum": able >= call.quorum,
    }
    return tuple(Reason(code, words) for code, true in holds.items() if not true)


def _begin(
    session: Session, meeting: Meeting, file: Application, outcome: str, question: str, *, secret: bool
) -> Ballot:
    ballot = Ballot(
        meeting_id=meeting.id,
        application_id=file.id,
        secret=secret,
        outcome=outcome,
        question=question,
        opened_at=lifecycle.moment(session),
    )
    session.add(ballot)
    session.flush()
    return ballot


def _ballot(
    session: Session, actor: Actor, action: Action, meeting: str, ballot: str
) -> tuple[Meeting, Application, Ballot]:
    """An open vote on a file that the actor knows of, held. Raises NotFound, NotAllowed, NotPossible."""
    row = one_for(session, actor, Meeting, meeting)
    query = (
        select(Application.public_id)
        .join(Ballot, Ballot.application_id == Application.id)
        .where(Ballot.public_id == ballot, Ballot.meeting_id == row.id)
    )
    file = room.file_of(session, actor, row, session.scalar(query) or "", hold=True)
    require(actor, action, subject_of(file, session))
    found = session.scalars(
        select(Ballot).where(Ballot.public_id == ballot).with_for_update().execution_options(populate_existing=True)
    ).one()
    closed = () if found.ended_at is None else (Reason("ballot_open"),)
    _refuse(action, lifecycle.obstacles(row, action) or closed)
    return row, file, found


def _attends(meeting_id: int, actor: Actor) -> Select[int]:
    return select(Attendance.id).where(Attendance.meeting_id == meeting_id, Attendance.account_id == actor.id)


def _drop(session: Session, ballot: Ballot, account_id: int, choice: str) -> None:
    """Put the choice where it belongs: beside the name in an open vote, into a total in a secret one."""
    if not ballot.secret:
        session.add(OpenVote(ballot_id=ballot.id, account_id=account_id, choice=choice))
        session.flush()
        return
    said = {"votes_for": Choice.FOR, "votes_against": Choice.AGAINST, "abstained": Choice.ABSTAINED}
    grown = {column: getattr(Urn, column) + int(choice == one) for column, one in said.items()}
    session.execute(
        update(Urn).where(Urn.ballot_id == ballot.id).values(grown).execution_options(synchronize_session=False)
    )


def _counted(session: Session, ballot: Ballot) -> Count:
    if ballot.secret:
        urn = session.get_one(Urn, ballot.id, populate_existing=True)
        return Count(urn.votes_for, urn.votes_against, urn.abstained)
    return count(session.scalars(select(OpenVote.choice).where(OpenVote.ballot_id == ballot.id)))


def _close(session: Session, actor: Actor, meeting: Meeting, file: Application, ballot: Ballot, votes: Count) -> None:
    ballot.ended_at = lifecycle.moment(session)
    ballot.votes_for, ballot.votes_against, ballot.abstained = votes
    session.flush()
    calling.empty_urn(session, ballot)
    figures = {"for": votes.votes_for, "against": votes.votes_against, "abstained": votes.abstained}
    note = {"ballot": ballot.public_id, **figures}
    lifecycle.act(session, actor=actor, action=Action.SELECTION_COUNT_BALLOT, row=file, note=note)
    told = {"secret": ballot.secret, "outcome": ballot.outcome, "hands": ballot.by_hands, **figures}
    sitting_log.note(session, meeting, "counted", actor.id, told, about=file)


def _refuse(action: Action, reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise NotPossible(action, reasons)


def _read(put: Put) -> str:
    if put.outcome not in set(Outcome):
        raise Invalid({"outcome": Reason("missing")})
    try:
        return clean_line(put.question, QUESTION_LIMIT)
    except Unreadable as error:
        raise Invalid({"question": error.as_reason}) from error
