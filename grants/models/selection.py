"""Selection: the committee's sitting, who attends it, what the scores say, and the lot among files that the line cuts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.call import Call
from grants.models.keys import Key, PublicId
from grants.workflow.meeting import MeetingState


class Meeting(Base):
    """A sitting of the committee of a call. The secretary is a manager of the programme."""

    __tablename__ = "meeting"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    secretary_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    held_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[MeetingState] = mapped_column(String(12), default=MeetingState.CONVENED)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
    attendance: Mapped[list["Attendance"]] = relationship(back_populates="meeting", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Attendance(Base):
    """A member present at a sitting."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "account_id"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    meeting: Mapped[Meeting] = relationship(back_populates="attendance")


class ScoreAnalysis(Base):
    """What the scores of some files say: asked for on a page, made by the worker, read by whoever sees just these files.

    `files`: internal ids of the files when it was asked for. `files_sha256`, `scores_sha256`: fingerprints of the files
    and of the scores that it was made from; a reader finds it by the first and knows by the second whether it is stale.
    `report`: see `grants.domain.score_study`; empty until it is done.
    """

    __tablename__ = "score_analysis"
    __table_args__ = (Index("ix_score_analysis_files", "call_id", "files_sha256"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    files: Mapped[list[Any]] = mapped_column(default=list)
    files_sha256: Mapped[str] = mapped_column(String(64))
    scores_sha256: Mapped[str] = mapped_column(String(64), default="")
    seed: Mapped[int] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    call: Mapped[Call] = relationship()


class Lot(Base):
    """A lot among the files that the line cuts: its seed promised before the sitting, drawn while it lasts.

    `files`: public ids of the group; `places`: how many of them it lets in; `scores_sha256`: the scores that made the
    group. `seed` is told to nobody before `drawn_at`. `word`: what those present added; `drawn`: the files in the order
    of the lot. A promise made again before the sitting replaces the one before, which is kept.
    """

    __tablename__ = "lot"
    __table_args__ = (
        Index(
            "uq_lot_current",
            "meeting_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    seed: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[Any]] = mapped_column(default=list)
    places: Mapped[int]
    scores_sha256: Mapped[str] = mapped_column(String(64))
    promised_at: Mapped[datetime]
    promised_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None]
    word: Mapped[str] = mapped_column(String(200), default="")
    drawn: Mapped[list[Any]] = mapped_column(default=list)
    drawn_at: Mapped[datetime | None]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    meeting: Mapped[Meeting] = relationship()
