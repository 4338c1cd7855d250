"""The terms of a call or of a file, read once for each text: a published text never changes, its fingerprint is its name."""

from copy import deepcopy
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session, object_session

from grants.domain.forms import Form
from grants.domain.terms import (
    CRITERION,
    DAYS,
    DEFAULT_TERMS,
    FLAGS,
    MOMENTS,
    TEXTS,
    WHOLES,
    Terms,
    read_terms,
    write_terms,
)
from grants.errors import NotFound
from grants.models import Application, Call, CallVersion, TermsText

MOST_KEPT = 256
_TEXT = select(TermsText.content).where(TermsText.sha256 == bindparam("sha256", type_=String()))
_kept: dict[str, Terms] = {}


def terms_named(session: Session, sha256: str) -> Terms:
    """The terms with this fingerprint; the ordinary ones for an empty name. Raises NotFound for a text nobody stored."""
    if not sha256:
        return DEFAULT_TERMS
    found = _kept.get(sha256)
    if found is None:
        content = session.scalar(_TEXT, {"sha256": sha256})
        if content is None:
            raise NotFound(sha256)
        found, _ = read_terms(content)
        if len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[sha256] = found
    return found


def terms_of(row: Application | Call) -> Terms:
    """The terms that a file is written under, or those in force in a call."""
    session = object_session(row)
    call = row.call if isinstance(row, Application) else row
    name = (row.terms_sha256 if isinstance(row, Application) else "") or call.terms_sha256
    if not name:
        return DEFAULT_TERMS
    assert session is not None
    return terms_named(session, name)


def form_of(row: Application | Call) -> Form:
    """The form that a file answers at its stage, or that files of the call answer now, in all its stages."""
    form = terms_of(row).form
    return form.at(row.stage) if isinstance(row, Application) else form


def document_labels(row: Application | Call) -> dict[str, str]:
    """What the kinds of documents of the call are called, in its own language, in its order."""
    kinds = terms_of(row).documents
    return {kind.key: kind.label for kind in kinds}


def paper_of_kind(row: Application | Call, kind: str) -> str:
    """The paper of the passport that may be reused for documents of this kind; empty for none."""
    kinds = terms_of(row).documents
    return next((one.paper for one in kinds if one.key == kind), "")


def draft_of(session: Session, call: Call) -> CallVersion | None:
    """The version of the call that is being written; None where there is none."""
    return session.scalar(select(CallVersion).where(CallVersion.call_id == call.id, CallVersion.published_at.is_(None)))


def terms_to_come(session: Session, call: Call) -> Terms:
    """The terms in force; of a call that was never published, those that are being written."""
    return terms_of(call) if call.terms_sha256 else read_terms(document_of(session, call, draft_of(session, call)))[0]


def document_of(session: Session, call: Call, draft: CallVersion | None) -> dict[str, Any]:
    """The document of a call as it is being written, else as it is in force; what its columns say where it has none."""
    if draft is not None and draft.draft is not None:
        return deepcopy(draft.draft)
    if call.terms_sha256:
        return deepcopy(dict(terms_named(session, call.terms_sha256).data))  # what is kept never changes
    columns = {name: getattr(call, name) for name in (*TEXTS, *MOMENTS, *DAYS, *WHOLES, *FLAGS)}
    criteria = [{name: getattr(row, name) for name in CRITERION} for row in call.criteria]
    envelope = {"currency": call.envelope.currency, "total_cents": call.envelope.total_cents} if call.envelope else {}
    parts = {name: getattr(call, name) for name in ("tranches", "milestones", "reminders")}
    return write_terms(columns, criteria=criteria, envelope=envelope, **parts)


def versions_of(session: Session, call: Call) -> list[CallVersion]:
    """The published versions of the call, the newest first."""
    rows = select(CallVersion).where(CallVersion.call_id == call.id, CallVersion.published_at.is_not(None))
    return list(session.scalars(rows.order_by(CallVersion.rank.desc())))
