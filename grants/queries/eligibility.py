"""What the rules of a call look at, taken from a file as it stands: for its author's check page and for screening.

The callers load the relations once (`organisation`, `partners`, `territories`, `budget_lines`, `attachments`, `call`);
`facts_of` adds one small query (membership, other files of the lead), and others only where a rule of the call looks at
what they find (earlier projects, papers of the passport, attestations).

    facts_of(session, application, now) -> domain.eligibility.Facts
    requirements_of(application)  -> domain.completeness.Requirements
    extras_of(application)        -> domain.completeness.Extras
    rules_of(application | call)  -> tuple[domain.eligibility.Rule, ...]
    statuses_of(application)      -> tuple[domain.completeness.SectionStatus, ...]
"""

from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import BigInteger, Date, bindparam, func, or_, select
from sqlalchemy.orm import Session

from grants.domain import budget, completeness
from grants.domain.asking import counted
from grants.domain.budget import Bounds, Line, Totals
from grants.domain.chart import CERFA_12156_06, CHARTS, Chart, FundingStatus, Side
from grants.domain.completeness import Extras, Requirements, SectionStatus
from grants.domain.deadlines import zone_named
from grants.domain.eligibility import MEMBERS_ONLY, OPEN_TO_ALL, Rule
from grants.domain.eligibility_facts import Facts
from grants.domain.money import WHOLE_BP
from grants.domain.period import Window
from grants.domain.staging import judged_at
from grants.models import Application, Attachment, Call, Invitee, Membership, Paper, Partner, Project, Report
from grants.queries.prepared import ask
from grants.queries.terms import form_of, terms_of, terms_to_come
from grants.workflow.application import ApplicationState
from grants.workflow.report import OPEN as OPEN_REPORTS

THERE, OPERATOR = "there", "support_operator"
MEMBERS_ONLY_KIND = "members_only"
INVITED_KIND = "invited"
ROLLING_KIND = "rolling"
TWO_STAGES_KIND = "two_stages"
PRIZE_KIND = "prize"
# longer than any project: the call says nothing
NO_LIMIT_MONTHS = 120


def rules_of(row: Application | Call) -> tuple[Rule, ...]:
    """The rules of the terms that a file is written under, or that are in force in a call, in their order.

    Terms that state none have the ordinary rules of the call's kind. A note is judged on what it holds: without the
    rules that look at parts of the full file.
    """
    call = row.call if isinstance(row, Application) else row
    stated = terms_of(row).rules or (MEMBERS_ONLY if call.kind == MEMBERS_ONLY_KIND else OPEN_TO_ALL)
    return judged_at(stated, form_of(row), row.stage) if isinstance(row, Application) else stated


def bounds_of(call: Call) -> Bounds:
    """The amounts (cents) and rates (basis points) of the call; None where it bounds nothing."""
    return Bounds(
        min_cents=call.min_cents or None,
        max_cents=call.max_cents or None,
        max_rate_bp=call.max_rate_bp if call.max_rate_bp < WHOLE_BP else None,
        max_in_kind_bp=call.max_in_kind_bp if call.max_in_kind_bp < WHOLE_BP else None,
        min_other_cash_bp=call.min_other_cash_bp or None,
        require_proof=call.require_proof,
    )


def window_of(call: Call) -> Window:
    """When projects may take place and how long they last."""
    return Window(
        first_on=call.projects_from_on,
        last_on=call.projects_until_on,
        min_months=call.min_months or None,
        max_months=call.max_months if call.max_months < NO_LIMIT_MONTHS else None,
    )


def requirements_of(application: Application) -> Requirements:
    """What the call asks of this file. Amounts and rates are shown to the author and judged at screening."""
    call, answers = application.call, counted(form_of(application), application.answers)
    asked = (kind for kind in terms_of(application).documents if kind.required)
    documents = tuple(kind.key for kind in asked if kind.shown_if is None or kind.shown_if.holds(answers))
    return Requirements(
        documents=documents,
        min_territories_here=call.min_territories_here,
        min_territories_there=call.min_territories_there,
        min_actor_kinds=call.min_actor_kinds,
        bounds=bounds_of(call),
        window=window_of(call),
    )


def chart_of(call: Call) -> Chart:
    """The chart of accounts that budgets of this call are written with."""
    return CHARTS.get(call.chart, CERFA_12156_06)


