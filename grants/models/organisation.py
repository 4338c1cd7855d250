"""Organisations: applicants, networks; their standing and their bank details."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId


class Organisation(Base):
    """A body that applies, holds or funds. `rna` is never required: a union has none."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_name", text("lower(name)"), "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))
    legal_form: Mapped[str] = mapped_column(String(60), default="")
    actor_kind: Mapped[str] = mapped_column(String(40), default="ngo")
    country: Mapped[str] = mapped_column(String(2), default="FR")
    siret: Mapped[str] = mapped_column(String(14), default="")
    rna: Mapped[str] = mapped_column(String(10), default="")
    registration: Mapped[str] = mapped_column(String(200), default="")  # foreign or Alsace-Moselle register
    address_lines: Mapped[list[Any]] = mapped_column(default=list)
    website: Mapped[str] = mapped_column(String(200), default="")
    representative: Mapped[str] = mapped_column(String(120), default="")
    representative_function: Mapped[str] = mapped_column(String(120), default="")
    invented: Mapped[bool] = mapped_column(default=False)  # demo data, and said so on the pages
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")


class Membership(Base):
    """An organisation belongs to the network of a programme; good standing has an end."""

    __tablename__ = "membership"

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    joined_on: Mapped[date]
    good_standing_until_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class BankAccount(Base):
    """Bank details, never changed in place: the newest row is in force once a finance officer has verified it."""

    __tablename__ = "bank_account"
    __table_args__ = (
        Index(
            "uq_bank_account_current",
            "organisation_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    iban: Mapped[str] = mapped_column(String(34))
    bic: Mapped[str] = mapped_column(String(11), default="")
    holder: Mapped[str] = mapped_column(String(200))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
