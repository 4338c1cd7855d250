"""Krippendorff's alpha: published examples, the definition by brute force, and inputs that say little."""

from itertools import permutations

import numpy as np
import pytest

from grants.domain.agreement_statistics import Level, krippendorff_alpha
from tests.proofs import agreement

pytestmark = pytest.mark.pure


def test_the_published_examples_are_found_to_three_decimals():
    assert [claim for claim in agreement.the_examples() if not claim.holds] == []


def by_definition(units, level):
    """1 - Do / De with the matrix of coincidences and the difference of each level, written out."""
    units = [[value for value in unit if value is not None] for unit in units]
    units = [unit for unit in units if len(unit) > 1]
    names = sorted({value for unit in units for value in unit})
    coincidences = dict.fromkeys(((c, k) for c in names for k in names), 0.0)
    for unit in units:
        for pair in permutations(range(len(unit)), 2):
            coincidences[unit[pair[0]], unit[pair[1]]] += 1 / (len(unit) - 1)
    totals = {c: sum(coincidences[c, k] for k in names) for c in names}
    n = sum(totals.values())

    def difference(c, k):
        if level is Level.NOMINAL:
            return float(c != k)
        if level is Level.INTERVAL:
            return (c - k) ** 2
        low, high = sorted((c, k))
        return (sum(totals[g] for g in names if low <= g <= high) - (totals[c] + totals[k]) / 2) ** 2

    observed = sum(coincidences[pair] * difference(*pair) for pair in coincidences)
    expected = sum(totals[c] * totals[k] * difference(c, k) for c in names for k in names)
    return 1 - (n - 1) * observed / expected


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("seed", range(20))
def test_alpha_is_what_the_definition_says(level, seed):
    die = np.random.default_rng(seed)
    units = [[None if die.random() < 0.3 else float(die.integers(0, 5)) for _ in range(4)] for _ in range(12)]
    assert krippendorff_alpha(units, level).alpha == pytest.approx(by_definition(units, level), abs=1e-12)


def test_large_values_lose_no_digits():
    units = [[1.0, 2.0], [3.0, 3.0], [5.0, 4.0], [2.0, None]]
    far = [[value and value + 1e9 for value in unit] for unit in units]
    near = krippendorff_alpha(units, Level.INTERVAL).alpha
    assert krippendorff_alpha(far, Level.INTERVAL).alpha == pytest.approx(near, abs=1e-6)


def test_perfect_agreement_is_one_and_reversed_orders_are_below_zero():
    perfect = krippendorff_alpha([[1, 1], [2, 2], [3, 3]], Level.ORDINAL)
    assert perfect.alpha == 1
    assert perfect.interval_95 == (1, 1)
    assert krippendorff_alpha([[1, 4], [2, 3], [3, 2], [4, 1]], Level.ORDINAL).alpha < 0


def test_names_are_compared_as_names_and_true_is_not_one():
    assert krippendorff_alpha([["yes", "yes"], ["no", "yes"], ["no", "no"]], Level.NOMINAL).alpha == pytest.approx(
        4 / 9
    )
    assert krippendorff_alpha([[True, 1], [True, 1]], Level.NOMINAL).alpha < 0
    assert krippendorff_alpha([[1, 1.0], [2, 2.0]], Level.NOMINAL).alpha == 1


def test_the_same_seed_gives_the_same_interval_which_holds_alpha():
    units = list(zip(*agreement.FOUR_OBSERVERS, strict=True))
    found = krippendorff_alpha(units, Level.INTERVAL, seed=4)
    assert krippendorff_alpha(units, Level.INTERVAL, seed=4) == found
    assert krippendorff_alpha(units, Level.INTERVAL, seed=5).interval_95 != found.interval_95
    assert found.interval_95[0] < found.alpha < found.interval_95[1]


def test_the_interval_covers_as_often_as_it_says():
    assert agreement.the_coverage(60).holds


def test_without_variation_there_is_no_alpha_and_with_one_unit_no_interval():
    flat = krippendorff_alpha([[3, 3], [3, 3, None]], Level.INTERVAL)
    assert (flat.alpha, flat.interval_95, flat.units, flat.values) == (None, None, 2, 4)
    alone = krippendorff_alpha([[3, 4, 4], [3], [None]], Level.INTERVAL)
    assert alone.alpha is not None
    assert (alone.interval_95, alone.units, alone.values) == (None, 1, 3)


@pytest.mark.parametrize("units", [[], [[]], [[1], [None, 2]]])
def test_without_two_values_on_one_thing_nothing_can_be_compared(units):
    with pytest.raises(ValueError, match="no unit has two values"):
        krippendorff_alpha(units, Level.NOMINAL)
