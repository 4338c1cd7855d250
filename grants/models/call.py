"""Calls, their envelope and their rubric. What the funder sets stands here, never in settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId
from grants.models.organisation import Organisation
from grants.models.programme import Phase, Programme
from grants.workflow.call import CallState


class Call(Base):
    """A round. All instants in UTC; `zone` is the IANA zone in which they are told (`closes_at` is exclusive).

    `tranches`: [{"share_bp": 6000, "condition": "agreement_signed"}, …]; `reminders`: {"submission": [14, 3, 1], …}
    in days before; `milestones`: {"6": [step, …], "12": …} by duration in months (steps: `grants.domain.milestones`).
    `closes_at` is empty for a call that takes files as they come; `full_closes_at`: of full files, where notes come first.
    `imported`: run elsewhere, told here from its `source`: no applications, scores or amounts.
    """

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("min_cents >= 0 AND max_cents >= min_cents", name="bounds"),
        CheckConstraint("closes_at > opens_at", name="window"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id"))
    title: Mapped[str] = mapped_column(String(200))
    edition: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="members_only")
    state: Mapped[CallState] = mapped_column(String(20), default=CallState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    summary: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    full_closes_at: Mapped[datetime | None]
    corrections_due_at: Mapped[datetime | None]
    reviews_open_at: Mapped[datetime | None]
    reviews_close_at: Mapped[datetime | None]
    committee_at: Mapped[datetime | None]
    board_on: Mapped[date | None]
    reserve_until_on: Mapped[date | None]  # the last day on which a file of the reserve list may enter
    results_public_at: Mapped[datetime | None]
    projects_from_on: Mapped[date | None]
    projects_until_on: Mapped[date | None]
    places: Mapped[int | None]
    min_cents: Mapped[int] = mapped_column(default=0)
    max_cents: Mapped[int] = mapped_column(default=0)
    max_rate_bp: Mapped[int] = mapped_column(default=10_000)
    max_in_kind_bp: Mapped[int] = mapped_column(default=10_000)
    min_other_cash_bp: Mapped[int] = mapped_column(default=0)
    min_months: Mapped[int] = mapped_column(default=0)
    max_months: Mapped[int] = mapped_column(default=120)
    min_actor_kinds: Mapped[int] = mapped_column(default=0)
    reviews_required: Mapped[int] = mapped_column(default=2)
    quorum: Mapped[int] = mapped_column(default=1)
    threshold: Mapped[int] = mapped_column(default=0)  # points out of 100 under which a file is not funded
    divergence: Mapped[int] = mapped_column(default=20)  # points between extreme totals that call for a discussion
    terms_sha256: Mapped[str] = mapped_column(String(64), default="")  # the terms in force; empty: the ordinary ones
    language: Mapped[str] = mapped_column(String(5), default="fr")
    grace_seconds: Mapped[int] = mapped_column(default=0)
    min_territories_here: Mapped[int] = mapped_column(default=1)
    min_territories_there: Mapped[int] = mapped_column(default=0)
    chart: Mapped[str] = mapped_column(String(40), default="cerfa-12156-06")  # of accounts, by its version
    whole_euros: Mapped[bool] = mapped_column(default=False)  # budgets are typed without cents
    require_proof: Mapped[bool] = mapped_column(default=False)  # of granted co-fundings, before the submission
    attestations_required: Mapped[bool] = mapped_column(default=False)  # of every partner, before the submission
    operator_required: Mapped[bool] = mapped_column(default=False)  # a support operator co-signs
    objective: Mapped[str] = mapped_column(String(20), default="sum")  # what the best set of files has most of
    min_award_bp: Mapped[int] = mapped_column(default=10_000)  # an award is at least this share of the request
    lot: Mapped[bool] = mapped_column(default=False)  # among the files that the line cuts, a lot may be drawn
    secret_vote: Mapped[bool] = mapped_column(default=False)  # every vote of the committee is secret
    blind: Mapped[str] = mapped_column(String(10), default="no")  # until when those who judge do not know who applies
    others_reviews: Mapped[str] = mapped_column(
        String(10), default="never"
    )  # when a reviewer reads the others' reviews
    tranches: Mapped[list[Any]] = mapped_column(default=list)
    bounds: Mapped[list[Any]] = mapped_column(default=list)  # of the set: `grants.domain.selection_rules`
    milestones: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reminders: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_number: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(Text, default="")
    imported: Mapped[bool] = mapped_column(default=False)
    programme: Mapped[Programme] = relationship()
    phase: Mapped[Phase | None] = relationship()
    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="call", order_by="Criterion.position", cascade="all, delete-orphan"
    )
    envelope: Mapped["Envelope | None"] = relationship(back_populates="call", uselist=False)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Criterion(Base):
    """A line of the rubric. `minimum_half_points`: the mean below which a file is not funded (half points).

    `optional`: a reviewer may say that it does not apply to a file.
    """

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("call_id", "key"), CheckConstraint("weight > 0", name="weight"))

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int]
    minimum_half_points: Mapped[int | None]
    anchors: Mapped[list[Any]] = mapped_column(default=list)  # a sentence for each of the marks 0 to 5
    optional: Mapped[bool] = mapped_column(default=False)
    call: Mapped[Call] = relationship(back_populates="criteria")


class Envelope(Base):
    """The money of a call. `committed_cents` is the sum of its live awards; the database itself forbids more."""

    __tablename__ = "envelope"
    __table_args__ = (
        CheckConstraint("committed_cents >= 0 AND committed_cents <= total_cents", name="not_exceeded"),
        CheckConstraint("total_cents >= 0", name="total"),
    )

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    total_cents: Mapped[int]
    committed_cents: Mapped[int] = mapped_column(default=0)
    call: Mapped[Call] = relationship(back_populates="envelope")


class Invitee(Base):
    """An organisation invited to a call. `told_at`: when its mails were promised, empty while the call is a draft.

    An invitation that was taken back is kept; the same organisation may be invited again by another row.
    """

    __tablename__ = "invitee"
    __table_args__ = (
        Index(
            "uq_invitee_live",
            "call_id",
            "organisation_id",
            unique=True,
            sqlite_where=sql_text("withdrawn_at IS NULL"),
            postgresql_where=sql_text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()
