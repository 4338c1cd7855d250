"""A call made from nothing on the pages alone, three organisations that come to it by themselves, and its desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.db import transaction
from grants.policies.actors import Role
from tests import builders
from tests.journeys import browser as browsers
from tests.journeys import applying, designing
from tests.journeys.applying import Applicant
from tests.journeys.cast import PASSWORD, paris
from tests.journeys.reader import Reader
from tests.journeys.world import World, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Stage:
    """An instance with a programme and its manager, and nothing else; whoever comes gets a screen."""

    def __init__(self, world: World, album: Path) -> None:
        self.world = world
        with transaction() as session:
            programme = builders.a_programme(session, name="Ateliers", slug="ateliers")
            manager = builders.an_account(
                session, role=Role.MANAGER, programme_id=programme.id, name="Nadia Bel", email="nadia@reseau.invalid"
            )
        self._album, self._read = album, set[str]()
        self._playwright, self._chromium = browsers.chromium()
        self.people: list[Reader] = []
        self.manager = self.somebody(manager.name, manager.email, builders.PASSWORD)

    def somebody(self, name: str, email: str, password: str) -> Reader:
        """A person in front of a screen, not signed in."""
        person = Reader(self._chromium, self.world.base_url, name, email, password, self._album)
        person.read_by = self._read
        self.people.append(person)
        return person

    def leave(self) -> None:
        """Close every screen."""
        for one in self.people:
            one.close()
        self._chromium.close()
        self._playwright.stop()  # type: ignore[attr-defined]


@pytest.fixture
def stage(world: World, tmp_path: Path) -> Iterator[Stage]:
    album = tmp_path / "album"
    album.mkdir()
    made = Stage(world, album)
    with served(world):
        print(f"pictures of every step: {album}")  # noqa: T201 -- shown by pytest when something fails
        yield made
        made.leave()


def test_three_organisations_come_to_a_call_made_from_nothing(stage: Stage) -> None:
    world, manager = stage.world, stage.manager
    world.at(paris(2027, 1, 4))
    manager.enter()
    designing.begins(manager)
    designing.writes_the_terms(manager)
    designing.writes_the_lists(manager)
    designing.writes_the_form(manager)
    designing.looks_and_publishes(manager)
    three = _three(stage)
    world.at(paris(2027, 1, 18, 20))
    applying.tries_the_rules(three[1].who)
    for one in three[:2]:
        applying.registers(world, one)
    manager.enter()
    applying.is_asked_in(world, manager, three[2])
    for one in three:
        applying.begins(one.who)
        if one is three[0]:
            here = one.who.path
            applying.types_and_it_is_kept(one.who)
            one.who.open(here)
        applying.writes(one)
        applying.submits(world, one)
    assert [one for person in stage.people for one in person.told] == []


def _three(stage: Stage) -> list[Applicant]:
    """An association, a union without RNA, an organisation from abroad."""
    somebody = stage.somebody
    return [
        Applicant(
            somebody("Awa Diop", "awa@rives.invalid", PASSWORD),
            applying.ASSOCIATION,
            "Cales et marées",
            ("Ville de Nort", "local_authority", "FR"),
            {"here": "REG-53"},
        ),
        Applicant(
            somebody("Yann Le Bris", "yann@mer.invalid", PASSWORD),
            applying.UNION | {"actor_kind": "union"},
            "Quais ouverts",
            ("Coop Marée", "company", "FR"),
            {"here": "REG-53"},
        ),
        Applicant(
            somebody("Fatou Sarr", "fatou@teranga.invalid", PASSWORD),
            applying.ABROAD,
            "Teintures partagées",
            ("Ville de Rennes", "local_authority", "FR"),
            {"here": "REG-53", "there": "SN", "place": "Dakar"},
        ),
    ]
