"""`analyse rank` and `analyse alpha`: what the scores of a committee say."""

from typing import TYPE_CHECKING, Any

import click

from grants.cli.analyse.frame import (
    Answer,
    Refused,
    analysis,
    items,
    name_in,
    number_in,
    required,
    rows,
    shown,
    whole_in,
)
from grants.domain.rank_report import CAUTIONS, Grade

if TYPE_CHECKING:
    from grants.domain.agreement_statistics import Value
    from grants.domain.rank_report import RankReport, Standing

DECIMALS = 6
TOLD = 8


@analysis("rank", click.Option(["--full"], is_flag=True, help="Print all that is known: severities, distributions…"))
def rank(document: dict[str, Any], seed: int, *, full: bool = False) -> Answer:
    """Rank files with the uncertainty of their ranks, from the grades that reviewers gave."""
    from grants.domain.expected_ranks import expected_ranks  # noqa: PLC0415 -- numpy, for this command alone

    grades = [_grade(where, row) for where, row in rows(document, "grades")]
    places = whole_in(required(document, "places"), "places", least=1)
    try:
        report = expected_ranks(grades, places, seed=seed)
    except ValueError as error:
        raise Refused(str(error)) from None
    return Answer(report.as_json() if full else _summary(report), _warnings(report))


def _grade(where: str, row: dict[str, Any]) -> Grade:
    application, reviewer = (
        name_in(required(row, key, where), f"{where}.{key}") for key in ("application", "reviewer")
    )
    grade = required(row, "grade", where)
    return Grade(application, reviewer, None if grade is None else number_in(grade, f"{where}.grade"))


def _summary(report: "RankReport") -> dict[str, object]:
    return {"applications": [_line(one) for one in report.standings], "line_group": list(report.line_group)}


def _line(one: "Standing") -> dict[str, object]:
    return {
        "application": one.application,
        "mean": _rounded(one.mean),
        "n": one.n,
        "spread": _rounded(one.spread),
        "expected_rank": _rounded(one.expected_rank),
        "interval_50": one.interval_50,
        "interval_90": one.interval_90,
        "sucra": _rounded(one.sucra),
        "probability_first": _rounded(one.probability_first),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _warnings(report: "RankReport") -> tuple[str, ...]:
    return tuple(CAUTIONS[caution.code] + _names(caution.about) for caution in report.cautions)


def _names(about: tuple[str, ...]) -> str:
    if not about:
        return ""
    more = f" and {len(about) - TOLD} more" if len(about) > TOLD else ""
    return f": {', '.join(about[:TOLD])}{more}"


@analysis("alpha")
def alpha(document: dict[str, Any], seed: int) -> Answer:
    """Krippendorff's alpha: how far observers agree, 1 being perfectly, 0 as by chance."""
    from grants.domain.agreement_statistics import Level, krippendorff_alpha  # noqa: PLC0415 -- numpy

    said = required(document, "level")
    if not isinstance(said, str) or said not in list(Level):
        raise Refused(f"level: one of {', '.join(Level)} is expected, not {shown(said)}")
    level = Level(said)
    units: list[list[Value]] = []
    for where, unit in items(document, "units"):
        if not isinstance(unit, list):
            raise Refused(f"{where}: a list of values is expected, not {shown(unit)}")
        units.append(
            [_value(value, f"{where}[{index}]", nominal=level is Level.NOMINAL) for index, value in enumerate(unit)]
        )
    try:
        agreement = krippendorff_alpha(units, level, seed=seed)
    except ValueError as error:
        raise Refused(str(error)) from None
    warnings = ("all values are equal: there is nothing to agree on, and no alpha",) if agreement.alpha is None else ()
    interval = agreement.interval_95 and [_rounded(end) for end in agreement.interval_95]
    return Answer({"alpha": _rounded(agreement.alpha), "interval_95": interval}, warnings)


def _value(value: object, where: str, *, nominal: bool) -> "Value":
    """A value of a unit. Names may be texts, numbers, true or false; orders and quantities are numbers."""
    if value is None or (nominal and isinstance(value, str | bool)):
        return value
    return number_in(value, where)
