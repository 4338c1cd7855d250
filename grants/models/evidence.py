"""Evidence: the audit trail, refused accesses, commands already run, periodic slots."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base
from grants.models.keys import Key


class AuditEntry(Base):
    """One act: append-only, hash-chained without gaps. The database refuses UPDATE and DELETE by triggers."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object"), Index("ix_audit_actor", "actor"))

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(24))  # public id, or "system"
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(60))  # type:public_id
    programme_id: Mapped[int | None]
    call_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    body: Mapped[dict[str, Any]]  # what was, what is, the reason; no personal data beyond public ids
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class SecurityEvent(Base):
    """A refused access or a sign-in that failed: who tried what, without any content."""

    __tablename__ = "security_event"
    __table_args__ = (Index("ix_security_event_kind_at", "kind", "at"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(60), default="")
    object: Mapped[str] = mapped_column(String(120), default="")
    ip_prefix: Mapped[str] = mapped_column(String(45), default="")


class CommandLog(Base):
    """A form that was already acted upon: the same request again gets the same answer."""

    __tablename__ = "command_log"
    __table_args__ = (UniqueConstraint("account_id", "request_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    request_id: Mapped[str] = mapped_column(String(40))
    body_sha256: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500), default="")  # empty while running
    begun_at: Mapped[datetime]


class Slot(Base):
    """A periodic task ran for this time slot: two schedulers cannot both."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("name", "slot_at"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40))
    slot_at: Mapped[datetime]
    begun_at: Mapped[datetime]


class Heartbeat(Base):
    """When the scheduler and the worker were last alive."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
