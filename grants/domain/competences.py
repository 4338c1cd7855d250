"""What reviewers know and what files ask for, as the tags that an assignment is made with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.domain.assignment_task import LANGUAGE
from grants.domain.countries import COUNTRIES
from grants.domain.text import comparison_key

PLACE, THEME = "place:", "theme:"
#: The languages that a member may be said to read, by code.
LANGUAGES = ("fr", "en", "es", "pt", "ar", "de", "it")


@dataclass(frozen=True)
class Knowledge:
    """What a person knows, as typed: codes of languages, names of territories, words of themes."""

    languages: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """What a file asks of its reviewers between them: its language, its places as (code, label), its themes."""

    language: str
    places: tuple[tuple[str, str], ...] = ()
    themes: tuple[str, ...] = ()


def tags_of_people(people: Mapping[str, Knowledge], usual: str) -> dict[str, frozenset[str]]:
    """The tags of each person. Whoever named no language is taken to read `usual`, the language of the call."""
    return {
        person: frozenset(
            (
                *(LANGUAGE + language for language in knows.languages or (usual,)),
                *(PLACE + comparison_key(word) for word in knows.territories),
                *(THEME + comparison_key(word) for word in knows.themes),
            )
        )
        for person, knows in people.items()
    }


def tags_of_file(need: Need, people: Iterable[Knowledge]) -> frozenset[str]:
    """The tags of a file, in the words of those who know about it.

    A place or a theme that nobody knows keeps its own words, so that it is counted as lacking.
    """
    known = list(people)
    places = {comparison_key(word): word for one in known for word in one.territories}
    themes = {comparison_key(word): word for one in known for word in one.themes}
    tags = {LANGUAGE + need.language}
    for code, label in need.places:
        texts = (label, COUNTRIES.get(code[:2], ""))
        tags |= _met(PLACE, places, texts) or {PLACE + comparison_key(label)}
    for theme in need.themes:
        tags |= _met(THEME, themes, (theme,)) or {THEME + comparison_key(theme)}
    return frozenset(tags)


def _met(kind: str, known: Iterable[str], texts: tuple[str, ...]) -> set[str]:
    return {kind + word for word in known if any(_within(word, comparison_key(text)) for text in texts)}


def _within(word: str, text: str) -> bool:
    """The word stands in the text, whole: `eau` is in `accès à l’eau`, not in `bateau`."""
    if not word:
        return False
    return f" {word} " in f" {''.join(sign if sign.isalnum() or sign == '-' else ' ' for sign in text)} "
