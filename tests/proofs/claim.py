"""A line of a proof: what is claimed, what was found, and whether that holds."""

from typing import NamedTuple


class Claim(NamedTuple):
    """`claim` states the bound; `found` the figure."""

    claim: str
    found: str
    holds: bool
