"""Writing a file: begin it, answer, name partners and territories, set the budget. A draft never refuses but time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain import budget
from grants.domain.budget import Line
from grants.domain.calendar import DayError, parse_day
from grants.domain.chart import CERFA_12156_06
from grants.domain.forms import Field, FieldKind, Form
from grants.domain.text import TextError, clean_line, clean_text
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, BudgetLine, Call, Organisation, Partner, Territory
from grants.policies import Actor, require
from grants.queries import eligibility as taken
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.call import CallState

# a text above the form's own limit is kept and told; beyond this it is no answer any more
SLACK = 4
LONGEST_ANSWER = 20_000
TITLE = 200
MOST_LINES = 200
MOST_ROWS = 60
SIDES = ("here", "there")


def start(*, actor: Actor, call: str, organisation: str) -> Application:
    """Begin a file for an organisation in a call (public ids). Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        wanted = one_for(session, actor, Call, call)
        lead = one_for(session, actor, Organisation, organisation)
        require(actor, Action.APPLICATION_START, subject_of(lead, session))
        now = lifecycle.moment(session)
        row = Application(
            call=wanted, organisation=lead, created_by_id=actor.id, answers={}, created_at=now, edited_at=now
        )
        _require_open(session, row)
        session.add(row)
        lifecycle.act(session, actor=actor, action=Action.APPLICATION_START, row=row)
    return row


def _require_open(session: Session, row: Application) -> None:
    """A file is begun while the call is open. Raises NotPossible."""
    if row.call.state != CallState.PUBLISHED or row.call.imported:
        raise NotPossible(Action.APPLICATION_START, (Reason("call_published"),))
    with session.no_autoflush:
        facts = picture.facts(session, row, row.created_at)
    asked = (guards.call_open, guards.before_deadline)
    reasons = tuple(Reason(guard.__name__, facts.words()) for guard in asked if not guard(facts))
    if reasons:
        raise NotPossible(Action.APPLICATION_START, reasons)


def edit(*, actor: Actor, application: str, answers: Mapping[str, str], version: int | None = None) -> Application:
    """Merge answers, by field key, into the file. Raises NotFound, NotAllowed, NotPossible, Conflict, Invalid.

    Texts are kept as typed but for what is no text; what is too long or cannot be read as a date is told by the
    completeness of the file, never refused here.
    """
    with transaction() as session:
        form = taken.form_of(_call_of(session, actor, application))
        cleaned = _cleaned(form, answers)
        sections = sorted({section.key for key in cleaned if (section := form.section_of(key))})
        row = picture.change(
            session,
            actor=actor,
            action=Action.APPLICATION_EDIT,
            public_id=application,
            version=version,
            note={"fields": sorted(cleaned), "sections": sections},
        )
        shut = [key for key in sections if not picture.reopened(row, key)]
        if shut:
            raise NotPossible(Action.APPLICATION_EDIT, (Reason("section_reopened", {"section": shut[0]}),))
        row.answers = {**row.answers, **cleaned}
        _mirror(row)
    return row


def _call_of(session: Session, actor: Actor, application: str) -> Call:
    return one_for(session, actor, Application, application).call


def _cleaned(form: Form, answers: Mapping[str, str]) -> dict[str, str]:
    cleaned: dict[str, str] = {}
    problems: dict[str, Reason] = {}
    for key, text in answers.items():
        asked = form.field(key)
        if asked is None:
            problems[key] = Reason("unknown_field")
            continue
        try:
            cleaned[key] = _clean(asked, text)
        except TextError as error:
            problems[key] = error.as_reason
    if problems:
        raise Invalid(problems)
    return cleaned


def _clean(asked: Field, text: str) -> str:
    limit = min(asked.limit * SLACK, LONGEST_ANSWER) or TITLE
    return clean_text(text, limit) if asked.kind is FieldKind.TEXT else clean_line(text, limit)


def _mirror(row: Application) -> None:
    """Columns that lists sort by follow the answers, where these can be read."""
    row.title = row.answers.get("title", "")[:TITLE]
    row.starts_on, row.ends_on = _day(row.answers.get("starts_on")), _day(row.answers.get("ends_on"))


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text or "")
    except DayError:
        return None


