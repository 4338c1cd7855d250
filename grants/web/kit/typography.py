"""How figures, dates and words that are data are written for the person who reads, in pages and in Python."""

from datetime import date, datetime

from flask import Flask

from grants import clock
from grants.delivery import typography
from grants.domain.deadlines import zone_named
from grants.web.kit.countries import name_of
from grants.web.kit.language import current_language, gettext


def install(app: Flask) -> None:
    """Give the templates of `app` the filters typo, euros, percent, score, day, moment, file_size and their kin.

    And `translated`, for words that are data: the labels of the form, of the chart of accounts.
    """
    app.jinja_env.filters.update(typography.filters(current_language), translated=gettext, country=country)
    app.jinja_env.globals.update(is_today=is_today)


def country(code: str) -> str:
    """The name of a country in the language of the page."""
    return name_of(code, current_language())


def is_today(at: datetime, zone: str) -> bool:
    """Whether an instant falls on the present day of a zone."""
    place = zone_named(zone)
    return at.astimezone(place).date() == clock.now().astimezone(place).date()


def euros(cents: int | None) -> str:
    """An amount in cents as the reader writes it."""
    return typography.euros(cents, language=current_language())


def percent(basis_points: int | None) -> str:
    """A share in basis points as the reader writes it."""
    return typography.percent(basis_points, language=current_language())


def decimal(value: float | None, digits: int = 1) -> str:
    """A number with a fixed count of decimals as the reader writes it."""
    return typography.decimal(value, digits, language=current_language())


def day_short(value: date | None) -> str:
    """A day for a table, as the reader writes it."""
    return typography.day_short(value, language=current_language())


def moment(value: datetime, zone: str) -> str:
    """An instant in the zone of a call, as the reader writes it."""
    return typography.moment(value, zone, language=current_language())
