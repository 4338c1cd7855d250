"""Documents produced by Palabre: rendered once, kept for ever, named by their content."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base
from grants.models.keys import Key, PublicId


class Document(Base):
    """One PDF of one kind for one subject (`subject`: type:public_id). A second rendering is discarded."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(60), default="")
    filename: Mapped[str] = mapped_column(String(150))
    language: Mapped[str] = mapped_column(String(5), default="fr")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    produced_at: Mapped[datetime]
