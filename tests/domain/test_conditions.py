"""Conditions and formulas of a form: what they answer, what they refuse; the page's script is held to the same list."""

import json
from pathlib import Path

import pytest

from grants.domain.conditions import BadSentence, read_condition, read_formula

pytestmark = pytest.mark.pure
VECTORS = json.loads((Path(__file__).parent / "condition_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize(("data", "expected"), VECTORS["conditions"], ids=lambda one: json.dumps(one)[:60])
def test_a_condition_holds_or_not(data: object, *, expected: bool) -> None:
    assert read_condition(data).holds(VECTORS["answers"]) is expected


@pytest.mark.parametrize(("data", "expected"), VECTORS["formulas"], ids=lambda one: json.dumps(one)[:60])
def test_a_formula_gives_a_text_as_people_type_it(data: object, expected: str) -> None:
    assert read_formula(data).value(VECTORS["answers"]) == expected


@pytest.mark.parametrize("data", [row[0] for row in VECTORS["conditions"]], ids=lambda one: json.dumps(one)[:60])
def test_a_condition_is_written_as_it_was_read(data: object) -> None:
    assert read_condition(data).data() == data


@pytest.mark.parametrize(
    "data",
    [None, {}, "kind", {"field": "kind"}, {"field": "kind", "eval": "1"}, {"all": []}, {"field": "", "is": "x"}],
    ids=str,
)
def test_what_is_no_condition_is_refused(data: object) -> None:
    with pytest.raises(BadSentence, match="not_a_condition"):
        read_condition(data)


@pytest.mark.parametrize("data", [None, {}, {"sum": []}, {"share": ["a"]}, {"count": ["a"]}, {"exec": ["a"]}], ids=str)
def test_what_is_no_formula_is_refused(data: object) -> None:
    with pytest.raises(BadSentence, match="not_a_formula"):
        read_formula(data)
