"""The real round says what its source says, and no more."""

import re

import pytest

from grants.demo import caac

pytestmark = pytest.mark.pure

#: number, leads, territories here and there, as the source gives them
SOURCE = (
    ("1", ("Batik International",), ("Manche", "Calvados"), ()),
    ("2", ("SOL",), ("Alpes-Maritimes",), ("Ndem, Sénégal",)),
    ("3", ("Essentiel", "Guinée 44", "Univers-Sel"), ("Pays de la Loire",), ()),
    ("4", ("CGT",), ("France entière",), ()),
    ("5", ("Ifaid", "Agrisud International"), ("Nouvelle-Aquitaine",), ("Itasy, Madagascar",)),
    ("6", ("Grdr",), ("Hauts-de-France",), ("Pays d’origine des diasporas",)),
    ("7", (), (), ()),
)


def test_leads_and_territories_are_those_of_the_source() -> None:
    told = tuple(
        (
            sheet.number,
            sheet.leads,
            tuple(label for _, label in sheet.here),
            tuple(label for _, label in sheet.there),
        )
        for sheet in caac.SHEETS
    )
    assert told == SOURCE


def test_the_seventh_project_is_shown_as_not_described() -> None:
    assert caac.SHEETS[6].placeholder
    assert caac.SHEETS[6].values()["sheet"] == {}


def test_every_sentence_names_the_row_of_the_source_that_it_comes_from() -> None:
    for sheet in caac.SHEETS:
        for said in (*sheet.sought, *sheet.wants):
            assert said.says.startswith(f"{sheet.number}, ")
            assert said.sentence.endswith(".")


def test_no_amount_and_no_mark_stands_beside_a_real_name() -> None:
    for sheet in caac.SHEETS:
        values = sheet.values()
        assert not re.search(r"€|/ ?100|\bnote\b", str(values))
        assert "awarded_cents" not in values
    assert not {"min_cents", "max_cents", "threshold"} & caac.CALL.keys()
