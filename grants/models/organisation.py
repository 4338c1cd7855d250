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
    __table_args__ = (
        Index("ix_organisation_name", text("lower(name)"), "id"),
        # two spellings of one name are one name; the same name in two countries is two bodies
        Index(
            "uq_organisation_name_key",
            "name_key",
            "country",
            unique=True,
            sqlite_where=text("name_key <> ''"),
            postgresql_where=text("name_key <> ''"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400), default="")  # what spellings of one name share
    skeleton: Mapped[str] = mapped_column(String(400), default="", index=True)  # what names that look alike share
    legal_form: Mapped[str] = mapped_column(String(60), default="")
    actor_kind: Mapped[str] = mapped_column(String(40), default="ngo")
    country: Mapped[str] = mapped_column(String(2), default="FR")
    siret: Mapped[str] = mapped_column(String(14), default="")
    rna: Mapped[str] = mapped_column(String(10), default="")
    registration: Mapped[str] = mapped_column(String(200), default="")  # foreign or Alsace-Moselle register, in words
    court: Mapped[str] = mapped_column(String(80), default="")  # Alsace-Moselle: court, volume, folio and day, or none
    volume: Mapped[str] = mapped_column(String(20), default="")
    folio: Mapped[str] = mapped_column(String(20), default="")
    entered: Mapped[str] = mapped_column(String(40), default="")  # the date, as the extract writes it
    department: Mapped[str] = mapped_column(String(3), default="")  # of the seat, for the court alone
    register_name: Mapped[str] = mapped_column(String(120), default="")  # abroad: the register and the number there
    register_number: Mapped[str] = mapped_column(String(60), default="")
    vat_regime: Mapped[str] = mapped_column(String(12), default="")  # not_liable, liable, partial
    vat_number: Mapped[str] = mapped_column(String(20), default="")
    founded_on: Mapped[date | None]  # declared, founded or registered, whichever its papers say
    employees: Mapped[int | None]  # people on the payroll
    volunteers: Mapped[int | None]
    address_lines: Mapped[list[Any]] = mapped_column(default=list)
    website: Mapped[str] = mapped_column(String(200), default="")
    representative: Mapped[str] = mapped_column(String(120), default="")
    representative_function: Mapped[str] = mapped_column(String(120), default="")
    invented: Mapped[bool] = mapped_column(default=False)  # demo data, and said so on the pages
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")


class Membership(Base):
    """A period in which an organisation belongs to the network of a programme; good standing has an end.

    Never rewritten: what is corrected is replaced by another row, and both are kept.
    """

    __tablename__ = "membership"

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    joined_on: Mapped[date]
    good_standing_until_on: Mapped[date | None]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class Paper(Base):
    """A paper of the passport, reused from call to call. A newer one of its kind and year replaces it; both are kept."""

    __tablename__ = "paper"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    year: Mapped[int | None]  # of accounts and reports
    filename: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    issued_on: Mapped[date | None]
    valid_until_on: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


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
