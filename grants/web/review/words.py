"""Facts, measures and rules of an assignment in words. Of a person, others are told what is to be checked, never what is."""

from collections.abc import Mapping

from grants.queries.proposal import Shown
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.language import ngettext

TO_ONESELF = {
    "same_organisation": _l("Vous faites partie de cette organisation."),
    "writes_file": _l("Vous avez accès à la rédaction de ce dossier."),
    "partner_organisation": _l("Votre organisation est partenaire du projet."),
    "cofunder": _l("Un cofinanceur du budget porte le nom de votre organisation."),
    "named_in_file": _l("Votre nom figure dans le dossier."),
    "worked_together": _l("Vos organisations ont déjà mené un projet ensemble."),
    "same_email_domain": _l("Une adresse du dossier a le même domaine que la vôtre."),
}
TO_OTHERS = {
    "same_organisation": _l("rôle dans l’organisation porteuse, d’après le registre"),
    "writes_file": _l("accès à la rédaction du dossier, d’après le registre"),
    "partner_organisation": _l("organisation partenaire de même nom, ou la même d’après le registre"),
    "cofunder": _l("cofinanceur de même nom dans le budget"),
    "named_in_file": _l("nom semblable dans le dossier"),
    "worked_together": _l("projet commun des organisations ces cinq dernières années, d’après le registre"),
    "same_email_domain": _l("même domaine d’adresse électronique"),
}
LANGUAGES = {
    "fr": _l("français"),
    "en": _l("anglais"),
    "es": _l("espagnol"),
    "pt": _l("portugais"),
    "ar": _l("arabe"),
    "de": _l("allemand"),
    "it": _l("italien"),
}
KINDS = {"place": _l("territoire"), "theme": _l("thème"), "language": _l("langue")}


def facts(hints: tuple[str, ...]) -> str:
    """What was found about somebody, for those who follow the register."""
    return ", ".join(str(TO_OTHERS.get(hint, hint)) for hint in hints)


def relaxed(shown: Shown) -> list[str]:
    """The rules to give up, a sentence each."""
    return [_relaxed(shown, *rule.partition(":")[::2]) for rule in shown.report.get("relax", ())]


def _relaxed(shown: Shown, kind: str, what: str) -> str:
    person, _slash, file = what.rpartition("/")
    number = shown.files.get(file if person else what, ("",))[0]
    words: Mapping[str, str] = {
        "reviewers": _(
            "Le dossier %(number)s ne trouve pas assez de lectrices et lecteurs sans lien d’intérêt.", number=number
        ),
        "max": _(
            "Le nombre de dossiers de %(name)s est limité : relevez cette limite.", name=shown.names.get(what, "")
        ),
        "language": _("Trop peu de membres lisent la langue du dossier %(number)s.", number=number),
        "anchor": _("Le dossier %(number)s ne peut pas être lu par tout le monde.", number=number),
        "fixed": _(
            "%(name)s ne peut pas garder le dossier %(number)s.", name=shown.names.get(person, ""), number=number
        ),
    }
    return words.get(kind, kind)


def worse(measures: Mapping[str, int]) -> str:
    """What is lost by keeping somebody, in one line."""
    words = {
        "load_gap": lambda n: ngettext("%(num)s dossier d’écart de plus", "%(num)s dossiers d’écart de plus", n),
        "pieces": lambda n: ngettext("%(num)s groupe séparé de plus", "%(num)s groupes séparés de plus", n),
        "repeats": lambda n: ngettext("%(num)s relecture d’une année passée", "%(num)s relectures d’années passées", n),
        "uncovered": lambda n: ngettext("%(num)s besoin non couvert", "%(num)s besoins non couverts", n),
        "matches": lambda n: ngettext(
            "%(num)s compétence en commun de moins", "%(num)s compétences en commun de moins", n
        ),
        "meetings": lambda n: ngettext("%(num)s rencontre répétée de plus", "%(num)s rencontres répétées de plus", n),
    }
    said = [words[name](value) for name, value in measures.items() if name in words]
    return ", ".join(said) or _("des charges moins égales")


def summary(shown: Shown) -> list[str]:
    """Loads, connection, coverage and repeats, a sentence each."""
    measures, pieces = shown.report["measures"], len(shown.report["pieces"])
    gap = measures["load_gap"]
    return [
        _("Tout le monde lit le même nombre de dossiers.")
        if gap == 0
        else ngettext(
            "Les charges diffèrent de %(num)s dossier au plus.",
            "Les charges diffèrent de %(num)s dossiers au plus.",
            gap,
        ),
        _("Les lectures se recoupent toutes : les notes pourront être comparées d’un bout à l’autre.")
        if pieces <= 1
        else ngettext(
            "Les lectures forment %(num)s groupe.",
            "Les lectures forment %(num)s groupes sans lecture commune : leurs notes ne se comparent pas. Un dossier lu par tout le monde les relierait.",
            pieces,
        ),
        ngettext(
            "%(num)s besoin (territoire, thème) n’est connu d’aucune des personnes qui lisent le dossier.",
            "%(num)s besoins (territoires, thèmes) ne sont connus d’aucune des personnes qui lisent le dossier.",
            measures["uncovered"],
        )
        if measures["uncovered"]
        else _("Chaque territoire et chaque thème est connu d’au moins une personne qui lit le dossier."),
        ngettext(
            "%(num)s dossier retrouve une personne qui a déjà lu cette organisation une autre année.",
            "%(num)s lectures retrouvent une organisation déjà lue par la même personne une autre année.",
            measures["repeats"],
        )
        if measures["repeats"]
        else _("Personne ne retrouve une organisation déjà lue lors d’un appel passé."),
    ]
