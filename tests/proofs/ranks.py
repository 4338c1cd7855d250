"""Expected ranks: the published table, the coverage of the intervals, and the time they take."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from grants.domain.expected_ranks import expected_ranks
from grants.domain.rank_report import Interval
from tests.proofs.claim import Claim
from tests.proofs.panels import DESIGNS, Design, published, published_grades, simulated

PLACES = 5
SEEDS = 10
PANELS, SEED = 200, 2022
AT_LEAST = {f"#{number}" for number in range(2, 7)}
AT_MOST = {f"#{number}" for number in range(2, 9)}
LARGE = Design(500, 30, 30)
SECONDS = 5.0
#: What may differ from machine to machine: threads, kernels of the linear algebra, instructions of the processor.
MACHINES = (
    {"OPENBLAS_NUM_THREADS": "1"},
    {"OPENBLAS_NUM_THREADS": "2"},
    {"OPENBLAS_CORETYPE": "NEHALEM", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"},
    {"OPENBLAS_CORETYPE": "HASWELL", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"},
)


def prove() -> Iterator[Claim]:
    """All of it; about a minute."""
    yield from the_published_table(range(SEEDS))
    yield from the_coverage(PANELS)
    yield from the_time()
    yield the_sameness()


def the_published_table(seeds: range) -> Iterator[Claim]:
    """Panel 1, with several seeds: the worst of them is told."""
    table = published()["published"]
    ranks, sucras, groups = [], [], []
    for seed in seeds:
        report = expected_ranks(published_grades(), PLACES, seed=seed)
        for one in report.standings:
            assert one.expected_rank is not None
            assert one.sucra is not None
            ranks.append(abs(one.expected_rank - table["expected_rank"][one.application]))
            sucras.append(abs(one.sucra - table["sucra"][one.application]))
        groups.append(set(report.line_group))
    told = f"panel 1, {len(seeds)} seeds:"
    yield Claim(f"{told} expected ranks within 0.20 of the published", f"{max(ranks):.3f} at most", max(ranks) <= 0.20)
    yield Claim(f"{told} SUCRA within 0.02 of the published", f"{max(sucras):.4f} at most", max(sucras) <= 0.02)
    right = all(AT_LEAST <= group <= AT_MOST for group in groups)
    cut = ", ".join(sorted(set.union(*groups)))
    yield Claim(f"{told} the line cuts #2 to #6, and nothing outside #2 to #8", cut, right)


def the_coverage(panels: int) -> Iterator[Claim]:
    """Simulated panels, by turns of each design."""
    generator = np.random.default_rng(SEED)
    inner, outer, halved = [], [], []
    for panel in range(panels):
        truth, grades = simulated(DESIGNS[panel % len(DESIGNS)], generator)
        for one in expected_ranks(grades, PLACES, seed=panel).standings:
            assert one.interval_50 is not None
            assert one.interval_90 is not None
            inner.append(truth[one.application] in one.interval_50)
            outer.append(truth[one.application] in one.interval_90)
            halved.append(truth[one.application] in _half(one.interval_90))
    told = f"{panels} simulated panels, seed {SEED}:"
    yield _covered(f"{told} 90 % intervals hold the true rank in 87 to 97 %", outer, 0.87, 0.97)
    yield _covered(f"{told} 50 % intervals hold the true rank in 47 to 65 %", inner, 0.47, 0.65)
    share = sum(halved) / len(halved)
    yield Claim("control: 90 % intervals of half the width are found wanting", f"{share:.1%}", share < 0.87)


def _half(interval: Interval) -> Interval:
    middle, reach = (interval.low + interval.high) / 2, (interval.high - interval.low) / 4
    return Interval(middle - reach, middle + reach)


def _covered(claim: str, hits: list[bool], least: float, most: float) -> Claim:
    share = sum(hits) / len(hits)
    return Claim(claim, f"{share:.1%} of {len(hits)} files", least <= share <= most)


def the_time() -> Iterator[Claim]:
    """Of the largest call, and how it grows."""
    seconds = {}
    for files in (125, 250, 500, 1000):
        _, grades = simulated(Design(files, LARGE.reviewers, LARGE.readings), np.random.default_rng(1))
        begun = time.perf_counter()
        expected_ranks(grades, files // 10)
        seconds[files] = time.perf_counter() - begun
    told = ", ".join(f"{files}: {spent:.2f} s" for files, spent in seconds.items())
    yield Claim("500 files × 30 reviewers in at most 5 s", f"{seconds[500]:.2f} s", seconds[500] <= SECONDS)
    yield Claim(
        "the time grows no faster than the files, 125 to 1000 (× 8), twice over",
        told,
        seconds[1000] <= 16 * seconds[125],
    )


def digest() -> str:
    """Of everything that is said of the published panel and of a large one."""
    _, grades = simulated(Design(200, 20, 4, whole=True), np.random.default_rng(SEED))
    reports = [expected_ranks(some, PLACES, seed=SEED).as_json() for some in (published_grades(), grades)]
    return hashlib.sha256(json.dumps(reports).encode()).hexdigest()


def the_sameness() -> Claim:
    """The same seed gives the same bytes, whatever the machine."""
    tell = [sys.executable, "-W", "ignore", "-c", "from tests.proofs.ranks import digest; print(digest())"]
    digests = [
        subprocess.run(tell, env=os.environ | machine, capture_output=True, text=True, check=True).stdout
        for machine in MACHINES
    ]
    claim = "the same seed gives the same bytes with other threads, kernels and processors"
    return Claim(claim, f"{len(set(digests))} digest from {len(digests)} processes", len(set(digests)) == 1)
