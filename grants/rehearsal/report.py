"""What a rehearsal saw: events by date, mails by reader, what the rules said, what the call lacks."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened on a date. `code` names it for the page; `refusals`: {"code", "params"}, none where it went."""

    at: str
    code: str
    who: str = ""
    about: str = ""
    refusals: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Sent:
    """A mail that would have left: its subject, to whom (a part of the cast), with a letter or not, its private link."""

    at: str
    subject: str
    reader: str
    letter: bool = False
    link: str = ""


@dataclass
class Report:
    """Everything, as plain data. `lacks`: reason codes that keep the call from being published."""

    lacks: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    mails: list[Sent] = field(default_factory=list)
    failed_rules: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def note(self, at: datetime, code: str, **more: Any) -> None:  # noqa: ANN401 -- what an event tells
        """Add an event."""
        self.events.append(Event(at.isoformat(), code, **more))

    def data(self) -> dict[str, Any]:
        """Plain data, in whole seconds."""
        whole = {**asdict(self), "seconds": round(self.seconds)}
        for mail in whole["mails"]:
            del mail["link"]
        return whole
