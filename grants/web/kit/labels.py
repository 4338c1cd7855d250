"""The words of states, actions, roles and reasons. Words never decide anything: codes do, and come here to be read.

French is the source language; every sentence goes through the catalogue when it is shown.
"""

from datetime import date, datetime

from grants.delivery import typography
from grants.errors import Reason
from grants.models import Application
from grants.web.kit.counts import counted
from grants.web.kit.language import current_language, gettext
from grants.web.kit.words.acts import ACTS, RULES
from grants.web.kit.words.refusals_of_calls import CALLS
from grants.web.kit.words.refusals_of_files import FILES
from grants.web.kit.words.refusals_of_projects import PROJECTS
from grants.web.kit.words.refusals_of_selection import SELECTION
from grants.web.kit.words.states import ACTOR_KINDS, PARTS, REASON_CODES, ROLES, STATES, VAT_REGIMES, Tone

# reasons whose bare figures are amounts

# what a guard, a rule or a typed value says when it refuses
SENTENCES = {**CALLS, **FILES, **SELECTION, **PROJECTS}
MONEY_CODES = frozenset({"above_ceiling", "below_floor", "unbalanced", "in_kind_unbalanced"}) | {
    *("total_below_floor", "total_above_ceiling", "resources_unknown", "resources_above"),
}


def label_of_state(kind: str, state: object) -> Tone:
    """(words, tone, glyph) of a state of one kind of object. Raises KeyError for a state that nobody named."""
    return STATES[kind][str(state)]


def label_of_role(role: object) -> str:
    """The words of a role."""
    return str(ROLES[str(role)])


def label_of_actor_kind(kind: str) -> str:
    """The words of a kind of actor; the code itself when an import brought an unknown one."""
    return str(ACTOR_KINDS.get(kind, kind))


def label_of_act(action: str) -> str:
    """The words of something that was done; the code where nobody needs words."""
    return str(ACTS.get(action, action))


def label_of_rule(key: str) -> str:
    """The words of a rule of a call."""
    return str(RULES.get(key, key))


def label_of_reason(code: str) -> str:
    """The words of a coded motive of a decision."""
    return str(REASON_CODES.get(code, code))


def named(name: object, words: object) -> str:
    """A name and what is said of it, with the colon of the reader’s language: `Titre : réponse manquante`."""
    return str(gettext("%(name)s : %(words)s", name=name, words=words))


def places_of(application: Application) -> str:
    """The territories of a file in one line."""
    return ", ".join(gettext(one.label) for one in application.territories)


def sentence(reason: Reason) -> str:
    """A reason in words, its figures written as the reader writes them."""
    known = SENTENCES.get(reason.code)
    if (told := counted(reason.code, reason.params)) is not None:
        return str(told)
    if known is None:
        return str(gettext("Ce n’est pas possible (%(code)s).", code=reason.code))
    in_cents = reason.code in MONEY_CODES
    words = {name: _word(name, value, in_cents=in_cents) for name, value in reason.params.items()}
    found: str = str(known) % _Words(words)
    return found


class _Words(dict[str, str]):
    """A figure that a reason does not carry is shown as unknown rather than breaking the page."""

    def __missing__(self, name: str) -> str:
        return "–"


def _word(name: str, value: object, *, in_cents: bool) -> str:
    language = current_language()
    match value:
        case datetime():
            words = typography.moment(value, language=language)
        case date():
            words = typography.day(value, language=language)
        case str() if name.endswith("_on") and value:
            words = typography.day(date.fromisoformat(value), language=language)
        case int():
            words = _figure(name, value, language, in_cents=in_cents)
        case str() if name == "kind":
            words = label_of_actor_kind(value)
        case tuple() | list():
            words = ", ".join(str(item) for item in value)
        case _:
            known = (states[str(value)][0] for states in STATES.values() if name == "state" and str(value) in states)
            words = str(next(known, value))
    return words


def _figure(name: str, value: int, language: str, *, in_cents: bool) -> str:
    if name.endswith("_bp"):
        return typography.percent(value, language=language)
    if name == "bytes":
        return typography.file_size(value, language=language)
    if in_cents or name.endswith("_cents"):
        return typography.euros(abs(value), language=language)
    return str(value)


__all__ = [
    "ACTOR_KINDS",
    "ACTS",
    "PARTS",
    "REASON_CODES",
    "ROLES",
    "RULES",
    "SENTENCES",
    "STATES",
    "VAT_REGIMES",
    "Tone",
    "label_of_act",
    "label_of_actor_kind",
    "label_of_reason",
    "label_of_role",
    "label_of_rule",
    "label_of_state",
    "named",
    "places_of",
    "sentence",
]
