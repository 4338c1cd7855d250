"""The form out as a workbook and back: every answer of every kind, lists, what cannot be taken, what is not ours."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from grants.domain.asking import print_of, same
from grants.domain.places import PLACES
from grants.exchange.form_reading import Back, NotOurs, cells, read
from grants.exchange.form_workbook import HIDDEN, Book, Words, write
from tests.every_kind import ANSWERS, EVERY_KIND

pytestmark = pytest.mark.pure
WORDS = Words(
    title="Dossier",
    advice=("Remplissez.",),
    yes="Oui",
    no="Non",
    optional="Facultatif.",
    limit="%(max)s caractères au plus.",
    sometimes="Selon vos réponses.",
    labels={"Titre du projet": "Project title"},
    countries=[("France", "FR"), ("Sénégal", "SN")],
    places=[(name, code) for code, name in PLACES.items()],
)
AT = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)


def out(answers: dict[str, object] | None = None) -> bytes:
    return write(Book("k7f3", "a" * 64, EVERY_KIND, answers or {}), WORDS, AT)  # type: ignore[arg-type]


def back(data: bytes, change: Callable[[Workbook], None] | None = None) -> Back:
    if change is not None:
        workbook = load_workbook(BytesIO(data))
        change(workbook)
        kept = BytesIO()
        workbook.save(kept)
        data = kept.getvalue()
    return read(cells(data), EVERY_KIND)


def cell_of(workbook: Workbook, words: str, column: int = 2) -> object:
    """The cell beside the question that says this."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_col=1):
            if row[0].value == words and sheet.title != HIDDEN:
                return sheet.cell(row[0].row, column)
    raise AssertionError(words)


def test_a_workbook_that_nobody_touched_says_the_same() -> None:
    found = back(out(ANSWERS))
    assert (found.application, found.terms, found.refusals) == ("k7f3", "a" * 64, ())
    assert all(same(found.answers[key], value) for key, value in ANSWERS.items()), found.answers
    assert {key: found.bases[key] for key in ANSWERS} == {key: print_of(value) for key, value in ANSWERS.items()}
    assert "rate" not in found.answers


def test_an_empty_workbook_answers_nothing() -> None:
    assert all(same(answer, "") for answer in back(out()).answers.values())


def test_a_spreadsheet_program_may_save_it_again() -> None:
    found = back(out(ANSWERS), lambda _workbook: None)
    assert all(same(found.answers[key], value) for key, value in ANSWERS.items())


def test_what_was_typed_comes_back_as_people_type_it() -> None:
    def fill(workbook: Workbook) -> None:
        cell_of(workbook, "Project title").value = "Trois rives"
        cell_of(workbook, "Coût total").value = 20000.5
        cell_of(workbook, "Début du projet").value = datetime(2027, 4, 1)  # noqa: DTZ001 -- spreadsheets have no zone
        cell_of(workbook, "Pays d’action").value = "sénégal"
        cell_of(workbook, "Choix 2").value = "X"
        cell_of(workbook, "Préparation").value = "avril"
        cell_of(workbook, "J’accepte que le résumé soit publié").value = "Oui"

    found = back(out(), fill).answers
    assert found["title"] == "Trois rives"
    assert found["cost"] == "20000,5"
    assert found["starts_on"] == "2027-04-01"
    assert found["country"] == "SN"
    assert found["themes"] == ["c2"]
    assert found["plan"] == [{"when": "avril"}, {}, {}]
    assert found["share"] == "yes"


def test_cells_that_cannot_be_taken_are_told_and_the_rest_comes_back() -> None:
    def fill(workbook: Workbook) -> None:
        cell_of(workbook, "Coût total").value = "=1+1"
        cell_of(workbook, "Pays d’action").value = "Atlantide"
        cell_of(workbook, "Personnes engagées").value = True
        cell_of(workbook, "Project title").value = "Trois rives"

    found = back(out(ANSWERS), fill)
    assert [(one.typed, one.reason.code) for one in found.refusals] == [
        ("True", "workbook_strange"),
        ("=1+1", "workbook_formula"),
        ("Atlantide", "unknown_choice"),
    ]
    assert not {"cost", "country", "team"} & set(found.answers)
    assert found.answers["title"] == "Trois rives"


def test_answers_are_open_and_everything_else_is_locked() -> None:
    workbook = load_workbook(BytesIO(out(ANSWERS)))
    assert workbook.sheetnames[:2] == ["1 Le projet", "2 Avec qui, où"]
    assert all(sheet.protection.sheet for sheet in workbook.worksheets)
    assert not cell_of(workbook, "Project title").protection.locked
    assert cell_of(workbook, "Project title", 1).protection.locked
    assert workbook[HIDDEN].sheet_state == "veryHidden"


def test_a_formula_in_an_answer_stays_a_text() -> None:
    workbook = load_workbook(BytesIO(out({"title": '=HYPERLINK("http://x")'})))
    assert cell_of(workbook, "Project title").data_type == "s"


def test_another_workbook_is_not_ours() -> None:
    kept = BytesIO()
    Workbook().save(kept)
    with pytest.raises(NotOurs):
        back(kept.getvalue())
