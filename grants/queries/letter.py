"""What letters and mails tell: the rows behind a subject, read at once, so that no template asks the database.

`told(session, "decision:k7f3…")` gives words for a template: `application`, `call`, `network`, … A subject that lacks
one (a project without a report) does not have the word, and a template that uses it fails loudly.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.budget import NO_BUDGET, Totals
from grants.domain.chart import CERFA_12156_06, Chart, FundingStatus, Side
from grants.domain.money import rate_bp, tranche_amounts
from grants.domain.terms_parts import paid_at_once
from grants.errors import NotFound
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Attachment,
    Attestation,
    AuditEntry,
    BudgetLine,
    Call,
    Check,
    Decision,
    Departure,
    Document,
    Invitation,
    Invitee,
    Milestone,
    Payment,
    Programme,
    Project,
    Promise,
    Report,
    Review,
    Snapshot,
    Succession,
    Tranche,
    Waiver,
)
from grants.queries import feedback
from grants.queries import invitation as asked
from grants.queries.drafting import copy_name
from grants.queries.eligibility import totals_of
from grants.queries.invitation import usable
from grants.queries.lineage import letter_number, replaced, sitting_of
from grants.workflow.decision import DecisionState
from grants.workflow.review import ReviewState

Words = dict[str, Any]
MANY = 500  # keys asked for at once
COPY = "copy"  # of a file as it stands, for its team


@dataclass(frozen=True)
class Share:
    """A planned payment as a letter announces it."""

    share_bp: int
    amount_cents: int
    condition: str


@dataclass(frozen=True)
class Sum:
    """A line of an annex: number and words of the heading, and its sum."""

    number: str
    label: str
    amount_cents: int


def told(session: Session, subject: str) -> Words:
    """The words of a subject (`type:public_id`). Raises NotFound when the row is gone, KeyError for another type."""
    kind, _, public_id = subject.partition(":")
    return TELLERS[kind](session, public_id)


def act(session: Session, seq: int | None) -> Words:
    """What the trace of an act says beside the states (a reason, sections…), as plain values; {} without a trace."""
    entry = session.get(AuditEntry, seq) if seq else None
    return dict(entry.body) if entry is not None else {}


def document(session: Session, kind: str, subject: str) -> Document | None:
    """The document of this kind that was produced for this subject; None before."""
    return session.scalar(select(Document).where(Document.kind == kind, Document.subject == subject))


def document_subject(session: Session, kind: str, subject: str, at: datetime) -> str:
    """Under which name the document of an act stands: its subject's, and for a second submission its rank too."""
    if kind not in ("receipt", COPY):
        return subject
    application = session.scalar(select(Application).where(Application.public_id == subject.partition(":")[2]))
    if kind == COPY and application is not None:
        return copy_name(application)
    found = snapshot(session, application, at) if application is not None else None
    return subject if found is None or found.rank == 1 else f"{subject}/{found.rank}"


def documents_of(session: Session, subjects: Iterable[str]) -> list[Document]:
    """Every document of these subjects, oldest first."""
    query = select(Document).where(Document.subject.in_(list(subjects))).order_by(Document.produced_at, Document.id)
    return list(session.scalars(query))


