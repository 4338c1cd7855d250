"""What stands in the way of terms that would come into force: taken from the document, before anything is laid."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.forms import FileStage
from grants.domain.terms import MOMENTS, Terms
from grants.models import Application, Call, Review
from grants.queries.eligibility import ROLLING_KIND, TWO_STAGES_KIND
from grants.workflow.facts import CallFacts
from grants.workflow.review import ReviewState


def facts_of(
    session: Session, call: Call, terms: Terms, *, before: Terms | None = None, now: datetime, reason: str = ""
) -> CallFacts:
    """What the guards of a publication look at; of an amendment where `before`, the terms in force, are given."""
    values, envelope = terms.values(), terms.part("envelope")
    closes_at = values.get("closes_at")
    moved = before is not None and closes_at != before.values().get("closes_at")
    return CallFacts(
        weights_sum=sum(int(line["weight"]) for line in _lines(terms, "criteria")),
        shares_sum_bp=sum(int(line["share_bp"]) for line in _lines(terms, "tranches")),
        dates_in_order=dates_in_order(values),
        stages_missing=_stages_missing(terms),
        envelope_cents=int(envelope.get("total_cents", 0)) if isinstance(envelope, Mapping) else 0,
        committed_cents=call.envelope.committed_cents if call.envelope else 0,
        deadline_moved_into_past=moved and isinstance(closes_at, datetime) and closes_at < now,
        kind_changed=before is not None and _said(before, "kind") != _said(terms, "kind"),
        chart_changed=before is not None and _said(before, "chart") != _said(terms, "chart"),
        rubric_changed_while_read=before is not None and _judging(before) != _judging(terms) and _read(session, call),
        reason_given=bool(reason.strip()),
    )


def dates_in_order(values: Mapping[str, object]) -> bool:
    """Opening and deadline are set, and every moment that is set comes after the one before it.

    A call that takes files as they come needs its opening alone, and reads while others still arrive.
    """
    dates = [at for name in MOMENTS if isinstance(at := values.get(name), datetime)]
    opens_at = values.get("opens_at")
    if values.get("kind") == ROLLING_KIND:
        return isinstance(opens_at, datetime) and all(opens_at <= at for at in dates)
    named = opens_at is not None and values.get("closes_at") is not None
    return named and all(first <= then for first, then in pairwise(dates))


def _stages_missing(terms: Terms) -> bool:
    """Two stages by the kind of the call or by its form: both, and the second deadline, must be said together."""
    kind, until = terms.values().get("kind"), terms.values().get("full_closes_at")
    full = any(section.stage is FileStage.FULL for section in terms.form.sections)
    if kind == TWO_STAGES_KIND or terms.form.staged:
        return not full or until is None
    return until is not None


def _lines(terms: Terms, name: str) -> list[Mapping[str, Any]]:
    part = terms.part(name)
    return [line for line in part if isinstance(line, Mapping)] if isinstance(part, list | tuple) else []


def _said(terms: Terms, name: str) -> object:
    """What the terms say, or the ordinary value where they say nothing."""
    return terms.values().get(name, Call.__table__.c[name].default.arg)


def _judging(terms: Terms) -> list[tuple[object, ...]]:
    """What reviewers count on once they read: what is marked, what it weighs, who will read their marks, whom they read."""
    rubric = [
        (line.get("key"), line.get("weight"), line.get("minimum_half_points"), bool(line.get("optional")))
        for line in _lines(terms, "criteria")
    ]
    return [*rubric, (_said(terms, "others_reviews"), _said(terms, "blind"))]


def _read(session: Session, call: Call) -> bool:
    """Whether somebody was given a file of the call to read."""
    query = (
        select(func.count(Review.id))
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call.id, Review.state != ReviewState.UNASSIGNED)
    )
    return bool(session.scalar(query))
