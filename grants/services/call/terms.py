"""The terms of a call inside a transaction: read from a draft, frozen under their fingerprint, laid on the call's row."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from grants.domain.terms import LISTS, OBJECTS, Terms, read_terms, write_terms
from grants.errors import Invalid, Reason
from grants.models import Call, CallVersion, Criterion, Envelope, TermsText

PLAIN = ("tranches", "milestones", "reminders", "bounds")
CRITERION = ("name", "question", "weight", "minimum_half_points", "anchors", "optional")


def readable(document: object) -> Terms:
    """The terms of a document that has no fault. Raises Invalid with every fault, by its place."""
    terms, faults = read_terms(document)
    if faults:
        raise Invalid({where or "document": Reason(code) for where, code in faults})
    return terms


def freeze(session: Session, version: CallVersion) -> Terms:
    """Keep the draft's text for ever under its fingerprint; the version names it from now on. Raises Invalid."""
    terms = readable(version.draft)
    version.sha256, version.draft = keep(session, terms), None
    return terms


def keep(session: Session, terms: Terms) -> str:
    """Store the text of these terms unless it is there already; its fingerprint."""
    if session.get(TermsText, terms.sha256) is None:
        session.add(TermsText(sha256=terms.sha256, content=dict(terms.data)))
        session.flush()
    return terms.sha256


def lay(call: Call, terms: Terms) -> None:
    """Bring the call's row, its rubric and its envelope to what the terms say; what they do not say has its ordinary value."""
    values = terms.values()
    for name in _columns():
        setattr(call, name, values[name] if name in values else _ordinary(name))
    for name in PLAIN:
        setattr(call, name, terms.part(name))
    _lay_criteria(call, terms.part("criteria"))
    envelope: Any = terms.part("envelope")
    call.envelope = call.envelope or Envelope(total_cents=0)
    call.envelope.currency = str(envelope.get("currency", "EUR"))
    call.envelope.total_cents = int(envelope.get("total_cents", 0))


def as_if(session: Session, call: Call, terms: Terms) -> Call:
    """The call as these terms would make it, for showing: taken out of the session, so that nothing of it is kept."""
    for row in (call, call.envelope, *call.criteria):
        if row is not None and row in session:
            session.expunge(row)
    lay(call, terms)
    return call


def _columns() -> tuple[str, ...]:
    """Columns of a call that its terms set."""
    from grants.domain import terms  # noqa: PLC0415

    names = (*terms.TEXTS, *terms.MOMENTS, *terms.DAYS, *terms.WHOLES, *terms.FLAGS)
    return tuple(name for name in names if name in Call.__table__.c)


def _ordinary(name: str) -> object:
    column = Call.__table__.c[name]
    default = column.default
    if default is not None and default.is_scalar:
        return default.arg
    return None if column.nullable else ""  # a title or an edition that nobody wrote yet


def _lay_criteria(call: Call, lines: Any) -> None:  # noqa: ANN401 -- plain data
    """Criteria are recognised by their key, so that marks already given keep theirs."""
    known = {criterion.key: criterion for criterion in call.criteria}
    laid = []
    for rank, line in enumerate(lines, start=1):
        criterion = known.get(line["key"]) or Criterion(key=line["key"])
        criterion.position = rank
        said = {**_plain_criterion(), **line}
        for name in CRITERION:
            if name in said:  # a draft that is looked at may lack a weight
                setattr(criterion, name, said[name])
        laid.append(criterion)
    call.criteria = laid


def _plain_criterion() -> dict[str, Any]:
    """What a line of the rubric has that does not say it; it must say its name and its weight."""
    return {"question": "", "minimum_half_points": None, "anchors": [], "optional": False}


def document_of(
    values: Mapping[str, Any], *, criteria: list[Mapping[str, Any]], envelope_cents: int, parts: Mapping[str, Any]
) -> dict[str, object]:
    """The document of a call that is given by its columns, as commands and the demonstration do."""
    more = {name: values[name] for name in PLAIN if values.get(name)} | dict(parts)
    strange = more.keys() - {*LISTS, *OBJECTS}
    if strange:
        raise Invalid(dict.fromkeys(sorted(strange), Reason("unknown_field")))
    envelope = {"currency": "EUR", "total_cents": envelope_cents}
    lines = [dict(line) for line in criteria]
    return write_terms(values, criteria=lines, envelope=envelope, **more)
