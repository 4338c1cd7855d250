"""Score sheets out as a workbook and back: the identity, every cell that is refused, keys that nobody alters."""

import random
import re
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from string import ascii_letters

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from grants.domain.score_sheets import compare, names_of, prints_of
from grants.domain.scoring import Criterion, mark_text
from grants.domain.text import clean_text
from grants.exchange.score_keys import Keys
from grants.exchange.score_reading import Back, NotOurs, cells, read
from grants.exchange.score_workbook import BOOK_MARK, GRADE, HEAD_ROWS, HIDDEN, Book, File, Line, Words, write

pytestmark = pytest.mark.pure
AT = datetime(2027, 2, 10, 8, 30, tzinfo=UTC)
SECRET = "un secret de ce site"
RUBRIC = (Criterion("C1", 40), Criterion("C2", 35, 5), Criterion("C3", 25, optional=True))
ANCHORS = ("Hors sujet", "Faible", "Partiel", "Correct", "Solide", "Exemplaire")
WORDS = Words(
    title="Évaluations : Alliances",
    advice=("Remplissez les cases jaunes.", "Rapportez le fichier."),
    contents="Sommaire",
    columns=("Critère", "Note", "Commentaire", "Poids", "Repères"),
    overview=("Dossier", "Projet", "Total"),
    total="Total sur 100",
    opinion="Avis pour le comité",
    private_note="Note personnelle",
    not_applicable="s.o.",
    choose="De 0 à 5.",
    too_long="Trop long.",
)
STRANGE = (
    "=1+1",
    "+33 6",
    "-2",
    "@SUM(A1)",
    "_x0041_",
    "<b>",
    "1e5",
    "2027",
    "12/05/2027",
    "s.o.",
    "\t=x",
    "é\n\nà",
    "'=",
    "＝1",
)


def book_of(*files: File) -> Book:
    lines = [Line(one, f"Critère {one.key}", "Est-ce clair ?", ANCHORS) for one in RUBRIC]
    return Book("appel1", "relectrice1", lines, files)


def file_of(review: str = "r1", number: str = "2027-001", **fields: str) -> File:
    named = {name.replace("_C", ":C"): text for name, text in fields.items()}
    return File(review, 3, number, "Pêche et filières", ("Association", "10 000 €"), named)


def out(*files: File) -> bytes:
    return write(book_of(*files), WORDS, AT, SECRET)


def back(data: bytes, change: Callable[[Workbook], None] | None = None) -> Back:
    """Read it; with `change`, after another program has opened, changed and saved it."""
    if change is not None:
        workbook = load_workbook(BytesIO(data))
        change(workbook)
        kept = BytesIO()
        workbook.save(kept)
        data = kept.getvalue()
    return read(cells(data), RUBRIC, SECRET)


def nothing(_workbook: Workbook) -> None:
    """Opened and saved."""


def grade(tab: str, criterion: int, value: object) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        workbook[tab].cell(HEAD_ROWS + criterion, GRADE + 1).value = value

    return change


def of_one(found: Back) -> dict[str, str]:
    """The filled fields of the only sheet."""
    (sheet,) = found.sheets
    return {name: text for name, text in sheet.fields.items() if text}


# out and back


def some_text(chance: random.Random, limit: int) -> str:
    kind = chance.random()
    if kind < 0.35:
        return ""
    if kind < 0.6:
        return clean_text(chance.choice(STRANGE), limit)
    letters = ascii_letters + " \n'\"<>&=+-@;,é à œ€«»’…ßñ中文🎈ع"
    size = chance.choice((5, 60, 400, limit))
    return clean_text("".join(chance.choices(letters, k=min(size, limit))), limit)


def some_file(chance: random.Random, rank: int) -> File:
    fields = {}
    for one in RUBRIC:
        grades = ["", *(mark_text(halves) for halves in range(11)), *(["na"] if one.optional else [])]
        fields |= {f"mark:{one.key}": chance.choice(grades), f"comment:{one.key}": some_text(chance, 2000)}
    fields |= {"opinion": some_text(chance, 4000), "private_note": some_text(chance, 4000)}
    number = chance.choice((f"2027-{rank:03}", f"A/{rank}:[?]*", "", "sommaire", "2027-001"))
    filled = {name: text for name, text in fields.items() if text}
    return File(f"revue{rank}", chance.randint(1, 40), number, some_text(chance, 120).replace("\n", " "), (), filled)


def test_a_thousand_sheets_come_back_as_they_went_out() -> None:
    """The round trip is the identity on 1 000 generated sheets, and an untouched workbook proposes no change."""
    chance, sheets, begun = random.Random(20270210), 0, time.monotonic()  # noqa: S311 -- not a secret
    while sheets < 1000:
        files = tuple(some_file(chance, rank) for rank in range(1, chance.randint(1, 40) + 1))
        found = back(out(*files))
        assert found.refusals == ()
        assert (found.keys.call, found.keys.reviewer, found.keys.made_at) == ("appel1", "relectrice1", AT)
        assert [one.base.review for one in found.sheets] == [one.review for one in files]
        for file, sheet in zip(files, found.sheets, strict=True):
            assert (sheet.base.version, dict(sheet.base.fields)) == (file.version, dict(file.fields))
            assert set(sheet.fields) == set(names_of(RUBRIC))
            assert {name: text for name, text in sheet.fields.items() if text} == file.fields
            assert compare(prints_of(sheet.base.fields), file.fields, sheet.fields) == ()
        sheets += len(files)
    assert time.monotonic() - begun < 60


