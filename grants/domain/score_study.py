"""What the scores of a call say, all together: expected ranks, agreement on each criterion, the fairness lens.

`study` takes plain values and gives plain values, so that it can run in a process of its own. Pages read the answer with
`rank_report` and `fairness_report`, and never import this module: it imports numpy.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias, TypedDict

from grants.domain.agreement_statistics import Level, krippendorff_alpha
from grants.domain.expected_ranks import expected_ranks
from grants.domain.fairness import File, Reading
from grants.domain.fairness_lens import fairness
from grants.domain.rank_report import Grade

#: file, reviewer, grade out of 100, moment in seconds, points by criterion
ReadingRow: TypeAlias = tuple[str, str, float, float | None, Mapping[str, float]]
#: file, territory, cents asked for, budget of the organisation in cents, first time
FileRow: TypeAlias = tuple[str, str | None, int | None, int | None, bool | None]


class Material(TypedDict):
    """What there is to study. `criteria`: (key, name)."""

    seed: int
    places: int
    readings: Sequence[ReadingRow]
    files: Sequence[FileRow]
    criteria: Sequence[tuple[str, str]]


def study(material: Material, progress: Callable[[float], object] = lambda _: None) -> dict[str, object]:
    """Study these scores; the same material gives the same answer.

    Answers {"ranks": a RankReport, "agreement": [{"key", "name", "alpha", "low", "high", "units", "values"}],
    "fairness": a FairnessReport}, as JSON. Raises ValueError like `expected_ranks`.
    """
    readings = [Reading(*row) for row in material["readings"]]
    grades = [Grade(row.application, row.reviewer, row.grade) for row in readings]
    ranks = expected_ranks(
        grades, material["places"], seed=material["seed"], progress=lambda done: progress(0.8 * done)
    )
    agreement = [_agreement(key, name, readings, material["seed"]) for key, name in material["criteria"]]
    progress(0.95)
    seen = fairness(readings, [File(*row) for row in material["files"]])
    return {"ranks": ranks.as_json(), "agreement": agreement, "fairness": seen.as_json()}


def _agreement(key: str, name: str, readings: Sequence[Reading], seed: int) -> dict[str, object]:
    """Alpha of one criterion, its marks taken as quantities with equal steps; None where nothing can be compared."""
    rows = sorted(readings, key=lambda row: row.application)
    units = [[row.criteria.get(key) for row in some] for _, some in groupby(rows, key=lambda row: row.application)]
    told: dict[str, object] = {
        "key": key,
        "name": name,
        "alpha": None,
        "low": None,
        "high": None,
        "units": 0,
        "values": 0,
    }
    try:
        found = krippendorff_alpha(units, Level.INTERVAL, seed=seed)
    except ValueError:  # no file was read twice
        return told
    low, high = found.interval_95 or (None, None)
    return told | {"alpha": found.alpha, "low": low, "high": high, "units": found.units, "values": found.values}
