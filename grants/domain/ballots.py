"""Votes of the committee: what may be said, what a count means, and what it proposes."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Choice(StrEnum):
    """What a member may say; who abstains has voted."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINED = "abstained"


class Count(NamedTuple):
    """The votes cast."""

    votes_for: int
    votes_against: int
    abstained: int

    @property
    def cast(self) -> int:
        """How many voted."""
        return sum(self)

    @property
    def carried(self) -> bool:
        """More for than against: abstentions weigh on neither side, and a tie carries nothing."""
        return self.votes_for > self.votes_against

    @property
    def tied(self) -> bool:
        """As many for as against."""
        return self.votes_for == self.votes_against


def count(choices: Iterable[str]) -> Count:
    """The count of these choices. Raises ValueError for another word."""
    said = [Choice(choice) for choice in choices]
    return Count(*(sum(1 for one in said if one is choice) for choice in Choice))