def promised(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these promises were made already."""
    found: set[str] = set()
    for start in range(0, len(keys), MANY):
        query = select(Promise.key).where(Promise.key.in_(keys[start : start + MANY]))
        found.update(session.scalars(query))
    return found


def account(session: Session, account_id: int | None) -> Account | None:
    """The active account with this id, to which a mail may go."""
    found = session.get(Account, account_id) if account_id else None
    return found if found is not None and found.disabled_at is None else None


@dataclass(frozen=True)
class Correspondent:
    """Somebody who is written to without an account: name (may be empty), address, language of the mail."""

    name: str
    email: str
    language: str


def invited(session: Session, public_id: str, now: datetime) -> Invitation | None:
    """The invitation of this mail, while its link would open something."""
    row = session.scalar(select(Invitation).where(Invitation.public_id == public_id))
    return row if row is not None and usable(row, now) else None


def attesting(session: Session, public_id: str, now: datetime) -> Attestation | None:
    """The request to attest of this mail, while an answer is waited for."""
    row = session.scalar(select(Attestation).where(Attestation.public_id == public_id))
    if row is None or row.attested_at is not None or row.ended_at is not None or now >= row.expires_at:
        return None
    return row


def snapshot(session: Session, application: Application, at: datetime) -> Snapshot | None:
    """What had been submitted at that moment: the newest snapshot until then (or in the same breath)."""
    until = at + timedelta(seconds=1)
    query = select(Snapshot).where(Snapshot.application_id == application.id, Snapshot.received_at <= until)
    return session.scalar(query.order_by(Snapshot.rank.desc()).limit(1))


def submitter(session: Session, found: Snapshot) -> Account:
    """Who pressed the button."""
    return session.get_one(Account, found.submitted_by_id)


def enclosed(session: Session, application: Application, at: datetime) -> list[Attachment]:
    """The files that belonged to an application at that moment, in the order in which they were added."""
    query = (
        select(Attachment)
        .where(Attachment.application_id == application.id, Attachment.added_at <= at)
        .where(Attachment.removed_at.is_(None) | (Attachment.removed_at > at))
        .order_by(Attachment.id)
    )
    return list(session.scalars(query))


def failed_checks(session: Session, application: Application) -> list[Check]:
    """The rules that the file does not meet, in the order in which they were checked."""
    query = (
        select(Check)
        .where(Check.application_id == application.id, Check.outcome == "fail", Check.stage == "")
        .order_by(Check.id)
    )
    return list(session.scalars(query))


def budget(application: Application) -> Totals:
    """The totals of the file's budget; nothing where its lines cannot be counted."""
    return totals_of(application) or NO_BUDGET


def by_heading(lines: Iterable[BudgetLine], side: Side, chart: Chart = CERFA_12156_06) -> list[Sum]:
    """The cash side of a budget as an annex shows it: a sum a heading, in the order of the chart of accounts."""
    sums: dict[str, int] = {}
    for line in lines:
        heading = chart.heading(line.key)
        if heading is None or heading.in_kind:
            continue
        if line.side == side and line.status != FundingStatus.REFUSED:
            sums[heading.key] = sums.get(heading.key, 0) + line.amount_cents
    headings = [heading for heading in chart.of(side) if heading.key in sums]
    return [Sum(heading.number, heading.label, sums[heading.key]) for heading in headings]


def shares(call: Call, award_cents: int) -> tuple[Share, ...]:
    """The tranches that a call foresees for an award, in their order; they sum to it."""
    planned = [(int(row["share_bp"]), str(row["condition"])) for row in call.tranches]
    if not planned or not award_cents:
        return ()
    amounts = tranche_amounts(award_cents, tuple(bp for bp, _ in planned))
    return tuple(Share(bp, cents, condition) for (bp, condition), cents in zip(planned, amounts, strict=True))


def reference_of(application: Application) -> str:
    """What people quote: the number, or the beginning of the address for a file that never got one."""
    return application.number or f"{application.call.edition}-{application.public_id[:6]}".upper()


def _application(session: Session, public_id: str) -> Words:
    return _about_file(_found(session, _with_call(select(Application)).where(Application.public_id == public_id)))


def _with_call(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(Application.call).joinedload(Call.programme).joinedload(Programme.network),
        joinedload(Application.call).joinedload(Call.envelope),
        joinedload(Application.call).selectinload(Call.criteria),
        joinedload(Application.organisation),
        selectinload(Application.budget_lines),
    )


def _about_file(application: Application) -> Words:
    return {
        "application": application,
        "call": application.call,
        "network": application.call.programme.network,
        "organisation": application.organisation,
        "title": application.title,
        "reference": reference_of(application),
    }


def _file(session: Session, application_id: int) -> Words:
    return _about_file(_found(session, _with_call(select(Application)).where(Application.id == application_id)))


def _call(session: Session, public_id: str) -> Words:
    query = select(Call).options(joinedload(Call.programme).joinedload(Programme.network))
    call = _found(session, query.where(Call.public_id == public_id))
    return {"call": call, "network": call.programme.network, "title": call.title, "reference": call.edition}


def reviews_waiting(session: Session, call_id: int, reviewer_id: int) -> list[Application]:
    """The files of a call that a person still has to read and score, in that person's order."""
    query = (
        select(Application)
        .join(Review, Review.application_id == Application.id)
        .options(joinedload(Application.organisation))
        .where(Application.call_id == call_id, Review.reviewer_id == reviewer_id)
        .where(Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)))
        .order_by(Review.position, Review.id)
    )
    return list(session.scalars(query))


def _review(session: Session, public_id: str) -> Words:
    review = _found(session, select(Review).where(Review.public_id == public_id))
    return {**_file(session, review.application_id), "review": review}


def _waiver(session: Session, public_id: str) -> Words:
    waiver = _found(session, select(Waiver).where(Waiver.public_id == public_id))
    return {**_file(session, waiver.application_id), "waiver": waiver}


def newest_waiver(session: Session, application: Application) -> Waiver | None:
    """The derogation that was asked for last."""
    query = (
        select(Waiver).where(Waiver.application_id == application.id).order_by(Waiver.asked_at.desc(), Waiver.id.desc())
    )
    return session.scalar(query.limit(1))


def _decision(session: Session, public_id: str) -> Words:
    return _about_decision(session, _found(session, select(Decision).where(Decision.public_id == public_id)))


def _about_decision(session: Session, decision: Decision) -> Words:
    words = _file(session, decision.application_id)
    totalled = budget(words["application"])
    former, standing = replaced(session, decision), feedback.standing(session, decision)
    return {
        **words,
        "decision": decision,
        "feedback": standing.text if standing is not None else "",
        "meeting": sitting_of(session, decision),
        "letter_number": letter_number(session, decision),
        "replaced": former,
        "replaced_number": letter_number(session, former) if former is not None else None,
        "reserve_until_on": decision.reserve_until_on or words["call"].reserve_until_on,
        "budget": totalled,
        "rate_bp": rate_bp(decision.awarded_cents, totalled.cash_expenses),
        "shares": shares(words["call"], decision.awarded_cents),
        "prize": paid_at_once(words["call"].tranches),
    }


