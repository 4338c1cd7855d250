"""Funded projects: agreement, milestones, reports, amendments, accompaniment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.application import Application
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.models.organisation import Organisation
from grants.workflow.agreement import AgreementState
from grants.workflow.amendment import AmendmentState
from grants.workflow.project import ProjectState
from grants.workflow.report import ReportKind, ReportState


class Project(Base):
    """A project, born of a released award or imported with its source.

    An imported project has no application, no decision and no amount (`awarded_cents` None is unknown, never
    zero). `placeholder`: the source says that it exists and says no more.
    `sheet`: what the public page shows: leads, partners, territories here and there, theme, texts.
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("call_id", "slug"),
        CheckConstraint("(application_id IS NULL) = imported", name="origin"),
        CheckConstraint("awarded_cents IS NULL OR awarded_cents > 0", name="award"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), unique=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[ProjectState] = mapped_column(String(20), default=ProjectState.AGREEMENT_PENDING)
    version: Mapped[int] = mapped_column(default=1)
    awarded_cents: Mapped[int | None]
    rate_bp: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    months: Mapped[int | None]
    sheet: Mapped[dict[str, Any]] = mapped_column(default=dict)
    theme: Mapped[str] = mapped_column(String(150), default="")
    places: Mapped[str] = mapped_column(Text, default="")  # labels of the territories, each between bars: |Sénégal|
    search: Mapped[str] = mapped_column(Text, default="")  # what a search looks through, folded (no accents)
    imported: Mapped[bool] = mapped_column(default=False)
    placeholder: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
    application: Mapped[Application | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Agreement(Base):
    """The paper between the funder and the holder. Its PDF is a document of kind `agreement`."""

    __tablename__ = "agreement"
    __table_args__ = (Index("ix_agreement_state_sent", "state", "sent_at"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    state: Mapped[AgreementState] = mapped_column(String(12), default=AgreementState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    prepared_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    project: Mapped[Project] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Milestone(Base):
    """A dated step of a project."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("project_id", "code"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    reached_on: Mapped[date | None]
    report: Mapped[str] = mapped_column(String(12), default="")  # kind of the report whose acceptance reaches it
    note: Mapped[str] = mapped_column(Text, default="")


class Report(Base):
    """What the holder accounts for. `figures`: heading of the budget → {"budgeted_cents", "spent_cents", "reason"}."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("project_id", "kind"), Index("ix_report_state_due", "state", "due_on"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[ReportKind] = mapped_column(String(12))
    due_on: Mapped[date]
    state: Mapped[ReportState] = mapped_column(String(20), default=ReportState.EXPECTED)
    version: Mapped[int] = mapped_column(default=1)
    narrative: Mapped[dict[str, Any]] = mapped_column(default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    spent_cents: Mapped[int | None]  # eligible expenses to date, cash
    change_request: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Amendment(Base):
    """A change of dates asked for by the holder."""

    __tablename__ = "amendment"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[AmendmentState] = mapped_column(String(12), default=AmendmentState.REQUESTED)
    version: Mapped[int] = mapped_column(default=1)
    extra_months: Mapped[int]
    new_end_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class SupportSession(Base):
    """A session of accompaniment: what was worked on together."""

    __tablename__ = "support_session"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    held_on: Mapped[date]
    collective: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int]
    topic: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
