"""Proof: assignments keep every rule, loads are level whenever a flow says they can be, and small ones are the best."""

import time
from collections import Counter
from collections.abc import Iterator

from grants.domain.assignment import Assignment, Infeasible, assign
from tests.proofs import every_assignment
from tests.proofs.claim import Claim

INSTANCES, SMALL, TINY = 1000, 300, 200


def prove(instances: int = INSTANCES, small: int = SMALL, tiny: int = TINY) -> Iterator[Claim]:
    """By flows on random tasks; by trying every assignment on small ones."""
    begun = time.monotonic()
    wrong = Counter(found for seed in range(instances) for found in faults(seed))
    took = f"({time.monotonic() - begun:.0f} s)"
    done = wrong["assigned"]
    yield Claim(
        f"forbidden pairs in {instances} random tasks", f"{wrong['forbidden']} of {done} {took}", not wrong["forbidden"]
    )
    yield Claim(
        "numbers, maximums, manual pairs, anchors kept", f"{done - wrong['rules']} of {done}", not wrong["rules"]
    )
    level = f"{wrong['level']} of {wrong['can be level']}"
    yield Claim("loads within one whenever a flow says they can be", level, wrong["level"] == wrong["can be level"] > 0)
    refused = f"{wrong['refused']} of {instances - done}"
    yield Claim("refused only where a flow finds nothing either", refused, wrong["refused"] == instances - done > 0)
    worse = [seed for seed in range(small) if not best(seed)]
    yield Claim(
        f"equal to the best of all assignments, connected when one is ({small} small)", _told(worse, small), not worse
    )
    more = [seed for seed in range(tiny) if not fewest(seed)]
    yield Claim(f"the rules to relax are the fewest ({tiny} tiny)", _told(more, tiny), not more)


def faults(seed: int) -> Iterator[str]:
    """What is to be counted of one random task."""
    task = every_assignment.drawn(seed)
    found = assign(task)
    if isinstance(found, Infeasible):
        if not every_assignment.possible(task, even=False):
            yield "refused"
        return
    yield "assigned"
    if every_assignment.forbidden(task, found.pairs):
        yield "forbidden"
    if not every_assignment.kept(task, found):
        yield "rules"
    if every_assignment.possible(task, even=True):
        yield "can be level"
        if found.measures["load_gap"] <= 1:
            yield "level"


def best(seed: int) -> bool:
    """No assignment of a small task is better, in any of the measures' order."""
    task = every_assignment.drawn(seed, most_files=4, most_reviewers=4)
    found = assign(task)
    merits = [every_assignment.merit(task, pairs) for pairs in every_assignment.every(task)]
    if not isinstance(found, Assignment):
        return not merits
    return every_assignment.merit(task, frozenset(found.pairs)) == min(merits)


def fewest(seed: int) -> bool:
    """Nothing smaller would do than what a refusal names."""
    task = every_assignment.drawn(seed, most_files=3, most_reviewers=4)
    found = assign(task)
    named = len(found.relax) if isinstance(found, Infeasible) else 0
    return named == every_assignment.fewest_rules(task)


def _told(wrong: list[int], count: int) -> str:
    return f"{count - len(wrong)} of {count}" + (f"; not seeds {wrong[:5]}" if wrong else "")
