"""Scenarios: what one is made from, who reads it, whether it still holds, and how far the committee is from its reference.

A scenario is made of files that its author sees, and read by those who see all of them: the rule stands in
`visibility`. Nothing of it is shown to the others, neither a name nor a number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from grants.domain.portfolio_distance import Distance, distance
from grants.domain.portfolio_problem import Objective
from grants.domain.ranking import Ranked
from grants.domain.scenario_rules import Rules, RulesData, bounds_of, read_rules
from grants.domain.selection_rules import Traits, carries, least_cents
from grants.errors import NotFound
from grants.models import (
    Application,
    Call,
    Decision,
    Meeting,
    Organisation,
    Partner,
    Scenario,
    ScenarioFile,
    Territory,
)
from grants.policies import Actor
from grants.queries import analysis
from grants.queries.analysis import Basis
from grants.queries.blindness import judged_blind, veil_over
from grants.queries.visibility import visible_to
from grants.workflow.meeting import MeetingState

ABANDONED_AFTER = timedelta(minutes=10)  # a scenario that takes longer will not come
MOST_LISTED = 100
Material = dict[str, Any]


def rules_of(call: Call) -> Rules:
    """What the call itself states."""
    bounds, per_organisation = bounds_of(call.bounds)
    return Rules(
        envelope_cents=call.envelope.total_cents if call.envelope else 0,
        places=call.places,
        objective=Objective(call.objective),
        bounds=bounds,
        per_organisation=per_organisation,
        min_award_bp=call.min_award_bp,
    )


def aside(one: Ranked) -> str:
    """Why a file cannot be funded whatever the rules of the set are: unscored, threshold, minimum; empty: it can."""
    if one.mean is None:
        return "unscored"
    if one.below_threshold:
        return "threshold"
    return "minimum" if one.below_minimum else ""


def material(session: Session, basis: Basis, rules: Rules) -> Material:
    """What `grants.domain.scenario_study.study` asks for, but grades; beside it, what pages tell of the files.

    `traits`: territories, themes, kinds of actors by file; `aside`: files that cannot be funded, with why.
    """
    call, numbers = basis.call, {number: public_id for number, public_id, _, _ in basis.wanted}
    ranked = {one.id: one for one in basis.scores.ranked(call, basis.wanted)}
    traits = _traits(session, numbers)
    houses = _houses(session, numbers)
    files = []
    for number, public_id, cents, _at in basis.wanted:
        if not aside(ranked[public_id]):
            amount = min(cents, rules.amounts.get(public_id, cents))
            files.append(
                {
                    "id": public_id,
                    "score": str(ranked[public_id].mean),
                    "requested_cents": cents,
                    "amount_cents": amount,
                    "least_cents": min(amount, least_cents(cents, rules.min_award_bp, call.min_cents)),
                    "tags": [tag for tag, _least, _most in rules.bounds if carries(traits[number], tag)],
                    "organisation": houses[number],
                }
            )
    known = {row["id"] for row in files}
    return {
        "envelope_cents": rules.envelope_cents,
        "places": rules.places,
        "objective": str(rules.objective),
        "bounds": [list(row) for row in rules.bounds],
        "per_organisation": rules.per_organisation,
        "include": sorted(rules.include & known),
        "exclude": sorted(rules.exclude & known),
        "files": files,
        "seed": basis.seed,
        "aside": {key: why for key, one in ranked.items() if (why := aside(one))},
        "traits": {
            numbers[number]: {
                "territory": [label for _code, label in found.territories],
                "theme": list(found.themes),
                "actor": list(found.actors),
            }
            for number, found in traits.items()
        },
    }


def readings(session: Session, basis: Basis) -> list[list[Any]]:
    """(file, reviewer, grade out of 100) of every given review."""
    return [list(row[:3]) for row in analysis.material(session, basis)["readings"]]


def _traits(session: Session, files: Iterable[int]) -> dict[int, Traits]:
    wanted = list(files)
    themes = select(Application.id, Application.answers["theme"].as_string(), Organisation.actor_kind)
    rows = session.execute(
        themes.join(Organisation, Organisation.id == Application.organisation_id).where(Application.id.in_(wanted))
    ).all()
    places: dict[int, dict[tuple[str, str], None]] = {}
    named = select(Territory.application_id, Territory.code, Territory.label).where(
        Territory.application_id.in_(wanted), Territory.label != ""
    )
    for number, code, label in session.execute(named.order_by(Territory.id)):
        places.setdefault(number, {})[code, label] = None
    actors: dict[int, dict[str, None]] = {number: {kind: None} for number, _theme, kind in rows}
    joined = select(Partner.application_id, Partner.actor_kind).where(Partner.application_id.in_(wanted))
    for number, kind in session.execute(joined.order_by(Partner.id)):
        actors[number][kind] = None
    return {
        number: Traits(
            tuple(places.get(number, ())),
            (theme.strip(),) if isinstance(theme, str) and theme.strip() else (),
            tuple(actors[number]),
        )
        for number, theme, _kind in rows
    }


def _houses(session: Session, files: Iterable[int]) -> dict[int, str]:
    """The organisation of each file by its public id: a scenario names nobody."""
    rows = session.execute(
        select(Application.id, Organisation.public_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(list(files)))
    )
    return {row[0]: row[1] for row in rows}


def files_of(session: Session, scenario: Scenario) -> frozenset[int]:
    """Internal ids of the files that it was made of."""
    rows = session.scalars(select(ScenarioFile.application_id).where(ScenarioFile.scenario_id == scenario.id))
    return frozenset(rows)


@dataclass(frozen=True)
class Shown:
    """A scenario as a page reads it. `stale`: files or scores have moved since; `missing`: files that the reader sees
    and that it was not made of, by public id.
    """

    scenario: Scenario
    stale: bool
    missing: frozenset[str]

    @property
    def report(self) -> dict[str, Any]:
        """What the worker answered; empty while it works."""
        return self.scenario.report

    @property
    def done(self) -> bool:
        """There is an answer, be it that no set exists."""
        return "feasible" in self.report

    @property
    def feasible(self) -> bool:
        """There is a set."""
        return bool(self.report.get("feasible"))

    @cached_property
    def rules(self) -> Rules:
        """Under which it was asked for."""
        return read_rules(cast("RulesData", self.scenario.rules))

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """What is known of each file that could be chosen, the best score first."""
        rows = self.scenario.material.get("files", ())
        return {row["id"]: row for row in sorted(rows, key=lambda row: (-Fraction(row["score"]), row["id"]))}

    @cached_property
    def cents(self) -> dict[str, int]:
        """What each file of the set gets."""
        return {award["id"]: award["amount_cents"] for award in self.report.get("chosen", ())}


def listed(session: Session, actor: Actor, call: Call, basis: Basis) -> list[Shown]:
    """The scenarios of the call that this person reads, the newest first. `basis`: of all the files the person sees."""
    query = (
        select(Scenario)
        .where(Scenario.call_id == call.id, visible_to(actor, Scenario))
        .options(joinedload(Scenario.made_by))
        .order_by(Scenario.id.desc())
        .limit(MOST_LISTED)
    )
    rows = list(session.scalars(query))
    made_of = _made_of(session, rows)
    return [_shown(session, row, basis, made_of[row.id]) for row in rows]


def shown(session: Session, scenario: Scenario, basis: Basis) -> Shown:
    """One scenario, already known to be visible."""
    return _shown(session, scenario, basis, files_of(session, scenario))


def several(session: Session, actor: Actor, call: Call, public_ids: list[str]) -> list[Scenario]:
    """These scenarios of the call, in this order. Raises NotFound when one is not the actor's to know of."""
    query = select(Scenario).where(
        Scenario.call_id == call.id, Scenario.public_id.in_(public_ids), visible_to(actor, Scenario)
    )
    found = {row.public_id: row for row in session.scalars(query)}
    if found.keys() != set(public_ids):
        raise NotFound("a scenario to compare")
    return [found[one] for one in public_ids]


