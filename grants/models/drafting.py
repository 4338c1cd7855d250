"""Writing a file together: who changed which answer, who is on which section, what is said beside a question."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base
from grants.models.keys import Key, PublicId


class AnswerChange(Base):
    """An answer as somebody left it: `value` from `at` on, until the next row of the same key.

    What one person types in one go (`began_at` to `at`) is one row; nothing that stood longer is ever overwritten.
    """

    __tablename__ = "answer_change"
    __table_args__ = (Index("ix_answer_change_field", "application_id", "key", "id"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[Any] = mapped_column(JSON)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime]
    at: Mapped[datetime]


class Presence(Base):
    """Somebody has a section open (`section`: its key); seen again every half minute, gone a minute later."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("application_id", "section", "account_id"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class FieldComment(Base):
    """A remark of the team beside a question (`key`), until somebody says that it is settled. Nobody else reads it."""

    __tablename__ = "field_comment"
    __table_args__ = (Index("ix_field_comment_application", "application_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    key: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
