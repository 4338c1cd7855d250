"""Who enters with freed money: the awards that stand are certain, and the reserve list is walked down by its ranks.

    {"envelope_cents": 10500000, "places": 8, "per_organisation": 1, "bounds": [{"tag": "territory:SN", "max": 2}],
     "standing": [{"id", "cents", "tags", "organisation"}],
     "waiting": [{"id", "rank", "asked_cents", "least_cents", "tags", "organisation"}]}

A file enters whenever some allowed set holds it beside the standing awards and those that entered before. Rules that
the standing awards break already cannot be kept by anybody: they are dropped, and named.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NotRequired, TypedDict

from grants.domain.portfolio import AS_STATED, Infeasible, choose, relaxed
from grants.domain.portfolio_problem import Bound, Candidate, Objective, Portfolio, Problem, Restrictions


class Standing(TypedDict):
    """An award that stands, in cents; `tags`: the bounds of the call that count it."""

    id: str
    cents: int
    tags: list[str]
    organisation: str


class Waiting(TypedDict):
    """A file of the reserve list; it enters with `least_cents` at least, `asked_cents` at most."""

    id: str
    rank: int
    asked_cents: int
    least_cents: int
    tags: list[str]
    organisation: str


class Limit(TypedDict):
    """How many of the supported files carry a tag."""

    tag: str
    min: NotRequired[int]
    max: NotRequired[int]


class Material(TypedDict):
    """What is chosen from."""

    envelope_cents: int
    places: int | None
    per_organisation: int | None
    bounds: list[Limit]
    standing: list[Standing]
    waiting: list[Waiting]


Told = dict[str, object]


def who_enters(material: Material) -> Told:
    """{"entering": [{"id", "cents"}], "passed": [{"id", "why", …}], "left_cents", "remains_cents", "dropped": [rules]}.

    `left_cents`: what the envelope has before, `remains_cents`: after. `why`: too_little_left (needs_cents, left_cents),
    no_place, organisation, rule (rule). Raises SolverFailed.
    """
    problem = _problem(material)
    restrictions = _possible(problem)
    found = choose(problem, None, restrictions)
    standing = {one["id"] for one in material["standing"]}
    left = material["envelope_cents"] - sum(one["cents"] for one in material["standing"])
    awards = {} if isinstance(found, Infeasible) else {one.id: one.amount_cents for one in found.chosen}
    entering = [
        {"id": one["id"], "cents": awards[one["id"]]} for one in _by_rank(material["waiting"]) if one["id"] in awards
    ]
    return {
        "entering": entering,
        "passed": _passed(material, awards, left),
        "left_cents": left,
        "remains_cents": left - sum(cents for name, cents in awards.items() if name not in standing),
        "dropped": list(restrictions.dropped),
        "binding": list(found.binding) if isinstance(found, Portfolio) else [],
    }


def _problem(material: Material) -> Problem:
    standing = [
        Candidate(one["id"], Fraction(0), one["cents"], None, frozenset(one["tags"]), one["organisation"])
        for one in material["standing"]
    ]
    waiting = [
        Candidate(
            one["id"],
            Fraction(-one["rank"]),
            one["asked_cents"],
            one["least_cents"],
            frozenset(one["tags"]),
            one["organisation"],
        )
        for one in material["waiting"]
    ]
    return Problem(
        envelope_cents=material["envelope_cents"],
        objective=Objective.BEST_RANK_FIRST,
        candidates=(*standing, *waiting),
        places=material["places"],
        bounds=tuple(Bound(one["tag"], one.get("min"), one.get("max")) for one in material["bounds"]),
        include=frozenset(one.id for one in standing),
        per_organisation=material["per_organisation"],
    )


def _possible(problem: Problem) -> Restrictions:
    """The problem as stated, or without the fewest rules that the standing awards break."""
    broken = relaxed(problem, None, Restrictions(firm=frozenset({f"include:{one}" for one in problem.include})))
    return Restrictions(dropped=frozenset(broken)) if broken else AS_STATED


def _by_rank(waiting: Sequence[Waiting]) -> list[Waiting]:
    return sorted(waiting, key=lambda one: (one["rank"], one["id"]))


def _passed(material: Material, awards: Mapping[str, int], left: int) -> list[Told]:
    """Why each file that does not enter is passed, at its turn."""
    organisations = [one["organisation"] for one in material["standing"]]
    places = material["places"]
    found: list[Told] = []
    taken = len(material["standing"])
    for one in _by_rank(material["waiting"]):
        if one["id"] in awards:
            left -= awards[one["id"]]
            organisations.append(one["organisation"])
            taken += 1
            continue
        told: Told = {"id": one["id"]}
        if places is not None and taken >= places:
            told["why"] = "no_place"
        elif one["least_cents"] > left:
            told |= {"why": "too_little_left", "needs_cents": one["least_cents"], "left_cents": left}
        elif material["per_organisation"] and organisations.count(one["organisation"]) >= material["per_organisation"]:
            told["why"] = "organisation"
        else:
            told |= {"why": "rule", "rule": next((tag for tag in one["tags"]), "")}
        found.append(told)
    return found
