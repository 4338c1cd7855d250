"""Feedback: what a released decision tells the applicants beside its motive, with every version that was written."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.decision import Decision
from grants.models.keys import Key, PublicId


class Feedback(Base):
    """What the applicants are told about their file; the newest row that is not replaced is part of the decision.

    `chosen`: the comments that it was written from, as `<public id of the review>:<key of the criterion>`; all others
    are kept out of it. `confirmed`: codes of what was found in it and let through by its author.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index(
            "uq_feedback_current",
            "decision_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    text: Mapped[str] = mapped_column(Text)
    chosen: Mapped[list[Any]] = mapped_column(default=list)
    confirmed: Mapped[list[Any]] = mapped_column(default=list)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    decision: Mapped[Decision] = relationship()
