"""The table of routes, read: one `Row` a line, groups of people resolved."""

from dataclasses import dataclass
from pathlib import Path

from tests.matrix.people import EVERYBODY

GROUPS = {
    "ALL": " ".join(EVERYBODY),
    "IN": " ".join(code for code in EVERYBODY if code not in ("AN", "DI")),
    "TEAM": "AM AL PL",
    "LEAD": "AL PL",
    "WRITE": "TEAM CO",
    "MANAGE": "PM PX PL",
    "PAY": "FO FL",
    "REGISTER": "PM PX xPM CH CX xCH FO FL xFO AU AX",
    "SEATED": "RV R2 RN RX CH CX",
    "READ": "PM AU CH",
    "FOLLOW": "TEAM PM PAY AU",
    "OTHERS": "IN",
    "FOUNDERS": " ".join(code for code in EVERYBODY if code not in ("AN", "DI", "AD", "AU", "AX")),
}
OUTSIDE = ("AN", "DI")  # nobody signed in, and a session that has ended


@dataclass(frozen=True)
class Row:
    """One kind of request, and what everybody gets."""

    method: str
    rule: str
    arguments: tuple[tuple[str, str], ...]
    answer: str
    who: frozenset[str]
    sees: frozenset[str]
    form: str
    others: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.arguments)
        return f"{self.method} {self.rule} {told} {self.answer}".replace("  ", " ")

    @property
    def objects(self) -> list[str]:
        """Names of the arguments that name an object of the world."""
        return [name for name, value in self.arguments if not value.startswith("'") and not name.startswith("?")]

    def expected(self, code: str) -> str:
        """What this person gets: `ok`, a status, `sign-in`."""
        if code in dict(self.others):
            return dict(self.others)[code]
        if code in self.who:
            return self.answer
        if code in OUTSIDE:
            return "401" if code == "DI" and self.method != "GET" else "sign-in"
        return "403" if code in self.sees else "404"


def people(words: str) -> frozenset[str]:
    """The codes behind a list of codes and groups. Raises KeyError for a word that is neither."""
    found: set[str] = set()
    for word in words.split():
        if word in GROUPS:
            found |= people(GROUPS[word])
        elif word in EVERYBODY:
            found.add(word)
        else:
            raise KeyError(word)
    return frozenset(found)


def _row(line: str) -> Row:
    cells = [cell.strip() for cell in line.split("|")] + [""] * 6
    # a rule may hold spaces inside <…>
    method, _, rule = cells[0].partition(" ")
    arguments = tuple((name, value) for name, _, value in (word.partition("=") for word in cells[1].split()))
    words = cells[3].split()
    others = tuple((code, answer) for code, _, answer in (word.partition(":") for word in words) if answer)
    who = people(" ".join(word for word in words if ":" not in word))
    return Row(method, rule.strip(), arguments, cells[2], who, people(cells[4]), cells[5], others)


TEXT = (Path(__file__).parent / "routes.txt").read_text()
ROWS = [_row(line) for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]
