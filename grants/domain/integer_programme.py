"""Integer programmes solved exactly: HiGHS searches, whole-number arithmetic has the last word.

HiGHS reckons in floating point. Three things keep its tolerances out of the answers: objectives too large for it are
maximised digit by digit, goals follow each other (each pins the one before) instead of being weighed by giant numbers,
and every solution is checked again with Python's whole numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, TypeAlias

from grants.domain.highs import TOLERANCES, Row, Solver, Terms, model_of, ready, status_of

if TYPE_CHECKING:
    import highspy
    import numpy as np
    from numpy.typing import NDArray

    Values: TypeAlias = NDArray[np.float64]

__all__ = ["Answer", "Programme", "Solver", "SolverFailed", "Terms"]

#: An objective that cannot exceed this is given to HiGHS in one piece: units stay far above its tolerances.
LARGEST_OBJECTIVE = 2**31
#: Larger ones are maximised digit by digit, in this base at most.
LARGEST_BASE = 2**12
#: Multipliers of rows are rounded to this many parts, so that bounds are proved in whole numbers.
PARTS = 2**40
MOST_REPAIRS = 50
#: From so many open variables on, the core is searched first: the variables whose reduced cost is least.
LARGE = 150
CORE = 50


class SolverFailed(ArithmeticError):
    """HiGHS gave no answer, or none that whole-number arithmetic accepts."""


@dataclass(frozen=True)
class Answer:
    """A solution. `proved`: nothing better exists; False when the time limit stopped the search."""

    values: tuple[int, ...]
    proved: bool = True


class Programme:
    """Whole variables ≥ 0 within bounds, rows with whole coefficients; goals are pinned one after the other."""

    def __init__(self, solver: Solver | None = None) -> None:
        self.solver = solver or Solver()
        self.lower: list[int] = []
        self.upper: list[int] = []
        self.rows: list[Row] = []
        self.hint: tuple[int, ...] = ()
        self.proved = True
        self.searches = 0

    def copy(self) -> "Programme":
        """The same programme; what is added to one does not reach the other."""
        twin = Programme(self.solver)
        twin.lower, twin.upper, twin.rows = self.lower.copy(), self.upper.copy(), self.rows.copy()
        twin.hint, twin.proved, twin.searches = self.hint, self.proved, self.searches
        return twin

    def variable(self, upper: int = 1) -> int:
        """Add a variable between 0 and `upper`; its number."""
        self.lower.append(0)
        self.upper.append(upper)
        return len(self.lower) - 1

    def row(self, terms: Terms, lower: int | None = None, upper: int | None = None) -> None:
        """Ask for lower ≤ Σ coefficient × variable ≤ upper; None for no limit on that side."""
        kept = {column: coefficient for column, coefficient in terms.items() if coefficient}
        if lower is None and upper is None:
            return
        common = gcd(*kept.values()) or 1
        smaller = {column: coefficient // common for column, coefficient in kept.items()}
        self.rows.append(
            Row(smaller, None if lower is None else -(-lower // common), None if upper is None else upper // common)
        )

    def fix(self, column: int, value: int) -> None:
        """Let the variable have this value alone."""
        self.lower[column] = self.upper[column] = value

    def maximise(self, weights: Terms) -> Answer | None:
        """Find a solution that maximises Σ weight × variable, exactly, and pin that value for whatever follows.

        None when no solution exists. Raises SolverFailed.
        """
        weights = _reduced(weights)
        if self._most(weights) <= LARGEST_OBJECTIVE:
            return self._maximise(weights)
        return self._maximise_digits(weights) if self.approach(weights) else None

    def approach(self, weights: Terms) -> bool:
        """Search with rounded weights, and leave only what a solution as good as the one found can have.

        What is left is proved by the exact weights. False when no solution exists.
        """
        shift = max(0, self._most(weights).bit_length() - LARGEST_OBJECTIVE.bit_length() + 1)
        twin = self.copy()
        rough = {column: weight >> shift for column, weight in weights.items()}
        answer = twin.maximise(rough)
        if answer is None:
            return False
        self.searches, self.proved, self.hint = twin.searches, twin.proved, answer.values
        if self.lower != self.upper:
            relaxed = _Relaxation(self, rough)
            relaxed.multipliers = [multiplier << shift for multiplier in relaxed.multipliers]
            self._narrow(weights, relaxed, _worth(weights, answer.values))
        return True

    def _maximise_digits(self, weights: Terms) -> Answer | None:
        """Maximise the high digits with what the low ones carry over; pin that; maximise what remains."""
        if self._most(weights) <= LARGEST_OBJECTIVE:
            return self._maximise(weights)
        base = LARGEST_OBJECTIVE // max(1, sum(self.upper[column] for column in weights))
        base = min(LARGEST_BASE, max(2, base))
        low = {column: weight % base for column, weight in weights.items()}
        carry = self.variable(self._most(low) // base)
        remainder = {**low, carry: -base}
        self.row(remainder, lower=0)
        if len(self.hint) == carry:
            self.hint += (_worth(low, self.hint) // base,)
        high = {column: weight // base for column, weight in weights.items()}
        if self._maximise_digits({**high, carry: 1}) is None:
            return None
        return self._maximise(remainder)

    def feasible(self) -> Answer | None:
        """Any solution; None when there is none."""
        return self._maximise({})

    def too_long(self, weights: Terms) -> bool:
        """The goal has more digits than one search can tell apart."""
        return self._most(_reduced(weights)) > LARGEST_OBJECTIVE

    def _most(self, weights: Terms) -> int:
        """What no Σ |weight| × variable exceeds."""
        return sum(abs(weight) * self.upper[column] for column, weight in weights.items())

    def _maximise(self, weights: Terms) -> Answer | None:
        if any(low > high for low, high in zip(self.lower, self.upper, strict=True)):
            return None
        if self.lower == self.upper:
            values = tuple(self.lower)
            return self._accepted(values, weights) if all(row.holds(values) for row in self.rows) else None
        relaxed = _Relaxation(self, weights)
        found = self._core(weights, relaxed) or _search(self, relaxed, weights)
        return None if found is None else self._accepted(found, weights, relaxed)

    def _core(self, weights: Terms, relaxed: "_Relaxation") -> tuple[int, ...] | None:
        """The best solution when the core alone is searched and whole-number bounds prove that nothing else matters.

        None otherwise; what the core's best solution excludes is excluded from then on all the same.
        """
        if relaxed.whole is not None or relaxed.hopeless or not weights or self._open() < LARGE:
            return None
        reduced = relaxed.bound(self, weights)[1]
        free = [column for column, cost in enumerate(reduced) if self.lower[column] < self.upper[column]]
        core = sorted(free, key=lambda column: abs(reduced[column]))[:CORE]
        small = self.copy()
        for column in set(free) - set(core):
            small.fix(column, (self.upper if reduced[column] > 0 else self.lower)[column])
        found = _integers(small, small.model(weights), TOLERANCES[0])
        if found is None or not all(row.holds(found) for row in self.rows):
            return None
        self.searches += 1
        self.hint = found
        self._narrow(weights, relaxed, _worth(weights, found))
        inside = all(self.lower[column] == self.upper[column] for column in set(free) - set(core))
        return found if inside and small.proved else None

    def model(self, weights: Terms) -> "highspy.HighsLp":
        """What HiGHS is given, variables not yet whole."""
        return model_of(self.lower, self.upper, self.rows, weights)

    def _open(self) -> int:
        """How many variables may still take two values."""
        return sum(low < high for low, high in zip(self.lower, self.upper, strict=True))

    def _accepted(self, values: tuple[int, ...], weights: Terms, relaxed: "_Relaxation | None" = None) -> Answer:
        if weights:
            reached = _worth(weights, values)
            self.row(weights, lower=reached)
            if relaxed is not None:
                self._narrow(weights, relaxed, reached)
        self.hint = values
        return Answer(values, self.proved)

    def _narrow(self, weights: Terms, relaxed: "_Relaxation", reached: int) -> None:
        """Take away the values that a solution as good as this one cannot have: proved by duality, in whole numbers.

        With any multipliers y of the rows, Σ weight × x ≤ y × limits + Σ (weight − y × column) × x. Where moving a
        variable away from its better end costs more than the gap leaves, it stays there.
        """
        bound, reduced = relaxed.bound(self, weights)
        gap = bound - reached * PARTS
        for column, cost in enumerate(reduced):
            if cost > 0:
                self.lower[column] = max(self.lower[column], self.upper[column] - gap // cost)
            elif cost < 0:
                self.upper[column] = min(self.upper[column], self.lower[column] + gap // -cost)


class _Relaxation:
    """The programme handed to HiGHS, and the multipliers of its rows once variables need not be whole."""

    def __init__(self, programme: Programme, weights: Terms) -> None:
        import numpy as np  # noqa: PLC0415 -- only who optimises pays for it

        self.rows = list(programme.rows)
        solver = ready(programme.solver, programme.model(weights))
        solver.run()
        solution = solver.getSolution()
        status = status_of(solver)
        self.hopeless = status == "infeasible"
        known = status == "optimal" and solution.dual_valid and len(solution.row_dual) == len(self.rows)
        self.multipliers = [round(float(y) * PARTS) for y in solution.row_dual] if known else [0] * len(self.rows)
        self.whole = self._whole(programme, np.array(solution.col_value), weights) if solution.value_valid else None

    def bound(self, programme: Programme, weights: Terms) -> tuple[int, list[int]]:
        """What no solution exceeds, and the reduced costs; both in PARTS of a unit."""
        reduced = [0] * len(programme.lower)
        for column, weight in weights.items():
            reduced[column] = weight * PARTS
        total = 0
        for row, wanted in zip(self.rows, self.multipliers, strict=True):
            limit = row.upper if wanted > 0 else row.lower
            if not wanted or limit is None:
                continue
            total += wanted * limit
            for column, coefficient in row.terms.items():
                reduced[column] -= wanted * coefficient
        for column, cost in enumerate(reduced):
            total += cost * (programme.upper if cost > 0 else programme.lower)[column]
        return total, reduced

    def _whole(self, programme: Programme, values: "Values", weights: Terms) -> tuple[int, ...] | None:
        """The relaxation's solution, when it is whole, keeps every rule and is proved best in whole numbers."""
        import numpy as np  # noqa: PLC0415 -- only who optimises pays for it

        whole = tuple(int(value) for value in np.rint(values))
        if not _keeps(programme, whole):
            return None
        return whole if self.bound(programme, weights)[0] < (_worth(weights, whole) + 1) * PARTS else None