def _departure(session: Session, public_id: str) -> Words:
    row = _found(session, select(Departure).where(Departure.public_id == public_id))
    words = _call(session, session.get_one(Call, row.call_id).public_id)
    return {**words, "departure": row, "title": ""}


def _succession(session: Session, public_id: str) -> Words:
    row = _found(session, select(Succession).where(Succession.public_id == public_id))
    words = _file(session, session.get_one(Decision, row.decision_id).application_id)
    return {**words, "succession": row}


def _project(session: Session, public_id: str) -> Words:
    return _about_project(_found(session, _whole_project().where(Project.public_id == public_id)))


def _whole_project() -> Select[Any]:
    return select(Project).options(
        joinedload(Project.call).joinedload(Call.programme).joinedload(Programme.network),
        joinedload(Project.organisation),
    )


def _about_project(project: Project) -> Words:
    return {
        "project": project,
        "call": project.call,
        "network": project.call.programme.network,
        "organisation": project.organisation,
        "title": project.title,
        "reference": project.number,
    }


def _of_project(session: Session, project_id: int) -> Words:
    return _about_project(_found(session, _whole_project().where(Project.id == project_id)))


def _agreement(session: Session, public_id: str) -> Words:
    agreement = _found(session, select(Agreement).where(Agreement.public_id == public_id))
    words = _of_project(session, agreement.project_id)
    project: Project = words["project"]
    words |= {
        "agreement": agreement,
        "tranches": _children(session, Tranche, project, Tranche.position),
        "reports": _children(session, Report, project, Report.due_on),
        "milestones": _children(session, Milestone, project, Milestone.due_on),
    }
    if project.application_id is not None:
        application = _file(session, project.application_id)["application"]
        words |= {"application": application, "budget": budget(application), "partners": list(application.partners)}
    if project.decision_id is not None:
        decision = session.get_one(Decision, project.decision_id)
        words |= {
            "decision": decision,
            "meeting": sitting_of(session, decision),
        }
    return words


def _children(session: Session, model: Any, project: Project, order: Any) -> list[Any]:  # noqa: ANN401
    return list(session.scalars(select(model).where(model.project_id == project.id).order_by(order, model.id)))


def _report(session: Session, public_id: str) -> Words:
    report = _found(session, select(Report).where(Report.public_id == public_id))
    return {**_of_project(session, report.project_id), "report": report}


def _amendment(session: Session, public_id: str) -> Words:
    amendment = _found(session, select(Amendment).where(Amendment.public_id == public_id))
    return {**_of_project(session, amendment.project_id), "amendment": amendment}


def _tranche(session: Session, public_id: str) -> Words:
    tranche = _found(session, select(Tranche).where(Tranche.public_id == public_id))
    live = select(Payment).where(Payment.tranche_id == tranche.id, Payment.returned_on.is_(None))
    words = _of_project(session, tranche.project_id)
    all_tranches = _children(session, Tranche, words["project"], Tranche.position)
    return {**words, "tranche": tranche, "tranches": all_tranches, "payment": session.scalar(live)}


def decision_of(session: Session, application_id: int) -> Decision | None:
    """The decision in force about a file, once it was released."""
    query = select(Decision).where(Decision.application_id == application_id, Decision.state == DecisionState.RELEASED)
    return session.scalar(query)


def _found(session: Session, query: Select[Any]) -> Any:  # noqa: ANN401 -- the row that was asked for
    row = session.scalars(query).unique().one_or_none()
    if row is None:
        what = "subject"
        raise NotFound(what)
    return row


def _account(session: Session, public_id: str) -> Words:
    return {"account": _found(session, select(Account).where(Account.public_id == public_id))}


def _invitation(session: Session, public_id: str) -> Words:
    row = _found(session, select(Invitation).where(Invitation.public_id == public_id))
    told_of = asked.told(session, row)
    return {"invitation": row, "scope": told_of.scope, "by": told_of.by}


def _invitee(session: Session, public_id: str) -> Words:
    row = _found(session, select(Invitee).where(Invitee.public_id == public_id))
    call = session.get_one(Call, row.call_id)
    words = _call(session, call.public_id)
    return {**words, "invitee": row, "organisation": row.organisation, "title": ""}


TELLERS: dict[str, Callable[[Session, str], Words]] = {
    "account": _account,
    "invitation": _invitation,
    "invitee": _invitee,
    "agreement": _agreement,
    "amendment": _amendment,
    "application": _application,
    "call": _call,
    "decision": _decision,
    "departure": _departure,
    "project": _project,
    "report": _report,
    "review": _review,
    "succession": _succession,
    "tranche": _tranche,
    "waiver": _waiver,
}
