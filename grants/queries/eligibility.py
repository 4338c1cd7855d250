"""What the rules of a call look at, taken from a file as it stands: for its author's check page and for screening.

The callers load the relations once (`organisation`, `partners`, `territories`, `budget_lines`, `attachments`, `call`);
`facts_of` adds two small queries (membership, other files of the lead).

    facts_of(session, application, now) -> domain.eligibility.Facts
    requirements_of(call)               -> domain.completeness.Requirements
    extras_of(application, call)        -> domain.completeness.Extras
    rules_of(call)                      -> tuple[domain.eligibility.Rule, ...]
    statuses_of(application, call)      -> tuple[domain.completeness.SectionStatus, ...]
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, bindparam, func, or_, select
from sqlalchemy.orm import Session

from grants.domain import budget, completeness
from grants.domain.budget import Bounds, Line, Totals
from grants.domain.chart import FundingStatus, Side
from grants.domain.completeness import Extras, Requirements, SectionStatus
from grants.domain.deadlines import zone_named
from grants.domain.eligibility import MEMBERS_ONLY, OPEN_TO_ALL, Facts, Rule
from grants.domain.forms import DEFAULT_FORM, FORMS, Form
from grants.domain.money import WHOLE_BP
from grants.domain.period import Window
from grants.models import Application, Call, Membership
from grants.queries.prepared import ask
from grants.workflow.application import ApplicationState

MEMBERS_ONLY_KIND = "members_only"
# longer than any project: the call says nothing
NO_LIMIT_MONTHS = 120


def form_of(call: Call) -> Form:
    """The form that files of this call answer."""
    return FORMS.get(call.form_version, DEFAULT_FORM)


def rules_of(call: Call) -> tuple[Rule, ...]:
    """The rules that the call states, in the order in which they are told."""
    return MEMBERS_ONLY if call.kind == MEMBERS_ONLY_KIND else OPEN_TO_ALL


def bounds_of(call: Call) -> Bounds:
    """The amounts (cents) and rates (basis points) of the call; None where it bounds nothing."""
    return Bounds(
        min_cents=call.min_cents or None,
        max_cents=call.max_cents or None,
        max_rate_bp=call.max_rate_bp if call.max_rate_bp < WHOLE_BP else None,
        max_in_kind_bp=call.max_in_kind_bp if call.max_in_kind_bp < WHOLE_BP else None,
        min_other_cash_bp=call.min_other_cash_bp or None,
    )


def window_of(call: Call) -> Window:
    """When projects may take place and how long they last."""
    return Window(
        first_on=call.projects_from_on,
        last_on=call.projects_until_on,
        min_months=call.min_months or None,
        max_months=call.max_months if call.max_months < NO_LIMIT_MONTHS else None,
    )


def requirements_of(call: Call) -> Requirements:
    """What the call asks of a file. Amounts and rates are shown to the author and judged at screening."""
    return Requirements(min_actor_kinds=call.min_actor_kinds, bounds=bounds_of(call), window=window_of(call))


def lines_of(application: Application) -> tuple[Line, ...]:
    """The budget as the domain reads it."""
    return tuple(
        Line(Side(row.side), row.key, row.label, row.amount_cents, FundingStatus(row.status) if row.status else None)
        for row in application.budget_lines
    )


def totals_of(application: Application) -> Totals | None:
    """The sums of the budget; None while it has no line."""
    lines = lines_of(application)
    return budget.totals(lines) if lines else None


def extras_of(application: Application, call: Call) -> Extras:
    """The parts of a file that are no text: partners, territories, budget, documents."""
    sides = [territory.side for territory in application.territories]
    return Extras(
        lead_kind=application.organisation.actor_kind,
        partners=tuple(partner.actor_kind for partner in application.partners),
        territories_here=sides.count("here"),
        territories_there=sides.count("there"),
        budget=totals_of(application),
        documents=frozenset(row.kind for row in application.attachments if row.removed_at is None),
        requirements=requirements_of(call),
    )


def statuses_of(application: Application, call: Call) -> tuple[SectionStatus, ...]:
    """Where every section of the file stands."""
    return completeness.completeness(form_of(call), application.answers, extras_of(application, call))


def facts_of(session: Session, application: Application, now: datetime) -> Facts:
    """The facts of a file for `domain.eligibility.evaluate`, at either stage.

    `now` (aware UTC) stands for the instant of reception while the file was neither submitted nor tried too late. A
    file is signed when its lead has submitted it: here, from `submitted_at` on; who submits now sets it to true.
    """
    call = application.call
    extras = extras_of(application, call)
    complete = not completeness.missing(statuses_of(application, call))
    in_good_standing, others = _around(session, application)
    return Facts(
        received_at=application.submitted_at or application.late_attempt_at or now,
        closes_at=deadline_of(application),
        complete=complete,
        signed=application.submitted_at is not None,
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
    )


def deadline_of(application: Application) -> datetime | None:
    """The instant from which this file is late: the call's, or its own later one."""
    closes_at, own = application.call.closes_at, application.own_deadline_at
    return max(closes_at, own) if closes_at is not None and own is not None else closes_at


def _around(session: Session, application: Application) -> tuple[bool | None, int]:
    """Membership on the day of the deadline (a membership without an end holds; None: the call asks for none), and
    how many other deposited files the same lead has in the same call. One question."""
    call = application.call
    asked = call.kind == MEMBERS_ONLY_KIND and call.closes_at is not None
    day = call.closes_at.astimezone(zone_named(call.zone)).date() if asked and call.closes_at else date.min
    values = {
        "file": application.id,
        "call": application.call_id,
        "lead": application.organisation_id,
        "programme": call.programme_id,
        "day": day,
    }
    memberships, others = ask(session, _AROUND, values).one()
    return (bool(memberships) if asked else None), others


_LEAD, _DAY = bindparam("lead", type_=BigInteger()), bindparam("day", type_=Date())
_AROUND = select(
    select(func.count(Membership.id))
    .where(
        Membership.programme_id == bindparam("programme", type_=BigInteger()),
        Membership.organisation_id == _LEAD,
        Membership.joined_on <= _DAY,
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
