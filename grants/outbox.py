"""Promises: what is to be told to the world after the transaction, written inside it.

A promise has a key, unique in the database: making it twice is making it once. Nothing here sends anything.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grants.models.keys import new_public_id
from grants.models.outbox import Promise, PromiseState


def put(  # noqa: PLR0913 -- the columns of a promise
    session: Session,
    key: str,
    *,
    kind: str,
    name: str,
    subject: str,
    made_at: datetime,
    recipient_id: int | None = None,
    programme_id: int | None = None,
    due_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> bool:
    """Promise `kind` (mail, document) `name` about `subject` (type:public_id). False if that key was promised before.

    `payload` holds ids and plain values, never a rendered text. `due_at` defaults to `made_at` (UTC).
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "public_id": new_public_id(),
        "kind": kind,
        "name": name,
        "key": key,
        "payload": {"v": 1, **(payload or {})},
        "subject": subject,
        "recipient_id": recipient_id,
        "programme_id": programme_id,
        "state": PromiseState.QUEUED,
        "made_at": made_at,
        "due_at": due_at or made_at,
        "attempts": 0,
        "crashes": 0,
        "uncertain": False,
        "token": "",
        "message_id": new_public_id(),
        "content_sha256": "",
        "last_error": "",
    }
    statement = insert(Promise).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(Promise.id)
    return session.scalar(statement) is not None
