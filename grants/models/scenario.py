"""Scenarios: the best sets of files under rules that somebody tries, kept, named, compared and shared with the committee."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.account import Account
from grants.models.call import Call
from grants.models.keys import Key, PublicId


class Scenario(Base):
    """A set of files that was asked for: chosen by the worker, read by whoever sees every file that it was made of.

    `rules`: what was asked (`grants.domain.scenario_rules`). `material`: what it was made from, grades left out;
    `scores_sha256`: the fingerprint of the files and their scores then: another one, and it is stale. `report`: see
    `grants.domain.scenario_study`; empty until it is done. `shared_at`: since when the committee reads it.
    `reference_for_id`: the sitting that holds its decisions against it; one scenario for each sitting.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        Index("ix_scenario_call", "call_id", "id"),
        Index(
            "uq_scenario_reference",
            "reference_for_id",
            unique=True,
            sqlite_where=text("reference_for_id IS NOT NULL"),
            postgresql_where=text("reference_for_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    material: Mapped[dict[str, Any]] = mapped_column(default=dict)
    scores_sha256: Mapped[str] = mapped_column(String(64), default="")
    seed: Mapped[int] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    shared_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    reference_for_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    call: Mapped[Call] = relationship()
    made_by: Mapped[Account] = relationship()
    files: Mapped[list["ScenarioFile"]] = relationship(cascade="all, delete-orphan", order_by="ScenarioFile.id")


class ScenarioFile(Base):
    """A file that a scenario was made of, chosen or not: whoever may not see it, sees nothing of the scenario."""

    __tablename__ = "scenario_file"
    __table_args__ = (UniqueConstraint("scenario_id", "application_id"),)

    id: Mapped[Key]
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
