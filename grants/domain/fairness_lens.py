"""The sums of the fairness lens (`fairness` says what it is): what the readings say of reviewers and of kinds of files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log2, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from grants.domain.fairness import MINIMUM, RISK, FairnessReport, File, Finding, Lens, Reading, Silence
from grants.domain.student import critical

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_FREEDOM = 5
PAIR = 2
ALMOST_ONE = 1 - 1e-9
NOTHING_LEFT = 1e-8  # of a column's squares: it is a sum of the others
RATIOS = np.concatenate([[0.0], np.exp(np.linspace(-3.0, 4.0, 57))])
DECIMALS = 6


@dataclass(frozen=True)
class _Estimate:
    """What becomes a finding once it is known how many share the risk."""

    lens: Lens
    about: str
    n: int
    value: float
    error: float
    freedom: int


def fairness(readings: Iterable[Reading], files: Iterable[File] = ()) -> FairnessReport:
    """Look through every lens. Nothing is drawn by chance; the order of the arguments changes nothing.

    Raises ValueError when a reviewer read a file twice.
    """
    rows = sorted(readings, key=lambda row: (row.application, row.reviewer))
    if len({(row.application, row.reviewer) for row in rows}) < len(rows):
        raise ValueError("a reviewer read a file twice")
    known = {file.application: file for file in files}
    told = [*_told(rows, known)]
    estimates = [one for one in told if isinstance(one, _Estimate)]
    silences = [one for one in told if isinstance(one, Silence)]
    return FairnessReport(tuple(_findings(estimates)), tuple(sorted(silences)))


def _told(rows: list[Reading], known: Mapping[str, File]) -> Iterator[_Estimate | Silence]:
    if not rows:
        return
    panel = _Panel(rows)
    yield from _severity(panel)
    yield from _drift(panel)
    yield from _halo(panel)
    between = _Between(panel)
    for lens, about, values in _covariates(known):
        yield between.estimate(lens, about, values)


def _findings(estimates: list[_Estimate]) -> Iterator[Finding]:
    """Share the risk, and make intervals."""
    lenses = {one.lens for one in estimates}
    for lens in Lens:
        some = [one for one in estimates if one.lens is lens]
        for one in sorted(some, key=lambda one: (-abs(one.value), one.about)):
            reach = critical(RISK / len(lenses) / len(some), one.freedom) * one.error
            ends = (one.value, one.value - reach, one.value + reach)
            if lens is Lens.HALO:  # computed as Fisher's z, told as a correlation
                ends = (tanh(ends[0]), tanh(ends[1]), tanh(ends[2]))
            yield Finding(lens, one.about, one.n, *(round(end, DECIMALS) for end in ends))


# ── Within files: severity and drift ─────────────────────────────────────────────────────────────────────────────────


class _Panel:
    """Readings as columns, and what is left of a column once files and reviewers each have an effect."""

    def __init__(self, rows: list[Reading]) -> None:
        self.rows = rows
        self.files, self.file = _numbers([row.application for row in rows])
        self.reviewers, self.reviewer = _numbers([row.reviewer for row in rows])
        self.sizes = np.bincount(self.file).astype(np.float64)
        self.grades = np.array([row.grade for row in rows], dtype=np.float64)
        self.seats = np.eye(len(self.reviewers))[self.reviewer]
        self._within = self._without_files(self.seats)
        gram = self._within.T @ self._within
        values, axes = np.linalg.eigh(gram)
        kept = values > NOTHING_LEFT * max(float(values.max()), 1.0)
        self.inverse = (axes[:, kept] / values[kept]) @ axes[:, kept].T
        self.rank = int(kept.sum())
        #: Readings of a file that somebody else read too: the others say nothing here.
        self.shared = np.bincount(self.reviewer, self.sizes[self.file] > 1, len(self.reviewers)).astype(np.int64)
        self.freedom = len(rows) - len(self.files) - self.rank
        self.residual = self.left(self.grades)

    def _without_files(self, columns: Floats) -> Floats:
        sums = np.zeros((len(self.files), columns.shape[1]))
        np.add.at(sums, self.file, columns)
        within: Floats = columns - (sums / self.sizes[:, None])[self.file]
        return within

    def left(self, column: Floats) -> Floats:
        """The residual of a column on files and reviewers."""
        within = self._without_files(column[:, None])[:, 0]
        left: Floats = within - self._within @ (self.inverse @ (self._within.T @ within))
        return left

    def severities(self) -> Floats:
        """Least squares, against the mean of those whom common files connect."""
        found: Floats = -self.inverse @ (self._within.T @ self._without_files(self.grades[:, None])[:, 0])
        return found


def _severity(panel: _Panel) -> Iterator[_Estimate | Silence]:
    if len(panel.reviewers) == 1:
        return
    enough = panel.freedom >= LEAST_FREEDOM
    variance = float(panel.residual @ panel.residual) / panel.freedom if enough else 0.0
    for seat, (name, value) in enumerate(zip(panel.reviewers, panel.severities(), strict=True)):
        n, needed = int(panel.shared[seat]), MINIMUM[Lens.SEVERITY]
        if n < needed or not enough:
            yield Silence(Lens.SEVERITY, name, n, needed)
        else:
            error = sqrt(variance * panel.inverse[seat, seat])
            yield _Estimate(Lens.SEVERITY, name, n, float(value), error, panel.freedom)


def _drift(panel: _Panel) -> Iterator[_Estimate | Silence]:
    """For all reviewers together, then for each against the others."""
    places = _reading_places(panel)
    if places is None:
        return
    yield _slope(panel, "", places, len(panel.rows))
    for seat, name in enumerate(panel.reviewers):
        yield _slope(panel, name, places * panel.seats[:, seat], int(panel.shared[seat]))


def _slope(panel: _Panel, about: str, column: Floats, n: int) -> _Estimate | Silence:
    left, freedom = panel.left(column), panel.freedom - 1
    square = float(left @ left)
    silent = Silence(Lens.DRIFT, about, n, MINIMUM[Lens.DRIFT])
    if n < MINIMUM[Lens.DRIFT] or freedom < LEAST_FREEDOM or square <= NOTHING_LEFT * float(column @ column):
        return silent
    slope = float(left @ panel.residual) / square
    rest = panel.residual - slope * left
    return _Estimate(Lens.DRIFT, about, n, slope, sqrt(float(rest @ rest) / freedom / square), freedom)


def _reading_places(panel: _Panel) -> Floats | None:
    """From -½, a reviewer's first reading, to ½, the last; None when some order is not known."""
    orders = [row.order for row in panel.rows if row.order is not None and isfinite(row.order)]
    if len(orders) < len(panel.rows):
        return None
    order, places = np.array(orders), np.zeros(len(orders))
    for seat in range(len(panel.reviewers)):
        (mine,) = np.nonzero(panel.reviewer == seat)
        _, rank = np.unique(order[mine], return_inverse=True)
        places[mine] = rank / max(int(rank.max()), 1) - 1 / 2
    return places


