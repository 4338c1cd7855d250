"""Writing a call: begun, saved as a whole document, discarded; or told from a source."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain import terms as document
from grants.domain.text import clean_line
from grants.errors import Conflict, Invalid, NotFound, Reason
from grants.models import Call, CallVersion, Programme
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.terms import draft_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.call.terms import PLAIN, document_of, lay, readable
from grants.workflow.actions import Action
from grants.workflow.call import CallState
from grants.workflow.facts import CallFacts

# what the funder sets beside the terms; the rest of the columns is kept by the system
IDENTITY = ("slug", "phase_id")
SETTABLE = frozenset(
    {*IDENTITY, *PLAIN, *document.TEXTS, *document.MOMENTS, *document.DAYS, *document.WHOLES, *document.FLAGS}
)


def draft(
    *,
    actor: Actor,
    programme: str,
    values: Mapping[str, Any],
    criteria: Iterable[Mapping[str, Any]] = (),
    envelope_cents: int = 0,
    parts: Mapping[str, Any] | None = None,
) -> Call:
    """Write a new call of a programme (public id). `values`: columns of Call; moments aware, cents, basis points.

    `criteria`: {"key", "name", "question", "weight", "minimum_half_points", "anchors"} in their order; `parts`: the
    other parts of the document (`domain.terms`). Raises NotFound, NotAllowed, Invalid.
    """
    with transaction() as session:
        row = _new(session, actor, programme, values, imported=False)
        session.flush()
        written = document_of(values, criteria=list(criteria), envelope_cents=envelope_cents, parts=parts or {})
        lay(row, readable(written))
        now = lifecycle.moment(session)
        session.add(CallVersion(call=row, rank=1, draft=written, begun_at=now, edited_at=now, edited_by_id=actor.id))
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row)
    return row


def save(*, actor: Actor, call: str, document: Mapping[str, Any], version: int | None = None) -> CallVersion:
    """Replace the draft of a call's terms. `version`: that of the draft the author started from.

    Nothing is in force before it is published; a call that never was shows its draft to its programme. Raises
    NotFound (also where no draft was begun), NotAllowed, Conflict, Invalid with every fault by its place.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_DRAFT, subject_of(row, session))
        written = draft_of(session, row)
        if written is None:
            raise NotFound(call)
        if version is not None and version != written.version:
            raise Conflict("version")
        read = readable(dict(document))
        written.draft = dict(read.data)
        written.edited_at, written.edited_by_id = lifecycle.moment(session), actor.id
        if row.state == CallState.DRAFT:
            lay(row, read)
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row, note={"rank": written.rank})
    return written


def discard(*, actor: Actor, call: str) -> None:
    """Give up the amendment that was being written. Raises NotFound, NotAllowed; the first version stays a draft."""
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_DRAFT, subject_of(row, session))
        written = draft_of(session, row)
        if written is None or row.state == CallState.DRAFT:
            raise NotFound(call)
        session.delete(written)
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row, note={"discarded": written.rank})


def import_call(*, actor: Actor, programme: str, values: Mapping[str, Any]) -> Call:
    """Tell a round that was run elsewhere, from its source: no rubric, no envelope, and only the dates that are known.

    Raises NotFound, NotAllowed, Invalid, NotPossible (no source given).
    """
    with transaction() as session:
        row = _new(session, actor, programme, values, imported=True)
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        facts = CallFacts(source_cited=bool(row.source.strip()))
        lifecycle.perform(session, actor=actor, action=Action.CALL_IMPORT, row=row, facts=facts)
    return row


def _new(session: Session, actor: Actor, programme: str, values: Mapping[str, Any], *, imported: bool) -> Call:
    if strange := values.keys() - SETTABLE:
        raise Invalid(dict.fromkeys(sorted(strange), Reason("unknown_field")))
    owner = one_for(session, actor, Programme, programme)
    if session.scalar(select(Call.id).where(Call.slug == values.get("slug"))) is not None:
        raise Invalid({"slug": Reason("taken")})
    row = Call(programme_id=owner.id, imported=imported, **{name: values[name] for name in IDENTITY if name in values})
    row.title, row.edition = clean_line(values["title"], 200), str(values.get("edition", ""))
    session.add(row)
    return row
