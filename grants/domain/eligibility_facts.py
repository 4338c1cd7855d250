"""What the rules of a call look at: the facts of a file at one instant, and their plain spelling in a trace."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TypeAlias, cast

from grants.domain.budget import NO_BUDGET, Bounds, Totals
from grants.domain.conditions import Answer, Answers
from grants.domain.period import Window

NO_ANSWERS: Answers = MappingProxyType({})


@dataclass(frozen=True)
class Facts:
    """What the rules look at. Moments are aware UTC; None: not known, or not asked by the call.

    `files_of_lead`: deposited files of the same lead in this call, this one included. `judged_on`: the day of the
    deadline in the call's zone, on which ages and standings are told. `partner_kinds`: one kind a partner.
    `territories`: codes of the territories there, `expense_keys`: accounts with an amount, `expired_documents`: kinds
    of documents whose paper is out of date on `judged_on`; `reports_overdue`: of earlier projects of the lead;
    `invited`: by the programme, to this call.
    """

    received_at: datetime | None = None
    closes_at: datetime | None = None
    grace_seconds: int = 0
    complete: bool = False
    signed: bool = False
    member_in_good_standing: bool | None = None
    totals: Totals = NO_BUDGET
    bounds: Bounds = field(default_factory=Bounds)
    starts_on: date | None = None
    ends_on: date | None = None
    window: Window = field(default_factory=Window)
    other_actor_kinds: int = 0
    min_actor_kinds: int = 2
    territories_here: int = 0
    files_of_lead: int = 1
    judged_on: date | None = None
    lead_kind: str = ""
    legal_form: str = ""
    country: str = ""
    founded_on: date | None = None
    partner_kinds: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    expense_keys: tuple[str, ...] = ()
    expired_documents: tuple[str, ...] = ()
    reports_overdue: int | None = None
    invited: bool | None = None
    operator_signed: bool | None = None
    partners_attested: bool | None = None
    answers: Answers = field(default_factory=lambda: NO_ANSWERS)


Data: TypeAlias = dict[str, object]


def facts_data(facts: Facts, names: Iterable[str], fields: Iterable[str] = ()) -> Data:
    """Some of the facts as plain values with one spelling; of the answers, those of `fields`."""
    data: Data = {name: _SPELLED[name][0](getattr(facts, name)) for name in sorted(names)}
    if there := {key: _rows(facts.answers[key]) for key in sorted(fields) if key in facts.answers}:
        data["answers"] = there
    return data


def read_facts(data: object) -> Facts:
    """The facts of a trace; what it does not hold has its ordinary value. Raises ValueError for what nobody wrote."""
    if not isinstance(data, Mapping):
        message = "facts are an object"
        raise ValueError(message)  # noqa: TRY004 -- a trace is data: its faults are values
    try:
        read = {name: _SPELLED[name][1](value) for name, value in data.items()}
        return replace(Facts(), **read)  # type: ignore[arg-type]  # each is read as its field is
    except (KeyError, TypeError, AttributeError) as error:
        message = f"not the facts of a trace: {error}"
        raise ValueError(message) from error


def _rows(answer: Answer) -> object:
    if isinstance(answer, str):
        return answer
    return [dict(one) if isinstance(one, Mapping) else one for one in answer]


def _same(value: object) -> object:
    return value


def _moment(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else None


def _read_moment(value: object) -> object:
    return None if value is None else datetime.fromisoformat(cast("str", value)).astimezone(UTC)


def _day(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else None


def _read_day(value: object) -> object:
    return None if value is None else date.fromisoformat(cast("str", value))


def _list(value: object) -> object:
    return list(cast("tuple[str, ...]", value))


def _read_list(value: object) -> object:
    return tuple(cast("list[str]", value))


def _record(value: object) -> object:
    return asdict(cast("Totals | Bounds", value))


def _window(value: object) -> object:
    window = cast("Window", value)
    return {**asdict(window), "first_on": _day(window.first_on), "last_on": _day(window.last_on)}


def _read_totals(value: object) -> object:
    return replace(NO_BUDGET, **cast("dict[str, int]", value))


def _read_bounds(value: object) -> object:
    return replace(Bounds(), **cast("dict[str, bool]", value))


def _read_window(value: object) -> object:
    data = cast("dict[str, object]", value)
    days = {name: _read_day(data[name]) for name in ("first_on", "last_on")}
    return replace(Window(), **cast("dict[str, None]", {**data, **days}))


def _read_answers(value: object) -> object:
    return dict(cast("dict[str, Answer]", value))


Spelling: TypeAlias = tuple[Callable[[object], object], Callable[[object], object]]
_MOMENT, _DAY, _PLAIN, _LIST = (_moment, _read_moment), (_day, _read_day), (_same, _same), (_list, _read_list)
_SPELLED: Mapping[str, Spelling] = {
    **dict.fromkeys(("received_at", "closes_at"), _MOMENT),
    **dict.fromkeys(("starts_on", "ends_on", "judged_on", "founded_on"), _DAY),
    **dict.fromkeys(("grace_seconds", "complete", "signed", "member_in_good_standing", "other_actor_kinds"), _PLAIN),
    **dict.fromkeys(("min_actor_kinds", "territories_here", "files_of_lead", "lead_kind", "legal_form"), _PLAIN),
    **dict.fromkeys(("country", "reports_overdue", "invited", "operator_signed", "partners_attested"), _PLAIN),
    **dict.fromkeys(("partner_kinds", "territories", "expense_keys", "expired_documents"), _LIST),
    "totals": (_record, _read_totals),
    "bounds": (_record, _read_bounds),
    "window": (_window, _read_window),
    "answers": (_same, _read_answers),
}
