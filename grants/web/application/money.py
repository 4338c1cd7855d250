"""The budget page: rows by the chart of accounts, totals of both sides, what is out of bounds, who brings what."""

from dataclasses import dataclass, replace

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import budget
from grants.domain.budget import NO_BUDGET, PROOF_KIND, Bounds, Line, Totals
from grants.domain.chart import THIS_FUND, Chart, FundingStatus
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Application, Attachment
from grants.queries import application as files
from grants.queries import eligibility
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.budget_rows import Row, Table, numbered, read, stored_rows, tables, typed_rows
from grants.web.application.pages import Overview
from grants.web.kit.access import current_actor, may
from grants.web.kit.downloads import store
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.web.kit.typography import euros, percent
from grants.workflow.actions import Action

STATUSES = {
    FundingStatus.TO_REQUEST: _l("À solliciter"),
    FundingStatus.REQUESTED: _l("Sollicité"),
    FundingStatus.GRANTED: _l("Acquis"),
    FundingStatus.REFUSED: _l("Refusé"),
}
AMOUNT_REASONS = ("not_a_number", "negative", "ambiguous", "too_many_decimals", "too_large")


@blueprint.get("/candidatures/<public_id>/budget", endpoint="budget")
@may(Action.APPLICATION_EDIT)
def budget_page(public_id: str) -> ResponseReturnValue:
    """Both sides, their balance, the bounds of the call."""
    row = own_file(public_id)
    going_on = "suite" in request.args
    return draw(row, stored_rows(eligibility.lines_of(row), eligibility.chart_of(row.call), offering=going_on))


@blueprint.post("/candidatures/<public_id>/budget")
@may(Action.APPLICATION_EDIT)
def save_budget(public_id: str) -> ResponseReturnValue:
    """Keep the lines. An amount that cannot be read is asked again; everything typed stays.

    Buttons add a line, take one out, count again, or add a document: each keeps what was typed as well.
    """
    call = own_file(public_id).call
    chart = eligibility.chart_of(call)
    typed = typed_rows(request.form, chart)
    taken_out = request.form.get("retirer", type=int)
    rows = [row for row in typed if row.number != taken_out or not row.removable]
    lines, rows = read(rows, whole_euros=call.whole_euros)
    added = _added(chart)
    if any(row.error for row in rows):
        return draw(own_file(public_id), numbered([*rows, *added]), 422)
    lines += [Line(row.heading.side, row.key, "", 0) for row in added]
    version = request.form.get("version", type=int)
    try:
        use_cases.save_budget(actor=current_actor(), application=public_id, lines=lines, version=version)
    except Conflict:
        row = own_file(public_id)
        return draw(row, rows, 409, last=files.last_writer(db.session(), row))
    except (NotPossible, Invalid) as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        return draw(own_file(public_id), rows, status, reasons=reasons_of(refused))
    return _after(public_id, lines, [row.number for row in rows if row.filled])


def _added(chart: Chart) -> list[Row]:
    """The line that a button asks for."""
    key = request.form.get(f"new-{request.form.get('ajouter', '')}", "")
    return [Row(chart, key)] if chart.account(key) is not None else []


def _after(public_id: str, lines: list[Line], numbers: list[int]) -> ResponseReturnValue:
    """Where to go once the lines are kept (`numbers`: their places in the form): on with the table, or to the file."""
    if "joindre" in request.form:
        chosen = request.form.get("pour", type=int)
        return _proof(public_id, lines, numbers.index(chosen) if chosen in numbers else -1)
    if "ajouter" in request.form:
        return back("application.budget", public_id=public_id, suite=1, _anchor=f"row-{len(lines) - 1}-label")
    if "recalculer" in request.form:
        return back("application.budget", public_id=public_id, suite=1, _anchor="equilibre")
    if "retirer" in request.form:
        return back("application.budget", public_id=public_id, _anchor="equilibre")
    flash(_("Le budget est enregistré."), "ok")
    return back("application.show", public_id=public_id)


