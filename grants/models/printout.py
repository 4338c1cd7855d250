"""Files on paper: one document of whole files, drawn for one person, kept for a day."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.call import Call
from grants.models.keys import Key, PublicId


class Printout(Base):
    """A PDF of the files `files` (internal ids, in their order) of a call, as `account_id` read them at that moment.

    `whole`: all that the person has to evaluate, with a table of contents. `grid`: with a blank sheet of marks behind
    each file. `veiled`: without the names. `basis`: fingerprint of what it shows; what has changed since is drawn anew.
    `file`: its name among the handed out files; empty before it is drawn and after it was removed (`dropped_at`).
    """

    __tablename__ = "printout"
    __table_args__ = (Index("ix_printout_asker", "account_id", "call_id", "asked_at"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    files: Mapped[list[Any]]
    whole: Mapped[bool] = mapped_column(default=False)
    grid: Mapped[bool] = mapped_column(default=False)
    veiled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="fr")
    basis: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(String(32), default="")
    failure: Mapped[str] = mapped_column(String(200), default="")
    dropped_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
