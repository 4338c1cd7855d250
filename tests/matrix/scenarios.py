"""Scenarios in the matrix's world: one that the committee reads, one that is still a trial of the team."""

from sqlalchemy.orm import Session

from grants import clock
from grants.domain.scenario_rules import Rules
from grants.models import Scenario, ScenarioFile
from grants.queries import scenario as queries
from grants.queries import selection
from grants.queries.account import actor_for
from grants.queries.analysis import Basis
from tests.matrix.stage import World


def build_scenarios(session: Session, world: World) -> None:
    """Both of all the files before the open sitting, made by the manager who sees them all."""
    manager = world.cast["PM"]
    call = selection.call_for_ranking(session, world.rows["meeting_call"].id)
    basis = selection.board(session, actor_for(session, manager.id), call).basis
    rules = queries.rules_of(call)
    for name in ("scenario", "trial_scenario"):
        row = Scenario(
            call_id=call.id,
            name=name,
            made_by_id=manager.id,
            asked_at=clock.now(),
            rules=dict(rules.as_json()),
            material=queries.material(session, basis, rules),
            scores_sha256=basis.scores_sha256,
            seed=basis.seed,
            percent=100,
            report=_report(basis, rules),
            finished_at=clock.now(),
            shared_at=clock.now() if name == "scenario" else None,
            files=[ScenarioFile(application_id=number) for number, _, _, _ in basis.wanted],
        )
        session.add(row)
        session.flush()
        world.name(name, row)


def _report(basis: Basis, rules: Rules) -> dict[str, object]:
    """What the worker would have found: one file, and nothing around it."""
    chosen = min(public_id for _, public_id, _, _ in basis.wanted)
    return {
        "feasible": True,
        "chosen": [{"id": chosen, "amount_cents": 1_000_000}],
        "value": 80,
        "objective_value": 80,
        "total_cents": min(1_000_000, rules.envelope_cents),
        "binding": [],
        "proved": True,
        "outside": [],
        "inside": [],
        "unasked": [],
        "eased": [],
        "others": [],
        "stability": {"draws": 0, "chosen": {}, "sets": 0, "commonest": {"ids": [], "draws": 0}, "seed": basis.seed},
    }
