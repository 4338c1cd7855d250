"""What a call wants of the set of files, in words: its objective, its bounds, and bounds as they are typed."""

from grants.domain.places import PLACES, label_of
from grants.domain.portfolio_problem import Objective
from grants.domain.scenario_rules import WHOLE_BP
from grants.domain.selection_rules import ACTOR, EACH_ORGANISATION, ORGANISATION, TERRITORY, THEME, joined, plain, split
from grants.models import Call
from grants.web.kit.countries import name_of
from grants.web.kit.labels import ACTOR_KINDS
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.typography import percent

OBJECTIVES = {
    "sum": _l("la plus grande somme des notes"),
    "sum_by_amount": _l("la plus grande somme des notes, chacune multipliée par son montant"),
    "best_rank_first": _l("le mieux classé d’abord, puis le suivant, tant que les règles le permettent"),
}
BOUND_KINDS = {
    TERRITORY: _l("Territoire"),
    THEME: _l("Thème"),
    ACTOR: _l("Nature d’acteur"),
    ORGANISATION: _l("Chaque organisation"),
}


def words_of_tag(tag: str) -> str:
    """The alternatives of a tag for people: codes of places, countries and kinds of actors by their names."""
    kind, words = split(tag)
    return ", ".join(_word(kind, word) for word in words) if tag != EACH_ORGANISATION else ""


def _word(kind: str, word: str) -> str:
    if kind == ACTOR:
        return str(ACTOR_KINDS.get(word, word))
    if kind == TERRITORY and word in PLACES:
        return label_of(word) or word
    return name_of(word, current_language()) if kind == TERRITORY and len(word) == 2 and word.isupper() else word  # noqa: PLR2004


def tag_of(kind: str, typed: str) -> str:
    """The tag of what was typed: kinds of actors are known by their words in the reader's language or by their codes."""
    if kind != ACTOR:
        return joined(kind, typed)
    codes = {plain(str(words)): code for code, words in ACTOR_KINDS.items()}
    # a name may hold a comma itself: « Association, ONG »
    for words, code in sorted(codes.items(), key=lambda pair: -len(pair[0])):
        if "," in words and words in plain(typed):
            at = plain(typed).index(words)
            typed = f"{typed[:at]}{code}{typed[at + len(words) :]}"
    _kind, found = split(f"{kind}:{typed}")
    return joined(kind, ",".join(codes.get(plain(word), word) for word in found))


def bound_subject(tag: str) -> str:
    """Which files a bound counts."""
    kind, _words = split(tag)
    if tag == EACH_ORGANISATION:
        return _("de la même organisation")
    names = {
        TERRITORY: _("sur le territoire « %(words)s »", words=words_of_tag(tag)),
        THEME: _("sur le thème « %(words)s »", words=words_of_tag(tag)),
        ACTOR: _("avec la nature d’acteur « %(words)s »", words=words_of_tag(tag)),
    }
    return names.get(kind, words_of_tag(tag))


def bound_words(tag: str, least: int | None, most: int | None) -> str:
    """A bound in one sentence, without its full stop."""
    subject = bound_subject(tag)
    parts = []
    if least:
        parts.append(ngettext("au moins %(num)s dossier", "au moins %(num)s dossiers", least))
    if most is not None:
        parts.append(ngettext("au plus %(num)s dossier", "au plus %(num)s dossiers", most))
    return _("%(limits)s %(subject)s", limits=_(" et ").join(parts), subject=subject) if parts else subject


def capital(words: str) -> str:
    """A sentence begins with a capital; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def wanted_words(call: Call) -> list[str]:
    """What a call wants of the set of files, in sentences; empty where it says nothing but the ordinary."""
    said = [
        *(
            _("%(words)s.", words=capital(bound_words(row["tag"], row.get("min"), row.get("max"))))
            for row in call.bounds
        ),
    ]
    if call.min_award_bp < WHOLE_BP:
        share = percent(call.min_award_bp)
        said.insert(
            0, _("Une subvention peut être inférieure à la demande, sans descendre sous %(share)s.", share=share)
        )
    if said or call.objective != str(Objective.SUM):
        said.insert(0, _("But : %(words)s.", words=OBJECTIVES[call.objective]))
    return said
