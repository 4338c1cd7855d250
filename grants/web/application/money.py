"""The budget page: rows by the chart of accounts, totals of both sides, what is out of bounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import budget
from grants.domain.budget import NO_BUDGET, Bounds, Line, Totals
from grants.domain.chart import CERFA_12156_06, THIS_FUND, Account, FundingStatus, Heading, Side
from grants.domain.money import AmountError, format_plain, parse_amount
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Application
from grants.queries import application as files
from grants.queries import eligibility
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.pages import Overview
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.web.kit.typography import euros, percent
from grants.workflow.actions import Action

CHART = CERFA_12156_06
MOST_ROWS = 200
OWN_FUNDS = "own_funds.other"
# rows offered to an empty budget; they are kept only once an amount or a word stands in them
OFFERED = (
    *("purchases.services", "external_services.rent", "other_services.fees", "other_services.travel"),
    *("staff.wages", "staff.social_charges", "indirect.fixed_costs"),
    *(THIS_FUND, "grants.department", "grants.private", OWN_FUNDS),
    *("in_kind_uses.volunteering", "in_kind_contributions.volunteering"),
)
ALWAYS = (THIS_FUND, OWN_FUNDS)
STATUSES = {
    FundingStatus.TO_REQUEST: _l("À solliciter"),
    FundingStatus.REQUESTED: _l("Sollicité"),
    FundingStatus.GRANTED: _l("Acquis"),
    FundingStatus.REFUSED: _l("Refusé"),
}


@dataclass(frozen=True)
class Row:
    """A line as its author typed it."""

    key: str
    label: str = ""
    status: str = ""
    amount: str = ""
    error: str = ""

    @property
    def heading(self) -> Heading:
        found = CHART.heading(self.key)
        assert found is not None
        return found

    @property
    def account(self) -> Account:
        found = CHART.account(self.key)
        return found or Account(self.key, self.heading.number, self.heading.label)

    @property
    def funder(self) -> bool:
        """Whether the line names who gives, and how sure that is."""
        return self.heading.per_funder and self.key != THIS_FUND

    @property
    def measure(self) -> str:
        """What the script adds this amount to."""
        if self.key == THIS_FUND:
            return "requested"
        kind = "in-kind-" if self.heading.in_kind else ""
        return f"{kind}{self.heading.side}"


@dataclass(frozen=True)
class Table:
    """One of the four tables: its rows, and the accounts that a row may be added for."""

    key: str
    rows: list[tuple[int, Row]]
    groups: list[tuple[str, list[Account]]] = field(default_factory=list)


@blueprint.get("/candidatures/<public_id>/budget", endpoint="budget")
@may(Action.APPLICATION_EDIT)
def budget_page(public_id: str) -> ResponseReturnValue:
    """Both sides, their balance, the bounds of the call."""
    row = own_file(public_id)
    return _page(row, _stored_rows(row), eligibility.totals_of(row) or NO_BUDGET)


@blueprint.post("/candidatures/<public_id>/budget")
@may(Action.APPLICATION_EDIT)
def save_budget(public_id: str) -> ResponseReturnValue:
    """Keep the lines. An amount that cannot be read is asked again; everything typed stays."""
    rows = _typed_rows(request.form)
    adding = CHART.account(request.form.get(f"new-{request.form.get('ajouter', '')}", ""))
    lines, rows, readable = _read(rows)
    if not readable:
        return _page(own_file(public_id), rows, budget.totals(lines), 422)
    if adding is not None:
        heading = CHART.heading(adding.key)
        assert heading is not None
        lines.append(Line(heading.side, adding.key, "", 0))
    version = request.form.get("version", type=int)
    try:
        use_cases.save_budget(actor=current_actor(), application=public_id, lines=lines, version=version)
    except Conflict:
        row = own_file(public_id)
        return _page(row, rows, budget.totals(lines), 409, last=files.last_writer(db.session(), row))
    except (NotPossible, Invalid) as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        return _page(own_file(public_id), rows, budget.totals(lines), status, reasons=reasons_of(refused))
    if "ajouter" in request.form:
        return back("application.budget", public_id=public_id, _anchor=request.form["ajouter"])
    flash(_("Le budget est enregistré."), "ok")
    return back("application.show", public_id=public_id)


def _stored_rows(application: Application) -> list[Row]:
    rows = [
        Row(line.key, line.label, line.status, format_plain(line.amount_cents) if line.amount_cents else "")
        for line in application.budget_lines
    ]
    present = {row.key for row in rows}
    wanted = OFFERED if not rows else ALWAYS
    return rows + [Row(key) for key in wanted if key not in present]


def _typed_rows(form: Mapping[str, str]) -> list[Row]:
    """The rows of the form in their order; keys that the chart does not know are left out."""
    rows = []
    for number in range(MOST_ROWS):
        key = form.get(f"row-{number}-key")
        if key is None:
            break
        if CHART.account(key) is not None:
            parts = {name: form.get(f"row-{number}-{name}", "") for name in ("label", "status", "amount")}
            rows.append(Row(key, **parts))
    return rows


def _read(rows: Iterable[Row]) -> tuple[list[Line], list[Row], bool]:
    """Lines of the rows that hold something; the rows again, with what could not be read said beside it."""
    lines: list[Line] = []
    told: list[Row] = []
    for row in rows:
        error, cents = "", 0
        if row.amount.strip():
            try:
                cents = parse_amount(row.amount, allow_zero=True)
            except AmountError as unreadable:
                error = sentence(unreadable.as_reason)
        told.append(Row(row.key, row.label, row.status, row.amount, error))
        if row.amount.strip() or row.label.strip():
            status = FundingStatus(row.status) if row.status in STATUSES and row.funder else None
            lines.append(Line(row.heading.side, row.key, row.label, cents, status))
    return lines, told, not any(row.error for row in told)


def _tables(rows: list[Row]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for key, side, in_kind in (
        ("expense", Side.EXPENSE, False),
        ("income", Side.INCOME, False),
        ("in-kind-expense", Side.EXPENSE, True),
        ("in-kind-income", Side.INCOME, True),
    ):
        headings = [heading for heading in CHART.of(side) if heading.in_kind is in_kind]
        ranks = {account.key: rank for rank, account in enumerate(a for h in headings for a in h.accounts)}
        mine = [(number, row) for number, row in enumerate(rows) if row.heading in headings]
        mine.sort(key=lambda item: (item[1].key != THIS_FUND, ranks.get(item[1].key, 0), item[0]))
        groups = [(_(h.label), [a for a in h.accounts if a.key != THIS_FUND]) for h in headings]
        tables[key] = Table(key, mine, groups)
    return tables


@dataclass(frozen=True)
class Check:
    """A bound of the call beside the figure of the budget."""

    name: str
    value: str
    limit: str
    good: bool


def checks(sums: Totals, bounds: Bounds) -> list[Check]:
    """The figures that the screening will judge, with their bounds."""
    wrong = {reason.code for reason in (*budget.amount_problems(sums, bounds), *budget.rate_problems(sums, bounds))}
    found = []
    if bounds.max_cents is not None:
        limit = _("%(most)s au plus", most=euros(bounds.max_cents))
        if bounds.min_cents is not None:
            limit = _("de %(least)s à %(most)s", least=euros(bounds.min_cents), most=euros(bounds.max_cents))
        good = not wrong & {"above_ceiling", "below_floor"} and sums.requested > 0
        found.append(Check(_("Demande"), euros(sums.requested), limit, good))
    rates = (
        (bounds.max_rate_bp, _("Taux demandé"), sums.rate_bp, "rate_above_maximum", _("%(rate)s au plus")),
        (bounds.max_in_kind_bp, _("En nature"), sums.in_kind_bp, "in_kind_above_maximum", _("%(rate)s au plus")),
        (
            bounds.min_other_cash_bp,
            _("Autres ressources"),
            sums.other_cash_bp,
            "other_cash_below_minimum",
            _("%(rate)s au moins"),
        ),
    )
    for limit_bp, name, value, code, words in rates:
        if limit_bp is not None:
            good = code not in wrong and value is not None
            found.append(Check(name, percent(value), words % {"rate": percent(limit_bp)}, good))
    return found


def balance(sums: Totals) -> tuple[str, str]:
    """(tone, sentence) of the balance in cash."""
    if sums.gap == 0:
        return ("ok", _("Budget équilibré.")) if sums.cash_expenses else ("info", _("Aucun montant pour l’instant."))
    amount = euros(abs(sums.gap))
    if sums.gap < 0:
        return "warn", _("Il manque %(x)s. Ajoutez une ressource ou réduisez une dépense.", x=amount)
    return "warn", _("%(x)s de trop. Réduisez une ressource ou ajoutez une dépense.", x=amount)


def _page(
    application: Application,
    rows: list[Row],
    sums: Totals,
    status: int = 200,
    *,
    reasons: list[tuple[str, str]] | None = None,
    last: tuple[str, object] | None = None,
) -> ResponseReturnValue:
    overview = Overview(application, clock.now())
    bounds = eligibility.bounds_of(application.call)
    in_kind = sentence(Reason("in_kind_unbalanced", {"gap": sums.in_kind_gap})) if sums.in_kind_gap else ""
    return page(
        "application/budget.html",
        status,
        application=application,
        overview=overview,
        tables=_tables(rows),
        statuses=STATUSES,
        this_fund=THIS_FUND,
        sums=sums,
        checks=checks(sums, bounds),
        balance=balance(sums),
        in_kind_gap=in_kind,
        errors=[
            (f"#row-{n}-amount", named(_(row.account.label), row.error)) for n, row in enumerate(rows) if row.error
        ],
        stored=eligibility.lines_of(application) if last else (),
        last=last,
        open=overview.open_for("budget"),
        reasons=reasons or [],
    )
