"""A lot that anybody can draw again: the order of the files follows from a secret seed that was committed beforehand.

1. Before the names of the group are drawn, a seed is made by chance (`new_seed`) and kept secret; its `commitment`, a
   SHA-256 of the seed, the call and the group, is published.
2. Those present may add a word of their own (`public`: dice, a newspaper's headline, a number each): who knows the
   seed then cannot know the outcome, and who says the word does not know the seed.
3. The seed is published. Each file's ticket is a SHA-256; the smallest ticket comes first.

Whoever holds the published values repeats it with any tool that computes SHA-256 of UTF-8 lines joined by a line feed:

    commitment = sha256("palabre-lot-1", "commitment", seed, call, file, file…)   files in the order of their code points
    ticket     = sha256("palabre-lot-1", "ticket", seed, call, public, file)

`printf 'palabre-lot-1\\nticket\\n%s\\n%s\\n%s\\n%s' "$seed" "$call" "$public" "$file" | sha256sum` is one ticket.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

METHOD = "palabre-lot-1"
SEED_BYTES = 32


@dataclass(frozen=True)
class Ticket:
    """A file and its SHA-256, in hexadecimal; tickets are compared as texts."""

    file: str
    digest: str


def new_seed() -> str:
    """A seed by chance: 64 hexadecimal digits, to be kept secret until the draw."""
    return secrets.token_hex(SEED_BYTES)


def commitment(seed: str, call: str, group: Iterable[str]) -> str:
    """What is published before the draw: it binds the seed, the call and the group, and tells nothing of the seed.

    Raises ValueError for a seed that is too short, a name with a line break, an empty group or a name that comes twice.
    """
    _require_seed(seed)
    return _digest("commitment", seed, call, *_names(group))


def keeps(promised: str, seed: str, call: str, group: Iterable[str]) -> bool:
    """Whether a published seed, call and group are those of the commitment."""
    return hmac.compare_digest(promised, commitment(seed, call, group))


def draw(seed: str, call: str, group: Iterable[str], *, public: str = "") -> tuple[Ticket, ...]:
    """The group in the order of the lot: with k places, the first k are drawn. Raises ValueError like `commitment`."""
    _require_seed(seed)
    tickets = (Ticket(name, _digest("ticket", seed, call, public, name)) for name in _names(group))
    return tuple(sorted(tickets, key=lambda ticket: (ticket.digest, ticket.file)))


def _require_seed(seed: str) -> None:
    if len(seed) < 2 * SEED_BYTES:
        raise ValueError(f"a seed has at least {2 * SEED_BYTES} signs: one that can be guessed commits to nothing")


def _names(group: Iterable[str]) -> list[str]:
    names = sorted(group)
    if not names:
        raise ValueError("the group is empty")
    if len(set(names)) < len(names):
        raise ValueError("a file comes twice in the group")
    return names


def _digest(*lines: str) -> str:
    if any("\n" in line for line in lines):
        raise ValueError("a line break would let two lots share a digest")
    return hashlib.sha256("\n".join((METHOD, *lines)).encode()).hexdigest()
