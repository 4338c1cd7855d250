"""A call made from nothing on the pages alone, three organisations that come to it by themselves, and its desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.policies import SYSTEM, Role
from grants.services import account, organisation, programme
from tests.journeys import applying, designing, sorting
from tests.journeys import browser as browsers
from tests.journeys import world as worlds
from tests.journeys.applying import Applicant
from tests.journeys.cast import PASSWORD, paris
from tests.journeys.proofs import sound
from tests.journeys.reader import Reader
from tests.journeys.world import World, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _installed(name: str, manager: str, email: str) -> None:
    """What an operator enters in an empty instance: a network, its programme, who manages it."""
    network = organisation.register(actor=SYSTEM, name=f"Réseau {name}", actor_kind="network")
    owner = programme.found(actor=SYSTEM, network=network.public_id, slug=name.lower(), name=name)
    person = account.create(actor=SYSTEM, email=email, name=manager, password=PASSWORD)
    account.appoint(actor=SYSTEM, account=person.public_id, role=Role.MANAGER, programme=owner.public_id)


class Stage:
    """An instance with a programme and its manager, and nothing else; whoever comes gets a screen."""

    def __init__(self, world: World, album: Path) -> None:
        self.world = world
        _installed("Ateliers", "Nadia Bel", "nadia@reseau.invalid")
        self._album, self._read = album, set[str]()
        self._playwright, self._chromium = browsers.chromium()
        self.people: list[Reader] = []
        self.manager = self.somebody("Nadia Bel", "nadia@reseau.invalid", PASSWORD)

    def somebody(self, name: str, email: str, password: str, base_url: str = "") -> Reader:
        """A person in front of a screen, not signed in. `base_url`: of another instance."""
        person = Reader(self._chromium, base_url or self.world.base_url, name, email, password, self._album)
        person.read_by = self._read
        self.people.append(person)
        return person

    def told(self) -> list[str]:
        """What was wrong with the pages, whoever saw it."""
        return [one for person in self.people for one in person.told]

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


def test_three_organisations_come_to_a_call_made_from_nothing(stage: Stage, tmp_path: Path) -> None:
    _is_made(stage)
    three = _three(stage)
    _come(stage, three)
    _are_sorted(stage, three)
    stage.world.keep_promises()
    sound(stage.world)
    pack = designing.takes_away(stage.manager)
    assert stage.told() == []
    _comes_back_the_same(pack, stage, tmp_path / "elsewhere")


def _is_made(stage: Stage) -> None:
    """The call, on a blank page, until it is published."""
    stage.world.at(paris(2027, 1, 4))
    manager = stage.manager
    manager.enter()
    designing.begins(manager)
    designing.writes_the_terms(manager)
    designing.writes_the_lists(manager)
    designing.writes_the_form(manager)
    designing.looks_and_publishes(manager)


def _come(stage: Stage, three: list[Applicant]) -> None:
    """The self-test before any account; two come by themselves, one is asked in; three files are submitted."""
    world, manager = stage.world, stage.manager
    association, union, abroad = three
    world.at(paris(2027, 1, 18, 20))
    applying.tries_the_rules(union.who)
    applying.registers(world, association)
    applying.registers(world, union)
    manager.enter()
    applying.is_asked_in(world, manager, abroad)
    for one in three:
        applying.begins(one.who)
        if one is association:
            applying.types_and_it_is_kept(one.who)
        applying.writes(one)
        applying.submits(world, one)


def _are_sorted(stage: Stage, three: list[Applicant]) -> None:
    """One file is given back and mended, one is put aside by a rule, two go on."""
    world, manager = stage.world, stage.manager
    association, union, abroad = three
    world.at(paris(2027, 3, 1, 10))
    manager.enter()
    sorting.looks_at_the_queue(manager, three)
    sorting.gives_back(world, manager, association)
    sorting.puts_aside(world, manager, union)
    sorting.lets_through(manager, abroad)
    world.at(paris(2027, 3, 5, 21))
    sorting.mends(world, association)
    world.at(paris(2027, 3, 9, 9))
    manager.enter()
    sorting.lets_through(manager, association, again=True)


def _comes_back_the_same(pack: bytes, stage: Stage, folder: Path) -> None:
    """Imported into another instance that holds nothing, exported again: byte for byte the same file."""
    other = worlds.found(folder)
    other.at(paris(2027, 3, 10))
    manager = stage.somebody("Olga Petit", "olga@ailleurs.invalid", PASSWORD, other.base_url)
    _installed("Ailleurs", manager.name, manager.email)
    with served(other):
        manager.enter()
        designing.brings(manager, pack)
        assert designing.takes_away(manager) == pack
    assert manager.told == []
    other.close()


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
            {**applying.UNION, "actor_kind": "union"},
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
