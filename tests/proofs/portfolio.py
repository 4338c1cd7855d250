"""Proof: the chosen portfolio is the best of all sets, its refusals name the fewest rules, and it is found fast."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from grants.domain import portfolio
from grants.domain.integer_programme import Solver
from grants.domain.portfolio import Bound, Candidate, Infeasible, Objective, Portfolio, Problem, choose
from grants.domain.portfolio_study import others, why_not
from tests.proofs import every_set
from tests.proofs.claim import Claim

INSTANCES, STUDIES, LARGE = 500, 120, 5
FILES, PLACES, RULES, ASKED = 500, 50, 166, 10
MOST_TIME, MOST_TIME_ASKED = 2.0, 12.0


def prove(instances: int = INSTANCES, studies: int = STUDIES, large: int = LARGE) -> Iterator[Claim]:
    """By trying every set of small problems; beside HiGHS alone on large ones."""
    verdicts = {seed: verdict(seed) for seed in range(instances)}
    chosen = [verdict for verdict in verdicts.values() if verdict.startswith("chosen")]
    refused = [verdict for verdict in verdicts.values() if verdict.startswith("refused")]
    wrong = [seed for seed, verdict in verdicts.items() if verdict.endswith("wrong")]
    told = f"{len(chosen)} chosen, {len(refused)} infeasible" + (f"; wrong: seeds {wrong[:5]}" if wrong else "")
    yield Claim(f"{instances} problems equal the best of every set; fewest rules to relax", told, not wrong)
    for objective in Objective:
        yield Claim(f"  with and without partial amounts: {objective}", *_both_kinds(verdicts, objective))
    cents = [seed for seed in range(studies) if not amounts_agree(seed)]
    yield Claim("amounts equal the best of every cent, on tiny amounts", _told(cents, studies), not cents)
    rest = [seed for seed in range(studies) if not studies_agree(seed)]
    yield Claim("why not a file, and the three best sets: equal every set tried", _told(rest, studies), not rest)
    yield from _speed(large)


def verdict(seed: int) -> str:
    """chosen or refused, right or wrong, against every set."""
    problem = every_set.drawn(seed)
    found, best = choose(problem), every_set.best(problem)
    if isinstance(found, Infeasible):
        right = best is None and len(found.relax) == every_set.fewest_rules(problem)
        return "refused right" if right else "refused wrong"
    answer = tuple(award.id for award in found.chosen), found.objective_value, found.total_cents
    return "chosen right" if answer == best else "chosen wrong"


def amounts_agree(seed: int) -> bool:
    """Every cent tried for every file of a set gives no more than the amounts that were chosen."""
    die = random.Random(seed)  # noqa: S311 -- nothing secret
    files = []
    for number in range(die.randint(1, 5)):
        amount = die.randint(0, 6)
        files.append(Candidate(f"F{number}", Fraction(die.randint(-3, 9)), amount, die.randint(0, amount)))
    ids = frozenset(one.id for one in files)
    problem = Problem(die.randint(0, 16), die.choice(list(Objective)), tuple(files), include=ids)
    found = choose(problem)
    if isinstance(found, Infeasible):
        return sum(one.least_cents for one in files) > problem.envelope_cents
    return (found.objective_value, found.total_cents) == every_set.worth_of_every_amount(problem, problem.ranked)


def studies_agree(seed: int) -> bool:
    """Forcing a file in costs what trying every set says; so do the second and third best sets."""
    problem = every_set.drawn(10_000 + seed, most_files=8)
    found = choose(problem)
    if isinstance(found, Infeasible):
        return True
    sets = every_set.in_order(problem)[:3]
    if [tuple(award.id for award in one.chosen) for one in others(problem, 3)] != sets:
        return False
    return all(_cost_agrees(problem, found, one.id) for one in problem.ranked if one.id not in found.ids)


def _cost_agrees(problem: Problem, found: Portfolio, application: str) -> bool:
    told = why_not(problem, found, application)
    forced = replace(problem, include=problem.include | {application}, exclude=problem.exclude - {application})
    best = every_set.best(forced)
    if best is None or not told.possible:
        return best is None and not told.possible and f"include:{application}" not in told.relax
    ids = (found.ids | {application} | set(told.enter)) - set(told.leave)
    chosen = tuple(one for one in problem.ranked if one.id in ids)
    reached = every_set.worth(forced, chosen)[0] if not every_set.broken(forced, chosen) else None
    return reached == best[1] == found.objective_value - told.objective_lost


def large(seed: int, objective: Objective = Objective.SUM) -> Problem:
    """500 files, 50 places; envelope, places, 19 tags from least to most, 126 organisations: 166 rules."""
    die = random.Random(seed)  # noqa: S311 -- nothing secret
    files = [
        Candidate(
            id=f"F{number:03}",
            score=Fraction(round(100 * die.gauss(65, 12)), 100),
            amount_cents=die.randrange(80, 161) * 100_00,
            tags=frozenset({f"territory {die.randrange(13)}", f"theme {die.randrange(6)}"}),
            organisation=f"organisation {number % 126}" if number < 378 else None,
        )
        for number in range(FILES)
    ]
    bounds = [Bound(f"territory {n}", 2, 6) for n in range(13)] + [Bound(f"theme {n}", 5, 12) for n in range(6)]
    return Problem(500_000_00, objective, tuple(files), PLACES, tuple(bounds))


def bare(problem: Problem) -> float:
    """Processor seconds that HiGHS alone takes for the objective: the same rows, its own settings, one thread, no gap."""
    import highspy  # noqa: PLC0415 -- as the product does

    choice = portfolio._stated(problem, Solver(), portfolio.AS_STATED)
    model = choice.programme.model(portfolio._objective(choice))
    model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model)
    begun = time.process_time()
    solver.run()
    return time.process_time() - begun


def _speed(count: int) -> Iterator[Claim]:
    alone = chosen = asked = 0.0
    bare(large(99)), choose(large(99))  # the library is loaded before anything is timed
    for seed in range(count):
        problem = large(seed)
        assert len(portfolio.rules(problem)) == RULES
        alone += bare(problem)
        begun = time.process_time()
        found = choose(problem)
        chosen += time.process_time() - begun
        assert isinstance(found, Portfolio)
        left_out = [one.id for one in problem.ranked if one.id not in found.ids][:ASKED]
        begun = time.process_time()
        for application in left_out:
            why_not(problem, found, application)
        asked += time.process_time() - begun
    told = f"{alone / count:.2f} s alone, {chosen / count:.2f} s: {chosen / alone:.2f} ×"
    name = f"{FILES} files, {PLACES} places, {RULES} rules: at most {MOST_TIME:g} × HiGHS alone ({count} problems)"
    yield Claim(name, told, chosen <= MOST_TIME * alone)
    told = f"{asked / count:.2f} s: {asked / alone:.2f} ×"
    yield Claim(f"ten files asked 'why not': at most {MOST_TIME_ASKED:g} ×", told, asked <= MOST_TIME_ASKED * alone)


def _both_kinds(verdicts: dict[int, str], objective: Objective) -> tuple[str, bool]:
    counts = {True: 0, False: 0}
    for seed, told in verdicts.items():
        problem = every_set.drawn(seed)
        if problem.objective is objective and told == "chosen right":
            counts[problem.partial] += 1
    return f"{counts[True]} partial, {counts[False]} whole", min(counts.values()) > 0


def _told(wrong: list[int], count: int) -> str:
    return f"{count - len(wrong)} of {count}" + (f"; not seeds {wrong[:5]}" if wrong else "")
