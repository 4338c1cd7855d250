"""What the pages of scenarios draw: money by territory, theme and kind of actor, beside what the rules ask."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from grants.domain.selection_rules import ACTOR, TERRITORY, THEME
from grants.queries.scenario import Shown
from grants.web.kit.labels import ACTOR_KINDS
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.scenario.words import subject_of_tag

TITLES = {TERRITORY: _l("Par territoire"), THEME: _l("Par thème"), ACTOR: _l("Par nature d’acteur")}
MOST_BARS = 8


class Bar(NamedTuple):
    """A line: money of the set that goes to files of this kind, and how many they are. `share`: of the envelope."""

    name: str
    cents: int
    files: int
    share: float


class Chart(NamedTuple):
    """One cut of the money. A file with two territories counts in both: the lines may make more than the whole."""

    title: str
    bars: list[Bar]
    left_out: int


class Balance(NamedTuple):
    """A bound: how many files of the set it counts, how many could be, and what it allows."""

    name: str
    files: int
    known: int
    least: int | None
    most: int | None
    cents: int


def charts(shown: Shown) -> list[Chart]:
    """The cuts that tell something: where a kind of trait is known of some file."""
    found = []
    traits: Mapping[str, Mapping[str, list[str]]] = shown.scenario.material.get("traits", {})
    for kind, title in TITLES.items():
        money: dict[str, int] = {}
        count: dict[str, int] = {}
        for one in shown.files.keys() | shown.cents.keys():
            for word in traits.get(one, {}).get(kind, ()):
                money[word] = money.get(word, 0) + shown.cents.get(one, 0)
                count[word] = count.get(word, 0) + (one in shown.cents)
        if len(money) > 1:
            found.append(_chart(str(title), kind, money, count, shown.rules.envelope_cents))
    return found


def _chart(title: str, kind: str, money: Mapping[str, int], count: Mapping[str, int], envelope: int) -> Chart:
    ordered = sorted(money, key=lambda word: (-money[word], word))
    bars = [
        Bar(
            str(ACTOR_KINDS.get(word, word)) if kind == ACTOR else _(word),
            money[word],
            count[word],
            money[word] / envelope if envelope else 0.0,
        )
        for word in ordered[:MOST_BARS]
    ]
    return Chart(title, bars, max(len(ordered) - MOST_BARS, 0))


def balances(shown: Shown) -> list[Balance]:
    """Every bound of the rules beside what the set does."""
    return [
        Balance(
            subject_of_tag(tag),
            len(_carriers(shown, tag, shown.cents)),
            len(_carriers(shown, tag, shown.files)),
            least,
            most,
            sum(shown.cents[one] for one in _carriers(shown, tag, shown.cents)),
        )
        for tag, least, most in shown.rules.bounds
    ]


def _carriers(shown: Shown, tag: str, files: Iterable[str]) -> list[str]:
    return [one for one in files if tag in shown.files.get(one, {"tags": ()})["tags"]]
