"""Calls: drafted by the programme, published when fit, closed when every file is decided; or told from a source."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.text import clean_line
from grants.errors import Invalid, Reason
from grants.models import Application, Call, Criterion, Envelope, Programme
from grants.policies import Actor
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.application import UNDER_STUDY
from grants.workflow.facts import CallFacts

# what the funder sets; the rest of the columns is kept by the system
SETTABLE = frozenset(
    {
        *("slug", "phase_id", "title", "edition", "kind", "summary", "text", "contact", "zone", "source"),
        *("opens_at", "closes_at", "corrections_due_at", "reviews_open_at", "reviews_close_at", "committee_at"),
        *("board_on", "results_public_at", "projects_from_on", "projects_until_on", "places", "min_cents", "max_cents"),
        *("max_rate_bp", "max_in_kind_bp", "min_other_cash_bp", "min_months", "max_months", "min_actor_kinds"),
        *("reviews_required", "quorum", "threshold", "divergence", "form_version", "tranches", "milestones"),
        "reminders",
    }
)
# in the order in which they follow each other
CALENDAR = (
    *("opens_at", "closes_at", "corrections_due_at", "reviews_open_at", "reviews_close_at", "committee_at"),
    "results_public_at",
)


def draft(
    *,
    actor: Actor,
    programme: str,
    values: Mapping[str, Any],
    criteria: Iterable[Mapping[str, Any]] = (),
    envelope_cents: int = 0,
) -> Call:
    """Write a new call of a programme (public id). `values`: columns of Call; moments aware, cents, basis points.

    `criteria`: {"key", "name", "question", "weight", "minimum_half_points", "anchors"} in their order.
    Raises NotFound, NotAllowed, Invalid.
    """
    with transaction() as session:
        row = _new(session, actor, programme, values, imported=False)
        row.criteria = [Criterion(position=rank, **line) for rank, line in enumerate(criteria, start=1)]
        row.envelope = Envelope(total_cents=envelope_cents)
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row)
    return row


def import_call(*, actor: Actor, programme: str, values: Mapping[str, Any]) -> Call:
    """Tell a round that was run elsewhere, from its source: no rubric, no envelope, and only the dates that are known.

    Raises NotFound, NotAllowed, Invalid, NotPossible (no source given).
    """
    with transaction() as session:
        row = _new(session, actor, programme, values, imported=True)
        session.flush()
        facts = CallFacts(source_cited=bool(row.source.strip()))
        lifecycle.perform(session, actor=actor, action=Action.CALL_IMPORT, row=row, facts=facts)
    return row


def publish(*, actor: Actor, call: str) -> Call:
    """Show a call to everybody. Raises NotFound, NotAllowed, NotPossible with all that is still missing."""
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        facts = CallFacts(
            weights_sum=sum(criterion.weight for criterion in row.criteria),
            shares_sum_bp=sum(tranche["share_bp"] for tranche in row.tranches),
            dates_in_order=dates_in_order(row),
            envelope_cents=row.envelope.total_cents if row.envelope else 0,
        )
        lifecycle.perform(session, actor=actor, action=Action.CALL_PUBLISH, row=row, facts=facts)
    return row


def close(*, actor: Actor, call: str) -> Call:
    """End a call whose files are all decided. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        still_open = select(func.count(Application.id)).where(
            Application.call_id == row.id, Application.state.in_(UNDER_STUDY)
        )
        facts = CallFacts(open_files=session.scalar(still_open) or 0)
        lifecycle.perform(session, actor=actor, action=Action.CALL_CLOSE, row=row, facts=facts)
    return row


def dates_in_order(call: Call) -> bool:
    """Opening and deadline are set, and every date that is set comes after the one before it."""
    dates: list[datetime] = [at for name in CALENDAR if (at := getattr(call, name)) is not None]
    named = call.opens_at is not None and call.closes_at is not None
    return named and all(first <= then for first, then in pairwise(dates))


def _new(session: Session, actor: Actor, programme: str, values: Mapping[str, Any], *, imported: bool) -> Call:
    if strange := values.keys() - SETTABLE:
        raise Invalid(dict.fromkeys(sorted(strange), Reason("unknown_field")))
    owner = one_for(session, actor, Programme, programme)
    row = Call(programme_id=owner.id, imported=imported, **values)
    row.title = clean_line(row.title, 200)
    session.add(row)
    return row
