"""Calls carried as one file: taken out of an installation, brought into one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.slugs import slug as address_of
from grants.domain.text import TextError, clean_line
from grants.errors import Invalid, Reason
from grants.exchange.call_pack import CallPack, PackError, read_pack, write_pack
from grants.models import Call, CallVersion, Programme
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.terms import document_of, draft_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.call.terms import lay, readable
from grants.workflow.actions import Action
from grants.workflow.call import CallState


def export(session: Session, *, actor: Actor, call: str) -> bytes:
    """The pack of a call: its terms as they are written (the draft of one that was never published).

    Reads only. Raises NotFound, NotAllowed.
    """
    row = one_for(session, actor, Call, call)
    require(actor, Action.CALL_DRAFT, subject_of(row, session))
    return write_pack(
        CallPack(
            row.title,
            document_of(session, row, draft_of(session, row) if row.state == CallState.DRAFT else None),
            " ".join(row.summary[:400].splitlines()),
        )
    )


def bring(*, actor: Actor, programme: str, content: bytes, edition: str = "", slug: str = "") -> Call:
    """Begin a call of a programme (public id) from the file of a pack; a pack keeps its own dates.

    `edition`, `slug`: where the pack's own are not wanted. Raises NotFound, NotAllowed, Invalid (file and every fault
    of the terms by its place, slug).
    """
    try:
        pack = read_pack(content)
    except PackError as error:
        raise Invalid({"file": Reason(f"pack_{error.code}", {"name": error.name})}) from error
    return _begin(actor, programme, dict(pack.terms), edition=edition, slug=slug)


def _begin(actor: Actor, programme: str, terms: dict[str, Any], *, edition: str, slug: str) -> Call:
    if edition:
        terms["call"] = {**terms.get("call", {}), "edition": edition}
    read = readable(terms)
    values = read.values()
    title = _line("title", str(values.get("title", "")), 200)
    address = address_of(slug or f"{title} {values.get('edition', '')}")
    with transaction() as session:
        owner = one_for(session, actor, Programme, programme)
        if session.scalar(select(Call.id).where(Call.slug == address)) is not None:
            raise Invalid({"slug": Reason("taken")})
        row = Call(programme_id=owner.id, slug=address, title=title, edition=str(values.get("edition", "")))
        session.add(row)
        session.flush()
        lay(row, read)
        now = lifecycle.moment(session)
        session.add(
            CallVersion(call=row, rank=1, draft=dict(read.data), begun_at=now, edited_at=now, edited_by_id=actor.id)
        )
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row)
    return row


def _line(name: str, text: str, limit: int) -> str:
    try:
        return clean_line(text, limit)
    except TextError as error:
        raise Invalid({name: error.as_reason}) from error
