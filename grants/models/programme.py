"""Programmes and their phases."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base
from grants.models.keys import Key, PublicId
from grants.models.organisation import Organisation


class Programme(Base):
    """What a network runs for years; its calls are rounds of it. `source`: where facts of a real one come from."""

    __tablename__ = "programme"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    network_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(Text, default="")
    network: Mapped[Organisation] = relationship()
    phases: Mapped[list["Phase"]] = relationship(back_populates="programme", order_by="Phase.number")


class Phase(Base):
    """A period of a programme; a phase holds several rounds."""

    __tablename__ = "phase"

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    programme: Mapped[Programme] = relationship(back_populates="phases")
