"""The budget out as a workbook, and back: what it would change is shown before anything is written."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask.typing import ResponseReturnValue

from grants import clock
from grants.delivery.uploads import ALLOWED
from grants.domain.budget import Line
from grants.domain.budget_changes import Change, Kind, differences, merged
from grants.domain.chart import THIS_FUND, Chart
from grants.domain.money import format_plain
from grants.exchange.budget_reading import Sheet
from grants.exchange.budget_workbook import Book, Words, write
from grants.models import Application
from grants.queries import eligibility
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.budget_rows import Row, numbered
from grants.web.application.money import STATUSES, proofs_of
from grants.web.kit.access import current_actor, may
from grants.web.kit.bringing import bring, told
from grants.web.kit.downloads import saved_file
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import page
from grants.web.kit.typography import euros
from grants.workflow.actions import Action

KINDS = {
    Kind.ADDED: (_l("Ajoutée"), "ok", "plus"),
    Kind.CHANGED: (_l("Changée"), "info", "pen"),
    Kind.REMOVED: (_l("Retirée"), "warn", "cross"),
}


@blueprint.get("/candidatures/<public_id>/budget.xlsx", endpoint="budget_sheet")
@may(Action.APPLICATION_EDIT)
def budget_sheet(public_id: str) -> ResponseReturnValue:
    """The budget as it is kept, to fill in without a connection."""
    row = own_file(public_id)
    chart = eligibility.chart_of(row.call)
    book = Book(
        row.public_id,
        row.version,
        chart,
        eligibility.lines_of(row),
        [(one.public_id, one.name) for one in row.partners],
        row.call.whole_euros,
    )
    return saved_file(
        write(book, _words(row, chart), clock.now()), f"budget-{row.number or public_id}.xlsx", ALLOWED["xlsx"]
    )


@blueprint.get("/candidatures/<public_id>/budget/tableur", endpoint="budget_import")
@may(Action.APPLICATION_EDIT)
def budget_import(public_id: str) -> ResponseReturnValue:
    """Where a workbook is brought back."""
    return _page(own_file(public_id))


@blueprint.post("/candidatures/<public_id>/budget.xlsx", endpoint="budget_back")
@may(Action.APPLICATION_EDIT)
def budget_back(public_id: str) -> ResponseReturnValue:
    """What the workbook would change. Nothing is written before it is confirmed, and nothing by halves."""
    own_file(public_id)
    return bring(
        partial(_read, public_id),
        lambda status, wrong: _page(own_file(public_id), status, wrong=wrong),
        lambda sheet: _found(own_file(public_id), sheet),
    )


def _read(public_id: str, filename: str, data: bytes) -> Sheet:
    return use_cases.read_workbook(actor=current_actor(), application=public_id, filename=filename, data=data)


def _found(row: Application, sheet: Sheet) -> ResponseReturnValue:
    if sheet.refusals:
        return _page(row, 422, sheet=sheet)
    lines = merged(sheet.base, eligibility.lines_of(row), sheet.lines)
    return _page(row, sheet=sheet, lines=_known(row, lines))


def _known(application: Application, lines: Sequence[Line]) -> list[Line]:
    """The lines without partners and documents that have left the file meanwhile."""
    partners = {one.public_id for one in application.partners}
    proofs = {one.public_id for one in proofs_of(application)}
    return [
        replace(
            line,
            partner=line.partner if line.partner in partners else "",
            proof=line.proof if line.proof in proofs else "",
        )
        for line in lines
    ]


def _page(
    application: Application,
    status: int = 200,
    *,
    wrong: list[tuple[str, str]] | None = None,
    sheet: Sheet | None = None,
    lines: Sequence[Line] | None = None,
) -> ResponseReturnValue:
    chart, current = eligibility.chart_of(application.call), eligibility.lines_of(application)
    names = {one.public_id: one.name for one in application.partners}
    meanwhile = differences(sheet.base, current) if sheet else ()
    changes = differences(current, lines) if lines is not None else ()
    return page(
        "application/budget_import.html",
        status,
        application=application,
        wrong=wrong or [],
        refusals=told(sheet.refusals) if sheet else [],
        read=lines is not None,
        meanwhile=[_told(change, chart, names) for change in meanwhile],
        changes=[_told(change, chart, names) for change in changes],
        rows=_rows(lines or (), chart),
    )


def _rows(lines: Sequence[Line], chart: Chart) -> list[Row]:
    """The lines as the budget page would send them."""
    return numbered(
        Row(
            chart,
            line.key,
            line.label,
            str(line.status or ""),
            line.partner,
            line.proof,
            format_plain(line.amount_cents),
        )
        for line in lines
    )


def _told(change: Change, chart: Chart, names: dict[str, str]) -> tuple[tuple[object, str, str], str, str, str]:
    """(word with its look, account, before, after) of a change."""
    name = f"{chart.number_of(change.line.key)} {_(chart.label_of(change.line.key))}".strip()
    return KINDS[change.kind], name, _line_words(change.before, names), _line_words(change.after, names)


def _line_words(line: Line | None, names: dict[str, str]) -> str:
    if line is None:
        return "–"
    parts = (
        line.label,
        str(STATUSES[line.status]) if line.status and line.key != THIS_FUND else "",
        names.get(line.partner, ""),
        euros(line.amount_cents),
    )
    return ", ".join(part for part in parts if part)


def _words(application: Application, chart: Chart) -> Words:
    return Words(
        title=_("Budget : %(title)s", title=application.title or _("Dossier sans titre")),
        advice=(
            _("Remplissez les cases jaunes : montants, précisions, état, qui. Le reste est protégé."),
            _("Pour une ligne de plus, choisissez un poste dans les lignes vides au bas de chaque tableau."),
            _("Pour retirer une ligne, videz son montant et sa précision. Les totaux se calculent seuls."),
            _(
                "Enregistrez au format .xlsx, puis rapportez le fichier : vous verrez ce qui change avant d’enregistrer."
            ),
        ),
        columns=(_("Poste"), _("Financeur ou précision"), _("État"), _("Qui"), _("Montant (€)")),
        tables={
            "expense": (_("Dépenses"), _("Total des dépenses")),
            "income": (_("Ressources"), _("Total des ressources")),
            "in-kind-expense": (_("En nature : emplois"), _("Total des emplois en nature")),
            "in-kind-income": (_("En nature : contributions"), _("Total des contributions en nature")),
        },
        gap=_("Ressources moins dépenses"),
        in_kind_gap=_("En nature, contributions moins emplois"),
        rate=_("Taux demandé"),
        statuses={status: str(words) for status, words in STATUSES.items()},
        lead=application.organisation.name,
        account=lambda key: f"{chart.number_of(key)} {_(chart.label_of(key))}".strip(),
    )
