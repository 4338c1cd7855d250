"""What goes to HiGHS and comes back: rows, options, states. Only who optimises loads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import highspy

#: Coefficients by number of variable.
Terms: TypeAlias = Mapping[int, int]

#: How close to whole HiGHS must bring a variable, first and second try.
TOLERANCES = (1e-8, 1e-10)


@dataclass(frozen=True)
class Solver:
    """How to search. `seed`: of HiGHS's own choices among equals. `seconds`: limit of one search, None for no limit."""

    seed: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class Row:
    """lower ≤ Σ coefficient × variable ≤ upper; None for no limit."""

    terms: dict[int, int]
    lower: int | None
    upper: int | None

    def holds(self, values: Sequence[int]) -> bool:
        """It is satisfied, exactly."""
        reached = sum(coefficient * values[column] for column, coefficient in self.terms.items())
        return (self.lower is None or reached >= self.lower) and (self.upper is None or reached <= self.upper)


def model_of(lower: Sequence[int], upper: Sequence[int], rows: Sequence[Row], weights: Terms) -> "highspy.HighsLp":
    """The relaxed programme: Σ weight × variable is to be greatest."""
    import highspy
    import numpy as np  # noqa: PLC0415

    columns, infinity = len(lower), highspy.kHighsInf
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, len(rows)
    cost = np.zeros(columns)
    for column, weight in weights.items():
        cost[column] = weight
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = cost
    model.col_lower_ = np.array(lower, dtype=np.float64)
    model.col_upper_ = np.array(upper, dtype=np.float64)
    model.row_lower_ = np.array([-infinity if row.lower is None else row.lower for row in rows])
    model.row_upper_ = np.array([infinity if row.upper is None else row.upper for row in rows])
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = columns, len(rows)
    lengths = np.cumsum([0, *(len(row.terms) for row in rows)])
    matrix.start_ = lengths.astype(np.int32)
    matrix.index_ = np.array([column for row in rows for column in row.terms], dtype=np.int32)
    matrix.value_ = np.array([value for row in rows for value in row.terms.values()], dtype=np.float64)
    return model


def ready(options: Solver, model: "highspy.HighsLp", tolerance: float = TOLERANCES[0]) -> "highspy.Highs":
    """One thread, a stated seed, no gap: the same question always gets the same answer."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", options.seed)
    solver.setOptionValue("mip_rel_gap", 0.0)
    # objectives are whole: within half a unit of the bound, nothing is better
    solver.setOptionValue("mip_abs_gap", 0.5)
    solver.setOptionValue("mip_feasibility_tolerance", tolerance)
    # what is searched here is small, or was narrowed: these two cost more than they bring
    solver.setOptionValue("mip_detect_symmetry", False)
    solver.setOptionValue("mip_allow_restart", False)
    if options.seconds is not None:
        solver.setOptionValue("time_limit", options.seconds)
    solver.passModel(model)
    return solver


def status_of(solver: "highspy.Highs") -> str:
    """optimal, infeasible, stopped (by the clock) or lost."""
    import highspy

    status = solver.getModelStatus()
    known = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "stopped",
    }
    return known.get(status, "lost")
