"""Sittings that are over, with the log that their minutes are written from: to amend, to sign, signed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import clock
from grants.delivery.files import Store
from grants.models import Application, Decision, Document, Meeting, Minutes
from grants.queries.minutes import KIND, document_name
from grants.services import sitting_log
from grants.workflow.minutes import MinutesState
from tests.delivery.samples import pdf
from tests.matrix.stage import World


def build_sittings(session: Session, world: World, store: Store) -> None:
    """The sitting of the board's call to amend, that of the ended call to sign, that of the funded call signed."""
    over = session.get_one(Meeting, world.rows["over"].id)
    _logged(session, world, over)
    amendment = {"id": "correction", "text": "Lire douze.", "by": sitting_log.person("x", "Une personne")}
    sitting_log.note(session, over, "amended", world.cast["PM"].id, amendment)
    world.ids["correction"] = "correction"
    for name, state in (("ended_call", MinutesState.APPROVED), ("funded_call", MinutesState.SIGNED)):
        meeting = session.scalars(select(Meeting).where(Meeting.call_id == world.rows[name].id)).one()
        _logged(session, world, meeting)
        row = Minutes(meeting_id=meeting.id, state=state)
        session.add(row)
        session.flush()
        world.name("to_sign" if state == MinutesState.APPROVED else "signed", meeting)
    blob = store.put(pdf())
    session.add(
        Document(
            kind=KIND,
            subject=document_name(row, frozenset()),
            filename="proces-verbal.pdf",
            size=blob.size,
            sha256=blob.sha256,
            produced_at=clock.now(),
        )
    )


def _logged(session: Session, world: World, meeting: Meeting) -> None:
    """The log of a sitting, as the use cases would have written it."""
    manager = world.cast["PM"].id
    rows: list[Any] = session.execute(
        select(Application, Decision)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.meeting_id == meeting.id)
        .order_by(Application.id)
    ).all()
    sitting_log.convened(session, meeting, meeting.call, manager)
    sitting_log.opened(session, meeting, manager, [file for file, _decision in rows])
    for file, decision in rows:
        sitting_log.proposed(session, file, decision, manager)
    sitting_log.closed(session, meeting, manager)
