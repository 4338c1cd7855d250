"""The lists of a call's terms, judged: envelope, rubric, tranches, steps of projects, reminders, words of letters, plan.

Each reader adds what is wrong to the faults, (where, why), and lets everything else pass: a rubric whose weights do
not make 100 yet is a draft, not a fault.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from grants.domain.form_data import KEY, Faults
from grants.domain.selection_rules import MOST_FILES, sound

MOST_ROWS = 60
MOST_CENTS = 10**12
WHOLE_BP = 10_000
MARKS = 6  # a sentence for each of the marks 0 to 5
LONGEST_KEY = 20
LONGEST = {
    "name": 200,
    "question": 2000,
    "anchor": 500,
    "condition": 60,
    "opening": 4000,
    "closing": 4000,
    "note": 2000,
}
MOST_MONTHS = 120
MOST_DAYS = 400
MOST_HOURS = 1000
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_MONTHS = re.compile(r"[0-9]{1,3}\Z")

#: What a tranche waits for.
CONDITIONS = ("agreement_signed", "interim_report_accepted", "final_report_accepted", "award_released")
#: A prize: paid once the letter has left, without agreement, steps or reports, where every tranche waits for this.
AT_ONCE = "award_released"
#: Letters that a call may open and close with words of its own.
LETTERS = ("awarded", "awarded_with_conditions", "reserve", "deferred", "rejected", "ineligible", "inadmissible")
REMINDED = ("submission", "review", "agreement", "report")
REPORTS = ("interim", "final")
#: What an accompaniment is made of.
MEETINGS = ("session", "visit", "exchange", "training", "event")

Data = Mapping[str, object]
Judge = Callable[[object], bool]


def paid_at_once(tranches: Sequence[Mapping[str, object]]) -> bool:
    """Whether awards are prizes: every tranche is paid once the letter has left."""
    return bool(tranches) and all(one.get("condition") == AT_ONCE for one in tranches)


def judge_parts(whole: Data, faults: Faults) -> None:
    """Judge every list of a document that is no form and no rule."""
    _envelope(whole.get("envelope", {}), faults)
    _rows(whole.get("criteria", []), "criteria", _CRITERION, ("key", "name", "weight"), faults)
    _rows(whole.get("tranches", []), "tranches", _TRANCHE, ("share_bp", "condition"), faults)
    _rows(whole.get("accompaniment", []), "accompaniment", _MEETING, ("name",), faults)
    _rows(whole.get("bounds", []), "bounds", _BOUND, ("tag",), faults)
    _bounds_in_order(whole.get("bounds", []), faults)
    _keys_once(whole.get("criteria", []), "criteria", faults)
    _milestones(whole.get("milestones", {}), faults)
    _reminders(whole.get("reminders", {}), faults)
    _letters(whole.get("letters", {}), faults)


def judge_bounds(call: Data, faults: Faults) -> None:
    """What two values of the call say together; a draft that contradicts itself cannot even be kept."""
    for low, high in (("min_cents", "max_cents"), ("min_months", "max_months")):
        least, most = call.get(low, 0), call.get(high, 0 if low == "min_cents" else MOST_MONTHS)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            faults.add(f"call.{high}", "below_least")
    for first, then in (("opens_at", "closes_at"), ("projects_from_on", "projects_until_on")):
        before, after = _moment(call.get(first)), _moment(call.get(then))
        if before is not None and after is not None and after <= before:
            faults.add(f"call.{then}", "not_after")


def _moment(value: object) -> datetime | None:
    """A moment or the beginning of a day; None for what cannot be read, which is a fault of its own."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found is not None else None


def _whole(least: int, most: int) -> Judge:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _text(limit: int) -> Judge:
    return lambda value: isinstance(value, str) and len(value) <= limit


def _one_of(known: tuple[str, ...]) -> Judge:
    return lambda value: value in known


def _key(value: object) -> bool:
    return isinstance(value, str) and bool(re.match(r"[A-Za-z][A-Za-z0-9_]*\Z", value)) and len(value) <= LONGEST_KEY


def _anchors(value: object) -> bool:
    sentences = _text(LONGEST["anchor"])
    return isinstance(value, list | tuple) and len(value) in (0, MARKS) and all(sentences(one) for one in value)


