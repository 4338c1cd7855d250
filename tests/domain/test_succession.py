"""Who enters with freed money: the reserve list walked down by its ranks, beside the awards that stand."""

from typing import Any

import pytest

from grants.domain import succession

pytestmark = pytest.mark.pure


def who_enters(content: dict[str, Any]) -> dict[str, Any]:
    """What the search answers to this material."""
    return succession.who_enters(content)  # type: ignore[arg-type]  # plain data, as the child reads it


def material(**more: Any) -> dict[str, Any]:
    return {
        "envelope_cents": 300,
        "places": None,
        "per_organisation": None,
        "bounds": [],
        "standing": [{"id": "a", "cents": 100, "tags": [], "organisation": "o1"}],
        "waiting": [
            {"id": "b", "rank": 1, "asked_cents": 250, "least_cents": 250, "tags": [], "organisation": "o2"},
            {"id": "c", "rank": 2, "asked_cents": 150, "least_cents": 100, "tags": ["t"], "organisation": "o1"},
            {"id": "d", "rank": 3, "asked_cents": 40, "least_cents": 40, "tags": ["t"], "organisation": "o3"},
        ],
        **more,
    }


def test_the_list_is_walked_by_its_ranks_and_each_file_passed_knows_why() -> None:
    found = who_enters(material())
    assert found["entering"] == [{"id": "c", "cents": 150}, {"id": "d", "cents": 40}]
    assert found["passed"] == [{"id": "b", "why": "too_little_left", "needs_cents": 250, "left_cents": 200}]
    assert (found["left_cents"], found["remains_cents"]) == (200, 10)


def test_rules_of_the_call_bind_and_those_that_the_awards_break_are_dropped_by_name() -> None:
    bound = who_enters(material(per_organisation=1))
    assert [one["why"] for one in bound["passed"]] == ["too_little_left", "organisation"]
    limited = who_enters(material(bounds=[{"tag": "t", "max": 1}]))
    assert limited["passed"][-1] == {"id": "d", "why": "rule", "rule": "t"}
    full = who_enters(material(places=1))
    assert {one["why"] for one in full["passed"]} == {"no_place"}
    broken = who_enters(material(bounds=[{"tag": "nobody", "min": 1}]))
    assert (broken["dropped"], len(broken["entering"])) == (["min:nobody"], 2)
