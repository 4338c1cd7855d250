"""The picture of a file that the guards look at, and the doors that every change of a file goes through."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from grants.db import before_commit
from grants.domain import completeness, eligibility
from grants.domain.eligibility import Stage
from grants.domain.forms import FileStage
from grants.errors import NotPossible, Reason
from grants.models import Application
from grants.policies import Actor
from grants.queries import eligibility as taken
from grants.queries.application import reopened, waiver_pending
from grants.queries.consortium import operator_signed, unattested
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import asking
from grants.workflow.actions import Action
from grants.workflow.call import CallState
from grants.workflow.facts import ApplicationFacts

# rules with a guard of their own, whose sentence says more
GUARDED = frozenset({"received_before_deadline", "complete"})


def facts(
    session: Session, row: Application, now: datetime, *, whole: bool = False, reason: str = ""
) -> ApplicationFacts:
    """What is true of the file at `now`. `whole`: judge completeness and the rules that act at submission as well.

    A call without dates (told from a source) never opens: NotPossible. Who helps the lead (partners, a support
    operator) is waited for with the full file, not with a note.
    """
    call = row.call
    if call.opens_at is None:
        raise NotPossible(Action.APPLICATION_EDIT, (Reason("call_dated"),))
    full = whole and row.stage != FileStage.NOTE
    missing: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    if whole:
        lacks = completeness.missing(taken.statuses_of(row))
        missing = tuple(f"{section}.{problem.field}" for section, problem in lacks)
        seen = replace(taken.facts_of(session, row, now), signed=True)  # the lead who submits signs by submitting
        refused = eligibility.blocking(eligibility.evaluate(taken.rules_of(row), Stage.SUBMISSION, seen))
        blocking = tuple(verdict.rule.key for verdict in refused if verdict.rule.key not in GUARDED)
    return ApplicationFacts(
        now=now,
        opens_at=call.opens_at,
        closes_at=row.closes_at,
        call_closed=call.state == CallState.CLOSED,
        own_deadline_at=row.own_deadline_at,
        grace_seconds=call.grace_seconds,
        submitted_before=row.deposited,
        late_attempt_at=row.late_attempt_at,
        missing=missing,
        blocking_rules=blocking,
        attestations_missing=unattested(session, row) if full and call.attestations_required else (),
        operator_missing=full and call.operator_required and not operator_signed(session, row),
        waiver_pending=waiver_pending(session, row.id),
        reason_given=bool(reason.strip()),
    )


def change(  # noqa: PLR0913 -- everything that a change is asked
    session: Session,
    *,
    actor: Actor,
    action: Action,
    public_id: str,
    section: str | None = None,
    note: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Application:
    """Open a file for a change of one of its sections, or of all: found, allowed, possible now, traced.

    Raises NotFound, NotAllowed, Conflict, NotPossible (also for a section that a return did not open again).
    """
    row = one_for(session, actor, Application, public_id)
    now = lifecycle.moment(session)
    words = {**({"section": section} if section else {}), **(note or {})}
    lifecycle.perform(
        session, actor=actor, action=action, row=row, facts=facts(session, row, now), version=version, note=words
    )
    if section is not None and not reopened(row, section):
        raise NotPossible(action, (Reason("section_reopened", {"section": section}),))
    row.edited_at = now
    settle_later(session, row)
    return row


def settle_later(session: Session, row: Application) -> None:
    """Have what partners attested looked at again when this transaction is done with the file."""
    before_commit(session, f"attestations:{row.id}", partial(_settle, row.id))


def _settle(application_id: int, session: Session) -> None:
    """What partners attested and has changed is to be attested again."""
    asking.settle(session, application_id)


def section_of_kind(row: Application, kind: str) -> str:
    """The key of the section of this kind in the form of the file's call."""
    return next(section.key for section in form_of(row).sections if section.kind == kind)
