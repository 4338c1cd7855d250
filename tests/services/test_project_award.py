"""An award that is not used whole: lowered, or ended before its last payment; what is freed may serve others."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from grants import clock
from grants.db import reading
from grants.delivery.files import Store
from grants.errors import NotPossible
from grants.models import Decision, Envelope, Posting, Project, Succession, Tranche
from grants.queries import doctor
from grants.services import project as projects
from grants.services.lifecycle import sealed_part
from grants.workflow.tranche import TrancheState
from tests import awards

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]


def money_is_sound(store: Path) -> bool:
    ward = doctor.Ward(store=Store(store), now=clock.now(), sealed=sealed_part)
    with reading() as session:
        return all(one.ok for one in doctor.examine(session, ward) if one.name in ("I1", "I2"))


def held(world: awards.World) -> int:
    with reading() as session:
        return session.scalar(select(Envelope.committed_cents).where(Envelope.call_id == world.call.id)) or 0


def test_a_lowered_award_shrinks_its_last_payments_and_frees_the_rest(tmp_path: Path) -> None:
    world = awards.a_world()
    project = awards.a_running_project(world)
    before, award = held(world), project.awarded_cents or 0
    projects.lower_award(
        actor=world.manager, project=project.public_id, awarded_cents=award - 200_000, reason="Le budget a baissé."
    )
    with reading() as session:
        row = session.get_one(Project, project.id)
        planned = session.scalar(select(func.sum(Tranche.amount_cents)).where(Tranche.project_id == project.id))
        freed = session.scalars(select(Succession)).one()
        assert (row.awarded_cents, planned) == (award - 200_000, award - 200_000)
        assert (freed.cause, freed.freed_cents) == ("lowered", 200_000)
        assert session.scalar(select(func.sum(Posting.amount_cents))) == 0
        assert session.get_one(Decision, freed.decision_id).freed_cents == 200_000
    assert held(world) == before - 200_000
    assert money_is_sound(tmp_path)


def test_mn_10_an_award_does_not_fall_below_what_is_paid_ordered_or_due() -> None:
    world = awards.a_world()
    project = awards.a_running_project(world)
    bound = sum(one.amount_cents for one in awards.tranches_of(project) if one.state != TrancheState.PLANNED)
    assert bound > 0
    for cents, code in (
        (bound - 1, "above_what_is_bound"),
        (project.awarded_cents or 0, "award_lowered"),
        (0, "award_lowered"),
    ):
        with pytest.raises(NotPossible) as refusal:
            projects.lower_award(
                actor=world.manager, project=project.public_id, awarded_cents=cents, reason="Le budget a baissé."
            )
        assert code in {reason.code for reason in refusal.value.reasons}
    with pytest.raises(NotPossible) as refusal:
        projects.lower_award(actor=world.manager, project=project.public_id, awarded_cents=bound, reason=" ")
    assert {reason.code for reason in refusal.value.reasons} == {"reason_given"}


def test_a_project_that_ends_early_gives_back_what_was_not_ordered(tmp_path: Path) -> None:
    world = awards.a_world()
    project = awards.an_open_project(world)  # before the signature: nothing is due yet
    before = held(world)
    projects.terminate(actor=world.manager, project=project.public_id, reason="La structure cesse son activité.")
    assert held(world) == before - (project.awarded_cents or 0)
    with reading() as session:
        assert session.scalars(select(Succession.cause)).all() == ["terminated"]
    assert money_is_sound(tmp_path)
