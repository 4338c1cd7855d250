"""The whole life of one application, through a headless Chromium and again through the test client."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from grants.db import reading
from grants.delivery.typography import euros
from grants.models import Application, Decision, Snapshot
from tests.journeys import browser as browsers
from tests.journeys.cast import PASSWORD, PEOPLE, engaged
from tests.journeys.client import Client
from tests.journeys.life import live
from tests.journeys.page import Person, plain
from tests.journeys.proofs import a_changed_byte_is_found, balances, sound
from tests.journeys.scene import Scene
from tests.journeys.world import World, served

# what a browser says of an answer that refuses: a refusal is what the story asked for
REFUSED = "Failed to load resource: the server responded with a status of 4"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_by_the_test_client_the_application_lives_from_draft_to_closed_project(world: World) -> None:
    people: dict[str, Person] = {
        key: Client(world.app, world.base_url, name, email, PASSWORD) for key, (name, email, _role) in PEOPLE.items()
    }
    scene = Scene(world, engaged(), people)
    live(scene)
    holds(scene)


def holds(scene: Scene) -> None:
    """What is true at the end, whoever drove."""
    sound(scene.world)
    assert balances(scene.world.database) == {"envelope": -1_000_000, "awards": 40_000, "paid": 960_000}
    a_changed_byte_is_found(scene.world)
    told = {name: subject_of(name, scene) for name in ("receipt", "decision", "agreement")}
    for name, words in told.items():
        assert words in scene.letters[name], (name, words)


def subject_of(name: str, scene: Scene) -> str:
    """What the database says that this letter must say."""
    with reading() as session:
        file = session.scalars(select(Application)).one()
        decision = session.scalars(select(Decision)).one()
        snapshot = session.scalars(select(Snapshot)).one()
    return {
        "receipt": snapshot.sha256,
        "decision": plain(euros(decision.awarded_cents)),
        "agreement": str(file.number),
    }[name]


@pytest.fixture
def screens(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[dict[str, Person]]:
    """A person a screen, on a served site; the pictures of their steps are told when something fails."""
    playwright, chromium = browsers.chromium()
    album = tmp_path_factory.mktemp("album")
    with served(world):
        people = {
            key: browsers.Browser(chromium, world.base_url, name, email, PASSWORD, album)
            for key, (name, email, _role) in PEOPLE.items()
        }
        print(f"pictures of every step: {album}")  # noqa: T201 -- shown by pytest when something fails
        yield dict(people)
        for person in people.values():
            person.close()
        chromium.close()
        playwright.stop()


def test_by_a_browser_the_application_lives_from_draft_to_closed_project(
    world: World, screens: dict[str, Person]
) -> None:
    scene = Scene(world, engaged(), screens)
    live(scene)
    holds(scene)
    told = [complaint for person in screens.values() for complaint in person.complaints]
    assert [words for words in told if not words.startswith(REFUSED)] == [], (
        "a page breaks its own security policy, or a script fails"
    )
