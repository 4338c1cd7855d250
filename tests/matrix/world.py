"""The world of the matrix: a programme with a call at every stage, another programme, and everything in between.

Built once into one SQLite file. `World.ids` names the objects: what an address of the table asks for.
"""

from pathlib import Path

from grants.db import transaction
from grants.delivery.files import Store
from tests.matrix.files import build_files
from tests.matrix.guests import build_guests
from tests.matrix.handouts import build_handouts
from tests.matrix.kinds import build_kinds
from tests.matrix.money import build_projects, build_surroundings, deliver_mail
from tests.matrix.rooms import build_rooms
from tests.matrix.scenarios import build_scenarios
from tests.matrix.sittings import build_sittings
from tests.matrix.stage import World


def build(store: Store, mailbox: Path) -> World:
    """Everything. The database is the one bound, empty before."""
    world = World()
    with transaction() as session:
        build_files(session, world)
    with transaction() as session:
        build_kinds(session, world)
    with transaction() as session:
        build_guests(session, world, store)
    build_projects(world, store)
    with transaction() as session:
        build_surroundings(session, world, store)
    with transaction() as session:
        build_handouts(session, world, store)
    with transaction() as session:
        build_sittings(session, world, store)
    with transaction() as session:
        build_scenarios(session, world)
    with transaction() as session:
        build_rooms(session, world)
    deliver_mail(world, mailbox)
    return world
