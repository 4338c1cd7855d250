"""The SQL twin of the policies: which rows an actor may know of. What is not here does not exist for them (404).

`visible_to(actor, Model)` is a condition to put in a `where`, whatever else the query joins: its subqueries say which
row they are about (`correlate`). A live conflict of interest removes the file and all
that hangs on it from every role but the applicant's own, inside the query, so that nothing is counted either.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from grants.db import Base
from grants.domain.papers import BANK_STATEMENT
from grants.errors import NotFound
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Attachment,
    AuditEntry,
    BankAccount,
    Call,
    Decision,
    Departure,
    Export,
    Interest,
    Invitation,
    Invitee,
    Meeting,
    Milestone,
    Organisation,
    Paper,
    Programme,
    Project,
    Promise,
    Report,
    Review,
    Scenario,
    ScenarioFile,
    Succession,
    SupportSession,
    Tranche,
    UserSession,
)
from grants.policies import Actor
from grants.queries import hanging
from grants.queries.prepared import Shape, filling, holes, shape_of
from grants.workflow.application import BEFORE_COMMITTEE, RECEIVED
from grants.workflow.call import CallState
from grants.workflow.meeting import MeetingState
from grants.workflow.review import LIVE, ReviewState

Condition = ColumnElement[bool]
T = TypeVar("T", bound=Base)
CLOSING_STANDS = ("conflict", "doubt")


def visible_to(actor: Actor, model: type[Base]) -> Condition:
    """The condition under which a row of `model` exists for `actor`. Raises KeyError for a model without a rule."""
    rule = VISIBLE[model]
    return true() if actor.system else rule(actor)


def one_for(session: Session, actor: Actor, model: type[T], public_id: str) -> T:
    """The object with this public id. Raises NotFound when it is missing or not the actor's to know of."""
    found: T | None = session.scalar(
        _one(model, None if actor.system else shape_of(actor)), {**filling(actor), "public_id": public_id}
    )
    if found is None:
        raise NotFound(public_id)
    return found


@cache
def _one(model: type[T], shape: Shape | None) -> Select[T]:
    """The row with a public id, for a kind of reader; None is the system, which reads all."""
    public: Any = model.__table__.c["public_id"]
    visible = true() if shape is None else VISIBLE[model](holes(shape))
    return select(model).where(public == bindparam("public_id"), visible)


def _whoever(*clauses: tuple[object, Callable[[], Condition]]) -> Condition:
    """Any of the clauses whose role is held: the others could not be true, and asking them costs."""
    return or_(false(), *(clause() for held, clause in clauses if held))


def conflict_free(actor: Actor) -> Condition:
    """The actor has no live conflict of interest with `Application`'s current row, and does not write it."""
    own = aliased(Interest)  # a query about declarations asks this too: its table is not ours
    declared = exists().where(
        own.application_id == Application.id,
        own.account_id == actor.id,
        own.stand.in_(CLOSING_STANDS),
        own.replaced_at.is_(None),
    )
    free = [~declared.correlate(Application)]
    if actor.writes_for:
        free.append(Application.organisation_id.not_in(actor.writes_for))
    if actor.writes_on:
        free.append(Application.id.not_in(actor.writes_on))
    return and_(*free)


def conflicted(actor: Actor) -> Condition:
    """What `conflict_free` leaves out: for counting it, from the few declarations rather than from all files."""
    own = aliased(Interest)
    declared = Application.id.in_(
        select(own.application_id).where(
            own.account_id == actor.id, own.stand.in_(CLOSING_STANDS), own.replaced_at.is_(None)
        )
    )
    return or_(
        declared,
        *([Application.organisation_id.in_(actor.writes_for)] if actor.writes_for else ()),
        *([Application.id.in_(actor.writes_on)] if actor.writes_on else ()),
    )


def declared_free(actor: Actor) -> Condition:
    """The actor has declared to have no interest in `Application`'s current row."""
    own = aliased(Interest)
    declared = exists().where(
        own.application_id == Application.id,
        own.account_id == actor.id,
        own.stand == "free",
        own.replaced_at.is_(None),
    )
    return declared.correlate(Application)


def received() -> Condition:
    """Submitted, or tried too late; a file withdrawn before it was submitted stays its author's."""
    return or_(
        Application.state.in_(RECEIVED), Application.submitted_at.is_not(None), Application.late_attempt_at.is_not(None)
    )


