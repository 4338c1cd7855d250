"""People: accounts, the roles they hold, their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId
from grants.policies.actors import Role


class Account(Base):
    """A person who can sign in. `email` is canonical (NFC, lower-case domain)."""

    __tablename__ = "account"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(5), default="fr")
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    appointments: Mapped[list["Appointment"]] = relationship(back_populates="account", lazy="select")


class Appointment(Base):
    """A role held by an account for one organisation, one call or one programme, or for the service."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN call_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_scope",
        ),
        Index("ix_appointment_account", "account_id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")  # e.g. "collectivité", on a committee
    # what somebody on a committee knows, as the programme noted it, and the most files to read (None: no limit)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    territories: Mapped[list[Any]] = mapped_column(default=list)
    themes: Mapped[list[Any]] = mapped_column(default=list)
    most_files: Mapped[int | None]
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(back_populates="appointments")


class Invitation(Base):
    """A person is asked by mail to hold a role, to write one file, or (neither) to open an account.

    The link of the mail holds a random value made when the mail is written; only its SHA-256 stands here, from then on.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN call_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN application_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_scope",
        ),
        Index("ix_invitation_email", "email", "invited_at"),
        Index("ix_invitation_invited_by", "invited_by_id", "invited_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(254))  # canonical
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(5), default="fr")
    role: Mapped[str] = mapped_column(String(20), default="")  # a Role; empty for a file or an account alone
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(120), default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]


class UserSession(Base):
    """A sign-in. The cookie holds a random value of which only the SHA-256 stands here."""

    __tablename__ = "user_session"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    mfa_at: Mapped[datetime | None]
    reauth_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    ip_prefix: Mapped[str] = mapped_column(String(45), default="")
    user_agent_sha256: Mapped[str] = mapped_column(String(64), default="")
