"""The rules of a scenario: those of the call, or what somebody tries in their place. Plain data, kept with the scenario."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypedDict

from grants.domain.portfolio_problem import Objective
from grants.domain.selection_rules import EACH_ORGANISATION

WHOLE_BP = 10_000
#: (tag, least, most), None for no limit.
BoundRow: TypeAlias = tuple[str, int | None, int | None]


class RulesData(TypedDict):
    """Rules as JSON keeps them; a bound is a list of three."""

    envelope_cents: int
    places: int | None
    objective: str
    bounds: list[BoundRow]
    per_organisation: int | None
    min_award_bp: int
    include: list[str]
    exclude: list[str]
    amounts: dict[str, int]


@dataclass(frozen=True)
class Rules:
    """Under which rules a set is chosen. Money in cents; files by public id.

    `places`, `per_organisation`: at most so many files, in all and of one organisation; None for no limit.
    `min_award_bp`: an award is at least this share of the request. `amounts`: what a file would ask for instead.
    """

    envelope_cents: int
    places: int | None = None
    objective: Objective = Objective.SUM
    bounds: tuple[BoundRow, ...] = ()
    per_organisation: int | None = None
    min_award_bp: int = WHOLE_BP
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    amounts: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> RulesData:
        """Ready for JSON."""
        return {
            "envelope_cents": self.envelope_cents,
            "places": self.places,
            "objective": str(self.objective),
            "bounds": list(self.bounds),
            "per_organisation": self.per_organisation,
            "min_award_bp": self.min_award_bp,
            "include": sorted(self.include),
            "exclude": sorted(self.exclude),
            "amounts": dict(sorted(self.amounts.items())),
        }

    @property
    def named(self) -> frozenset[str]:
        """Every file that the rules speak of by itself."""
        return self.include | self.exclude | frozenset(self.amounts)

    def tried(self, stated: "Rules") -> tuple[str, ...]:
        """The names of the rules in which a trial departs from what the call states."""
        return tuple(name for name in NAMES if getattr(self, name) != getattr(stated, name))


NAMES = (
    *("envelope_cents", "places", "objective", "bounds", "per_organisation", "min_award_bp"),
    *("include", "exclude", "amounts"),
)


def read_rules(data: RulesData) -> Rules:
    """The rules behind `as_json`."""
    return Rules(
        envelope_cents=data["envelope_cents"],
        places=data["places"],
        objective=Objective(data["objective"]),
        bounds=tuple((tag, least, most) for tag, least, most in data["bounds"]),
        per_organisation=data["per_organisation"],
        min_award_bp=data["min_award_bp"],
        include=frozenset(data["include"]),
        exclude=frozenset(data["exclude"]),
        amounts=dict(data["amounts"]),
    )


def bounds_of(rows: Iterable[Mapping[str, object]]) -> tuple[tuple[BoundRow, ...], int | None]:
    """The bounds that a call's terms write, and the most files of one organisation (the strictest said of it)."""
    bounds: list[BoundRow] = []
    per_organisation: int | None = None
    for row in rows:
        tag, least, most = str(row["tag"]), _whole(row.get("min")), _whole(row.get("max"))
        if tag != EACH_ORGANISATION:
            bounds.append((tag, least, most))
        elif most is not None:
            per_organisation = most if per_organisation is None else min(most, per_organisation)
    return tuple(bounds), per_organisation


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
