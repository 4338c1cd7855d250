"""The fairness lens: what, besides the files' worth, may have moved the grades. It finds questions, not culprits.

Each finding is an estimate in points with an interval; it is an alarm when the interval leaves out zero. Intervals hold
*together*: with grades in which nothing is wrong, some alarm rings at all in at most 5 panels of 100 (Bonferroni: the
risk is shared equally among the lenses that have something to look at, then among the findings of each). Under a
minimum of readings or files a lens is silent, and says so.

- **severity** of a reviewer, **drift** along a reviewer's order of reading: within the same file, against those who
  read it too; ordinary least squares with an effect for each file and each reviewer (Searle, Linear Models, 1971, ch. 7).
- **halo**, all reviewers together: what is left of the criteria's marks once files and reviewers are removed, one
  criterion against the sum of the others. Halo of one reviewer: the departure on a criterion from what the file's other
  readers gave, against this reviewer's own marks on the other criteria; what the file deserves cancels, and so does
  the halo of the others. (E. Thorndike, Journal of Applied Psychology 4, 1920, named it.)
- **territory**, **size** (requested amount; budget of the organisation), **first-time** applicants: between files, with
  reviewers' severities removed; generalised least squares, files random, the share of the files' variance by REML
  (Patterson and Thompson, Biometrika 58, 1971).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

JsonObject: TypeAlias = Mapping[str, object]

RISK = 0.05


class Lens(StrEnum):
    """What is looked at. Unit of the estimate:

    severity: points below the average reviewer; drift: points from the first to the last file read; halo: a correlation;
    territory: points above the other territories; requested and organisation size: points for each doubling;
    first-time: points above the other applicants.
    """

    SEVERITY = "severity"
    DRIFT = "drift"
    HALO = "halo"
    TERRITORY = "territory"
    REQUESTED_SIZE = "requested_size"
    ORGANISATION_SIZE = "organisation_size"
    FIRST_TIME = "first_time"


#: Fewest readings of a reviewer (severity, drift, halo), or files (on either side, or in all for sizes).
MINIMUM = {
    Lens.SEVERITY: 5,
    Lens.DRIFT: 10,
    Lens.HALO: 10,
    Lens.TERRITORY: 5,
    Lens.REQUESTED_SIZE: 20,
    Lens.ORGANISATION_SIZE: 20,
    Lens.FIRST_TIME: 5,
}


@dataclass(frozen=True)
class Reading:
    """A reviewer's grade of a file, in points. `order`: larger is later; None when unknown. `criteria`: points by key."""

    application: str
    reviewer: str
    grade: float
    order: float | None = None
    criteria: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """What is known of a file besides its grades; None when it is not known."""

    application: str
    territory: str | None = None
    requested_cents: int | None = None
    organisation_budget_cents: int | None = None
    first_time: bool | None = None


class Finding(NamedTuple):
    """`about`: the reviewer or territory; "" for all. `n`: readings or files looked at. Unit: see `Lens`."""

    lens: Lens
    about: str
    n: int
    estimate: float
    low: float
    high: float

    @property
    def alarm(self) -> bool:
        """The interval leaves out zero."""
        return self.low > 0 or self.high < 0


class Silence(NamedTuple):
    """Nothing is said: there were `n` readings or files where `needed` are; n ≥ needed: they cannot be told apart."""

    lens: Lens
    about: str
    n: int
    needed: int


@dataclass(frozen=True)
class FairnessReport:
    """Findings in the order of the lenses, the largest first; intervals hold together with confidence 1 - `risk`."""

    findings: tuple[Finding, ...]
    silences: tuple[Silence, ...]
    risk: float = RISK

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """What deserves a question."""
        return tuple(one for one in self.findings if one.alarm)

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "risk": self.risk,
            "findings": [one._asdict() | {"lens": str(one.lens)} for one in self.findings],
            "silences": [one._asdict() | {"lens": str(one.lens)} for one in self.silences],
        }


def fairness_report(stored: JsonObject) -> FairnessReport:
    """The report that `as_json` became."""

    def rows(key: str) -> Sequence[dict[str, object]]:
        found = stored[key]
        assert isinstance(found, list)
        return [row | {"lens": Lens(row["lens"])} for row in found]

    risk = stored["risk"]
    assert isinstance(risk, float)
    return FairnessReport(
        tuple(Finding(**row) for row in rows("findings")),  # type: ignore[arg-type]
        tuple(Silence(**row) for row in rows("silences")),  # type: ignore[arg-type]
        risk,
    )
