"""Sheets as fields: marks as people type them, what is lacking, three versions compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain import scoring
from grants.domain.reasons import Unreadable
from grants.domain.score_sheets import (
    NOT_APPLICABLE,
    GradeError,
    Since,
    comments_in,
    compare,
    complete,
    lacking,
    marks_in,
    names_of,
    not_applicable_in,
    prints_of,
    read_field,
    read_grade,
    written,
)
from grants.domain.scoring import Criterion

pytestmark = pytest.mark.pure
RUBRIC = (Criterion("C1", 60), Criterion("C2", 40, optional=True))
values = st.sampled_from(["", "a", "b", "c"])
fields = st.fixed_dictionaries(dict.fromkeys(names_of(RUBRIC), values))


def test_the_names_stand_in_reading_order() -> None:
    assert list(names_of(RUBRIC)) == ["mark:C1", "comment:C1", "mark:C2", "comment:C2", "opinion", "private_note"]


@given(
    st.dictionaries(st.sampled_from(["C1", "C2"]), st.one_of(st.none(), st.integers(0, 10))),
    st.sampled_from([[], ["C2"]]),
)
def test_marks_survive_being_written_as_fields(marks: dict[str, int | None], without: list[str]) -> None:
    marks = {key: None if key in without else marks.get(key) for key in ("C1", "C2")}
    found = written(marks, {"C1": "Net."}, without, "Oui.", "")
    assert marks_in(found, RUBRIC) == marks
    assert not_applicable_in(found, RUBRIC) == frozenset(without)
    assert comments_in(found, RUBRIC) == {"C1": "Net.", "C2": ""}
    assert all(found.values())


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        ({}, ("mark:C1", "mark:C2")),
        ({"mark:C1": "3", "mark:C2": "3"}, ()),
        ({"mark:C1": "3", "mark:C2": NOT_APPLICABLE}, ()),
        ({"mark:C1": NOT_APPLICABLE, "mark:C2": NOT_APPLICABLE}, ("mark:C1", "mark:C2")),
        ({"mark:C1": "5", "mark:C2": "1"}, ("comment:C1", "comment:C2")),
        ({"mark:C1": "5", "comment:C1": "Net.", "mark:C2": "1", "comment:C2": " "}, ("comment:C2",)),
    ],
)
def test_what_a_review_lacks_is_named(found: dict[str, str], missing: tuple[str, ...]) -> None:
    """The same as what the guards ask before a review is given."""
    assert lacking(found, RUBRIC) == missing
    assert complete(found, RUBRIC) is (missing == ())


def test_every_mark_is_read_as_it_is_written() -> None:
    for halves in range(scoring.TOP_HALVES + 1):
        text = scoring.mark_text(halves)
        assert read_grade(f" {text.replace(',', '.')} ", optional=False) == text
    assert read_grade("Sans objet", optional=True) == NOT_APPLICABLE
    assert not read_grade("  ", optional=False)


@pytest.mark.parametrize(
    ("typed", "optional", "reason"),
    [("5,5", False, "not_a_grade"), ("5,5", True, "not_a_grade_or_na"), ("s.o.", False, "always_applies")],
)
def test_what_is_no_mark_says_what_was_typed(typed: str, *, optional: bool, reason: str) -> None:
    with pytest.raises(GradeError) as refused:
        read_grade(typed, optional=optional)
    assert refused.value.as_reason.code == reason
    assert refused.value.as_reason.params == {"typed": typed}


def test_texts_are_kept_in_one_spelling_and_within_their_limit() -> None:
    assert read_field("comment:C1", "a\r\nb ", RUBRIC) == "a\nb"
    assert len(read_field("opinion", "a" * 4000, RUBRIC)) == 4000
    for name, most in (("comment:C1", 2000), ("private_note", 4000)):
        with pytest.raises(Unreadable):
            read_field(name, "a" * (most + 1), RUBRIC)


@given(fields, fields, fields)
def test_three_versions_are_compared_field_by_field(
    base: dict[str, str], here: dict[str, str], brought: dict[str, str]
) -> None:
    """What changed in the sheet alone, here alone, on both sides differently; the rest is no change."""
    found = {one.field: one for one in compare(prints_of(base), here, brought)}
    for name in names_of(RUBRIC):
        moved = (brought[name] != base[name], here[name] != base[name])
        wanted = {(True, False): Since.SHEET, (False, True): Since.HERE, (True, True): Since.BOTH}.get(moved)
        same = brought[name] == here[name]
        assert (found[name].since if name in found else None) == (None if same else wanted)
        if name in found:
            assert (found[name].here, found[name].brought) == (here[name], brought[name])


@given(fields, fields)
def test_accepting_what_the_sheet_changed_gives_the_sheet(base: dict[str, str], brought: dict[str, str]) -> None:
    taken = {one.field: one.brought for one in compare(prints_of(base), base, brought) if one.proposed}
    assert {**base, **taken} == brought
    assert compare(prints_of(base), brought, brought) == ()


def test_a_field_that_the_sheet_does_not_bring_is_left_alone() -> None:
    assert compare(prints_of({"opinion": "a"}), {"opinion": "b", "mark:C1": "3"}, {}) == ()
