"""Compares the clock of the application with the clock of the database: no deadline is judged while they differ."""

from datetime import datetime, timedelta

from grants.clock import MAX_SKEW
from grants.errors import ClockSkew


def skew(application_at: datetime, database_at: datetime) -> timedelta:
    """Return how far the application is ahead of the database (negative when behind); both instants are aware."""
    return application_at - database_at


def agree(application_at: datetime, database_at: datetime, tolerance: timedelta = MAX_SKEW) -> bool:
    """Return whether both clocks tell the same time, give or take the tolerance (five seconds)."""
    return abs(skew(application_at, database_at)) <= tolerance


def require_agreement(application_at: datetime, database_at: datetime, tolerance: timedelta = MAX_SKEW) -> None:
    """Raise ClockSkew when the two clocks differ by more than the tolerance."""
    if not agree(application_at, database_at, tolerance):
        seconds = skew(application_at, database_at).total_seconds()
        message = f"application and database clocks differ by {seconds:.1f} s"
        raise ClockSkew(message)