def _made_of(session: Session, rows: list[Scenario]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {row.id: set() for row in rows}
    pairs = select(ScenarioFile.scenario_id, ScenarioFile.application_id).where(ScenarioFile.scenario_id.in_(found))
    for scenario, file in session.execute(pairs):
        found[scenario].add(file)
    return {key: frozenset(files) for key, files in found.items()}


def _shown(session: Session, scenario: Scenario, basis: Basis, files: frozenset[int]) -> Shown:
    seen = {number: public_id for number, public_id, _, _ in basis.wanted}
    now = basis if files == seen.keys() else analysis.basis_of(session, basis.call, files)
    moved = bool(scenario.scores_sha256) and scenario.scores_sha256 != now.scores_sha256
    missing = frozenset(public_id for number, public_id in seen.items() if number not in files)
    return Shown(scenario, moved, missing)


def running(session: Session, actor: Actor, call_id: int, since: Any) -> bool:  # noqa: ANN401 -- a moment
    """A scenario of this person is being made."""
    query = select(Scenario.id).where(
        Scenario.call_id == call_id,
        Scenario.made_by_id == actor.id,
        Scenario.finished_at.is_(None),
        Scenario.discarded_at.is_(None),
        Scenario.asked_at > since,
    )
    return session.scalar(query.limit(1)) is not None


def next_number(session: Session, actor: Actor, call_id: int) -> int:
    """One more than the scenarios that this person has asked for here: whoever else asked does not count."""
    query = select(func.count(Scenario.id)).where(Scenario.call_id == call_id, Scenario.made_by_id == actor.id)
    return (session.scalar(query) or 0) + 1


def sitting_of(session: Session, call_id: int) -> Meeting | None:
    """The sitting that may take a reference: the one that is not closed."""
    query = select(Meeting).where(Meeting.call_id == call_id, Meeting.state != MeetingState.CLOSED)
    return session.scalar(query.order_by(Meeting.id.desc()).limit(1))


@dataclass(frozen=True)
class Advice:
    """The reference of a sitting, and how far what is decided lies from it. `files`: (number, title) by public id."""

    scenario: Scenario
    distance: Distance
    files: Mapping[str, tuple[str, str]]


def advice(session: Session, actor: Actor, meeting: Meeting) -> Advice | None:
    """The distance of a sitting to its reference, for this reader; None without one, or where a file of it is closed."""
    scenario = session.scalar(
        select(Scenario).where(Scenario.reference_for_id == meeting.id, visible_to(actor, Scenario))
    )
    return None if scenario is None else _under_veil(session, actor, meeting, _advice(session, scenario))


def _under_veil(session: Session, actor: Actor, meeting: Meeting, found: Advice) -> Advice:
    """Titles without the names that this reader must not know."""
    call = session.get_one(Call, meeting.call_id)
    if not judged_blind(actor, call):
        return found
    ids = session.execute(select(Application.public_id, Application.id).where(Application.public_id.in_(found.files)))
    files = {key: file for key, file in ids}  # noqa: C416 -- rows, not pairs
    veil = veil_over(session, actor, call, files.values())
    told = {key: (number, veil.text(files[key], title)) for key, (number, title) in found.files.items()}
    return replace(found, files=told)


def distance_of(session: Session, meeting: Meeting) -> Advice | None:
    """The same, whoever reads: what the log of the sitting keeps."""
    scenario = session.scalar(
        select(Scenario).where(Scenario.reference_for_id == meeting.id, Scenario.discarded_at.is_(None))
    )
    return None if scenario is None else _advice(session, scenario)


def _advice(session: Session, scenario: Scenario) -> Advice:
    rows = session.execute(
        select(
            Application.public_id,
            func.coalesce(Application.number, ""),
            Application.title,
            Decision.awarded_cents,
        )
        .join(ScenarioFile, ScenarioFile.application_id == Application.id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & Decision.ended_at.is_(None))
        .where(ScenarioFile.scenario_id == scenario.id)
    ).all()
    one = Shown(scenario, stale=False, missing=frozenset())
    scores = {key: Fraction(row["score"]) for key, row in one.files.items()}
    decided = {row[0]: row[3] for row in rows if row[3] is not None}
    return Advice(scenario, distance(one.cents, decided, scores), {row[0]: (row[1], row[2]) for row in rows})


def advice_told(session: Session, meeting: Meeting) -> dict[str, Any] | None:
    """What the log of a sitting keeps of its distance to its reference, by itself; None without a reference.

    {"scenario": {"id", "name", "value", "total_cents"}, "distance": as `Distance.as_json`, where a file is
    {"id", "number", "title"}}.
    """
    found = distance_of(session, meeting)
    if found is None:
        return None

    def file(key: str) -> dict[str, str]:
        number, title = found.files.get(key, ("", ""))
        return {"id": key, "number": number, "title": title}

    apart, report = found.distance, found.scenario.report
    lists = {"both": apart.both, "with": apart.with_, "without": apart.without, "open": apart.open_}
    return {
        "scenario": {
            "id": found.scenario.public_id,
            "name": found.scenario.name,
            "value": report.get("value", 0),
            "total_cents": report.get("total_cents", 0),
        },
        "distance": {
            **apart.as_json(),
            **{name: [file(key) for key in some] for name, some in lists.items()},
            "moved": [
                {"file": file(one.id), "reference_cents": one.reference_cents, "decided_cents": one.decided_cents}
                for one in apart.moved
            ],
        },
    }
