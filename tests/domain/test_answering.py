"""Whether one answer can stand."""

import pytest

from grants.domain.answering import field_problem, required_fields
from grants.domain.conditions import Answer, read_condition
from grants.domain.forms import Choice, Field, FieldKind

pytestmark = pytest.mark.pure

K = FieldKind
TWO = (Choice("a", "A"), Choice("b", "B"))
COLUMNS = (Field("name", K.LINE, "Nom", limit=5), Field("n", K.WHOLE, "Nombre", required=False, most=9))


def code(kind: FieldKind, answer: Answer, **more: object) -> str:
    problem = field_problem(Field("f", kind, "F", **more), answer)  # type: ignore[arg-type]
    return problem.code if problem else ""


@pytest.mark.parametrize(
    ("kind", "good", "bad", "why"),
    [
        (K.WHOLE, "1 200", "douze", "not_a_number"),
        (K.WHOLE, "12", "1,5", "not_whole"),
        (K.NUMBER, "12,5", "1e5", "not_a_number"),
        (K.AMOUNT, "15 000,50", "1.500", "ambiguous"),
        (K.AMOUNT, "0", "-1", "negative"),
        (K.PERCENT, "12,5 %", "101", "not_a_percentage"),
        (K.DAY, "12 mars 2027", "30/02/2027", "not_a_date"),
        (K.PHONE, "0690 12 34 56", "3949", "not_a_phone"),
        (K.EMAIL, "a@exemple.invalid", "a@b", "not_an_email"),
        (K.LINK, "https://exemple.invalid/a?b", "javascript:alert(1)", "not_a_link"),
        (K.CHOICE, "a", "c", "unknown_choice"),
        (K.COUNTRY, "ML", "ZZ", "unknown_choice"),
        (K.PLACE, "REG-93", "93", "unknown_choice"),
        (K.POSTCODE, "75015", "00100", "not_a_postcode"),
        (K.SIRET, "73282932000074", "00000000000000", "not_a_siret"),
        (K.RNA, "W503726238", "A172736283", "not_a_rna"),
        (K.DECLARATION, "yes", "no", "missing"),
        (K.CHOICES, ["a"], ["a", "z"], "unknown_choice"),
    ],
)
def test_a_kind_of_question_reads_its_answers(kind: FieldKind, good: Answer, bad: Answer, why: str) -> None:
    choices = TWO if kind in (K.CHOICE, K.CHOICES) else ()
    assert code(kind, good, choices=choices) == ""
    assert code(kind, bad, choices=choices) == why


def test_a_limit_counts_code_points() -> None:
    assert code(K.LINE, "éàü🙂", limit=4) == ""
    assert code(K.LINE, "éàü🙂!", limit=4) == "too_long"


def test_bounds_are_of_the_number_the_choices_or_the_rows() -> None:
    assert [code(K.WHOLE, one, least=2, most=3) for one in "1234"] == ["below_least", "", "", "above_most"]
    assert [code(K.CHOICES, one, choices=TWO, least=2) for one in (["a"], ["a", "b"])] == ["too_few", ""]
    assert code(K.CHOICES, ["a", "b"], choices=TWO, most=1) == "too_many"
    rows = [{"name": "un"}, {"name": "deux"}, {"name": " "}]
    assert code(K.GROUP, rows, columns=COLUMNS, most=2) == ""
    assert code(K.GROUP, rows, columns=COLUMNS, most=1) == "too_many"


def test_a_cell_is_told_with_its_row_and_its_column() -> None:
    problem = field_problem(Field("f", K.GROUP, "F", columns=COLUMNS), [{"name": "un"}, {"name": "deux", "n": "12"}])
    assert problem is not None
    assert (problem.code, dict(problem.params)) == (
        "in_a_row",
        {"most": 9, "row": 2, "column": "Nombre", "why": "above_most"},
    )
    unnamed = field_problem(Field("f", K.GROUP, "F", columns=COLUMNS), [{"name": "", "n": "3"}])
    assert unnamed is not None
    assert unnamed.params["why"] == "missing"


def test_the_named_rows_of_a_table_ask_for_all_their_cells() -> None:
    table = Field("f", K.TABLE, "F", columns=COLUMNS, rows=("Un", "Deux"))
    assert field_problem(table, [{"name": "a"}, {"name": "b"}]) is None
    empty = field_problem(table, [{"name": "a"}, {"name": ""}])
    assert empty is not None
    assert empty.params["row"] == 2


def test_what_is_only_shown_is_never_missing_and_what_is_not_asked_is_not_required() -> None:
    shown = [Field("n", K.NOTE, "N"), Field("c", K.COMPUTED, "C")]
    asked = Field("x", K.LINE, "X", shown_if=read_condition({"field": "kind", "is": "other"}))
    assert [code(kind, "") for kind in (K.NOTE, K.COMPUTED)] == ["", ""]
    assert required_fields((*shown, asked), {"kind": "town"}) == ()
    assert required_fields((*shown, asked), {"kind": "other"}) == (asked,)


def test_an_optional_answer_may_be_left_empty_and_a_required_one_may_not() -> None:
    for kind in set(K) - {K.NOTE, K.COMPUTED}:
        assert code(kind, "", required=False) == ""
        assert code(kind, "") == "missing"
