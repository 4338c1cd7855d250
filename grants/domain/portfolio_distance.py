"""How far what a committee decided lies from a set that it had chosen as its reference: files, money, points.

Pure sums over what is written down; nothing is searched, so that a page may ask it at every request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grants.domain.portfolio_problem import number


@dataclass(frozen=True)
class Moved:
    """A file that both fund, with different amounts (cents)."""

    id: str
    reference_cents: int
    decided_cents: int


@dataclass(frozen=True)
class Distance:
    """The committee beside its reference. Ids come in the order of the reference, then of the scores.

    `with_`: funded by the committee alone; `without`: by the reference alone, and decided otherwise; `open_`: in the
    reference and not decided yet. `value_lost`: Σ score of the reference that the committee gives up, over what it has
    decided; negative where it gains. `cents`: what it spends more than the reference did for the files decided.
    """

    both: tuple[str, ...]
    with_: tuple[str, ...]
    without: tuple[str, ...]
    open_: tuple[str, ...]
    moved: tuple[Moved, ...]
    value: Fraction
    reference_value: Fraction
    value_lost: Fraction
    decided_cents: int
    reference_cents: int
    cents: int

    @property
    def same(self) -> bool:
        """The committee decided what the reference says, to the cent, of all that it decided."""
        return not (self.with_ or self.without or self.moved)

    def as_json(self) -> dict[str, object]:
        """Ready for JSON: what the log of a sitting keeps."""
        return {
            "both": list(self.both),
            "with": list(self.with_),
            "without": list(self.without),
            "open": list(self.open_),
            "moved": [
                {"id": one.id, "reference_cents": one.reference_cents, "decided_cents": one.decided_cents}
                for one in self.moved
            ],
            "value": number(self.value),
            "reference_value": number(self.reference_value),
            "value_lost": number(self.value_lost),
            "decided_cents": self.decided_cents,
            "reference_cents": self.reference_cents,
            "cents": self.cents,
        }


def distance(
    reference: Mapping[str, int], decided: Mapping[str, int | None], scores: Mapping[str, Fraction]
) -> Distance:
    """Compare. `reference`: cents by file of the set; `decided`: cents by file the committee decided on, 0 or None for
    a file that it does not fund; a file that is not named is not decided. A file without score counts as zero points.
    """
    funded = {one: cents for one, cents in decided.items() if cents}
    judged = [one for one in reference if one in decided]
    both = tuple(one for one in judged if one in funded)
    without = tuple(one for one in judged if one not in funded)
    more = sorted((one for one in funded if one not in reference), key=lambda one: (-scores.get(one, 0), one))
    moved = (Moved(one, reference[one], funded[one]) for one in both if reference[one] != funded[one])
    return Distance(
        both=both,
        with_=tuple(more),
        without=without,
        open_=tuple(one for one in reference if one not in decided),
        moved=tuple(moved),
        value=_points(funded, scores),
        reference_value=_points(reference, scores),
        value_lost=_points(without, scores) - _points(more, scores),
        decided_cents=sum(funded.values()),
        reference_cents=sum(reference.values()),
        cents=sum(funded.values()) - sum(reference[one] for one in judged),
    )


def _points(files: Iterable[str], scores: Mapping[str, Fraction]) -> Fraction:
    return sum((scores.get(one, Fraction(0)) for one in files), Fraction(0))
