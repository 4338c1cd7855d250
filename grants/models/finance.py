"""Money after the award: tranches, payments, the ledger."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId
from grants.models.project import Project
from grants.workflow.tranche import Condition, TrancheState


class Tranche(Base):
    """A planned payment; the tranches of a project sum to its award. `amount_cents` of the last may fall (balance)."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    share_bp: Mapped[int]
    amount_cents: Mapped[int]  # as planned
    due_cents: Mapped[int | None]  # as due, once the condition is met
    condition: Mapped[Condition] = mapped_column(String(30))
    expected_on: Mapped[date | None]
    state: Mapped[TrancheState] = mapped_column(String(12), default=TrancheState.PLANNED)
    version: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None]
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ordered_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Payment(Base):
    """The act of paying a tranche. One live payment a tranche; a returned one keeps its row."""

    __tablename__ = "payment"
    __table_args__ = (
        Index(
            "uq_payment_live",
            "tranche_id",
            unique=True,
            sqlite_where=text("returned_on IS NULL"),
            postgresql_where=text("returned_on IS NULL"),
        ),
        CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), index=True)
    amount_cents: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(80))
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    paid_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    returned_on: Mapped[date | None]


class Posting(Base):
    """A line of the append-only ledger: the postings of one entry sum to zero. Accounts are names, e.g. `awards`."""

    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_call_account", "call_id", "account"),)

    id: Mapped[Key]
    entry: Mapped[str] = mapped_column(String(60), index=True)  # e.g. award:<decision>, payment:<payment>
    posted_at: Mapped[datetime]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    account: Mapped[str] = mapped_column(String(40))
    amount_cents: Mapped[int]
