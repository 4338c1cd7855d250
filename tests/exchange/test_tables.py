"""Lists that are taken away hold no formula, whatever people wrote; the same list has the same bytes."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from grants.clock import frozen
from grants.exchange import tables
from grants.exchange.tables import Cell, Limits, csv_rows, guarded, xlsx_pieces

pytestmark = pytest.mark.pure

#: What starts a formula somewhere: in Excel, LibreOffice, a Japanese keyboard, behind a quote, behind a space.
ACTIVE = [
    *("=1+1", "+33", "-2", "@SUM(A1)", "|cmd", "%x", ";=1", "＝1+1", "＋1", "－1", "＠x"),
    *(
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\u200b=1",
        '"=1+1',
        "'=1",
        '"\'=HYPERLINK("http://x")',
        "\t=1",
        "\rx",
        "\nx",
        "\tx",
    ),
]
#: The one of these that a semicolon makes: harmless where it stands inside quotes.
QUOTED = frozenset({";=1"})
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_csv(*rows: tuple[Cell, ...]) -> list[list[str]]:
    text = b"".join(csv_rows(["a"], rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def book(*rows: tuple[Cell, ...], limits: Limits = Limits(), sheet: str = "Dossiers") -> zipfile.ZipFile:  # noqa: B008
    return zipfile.ZipFile(io.BytesIO(b"".join(xlsx_pieces(sheet, ["a"], rows, note="[coupé]", limits=limits))))


def cells(read: zipfile.ZipFile, sheet: int = 1) -> list[str]:
    """The texts of a sheet, below the names of the columns."""
    tree = ET.fromstring(read.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 -- our own
    return ["".join(cell.itertext()) for cell in tree.iter(f"{NS}c")][1:]


@pytest.mark.parametrize("text", [text for text in ACTIVE if text not in QUOTED])
def test_ex_01_what_a_spreadsheet_would_compute_is_written_as_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Association", "3 – 4", "« =1 »", "l’=", "a=b", '"Pêche"'])
def test_ex_01_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ACTIVE)
def test_ex_01_in_a_csv_each_stays_one_cell_that_starts_with_an_apostrophe(text: str) -> None:
    (row,) = read_csv((text, "suite"))
    assert row == [text if text in QUOTED else f"'{text}", "suite"]


def test_ex_01_numbers_are_numbers_and_negative_ones_keep_their_sign() -> None:
    assert read_csv((-5, -12.5, 3, date(2027, 3, 1), datetime(2027, 3, 1, 9, 30, tzinfo=UTC), None)) == [
        ["-5", "-12,50", "3", "2027-03-01", "2027-03-01 09:30:00", ""]
    ]
    tree = ET.fromstring(book((-5, -12.5)).read("xl/worksheets/sheet1.xml"))  # noqa: S314
    typed = [(cell.get("t"), cell.findtext(f"{NS}v")) for cell in tree.iter(f"{NS}c")][1:]
    assert typed == [(None, "-5"), (None, "-12.5")]


@pytest.mark.parametrize("text", [*ACTIVE, "http://exemple.invalid", "mailto:a@b.invalid", "internal:Sheet1!A1"])
def test_ex_02_a_workbook_has_no_formula_and_no_link_and_keeps_the_text(text: str) -> None:
    read = book((text,))
    markup = read.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f" in markup, "hyperlink" in markup) == (False, False)
    assert not [name for name in read.namelist() if "_rels/sheet" in name]
    assert cells(read) == [text.replace("\r", "\n")]


def test_ex_03_control_characters_go_and_a_long_cell_is_cut_with_a_note() -> None:
    told = "un\x00deux\x0btrois\x1b\ufffe\uffff\x85\nquatre"
    assert cells(book((told,))) == ["undeuxtrois\nquatre"]
    assert read_csv((told,)) == [["undeuxtrois\nquatre"]]
    (cut,) = cells(book(("é" * 40_000,)))
    assert (len(cut), cut[-8:]) == (tables.LONGEST_CELL, "é[coupé]")
    (wide,) = cells(book(("\U0001f469" * 40_000,)))  # two units each, as a workbook counts
    assert (len(wide.encode("utf-16-le")) // 2 <= tables.LONGEST_CELL, wide.endswith("\U0001f469[coupé]")) == (
        True,
        True,
    )
    assert read_csv(("é" * 40_000,)) == [["é" * 40_000]]  # a CSV has no such limit


def test_ex_03_rows_that_do_not_fit_follow_on_another_sheet() -> None:
    assert Limits() == Limits(cell=32_767, rows=1_048_576)  # what Excel holds
    read = book(
        *((f"r{number}",) for number in range(7)),
        limits=Limits(rows=4),
        sheet="Un nom de feuille bien trop long pour tenir",
    )
    assert [cells(read, sheet) for sheet in (1, 2, 3)] == [["r0", "r1", "r2"], ["r3", "r4", "r5"], ["r6"]]
    names = [part.get("name") for part in ET.fromstring(read.read("xl/workbook.xml")).iter(f"{NS}sheet")]  # noqa: S314
    assert [len(name or "") for name in names] == [31, 31, 31]
    assert [(name or "")[-2:] for name in names[1:]] == [" 2", " 3"]


def test_the_same_rows_have_the_same_bytes_at_any_time_and_name_nobody() -> None:
    def written() -> bytes:
        return b"".join(xlsx_pieces("Dossiers", ["a", "b"], [("x", 1)]))

    at = datetime(2027, 3, 1, tzinfo=UTC)
    with frozen(at):
        first = written()
    with frozen(at + timedelta(days=400)):
        assert written() == first
    read = zipfile.ZipFile(io.BytesIO(first))
    assert {info.date_time[0] for info in read.infolist()} == {1980}
    core = ET.fromstring(read.read("docProps/core.xml"))  # noqa: S314
    assert {part.tag.rpartition("}")[2]: part.text for part in core if part.text} == {
        "created": "1980-01-01T00:00:00Z",
        "modified": "1980-01-01T00:00:00Z",
    }
