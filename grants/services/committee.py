"""The committee of a call: what its members know, noted by the programme so that files find their readers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.competences import LANGUAGES
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line, comparison_key
from grants.errors import Invalid, NotFound, Reason
from grants.models import Account, Appointment, Call
from grants.policies import Actor
from grants.queries.committee import SEATS
from grants.queries.locking import locked
from grants.services import lifecycle
from grants.workflow.actions import Action

WORD_LIMIT = 80
MOST_WORDS = 30
MOST_FILES = 999


@dataclass(frozen=True)
class Described:
    """What is noted of a member, as typed. `most_files`: digits, or empty for no limit."""

    languages: tuple[str, ...] = ()
    territories: str = ""
    themes: str = ""
    most_files: str = ""


def describe(*, actor: Actor, call: str, members: Mapping[str, Described]) -> int:
    """Note what these members (public ids of accounts) know: all of them or none. Returns how many changed.

    Territories and themes are words between commas. Raises Invalid (by `field-member`), NotFound.
    """
    with transaction() as session:
        row = locked(session, actor, Call, call)
        values = {name: _read(name, typed) for name, typed in members.items()}
        changed = [name for name, told in sorted(values.items()) if _put(session, row, name, told)]
        lifecycle.act(session, actor=actor, action=Action.REVIEW_DESCRIBE_MEMBER, row=row, note={"members": changed})
        return len(changed)


def _put(session: Session, call: Call, name: str, told: dict[str, object]) -> bool:
    seats = session.scalars(
        select(Appointment)
        .join(Account, Account.id == Appointment.account_id)
        .where(
            Account.public_id == name,
            Appointment.call_id == call.id,
            Appointment.role.in_(SEATS),
            Appointment.ended_at.is_(None),
        )
    ).all()
    if not seats:
        raise NotFound(name)
    before = [{key: getattr(seat, key) for key in told} for seat in seats]
    for seat in seats:
        for key, value in told.items():
            setattr(seat, key, value)
    return any(one != told for one in before)


def _read(name: str, typed: Described) -> dict[str, object]:
    problems: dict[str, Reason] = {}
    told: dict[str, object] = {"languages": [code for code in LANGUAGES if code in typed.languages]}
    for key in ("territories", "themes"):
        try:
            told[key] = _words(getattr(typed, key))
        except Unreadable as error:
            problems[f"{key}-{name}"] = error.as_reason
    digits = typed.most_files.strip()
    if digits and not (digits.isascii() and digits.isdecimal() and len(digits) <= 9 and int(digits) <= MOST_FILES):  # noqa: PLR2004
        problems[f"most_files-{name}"] = Reason("not_whole")
    if problems:
        raise Invalid(problems)
    return {**told, "most_files": int(digits) if digits else None}


def _words(text: str) -> list[str]:
    """The words between commas, each once."""
    found = (clean_line(word, WORD_LIMIT) for word in text.replace(";", ",").replace("\n", ",").split(","))
    return list({comparison_key(word): word for word in found if word}.values())[:MOST_WORDS]
