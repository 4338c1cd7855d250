"""Panels for the proofs: the published one, and simulated ones whose truth is known."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grants.domain.rank_report import Grade

PUBLISHED = Path(__file__).parents[1] / "domain/data/snsf_panel1.json"


def published() -> dict[str, Any]:
    """Panel 1 of the demonstration of the Swiss National Science Foundation, its grades and its table."""
    loaded: dict[str, Any] = json.loads(PUBLISHED.read_text("utf-8"))
    return loaded


def published_grades() -> list[Grade]:
    """The grades of panel 1."""
    return [Grade(row["application"], row["reviewer"], row["grade"]) for row in published()["grades"]]


@dataclass(frozen=True)
class Design:
    """How a panel is made: sizes, standard deviations in points, and whether grades are whole numbers from 1 to 6."""

    files: int
    reviewers: int
    readings: int
    application_sd: float = 0.7
    reviewer_sd: float = 0.5
    noise_sd: float = 0.9
    whole: bool = False


DESIGNS = (
    Design(15, 5, 5),
    Design(30, 10, 3),
    Design(30, 8, 4, application_sd=1.0, reviewer_sd=0.3, noise_sd=0.7, whole=True),
    Design(24, 8, 3, reviewer_sd=1.0, whole=True),
)


def simulated(design: Design, generator: np.random.Generator) -> tuple[dict[str, int], list[Grade]]:
    """(true rank of each file, grades)."""
    worth = generator.normal(0, design.application_sd, design.files)
    kindness = generator.normal(0, design.reviewer_sd, design.reviewers)
    grades = []
    for file in range(design.files):
        for reviewer in generator.permutation(design.reviewers)[: design.readings]:
            grade = 3.5 + worth[file] + kindness[reviewer] + generator.normal(0, design.noise_sd)
            grade = min(max(round(grade), 1), 6) if design.whole else grade
            grades.append(Grade(f"file {file:03}", f"reviewer {reviewer:02}", float(grade)))
    ranks = (-worth).argsort().argsort() + 1
    return {f"file {file:03}": int(rank) for file, rank in enumerate(ranks)}, grades
