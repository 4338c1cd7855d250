"""The scratch installation while a rehearsal lasts: who acts, what was seen, mails that lead nowhere."""

import email
import email.policy
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from grants import clock
from grants.db import reading
from grants.delivery.doors import open_doors
from grants.domain.staging import first_stage
from grants.domain.terms import Terms
from grants.errors import Invalid, NotPossible, Reason, Refusal
from grants.models import Application
from grants.policies import Actor
from grants.rehearsal.cast import MANAGER, Cast
from grants.rehearsal.report import Report, Sent
from grants.services import keeper, relay

Act = Callable[[], object]
SOON = timedelta(seconds=20)


class Stage:
    """What the chapters of a rehearsal share. `files`, by part: public ids of applications."""

    def __init__(self, terms: Terms, folder: Path) -> None:
        self.terms, self.values = terms, terms.values()
        self.form = terms.form.at(first_stage(terms.form))  # what is asked now: of a note, then of the full file
        self.report, self.cast = Report(), Cast()
        self.call, self.meeting = "", ""
        self.files: dict[str, str] = {}
        self.judges: list[str] = []
        self.decisions: list[str] = []
        opened = open_doors(
            base_url="http://essai.invalid",
            mail_from="essai@essai.invalid",
            smtp_url="",
            mailbox_dir=folder / "mails",
            blob_dir=folder / "blobs",
        )
        self.doors = replace(opened, transport=_Recorder(self.report))

    @property
    def manager(self) -> Actor:
        """Who runs the call."""
        return self.cast.actor(MANAGER)

    def whole(self, name: str) -> int:
        """A number of the call; zero where it says none."""
        value = self.values.get(name, 0)
        return value if isinstance(value, int) else 0

    def do(self, code: str, act: Act, who: str = MANAGER, about: str = "") -> bool:
        """Do something now and note it; a refusal is noted with its reasons. Whether it went."""
        refusals: tuple[dict[str, Any], ...] = ()
        try:
            act()
        except Refusal as error:
            refusals = _told(error)
        self.report.note(clock.now(), code, who=who, about=about, refusals=refusals)
        return not refusals

    def state(self, part: str) -> str:
        """Where the file of a part stands."""
        with reading() as session:
            wanted = select(Application.state).where(Application.public_id == self.files[part])
            return str(session.scalars(wanted).one())

    def standing(self, state: str) -> list[str]:
        """The parts whose file stands there."""
        return [part for part in self.files if self.state(part) == state]

    def keep_promises(self) -> None:
        """Write and deliver what was promised, as the worker would."""
        handlers = keeper.handlers(self.doors)
        with clock.frozen(clock.now() + SOON):
            while relay.keep_all_due(handlers):
                pass


class _Recorder:
    """A way out that leads nowhere: who would have received what."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:  # noqa: ARG002 -- a Transport
        """Note the mail, and the link that its reader would have followed."""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        letter = any(part.get_content_type() == "application/pdf" for part in message.walk())
        body = message.get_body(("plain",))
        link = ""
        with suppress(StopIteration):
            text = body.get_content() if body is not None else ""
            link = next(word for word in text.split() if "/attestations/" in word)
        self.report.mails.append(
            Sent(clock.now().isoformat(), str(message["Subject"] or ""), recipient.partition("@")[0], letter, link)
        )


def _told(error: Refusal) -> tuple[dict[str, Any], ...]:
    """The reasons of a refusal as plain data; moments and days as ISO texts."""
    if isinstance(error, NotPossible):
        reasons = list(error.reasons)
    elif isinstance(error, Invalid):
        reasons = list(error.problems.values())
    else:
        reasons = [Reason(type(error).__name__)]
    return tuple({"code": reason.code, "params": _plain(reason.params)} for reason in reasons)


def _plain(params: Mapping[str, object]) -> dict[str, object]:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
    return {name: value for name, value in plain.items() if isinstance(value, str | int)}
