"""A list that the manager asked for and that the worker has written."""

from sqlalchemy.orm import Session

from grants import clock
from grants.delivery.files import Store
from grants.delivery.handouts import Handouts
from grants.models import Export
from grants.queries.account import actor_for
from grants.queries.export.listing import basis
from tests.matrix.stage import World


def build_handouts(session: Session, world: World, store: Store) -> None:
    """The files of the call that is deliberated, for the manager alone."""
    manager, call = world.cast["PM"], world.rows["meeting_call"]
    name, size = Handouts(store).write([b"a;b\r\n"])
    row = Export(
        call_id=call.id,
        account_id=manager.id,
        content="files",
        form="csv",
        asked_at=clock.now(),
        finished_at=clock.now(),
        basis=basis(session, actor_for(session, manager.id), call, "files"),
        file=name,
        size=size,
    )
    session.add(row)
    session.flush()
    world.name("export", row)