def _call_programmes(programmes: frozenset[int]) -> Condition:
    return Application.call_id.in_(select(Call.id).where(Call.programme_id.in_(programmes)))


def _readable_review(actor: Actor) -> Condition:
    """A live review of the actor, still on the committee, on this file, declared free of interests."""
    return and_(
        Application.call_id.in_(actor.sits_on),
        exists()
        .where(Review.application_id == Application.id, Review.reviewer_id == actor.id, Review.state.in_(LIVE))
        .correlate(Application),
        declared_free(actor),
    )


def applications(actor: Actor) -> Condition:
    """Own files; received ones for managers, chair, auditor; assigned ones for reviewers; funded ones for finance."""
    funded = exists().where(Project.application_id == Application.id).correlate(Application)
    as_reader = _whoever(
        (actor.manages, lambda: and_(received(), _call_programmes(actor.manages))),
        (actor.chairs, lambda: and_(received(), Application.call_id.in_(actor.chairs), declared_free(actor))),
        (actor.audits, received),
        (actor.pays, lambda: and_(funded, _call_programmes(actor.pays))),
        (actor.sits_on, lambda: _readable_review(actor)),
    )
    return _whoever(
        (actor.writes_for, lambda: Application.organisation_id.in_(actor.writes_for)),
        (actor.writes_on, lambda: Application.id.in_(actor.writes_on)),
        (actor.id is not None, lambda: and_(as_reader, conflict_free(actor))),
    )


def _committee_files(actor: Actor) -> Condition:
    """Files whose decisions the actor follows as programme, committee chair, auditor."""
    as_reader = _whoever(
        (actor.manages, lambda: _call_programmes(actor.manages)),
        (actor.chairs, lambda: and_(Application.call_id.in_(actor.chairs), declared_free(actor))),
        (actor.audits, true),
    )
    return and_(received(), as_reader, conflict_free(actor))


def _calls(actor: Actor) -> Condition:
    insider = or_(
        Call.programme_id.in_(actor.manages | actor.pays),
        Call.id.in_(actor.chairs),
        true() if actor.audits else false(),
    )
    return or_(Call.state != CallState.DRAFT, insider)


def _reviews(actor: Actor) -> Condition:
    begun = and_(
        exists()
        .where(Meeting.call_id == Application.call_id, Meeting.state != MeetingState.CONVENED)
        .correlate(Application),
        Application.state.not_in(BEFORE_COMMITTEE),
    )
    as_staff = _whoever(
        (actor.manages, lambda: _call_programmes(actor.manages)),
        (actor.chairs, lambda: and_(Application.call_id.in_(actor.chairs), begun, declared_free(actor))),
        (actor.audits, true),
    )
    readable = _whoever(
        (
            actor.sits_on,
            lambda: and_(
                Review.reviewer_id == actor.id, Review.state.in_(LIVE), Application.call_id.in_(actor.sits_on)
            ),
        ),
        (actor.sits_on, lambda: _opened_to(actor)),
        (True, lambda: and_(as_staff, Review.state != ReviewState.UNASSIGNED)),
    )
    return (
        exists()
        .where(
            Application.id == Review.application_id,
            conflict_free(actor),
            readable,
        )
        .correlate(Review)
    )


def _opened_to(actor: Actor) -> Condition:
    """`Review` was given by another reader of a file that the actor reads too, as far as the call opens it to them."""
    own = aliased(Review)
    far_enough = or_(
        Call.others_reviews == "always", and_(Call.others_reviews == "after_own", own.state == ReviewState.GIVEN)
    )
    reads_too = exists().where(
        own.application_id == Application.id,
        own.reviewer_id == actor.id,
        own.state.in_(LIVE),
        Call.id == Application.call_id,
        far_enough,
    )
    return and_(
        Review.state == ReviewState.GIVEN,
        Application.call_id.in_(actor.sits_on),
        declared_free(actor),
        reads_too.correlate(Application),
    )


def _meetings(actor: Actor) -> Condition:
    programmes = select(Call.id).where(Call.programme_id.in_(actor.manages))
    return or_(
        Meeting.call_id.in_(programmes),
        Meeting.call_id.in_(actor.sits_on),
        true() if actor.audits else false(),
    )