# ── Between criteria: halo ───────────────────────────────────────────────────────────────────────────────────────────


def _halo(panel: _Panel) -> Iterator[_Estimate | Silence]:
    """For all reviewers together, then for each. A reading counts when all its criteria have a mark."""
    keys = sorted({key for row in panel.rows for key in row.criteria})
    if len(keys) < PAIR:
        return
    whole = _Panel([row for row in panel.rows if row.criteria.keys() >= set(keys)] or panel.rows[:1])
    marks = np.array([[row.criteria.get(key, 0.0) for key in keys] for row in whole.rows])
    left = np.column_stack([whole.left(column) for column in marks.T])
    yield _likeness("", len(whole.rows), left, left, whole.freedom)
    beyond = _beyond_the_others(whole, marks)
    for name in panel.reviewers:
        mine = np.array([row.reviewer == name for row in whole.rows]) & (whole.sizes[whole.file] > 1)
        own, apart = (_centred(columns[mine]) for columns in (marks, beyond))
        yield _likeness(name, len(own), own, apart, len(own) - 1)


def _centred(columns: Floats) -> Floats:
    means: Floats = columns.sum(axis=0) / max(len(columns), 1)
    return columns - means


def _beyond_the_others(panel: _Panel, marks: Floats) -> Floats:
    """Each mark less the mean of what the file's other readers gave on the same criterion."""
    sums = np.zeros((len(panel.files), marks.shape[1]))
    np.add.at(sums, panel.file, marks)
    others = np.maximum(panel.sizes[panel.file] - 1, 1)[:, None]
    beyond: Floats = marks - (sums[panel.file] - marks) / others
    return beyond


