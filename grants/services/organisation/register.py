"""Entries of the register: one name, one SIRET, one organisation; identity by SIRET, RNA, a court, or a register abroad."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.calendar import parse_day
from grants.domain.countries import CountryError, normalise_country
from grants.domain.identifiers import IdentifierError, normalise_rna, normalise_siret, normalise_vat
from grants.domain.lookalikes import skeleton
from grants.domain.reasons import Unreadable
from grants.domain.registers import normalise_court_entry, normalise_foreign_entry
from grants.domain.text import clean_line, comparison_key
from grants.errors import Invalid, Reason
from grants.models import Appointment, Organisation
from grants.policies import Actor, Role
from grants.queries.organisation import same_name, same_siret
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

# text columns and their limits, in code points
LIMITS = {
    "name": 200,
    "legal_form": 60,
    "actor_kind": 40,
    "registration": 200,
    "court": 80,
    "volume": 20,
    "folio": 20,
    "entered": 40,
    "department": 3,
    "register_name": 120,
    "register_number": 60,
    "website": 200,
    "representative": 120,
    "representative_function": 120,
}
IDENTIFIERS = {"siret": normalise_siret, "rna": normalise_rna}
VAT_REGIMES = ("", "not_liable", "liable", "partial")
COUNTS = ("employees", "volunteers")
MOST_PEOPLE = 10_000_000
MOST_ADDRESS_LINES = 6
ADDRESS_LINE = 120
SIREN_DIGITS = 9
COURT = ("court", "volume", "folio", "entered")
ABROAD = ("register_name", "register_number")
EDITABLE = frozenset(
    {*LIMITS, *IDENTIFIERS, *COUNTS, "country", "founded_on", "vat_regime", "vat_number", "address_lines"}
) - {"actor_kind"}
FOUNDED = EDITABLE | {"actor_kind"}
MOST_FOUNDED = 5
Values = dict[str, Any]


def register(*, actor: Actor, name: str, **fields: Any) -> Organisation:  # noqa: ANN401 -- columns
    """Enter an organisation into the register. `fields`: columns of Organisation. Raises NotAllowed, Invalid."""
    values = _whole(_read({"name": name, **fields}), {})
    with transaction() as session:
        row = _enter(session, values)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_REGISTER, row=row)
    return row


def found(*, actor: Actor, name: str, **fields: Any) -> Organisation:  # noqa: ANN401 -- columns
    """Enter one's own organisation, and lead it. Raises NotAllowed, Invalid (a name or a SIRET in use, too many)."""
    if strange := fields.keys() - FOUNDED:
        raise Invalid(dict.fromkeys(strange, Reason("unknown_field")))
    values = _whole(_read({"name": name, **fields}), {})
    with transaction() as session:
        if len(actor.leads) >= MOST_FOUNDED:
            raise Invalid({"name": Reason("too_many", {"most": MOST_FOUNDED})})
        row = _enter(session, values)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_FOUND, row=row)
        lead = Appointment(
            account_id=actor.id, role=Role.APPLICANT_LEAD, organisation_id=row.id, since_at=row.created_at
        )
        session.add(lead)
        note = {"account": actor.public_id, "role": str(lead.role), "organisation": row.public_id}
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_FOUND, row=lead, note=note)
    return row


def _enter(session: Session, values: Values) -> Organisation:
    _refuse_twin(session, values, None)
    row = Organisation(**values, created_at=lifecycle.moment(session))
    session.add(row)
    session.flush()
    return row


def edit(*, actor: Actor, organisation: str, **fields: Any) -> Organisation:  # noqa: ANN401 -- columns
    """Change one's own entry of the register. The kind of actor is the network's to change. Raises Invalid."""
    if strange := fields.keys() - EDITABLE:
        raise Invalid(dict.fromkeys(strange, Reason("unknown_field")))
    typed = _read(fields)
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        known = {name: getattr(row, name) for name in (*EDITABLE, "actor_kind")}
        values = _whole(typed, known)
        changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_EDIT, row=row, note={"fields": changed})
        _refuse_twin(session, {**known, **values}, row, asked=set(changed))
        for name in changed:
            setattr(row, name, values[name])
    return row


