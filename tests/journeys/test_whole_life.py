"""The whole life of one application, through a headless Chromium and again through the test client."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import browser as browsers
from tests.journeys.cast import PASSWORD, PEOPLE, engaged
from tests.journeys.client import Client
from tests.journeys.life import live
from tests.journeys.page import Person
from tests.journeys.scene import Scene
from tests.journeys.world import World, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_by_the_test_client_the_application_lives_from_draft_to_closed_project(world: World) -> None:
    people: dict[str, Person] = {
        key: Client(world.app, world.base_url, name, email, PASSWORD) for key, (name, email, _role) in PEOPLE.items()
    }
    live(Scene(world, engaged(), people))


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
        print(f"pictures of every step: {album}")
        yield dict(people)
        for person in people.values():
            person.close()
        chromium.close()
        playwright.stop()


def test_by_a_browser_the_application_lives_from_draft_to_closed_project(world: World, screens: dict[str, Person]) -> None:
    live(Scene(world, engaged(), screens))
    assert [complaint for person in screens.values() for complaint in person.complaints if "422" not in complaint] == []
