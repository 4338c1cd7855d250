"""What a call will do by itself and when: dates, doors that open and close, mails that leave; for those who publish it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from grants.domain.reminders import LADDERS, Kind
from grants.domain.terms import Terms
from grants.queries.deadline import ladders_of
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext


@dataclass(frozen=True)
class Happening:
    """Something that will happen: when (aware), what, whether a mail leaves."""

    at: datetime
    words: str
    mail: bool = False
    passed: bool = False


def happenings(terms: Terms, now: datetime) -> list[Happening]:
    """Everything that the dates of the terms bring, in the order of time; what is past is marked."""
    values = terms.values()
    moments = {name: at for name, at in values.items() if isinstance(at, datetime)}
    found = [*_doors(moments), *_reminders(moments, terms), *_later(moments)]
    told = (Happening(one.at, one.words, one.mail, one.at <= now) for one in found)
    return sorted(told, key=lambda one: one.at)


def _doors(moments: Mapping[str, datetime]) -> Iterator[Happening]:
    words = {
        "opens_at": _("Les dépôts ouvrent : la page publique propose de candidater."),
        "closes_at": _("Les dépôts ferment. Ce qui n’est pas déposé reste un brouillon."),
        "full_closes_at": _("Les dépôts de dossiers complets ferment, pour les notes retenues."),
        "corrections_due_at": _("Fin des corrections demandées aux équipes."),
        "reviews_open_at": _("Le comité peut noter les dossiers qui lui sont attribués."),
        "reviews_close_at": _("Les lectures sont closes : plus de note sans l’accord de l’équipe."),
        "committee_at": _("Séance du comité."),
        "results_public_at": _("Les résultats peuvent être lus par tout le monde."),
    }
    for name, sentence in words.items():
        if name in moments:
            yield Happening(moments[name], sentence)


def _reminders(moments: Mapping[str, datetime], terms: Terms) -> Iterator[Happening]:
    part = terms.part("reminders")
    ladders = ladders_of(part) if isinstance(part, Mapping) else LADDERS
    for name, kind, words in (
        ("closes_at", Kind.SUBMISSION, _("rappel aux équipes dont le dossier n’est pas déposé")),
        ("reviews_close_at", Kind.REVIEW, _("rappel aux membres du comité qui ont des lectures à rendre")),
    ):
        due = moments.get(name)
        for days in ladders[kind].before if due is not None else ():
            assert due is not None
            told = ngettext("%(num)s jour avant : %(words)s.", "%(num)s jours avant : %(words)s.", days, words=words)
            yield Happening(due - timedelta(days=days), told, mail=True)


def _later(moments: Mapping[str, datetime]) -> Iterator[Happening]:
    """What depends on people, told once, at the date from which it is possible."""
    if "committee_at" in moments:
        yield Happening(
            moments["committee_at"] + timedelta(seconds=1),
            _("Après la séance, les lettres de décision partent quand l’équipe les notifie."),
            mail=True,
        )
