"""The fairness lens: silent on panels in which nothing is wrong, heard where something is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from grants.domain.fairness import File, Finding, Lens, Reading
from grants.domain.fairness_lens import fairness
from tests.proofs.claim import Claim

SEED, NULL_PANELS, MOVED_PANELS = 1920, 1000, 50
CRITERIA, TERRITORIES = 4, 5
SHAPES = ((40, 8, 3), (60, 12, 3), (30, 5, 5), (24, 8, 2))


@dataclass(frozen=True)
class Wrong:
    """What moves grades besides the files' worth, in points; nothing by default."""

    severity: dict[int, float] = field(default_factory=dict)
    drift: float = 0.0
    halo: float = 0.0
    territory: float = 0.0
    first_time: float = 0.0
    doubling: float = 0.0


def panel(
    shape: tuple[int, int, int], generator: np.random.Generator, wrong: Wrong
) -> tuple[list[Reading], list[File]]:
    """Half points from 0 to 5 on each criterion; the files' worth varies, and differs by criterion."""
    files, reviewers, readings = shape
    shelf = generator.integers(0, TERRITORIES, files)
    first = generator.random(files) < 0.3
    sizes = generator.normal(0, 1.5, (2, files))
    worth = generator.normal(3, 0.7, (files, 1)) + generator.normal(0, 0.4, (files, CRITERIA))
    worth += (wrong.territory * (shelf == 0) + wrong.first_time * first + wrong.doubling * sizes[0])[:, None]
    pairs = [(file, int(who)) for file in range(files) for who in generator.permutation(reviewers)[:readings]]
    orders = generator.permutation(len(pairs))
    places: dict[tuple[int, int], float] = {}
    for who in range(reviewers):
        mine = sorted(orders[i] for i, pair in enumerate(pairs) if pair[1] == who)
        places |= {(who, int(rank)): place / max(len(mine) - 1, 1) - 0.5 for place, rank in enumerate(mine)}
    rows = []
    for (file, who), order in zip(pairs, orders, strict=True):
        marks = worth[file] + generator.normal(0, 0.8, CRITERIA) + generator.normal(0, wrong.halo)
        marks += wrong.severity.get(who, 0.0) + wrong.drift * places[who, int(order)]
        marks = np.clip(np.round(2 * marks) / 2, 0, 5)
        criteria = {f"criterion {number}": float(mark) for number, mark in enumerate(marks)}
        rows.append(Reading(f"file {file}", f"reviewer {who}", float(marks.mean()), float(order), criteria))
    known = [
        File(f"file {i}", f"territory {shelf[i]}", *(round(1e6 * 2 ** sizes[k, i]) for k in (0, 1)), bool(first[i]))
        for i in range(files)
    ]
    return rows, known


def prove() -> Iterator[Claim]:
    """All of it; under a minute."""
    yield the_silence(NULL_PANELS)
    yield the_patience(NULL_PANELS // 2)
    yield from the_alarms(MOVED_PANELS)


def the_silence(panels: int) -> Claim:
    """Panels with any alarm at all: the rate is of the family, not of one finding."""
    generator = np.random.default_rng(SEED)
    rung = findings = 0
    for number in range(panels):
        report = fairness(*panel(SHAPES[number % len(SHAPES)], generator, Wrong()))
        rung += bool(report.alarms)
        findings += len(report.findings)
    claim = f"{panels} panels where nothing is wrong, seed {SEED}: any alarm in at most 5 %"
    return Claim(claim, f"{rung / panels:.1%} of panels, {rung} alarms in {findings} findings", rung <= 0.05 * panels)


def the_patience(panels: int) -> Claim:
    """Reviewers of very different severity: their lens may ring, no other may."""
    generator = np.random.default_rng(SEED)
    rung = 0
    for number in range(panels):
        shape = SHAPES[number % len(SHAPES)]
        severe = Wrong(severity=dict(enumerate(generator.normal(0, 0.6, shape[1]))))
        rung += any(alarm.lens is not Lens.SEVERITY for alarm in fairness(*panel(shape, generator, severe)).alarms)
    claim = f"{panels} panels where severities alone differ: any other alarm in at most 5 %"
    return Claim(claim, f"{rung / panels:.1%} of panels", rung <= 0.05 * panels)


def the_alarms(panels: int) -> Iterator[Claim]:
    """Each lens, where there is something for it to see."""
    cases = (
        ("one reviewer severer by 1 point", Wrong(severity={0: -1.0}), Lens.SEVERITY, "reviewer 0"),
        ("1 point lost from the first to the last file read", Wrong(drift=-1.0), Lens.DRIFT, ""),
        ("halo as strong as the noise", Wrong(halo=0.8), Lens.HALO, ""),
        ("one territory lower by 1.5 points", Wrong(territory=-1.5), Lens.TERRITORY, "territory 0"),
        ("first-time applicants lower by 1 point", Wrong(first_time=-1.0), Lens.FIRST_TIME, ""),
        ("0.4 point more for each doubling of the request", Wrong(doubling=0.4), Lens.REQUESTED_SIZE, ""),
    )
    for words, wrong, lens, about in cases:
        generator = np.random.default_rng(SEED)
        heard = sum(_hears(fairness(*panel((60, 12, 3), generator, wrong)).alarms, lens, about) for _ in range(panels))
        yield Claim(f"{words}: heard in at least 80 %", f"{heard / panels:.0%} of {panels}", heard >= 0.8 * panels)


def _hears(alarms: tuple[Finding, ...], lens: Lens, about: str) -> bool:
    return any(alarm.lens is lens and alarm.about == about for alarm in alarms)