def _likeness(name: str, n: int, own: Floats, apart: Floats, freedom: int) -> _Estimate | Silence:
    """How a departure on a criterion goes with the sum of the marks on all the others, over all criteria.

    A mean of Fisher's z (R. Fisher, Metron 1, 1921) of correlations that are zero without halo. They depend on each
    other in ways that panels decide: the error is that of one of them, which the error of their mean cannot exceed.
    """
    silent = Silence(Lens.HALO, name, n, MINIMUM[Lens.HALO])
    if n < MINIMUM[Lens.HALO] or freedom < LEAST_FREEDOM:
        return silent
    rest = own.sum(axis=1, keepdims=True) - own
    squares = (rest**2).sum(axis=0) * (apart**2).sum(axis=0)
    varies = squares > NOTHING_LEFT
    if not varies.any():
        return silent
    likeness = (rest * apart).sum(axis=0)[varies] / np.sqrt(squares[varies])
    z = np.arctanh(likeness.clip(-ALMOST_ONE, ALMOST_ONE))
    return _Estimate(Lens.HALO, name, n, float(z.mean()), 1 / sqrt(freedom - 2), freedom - 1)


# ── Between files: territory, size, first time ───────────────────────────────────────────────────────────────────────


def _covariates(known: Mapping[str, File]) -> Iterator[tuple[Lens, str, dict[str, float]]]:
    """(lens, about, what each file counts)."""
    places = {file.territory for file in known.values() if file.territory is not None}
    placed = {name: file.territory for name, file in known.items() if file.territory is not None}
    for territory in sorted(places):
        yield Lens.TERRITORY, territory, {name: float(place == territory) for name, place in placed.items()}
    sizes = {name: file.requested_cents for name, file in known.items()}
    budgets = {name: file.organisation_budget_cents for name, file in known.items()}
    for lens, cents in ((Lens.REQUESTED_SIZE, sizes), (Lens.ORGANISATION_SIZE, budgets)):
        doublings = {name: log2(amount) for name, amount in cents.items() if amount is not None and amount > 0}
        if doublings:
            yield lens, "", doublings
    first = {name: float(file.first_time) for name, file in known.items() if file.first_time is not None}
    if first:
        yield Lens.FIRST_TIME, "", first


