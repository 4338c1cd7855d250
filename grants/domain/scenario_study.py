"""A scenario: the best set of files under some rules, and all that a committee asks about it before it decides.

`study` takes plain values and gives plain values, so that it can run in a process of its own: it loads HiGHS and numpy.
Which files are asked "why not" is settled by the ranking, never by the clock: the same material gives the same answer.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypedDict

from grants.domain.integer_programme import Solver
from grants.domain.portfolio import choose
from grants.domain.portfolio_easing import eased, forced_out
from grants.domain.portfolio_problem import Bound, Candidate, Infeasible, Objective, Portfolio, Problem, number
from grants.domain.portfolio_study import others, stability, why_not
from grants.domain.score_draws import GradeRow, drawn_scores

#: Files that are asked about one by one, the best ranked first.
MOST_ASKED = 40
#: How many other sets are looked for, and how near they must come, in hundredths of the best value.
OTHERS, NEAR = 5, 5
#: Draws of the scores: many of a small call, fewer of a large one, where each takes longer.
DRAWS, FEWER_DRAWS, LARGE = 200, 40, 100
SHARES = {"set": 0.05, "outside": 0.30, "inside": 0.50, "rules": 0.65, "others": 0.72}

Progress = Callable[[float], object]


class FileRow(TypedDict):
    """A file that may be chosen. `score`: a fraction, "685/8"; `tags`: those of the bounds that count it."""

    id: str
    score: str
    amount_cents: int
    least_cents: int
    tags: Sequence[str]
    organisation: str


class Material(TypedDict):
    """What there is to choose from. `bounds`: (tag, least, most), None for no limit; `readings`: the grades."""

    envelope_cents: int
    places: int | None
    objective: str
    bounds: Sequence[tuple[str, int | None, int | None]]
    per_organisation: int | None
    include: Sequence[str]
    exclude: Sequence[str]
    files: Sequence[FileRow]
    readings: Sequence[GradeRow]
    seed: int


def problem_of(material: Material) -> Problem:
    """The problem that a material states. Raises ValueError for a file that stands twice or is not known."""
    return Problem(
        envelope_cents=material["envelope_cents"],
        objective=Objective(material["objective"]),
        candidates=tuple(
            Candidate(
                id=row["id"],
                score=Fraction(row["score"]),
                amount_cents=row["amount_cents"],
                min_cents=row["least_cents"],
                tags=frozenset(row["tags"]),
                organisation=row["organisation"] or None,
            )
            for row in material["files"]
        ),
        places=material["places"],
        bounds=tuple(Bound(*row) for row in material["bounds"]),
        include=frozenset(material["include"]),
        exclude=frozenset(material["exclude"]),
        per_organisation=material["per_organisation"],
    )


def study(material: Material, progress: Progress = lambda _: None) -> dict[str, object]:
    """Choose, and look around the choice.

    Answers {"feasible": true, "chosen", "value", "objective_value", "total_cents", "binding", "proved", "eased",
    "outside", "inside", "unasked", "others", "stability"}, or {"feasible": false, "relax": names of rules}; as JSON.
    """
    problem, solver = problem_of(material), Solver()
    progress(0.0)
    best = choose(problem, solver)
    if isinstance(best, Infeasible):
        progress(1.0)
        return {"feasible": False, "relax": list(best.relax)}
    part = _Parts(progress)
    part.done("set")
    outside = [one.id for one in problem.ranked if one.id not in best.ids]
    inside = [award.id for award in best.chosen]
    told = {
        "feasible": True,
        **best.as_json(),
        "objective_value": number(best.objective_value),
        "total_cents": best.total_cents,
        "proved": best.proved,
        "outside": [
            why_not(problem, best, one, solver).as_json() for one in part.each("outside", outside[:MOST_ASKED])
        ],
        "inside": [
            forced_out(problem, best, one, solver).as_json() for one in part.each("inside", inside[:MOST_ASKED])
        ],
        "unasked": [*outside[MOST_ASKED:], *inside[MOST_ASKED:]],
    }
    told["eased"] = [one.as_json() for one in eased(problem, best, solver, part.of("rules"))]
    told["others"] = _others(problem, best, solver)
    part.done("others")
    told["stability"] = _stability(problem, material, solver, part)
    progress(1.0)
    return told


class _Parts:
    """Progress of the whole, told from the parts."""

    def __init__(self, tell: Progress) -> None:
        self.tell, self.names = tell, list(SHARES)

    def done(self, name: str) -> None:
        self.tell(SHARES[name])

    def each(self, name: str, things: Sequence[str]) -> Iterator[str]:
        step = self.of(name)
        for done, one in enumerate(things):
            step(done, len(things))
            yield one
        self.done(name)

    def of(self, name: str) -> Callable[[int, int], None]:
        at = self.names.index(name)
        start, end = (SHARES[self.names[at - 1]] if at else 0.0), SHARES[name]
        return lambda done, whole: self._tell(start + (end - start) * done / max(whole, 1))

    def last(self, done: int, whole: int) -> None:
        start = SHARES[self.names[-1]]
        self._tell(start + (1 - start) * done / max(whole, 1))

    def _tell(self, fraction: float) -> None:
        self.tell(fraction)


def _others(problem: Problem, best: Portfolio, solver: Solver) -> list[dict[str, object]]:
    """The next sets that come near the best, with what each takes in and leaves out."""
    room = abs(best.objective_value) * NEAR / 100
    near = (one for one in others(problem, OTHERS + 1, solver) if one.ids != best.ids)
    return [
        {
            "chosen": [{"id": award.id, "amount_cents": award.amount_cents} for award in one.chosen],
            "value": number(one.value),
            "value_lost": number(best.value - one.value),
            "objective_lost": number(best.objective_value - one.objective_value),
            "total_cents": one.total_cents,
            "enter": [award.id for award in one.chosen if award.id not in best.ids],
            "leave": [award.id for award in best.chosen if award.id not in one.ids],
        }
        for one in near
        if abs(best.objective_value - one.objective_value) <= room
    ]


def _stability(problem: Problem, material: Material, solver: Solver, part: _Parts) -> dict[str, object]:
    """In what share of the draws each file is chosen. No draws: nothing tells the files apart, or none was graded."""
    count = DRAWS if len(problem.candidates) <= LARGE else FEWER_DRAWS
    draws = drawn_scores(material["readings"], count, seed=material["seed"])
    return {**stability(problem, draws, solver, part.last).as_json(), "seed": material["seed"]}
