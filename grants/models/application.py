"""Applications: the file, its partners, territories, budget, documents, and what was submitted for ever."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.models.organisation import Organisation
from grants.workflow.application import ApplicationState

RECEIVED_AT = text("coalesce(submitted_at, late_attempt_at)")
# what decides whether a file is on somebody's list, beside its place there: read from the index alone
LISTED = ["state", "submitted_at", "late_attempt_at", "organisation_id"]


class Application(Base):
    """A request for a grant. `answers`: the form's fields by key, as typed. `number` is given at submission."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        Index("ix_application_call_state", "call_id", "state"),
        Index("ix_application_call_submitted", "call_id", "submitted_at"),
        Index("ix_application_own_deadline", "own_deadline_at"),
        # the orders of the programme's list: a page of it costs the same among a hundred files and a million
        Index("ix_application_received", RECEIVED_AT, "id"),
        Index("ix_application_call_received", "call_id", RECEIVED_AT, "id", postgresql_include=LISTED),
        Index("ix_application_call_title", "call_id", text("lower(title)"), "id"),
        Index("ix_application_call_requested", "call_id", "requested_cents", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[ApplicationState] = mapped_column(String(20), default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requested_cents: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    late_attempt_at: Mapped[datetime | None]
    own_deadline_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    return_sections: Mapped[list[Any]] = mapped_column(default=list)
    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="application", order_by="Partner.id", cascade="all, delete-orphan"
    )
    territories: Mapped[list["Territory"]] = relationship(
        back_populates="application", order_by="Territory.id", cascade="all, delete-orphan"
    )
    budget_lines: Mapped[list["BudgetLine"]] = relationship(
        back_populates="application", order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="application", order_by="Attachment.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Partner(Base):
    """Another body of the alliance, by kind of actor."""

    __tablename__ = "partner"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2), default="FR")
    role: Mapped[str] = mapped_column(Text, default="")
    application: Mapped[Application] = relationship(back_populates="partners")


class Territory(Base):
    """Where the project acts, here or there. `code`: REG-93, DEP-14, FR, or ISO 3166 (SN, ML-1); may be empty."""

    __tablename__ = "territory"
    __table_args__ = (CheckConstraint("side IN ('here', 'there')", name="side"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    side: Mapped[str] = mapped_column(String(5))
    code: Mapped[str] = mapped_column(String(12), default="")
    label: Mapped[str] = mapped_column(String(120))
    application: Mapped[Application] = relationship(back_populates="territories")


class BudgetLine(Base):
    """A line of the two-sided budget; `key` is of the chart of accounts, `status` of a co-funder's promise."""

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("side IN ('expense', 'income')", name="side"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    side: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(12), default="")
    amount_cents: Mapped[int]
    application: Mapped[Application] = relationship(back_populates="budget_lines")


class Attachment(Base):
    """A supporting document. Replaced or removed ones are kept with their date; the bytes stand in the blob store."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    application: Mapped[Application] = relationship(back_populates="attachments")


class Snapshot(Base):
    """What was submitted: the whole content and its fingerprint, never changed. A mended file makes another row."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("application_id", "rank"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    rank: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LateAttempt(Base):
    """Somebody pressed submit after the deadline: refused, and kept."""

    __tablename__ = "late_attempt"

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    attempted_at: Mapped[datetime]
    closes_at: Mapped[datetime]
