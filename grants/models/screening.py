"""Screening: the checks of a file, the waivers asked for, acts on many files at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.application import Application
from grants.models.keys import Key, PublicId


class Check(Base):
    """The verdict on one rule for one file. `trace`: the figures it was reached with, so that it can be replayed."""

    __tablename__ = "check"
    __table_args__ = (UniqueConstraint("application_id", "rule", "stage"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(5), default="")  # note: of a note that was kept; the full file has others
    outcome: Mapped[str] = mapped_column(String(20))  # pass, fail, not_applicable, waived
    comment: Mapped[str] = mapped_column(Text, default="")
    trace: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime]


class Waiver(Base):
    """A derogation: asked with a reason, granted or refused by a second person.

    Of the deadline, asked by the applicant or by a manager (`until_at`: the date proposed); of another rule that the
    file does not meet, proposed by a manager. An extension before the deadline is granted at once by who asks it.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        Index(
            "ix_waiver_pending",
            "application_id",
            sqlite_where=text("granted IS NULL"),
            postgresql_where=text("granted IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]


class Batch(Base):
    """One act on many files, asked for once with its list, done file by file. `words`: the reason, where one is asked."""

    __tablename__ = "batch"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    action: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    items: Mapped[list["BatchItem"]] = relationship(back_populates="batch", order_by="BatchItem.position")


class BatchItem(Base):
    """A file of a batch. `reasons`: [[code, {figure: value}], …] where it was not possible any more."""

    __tablename__ = "batch_item"
    __table_args__ = (UniqueConstraint("batch_id", "position"), UniqueConstraint("batch_id", "application_id"))

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10), default="")  # empty: to do; done, refused
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    done_at: Mapped[datetime | None]
    batch: Mapped[Batch] = relationship(back_populates="items")
    application: Mapped[Application] = relationship()
