"""The last word belongs to whole numbers: long objectives, tolerances, goals that follow each other."""

import random
from itertools import product

import pytest

from grants.domain import integer_programme
from grants.domain.integer_programme import Programme

pytestmark = pytest.mark.pure


def drawn(seed, digits):
    """A random programme of at most nine variables, and its weights."""
    die = random.Random(seed)  # noqa: S311 -- nothing secret
    programme = Programme()
    columns = [programme.variable(die.choice((1, 1, 1, 2))) for _ in range(die.randint(2, 9))]
    for _ in range(die.randint(1, 3)):
        terms = {column: die.randint(-3, 9) for column in columns}
        programme.row(terms, die.choice((None, 1, 4)), die.choice((None, 6, 15)))
    return programme, {column: die.randint(-(10**digits), 10**digits) for column in columns}


def best(programme, weights):
    ranges = [range(low, high + 1) for low, high in zip(programme.lower, programme.upper, strict=True)]
    kept = [values for values in product(*ranges) if all(row.holds(values) for row in programme.rows)]
    return max((sum(weight * values[column] for column, weight in weights.items()) for values in kept), default=None)


@pytest.mark.parametrize("digits", [1, 4, 12, 25])
def test_the_greatest_value_is_exact_however_many_digits_it_has(digits):
    for seed in range(40):
        programme, weights = drawn(seed, digits)
        wanted = best(programme, weights)
        answer = programme.maximise(weights)
        reached = answer and sum(weight * answer.values[column] for column, weight in weights.items())
        assert reached == wanted, seed


def test_a_goal_is_pinned_for_those_that_follow():
    programme = Programme()
    one, other, third = (programme.variable() for _ in range(3))
    programme.row({one: 1, other: 1, third: 1}, upper=2)
    programme.maximise({one: 5, other: 3, third: 3})
    answer = programme.maximise({other: -1})
    assert answer.values[:3] == (1, 0, 1)


def test_what_is_impossible_has_no_answer():
    programme = Programme()
    column = programme.variable()
    programme.row({column: 2}, lower=1, upper=1)
    assert programme.feasible() is None
    assert programme.maximise({column: 1}) is None


def test_a_large_programme_is_solved_in_its_core_and_nothing_is_lost():
    """The same programme, searched with and without the core first."""
    die = random.Random(5)  # noqa: S311 -- nothing secret
    items = [(die.randint(10, 99), die.randint(10, 99)) for _ in range(2 * integer_programme.LARGE)]

    def value():
        programme = Programme()
        columns = [programme.variable() for _ in items]
        programme.row({column: weight for column, (weight, _) in zip(columns, items, strict=True)}, upper=1003)
        worth = {column: gain for column, (_, gain) in zip(columns, items, strict=True)}
        answer = programme.maximise(worth)
        return sum(gain for column, gain in worth.items() if answer.values[column])

    table = [0] * 1004
    for weight, gain in items:
        for room in range(1003, weight - 1, -1):
            table[room] = max(table[room], table[room - weight] + gain)
    assert value() == table[1003]
