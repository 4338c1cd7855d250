"""Exports: lists that one person asked for, written by the worker, kept apart for a day."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.call import Call
from grants.models.keys import Key, PublicId


class Export(Base):
    """A list of a call that one person takes away: nobody else opens it, and it is gone after a day.

    `content`: ranking, files, reviews or decisions. `words`: the texts of the file in the language of the page.
    `basis`: what it was written from (see `grants.queries.export`); another one now, and it is not handed out any more.
    `file`: its name among the handed out files; empty before it is written and after it was removed (`dropped_at`).
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint("content IN ('ranking', 'files', 'reviews', 'decisions')", name="content"),
        CheckConstraint("form IN ('csv', 'xlsx')", name="form"),
        Index("ix_export_asker", "account_id", "call_id", "asked_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    content: Mapped[str] = mapped_column(String(12))
    form: Mapped[str] = mapped_column(String(4))
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime]
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(String(32), default="")
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    dropped_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
