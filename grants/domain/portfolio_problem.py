"""What a portfolio is chosen from: files, rules and objective; what comes of it; the names of the rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

#: Told (steps done, steps in all) as the search goes on.
Progress: TypeAlias = Callable[[int, int], None]


class Objective(StrEnum):
    """What the call wants most of. See `choose`."""

    SUM = "sum"
    SUM_BY_AMOUNT = "sum_by_amount"
    BEST_RANK_FIRST = "best_rank_first"


@dataclass(frozen=True)
class Candidate:
    """A file that may be funded with any amount between `least_cents` and `amount_cents`."""

    id: str
    score: Fraction
    amount_cents: int
    min_cents: int | None = None
    tags: frozenset[str] = frozenset()
    organisation: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.least_cents <= self.amount_cents:
            raise ValueError(f"{self.id}: the least amount lies between 0 and the amount")

    @property
    def least_cents(self) -> int:
        """The least it can be funded with, in cents; its amount when nothing less is said."""
        return self.amount_cents if self.min_cents is None else self.min_cents


@dataclass(frozen=True)
class Bound:
    """How many of the chosen files carry a tag, or come from the organisation of that name."""

    tag: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Problem:
    """A call's files and rules. `places`: most files, None for no limit.

    `per_organisation`: most files of one organisation, None for no limit; a bound on an organisation's own name says
    otherwise for that one. Raises ValueError when an id stands twice or is unknown.
    """

    envelope_cents: int
    objective: Objective
    candidates: tuple[Candidate, ...]
    places: int | None = None
    bounds: tuple[Bound, ...] = ()
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    per_organisation: int | None = 1

    def __post_init__(self) -> None:
        known = {candidate.id for candidate in self.candidates}
        if len(known) < len(self.candidates):
            raise ValueError("an application stands twice")
        if strangers := (self.include | self.exclude) - known:
            raise ValueError(f"unknown application: {min(strangers)}")

    @cached_property
    def ranked(self) -> tuple[Candidate, ...]:
        """The files by descending score, then id."""
        return tuple(sorted(self.candidates, key=lambda one: (-one.score, one.id)))

    @cached_property
    def partial(self) -> bool:
        """Some file may be funded with less than it asks for."""
        return any(candidate.least_cents < candidate.amount_cents for candidate in self.candidates)


@dataclass(frozen=True)
class Rule:
    """Names of rules: envelope, places, min:TAG, max:TAG, organisation:NAME, include:ID, exclude:ID.

    `terms`: coefficients by position in the ranking; lower ≤ Σ ≤ upper.
    """

    name: str
    terms: Mapping[int, int]
    lower: int | None = None
    upper: int | None = None

    def holds(self, taken: Sequence[bool]) -> bool:
        """A set keeps it; `taken`: by position in the ranking."""
        reached = sum(value for at, value in self.terms.items() if taken[at])
        return (self.lower is None or reached >= self.lower) and (self.upper is None or reached <= self.upper)

    @property
    def kind(self) -> str:
        """The part of the name before the colon."""
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Award:
    """A chosen file and its amount in cents."""

    id: str
    amount_cents: int


@dataclass(frozen=True)
class Portfolio:
    """The best set. `value`: Σ score. `objective_value`: Σ score × cents for sum_by_amount, else Σ score.

    `chosen`: in the order of the ranking. `binding`: names of the rules that are at their limit. `proved`: nothing
    better exists; False when the time limit stopped a search.
    """

    chosen: tuple[Award, ...]
    value: Fraction
    objective_value: Fraction
    total_cents: int
    binding: tuple[str, ...] = ()
    proved: bool = True

    @cached_property
    def ids(self) -> frozenset[str]:
        """The chosen files."""
        return frozenset(award.id for award in self.chosen)

    def as_json(self) -> dict[str, object]:
        """What `analyse choose` prints."""
        awards = [{"id": award.id, "amount_cents": award.amount_cents} for award in self.chosen]
        return {"chosen": awards, "value": number(self.value), "binding": list(self.binding)}


@dataclass(frozen=True)
class Infeasible:
    """No set keeps every rule. `relax`: names of the fewest rules without which some set would."""

    relax: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """What `analyse choose` prints."""
        return {"infeasible": True, "relax": list(self.relax)}


@dataclass(frozen=True)
class Restrictions:
    """Departures from a problem, for studies. `dropped`: names of rules left out. `firm`: rules never relaxed.

    `refused`: sets of ids that are not wanted again. `any_best`: among sets of equal objective, any will do.
    """

    dropped: frozenset[str] = frozenset()
    firm: frozenset[str] = frozenset()
    refused: tuple[frozenset[str], ...] = ()
    any_best: bool = False


AS_STATED = Restrictions()


def rules(problem: Problem) -> tuple[Rule, ...]:
    """Every rule of a problem, over the positions of the ranking. The envelope must hold the least amounts."""
    files = list(enumerate(problem.ranked))
    found = [Rule("envelope", {at: one.least_cents for at, one in files}, upper=problem.envelope_cents)]
    if problem.places is not None:
        found.append(Rule("places", {at: 1 for at, _ in files}, upper=problem.places))
    for tag, (low, high) in sorted(_bounds(problem).items()):
        carriers = {at: 1 for at, one in files if tag in one.tags or tag == one.organisation}
        if low is not None and low > 0:
            found.append(Rule(f"min:{tag}", carriers, lower=low))
        if high is not None:
            found.append(Rule(f"max:{tag}", carriers, upper=high))
    found += _organisations(problem)
    found += [Rule(f"include:{one.id}", {at: 1}, lower=1) for at, one in files if one.id in problem.include]
    found += [Rule(f"exclude:{one.id}", {at: 1}, upper=0) for at, one in files if one.id in problem.exclude]
    return tuple(found)


def number(value: Fraction) -> int | float:
    """A fraction as JSON writes it: whole when it is whole."""
    return int(value) if value.denominator == 1 else float(value)


def with_rules(problem: Problem, *, include: Iterable[str] = (), free: Iterable[str] = ()) -> Problem:
    """The same problem with files forced in, and others freed of what was said of them by name."""
    forced, freed = frozenset(include), frozenset(free)
    return replace(problem, include=(problem.include - freed) | forced, exclude=problem.exclude - freed - forced)


def _bounds(problem: Problem) -> dict[str, tuple[int | None, int | None]]:
    """The tightest limits said of each tag."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for bound in problem.bounds:
        low, high = found.get(bound.tag, (None, None))
        lows = [value for value in (low, bound.minimum) if value is not None]
        highs = [value for value in (high, bound.maximum) if value is not None]
        found[bound.tag] = (max(lows, default=None), min(highs, default=None))
    return found


def _organisations(problem: Problem) -> list[Rule]:
    limit, told = problem.per_organisation, {tag for tag, (_, high) in _bounds(problem).items() if high is not None}
    found: dict[str, dict[int, int]] = {}
    for at, one in enumerate(problem.ranked):
        if one.organisation is not None and one.organisation not in told:
            found.setdefault(one.organisation, {})[at] = 1
    if limit is None:
        return []
    return [
        Rule(f"organisation:{name}", terms, upper=limit) for name, terms in sorted(found.items()) if len(terms) > limit
    ]


def kept_rules(problem: Problem, restrictions: Restrictions) -> list[Rule]:
    """The rules of a problem but those dropped, and one for each refused set."""
    kept = [rule for rule in rules(problem) if rule.name not in restrictions.dropped]
    for number_, refused in enumerate(restrictions.refused):
        terms = {at: -1 if one.id in refused else 1 for at, one in enumerate(problem.ranked)}
        kept.append(Rule(f"refused:{number_}", terms, lower=1 - len(refused)))
    return kept
