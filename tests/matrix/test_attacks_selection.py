"""Attacks on the deliberation: by the recused, by whoever holds an address, by impatient conductors, by absurd forms."""

import re
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select, update

from grants.db import reading, transaction
from grants.models import Account, Decision, Departure, Envelope, Interest
from grants.queries import projection, recipients
from grants.queries.subjects import subject_of
from grants.workflow.departure import DepartureState
from grants.workflow.effects import Audience
from tests.matrix.conftest import Stage

pytestmark = pytest.mark.db

ONCE = re.compile(r'name="(csrf_token|request_id)"[^>]*value="[^"]*"')
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


@pytest.mark.parametrize(
    "sent",
    [{"act": f"up:criteria:{DIGITS}"}, {f"criteria-{DIGITS}-name": "x"}, {"criteria-0-weight": DIGITS}],
    ids=["button", "row", "weight"],
)
def test_rows_of_a_call_without_end_make_no_error(scene: Stage, sent: dict[str, str]) -> None:
    assert scene.client("PM").post("/gestion/appels/draft-call/grille", data=sent).status_code < 500


def test_a_member_who_reads_five_thousand_digits_of_files_is_refused_with_the_page(scene: Stage) -> None:
    member = scene.world.ids["account_RN"]
    sent = {"membre": member, f"most_files-{member}": DIGITS}
    assert scene.client("PM").post("/gestion/appels/review-call/comite", data=sent).status_code == 422


def test_a_feedback_too_long_to_be_kept_is_refused_without_being_searched(scene: Stage) -> None:
    place, begun = f"/gestion/decisions/{scene.world.ids['approved_decision']}/retour", monotonic()
    assert scene.client("PM").post(place, data={"text": "Il y a ong 12 " * 8000}).status_code == 422
    assert monotonic() - begun < 20


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


# What a recused manager is told beside the lists


def on_board(scene: Stage) -> tuple[Any, Any]:
    """A manager who is recused from one of two decided files of the board's call: the closed file, the one that is read."""
    world = scene.world
    closed, read = world.rows["proposed"], world.rows["foreign_proposed"]
    with transaction() as session:
        place = session.scalars(select(Account).where(Account.id == world.cast["PX"].id)).one()
        interest = update(Interest).where(Interest.account_id == place.id, Interest.application_id == read.id)
        session.execute(interest.values(stand="free"))
    return closed, read


def test_rv_09_why_letters_were_held_is_told_for_the_files_that_one_may_know(scene: Stage) -> None:
    closed, read = on_board(scene)
    held = [{"code": "board_has_decided", "file": one.number} for one in (closed, read)]
    with transaction() as session:
        row = update(Departure).where(Departure.id == scene.world.rows["departure"].id)
        session.execute(row.values(state=DepartureState.HELD, obstacles=held))
    place = "/gestion/decisions/notification?appel=board-call"
    assert str(closed.number) in scene.client("PM").get(place).text
    text = scene.client("PX").get(place).text
    assert (str(closed.number) in text, str(read.number) in text) == (False, True)


def test_rv_09_what_is_left_of_the_envelope_does_not_tell_what_a_closed_file_was_given(scene: Stage) -> None:
    """The page of the reserve list says what is left beside the awards that its reader sees, as all the others do."""
    world = scene.world
    given = {}
    for cents in (1_234_500, 2_345_600):
        scene.restore()
        with transaction() as session:
            award(session, world.rows["on_reserve"].call_id, world.rows["on_reserve"].id, cents)
        answer = scene.client("PX").get("/gestion/decisions/liste-d-attente?appel=funded-call")
        assert answer.status_code == 200
        given[cents] = answer.text
    assert len({ONCE.sub("", text) for text in given.values()}) == 1


def award(session: Any, call_id: int, file_id: int, cents: int) -> None:
    decision = update(Decision).where(Decision.application_id == file_id, Decision.ended_at.is_(None))
    session.execute(decision.values(outcome="awarded", awarded_cents=cents, reserve_rank=None))
    envelope = update(Envelope).where(Envelope.call_id == call_id)
    session.execute(envelope.values(committed_cents=Envelope.committed_cents + cents))


@pytest.mark.parametrize("code", ["PX", "PL"])
def test_rv_09_no_mail_about_a_file_goes_to_a_manager_to_whom_it_is_closed(scene: Stage, code: str) -> None:
    """Renouncements, waivers, freed money: a mail names the file and its lead, and nobody asks before it is read."""
    world = scene.world
    with reading() as session:
        for name in ("on_reserve", "succession", "departure"):
            subject = subject_of(session.merge(world.rows[name], load=True), session)
            told = {one.id for one in recipients.behind(session, Audience.MANAGERS, subject)}
            assert world.cast["PM"].id in told
            assert (world.cast[code].id in told) == (name == "departure")