_CRITERION: Mapping[str, Judge] = {
    "key": _key,
    "name": _text(LONGEST["name"]),
    "question": _text(LONGEST["question"]),
    "weight": _whole(1, 100),
    "minimum_half_points": lambda value: value is None or _whole(0, 10)(value),
    "anchors": _anchors,
    "optional": lambda value: isinstance(value, bool),
}
_TRANCHE: Mapping[str, Judge] = {"share_bp": _whole(1, WHOLE_BP), "condition": _text(LONGEST["condition"])}
_MEETING: Mapping[str, Judge] = {
    "key": lambda value: isinstance(value, str) and bool(KEY.match(value)),
    "name": _text(LONGEST["name"]),
    "kind": _one_of(MEETINGS),
    "month": _whole(0, MOST_MONTHS),
    "hours": _whole(0, MOST_HOURS),
    "note": _text(LONGEST["note"]),
}
_BOUND: Mapping[str, Judge] = {"tag": sound, "min": _whole(0, MOST_FILES), "max": _whole(0, MOST_FILES)}
_STEP: Mapping[str, Judge] = {
    "code": _key,
    "name": _text(LONGEST["name"]),
    "month": _whole(0, MOST_MONTHS),
    "days": _whole(-MOST_DAYS, MOST_DAYS),
    "after_end_days": _whole(0, MOST_DAYS),
    "report": _one_of(("", *REPORTS)),
}


def _envelope(data: object, faults: Faults) -> None:
    known = data if isinstance(data, Mapping) else {}
    currency = known.get("currency", "EUR")
    if not (isinstance(currency, str) and _CURRENCY.match(currency)):
        faults.add("envelope.currency", "not_readable")
    if not _whole(0, MOST_CENTS)(known.get("total_cents", 0)):
        faults.add("envelope.total_cents", "not_readable")
    _unknown(known, {"currency", "total_cents"}, "envelope", faults)


def _unknown(known: Data, names: set[str], where: str, faults: Faults) -> None:
    for name in sorted(str(key) for key in known.keys() - names):
        faults.add(f"{where}.{name}", "unknown_key")


def _rows(data: object, where: str, judges: Mapping[str, Judge], needed: tuple[str, ...], faults: Faults) -> None:
    rows = data if isinstance(data, list | tuple) else ()
    if len(rows) > MOST_ROWS:
        faults.add(where, "too_many")
    for rank, row in enumerate(rows[:MOST_ROWS]):
        place = f"{where}.{rank}"
        if not isinstance(row, Mapping):
            faults.add(place, "not_an_object")
            continue
        _unknown(row, set(judges), place, faults)
        for name, judge in judges.items():
            if name in row and not judge(row[name]):
                faults.add(f"{place}.{name}", "not_readable")
            elif name in needed and row.get(name) in (None, ""):
                faults.add(f"{place}.{name}", "needed")


def _bounds_in_order(data: object, faults: Faults) -> None:
    for rank, row in enumerate(data if isinstance(data, list | tuple) else ()):
        least, most = (row.get("min", 0), row.get("max", MOST_FILES)) if isinstance(row, Mapping) else (0, 0)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            faults.add(f"bounds.{rank}.max", "below_least")


def _keys_once(data: object, where: str, faults: Faults) -> None:
    rows = data if isinstance(data, list | tuple) else ()
    keys = [str(row["key"]) for row in rows if isinstance(row, Mapping) and row.get("key")]
    if len(set(keys)) != len(keys):
        faults.add(where, "twice")


def _milestones(data: object, faults: Faults) -> None:
    for months, steps in data.items() if isinstance(data, Mapping) else ():
        where = f"milestones.{months}"
        if not _MONTHS.match(str(months)) or not 1 <= int(months) <= MOST_MONTHS:
            faults.add(where, "not_a_whole_number")
        _rows(steps, where, _STEP, ("code", "name"), faults)


def _reminders(data: object, faults: Faults) -> None:
    known = data if isinstance(data, Mapping) else {}
    _unknown(known, set(REMINDED), "reminders", faults)
    for name, said in known.items():
        lists = [said.get("before", []), said.get("late", [])] if isinstance(said, Mapping) else [said]
        if not all(_days(one) for one in lists):
            faults.add(f"reminders.{name}", "not_readable")


def _days(value: object) -> bool:
    day = _whole(0, MOST_DAYS)
    return isinstance(value, list | tuple) and all(day(one) for one in value)


def _letters(data: object, faults: Faults) -> None:
    known = data if isinstance(data, Mapping) else {}
    _unknown(known, set(LETTERS), "letters", faults)
    for name in LETTERS:
        words = known.get(name, {})
        if not isinstance(words, Mapping):
            faults.add(f"letters.{name}", "not_an_object")
            continue
        _unknown(words, {"opening", "closing"}, f"letters.{name}", faults)
        for part in ("opening", "closing"):
            if not _text(LONGEST[part])(words.get(part, "")):
                faults.add(f"letters.{name}.{part}", "too_long")
