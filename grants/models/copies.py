"""Copies of documents that say nothing of who made them, for those who judge without knowing who applies."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.application import Attachment
from grants.models.keys import Key


class CleanedCopy(Base):
    """The one copy of a document. Without `sha256` there is none: not yet (`made_at` empty), or `withheld` with a reason.

    `source_sha256`: what it was made from. `settled_at`, `settled_by_id`: a manager gave another file for those who
    judge, or decided that they read none; the document itself is never changed.
    """

    __tablename__ = "cleaned_copy"
    __table_args__ = (CheckConstraint("sha256 = '' OR withheld = ''", name="one_or_the_other"),)

    id: Mapped[Key]
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), unique=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    source_sha256: Mapped[str] = mapped_column(String(64), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    extension: Mapped[str] = mapped_column(String(10), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    withheld: Mapped[str] = mapped_column(String(16), default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    attachment: Mapped[Attachment] = relationship()
