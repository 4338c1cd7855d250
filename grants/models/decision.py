"""Decisions about files, the moments at which their letters leave, and the money that they free."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.application import Application
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.workflow.decision import DecisionState, Origin, Outcome
from grants.workflow.departure import DepartureState
from grants.workflow.succession import SuccessionState


class Decision(Base):
    """A decision, from the committee's proposal to its release. At most one a file is current (`ended_at` empty).

    While another is prepared in its place, a released decision is current no more and still `released`: that is what
    its applicant knows. `follows_id`: the decision in whose place this one came, and `why`. `freed_cents`: what of an
    award went back to the envelope since (a project whose award was lowered, or that ended before its last payment).
    """

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
        CheckConstraint("freed_cents >= 0 AND freed_cents <= awarded_cents", name="freed"),
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
    ended_at: Mapped[datetime | None]  # another may stand
    ended_why: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[Origin] = mapped_column(String(12), default=Origin.COMMITTEE)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    why: Mapped[str] = mapped_column(Text, default="")
    reserve_until_on: Mapped[date | None]
    freed_cents: Mapped[int] = mapped_column(default=0)
    departure_id: Mapped[int | None] = mapped_column(ForeignKey("departure.id"), index=True)
    application: Mapped[Application] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Departure(Base):
    """Letters that leave together at a planned moment (`leaves_at`, UTC). `obstacles`: why they were held, by file."""

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_state_leaves", "state", "leaves_at"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    state: Mapped[DepartureState] = mapped_column(String(12), default=DepartureState.PLANNED)
    version: Mapped[int] = mapped_column(default=1)
    leaves_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    planned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    obstacles: Mapped[list[Any]] = mapped_column(default=list)
    call: Mapped[Call] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Succession(Base):
    """Money that a decision freed, and who of the reserve list could enter with it.

    `decision_id`: the award that gave it back; `cause`: how. `found`: see `grants.domain.succession`, empty until it is
    worked out. `why`: the reason of whoever left the place free.
    """

    __tablename__ = "succession"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    cause: Mapped[str] = mapped_column(String(16))
    freed_cents: Mapped[int]
    opened_at: Mapped[datetime]
    state: Mapped[SuccessionState] = mapped_column(String(12), default=SuccessionState.SOUGHT)
    version: Mapped[int] = mapped_column(default=1)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[str] = mapped_column(Text, default="")
    named_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id])
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form
