"""From a row to the `Subject` that the policies look at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import singledispatch
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from grants.domain.papers import BANK_STATEMENT
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Appointment,
    Attachment,
    AuditEntry,
    BankAccount,
    Call,
    Collaborator,
    Decision,
    Departure,
    Export,
    Interest,
    Invitation,
    Invitee,
    Meeting,
    Membership,
    Minutes,
    Organisation,
    Override,
    Paper,
    Programme,
    Project,
    Promise,
    Report,
    Review,
    Scenario,
    ScenarioFile,
    Succession,
    Tranche,
    UserSession,
    Waiver,
)
from grants.policies.actors import ORGANISATION_ROLES, Subject
from grants.queries.prepared import ask
from grants.workflow.application import BEFORE_COMMITTEE, RECEIVED
from grants.workflow.meeting import MeetingState
from grants.workflow.review import LIVE, ReviewState


@singledispatch
def subject_of(row: object, session: Session) -> Subject:  # noqa: ARG001
    """The rights-bearing facts of `row`. Raises TypeError for a kind of row that nobody placed."""
    message = f"no subject for {type(row).__name__}"
    raise TypeError(message)


def name_of(row: Any) -> str:  # noqa: ANN401 -- any model with a public id
    """`type:public_id`, as pages, trail and outbox write it."""
    return f"{row.__tablename__.replace('_', '-')}:{row.public_id}"


def _people(session: Session, application_id: int, *stands: str) -> frozenset[int]:
    rows = session.scalars(
        select(Interest.account_id).where(
            Interest.application_id == application_id, Interest.stand.in_(stands), Interest.replaced_at.is_(None)
        )
    )
    return frozenset(rows)


_FILE, _CALL = bindparam("file", type_=BigInteger()), bindparam("call", type_=BigInteger())
# For a call and its meetings: has deliberation begun, who has not given every review yet.
_AROUND_CALL: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(literal_column("'begun'").label("what"), Meeting.id.label("who")).where(
        Meeting.call_id == _CALL, Meeting.state != MeetingState.CONVENED
    ),
    select(literal_column("'pending'"), Review.reviewer_id)
    .join(Application, Application.id == Review.application_id)
    .where(Application.call_id == _CALL, Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)))
    .distinct(),
)


def _around_call(session: Session, call_id: int | None) -> tuple[bool, frozenset[int]]:
    """Whether deliberation has begun, and who still owes a review; nothing for a call that is not stored yet."""
    rows = ask(session, _AROUND_CALL, {"call": call_id}).all() if call_id is not None else ()
    return any(what == "begun" for what, _ in rows), frozenset(who for what, who in rows if what == "pending")


# Everything that rights look at beside the file itself, asked once: (what, who).
_AROUND: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(literal_column("'assigned'").label("what"), Review.reviewer_id.label("who")).where(
        Review.application_id == _FILE, Review.state.in_(LIVE)
    ),
    select(Interest.stand, Interest.account_id).where(Interest.application_id == _FILE, Interest.replaced_at.is_(None)),
    select(literal_column("'released'"), Decision.id).where(
        Decision.application_id == _FILE, Decision.released_at.is_not(None)
    ),
    select(literal_column("'funded'"), Project.id).where(Project.application_id == _FILE),
    select(literal_column("'begun'"), Meeting.id).where(
        Meeting.call_id == _CALL, Meeting.state != MeetingState.CONVENED
    ),
    select(literal_column("'waiver'"), Waiver.asked_by_id).where(
        Waiver.application_id == _FILE, Waiver.granted.is_(None)
    ),
)


def _of_application(session: Session, application: Application, kind: str, **more: Any) -> Subject:  # noqa: ANN401
    call = session.get_one(Call, application.call_id)
    around: dict[str, set[int]] = {}
    for row in ask(session, _AROUND, {"file": application.id, "call": call.id}):
        around.setdefault(row.what, set()).add(row.who)

    def people(*found: str) -> frozenset[int]:
        return frozenset(chain.from_iterable(around.get(one, ()) for one in found))

    values: dict[str, Any] = {
        "organisation_id": application.organisation_id,
        "application_id": application.id,
        "call_id": application.call_id,
        "programme_id": call.programme_id,
        "received": application.state in RECEIVED
        or application.submitted_at is not None
        or application.late_attempt_at is not None,
        "released": "released" in around,
        "funded": "funded" in around,
        "deliberation_begun": "begun" in around and application.state not in BEFORE_COMMITTEE,
        "assigned": people("assigned"),
        "declared_free": people("free"),
        "conflicted": people("conflict", "doubt"),
    }
    if kind == "application":  # who asks for a waiver does not grant it
        values["maker_id"] = min(people("waiver"), default=None)
    return Subject(kind, **{**values, **more})


@subject_of.register
def _application(row: Application, session: Session) -> Subject:
    return _of_application(session, row, "application")


@subject_of.register
def _attachment(row: Attachment, session: Session) -> Subject:
    application = session.get_one(Application, row.application_id)
    return _of_application(session, application, "attachment", beyond_judging=row.kind == BANK_STATEMENT)


@subject_of.register
def _review(row: Review, session: Session) -> Subject:
    application = session.get_one(Application, row.application_id)
    author = row.reviewer_id if row.state in LIVE else None
    opened = _fellow_readers(session, row, session.get_one(Call, application.call_id).others_reviews)
    return _of_application(session, application, "review", author_id=author, opened_to=opened)


def _fellow_readers(session: Session, row: Review, openness: str) -> frozenset[int]:
    """Who reads the same file and may read this given review, as far as the call opens it."""
    if row.state != ReviewState.GIVEN or openness == "never":
        return frozenset()
    far_enough = LIVE if openness == "always" else (ReviewState.GIVEN,)
    query = select(Review.reviewer_id).where(
        Review.application_id == row.application_id, Review.id != row.id, Review.state.in_(far_enough)
    )
    return frozenset(session.scalars(query))


@subject_of.register
def _override(row: Override, session: Session) -> Subject:
    """Who asked does not answer, nor whom it is for."""
    application = session.get_one(Application, row.application_id)
    return _of_application(session, application, "override", account_id=row.account_id, maker_id=row.asked_by_id)


@subject_of.register
def _decision(row: Decision, session: Session) -> Subject:
    application = session.get_one(Application, row.application_id)
    project = session.scalar(select(Project.id).where(Project.decision_id == row.id)) if row.id is not None else None
    return _of_application(
        session,
        application,
        "decision",
        released=row.released_at is not None,
        funded=project is not None,
        maker_id=row.proposed_by_id,
    )


@subject_of.register
def _departure(row: Departure, session: Session) -> Subject:
    return Subject("departure", call_id=row.call_id, programme_id=session.get_one(Call, row.call_id).programme_id)


@subject_of.register
def _succession(row: Succession, session: Session) -> Subject:
    """It tells of the file that freed the money: closed to whoever is recused from that one."""
    freed = session.get_one(Decision, row.decision_id)
    return _of_application(session, session.get_one(Application, freed.application_id), "succession")


@subject_of.register
def _call(row: Call, session: Session) -> Subject:
    begun, pending = _around_call(session, row.id)
    return Subject(
        "call",
        call_id=row.id,
        programme_id=row.programme_id,
        deliberation_begun=begun,
        own_reviews_pending=pending,
    )


@subject_of.register
def _export(row: Export, session: Session) -> Subject:
    call = session.get_one(Call, row.call_id)
    return Subject(kind="export", account_id=row.account_id, call_id=call.id, programme_id=call.programme_id)


@subject_of.register
def _invitee(row: Invitee, session: Session) -> Subject:
    call = session.get_one(Call, row.call_id)
    return Subject("invitee", call_id=call.id, programme_id=call.programme_id, organisation_id=row.organisation_id)


@subject_of.register
def _meeting(row: Meeting, session: Session) -> Subject:
    call = session.get_one(Call, row.call_id)
    return Subject(
        "meeting",
        call_id=call.id,
        programme_id=call.programme_id,
        deliberation_begun=row.state != MeetingState.CONVENED,
        own_reviews_pending=_around_call(session, call.id)[1],
    )


@subject_of.register
def _minutes(row: Minutes, session: Session) -> Subject:
    """Of their sitting: the files in them are taken out for whoever may not know of them, see `queries.minutes`."""
    return replace(_meeting(session.get_one(Meeting, row.meeting_id), session), kind="minutes")


@subject_of.register
def _scenario(row: Scenario, session: Session) -> Subject:
    """Closed to whoever is closed out of one of its files; `released`: shared with the committee."""
    call = session.get_one(Call, row.call_id)
    begun, pending = _around_call(session, row.call_id)
    files = select(ScenarioFile.application_id).where(ScenarioFile.scenario_id == row.id)
    number = session.scalar(select(func.count()).select_from(files.subquery())) or 0
    stands = select(Interest.account_id, Interest.stand).where(
        Interest.application_id.in_(files), Interest.replaced_at.is_(None)
    )
    told = session.execute(stands).all()
    free = Counter(account for account, stand in told if stand == "free")
    return Subject(
        "scenario",
        call_id=call.id,
        programme_id=call.programme_id,
        deliberation_begun=begun,
        own_reviews_pending=pending,
        released=row.shared_at is not None,
        declared_free=frozenset(account for account, times in free.items() if times == number),
        conflicted=frozenset(account for account, stand in told if stand in ("conflict", "doubt"))
        | frozenset(session.execute(_writers(files)).scalars()),
    )


def _writers(files: Select[*tuple[Any, ...]]) -> CompoundSelect[*tuple[Any, ...]]:
    """Accounts that write these files: for their organisations, or on them alone."""
    houses = select(Application.organisation_id).where(Application.id.in_(files))
    return union_all(
        select(Appointment.account_id).where(
            Appointment.organisation_id.in_(houses),
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
        ),
        select(Collaborator.account_id).where(
            Collaborator.application_id.in_(files), Collaborator.removed_at.is_(None)
        ),
    )


@subject_of.register
def _programme(row: Programme, session: Session) -> Subject:  # noqa: ARG001
    return Subject("programme", programme_id=row.id)


@subject_of.register
def _organisation(row: Organisation, session: Session) -> Subject:  # noqa: ARG001
    return Subject("organisation", organisation_id=row.id)


@subject_of.register
def _bank_account(row: BankAccount, session: Session) -> Subject:  # noqa: ARG001
    return Subject("bank-account", organisation_id=row.organisation_id, maker_id=row.added_by_id)


@subject_of.register
def _paper(row: Paper, session: Session) -> Subject:  # noqa: ARG001
    return Subject("paper", organisation_id=row.organisation_id, beyond_judging=row.kind == BANK_STATEMENT)


@subject_of.register
def _invitation(row: Invitation, session: Session) -> Subject:
    """Of the organisation (also that of a file), or of the programme; `account_id` is who invited."""
    file = session.get_one(Application, row.application_id) if row.application_id is not None else None
    call = session.get_one(Call, row.call_id) if row.call_id is not None else None
    return Subject(
        "invitation",
        organisation_id=file.organisation_id if file is not None else row.organisation_id,
        call_id=row.call_id,
        programme_id=call.programme_id if call is not None else row.programme_id,
        account_id=row.invited_by_id,
    )


@subject_of.register
def _collaborator(row: Collaborator, session: Session) -> Subject:
    file = session.get_one(Application, row.application_id)
    return Subject("collaborator", organisation_id=file.organisation_id, account_id=row.account_id)


@subject_of.register
def _membership(row: Membership, session: Session) -> Subject:  # noqa: ARG001
    return Subject("membership", programme_id=row.programme_id)


@subject_of.register
def _project(row: Project, session: Session) -> Subject:
    return _of_project(session, row, "project")


def _of_project(session: Session, project: Project, kind: str, **more: Any) -> Subject:  # noqa: ANN401
    call = session.get_one(Call, project.call_id)
    conflicted: frozenset[int] = frozenset()
    if project.application_id is not None:
        conflicted = _people(session, project.application_id, "conflict", "doubt")
    values: dict[str, Any] = {
        "organisation_id": project.organisation_id,
        "application_id": project.application_id,
        "call_id": call.id,
        "programme_id": call.programme_id,
        "funded": True,
        "conflicted": conflicted,
    }
    return Subject(kind, **{**values, **more})


def _register_child(model: type[Any], kind: str, maker: str | None = None) -> Callable[[Any, Session], Subject]:
    def build(row: Any, session: Session) -> Subject:  # noqa: ANN401 -- any child of a project
        project = session.get_one(Project, row.project_id)
        return _of_project(session, project, kind, maker_id=getattr(row, maker) if maker else None)

    subject_of.register(model, build)
    return build


_register_child(Agreement, "agreement")
_register_child(Amendment, "amendment", "requested_by_id")
_register_child(Report, "report")
_register_child(Tranche, "tranche", "ordered_by_id")


@subject_of.register
def _account(row: Account, session: Session) -> Subject:  # noqa: ARG001
    return Subject("account", account_id=row.id)


@subject_of.register
def _appointment(row: Appointment, session: Session) -> Subject:  # noqa: ARG001
    return Subject("appointment", account_id=row.account_id)


@subject_of.register
def _user_session(row: UserSession, session: Session) -> Subject:  # noqa: ARG001
    return Subject("user-session", account_id=row.account_id)


@subject_of.register
def _promise(row: Promise, session: Session) -> Subject:
    """A promise belongs to its programme, and otherwise where the trace of its subject belongs."""
    trace = session.scalar(select(AuditEntry).where(AuditEntry.object == row.subject).limit(1))
    if trace is None:
        return Subject("promise", account_id=row.recipient_id, programme_id=row.programme_id)
    conflicted = select(Interest.account_id).join(Application, Application.id == Interest.application_id)
    conflicted = conflicted.where(
        Application.call_id == trace.call_id,
        Application.organisation_id == trace.organisation_id,
        Interest.stand.in_(("conflict", "doubt")),
        Interest.replaced_at.is_(None),
    )
    writing = select(Collaborator.account_id).join(Application, Application.id == Collaborator.application_id)
    writing = writing.where(
        Application.call_id == trace.call_id,
        Application.organisation_id == trace.organisation_id,
        Collaborator.removed_at.is_(None),
    )
    return Subject(
        "promise",
        account_id=row.recipient_id,
        organisation_id=trace.organisation_id,
        call_id=trace.call_id,
        programme_id=row.programme_id,
        conflicted=frozenset(session.scalars(conflicted)) | frozenset(session.scalars(writing)),
    )
