"""What follows from a move, as data: promises that the worker keeps after the transaction."""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """To whom a mail goes; the persons are found when the promise is made."""

    TEAM = "team"  # everybody who writes for the applicant
    LEADS = "leads"  # those who may commit the applicant
    REVIEWER = "reviewer"  # the author of the review
    MANAGERS = "managers"  # the managers of the programme
    FINANCE = "finance"  # the finance officers of the programme


@dataclass(frozen=True)
class Mail:
    """A mail named by what the reader learns. `when`: only for this kind of facts; `attach`: a document's kind."""

    name: str
    to: Audience
    when: str = ""
    attach: str = ""


@dataclass(frozen=True)
class Document:
    """A PDF produced once and kept for ever. `when`: only for this kind of facts."""

    kind: str
    when: str = ""


Effect = Mail | Document