def _reduced(weights: Terms) -> dict[int, int]:
    """The same goal in the smallest whole numbers."""
    common = gcd(*weights.values()) or 1
    return {column: weight // common for column, weight in weights.items() if weight}


def _search(programme: Programme, relaxed: _Relaxation, weights: Terms) -> tuple[int, ...] | None:
    """The best solution that exact arithmetic accepts; None without any.

    The hint, when it keeps every rule, is a witness: an answer that is worse, or none at all, is not believed.
    """
    known = programme.hint if _keeps(programme, programme.hint) else None
    if relaxed.hopeless and known is None:
        return None
    if relaxed.whole is not None:
        return relaxed.whole
    found = _accepted_integers(programme, weights)
    if known is None or (found is not None and _worth(weights, found) >= _worth(weights, known)):
        return found
    again = _accepted_integers(programme, weights, presolve=False)
    if again is not None and _worth(weights, again) >= _worth(weights, known):
        return again
    programme.proved = False
    return known


def _accepted_integers(programme: Programme, weights: Terms, *, presolve: bool = True) -> tuple[int, ...] | None:
    for attempt in range(MOST_REPAIRS):
        model = programme.model(weights)
        values = _integers(programme, model, TOLERANCES[min(attempt, 1)], presolve=presolve)
        if values is None:
            return None
        broken = [row for row in programme.rows if not row.holds(values)]
        if not broken:
            return values
        for row in broken:
            _forbid(programme, row.terms, values)
    raise SolverFailed("the optimiser's solutions break their own rules")


def _worth(weights: Terms, values: Sequence[int]) -> int:
    return sum(weight * values[column] for column, weight in weights.items())


def _keeps(programme: Programme, values: Sequence[int]) -> bool:
    """It is a solution, exactly."""
    if len(values) != len(programme.lower) or not _within(programme, values):
        return False
    return all(row.holds(values) for row in programme.rows)


def _within(programme: Programme, values: Sequence[int]) -> bool:
    triples = zip(programme.lower, values, programme.upper, strict=True)
    return all(low <= value <= high for low, value, high in triples)


def _integers(
    programme: Programme, model: "highspy.HighsLp", tolerance: float, *, presolve: bool = True
) -> tuple[int, ...] | None:
    import highspy
    import numpy as np  # noqa: PLC0415

    columns = len(programme.lower)
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = ready(programme.solver, model, tolerance)
    solver.setOptionValue("presolve", "choose" if presolve else "off")
    if len(programme.hint) == columns:
        hint = highspy.HighsSolution()
        hint.col_value = [float(value) for value in programme.hint]
        solver.setSolution(hint)
    solver.run()
    programme.searches += 1
    status = status_of(solver)
    if status == "infeasible":
        return None
    if status == "lost" and tolerance > TOLERANCES[-1]:
        return _integers(programme, model, TOLERANCES[-1], presolve=False)
    solution = solver.getSolution()
    if status != "optimal":
        programme.proved = False
    if not solution.value_valid:
        raise SolverFailed("the optimiser found no solution in the time given")
    return tuple(int(value) for value in np.rint(np.array(solution.col_value)))


def _forbid(programme: Programme, terms: Iterable[int], values: Sequence[int]) -> None:
    """Never again these values together: they break a rule that only exact arithmetic sees broken."""
    support = list(terms)
    if any(programme.upper[column] > 1 for column in support):
        return
    ones = sum(values[column] for column in support)
    programme.row({column: -1 if values[column] else 1 for column in support}, lower=1 - ones)