class _Between:
    """Least squares between files: random files, fixed reviewers. A file without the covariate is left out."""

    def __init__(self, panel: _Panel) -> None:
        self._panel = panel
        self._places = {name: place for place, name in enumerate(panel.files)}

    def estimate(self, lens: Lens, about: str, values: Mapping[str, float]) -> _Estimate | Silence:
        """The effect of one covariate."""
        each = np.full(len(self._panel.files), np.nan)
        for name, value in values.items():
            if name in self._places:
                each[self._places[name]] = value
        kept = np.isfinite(each)
        n, freedom = int(kept.sum()), int(kept.sum()) - 2
        yes_or_no = lens in (Lens.TERRITORY, Lens.FIRST_TIME)
        ones = int(each[kept].sum()) if yes_or_no else n
        fewest = min(ones, n - ones) if yes_or_no else n
        if fewest < MINIMUM[lens] or freedom < LEAST_FREEDOM:
            return Silence(lens, about, fewest, MINIMUM[lens])
        fitted = self._fit(each, kept)
        if fitted is None:
            return Silence(lens, about, fewest, MINIMUM[lens])
        return _Estimate(lens, about, ones, *fitted, freedom)

    def _fit(self, each: Floats, kept: NDArray[np.bool_]) -> tuple[float, float] | None:
        """(effect, its standard error); None when reviewers and covariate cannot be told apart."""
        panel = self._panel
        rows = kept[panel.file]
        _, file = np.unique(panel.file[rows], return_inverse=True)
        design = np.hstack([np.ones((len(file), 1)), panel.seats[rows], each[panel.file[rows], None]])
        design[:, -1] -= design[:, -1].mean()
        likeliest = _Weighted(design[:, :-1], panel.grades[rows], file).likeliest_ratio()
        return _Weighted(design, panel.grades[rows], file).last_effect(likeliest)


class _Weighted:
    """Generalised least squares with a random effect for each file, whose SD is `ratio` times the noise's."""

    def __init__(self, design: Floats, grades: Floats, file: Ints) -> None:
        table = np.hstack([design, (grades - grades.mean())[:, None]])
        self._products = table.T @ table
        self._sizes = np.bincount(file).astype(np.float64)
        self._sums = np.zeros((len(self._sizes), table.shape[1]))
        np.add.at(self._sums, file, table)
        self._count = len(grades)

    def _at(self, ratio: float) -> Floats:
        """Weighted products of all columns, the grades being the last."""
        held = ratio**2 / (1 + ratio**2 * self._sizes)
        products: Floats = self._products - (self._sums.T * held) @ self._sums
        return products

    def likeliest_ratio(self) -> float:
        """By restricted likelihood, on a grid."""
        return float(max(RATIOS, key=self._likelihood))

    def _likelihood(self, ratio: float) -> float:
        products = self._at(float(ratio))
        values, axes = np.linalg.eigh(products[:-1, :-1])
        kept = values > NOTHING_LEFT * float(values.max())
        rest = float(products[-1, -1]) - float((((axes[:, kept].T @ products[:-1, -1]) ** 2) / values[kept]).sum())
        freedom = self._count - int(kept.sum())
        if freedom <= 0 or rest <= 0:
            return -np.inf
        determinants = float(np.log1p(ratio**2 * self._sizes).sum()) + float(np.log(values[kept]).sum())
        return -determinants / 2 - freedom / 2 * float(np.log(rest))

    def last_effect(self, ratio: float) -> tuple[float, float] | None:
        """The effect of the last column beside the others, and its standard error."""
        products = self._at(ratio)
        values, axes = np.linalg.eigh(products[:-2, :-2])
        kept = values > NOTHING_LEFT * float(values.max())
        inverse = (axes[:, kept] / values[kept]) @ axes[:, kept].T
        pair = products[-2:, -2:] - products[-2:, :-2] @ inverse @ products[:-2, -2:]
        square, freedom = float(pair[0, 0]), self._count - int(kept.sum()) - 1
        if freedom < LEAST_FREEDOM or square <= NOTHING_LEFT * float(products[-2, -2]):
            return None
        effect = float(pair[0, 1]) / square
        rest = max(float(pair[1, 1]) - effect * float(pair[0, 1]), 0.0)
        return effect, sqrt(rest / freedom / square)


def _numbers(names: Sequence[str]) -> tuple[list[str], Ints]:
    """Distinct names in order, and the number of each name given."""
    distinct = sorted(set(names))
    numbers = {name: number for number, name in enumerate(distinct)}
    return distinct, np.array([numbers[name] for name in names], dtype=np.int64)