def add_partner(
    *, actor: Actor, application: str, name: str, actor_kind: str, country: str = "FR", role: str = ""
) -> Partner:
    """Name a partner. Raises NotFound, NotAllowed, NotPossible, Invalid (name, actor_kind, country, role)."""
    values = _partner(name=name, actor_kind=actor_kind, country=country, role=role)
    with transaction() as session:
        row = picture.change(
            session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="partners"
        )
        if len(row.partners) >= MOST_ROWS:
            raise Invalid({"name": Reason("too_many", {"most": MOST_ROWS})})
        partner = Partner(**values)
        row.partners.append(partner)
    return partner


def change_partner(  # noqa: PLR0913 -- the columns of a partner
    *,
    actor: Actor,
    application: str,
    partner: str,
    name: str,
    actor_kind: str,
    country: str = "FR",
    role: str = "",
) -> Partner:
    """Change a partner of the file (public ids). Raises as `add_partner`."""
    values = _partner(name=name, actor_kind=actor_kind, country=country, role=role)
    with transaction() as session:
        row = picture.change(
            session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="partners"
        )
        found = _partner_of(session, row, partner)
        for column, value in values.items():
            setattr(found, column, value)
    return found


def remove_partner(*, actor: Actor, application: str, partner: str) -> Application:
    """Take a partner out of the file. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        row = picture.change(
            session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="partners"
        )
        row.partners.remove(_partner_of(session, row, partner))
    return row


def _partner_of(session: Session, row: Application, public_id: str) -> Partner:
    found = session.scalar(select(Partner).where(Partner.application_id == row.id, Partner.public_id == public_id))
    if found is None:
        raise NotFound(public_id)
    return found


PARTNER_LIMITS = {"name": 200, "actor_kind": 40, "country": 2}
PARTNER_ROLE = 2000


def _partner(**typed: str) -> dict[str, str]:
    values: dict[str, str] = {}
    problems: dict[str, Reason] = {}
    for column, text in typed.items():
        try:
            limit = PARTNER_LIMITS.get(column)
            values[column] = clean_line(text, limit) if limit else clean_text(text, PARTNER_ROLE)
        except TextError as error:
            problems[column] = error.as_reason
            continue
        if not values[column] and column != "role":
            problems[column] = Reason("empty")
    if problems:
        raise Invalid(problems)
    return values


def set_territories(*, actor: Actor, application: str, territories: Iterable[Mapping[str, str]]) -> Application:
    """Replace the territories of the file: {"side": here | there, "code", "label"}, each once. Raises as `edit`."""
    wanted = {(item["side"], item.get("code", ""), _label(item["label"])): None for item in territories}
    if any(side not in SIDES for side, _, _ in wanted):
        raise Invalid({"side": Reason("unknown_field")})
    if len(wanted) > MOST_ROWS:
        raise Invalid({"territories": Reason("too_many", {"most": MOST_ROWS})})
    with transaction() as session:
        row = picture.change(
            session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="territories"
        )
        row.territories = [Territory(side=side, code=code[:12], label=label) for side, code, label in wanted if label]
    return row


def _label(text: str) -> str:
    try:
        return clean_line(text, 120)
    except TextError as error:
        raise Invalid({"label": error.as_reason}) from error


def save_budget(*, actor: Actor, application: str, lines: Sequence[Line], version: int | None = None) -> Application:
    """Replace the budget of the file. Raises NotFound, NotAllowed, NotPossible, Conflict, Invalid (lines)."""
    rows = [_budget_line(rank, line) for rank, line in enumerate(lines, start=1)]
    if len(rows) > MOST_LINES:
        raise Invalid({"lines": Reason("too_many", {"most": MOST_LINES})})
    try:
        sums = budget.totals(lines)
    except ValueError as error:
        raise Invalid({"lines": Reason("unknown_account")}) from error
    with transaction() as session:
        row = picture.change(
            session,
            actor=actor,
            action=Action.APPLICATION_EDIT,
            public_id=application,
            section="budget",
            version=version,
            note={"lines": len(rows)},
        )
        row.budget_lines = rows
        row.requested_cents = sums.requested
    return row


def _budget_line(rank: int, line: Line) -> BudgetLine:
    if CERFA_12156_06.heading(line.key) is None or line.amount_cents < 0:
        raise Invalid({"lines": Reason("unknown_account" if line.amount_cents >= 0 else "negative")})
    try:
        label = clean_line(line.label, TITLE)
    except TextError as error:
        raise Invalid({"lines": error.as_reason}) from error
    status = str(line.status) if line.status else ""
    return BudgetLine(
        position=rank, side=str(line.side), key=line.key, label=label, status=status, amount_cents=line.amount_cents
    )
