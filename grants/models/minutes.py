"""The minutes of a sitting: where they stand. What they say is in the log of the sitting alone."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId
from grants.models.selection import Meeting
from grants.workflow.minutes import MinutesState


class Minutes(Base):
    """One a sitting, from its first amendment or approval. `approved_by_id`: who may not sign."""

    __tablename__ = "minutes"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    state: Mapped[MinutesState] = mapped_column(String(12), default=MinutesState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    meeting: Mapped[Meeting] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form
