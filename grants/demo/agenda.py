"""What happens when: acts put down in any order, carried out in the order of the calendar under a clock that walks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from grants.clock import frozen
from grants.demo.calls import PARIS

Act = Callable[[], object]
SOON = timedelta(seconds=20)  # how long the worker takes to hear of a promise
EARLY_HOUR = 8


@dataclass
class Agenda:
    """Acts by their moment; those of one moment stay in the order in which they were put down."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def put(self, at: datetime, act: Act) -> None:
        """Do `act` at this moment (with its zone)."""
        self.acts.append((at.astimezone(UTC), len(self.acts), act))

    def run(self, afterwards: Act, until: datetime | None = None) -> int:
        """Carry everything out; after each act, a few seconds later, `afterwards` (the worker). Returns how many.

        What is put down for `until` or later is left undone.
        """
        count = 0
        while self.acts:
            batch, self.acts = sorted(self.acts, key=lambda entry: entry[:2]), []
            for at, _, act in batch:
                if until is not None and at >= until:
                    continue
                with frozen(at):
                    act()
                with frozen(at + SOON):
                    afterwards()
                count += 1
        return count


def mornings(first: datetime, last: datetime) -> Iterator[datetime]:
    """Every day at eight in Paris, from `first` until `last`."""
    day = first.astimezone(PARIS).date()
    while (at := datetime(day.year, day.month, day.day, EARLY_HOUR, tzinfo=PARIS)) <= last:
        if at >= first:
            yield at
        day += timedelta(days=1)
