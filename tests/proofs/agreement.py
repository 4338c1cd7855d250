"""Krippendorff's alpha: his published examples, and the coverage of the interval."""

from collections.abc import Iterator

import numpy as np

from grants.domain.agreement_statistics import Level, Value, krippendorff_alpha
from tests.proofs.claim import Claim

GAP = None
#: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections A, B, C; by observer.
TWO_OBSERVERS = ((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0))
NAMES = (tuple("aabbdcccedda"), tuple("babbbccceddd"))
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3),
    (GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP),
)
EXAMPLES: tuple[tuple[str, tuple[tuple[Value, ...], ...], Level, float], ...] = (
    ("two observers, yes or no", TWO_OBSERVERS, Level.NOMINAL, 0.095),
    ("two observers, five names", NAMES, Level.NOMINAL, 0.692),
    ("four observers, gaps, nominal", FOUR_OBSERVERS, Level.NOMINAL, 0.743),
    ("four observers, gaps, ordinal", FOUR_OBSERVERS, Level.ORDINAL, 0.815),
    ("four observers, gaps, interval", FOUR_OBSERVERS, Level.INTERVAL, 0.849),
)
SAMPLES, UNITS, SEED = 200, 40, 2011


def prove() -> Iterator[Claim]:
    """All of it."""
    yield from the_examples()
    yield the_coverage(SAMPLES)


def the_examples() -> Iterator[Claim]:
    """To the three decimals that were published."""
    for name, observers, level, published in EXAMPLES:
        found = krippendorff_alpha(list(zip(*observers, strict=True)), level).alpha
        assert found is not None
        yield Claim(f"Krippendorff: {name}: {published}", f"{found:.4f}", round(found, 3) == published)


def the_coverage(samples: int) -> Claim:
    """Quantities with as much noise as signal: alpha of ever more units tends to ½."""
    generator = np.random.default_rng(SEED)
    held = 0
    for sample in range(samples):
        values = generator.normal(0, 1, (UNITS, 1)) + generator.normal(0, 1, (UNITS, 3))
        interval = krippendorff_alpha(values.tolist(), Level.INTERVAL, seed=sample).interval_95
        assert interval is not None
        held += interval[0] <= 0.5 <= interval[1]
    share = held / samples
    claim = f"{samples} samples of {UNITS} units, seed {SEED}: 95 % intervals hold the truth in 89 to 99 %"
    return Claim(claim, f"{share:.1%}", 0.89 <= share <= 0.99)