def _proof(public_id: str, lines: list[Line], rank: int) -> ResponseReturnValue:
    """Receive the document that shows a granted co-funding, and name it on its line (`rank`; below zero: on none)."""
    sent = request.files.get("justificatif")
    if sent is None or not sent.filename:
        return _again(public_id, [("file_missing", _("Choisissez un fichier."))])
    actor = current_actor()
    try:
        added = use_cases.attach(
            actor=actor,
            application=public_id,
            kind=PROOF_KIND,
            filename=sent.filename,
            data=sent.read(),
            store=store(),
        )
        if rank >= 0 and lines[rank].status is FundingStatus.GRANTED:
            lines[rank] = replace(lines[rank], proof=added.public_id)
            use_cases.save_budget(actor=actor, application=public_id, lines=lines)
    except (NotPossible, Invalid) as refused:
        return _again(public_id, reasons_of(refused), 422 if isinstance(refused, Invalid) else 409)
    flash(_("%(name)s est reçu.", name=added.filename), "ok")
    return back("application.budget", public_id=public_id, _anchor="justificatifs")


def _again(public_id: str, wrong: list[tuple[str, str]], status: int = 422) -> ResponseReturnValue:
    """The page as it was kept, with what is wrong with the document."""
    row = own_file(public_id)
    rows = stored_rows(eligibility.lines_of(row), eligibility.chart_of(row.call))
    return draw(row, rows, status, wrong=wrong)


@dataclass(frozen=True)
class Check:
    """A bound of the call beside the figure of the budget; the last five are what the script judges it by.

    `part` and `whole` name sums; `least` and `most` are cents, or basis points where there is a whole.
    """

    name: str
    value: str
    limit: str
    good: bool
    part: str
    whole: str = ""
    least: int | None = None
    most: int | None = None


def checks(sums: Totals, bounds: Bounds) -> list[Check]:
    """The figures that the screening will judge, with their bounds."""
    wrong = {reason.code for reason in (*budget.amount_problems(sums, bounds), *budget.rate_problems(sums, bounds))}
    found = []
    least, most = bounds.min_cents, bounds.max_cents
    if least is not None or most is not None:
        good = not wrong & {"above_ceiling", "below_floor"} and sums.requested > 0
        limit = _amount_limit(least, most)
        found.append(Check(_("Demande"), euros(sums.requested), limit, good, "requested", "", least, most))
    rate, base = (sums.rate_bp, "expense")
    if bounds.rate_with_in_kind:
        rate, base = (sums.rate_with_in_kind_bp, "grand")
    if (top := bounds.max_rate_bp) is not None:
        good = "rate_above_maximum" not in wrong and rate is not None
        found.append(Check(_("Taux demandé"), percent(rate), _most(top), good, "requested", base, most=top))
    if (top := bounds.max_in_kind_bp) is not None:
        value, good = sums.in_kind_bp, "in_kind_above_maximum" not in wrong and sums.in_kind_bp is not None
        found.append(Check(_("En nature"), percent(value), _most(top), good, "in-kind-expense", "grand", most=top))
    if (floor := bounds.min_other_cash_bp) is not None:
        value, good = sums.other_cash_bp, "other_cash_below_minimum" not in wrong and sums.other_cash_bp is not None
        words = _("%(rate)s au moins", rate=percent(floor))
        found.append(Check(_("Autres ressources"), percent(value), words, good, "other", "income", least=floor))
    return found


def _most(limit_bp: int) -> str:
    return str(_("%(rate)s au plus", rate=percent(limit_bp)))


def _amount_limit(least: int | None, most: int | None) -> str:
    if least is None:
        return str(_("%(most)s au plus", most=euros(most)))
    if most is None:
        return str(_("%(least)s au moins", least=euros(least)))
    return str(_("de %(least)s à %(most)s", least=euros(least), most=euros(most)))


def balance(sums: Totals) -> tuple[str, str]:
    """(tone, sentence) of the balance in cash."""
    words = _words()
    if sums.gap == 0:
        tone = "ok" if sums.cash_expenses else "info"
        return tone, words[tone]
    return "warn", words["missing" if sums.gap < 0 else "over"].replace("{x}", euros(abs(sums.gap)))


