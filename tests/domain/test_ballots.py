"""Votes counted, and what a count means."""

import pytest

from grants.domain.ballots import Count, count

pytestmark = pytest.mark.pure


def test_choices_are_counted_and_another_word_is_refused() -> None:
    assert count(["for", "against", "for", "abstained"]) == Count(2, 1, 1)
    assert count([]).cast == 0
    with pytest.raises(ValueError, match="maybe"):
        count(["maybe"])


@pytest.mark.parametrize(
    ("votes", "carried", "tied"),
    [((3, 2, 0), True, False), ((2, 2, 9), False, True), ((1, 0, 9), True, False), ((0, 1, 0), False, False)],
)
def test_more_for_than_against_carries_and_abstentions_weigh_on_neither_side(
    votes: tuple[int, int, int], *, carried: bool, tied: bool
) -> None:
    result = Count(*votes)
    assert (result.carried, result.tied, result.cast) == (carried, tied, sum(votes))
