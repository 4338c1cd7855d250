"""Geometry of the drawings: pure sums; the same figures serve the page and the PDF, and a table stands beside each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, pi, sin
from statistics import fmean

from flask import Flask

from grants.web.kit.language import current_language

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an axis: where its lines start and which side they hang on."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar: rings and spokes, the polygon and the marks of each date (empty when there is none)."""

    cx: float
    cy: float
    rings: tuple[str, ...]
    spokes: tuple[Point, ...]
    labels: tuple[Label, ...]
    before: str
    after: str
    before_marks: tuple[Point, ...]
    after_marks: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Dots:
    """A strip of dots: its size, one mark a score, the ends of the range and the mean."""

    width: int
    height: int
    mid: float
    marks: tuple[float, ...]
    x1: float
    x2: float
    xm: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a strip of dots says in words."""

    mean: float
    spread: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A figure with its intervals on one line: where each stands; None is not there."""

    width: int
    height: int
    mid: float
    value: float | None
    inner: Point | None
    outer: Point | None
    marks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram: its rectangle, and what stands under it (empty: nothing)."""

    x: float
    y: float
    width: float
    height: float
    foot: str
    middle: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Columns on a ground line; `mark`: where the line between them stands, None without one."""

    width: int
    height: int
    ground: float
    columns: tuple[Column, ...]
    mark: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the table of months: first column (0 is the first month) and number of columns."""

    start: int
    span: int


def polar(center: Point, radius: float, index: int, count: int) -> Point:
    """Give the point of the `index`-th of `count` directions, clockwise from the top."""
    angle = -pi / 2 + 2 * pi * index / count
    return round(center[0] + radius * cos(angle), 1), round(center[1] + radius * sin(angle), 1)


def polygon(points: Sequence[Point]) -> str:
    """Write points as the attribute of an SVG polygon."""
    return " ".join(f"{x},{y}" for x, y in points)


def radar(
    axes: Sequence[str],
    before: Sequence[float] | None,
    after: Sequence[float] | None,
    *,
    top: int = 5,
    center: Point = (200, 145),
    radius: float = 94,
) -> Radar:
    """Draw one project at one or two dates; marks run from 0 to `top`, one for each axis.

    Raises ValueError when a date has not exactly one mark for each axis.
    """
    count = len(axes)

    def marks(values: Sequence[float] | None) -> tuple[Point, ...]:
        values = values or ()
        if len(values) not in {0, count}:
            raise ValueError("a radar needs one mark for each axis")
        return tuple(polar(center, radius * value / top, i, count) for i, value in enumerate(values))

    earlier, later = marks(before), marks(after)
    return Radar(
        cx=center[0],
        cy=center[1],
        rings=tuple(
            polygon([polar(center, radius * ring / top, i, count) for i in range(count)]) for ring in range(1, top + 1)
        ),
        spokes=tuple(polar(center, radius, i, count) for i in range(count)),
        labels=tuple(_label(name, polar(center, radius + 13, i, count), center) for i, name in enumerate(axes)),
        before=polygon(earlier),
        after=polygon(later),
        before_marks=earlier,
        after_marks=later,
    )


def _label(name: str, at: Point, center: Point) -> Label:
    x, y = at
    if abs(x - center[0]) < 4:  # noqa: PLR2004 -- straight above or below: one centred line
        return Label(x, round(y + (0 if y < center[1] else 8), 1), "middle", (name,))
    lines = tuple(name.split(" ", 1))
    return Label(x, round(y + 4 - 7 * (len(lines) - 1), 1), "start" if x > center[0] else "end", lines)


def dots(scores: Sequence[float], low: float = 30, *, top: float = 100, width: int = 128, height: int = 20) -> Dots:
    """Draw scores as a strip of dots. Position alone speaks, so the scale may start above zero.

    A score under `low` stands at the left end. Raises ValueError when there is no score.
    """
    if not scores:
        raise ValueError("a strip of dots needs a score")

    def place(score: float) -> float:
        return round(6 + (max(float(score), low) - low) * (width - 12) / (top - low), 1)

    marks = tuple(place(score) for score in sorted(scores))
    return Dots(width, height, height / 2, marks, marks[0], marks[-1], place(fmean(scores)))


def summary(scores: Sequence[float]) -> Summary:
    """Sum up scores: mean, spread (highest minus lowest), ends and count."""
    low, high = min(scores), max(scores)
    return Summary(fmean(scores), high - low, low, high, len(scores))


def strip(  # noqa: PLR0913 -- one figure, two intervals, the scale they stand on
    value: float | None,
    inner: Point | None,
    outer: Point | None,
    ends: Point,
    marks: Sequence[float] = (),
    *,
    width: int = 200,
    height: int = 20,
) -> Strip:
    """Draw a figure and its intervals between `ends`; `marks`: figures to compare it with. What sticks out is cut."""
    low, high = ends

    def place(figure: float) -> float:
        inside = min(max(figure, low), high)
        return round(6 + (inside - low) * (width - 12) / ((high - low) or 1), 1)

    def both(interval: Point | None) -> Point | None:
        return None if interval is None else (place(interval[0]), place(interval[1]))

    return Strip(
        width,
        height,
        height / 2,
        None if value is None else place(value),
        both(inner),
        both(outer),
        tuple(place(mark) for mark in marks),
    )


def histogram(shares: Sequence[float], step: int, mark: float | None = None) -> Histogram:
    """Draw how likely each rank is, `step` ranks a column; `mark`: a rank (1 is the first) where a line stands.

    The highest column fills the height. Feet name the first rank, the last, and some between, as there is room.
    """
    width, height, ground, left, top = 340, 150, 128.0, 6.0, 8.0
    each = (width - 2 * left) / max(len(shares), 1)
    highest = max(shares, default=0) or 1
    every = max(1, -(-len(shares) // 8))
    columns = tuple(
        Column(
            x=round(left + place * each + each * 0.1, 1),
            y=round(ground - (ground - top) * share / highest, 1),
            width=round(each * 0.8, 1),
            height=round((ground - top) * share / highest, 1),
            foot=str(place * step + 1) if place % every == 0 else "",
            middle=round(left + (place + 1 / 2) * each, 1),
        )
        for place, share in enumerate(shares)
    )
    at = None if mark is None else round(left + (mark - 1 / 2) / step * each, 1)
    return Histogram(width, height, ground, columns, at)


def months(first: date, last: date) -> tuple[date, ...]:
    """Give the first day of each month from `first` to `last`, both included."""
    count = _month(last) - _month(first) + 1
    return tuple(date((_month(first) + i) // 12, (_month(first) + i) % 12 + 1, 1) for i in range(count))


def bar(starts_on: date, ends_on: date, shown: Sequence[date]) -> Bar:
    """Place a period among the months shown; what sticks out is cut, and one column is the least."""
    last = len(shown) - 1
    start = min(max(_month(starts_on) - _month(shown[0]), 0), last)
    end = min(max(_month(ends_on) - _month(shown[0]), start), last)
    return Bar(start, end - start + 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def install(app: Flask) -> None:
    """Give the templates the geometry, and the filter `dots`: the strip of one file's scores, drawn once for all."""
    app.jinja_env.globals.update(JINJA_GLOBALS)

    @lru_cache(maxsize=4_096)
    def drawn(scores: tuple[float, ...], _language: str) -> object:
        return app.jinja_env.get_template("kit/charts.html").module.score_dots(scores)  # type: ignore[attr-defined]

    app.jinja_env.filters["dots"] = lambda scores: drawn(tuple(map(float, scores)), current_language())


JINJA_GLOBALS: dict[str, Callable[..., object]] = {
    "radar_geometry": radar,
    "dots_geometry": dots,
    "scores_summary": summary,
    "strip_geometry": strip,
    "histogram_geometry": histogram,
}