def _words() -> dict[str, str]:
    """What the script says, in the words of the server."""
    return {
        "ok": _("Budget équilibré."),
        "info": _("Aucun montant pour l’instant."),
        "missing": _("Il manque {x}. Ajoutez une ressource ou réduisez une dépense."),
        "over": _("{x} de trop. Réduisez une ressource ou ajoutez une dépense."),
        "pasted": _("Lignes collées : {x}."),
        "removed": _("Ligne retirée."),
        **{code: sentence(Reason(code)) for code in AMOUNT_REASONS},
    }


@dataclass(frozen=True)
class Share:
    """A line of the table of who spends and who brings how much."""

    name: str
    spends: int
    spends_bp: int
    brings: int
    in_kind: int


def shares(application: Application, lines: list[Line]) -> list[Share]:
    """The lead and its partners with their parts of the budget; nothing where the file has no partner."""
    names = {partner.public_id: partner.name for partner in application.partners}
    if not names:
        return []
    found = budget.shares(lines, tuple(names), eligibility.chart_of(application.call))
    return [
        Share(
            names.get(one.partner, application.organisation.name),
            one.spends,
            one.spends_bp,
            one.brings,
            one.totals.in_kind_expenses,
        )
        for one in found
    ]


def proofs_of(application: Application) -> list[Attachment]:
    """The documents that show co-fundings."""
    return [one for one in application.attachments if one.kind == PROOF_KIND and one.removed_at is None]


def draw(
    application: Application,
    rows: list[Row],
    status: int = 200,
    *,
    reasons: list[tuple[str, str]] | None = None,
    wrong: list[tuple[str, str]] | None = None,
    last: tuple[str, object] | None = None,
) -> ResponseReturnValue:
    """The page with these rows, counted as far as they can be read."""
    overview, call = Overview(application, clock.now()), application.call
    chart = eligibility.chart_of(call)
    lines, _told = read(rows, whole_euros=call.whole_euros)
    sums = budget.totals(lines, chart) if lines else NO_BUDGET
    found = tables(rows, chart)
    return page(
        "application/budget.html",
        status,
        application=application,
        chart=chart,
        tables=found,
        blanks={key: _blank(table, chart) for key, table in found.items()},
        partners=[("", application.organisation.name)] + [(one.public_id, one.name) for one in application.partners],
        statuses=STATUSES,
        this_fund=THIS_FUND,
        headings=_headings(lines, chart),
        checks=checks(sums, eligibility.bounds_of(call)),
        words={**_words(), "whole": call.whole_euros},
        shares=shares(application, lines),
        granted=[row for row in rows if row.granted and row.filled],
        errors=[(f"#row-{row.number}-amount", named(row.name, row.error)) for row in rows if row.error],
        stored=eligibility.lines_of(application) if last else (),
        last=last,
        open=overview.open_for("budget"),
        reasons=reasons or [],
        wrong=wrong or [],
        **_figures(application, sums),
    )


def _figures(application: Application, sums: Totals) -> dict[str, object]:
    """The sums with their sentences, the documents, the addresses of the workbook."""
    return {
        "sums": sums,
        "balance": balance(sums),
        "unproved": sentence(Reason("proof_missing", {"count": sums.unproved})),
        "proofs": proofs_of(application),
        "sheet_out": url_for("application.budget_sheet", public_id=application.public_id),
        "sheet_in": url_for("application.budget_import", public_id=application.public_id),
    }


def _blank(table: Table, chart: Chart) -> Row:
    """The row that the script copies for this table."""
    return Row(chart, table.groups[-1].heading.accounts[-1].key)


def _headings(lines: list[Line], chart: Chart) -> dict[str, int]:
    """Cents of every heading; refused funders count for nothing."""
    sums: dict[str, int] = {}
    for line in lines:
        heading = chart.heading(line.key)
        if heading is not None and line.status is not FundingStatus.REFUSED:
            sums[heading.key] = sums.get(heading.key, 0) + line.amount_cents
    return sums
