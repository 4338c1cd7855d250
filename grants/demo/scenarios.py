"""Small situations for tests: an otherwise empty database, made by the same services, relative to now.

network              the whole demonstration
draft                a call that is open, with drafts
deadline-in-<n>      the same, complete, closing in n seconds
under-review         files being read; one review given, one begun, one person recused
deliberated          the sitting is closed, its proposals wait for the board
decided-unreleased   the board's act is entered, nobody outside knows
released             the letters have left
funded               agreements signed, one tranche paid, one due, a report begun
twins                two programmes of one shape that must not see each other
200-letters          two hundred approved decisions, ready to leave together (takes minutes)
"""

import re
from collections.abc import Callable
from typing import Any

from grants.clock import now
from grants.delivery.doors import Doors
from grants.demo import replay
from grants.demo.seeding import Seed
from grants.demo.telling import told

NETWORK = "network"
TWINS = "twins"
LETTERS = "200-letters"
FILES = ("A01", "A02", "A03")
OTHERS = ("A05", "A06", "A07")
MANY = 200
_DEADLINE = re.compile(r"deadline-in-(\d{1,7})\Z")
#: how far each scenario goes
STEPS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "under-review": ("submit", "admit", "read"),
    "deliberated": ("submit", "admit", "read", "score", "sit"),
    "decided-unreleased": ("submit", "admit", "read", "score", "sit", "approve"),
    "released": ("submit", "admit", "read", "score", "sit", "approve", "release"),
    "funded": ("submit", "admit", "read", "score", "sit", "approve", "release", "fund"),
}


class UnknownScenario(Exception):
    """There is no scenario of that name."""

    def __init__(self, name: str) -> None:
        names = ", ".join([NETWORK, *STEPS, "deadline-in-<seconds>", TWINS, LETTERS])
        super().__init__(f"no scenario {name!r}; there are: {names}")


def seed(name: str, doors: Doors, base_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Fill the empty database; returns what a test needs to know. Raises UnknownScenario before anything is done."""
    fill = _filler(name)
    with replay.without_waiting_for_the_disk():
        canaries = fill(doors, say)
    return told(name, base_url, canaries)


def _filler(name: str) -> Callable[[Doors, Callable[[str], None]], dict[str, str]]:
    if name == NETWORK:
        return _network
    if name == TWINS:
        return _twins
    if name == LETTERS:
        return _letters
    if deadline := _DEADLINE.match(name):
        return lambda doors, say: _closing(doors, say, int(deadline[1]))
    if name in STEPS:
        return lambda doors, say: _along(doors, say, STEPS[name])
    raise UnknownScenario(name)


def _network(doors: Doors, say: Callable[[str], None]) -> dict[str, str]:
    replay.load(doors, say)
    return {}


def _along(doors: Doors, say: Callable[[str], None], steps: tuple[str, ...]) -> dict[str, str]:
    past = "score" in steps
    made = Seed(doors, now(), say=say)
    made.set_up(FILES, open_now=not steps, past=past)
    for step in ("draft", *steps):
        say(step)
        getattr(made, step)()
    made.stage.tell_unkept()
    return made.canaries


def _closing(doors: Doors, say: Callable[[str], None], seconds: int) -> dict[str, str]:
    made = Seed(doors, now(), say=say)
    made.set_up(FILES, open_now=True, closes_in=seconds)
    made.draft()
    return made.canaries


def _twins(doors: Doors, say: Callable[[str], None]) -> dict[str, str]:
    """Everything twice: what one of them may do to its own, it may not even know of the other's."""
    first = Seed(doors, now(), name="twin-1", say=say)
    first.set_up(FILES, past=True)
    second = first.twin("twin-2")
    second.set_up(OTHERS, past=True)
    for step in ("draft", *STEPS["funded"]):
        for made in (first, second):
            getattr(made, step)()
    return {**first.canaries, **second.canaries}


def _letters(doors: Doors, say: Callable[[str], None]) -> dict[str, str]:
    made = Seed(doors, now(), say=say)
    made.set_up_many(MANY)
    for step in ("draft", *STEPS["decided-unreleased"]):
        say(step)
        getattr(made, step)()
    made.stage.tell_unkept()
    return made.canaries
