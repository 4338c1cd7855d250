"""What `expected_ranks` answers, as plain values: it can be stored as JSON, read back and shown without computing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple, TypeAlias, cast

JsonObject: TypeAlias = Mapping[str, object]


class Grade(NamedTuple):
    """The grade that a reviewer gave to an application, in points, more being better; None when it is missing."""

    application: str
    reviewer: str
    grade: float | None


class Interval(NamedTuple):
    """Both ends belong to it."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        """Whether a number lies between the two."""
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True)
class Standing:
    """What is known of a file. Without any grade it has neither mean nor rank.

    `mean`, `spread` (highest minus lowest): points, of the grades as given. `coverage`: share of the expected grades
    that are in. Ranks: 1 is best; intervals are central. `probability_above`: of being among the `places` best.
    `rank_distribution`: probability of ranks 1 to `rank_step`, of the next `rank_step` ranks, and so on.
    """

    application: str
    mean: float | None
    n: int
    spread: float | None
    coverage: float
    expected_rank: float | None = None
    interval_50: Interval | None = None
    interval_90: Interval | None = None
    sucra: float | None = None
    probability_first: float | None = None
    probability_above: float | None = None
    rank_distribution: tuple[float, ...] = ()
    rank_step: int = 1


@dataclass(frozen=True)
class Severity:
    """How many points a reviewer gives less (negative: more) than the average reviewer of this panel, files being equal."""

    reviewer: str
    n: int
    severity: float
    interval_95: Interval


@dataclass(frozen=True)
class Caution:
    """A reason to believe less. `code`: one of CAUTIONS; `about`: names of files or reviewers."""

    code: str
    about: tuple[str, ...] = ()


#: What each caution says, in English; pages have sentences of their own.
CAUTIONS = {
    "disconnected": "the readings fall into groups without a common reader; ranks across groups are not comparable",
    "one_reviewer": "one reviewer gave all the grades; nothing separates the files from this person's taste",
    "one_application": "one application alone has grades; its rank says nothing",
    "all_equal": "all grades are equal; every rank is as likely as every other",
    "ungraded": "applications without any grade have no rank",
    "few_grades": "applications with fewer than three grades",
}


@dataclass(frozen=True)
class RankReport:
    """A ranking with its uncertainty. Standings come by expected rank, reviewers by severity.

    `line`: the expected rank of the `places`-th standing; `line_group`: the files whose `interval_50` contains it.
    `groups`: applications connected by common readers; more than one means that ranks do not compare.
    `application_sd`, `reviewer_sd`, `noise_sd`: 95 % intervals of the model's standard deviations, in points.
    """

    standings: tuple[Standing, ...]
    places: int
    line: float
    line_group: tuple[str, ...]
    reviewers: tuple[Severity, ...]
    groups: tuple[tuple[str, ...], ...]
    cautions: tuple[Caution, ...]
    application_sd: Interval
    reviewer_sd: Interval
    noise_sd: Interval
    seed: int
    draws: int

    def as_json(self) -> dict[str, object]:
        """Plain values; tuples become lists once written."""
        return asdict(self)


def rank_report(stored: JsonObject) -> RankReport:
    """The report that `as_json` became, read back from JSON. Raises KeyError or TypeError when it is none."""
    known = dict(stored)
    return RankReport(
        **{key: _plain(value) for key, value in known.items() if key not in _READ}  # type: ignore[arg-type]
        | {key: read(known[key]) for key, read in _READ.items()}
    )


def _rows(value: object) -> Sequence[JsonObject]:
    return cast("Sequence[JsonObject]", value)


def _interval(value: object) -> Interval | None:
    return None if value is None else Interval(*cast("Sequence[float]", value))


def _plain(value: object) -> object:
    """Lists, however deep, become tuples."""
    return tuple(_plain(one) for one in value) if isinstance(value, list | tuple) else value


def _read_row(row: JsonObject) -> dict[str, object]:
    return {key: _interval(value) if key.startswith("interval") else _plain(value) for key, value in row.items()}


_READ = {
    "standings": lambda value: tuple(Standing(**_read_row(row)) for row in _rows(value)),  # type: ignore[arg-type]
    "reviewers": lambda value: tuple(Severity(**_read_row(row)) for row in _rows(value)),  # type: ignore[arg-type]
    "cautions": lambda value: tuple(Caution(**_read_row(row)) for row in _rows(value)),  # type: ignore[arg-type]
    "application_sd": _interval,
    "reviewer_sd": _interval,
    "noise_sd": _interval,
}
