"""Promises: mails and documents to be made after the transaction that decided them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base
from grants.models.keys import Key, PublicId


class PromiseState(StrEnum):
    """`handed`: given to the mail server, answer unknown. `failed`: refused for good. `dead`: tries used up."""

    QUEUED = "queued"
    LEASED = "leased"
    HANDED = "handed"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    PAUSED = "paused"


class Promise(Base):
    """A thing to do once. `key` is unique: the same promise cannot be made twice. `payload` holds ids only."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_due", "state", "due_at"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(20))  # mail, document
    name: Mapped[str] = mapped_column(String(60))  # of the mail or of the document's kind
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]]
    subject: Mapped[str] = mapped_column(String(60), index=True)  # type:public_id
    recipient_id: Mapped[int | None] = mapped_column(index=True)  # account, for a mail
    programme_id: Mapped[int | None] = mapped_column(index=True)  # whose managers may follow and retry it
    state: Mapped[PromiseState] = mapped_column(String(8), default=PromiseState.QUEUED)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    token: Mapped[str] = mapped_column(String(32), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)  # leases that ran out: what stops a poisonous row
    message_id: Mapped[str] = mapped_column(String(120), default="")
    content_sha256: Mapped[str] = mapped_column(String(64), default="")  # bytes handed over: a copy is the same
    uncertain: Mapped[bool] = mapped_column(default=False)  # sent again after an unknown answer
    kept_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
