"""Completeness of a draft: what each section still lacks, computed here and shown at every level.

A draft never refuses anything: whatever is typed is kept, and what will block the deposit is said beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from enum import StrEnum

from grants.domain.answering import Problem, field_problem, required_fields
from grants.domain.budget import Bounds, Totals, problems
from grants.domain.calendar import DayError, parse_day
from grants.domain.conditions import Answers, filled, text_of
from grants.domain.default_form import REQUIRED_DOCUMENTS
from grants.domain.forms import Form, Section, SectionKind
from grants.domain.period import Window, duration_problems, window_problems
from grants.errors import Reason

_BUDGET_BLOCKS = frozenset({"no_expense", "nothing_requested", "unbalanced", "in_kind_unbalanced", "proof_required"})


class SectionState(StrEnum):
    """À faire, En cours, À corriger, Terminé, Facultatif."""

    TODO = "todo"
    DOING = "doing"
    FIX = "fix"
    DONE = "done"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Requirements:
    """What the call asks of a file. `bounds_block`: amounts and rates out of bounds keep it from being deposited."""

    min_actor_kinds: int = 2
    min_territories_here: int = 1
    min_territories_there: int = 0
    documents: tuple[str, ...] = REQUIRED_DOCUMENTS
    bounds: Bounds = default(default_factory=Bounds)
    bounds_block: bool = False
    window: Window = default(default_factory=Window)


@dataclass(frozen=True)
class Extras:
    """The special parts of a file: actor kinds (one a partner), territories, budget (None: not begun), documents."""

    lead_kind: str = ""
    partners: tuple[str, ...] = ()
    territories_here: int = 0
    territories_there: int = 0
    budget: Totals | None = None
    documents: frozenset[str] = frozenset()
    requirements: Requirements = default(default_factory=Requirements)


@dataclass(frozen=True)
class SectionStatus:
    """Where a section stands: `done` of `total` things asked for, and its problems in the order of the page."""

    key: str
    state: SectionState
    done: int
    total: int
    problems: tuple[Problem, ...] = ()


def other_actor_kinds(lead_kind: str, partners: Iterable[str]) -> int:
    """How many kinds of actor the partners bring beside the lead's own."""
    return len({kind for kind in partners if kind} - {lead_kind})


def completeness(form: Form, answers: Answers, extras: Extras) -> tuple[SectionStatus, ...]:
    """The status of every section that is asked (`Form.asked`), in order. Never raises, whatever was typed."""
    return tuple(_JUDGES[section.kind](section, answers, extras) for section in form.asked(answers))


def percent(statuses: Iterable[SectionStatus]) -> int:
    """Share of the things asked for that are there, rounded down: 100 only where nothing is missing."""
    known = tuple(statuses)
    total = sum(status.total for status in known)
    return 100 * sum(status.done for status in known) // total if total else 100


def missing(statuses: Iterable[SectionStatus]) -> tuple[tuple[str, Problem], ...]:
    """Every problem that keeps the file from being deposited, with the key of its section. Empty: it is complete."""
    return tuple((status.key, problem) for status in statuses for problem in status.problems if problem.blocking)


def _judge_fields(section: Section, answers: Answers, extras: Extras) -> SectionStatus:
    asked = [one for one in section.fields if one.asked(answers)]
    found = tuple(p for one in asked if (p := field_problem(one, answers.get(one.key, ""))))
    found += _period_problems(section, answers, extras.requirements.window)
    bad = {problem.field for problem in found}
    required = required_fields(section.fields, answers)
    started = any(filled(answers.get(one.key)) for one in asked)
    done = sum(one.key not in bad for one in required)
    return _status(section, found, done, len(required), started=started)


def _period_problems(section: Section, answers: Answers, window: Window) -> tuple[Problem, ...]:
    """Both days of the project against the window, once both can be read."""
    keys = {asked.key for asked in section.fields}
    starts_on, ends_on = _day(text_of(answers.get("starts_on"))), _day(text_of(answers.get("ends_on")))
    if not {"starts_on", "ends_on"} <= keys or starts_on is None or ends_on is None:
        return ()
    found = window_problems(starts_on, ends_on, window) + duration_problems(starts_on, ends_on, window)
    return tuple(
        Problem(reason.code, "starts_on" if reason.code == "starts_too_early" else "ends_on", reason.params)
        for reason in found
    )


def _judge_partners(section: Section, _answers: Answers, extras: Extras) -> SectionStatus:
    asked = extras.requirements.min_actor_kinds
    there = other_actor_kinds(extras.lead_kind, extras.partners)
    found = () if there >= asked else (Problem("too_few_actor_kinds", section.key, {"there": there, "asked": asked}),)
    return _status(section, found, min(there, asked), asked, started=bool(extras.partners))


def _judge_territories(section: Section, _answers: Answers, extras: Extras) -> SectionStatus:
    asked = extras.requirements
    counts = (
        ("too_few_territories_here", extras.territories_here, asked.min_territories_here),
        ("too_few_territories_there", extras.territories_there, asked.min_territories_there),
    )
    found = tuple(Problem(code, section.key, {"there": n, "asked": least}) for code, n, least in counts if n < least)
    started = extras.territories_here + extras.territories_there > 0
    done = sum(min(n, least) for _, n, least in counts)
    return _status(section, found, done, sum(least for *_, least in counts), started=started)


def _judge_budget(section: Section, _answers: Answers, extras: Extras) -> SectionStatus:
    if extras.budget is None:
        return _status(section, (Problem("missing", section.key),), 0, 1, started=False)
    found = tuple(
        _budget_problem(section, reason, extras) for reason in problems(extras.budget, extras.requirements.bounds)
    )
    return _status(section, found, int(not any(problem.blocking for problem in found)), 1, started=True)


def _budget_problem(section: Section, reason: Reason, extras: Extras) -> Problem:
    blocking = reason.code in _BUDGET_BLOCKS or extras.requirements.bounds_block
    return Problem(reason.code, section.key, reason.params, blocking=blocking)


def _judge_documents(section: Section, _answers: Answers, extras: Extras) -> SectionStatus:
    asked = extras.requirements.documents
    found = tuple(Problem("missing_document", kind) for kind in asked if kind not in extras.documents)
    return _status(section, found, len(asked) - len(found), len(asked), started=bool(extras.documents))


_LACKS = frozenset({"missing", "missing_document", "too_few_actor_kinds"}) | {
    "too_few_territories_here",
    "too_few_territories_there",
}
_JUDGES: Mapping[SectionKind, Callable[[Section, Answers, Extras], SectionStatus]] = {
    SectionKind.FIELDS: _judge_fields,
    SectionKind.PARTNERS: _judge_partners,
    SectionKind.TERRITORIES: _judge_territories,
    SectionKind.BUDGET: _judge_budget,
    SectionKind.DOCUMENTS: _judge_documents,
}


def _status(section: Section, found: tuple[Problem, ...], done: int, total: int, *, started: bool) -> SectionStatus:
    """The state follows from what blocks: something wrong is to mend, something missing is to do or being done."""
    blocking = [problem for problem in found if problem.blocking]
    if any(problem.code not in _LACKS for problem in blocking):
        state = SectionState.FIX
    elif blocking:
        state = SectionState.DOING if started else SectionState.TODO
    else:
        state = SectionState.DONE if total or started else SectionState.OPTIONAL
    return SectionStatus(section.key, state, done, total, found)


def _day(answer: str) -> date | None:
    try:
        return parse_day(answer)
    except DayError:
        return None
