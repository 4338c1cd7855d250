"""What happens in a sitting: the log that the minutes are written from, the file called, notes, votes, the projector."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base
from grants.models.keys import Key, PublicId


class SittingEvent(Base):
    """A line of the log of a sitting; never changed. `rank`: 1, 2, 3… in its sitting; `by_id`: nobody for the system.

    `data` says all by itself, in the words of that moment (see `grants.domain.sitting_log`). `application_id`: the file
    that the line is about, if one: whoever is recused from it does not meet the line.
    """

    __tablename__ = "sitting_event"
    __table_args__ = (UniqueConstraint("meeting_id", "rank"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    rank: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(24))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Calling(Base):
    """A file called by the chair: the one that is discussed until another is called, or something is written down.

    `emptied_at`: the chair has noted that whoever is recused from it has left the room.
    """

    __tablename__ = "calling"
    __table_args__ = (
        Index(
            "uq_calling_current",
            "meeting_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    called_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    called_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AgendaLine(Base):
    """Where the chair has put a file on the agenda; files without a line follow in the order of the agenda's formula."""

    __tablename__ = "agenda_line"
    __table_args__ = (UniqueConstraint("meeting_id", "application_id"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position: Mapped[int]


class SittingNote(Base):
    """A note on a file: its author's own until `shared_at`, the committee's afterwards; a shared one never changes.

    `moment`: "before" for what was written ahead of the discussion, "after" for what came of it.
    """

    __tablename__ = "sitting_note"
    __table_args__ = (
        CheckConstraint("moment IN ('before', 'after')", name="moment"),
        Index(
            "uq_sitting_note_private",
            "meeting_id",
            "application_id",
            "author_id",
            unique=True,
            sqlite_where=text("shared_at IS NULL"),
            postgresql_where=text("shared_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    moment: Mapped[str] = mapped_column(String(8), default="before")
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]


class Ballot(Base):
    """A vote on a file. `outcome`: what is put to the vote; `by_hands`: counted in the room, nobody votes on a page.

    `choices` of a secret one are kept as three totals (`Urn`) that no voter leads to; of an open one, by name
    (`OpenVote`). The counts stand here when the vote is closed; a vote that was stopped has none.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        Index(
            "uq_ballot_current",
            "meeting_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(votes_for IS NULL) = (votes_against IS NULL)", name="counted"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    secret: Mapped[bool]
    by_hands: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(24))
    question: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstained: Mapped[int | None]


class BallotVoter(Base):
    """Who has voted: once each, without a time. What they voted does not stand here."""

    __tablename__ = "ballot_voter"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)


class OpenVote(Base):
    """What a member voted in an open vote. A secret vote writes no row here."""

    __tablename__ = "open_vote"
    __table_args__ = (CheckConstraint("choice IN ('for', 'against', 'abstained')", name="choice"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(10))


class Urn(Base):
    """The totals of a secret vote while it lasts: no row for a choice, so nothing to bring beside a voter.

    One row, written whole with each vote: not even the database's own stamps tell which total has grown.
    """

    __tablename__ = "urn"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)


class ProjectorKey(Base):
    """The address under which the room's projector reads, without an account; only its fingerprint is stored.

    It ends with the sitting, and when another is issued.
    """

    __tablename__ = "projector_key"
    __table_args__ = (
        Index(
            "uq_projector_key_current",
            "meeting_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
