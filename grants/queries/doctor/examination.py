"""The table of the statements, and how each is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from grants.queries.doctor import evidence, letters, lives, money
from grants.queries.doctor.ward import Ward

Problems = Iterable[str]
SHOWN = 5

STATEMENTS: tuple[tuple[str, str, Callable[[Session, Ward], Problems]], ...] = (
    ("I1", "awards fit their envelope, and its counter is their sum", money.envelopes),
    ("I2", "tranches sum to the award, payments stay within it, one live payment a tranche", money.tranches),
    ("I3", "every state was reached along the table of its life", lives.paths),
    ("I4", "what was submitted is frozen, unchanged, and came in time", lives.snapshots),
    ("I5", "one current decision a file, one letter and its mails a released decision", letters.letters),
    ("I6", "letters go to the organisation they are about, under its number", letters.recipients),
    ("I7", "nobody in conflict reviews, nobody reads reviews before giving their own", lives.reviews),
    ("I8", "the trail is whole and tells every payment, decision and role exactly once", evidence.trail),
    ("I9", "every stored file is there, unchanged, and known", evidence.files),
    ("I10", "no promise is overdue while workers are up", letters.promises),
    ("I11", "every verdict of a rule is found again from its trace", evidence.verdicts),
)


@dataclass(frozen=True)
class Finding:
    """One statement: whether it holds, and the first things that say otherwise."""

    name: str
    statement: str
    ok: bool
    problems: tuple[str, ...]


def examine(session: Session, ward: Ward) -> list[Finding]:
    """Try every statement, in their order."""
    return [_try(session, ward, *line) for line in STATEMENTS]


def _try(
    session: Session, ward: Ward, name: str, statement: str, check: Callable[[Session, Ward], Problems]
) -> Finding:
    problems = tuple(islice(check(session, ward), SHOWN))
    return Finding(name, statement, not problems, problems)