def _scenarios(actor: Actor) -> Condition:
    """Those made of files that the actor sees, every one: of the programme, the chair, the auditor; shared, of members."""
    begun = (
        exists().where(Meeting.call_id == Scenario.call_id, Meeting.state != MeetingState.CONVENED).correlate(Scenario)
    )
    as_reader = _whoever(
        (actor.manages, lambda: Scenario.call_id.in_(select(Call.id).where(Call.programme_id.in_(actor.manages)))),
        (actor.chairs, lambda: and_(Scenario.call_id.in_(actor.chairs), begun)),
        (
            actor.sits_on,
            lambda: and_(
                Scenario.call_id.in_(actor.sits_on), begun, Scenario.shared_at.is_not(None), ~_owes_reviews(actor)
            ),
        ),
        (actor.audits, true),
    )
    as_staff = _whoever(
        (actor.manages, lambda: _call_programmes(actor.manages)),
        (actor.audits, true),
        (actor.sits_on, lambda: declared_free(actor)),
    )
    closed = (
        exists()
        .where(
            ScenarioFile.scenario_id == Scenario.id,
            ScenarioFile.application_id == Application.id,
            ~and_(conflict_free(actor), as_staff),
        )
        .correlate(Scenario)
    )
    return and_(Scenario.discarded_at.is_(None), as_reader, ~closed)


def _owes_reviews(actor: Actor) -> Condition:
    """A review of the actor on some file of `Scenario`'s call is still to be given."""
    owed = exists().where(
        Review.reviewer_id == actor.id,
        Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)),
        Application.id == Review.application_id,
        Application.call_id == Scenario.call_id,
    )
    return owed.correlate(Scenario)


def _decisions(actor: Actor) -> Condition:
    to_applicant = (Decision.released_at.is_not(None),)
    # not `exists`: two levels down it would no longer mean this decision, but any
    paid = Decision.id.in_(select(Project.decision_id).where(Project.decision_id.is_not(None)))
    readable = _whoever(
        (actor.writes_for, lambda: and_(Application.organisation_id.in_(actor.writes_for), *to_applicant)),
        (actor.manages or actor.chairs or actor.audits, lambda: _committee_files(actor)),
        (actor.pays, lambda: and_(paid, _call_programmes(actor.pays), conflict_free(actor))),
    )
    return exists().where(Application.id == Decision.application_id, readable).correlate(Decision)


def _departures(actor: Actor) -> Condition:
    programmes = select(Call.id).where(Call.programme_id.in_(actor.manages))
    return or_(Departure.call_id.in_(programmes), true() if actor.audits else false())


def _successions(actor: Actor) -> Condition:
    """Of one's programmes, but for money that a file freed which is closed to the reader."""
    programmes = select(Call.id).where(Call.programme_id.in_(actor.manages))
    free = (
        exists()
        .where(Decision.id == Succession.decision_id, Application.id == Decision.application_id, conflict_free(actor))
        .correlate(Succession)
    )
    return and_(or_(Succession.call_id.in_(programmes), true() if actor.audits else false()), free)


def _projects(actor: Actor) -> Condition:
    calls = select(Call.id).where(Call.programme_id.in_(actor.manages | actor.pays))
    as_staff = or_(Project.call_id.in_(calls), true() if actor.audits else false())
    conflicted = exists().where(Application.id == Project.application_id, ~conflict_free(actor)).correlate(Project)
    return or_(Project.organisation_id.in_(actor.writes_for), and_(as_staff, ~conflicted))


def _of_project(model: Any) -> Callable[[Actor], Condition]:  # noqa: ANN401 -- any child of a project
    return lambda actor: exists().where(Project.id == model.project_id, _projects(actor)).correlate(model)


def _attachments(actor: Actor) -> Condition:
    """Those of the files that the actor reads; a bank statement is not for those who judge."""
    beyond_judging = or_(
        Attachment.kind != BANK_STATEMENT,
        Application.organisation_id.in_(actor.writes_for),
        _call_programmes(actor.manages | actor.pays),
        true() if actor.audits else false(),
    )
    return (
        exists()
        .where(Application.id == Attachment.application_id, applications(actor), beyond_judging)
        .correlate(Attachment)
    )


