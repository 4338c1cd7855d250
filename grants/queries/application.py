"""Files as their authors read them: lists, the whole file, its team, its last changes, what was decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, false, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.forms import FileStage
from grants.errors import NotFound
from grants.models import (
    Account,
    Application,
    Appointment,
    Attachment,
    AuditEntry,
    Call,
    Decision,
    Document,
    LateAttempt,
    Meeting,
    Organisation,
    Project,
    Snapshot,
    Waiver,
)
from grants.policies.actors import ORGANISATION_ROLES, SYSTEM, Actor, Role
from grants.queries.prepared import Shape, filling, holes, shape_of
from grants.queries.subjects import name_of
from grants.queries.terms import form_of
from grants.queries.visibility import visible_to
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING, ApplicationState

PER_PAGE = 50
LAST_CHANGES = 6
# what the team of a file is told of its history; the programme's own acts are told by their mails and states
TOLD = (
    *(Action.APPLICATION_START, Action.APPLICATION_EDIT, Action.APPLICATION_ATTACH, Action.APPLICATION_DETACH),
    *(Action.APPLICATION_REQUEST_SIGNATURE, Action.APPLICATION_RESUME_DRAFTING, Action.APPLICATION_SUBMIT),
    *(Action.APPLICATION_RECORD_LATE_ATTEMPT, Action.APPLICATION_ASK_WAIVER, Action.APPLICATION_WITHDRAW),
    *(Action.SCREENING_RETURN, Action.SCREENING_GRANT_WAIVER, Action.SCREENING_REFUSE_WAIVER),
)


@dataclass(frozen=True)
class Member:
    """A person who writes for the organisation of a file."""

    name: str
    function: str
    lead: bool
    account_id: int


@dataclass(frozen=True)
class Change:
    """A line of the history: what was done, by whom, when (UTC), with the note of the trail."""

    action: str
    who: str
    at: datetime
    note: dict[str, object]


@dataclass(frozen=True)
class Verdict:
    """What the applicant learns once it is released: the decision, its letter when it is produced."""

    decision: Decision
    letter: Document | None
    revocation: Document | None = None
    number: int = 1
    former: tuple["Verdict", ...] = ()  # the letters before it, the newest first


@dataclass(frozen=True)
class Page:
    """Rows of a list, with what its pagination needs."""

    rows: Sequence[Application]
    number: int
    pages: int
    total: int


def own(actor: Actor) -> Select[Application]:
    """The files that the actor writes, whatever else the actor may read."""
    written = or_(
        false(),
        *([Application.organisation_id.in_(actor.writes_for)] if actor.writes_for else ()),
        *([Application.id.in_(actor.writes_on)] if actor.writes_on else ()),
    )
    return select(Application).where(visible_to(actor, Application), written)


def with_parts(query: Select[Application]) -> Select[Application]:
    """The same files with all that completeness looks at, in one query a relation."""
    return query.options(
        joinedload(Application.call).joinedload(Call.envelope),
        joinedload(Application.organisation),
        selectinload(Application.partners),
        selectinload(Application.territories),
        selectinload(Application.budget_lines),
        selectinload(Application.attachments),
    )


def all_for(session: Session, actor: Actor, *, page: int = 1) -> Page:
    """The actor's own files: those that can still be written first, by deadline; then the newest."""
    shape, values = shape_of(actor), filling(actor)
    if page <= 1:  # one page is nearly always all there is, and then nothing needs counting
        rows = session.scalars(_own_page(shape), {**values, "before": 0}).all()
        if len(rows) < PER_PAGE:
            return Page(rows, 1, 1, len(rows))
    total = session.scalar(select(func.count()).select_from(own(actor).subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = session.scalars(_own_page(shape), {**values, "before": (number - 1) * PER_PAGE}).all()
    return Page(rows, number, pages, total)


@cache
def _own_page(shape: Shape) -> Select[Application]:
    open_first = Application.state.in_(DRAFTING).desc()
    return (
        with_parts(own(holes(shape)))
        .join(Call, Call.id == Application.call_id)
        .order_by(open_first, Call.closes_at.desc(), Application.edited_at.desc(), Application.id.desc())
        .limit(literal_column(str(PER_PAGE)))
        .offset(bindparam("before", type_=Integer()))
    )


def one_for(session: Session, actor: Actor, public_id: str) -> Application:
    """The whole file. Raises NotFound when it is missing or not the actor's to know of."""
    shape = None if actor.system else shape_of(actor)
    found = session.scalar(_whole(shape), {**filling(actor), "public_id": public_id})
    if found is None:
        raise NotFound(public_id)
    return found


@cache
def _whole(shape: Shape | None) -> Select[Application]:
    actor = SYSTEM if shape is None else holes(shape)
    return with_parts(
        select(Application).where(Application.public_id == bindparam("public_id"), visible_to(actor, Application))
    )


def drafts_of(session: Session, actor: Actor, call_id: int) -> Sequence[Application]:
    """The actor's files of this call that are still being written, the last one touched first."""
    query = own(actor).where(Application.call_id == call_id, Application.state.in_(DRAFTING))
    return session.scalars(
        query.options(joinedload(Application.organisation)).order_by(Application.edited_at.desc())
    ).all()


def attachment_of(session: Session, application: Application, public_id: str) -> Attachment:
    """A document that the file holds now. Raises NotFound, also for one of another file."""
    found = session.scalar(
        select(Attachment).where(
            Attachment.application_id == application.id,
            Attachment.public_id == public_id,
            Attachment.removed_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(public_id)
    return found


def team_of(session: Session, organisation_id: int) -> list[Member]:
    """Who writes for this organisation, leads first."""
    rows = session.execute(
        select(Account.id, Account.name, Account.function, Appointment.role)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    ).all()
    leads = {row.id for row in rows if row.role == Role.APPLICANT_LEAD}
    people = {row.id: Member(row.name, row.function, row.id in leads, row.id) for row in rows}
    return sorted(people.values(), key=lambda member: (not member.lead, member.name))


def changes_of(session: Session, application: Application, limit: int = LAST_CHANGES) -> list[Change]:
    """The last changes of a file, the newest first, as its team is told them. Staff are not named."""
    rows = session.execute(_CHANGES, {"object": name_of(application), "most": limit})
    return [
        Change(
            entry.action, (name or "") if entry.action.startswith("application.") else "", entry.at, dict(entry.body)
        )
        for entry, name in rows
    ]


_CHANGES = (
    select(AuditEntry, Account.name)
    .outerjoin(Account, Account.public_id == AuditEntry.actor)
    .where(
        AuditEntry.object == bindparam("object", type_=String()),
        AuditEntry.action.in_([str(action) for action in TOLD]),
    )
    .order_by(AuditEntry.seq.desc())
    .limit(bindparam("most", type_=Integer()))
)


def last_writer(session: Session, application: Application) -> tuple[str, datetime] | None:
    """Who changed the file last, and when (UTC): for the page that tells of a stale version."""
    changes = changes_of(session, application, limit=1)
    return (changes[0].who, changes[0].at) if changes else None


def snapshots_of(session: Session, application_id: int) -> Sequence[Snapshot]:
    """What was submitted, the latest first."""
    query = select(Snapshot).where(Snapshot.application_id == application_id).order_by(Snapshot.rank.desc())
    return session.scalars(query).all()


class Submission(NamedTuple):
    """What a fingerprint says to whoever holds it: which submission, of which call, when. Not whose."""

    number: str
    call: str
    zone: str
    received_at: datetime
    rank: int


def submission_of(session: Session, sha256: str) -> Submission | None:
    """The submission with this fingerprint; None: none was received here."""
    row = session.execute(
        select(Application.number, Call.title, Call.zone, Snapshot.received_at, Snapshot.rank)
        .join(Application, Application.id == Snapshot.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Snapshot.sha256 == sha256)
        .limit(1)
    ).one_or_none()
    return Submission(row[0] or "–", *row[1:]) if row is not None else None


def documents_of(session: Session, application: Application, *kinds: str) -> dict[str, Document]:
    """The newest documents produced about this file, by kind; a mended file has a receipt for each submission."""
    name = name_of(application)
    query = select(Document).where(
        (Document.subject == name) | Document.subject.startswith(f"{name}/"), Document.kind.in_(kinds)
    )
    return {row.kind: row for row in session.scalars(query.order_by(Document.id))}


def verdict_of(session: Session, application: Application) -> Verdict | None:
    """The newest released decision with its letter, and those before it; None before the release, whatever was decided.

    One that was taken back, whose list is over or that was renounced is still what the applicant learnt last.
    """
    rows = session.scalars(
        select(Decision)
        .where(Decision.application_id == application.id, Decision.released_at.is_not(None))
        .order_by(Decision.released_at.desc(), Decision.id.desc())
    ).all()
    subjects = [name_of(row) for row in rows]
    papers = {
        (paper.subject, paper.kind): paper
        for paper in session.scalars(select(Document).where(Document.subject.in_(subjects)))
    }
    told = [
        Verdict(
            row,
            papers.get((name_of(row), "decision-letter")),
            papers.get((name_of(row), "revocation")),
            len(rows) - rank,
        )
        for rank, row in enumerate(rows)
    ]
    return replace(told[0], former=tuple(told[1:])) if told else None


def reopened(row: Application, section: str) -> bool:
    """Whether this section may be changed, where the file may: all of a draft, but the note behind a full file; those
    named in a file returned for mending."""
    if row.state == ApplicationState.RETURNED and row.return_sections:
        return section in row.return_sections
    asked = form_of(row).section(section)
    return row.stage != FileStage.FULL or asked is None or asked.stage is not FileStage.NOTE


def waiver_pending(session: Session, application_id: int) -> bool:
    """Whether a waiver asked for this file waits for its answer."""
    query = select(Waiver.id).where(Waiver.application_id == application_id, Waiver.granted.is_(None)).limit(1)
    return session.scalar(query) is not None


def waivers_of(session: Session, application_id: int) -> Sequence[Waiver]:
    """The waivers asked for this file, the latest first."""
    query = select(Waiver).where(Waiver.application_id == application_id).order_by(Waiver.asked_at.desc())
    return session.scalars(query).all()


def late_attempts_of(session: Session, application_id: int) -> Sequence[LateAttempt]:
    """The attempts to submit this file after the deadline, the latest first."""
    query = select(LateAttempt).where(LateAttempt.application_id == application_id)
    return session.scalars(query.order_by(LateAttempt.attempted_at.desc(), LateAttempt.id.desc())).all()


def project_of(session: Session, application_id: int) -> Project | None:
    """The project that came of this file."""
    return session.scalar(select(Project).where(Project.application_id == application_id))


def organisations_of(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations that the actor writes for, by name."""
    query = select(Organisation).where(Organisation.id.in_(actor.writes_for))
    return session.scalars(query.order_by(Organisation.name, Organisation.id)).all()


def committee_on(session: Session, call_id: int) -> datetime | None:
    """When the committee of this call sits, from its meeting where one is convened."""
    return session.scalar(select(func.min(Meeting.held_at)).where(Meeting.call_id == call_id))
