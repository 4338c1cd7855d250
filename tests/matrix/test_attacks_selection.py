"""Attacks on the deliberation: by the recused, by whoever holds an address, by impatient conductors, by absurd forms."""

from typing import Any

import pytest
from sqlalchemy import select, update

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Application, Ballot, Call, Decision, Departure, Meeting, Promise, Succession
from grants.queries import decision as decisions
from grants.queries import projection, recipients
from grants.queries import succession as successions
from grants.queries.subjects import subject_of
from grants.workflow.decision import DecisionState
from grants.workflow.departure import DepartureState
from grants.workflow.effects import Audience
from tests import builders
from tests.matrix.conftest import Stage

pytestmark = pytest.mark.db

# Absurd forms: int() takes 4300 digits and no more, a column holds fewer
DIGITS = "000000001" + "9" * 5000


def test_a_place_of_five_thousand_digits_is_refused_with_the_page(scene: Stage) -> None:
    sent = {f"place-{scene.world.ids['called']}": DIGITS}
    answer = scene.client("CH").post(f"/seances/{scene.world.ids['room']}/ordre-du-jour", data=sent)
    assert answer.status_code == 422


def test_a_show_of_five_thousand_digits_of_hands_is_refused_with_the_page(scene: Stage) -> None:
    place = f"/seances/{scene.world.ids['room']}/dossiers/{scene.world.ids['called']}/main-levee"
    assert scene.client("CH").post(place, data={"outcome": "awarded", "votes_for": DIGITS}).status_code == 422


def test_a_bound_of_a_trial_without_end_makes_no_page_without_end(scene: Stage) -> None:
    form = {"envelope_cents": "20 000", "objective": "sum", "name": "Un essai", f"bound-{DIGITS}-kind": "theme"}
    assert scene.client("PM").post("/classement/meeting-call/scenarios", data=form).status_code in (303, 422)


def test_a_variant_of_a_scenario_of_another_call_makes_no_error(scene: Stage) -> None:
    start = f"/classement/room-call/scenarios/nouveau?depuis={scene.world.ids['scenario']}"
    assert scene.client("PM").get(start).status_code in (200, 404)


# The projector


def shown(scene: Stage, token: str) -> str:
    answer = scene.client("AN").get(token)
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.parametrize("code", ["PX", "CX", "PL"])
def test_rv_09_nobody_gives_themselves_an_address_that_shows_what_is_closed_to_them(scene: Stage, code: str) -> None:
    """Whoever does not sit in the room leaves nothing out by being there: the one who opens the projector counts too."""
    world = scene.world
    address = scene.client(code).post(f"/seances/{world.ids['room']}/projection").headers["Location"]
    text = shown(scene, address)
    assert str(world.rows["called"].number) not in text
    assert world.rows["called"].title not in text
    mine = scene.client("PM").post(f"/seances/{world.ids['room']}/projection").headers["Location"]
    assert str(world.rows["called"].number) in shown(scene, mine)


def test_whether_the_projection_moved_does_not_tell_its_recused_opener_what_is_discussed(scene: Stage) -> None:
    world = scene.world
    address = scene.client("PX").post(f"/seances/{world.ids['room']}/projection").headers["Location"]
    with reading() as session:
        token = address.rpartition("/")[2]
        meeting = projection.sitting_behind(session, token)
        assert world.ids["called"] not in projection.beat(session, meeting.public_id).version