def lines_of(application: Application) -> tuple[Line, ...]:
    """The budget as the domain reads it. A proof that was taken out of the file shows nothing any more."""
    rows = application.budget_lines
    partners = {one.id: one.public_id for one in application.partners} if any(row.partner_id for row in rows) else {}
    proofs = (
        {one.id: one.public_id for one in application.attachments if one.removed_at is None}
        if any(row.proof_id for row in rows)
        else {}
    )
    return tuple(
        Line(
            Side(row.side),
            row.key,
            row.label,
            row.amount_cents,
            FundingStatus(row.status) if row.status else None,
            partners.get(row.partner_id or 0, ""),
            proofs.get(row.proof_id or 0, ""),
        )
        for row in rows
    )


def totals_of(application: Application) -> Totals | None:
    """The sums of the budget; None while it has no line."""
    lines = lines_of(application)
    return budget.totals(lines, chart_of(application.call)) if lines else None


def extras_of(application: Application) -> Extras:
    """The parts of a file that are no text: partners, territories, budget, documents."""
    sides = [territory.side for territory in application.territories]
    return Extras(
        lead_kind=application.organisation.actor_kind,
        partners=tuple(partner.actor_kind for partner in application.partners),
        territories_here=sides.count("here"),
        territories_there=sides.count("there"),
        budget=totals_of(application),
        documents=frozenset(row.kind for row in application.attachments if row.removed_at is None),
        requirements=requirements_of(application),
    )


def statuses_of(application: Application) -> tuple[SectionStatus, ...]:
    """Where every section of the file stands."""
    form = form_of(application)
    return completeness.completeness(form, counted(form, application.answers), extras_of(application))


def facts_of(session: Session, application: Application, now: datetime) -> Facts:
    """The facts of a file for `domain.eligibility.evaluate`, at either stage.

    `now` (aware UTC) stands for the instant of reception while the file was neither submitted nor tried too late. A
    file is signed when its lead has submitted it: here, from `submitted_at` on; who submits now sets it to true.
    """
    call, lead = application.call, application.organisation
    extras = extras_of(application)
    looked = frozenset(name for rule in rules_of(application) for name in rule.looks_at)
    day = day_of(application, now)
    in_good_standing, others = _around(session, application, day, member="member_in_good_standing" in looked)
    return Facts(
        received_at=_received_at(application) or now,
        closes_at=deadline_of(application),
        grace_seconds=call.grace_seconds,
        complete=not completeness.missing(statuses_of(application)),
        signed=application.deposited,
        member_in_good_standing=in_good_standing,
        totals=extras.budget or budget.NO_BUDGET,
        bounds=extras.requirements.bounds,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        window=extras.requirements.window,
        other_actor_kinds=completeness.other_actor_kinds(extras.lead_kind, extras.partners),
        min_actor_kinds=call.min_actor_kinds,
        territories_here=extras.territories_here,
        files_of_lead=others + 1,
        judged_on=day,
        lead_kind=lead.actor_kind,
        legal_form=lead.legal_form,
        country=lead.country,
        founded_on=lead.founded_on,
        partner_kinds=extras.partners,
        territories=tuple(one.code for one in application.territories if one.side == THERE and one.code),
        expense_keys=_expense_keys(application),
        answers=counted(form_of(application), application.answers),
        **_sought(session, application, looked, day),
    )


def _received_at(application: Application) -> datetime | None:
    """When the note, or the full file, came in or was tried too late; a kept note is no deposit of the full file."""
    return (application.submitted_at if application.deposited else None) or application.late_attempt_at


def call_facts(call: Call) -> Facts:
    """What the call itself says, without any file: what the self-test starts from."""
    return Facts(
        closes_at=call.closes_at,
        grace_seconds=call.grace_seconds,
        bounds=bounds_of(call),
        window=window_of(call),
        min_actor_kinds=call.min_actor_kinds,
        judged_on=judged_on(call),
    )


class _Sought(TypedDict, total=False):
    invited: bool
    reports_overdue: int
    expired_documents: tuple[str, ...]
    operator_signed: bool | None
    partners_attested: bool | None


def _sought(session: Session, application: Application, looked: frozenset[str], day: date | None) -> _Sought:
    """What costs a question of its own, asked only where a rule looks at it."""
    found: _Sought = {}
    if "invited" in looked:
        found["invited"] = invited(session, application.call_id, application.organisation_id)
    if "reports_overdue" in looked:
        values = {"lead": application.organisation_id, "day": day}
        found["reports_overdue"] = session.scalar(_OVERDUE, values) or 0
    if "expired_documents" in looked:
        values = {"lead": application.organisation_id, "day": day, "file": application.id}
        found["expired_documents"] = tuple(session.scalars(_EXPIRED, values))
    if looked & {"operator_signed", "partners_attested"}:
        operators = [one for one in application.partners if one.part == OPERATOR]
        others = [one for one in application.partners if one.part != OPERATOR]
        found["operator_signed"] = bool(operators) and all(map(_attested, operators))
        found["partners_attested"] = all(map(_attested, others))
    return found


