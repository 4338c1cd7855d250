"""The next edition of a call: its terms under another title and address, its dates cleared or a year later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from grants.db import transaction
from grants.domain.calendar import add_months
from grants.domain.deadlines import TimeError, instant, zone_named
from grants.domain.terms import DAYS, MOMENTS, moment_words
from grants.errors import Invalid, Reason
from grants.models import Call, CallVersion
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.terms import document_of, draft_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.call.terms import lay, readable
from grants.workflow.actions import Action
from grants.workflow.call import CallState

A_YEAR = 12
DATED = frozenset({*MOMENTS, *DAYS})


def clone(*, actor: Actor, call: str, title: str, edition: str, slug: str, later: bool) -> Call:
    """Begin a call of the same programme from the terms of this one (those being written, if it was never published).

    `later`: every date a year later by the wall clock of the call's zone; otherwise without dates. Raises NotFound,
    NotAllowed, Invalid (slug taken, a fault of the terms).
    """
    with transaction() as session:
        source = one_for(session, actor, Call, call)
        require(actor, Action.CALL_DRAFT, subject_of(source, session))
        if session.scalar(select(Call.id).where(Call.slug == slug)) is not None:
            raise Invalid({"slug": Reason("taken")})
        written = draft_of(session, source) if source.state == CallState.DRAFT else None
        document = document_of(session, source, written)
        told = _dated(document.get("call", {}), later=later) | {"title": title, "edition": edition}
        terms = readable({**document, "call": told})
        row = Call(programme_id=source.programme_id, slug=slug, title=title, edition=edition)
        session.add(row)
        session.flush()
        lay(row, terms)
        now = lifecycle.moment(session)
        session.add(
            CallVersion(call=row, rank=1, draft=dict(terms.data), begun_at=now, edited_at=now, edited_by_id=actor.id)
        )
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row, note={"from": source.public_id})
    return row


def _dated(call: Mapping[str, Any], *, later: bool) -> dict[str, Any]:
    if not later:
        return {name: value for name, value in call.items() if name not in DATED}
    zone = str(call.get("zone", "Europe/Paris"))
    return {name: _a_year_later(name, value, zone) if name in DATED else value for name, value in call.items()}


def _a_year_later(name: str, value: str, zone: str) -> str:
    if name in DAYS:
        return add_months(date.fromisoformat(value), A_YEAR).isoformat()
    wall = datetime.fromisoformat(value).astimezone(zone_named(zone))
    day = add_months(wall.date(), A_YEAR)
    try:
        return moment_words(instant(day, wall.time(), zone, fold=wall.fold))
    except TimeError:  # the clocks jump over that hour next year: an hour later exists
        return moment_words(instant(day, wall.time().replace(hour=wall.hour + 1), zone))
