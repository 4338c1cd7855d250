"""The terms of calls: every text that was ever in force, known by its fingerprint, and the versions of each call."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.call import Call
from grants.models.keys import Key, PublicId


class TermsText(Base):
    """The whole document of terms that were published, never changed. Files and calls name it by its SHA-256."""

    __tablename__ = "terms_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]]


class CallVersion(Base):
    """A version of a call's terms: a draft that is being written (at most one), or published and frozen.

    `draft` holds the document while it is written; `sha256` names the frozen one. The newest published version is in
    force. `reason`: why a published call was amended, told to its applicants.
    """

    __tablename__ = "call_version"
    __table_args__ = (
        UniqueConstraint("call_id", "rank"),
        Index(
            "uq_call_version_draft",
            "call_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    rank: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    draft: Mapped[dict[str, Any] | None]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("terms_text.sha256"))
    begun_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    call: Mapped[Call] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Rehearsal(Base):
    """A call tried out before it opens: asked for, run by the worker in a database of its own, and what it saw.

    `sha256`: fingerprint of the terms tried. `report`: see `grants.rehearsal.report`; empty until it is done.
    """

    __tablename__ = "rehearsal"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    percent: Mapped[int] = mapped_column(default=0)
    chapter: Mapped[str] = mapped_column(String(40), default="")
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    call: Mapped[Call] = relationship()
