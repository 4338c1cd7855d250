"""Reviews: who reads which file, with which interests, and the marks given."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.account import Account
from grants.models.application import Application
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.workflow.review import ReviewState


class Interest(Base):
    """A committee member's declaration about one file; the newest row that is not replaced is in force."""

    __tablename__ = "interest"
    __table_args__ = (
        Index(
            "uq_interest_current",
            "application_id",
            "account_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("stand IN ('free', 'conflict', 'doubt')", name="stand"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    stand: Mapped[str] = mapped_column(String(10))  # a doubt closes the file like a conflict until it is settled
    found: Mapped[bool] = mapped_column(default=False)  # found from facts, not declared
    hints: Mapped[list[Any]] = mapped_column(default=list)  # which facts, see grants.domain.conflicts.Hint
    override_id: Mapped[int | None] = mapped_column(ForeignKey("conflict_override.id"))  # opened by two managers
    note: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Override(Base):
    """A file is opened to a member in spite of a conflict: asked by one manager with a reason, answered by another."""

    __tablename__ = "conflict_override"
    __table_args__ = (
        Index(
            "uq_conflict_override_waiting",
            "application_id",
            "account_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]


class Proposal(Base):
    """Who could read what: asked for on the page of the readers, worked out by the worker, applied by one button.

    `material`: what it was made from (see `grants.queries.proposal`), `material_sha256` its fingerprint: another one
    now, and it is stale. `wishes`: what the manager asked for. `report`: see `grants.domain.assignment_study`; empty
    until it is done.
    """

    __tablename__ = "reading_proposal"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    wishes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    material: Mapped[dict[str, Any]] = mapped_column(default=dict)
    material_sha256: Mapped[str] = mapped_column(String(64))
    percent: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    call: Mapped[Call] = relationship()


class Review(Base):
    """One reviewer, one file. An assignment is a review that nobody has begun."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)  # the reviewer's own reading order
    state: Mapped[ReviewState] = mapped_column(String(12), default=ReviewState.ASSIGNED)
    version: Mapped[int] = mapped_column(default=1)
    opinion: Mapped[str] = mapped_column(Text, default="")  # for the committee
    private_note: Mapped[str] = mapped_column(Text, default="")  # for the reviewer alone
    last_criterion: Mapped[str] = mapped_column(String(20), default="")  # where the reviewer stopped
    assigned_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]  # to be changed, and why; empty once it is given again
    return_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None]  # the assignment; what was written is kept for thirty days
    application: Mapped[Application] = relationship()
    reviewer: Mapped[Account] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="review", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class GivenReview(Base):
    """A review as it was given, each time it was: kept when it is returned and changed. Nobody's private note is in it.

    `content`: {"marks": {key: half points}, "not_applicable": [key], "comments": {key: text}, "opinion", "weights":
    {key: weight}}.
    """

    __tablename__ = "given_review"
    __table_args__ = (UniqueConstraint("review_id", "rank"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    rank: Mapped[int]
    given_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class Mark(Base):
    """A mark in half points (0 to 10) on one criterion. What does not apply has no mark: it is missing, never zero."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint("half_points BETWEEN 0 AND 10", name="range"),
        CheckConstraint("NOT (not_applicable AND half_points IS NOT NULL)", name="applies"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    half_points: Mapped[int | None]  # None: a comment written before the mark, or not applicable
    not_applicable: Mapped[bool] = mapped_column(default=False)  # on an optional criterion alone
    comment: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[Review] = relationship(back_populates="marks")