def _refuse_twin(session: Session, values: Values, row: Organisation | None, asked: set[str] | None = None) -> None:
    """One name in a country and one SIRET are one organisation, however they are spelt. Raises Invalid."""
    problems: dict[str, Reason] = {}
    ours = row.id if row is not None else None
    if (asked is None or asked & {"name", "country"}) and same_name(
        session, comparison_key(values["name"]), values.get("country") or "FR", ours
    ):
        problems["name"] = Reason("name_in_use")
    siret = values.get("siret", "")
    if siret and (asked is None or "siret" in asked) and same_siret(session, siret, ours):
        problems["siret"] = Reason("siret_in_use")
    if problems:
        raise Invalid(problems)


def _read(fields: Values) -> Values:
    """Clean what was typed, field by field. Raises Invalid with every problem."""
    problems: dict[str, Reason] = {}
    values = dict(fields)
    for name, value in fields.items():
        try:
            values[name] = _cleaned(name, value)
        except Unreadable as error:
            problems[name] = error.as_reason
    if "name" in values and not values["name"] and "name" not in problems:
        problems["name"] = Reason("empty")
    if problems:
        raise Invalid(problems)
    if "name" in values:
        values |= {"name_key": comparison_key(values["name"])[:400], "skeleton": skeleton(values["name"])[:400]}
    return values


def _cleaned(name: str, value: Any) -> Any:  # noqa: ANN401 -- columns
    if name in LIMITS:
        return clean_line(value, LIMITS[name])
    if name in IDENTIFIERS:
        return IDENTIFIERS[name](value) if value.strip() else ""
    readers: dict[str, Callable[[Any], Any]] = {
        "country": normalise_country,
        "address_lines": _address,
        "vat_regime": _regime,
        "founded_on": _day,
    }
    if name in readers:
        return readers[name](value)
    return _count(value) if name in COUNTS else value


def _address(lines: Any) -> list[str]:  # noqa: ANN401 -- a column
    cleaned = [clean_line(line, ADDRESS_LINE) for line in lines]
    return [line for line in cleaned if line][:MOST_ADDRESS_LINES]


def _regime(value: str) -> str:
    if value not in VAT_REGIMES:
        raise Unreadable("unknown_field")
    return value


def _day(value: date | str | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return parse_day(value) if value.strip() else None


def _count(value: int | str | None) -> int | None:
    if value is None or not str(value).strip():
        return None
    text = "".join(str(value).split())
    if not (text.isascii() and text.isdecimal() and len(text) <= 12) or int(text) > MOST_PEOPLE:  # noqa: PLR2004
        raise Unreadable("not_a_number")
    return int(text)


def _whole(values: Values, known: Values) -> Values:
    """What fields say together, beside what is `known` already. Raises Invalid with every problem."""
    problems: dict[str, Reason] = {}
    seen = {**known, **values}
    for fields, read in (((*COURT, "department"), _court), ((*ABROAD, "country"), _abroad), (("vat_number",), _vat)):
        if not any(name in values for name in fields):
            continue
        try:
            values |= read(seen)
        except IdentifierError as error:
            problems[_blamed(error, fields)] = error.as_reason
        except CountryError as error:
            problems["country"] = error.as_reason
    if problems:
        raise Invalid(problems)
    return values


def _blamed(error: IdentifierError, fields: tuple[str, ...]) -> str:
    """The field under which a problem of several is told."""
    if error.reason == "department":
        return "department"
    missing = {"register": "register_name", "number": "register_number"}
    name = str(error.params.get("missing", fields[0]))
    return missing.get(name, name)


def _court(seen: Values) -> Values:
    texts = {name: seen.get(name) or "" for name in COURT}
    entry = normalise_court_entry(**texts, department=seen.get("department") or "")
    if not entry:
        return {}
    words = f"Registre des associations, {entry.court}, volume {entry.volume}, folio {entry.folio}, {entry.entered}"
    return {"registration": words[: LIMITS["registration"]]}


def _abroad(seen: Values) -> Values:
    register_name, number = (seen.get(name) or "" for name in ABROAD)
    country = seen.get("country") or "FR"
    if (register_name or number) and country == "FR":
        raise IdentifierError("register_abroad", missing="country")
    entry = normalise_foreign_entry(country=country, register=register_name, number=number)
    return {"registration": f"{entry.register}, {entry.number}"[: LIMITS["registration"]]} if entry else {}


def _vat(seen: Values) -> Values:
    typed = (seen.get("vat_number") or "").strip()
    if not typed:
        return {"vat_number": ""}
    if (seen.get("country") or "FR") != "FR":
        return {"vat_number": clean_line(typed, 20)}
    return {"vat_number": normalise_vat(typed, (seen.get("siret") or "")[:SIREN_DIGITS])}


__all__ = ["edit", "found", "register"]