def test_another_program_that_saves_it_keeps_its_keys_and_its_answers() -> None:
    files = (
        file_of(mark_C1="4,5", comment_C1="=1+1", mark_C3="na"),
        file_of("r2", "2027-002", opinion="Solide.\nOui."),
    )
    untouched, again = back(out(*files)), back(out(*files), nothing)
    assert again == untouched
    assert isinstance(again.keys, Keys)


def test_sheets_that_were_reordered_and_renamed_are_recognised() -> None:
    def change(workbook: Workbook) -> None:
        workbook["2027-002"].title = "Mon préféré"
        workbook.move_sheet("2027-001", 1)

    found = back(out(file_of(mark_C1="2"), file_of("r2", "2027-002", mark_C1="3")), change)
    assert {one.base.review: (one.tab, one.fields["mark:C1"]) for one in found.sheets} == {
        "r1": ("2027-001", "2"),
        "r2": ("Mon préféré", "3"),
    }


# what people type


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (4, "4"),
        (4.5, "4,5"),
        (0, "0"),
        (3.5000000000000004, "3,5"),
        ("3,5", "3,5"),
        ("3.5", "3,5"),
        (" 3,5 ", "3,5"),
        ("5", "5"),
        ("4,50", "4,5"),
        (None, ""),
        ("  ", ""),
    ],
)
def test_marks_are_taken_as_they_are_typed(typed: object, kept: str) -> None:
    found = back(out(file_of(mark_C1="1")), grade("2027-001", 1, typed))
    assert found.refusals == ()
    assert found.sheets[0].fields["mark:C1"] == kept


@pytest.mark.parametrize("typed", ["s.o.", "S.O.", "s. o.", "sans objet", "n/a", "NA"])
def test_a_criterion_may_be_said_not_to_apply_where_the_call_allows_it(typed: str) -> None:
    assert of_one(back(out(file_of()), grade("2027-001", 3, typed))) == {"mark:C3": "na"}
    refused = back(out(file_of()), grade("2027-001", 1, typed)).refusals
    assert [(one.address, one.reason.code) for one in refused] == [("B7", "always_applies")]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            -0.5,
            5.5,
            6,
            4.25,
            4.999999,
            1e300,
            "NaN",
            "Infinity",
            "５",
            "null",
            "1e400",
            "[4]",
            "4;5",
            "4/5",
            "+4",
            "5,5",
        ),
        *("quatre", datetime(2027, 5, 4, tzinfo=UTC).replace(tzinfo=None)),
    ],
)
def test_rv_11_what_is_not_a_mark_is_refused_by_its_cell(typed: object) -> None:
    """RV-11: the cell is named, what stands in it and what would be taken are told; the other cells are usable."""

    def change(workbook: Workbook) -> None:
        grade("2027-001", 1, typed)(workbook)
        grade("2027-001", 2, 3)(workbook)

    found = back(out(file_of(mark_C1="1")), change)
    assert [(one.sheet, one.address, one.reason.code) for one in found.refusals] == [("2027-001", "B7", "not_a_grade")]
    assert found.refusals[0].reason.params["typed"] == found.refusals[0].typed.strip()
    assert "mark:C1" not in found.sheets[0].fields
    assert found.sheets[0].fields["mark:C2"] == "3"


@pytest.mark.parametrize(
    ("value", "reason"), [("=4+0.5", "workbook_formula"), (True, "workbook_strange"), ("#REF!", "workbook_strange")]
)
def test_what_is_no_value_is_refused_by_its_cell(value: object, reason: str) -> None:
    found = back(out(file_of()), grade("2027-001", 2, value))
    assert [(one.address, one.reason.code) for one in found.refusals] == [("B8", reason)]


def test_a_comment_too_long_or_unreadable_is_refused_by_its_cell() -> None:
    def change(workbook: Workbook) -> None:
        workbook["2027-001"]["C7"].value = "a" * 2001
        workbook["2027-001"]["C11"].value = "a" * 4001
        workbook["2027-001"]["C8"].value = "a" + "\u0301" * 12

    found = back(out(file_of()), change)
    assert [(one.address, one.reason.code) for one in found.refusals] == [
        ("C7", "too_long"),
        ("C8", "marks"),
        ("C11", "too_long"),
    ]


# keys


