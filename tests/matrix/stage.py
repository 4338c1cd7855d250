"""What the makers of the matrix's world share: names for rows, traces, proofs, documents."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading
from grants.delivery.files import Store
from grants.domain.receipts import fingerprint
from grants.models import (
    Account,
    Application,
    Document,
    Envelope,
    Snapshot,
)
from grants.policies import SYSTEM, Actor
from grants.queries.account import actor_for
from grants.queries.subjects import name_of
from grants.services import lifecycle
from grants.services.application.submitting import snapshot_content
from grants.workflow.actions import Action
from tests.matrix.people import Cast

DAY = timedelta(days=1)
CANARIES = {  # what only some may ever read; tests/matrix/test_matrix.py says who
    "draft": "CANARI-BROUILLON",
    "opinion": "CANARI-AVIS",
    "private note": "CANARI-NOTE",
    "motive": "CANARI-MOTIF",
    "iban": "FR7600000000000000000000097",
}
CONTENT = b"%PDF-1.4 bytes of the matrix"
NARRATIVE = {"done": "Deux journées.", "partners": "Le lycée.", "learning": "Le froid.", "next": "La suite."}
SPENT = {
    "purchases": 380_000,
    "external_services": 105_000,
    "other_services": 720_000,
    "taxes": 38_000,
    "staff": 966_000,
    "management": 25_000,
    "financial_charges": 6_000,
    "indirect": 50_000,
}


@dataclass
class World:
    """Public ids by name, the cast, and who acts for whom."""

    cast: Cast = field(default_factory=Cast)
    ids: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def name(self, name: str, row: Any, by: str = "public_id") -> Any:
        """Remember a row under a name."""
        self.rows[name] = row
        self.ids[name] = getattr(row, by)
        return row

    def actor(self, code: str) -> Actor:
        """The person with the roles held now."""
        with reading() as session:
            return actor_for(session, self.cast[code].id)


def snapshot(session: Session, row: Application, by: Account) -> None:
    assert row.submitted_at is not None
    content = snapshot_content(session, row, received_at=row.submitted_at.isoformat())
    session.add(
        Snapshot(
            application_id=row.id,
            rank=1,
            content=content,
            sha256=fingerprint(content),
            received_at=row.submitted_at,
            submitted_by_id=by.id,
        )
    )


def trace(session: Session, row: Any) -> None:
    """What came to be has left its trace, as in life."""
    lifecycle._trace(session, SYSTEM, Action.APPLICATION_START, row, lifecycle.subject_of(row, session), {})


def commit(session: Session, call_id: int, cents: int) -> None:
    """The envelope holds the award."""
    session.execute(
        update(Envelope).where(Envelope.call_id == call_id).values(committed_cents=Envelope.committed_cents + cents)
    )


def produce(session: Session, world: World, store: Store, name: str, kind: str, row: Any) -> None:
    blob = store.put(CONTENT + name.encode())
    document = Document(
        kind=kind,
        subject=name_of(row),
        reference=name,
        filename=f"{kind}.pdf",
        size=blob.size,
        sha256=blob.sha256,
        produced_at=clock.now(),
    )
    session.add(document)
    session.flush()
    world.name(name, document)
