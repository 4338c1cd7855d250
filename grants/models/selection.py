"""Selection: the committee's sitting and who attends it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