def on(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        workbook[sheet][cell].value = value

    return change


def one_letter_else(workbook: Workbook) -> None:
    kept = workbook[HIDDEN]["A3"].value
    workbook[HIDDEN]["A3"].value = ("A" if kept[40] != "A" else "B").join((kept[:40], kept[41:]))


@pytest.mark.parametrize(
    "change", [one_letter_else, on(HIDDEN, "A2", "0" * 64), on(HIDDEN, "A2", None), on(HIDDEN, "A3", "")]
)
def test_a_workbook_whose_keys_were_altered_is_refused(change: Callable[[Workbook], None]) -> None:
    with pytest.raises(NotOurs) as refused:
        back(out(file_of(mark_C1="4")), change)
    assert refused.value.reason == "sheets_tampered"


def test_a_workbook_signed_by_another_site_is_refused() -> None:
    with pytest.raises(NotOurs, match="sheets_tampered"):
        read(cells(write(book_of(file_of()), WORDS, AT, "un autre secret")), RUBRIC, SECRET)


def test_what_is_no_workbook_of_ours_is_refused() -> None:
    empty = BytesIO()
    Workbook().save(empty)
    for data, change in ((empty.getvalue(), None), (out(file_of()), on(HIDDEN, "A1", f"{BOOK_MARK}0"))):
        with pytest.raises(NotOurs, match="sheets_unknown"):
            back(data, change)


def test_a_review_that_was_not_handed_out_or_comes_twice_is_refused_alone() -> None:
    def change(workbook: Workbook) -> None:
        copy = workbook.copy_worksheet(workbook["2027-001"])
        copy.title = "Copie"
        workbook["2027-002"]["F1"].value = "autre"

    found = back(out(file_of(mark_C1="4"), file_of("r2", "2027-002"), file_of("r3", "2027-003", mark_C1="1")), change)
    assert [one.base.review for one in found.sheets] == ["r1", "r3"]
    assert [(one.sheet, one.reason.code) for one in found.refusals] == [
        ("2027-002", "sheet_not_open"),
        ("Copie", "sheet_twice"),
    ]


def test_a_row_that_lost_its_key_is_said_and_not_taken_for_empty() -> None:
    found = back(out(file_of(mark_C2="4")), on("2027-001", "F8", None))
    assert [(one.sheet, one.reason.code) for one in found.refusals] == [("2027-001", "sheet_row_lost")]
    assert not {"mark:C2", "comment:C2"} & set(found.sheets[0].fields)


# what the workbook is


def test_ex_02_nothing_that_people_wrote_is_a_formula_or_a_link() -> None:
    """EX-02: the only formulas are the totals, the only links those of the contents to the sheets."""
    texts = {"comment_C1": '=HYPERLINK("http://x.invalid")', "opinion": "http://x.invalid", "private_note": "=1+1"}
    workbook = load_workbook(BytesIO(out(file_of(number="=2+2", **texts))))
    formulas = [
        cell.coordinate for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert formulas == ["C6", "B10"]
    links = [link.location for sheet in workbook for row in sheet.iter_rows() for c in row if (link := c.hyperlink)]
    assert links == ["'=2+2'!B7"]


def test_only_the_answers_are_open_and_the_keys_are_hidden() -> None:
    workbook = load_workbook(BytesIO(out(file_of())))
    sheet: Worksheet = workbook["2027-001"]
    assert all(one.protection.sheet for one in workbook)
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert free == {"B7", "B8", "B9", "C7", "C8", "C9", "C11", "C12"}
    assert workbook[HIDDEN].sheet_state == "veryHidden"
    assert sheet.column_dimensions["F"].hidden
    kinds = {str(one.sqref): (one.type, one.formula1) for one in sheet.data_validations.dataValidation}
    assert kinds["B7"] == ("list", f"'{HIDDEN}'!$C$1:$C$11")
    assert kinds["B9"] == ("list", f"'{HIDDEN}'!$C$1:$C$12")
    assert workbook[HIDDEN]["C2"].value == 0.5


def test_the_total_and_the_levels_are_seen() -> None:
    full = file_of(mark_C1="4", mark_C2="3", mark_C3="na")
    shown = load_workbook(BytesIO(out(full, file_of("r2", "2027-002", mark_C1="4"))), data_only=True)
    assert shown["2027-001"]["B10"].value == pytest.approx(70.67)
    assert shown["2027-002"]["B10"].value == "1 / 3"
    assert shown["Sommaire"]["C6"].value == pytest.approx(70.67)
    assert shown["2027-001"]["E7"].value == "\n".join(f"{mark} : {text}" for mark, text in enumerate(ANCHORS))


def test_rv_05_its_properties_name_nobody() -> None:
    """RV-05: no author, no company; the title is the call's."""
    with zipfile.ZipFile(BytesIO(out(file_of()))) as archive:
        core, app = (archive.read(f"docProps/{name}.xml").decode() for name in ("core", "app"))
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>|<cp:lastModifiedBy>(.*?)</cp:lastModifiedBy>", core) in (
        [],
        [("", "")],
        [("", ""), ("", "")],
    )
    assert "Évaluations : Alliances" in core
    assert "<Company></Company>" in app
