"""A budget goes out as a workbook and comes back: the same one, or what was changed in it, or why a cell is refused."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from grants.domain.budget import Line, totals
from grants.domain.chart import BY_ACTIVITY_1, CERFA_12156_06, CHARTS, THIS_FUND, FundingStatus, Side
from grants.domain.money import LARGEST_CENTS
from grants.domain.text import TextError, clean_line
from grants.exchange.budget_reading import NotOurs, cells, read
from grants.exchange.budget_workbook import HIDDEN, Book, Words, write

pytestmark = pytest.mark.pure

AT = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
PARTNERS = (("p1", "Ville de Nort"), ("p2", "Coop Marée"), ("p3", "Ville de Nort"))
TABLES = ("expense", "income", "in-kind-expense", "in-kind-income")


def words_of(chart):
    return Words(
        title="Budget",
        advice=("Remplissez les cases jaunes.",),
        columns=("Poste", "Précision", "État", "Qui", "Montant (€)"),
        tables={key: (key, f"Total {key}") for key in TABLES},
        gap="Ressources moins dépenses",
        in_kind_gap="En nature",
        rate="Taux demandé",
        statuses={
            FundingStatus.TO_REQUEST: "À solliciter",
            FundingStatus.REQUESTED: "Sollicité",
            FundingStatus.GRANTED: "Acquis",
            FundingStatus.REFUSED: "Refusé",
        },
        lead="Rives Communes",
        account=lambda key: f"{chart.number_of(key)} {chart.label_of(key)}".strip(),
    )


def out(lines, chart=CERFA_12156_06, *, whole_euros=False):
    return write(Book("k7f3", 12, chart, lines, PARTNERS, whole_euros), words_of(chart), AT)


def back(data):
    return read(cells(data))


def clean(text):
    try:
        return clean_line(text, 200)
    except TextError:
        return ""


labels = st.one_of(
    st.text(max_size=40).map(clean),
    st.sampled_from(["=1+1", "_x0041_", "-3", "+33", "@x", "1 000", "<b>", "TRUE", "#REF!", "x" * 200, "2027"]).map(
        clean
    ),
)


@st.composite
def a_line(draw, chart):
    heading = draw(st.sampled_from(chart.headings))
    key = draw(st.sampled_from([*(account.key for account in heading.accounts), heading.key]))
    status = draw(st.sampled_from([None, *FundingStatus])) if heading.per_funder else None
    proof = draw(st.sampled_from(["", "a1", "a2"])) if status is FundingStatus.GRANTED else ""
    cents = draw(st.one_of(st.integers(0, 10_000_00), st.integers(0, LARGEST_CENTS)))
    return Line(heading.side, key, draw(labels), cents, status, draw(st.sampled_from(["", "p1", "p2", "p3"])), proof)


@st.composite
def a_budget(draw):
    chart = draw(st.sampled_from(list(CHARTS.values())))
    return chart, tuple(draw(st.lists(a_line(chart), max_size=25)))


@given(a_budget())
@settings(max_examples=60, deadline=None)
def test_what_goes_out_comes_back_the_same(budget):
    """The round trip is the identity: order, cents, names that look like formulas, statuses, partners, proofs."""
    chart, lines = budget
    sheet = back(out(lines, chart))
    assert (sheet.application, sheet.version, sheet.chart) == ("k7f3", 12, chart)
    assert sheet.refusals == ()
    assert sheet.base == lines
    assert sheet.lines == lines


LINES = (
    Line(Side.EXPENSE, "other_services.travel", "Billets", 780_050, None, "p1"),
    Line(Side.EXPENSE, "staff.wages", "", 500_000),
    Line(Side.INCOME, THIS_FUND, "", 900_000),
    Line(Side.INCOME, "grants.region", "Région", 300_000, FundingStatus.GRANTED, "", "a1"),
    Line(Side.INCOME, "grants.department", "Refusé par eux", 100_000, FundingStatus.REFUSED),
)


def opened(lines=LINES):
    book = load_workbook(BytesIO(out(lines)))
    return book, book["Budget"]


def saved(book):
    data = BytesIO()
    book.save(data)
    return back(data.getvalue())


def row_of(sheet, words, column=1):
    return next(row[0].row for row in sheet.iter_rows() if str(row[column - 1].value or "").endswith(words))


def free_row(sheet):
    return next(row[0].row for row in sheet.iter_rows() if row[6].value == "+")


def test_an_amount_a_name_a_line_more_and_a_line_less():
    book, sheet = opened()
    travel = row_of(sheet, "Déplacements, missions")
    sheet.cell(travel, 2).value = "Billets de train"
    sheet.cell(travel, 5).value = 800
    wages = row_of(sheet, "Rémunération des personnels")
    sheet.cell(wages, 5).value = None
    free = free_row(sheet)
    sheet.cell(free, 1).value = "613 Locations"
    sheet.cell(free, 2).value = "Salle"
    sheet.cell(free, 5).value = "1 250,50"
    came = saved(book)
    assert came.refusals == ()
    assert came.lines == (
        Line(Side.EXPENSE, "other_services.travel", "Billets de train", 80_000, None, "p1"),
        *LINES[2:],
        Line(Side.EXPENSE, "external_services.rent", "Salle", 125_050),
    )
    assert came.base == LINES


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        (5, "1.500", "ambiguous"),
        (5, "12,5.0", "ambiguous"),
        (5, "mille", "not_a_number"),
        (5, -3, "negative"),
        (5, 10.005, "too_many_decimals"),
        (5, 1e300, "too_large"),
        (5, True, "not_a_number"),
        (5, AT.replace(tzinfo=None), "not_a_number"),
        (5, "=1+1", "formula_uncounted"),
        (2, "a\u202eb", "invisible"),
        (2, "x" * 201, "too_long"),
        (4, "Inconnue", "unknown_partner"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_by_its_address(column, typed, code):
    book, sheet = opened()
    row = row_of(sheet, "Déplacements, missions")
    sheet.cell(row, column).value = typed
    refused = saved(book).refusals
    assert [(one.address, one.reason.code) for one in refused] == [(f"{'ABCDE'[column - 1]}{row}", code)]


def test_a_status_that_does_not_exist_and_a_line_without_an_account_are_refused():
    book, sheet = opened()
    region = row_of(sheet, "Conseil régional")
    sheet.cell(region, 3).value = "Presque"
    free = free_row(sheet)
    sheet.cell(free, 5).value = 10
    assert [(one.address, one.reason.code) for one in saved(book).refusals] == [
        (f"A{free}", "account_missing"),
        (f"C{region}", "unknown_status"),
    ]


def test_a_formula_that_the_spreadsheet_counted_is_its_value_without_the_noise_of_floats():
    book, sheet = opened()
    sheet.cell(row_of(sheet, "Déplacements, missions"), 5).value = 3.3000000000000003
    assert saved(book).lines[0].amount_cents == 330


def test_only_what_may_be_typed_is_open_and_the_hidden_sheet_is_not_offered():
    book, sheet = opened()
    assert sheet.protection.sheet
    assert book[HIDDEN].sheet_state == "veryHidden"
    row = row_of(sheet, "Déplacements, missions")
    assert [sheet.cell(row, column).protection.locked for column in range(1, 6)] == [True, False, True, False, False]
    region = row_of(sheet, "Conseil régional")
    assert not sheet.cell(region, 3).protection.locked
    assert sheet.cell(row_of(sheet, "Total expense"), 5).protection.locked
    assert sheet.column_dimensions["F"].hidden


def test_totals_are_formulas_that_already_hold_their_value():
    data = out(LINES)
    book, counted = load_workbook(BytesIO(data))["Budget"], load_workbook(BytesIO(data), data_only=True)["Budget"]
    sums = totals(LINES)
    for words, cents in (
        ("Total expense", sums.cash_expenses),
        ("Total income", sums.cash_income),
        ("Ressources moins dépenses", sums.gap),
    ):
        row = row_of(book, words)
        assert str(book.cell(row, 5).value).startswith("=")
        assert round(float(counted.cell(row, 5).value) * 100) == cents
    assert counted.cell(row_of(book, "Taux demandé"), 5).value == pytest.approx(0.7031)


def test_whole_euros_are_shown_without_cents_in_a_chart_by_activity():
    lines = (Line(Side.EXPENSE, "activities.meetings", "Ateliers", 10_000),)
    sheet = load_workbook(BytesIO(out(lines, BY_ACTIVITY_1, whole_euros=True)))["Budget"]
    assert sheet.cell(row_of(sheet, "Ateliers", 2), 5).number_format == "#,##0"


@pytest.mark.parametrize("change", ["mark", "version", "chart", "base", "no sheet"])
def test_a_workbook_that_is_not_ours_is_refused(change):
    book, _sheet = opened()
    hidden = book[HIDDEN]
    if change == "no sheet":
        del book[HIDDEN]
    else:
        hidden[{"mark": "A1", "version": "A3", "chart": "A4", "base": "A7"}[change]].value = "autre"
    with pytest.raises(NotOurs):
        saved(book)


def test_any_other_workbook_is_refused():
    book = Workbook()
    book.active["A1"].value = "Mon budget"
    with pytest.raises(NotOurs) as refused:
        saved(book)
    assert refused.value.reason == "workbook_unknown"


def test_the_request_stays_one_line_however_the_rows_are_copied():
    """A row copied over another with its hidden columns is a new line, never the same one twice."""
    book, sheet = opened()
    travel, free = row_of(sheet, "Déplacements, missions"), free_row(sheet)
    for column in range(1, 8):
        sheet.cell(free, column).value = sheet.cell(travel, column).value
    assert [line.label for line in saved(book).lines].count("Billets") == 2
