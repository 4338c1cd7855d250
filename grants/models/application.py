"""Applications: the file, its partners, territories, budget, documents, and what was submitted for ever."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.domain.forms import FileStage
from grants.domain.verdicts import Verdict
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.models.organisation import Organisation
from grants.workflow.application import ApplicationState

RECEIVED_AT = text("coalesce(submitted_at, late_attempt_at)")
RETURNED, TRIED_LATE = "state = 'returned'", "late_attempt_at IS NOT NULL"
# what decides whether a file is on somebody's list, beside its place there: read from the index alone
LISTED = ["state", "submitted_at", "late_attempt_at", "organisation_id"]


class Application(Base):
    """A request for a grant. `answers`: the form's fields by key, as typed. `number` is given at submission."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        Index("ix_application_call_state", "call_id", "state"),
        Index("ix_application_call_submitted", "call_id", "submitted_at"),
        Index("ix_application_own_deadline", "own_deadline_at"),
        # the orders of the programme's list: a page of it costs the same among a hundred files and a million
        Index("ix_application_received", RECEIVED_AT, "id"),
        Index("ix_application_call_received", "call_id", RECEIVED_AT, "id", postgresql_include=LISTED),
        Index("ix_application_call_title", "call_id", text("lower(title)"), "id"),
        Index("ix_application_call_requested", "call_id", "requested_cents", "id"),
        # what waits or is late is rare: found without looking at the others
        Index("ix_application_returned", "id", sqlite_where=text(RETURNED), postgresql_where=text(RETURNED)),
        Index("ix_application_late", "id", sqlite_where=text(TRIED_LATE), postgresql_where=text(TRIED_LATE)),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[str] = mapped_column(String(5), default="")  # of a call in two stages: note, then full
    state: Mapped[ApplicationState] = mapped_column(String(20), default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    saves: Mapped[int] = mapped_column(default=0, server_default="0")  # answers saved one by one
    terms_sha256: Mapped[str] = mapped_column(String(64), default="")  # those it is written under
    moved_from_sha256: Mapped[str] = mapped_column(String(64), default="")  # the terms before an amendment not yet seen
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requested_cents: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    note_submitted_at: Mapped[datetime | None]  # when the note that was kept had been deposited
    note_reason: Mapped[str] = mapped_column(Text, default="")  # why it was kept, or not
    late_attempt_at: Mapped[datetime | None]
    own_deadline_at: Mapped[datetime | None]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)  # who screens it
    return_reason: Mapped[str] = mapped_column(Text, default="")
    return_sections: Mapped[list[Any]] = mapped_column(default=list)
    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="application", order_by="Partner.id", cascade="all, delete-orphan"
    )
    territories: Mapped[list["Territory"]] = relationship(
        back_populates="application", order_by="Territory.id", cascade="all, delete-orphan"
    )
    budget_lines: Mapped[list["BudgetLine"]] = relationship(
        back_populates="application", order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="application", order_by="Attachment.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    @property
    def stamp(self) -> int:
        """Grows with every change of any part: what a page showed that speaks of the whole file.

        `version` grows with pages saved whole; answers saved one by one leave it, so that they disturb nobody.
        """
        return self.version + self.saves

    @property
    def closes_at(self) -> datetime | None:
        """The deadline of the call for this file as it stands: of notes, or of full files. None: the call has none."""
        return self.call.full_closes_at if self.stage == FileStage.FULL else self.call.closes_at

    @property
    def deposited(self) -> bool:
        """Whether what is written at this stage was deposited: a kept note is not the deposit of the full file."""
        return self.submitted_at is not None and (
            self.stage != FileStage.FULL or self.submitted_at != self.note_submitted_at
        )


class Partner(Base):
    """Another body of the alliance, by kind of actor. `part`: co_applicant, partner or support_operator."""

    __tablename__ = "partner"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2), default="FR")
    role: Mapped[str] = mapped_column(Text, default="")
    part: Mapped[str] = mapped_column(String(20), default="partner")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    application: Mapped[Application] = relationship(back_populates="partners")
    attestations: Mapped[list["Attestation"]] = relationship(
        back_populates="partner", order_by="Attestation.id", cascade="all, delete-orphan"
    )


class Attestation(Base):
    """A partner is asked to attest what concerns it in the file, and does, once, on exactly `shown`.

    A later change of that content ends it (`ended_at`) and asks again: another row, with `renews_id`.
    """

    __tablename__ = "attestation"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))  # where the link went
    contact: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("attestation.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    token_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    function: Mapped[str] = mapped_column(String(120), default="")
    attested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    partner: Mapped[Partner] = relationship(back_populates="attestations")


class Collaborator(Base):
    """Somebody from outside the lead organisation who writes one file, e.g. for a partner."""

    __tablename__ = "collaborator"
    __table_args__ = (Index("ix_collaborator_account", "account_id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="SET NULL"))
    accepted_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Territory(Base):
    """Where the project acts, here or there. `code`: REG-93, DEP-14, FR, or ISO 3166 (SN, ML-1); may be empty."""

    __tablename__ = "territory"
    __table_args__ = (CheckConstraint("side IN ('here', 'there')", name="side"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    side: Mapped[str] = mapped_column(String(5))
    code: Mapped[str] = mapped_column(String(12), default="")
    label: Mapped[str] = mapped_column(String(120))
    application: Mapped[Application] = relationship(back_populates="territories")


class BudgetLine(Base):
    """A line of the two-sided budget; `key` is of the call's chart of accounts, `status` of a co-funder's promise.

    `partner_id`: who spends or brings it (none: the lead). `proof_id`: the document that shows a granted co-funding.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("side IN ('expense', 'income')", name="side"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    side: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(12), default="")
    amount_cents: Mapped[int]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    application: Mapped[Application] = relationship(back_populates="budget_lines")
    partner: Mapped[Partner | None] = relationship()
    proof: Mapped["Attachment | None"] = relationship()


class Attachment(Base):
    """A supporting document. Replaced or removed ones are kept with their date; the bytes stand in the blob store.

    `verdict`: what the virus scanner said (`grants.domain.verdicts`). One that is withheld is read by nobody.
    """

    __tablename__ = "attachment"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[Verdict] = mapped_column(String(8), default=Verdict.CLEAN)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    application: Mapped[Application] = relationship(back_populates="attachments")


class Upload(Base):
    """A document on its way, in pieces. `size`: bytes announced; `received`: bytes that are there; `part`: in which file.

    `replaces`: public id of the document that its slot held when it began, empty for none. The row goes when the
    document is attached, given up, refused, or late by a day.
    """

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("received >= 0 AND received <= size", name="received"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(150))
    replaces: Mapped[str] = mapped_column(String(24), default="")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    received: Mapped[int] = mapped_column(default=0)
    part: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Snapshot(Base):
    """What was submitted: the whole content and its fingerprint, never changed. A mended file makes another row."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("application_id", "rank"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    rank: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LateAttempt(Base):
    """Somebody pressed submit after the deadline: refused, and kept."""

    __tablename__ = "late_attempt"

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    attempted_at: Mapped[datetime]
    closes_at: Mapped[datetime]