def _attested(partner: Partner) -> bool:
    return any(one.attested_at is not None and one.ended_at is None for one in partner.attestations)


def _expense_keys(application: Application) -> tuple[str, ...]:
    spent = {line.key for line in application.budget_lines if line.side == Side.EXPENSE and line.amount_cents}
    return tuple(sorted(spent))


def judged_on(call: Call) -> date | None:
    """The day on which standings, ages and papers are judged: that of the deadline, in the call's zone."""
    return call.closes_at.astimezone(zone_named(call.zone)).date() if call.closes_at is not None else None


def day_of(application: Application, now: datetime) -> date | None:
    """The same for a file: of a call that takes files as they come, the day on which this one came, or comes now."""
    at = application.call.closes_at or _received_at(application) or now
    return at.astimezone(zone_named(application.call.zone)).date()


def by_invitation(session: Session, call: Call) -> bool:
    """Whether only invited organisations may apply: by the kind of the call, or by a rule of its terms."""
    return call.kind == INVITED_KIND or any(rule.test == "invited" for rule in terms_to_come(session, call).rules)


def invited(session: Session, call_id: int, organisation_id: int) -> bool:
    """Whether the programme invited this organisation to the call, and did not take it back."""
    return session.scalar(_INVITED, {"call": call_id, "lead": organisation_id}) is not None


def deadline_of(application: Application) -> datetime | None:
    """The instant from which this file is late at its stage: the call's, or its own later one; None: the call has none."""
    closes_at, own = application.closes_at, application.own_deadline_at
    return max(closes_at, own) if closes_at is not None and own is not None else closes_at


def in_grace(application: Application, received_at: datetime) -> bool:
    """Whether what came then came after the deadline, in the seconds of grace of the call: accepted, and flagged."""
    deadline = deadline_of(application)
    return deadline is not None and received_at >= deadline


def _around(session: Session, application: Application, day: date | None, *, member: bool) -> tuple[bool | None, int]:
    """Membership on the day of the deadline (a membership without an end holds; None: the call asks for none), and
    how many other deposited files the same lead has in the same call. One question."""
    call = application.call
    asked = member and day is not None
    values = {
        "programme": call.programme_id,
        "lead": application.organisation_id,
        "day": day or date.min,
        "call": call.id,
        "file": application.id,
    }
    memberships, others = ask(session, _AROUND, values).one()
    return (bool(memberships) if asked else None), others


_LEAD, _DAY = bindparam("lead", type_=BigInteger()), bindparam("day", type_=Date())
_AROUND = select(
    select(func.count(Membership.id))
    .where(
        Membership.programme_id == bindparam("programme", type_=BigInteger()),
        Membership.organisation_id == _LEAD,
        Membership.replaced_at.is_(None),
        Membership.joined_on <= _DAY,
        Membership.replaced_at.is_(None),
        or_(Membership.good_standing_until_on.is_(None), Membership.good_standing_until_on >= _DAY),
    )
    .scalar_subquery(),
    select(func.count(Application.id))
    .where(
        Application.call_id == bindparam("call", type_=BigInteger()),
        Application.organisation_id == _LEAD,
        Application.id != bindparam("file", type_=BigInteger()),
        Application.submitted_at.is_not(None),
        Application.state != ApplicationState.WITHDRAWN,
    )
    .scalar_subquery(),
)

_INVITED = select(Invitee.id).where(
    Invitee.call_id == bindparam("call", type_=BigInteger()),
    Invitee.organisation_id == _LEAD,
    Invitee.withdrawn_at.is_(None),
)
_OVERDUE = (
    select(func.count(Report.id))
    .join(Project, Project.id == Report.project_id)
    .where(Project.organisation_id == _LEAD, Report.due_on < _DAY, Report.state.in_(OPEN_REPORTS))
)
_EXPIRED = (
    select(Attachment.kind)
    .join(Paper, Paper.sha256 == Attachment.sha256)
    .where(
        Attachment.application_id == bindparam("file", type_=BigInteger()),
        Attachment.removed_at.is_(None),
        Paper.organisation_id == _LEAD,
        Paper.valid_until_on < _DAY,
    )
    .distinct()
    .order_by(Attachment.kind)
)
