"""Scoring: a review given by a POST, with its trace in the same transaction, beside one bare INSERT."""

from typing import TYPE_CHECKING

from tests.bench.pages import Line

if TYPE_CHECKING:
    from tests.bench.__main__ import Plan, Stage


def measure(stage: "Stage", plan: "Plan") -> list[Line]:
    """Nothing yet."""
    return []
