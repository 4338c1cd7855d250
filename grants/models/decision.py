"""Decisions about files."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.application import Application
from grants.models.keys import Key, PublicId
from grants.workflow.decision import DecisionState, Outcome


class Decision(Base):
    """A decision, from the committee's proposal to its release. At most one per file is live (not superseded)."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "uq_decision_current",
            "application_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("awarded_cents >= 0", name="amount"),
        CheckConstraint("(awarded_cents > 0) = (outcome IN ('awarded', 'awarded_with_conditions'))", name="award"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    state: Mapped[DecisionState] = mapped_column(String(12), default=DecisionState.PROPOSED)
    version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[Outcome] = mapped_column(String(30))
    awarded_cents: Mapped[int] = mapped_column(default=0)
    reserve_rank: Mapped[int | None]
    reason_code: Mapped[str] = mapped_column(String(40), default="")  # envelope_exhausted, below_threshold, …
    motive: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    conditions_due_on: Mapped[date | None]
    conditions_lifted_at: Mapped[datetime | None]
    votes: Mapped[str] = mapped_column(String(60), default="")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    board_on: Mapped[date | None]
    board_reference: Mapped[str] = mapped_column(String(80), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # superseded or revoked: another may stand
    application: Mapped[Application] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form
