"""What the scores of files may be worth, drawn again and again from what the grades leave open.

The model is that of `crossed_effects`, as for expected ranks: what comes out are points out of 100, the mean of all the
grades plus what the file adds to it. Files without a grade are not drawn. This module imports numpy.
"""

from collections.abc import Sequence

import numpy as np

from grants.domain.crossed_effects import CrossedModel, Grades

#: file, reviewer, points
GradeRow = tuple[str, str, float]
EQUAL = 1e-12  # of the largest grade: smaller differences are of the way numbers are written


def drawn_scores(rows: Sequence[GradeRow], count: int, *, seed: int) -> list[dict[str, float]]:
    """Draw the worth of every graded file `count` times (made even); the same rows and seed give the same draws.

    Empty where nothing tells the files apart: no grade, one file, equal grades.
    """
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    files, reviewers = sorted({row[0] for row in ordered}), sorted({row[1] for row in ordered})
    values = np.array([row[2] for row in ordered], dtype=np.float64)
    if len(files) < 2 or np.ptp(values) <= EQUAL * np.abs(values).max():  # noqa: PLR2004 -- two may differ
        return []
    places = {name: place for place, name in enumerate(files)}
    seats = {name: seat for seat, name in enumerate(reviewers)}
    grades = Grades(
        values,
        np.array([places[row[0]] for row in ordered], dtype=np.int64),
        np.array([seats[row[1]] for row in ordered], dtype=np.int64),
        len(files),
        len(reviewers),
    )
    level = float(values.mean())
    found: list[dict[str, float]] = []
    for _done, draws in CrossedModel(grades).draw(np.random.default_rng(seed), max(1, count // 2)):
        found += [
            {name: round(level + float(worth), 6) for name, worth in zip(files, column, strict=True)}
            for column in draws.applications.T
        ]
    return found
