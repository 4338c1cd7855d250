"""People: accounts, the roles they hold, their sessions."""

from datetime import datetime

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
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(back_populates="appointments")


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