def _organisations(actor: Actor) -> Condition:
    staff = bool(actor.manages or actor.pays or actor.chairs or actor.audits)
    return or_(Organisation.id.in_(actor.writes_for), true() if staff else false())


def _papers(actor: Actor) -> Condition:
    """Those of one's organisations; the register's for the staff, a bank statement for the finances and the auditor."""
    staff = bool(actor.manages or actor.pays or actor.audits)
    bank = bool(actor.pays or actor.audits)
    read = true() if bank else and_(Paper.kind != BANK_STATEMENT, true() if staff else false())
    return or_(Paper.organisation_id.in_(actor.writes_for), read)


def _invitations(actor: Actor) -> Condition:
    """One's own; those to one's organisations and their files for their leads; to a programme's for its managers."""
    led = select(Application.id).where(Application.organisation_id.in_(actor.leads))
    calls = select(Call.id).where(Call.programme_id.in_(actor.manages))
    return _whoever(
        (actor.id is not None, lambda: Invitation.invited_by_id == actor.id),
        (actor.leads, lambda: Invitation.organisation_id.in_(actor.leads)),
        (actor.leads, lambda: Invitation.application_id.in_(led)),
        (actor.manages, lambda: or_(Invitation.programme_id.in_(actor.manages), Invitation.call_id.in_(calls))),
        (actor.administers, true),
    )


def _invitees(actor: Actor) -> Condition:
    """Invitations to the calls of one's programmes, and those to one's own organisations."""
    calls = select(Call.id).where(Call.programme_id.in_(actor.manages))
    staff = or_(Invitee.call_id.in_(calls), true() if actor.audits else false())
    return or_(staff, Invitee.organisation_id.in_(actor.writes_for))


def _bank_accounts(actor: Actor) -> Condition:
    return or_(BankAccount.organisation_id.in_(actor.leads), true() if actor.pays or actor.audits else false())


def _apart_from_conflicts(actor: Actor) -> Condition:
    """The trace is not about a file that is closed to the actor, nor about what became of it."""
    closed = exists().where(
        Application.call_id == AuditEntry.call_id,
        Application.organisation_id == AuditEntry.organisation_id,
        ~conflict_free(actor),
    )
    return ~closed.correlate(AuditEntry)


def _promises(actor: Actor) -> Condition:
    """Own mails; a programme's for its managers, all for the auditor (bodies never: they are not stored here)."""
    as_staff = or_(Promise.programme_id.in_(actor.manages), true() if actor.audits else false())
    closed = Promise.subject.in_(hanging.names(select(Application.id).where(~conflict_free(actor))))
    return or_(Promise.recipient_id == actor.id, and_(as_staff, ~closed))


def _audit(actor: Actor) -> Condition:
    as_staff = or_(
        AuditEntry.programme_id.in_(actor.manages),
        AuditEntry.call_id.in_(actor.chairs),
        true() if actor.audits else false(),
    )
    return or_(
        AuditEntry.actor == actor.public_id,
        and_(as_staff, _apart_from_conflicts(actor)),
        AuditEntry.object.like("account:%") if actor.administers else false(),
    )


def _accounts(actor: Actor) -> Condition:
    return or_(Account.id == actor.id, true() if actor.administers or actor.audits else false())


VISIBLE: dict[type[Base], Callable[[Actor], Condition]] = {
    Account: _accounts,
    Agreement: _of_project(Agreement),
    Amendment: _of_project(Amendment),
    Application: applications,
    Attachment: _attachments,
    AuditEntry: _audit,
    BankAccount: _bank_accounts,
    Call: _calls,
    Decision: _decisions,
    Departure: _departures,
    Export: lambda actor: Export.account_id == actor.id,
    Invitation: _invitations,
    Invitee: _invitees,
    Meeting: _meetings,
    Milestone: _of_project(Milestone),
    Organisation: _organisations,
    Paper: _papers,
    Programme: lambda _actor: true(),
    Project: _projects,
    Promise: _promises,
    Report: _of_project(Report),
    Review: _reviews,
    Scenario: _scenarios,
    Succession: _successions,
    SupportSession: _of_project(SupportSession),
    Tranche: _of_project(Tranche),
    UserSession: lambda actor: UserSession.account_id == actor.id,
}
