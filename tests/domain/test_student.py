"""Student's t, beside the printed tables."""

import pytest

from grants.domain.student import critical, two_sided

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("alpha", "freedom", "printed"),
    [
        (0.05, 1, 12.706),
        (0.05, 2, 4.303),
        (0.05, 10, 2.228),
        (0.01, 10, 3.169),
        (0.001, 20, 3.850),
        (0.05, 30, 2.042),
        (0.01, 120, 2.617),
        (0.05, 100_000, 1.960),
    ],
)
def test_critical_values_are_those_of_the_tables(alpha, freedom, printed):
    assert critical(alpha, freedom) == pytest.approx(printed, abs=6e-4)
    assert two_sided(critical(alpha, freedom), freedom) == pytest.approx(alpha)


def test_nothing_is_certain_at_zero_and_everything_far_away():
    assert two_sided(0, 5) == 1
    assert two_sided(1e9, 5) == pytest.approx(0, abs=1e-12)
