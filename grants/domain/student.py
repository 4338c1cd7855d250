"""Student's t: how far a mean of few values may lie from the truth.

M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), 26.5.8 (continued fraction of the incomplete
beta function) and 26.7.1 (the distribution of t by it).
"""

from functools import cache
from math import exp, lgamma, log

STEPS = 200
HALVINGS = 100


def two_sided(t: float, freedom: float) -> float:
    """The probability that |T| ≥ |t|, with so many degrees of freedom (above 0)."""
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5)


@cache
def critical(alpha: float, freedom: float) -> float:
    """The t that is exceeded, on either side together, with probability `alpha` (between 0 and 1, both left out)."""
    low, high = 0.0, 1.0
    while two_sided(high, freedom) > alpha:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, freedom) > alpha else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction, from its end."""
    value = 1.0
    for step in range(STEPS, 0, -1):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step - 1) * (a + b + step - 1) * x / ((a + 2 * step - 2) * (a + 2 * step - 1))
        value = 1 + odd / (1 + even / value)
    return 1 / value
