"""The rules of a call in words: their name, what they ask and why, the questions of the self-test.

The call's own words come first, translated where its author gave them; the ordinary words of a built-in test fill in.
"""

from collections.abc import Callable

from grants.delivery import typography
from grants.domain.eligibility import Rule
from grants.domain.eligibility_facts import Facts
from grants.domain.self_test import Question
from grants.domain.terms import Terms
from grants.web.kit.countries import name_of as country
from grants.web.kit.labels import label_of_actor_kind, label_of_rule
from grants.web.kit.language import current_language, gettext, ngettext
from grants.web.kit.language import lazy_gettext as _l

Told = Callable[[Rule, Facts], str]

QUESTIONS = {
    "member": (_l("Votre organisation est-elle membre du réseau, à jour de son adhésion ?"), ""),
    "invited": (_l("Votre organisation est-elle invitée par le programme à cet appel ?"), ""),
    "lead_kind": (_l("De quelle nature est votre organisation ?"), ""),
    "legal_form": (_l("Quelle est la forme juridique de votre organisation ?"), ""),
    "country": (_l("Dans quel pays votre organisation est-elle enregistrée ?"), ""),
    "founded_on": (
        _l("Depuis quand votre organisation existe-t-elle ?"),
        _l("La date de sa déclaration ou de son enregistrement, par exemple 12/03/2015."),
    ),
    "resources": (_l("Quelles sont les ressources annuelles de votre organisation ?"), _l("En euros, l’an passé.")),
    "obligations": (
        _l("Les rapports de vos projets précédents avec ce programme sont-ils rendus ?"),
        _l("Répondez oui si vous n’en aviez pas à rendre."),
    ),
    "kinds": (
        _l("De quelle nature sont vos partenaires ?"),
        _l("Cochez chaque nature d’acteur qui prend part au projet, en plus de votre organisation."),
    ),
    "here": (_l("Le projet agit-il dans un territoire en France ?"), ""),
    "there": (_l("Dans quel pays le projet agit-il à l’étranger ?"), ""),
    "starts_on": (_l("Quand le projet commence-t-il ?"), _l("Par exemple : 12/03/2027.")),
    "ends_on": (_l("Quand le projet se termine-t-il ?"), _l("Dernier jour du projet.")),
    "total": (_l("Quel est le budget total du projet ?"), _l("Les dépenses en argent, en euros.")),
    "requested": (_l("Quelle subvention demandez-vous ?"), _l("En euros.")),
}


def _(words: str, **values: object) -> str:
    return str(gettext(words, **values))


def told(text: str, terms: Terms | None) -> str:
    """The call's own words in the reader's language, where its author gave them."""
    return (terms.translated(text, current_language()) if terms is not None else None) or text


def name_of(rule: Rule, terms: Terms | None = None) -> str:
    """A few words for a rule."""
    return told(rule.title, terms) if rule.title else _(label_of_rule(rule.test or rule.key))


def text_of(rule: Rule, facts: Facts, terms: Terms | None = None) -> str:
    """What the rule asks, in a sentence. `facts`: what the call says (bounds, window) and the file adds."""
    if rule.text:
        return told(rule.text, terms)
    known = TEXTS.get(rule.test)
    return known(rule, facts) if known else ""


def question_of(question: Question, terms: Terms | None = None) -> tuple[str, str]:
    """A question of the self-test and its hint."""
    if question.text:
        return told(question.text, terms), told(question.hint, terms)
    text, hint = QUESTIONS[question.key]
    return _(str(text)), _(str(hint)) if hint else ""


def _euros(cents: int | None) -> str:
    return typography.euros(cents, language=current_language()) if cents is not None else "–"


def _percent(rate_bp: int | None) -> str:
    return typography.percent(rate_bp, language=current_language()) if rate_bp is not None else "–"


def _amounts(_rule: Rule, facts: Facts) -> str:
    return _between(facts.bounds.min_cents, facts.bounds.max_cents, _("La subvention demandée"))


def _total(rule: Rule, _facts: Facts) -> str:
    low, high = rule.parameters.get("min_cents"), rule.parameters.get("max_cents")
    low, high = low if isinstance(low, int) else None, high if isinstance(high, int) else None
    return _between(low, high, _("Le budget total du projet"))


def _between(low: int | None, high: int | None, what: str) -> str:
    if low is not None and high is not None:
        return _("%(what)s est de %(low)s à %(high)s.", what=what, low=_euros(low), high=_euros(high))
    if high is not None:
        return _("%(what)s est de %(high)s au plus.", what=what, high=_euros(high))
    return _("%(what)s est de %(low)s au moins.", what=what, low=_euros(low))


def _rates(_rule: Rule, facts: Facts) -> str:
    bounds = facts.bounds
    parts = (
        (bounds.max_rate_bp, _("La subvention couvre %(rate)s des dépenses au plus.")),
        (bounds.max_in_kind_bp, _("Les contributions en nature font %(rate)s du total au plus.")),
        (bounds.min_other_cash_bp, _("D’autres ressources couvrent %(rate)s du budget au moins.")),
    )
    return " ".join(words % {"rate": _percent(rate)} for rate, words in parts if rate is not None)


def _window(_rule: Rule, facts: Facts) -> str:
    first, last = facts.window.first_on, facts.window.last_on
    if first is None or last is None:
        return _("Le projet se termine après avoir commencé.")
    language = current_language()
    return _(
        "Le projet a lieu entre le %(first)s et le %(last)s.",
        first=typography.day(first, language=language),
        last=typography.day(last, language=language),
    )


def _duration(_rule: Rule, facts: Facts) -> str:
    low, high = facts.window.min_months, facts.window.max_months
    if low is not None and high is not None:
        return _("Le projet dure de %(low)s à %(high)s mois.", low=low, high=high)
    if high is not None:
        return _("Le projet dure %(high)s mois au plus.", high=high)
    return _("Le projet dure %(low)s mois au moins.", low=low)


def _kinds(rule: Rule, facts: Facts) -> str:
    asked = rule.parameters.get("least", facts.min_actor_kinds)
    return str(
        ngettext(
            "L’alliance réunit au moins une autre nature d’acteur que celle de la cheffe de file.",
            "L’alliance réunit au moins %(num)s natures d’acteurs, en plus de celle de la cheffe de file.",
            asked if isinstance(asked, int) else 0,
        )
    )


def _listed(rule: Rule, name: str) -> tuple[str, ...]:
    found = rule.parameters.get(name, ())
    return tuple(str(one) for one in found) if isinstance(found, list | tuple) else ()


def _lead_kinds(rule: Rule, _facts: Facts) -> str:
    kinds = ", ".join(_(label_of_actor_kind(kind)) for kind in _listed(rule, "kinds"))
    return _("L’organisation porteuse est de l’une de ces natures : %(kinds)s.", kinds=kinds)


def _forms(rule: Rule, _facts: Facts) -> str:
    return _("L’organisation a l’une de ces formes : %(forms)s.", forms=", ".join(_listed(rule, "forms")))


def _years(rule: Rule, _facts: Facts) -> str:
    years = rule.parameters.get("years", 0)
    return str(
        ngettext(
            "L’organisation existe depuis un an au moins à la date limite.",
            "L’organisation existe depuis %(num)s ans au moins à la date limite.",
            years if isinstance(years, int) else 0,
        )
    )


def _countries(rule: Rule, _facts: Facts) -> str:
    return _places(rule, _("L’organisation est enregistrée"))


def _territories(rule: Rule, _facts: Facts) -> str:
    return _places(rule, _("Le projet agit"))


def _places(rule: Rule, what: str) -> str:
    language = current_language()
    allowed, denied = (
        ", ".join(country(code.split("-", 1)[0], language) for code in _listed(rule, name))
        for name in ("allowed", "denied")
    )
    if allowed:
        return _("%(what)s dans l’un de ces pays : %(names)s.", what=what, names=allowed)
    return _("%(what)s ailleurs que dans ces pays : %(names)s.", what=what, names=denied)


def _resources(rule: Rule, _facts: Facts) -> str:
    limit = rule.parameters.get("max_cents", 0)
    return _(
        "Les ressources annuelles de l’organisation sont de %(limit)s au plus.",
        limit=_euros(limit if isinstance(limit, int) else 0),
    )


def _partners(rule: Rule, _facts: Facts) -> str:
    least, most = rule.parameters.get("least", 0), rule.parameters.get("most")
    if most is None:
        return _("Le projet réunit au moins %(least)s partenaires.", least=least)
    return _("Le projet réunit de %(least)s à %(most)s partenaires.", least=least, most=most)


def _each_kind(rule: Rule, _facts: Facts) -> str:
    counts = rule.parameters.get("counts", {})
    pairs = counts.items() if isinstance(counts, dict) else ()
    parts = ", ".join(f"{_(label_of_actor_kind(kind))} ({count})" for kind, count in pairs)
    return _("Parmi les partenaires, au moins : %(parts)s.", parts=parts)


def _plain(words: object) -> Told:
    return lambda _rule, _facts: _(str(words))


TEXTS: dict[str, Told] = {
    "received_before_deadline": _plain(_l("Le dossier est déposé avant la date limite.")),
    "complete": _plain(_l("Toutes les réponses et les pièces demandées sont dans le dossier.")),
    "signed": _plain(_l("La personne qui représente l’organisation, ou sa délégataire, dépose le dossier.")),
    "member_in_good_standing": _plain(_l("L’organisation est membre du réseau, à jour le jour de la date limite.")),
    "invited": _plain(_l("L’appel est réservé aux organisations que le programme invite.")),
    "obligations_met": _plain(_l("Les rapports des projets précédents de l’organisation sont rendus.")),
    "budget_balanced": _plain(_l("Les dépenses et les ressources sont égales, en argent et en nature.")),
    "territory_in_france": _plain(_l("Le projet agit dans un territoire en France au moins.")),
    "one_file_per_lead": _plain(_l("Une organisation dépose un seul dossier comme cheffe de file.")),
    "documents_in_date": _plain(_l("Les pièces sont encore valables à la date limite.")),
    "partners_attested": _plain(_l("Chaque partenaire a attesté sa part du projet.")),
    "operator_signed": _plain(_l("L’opérateur d’appui a cosigné le dossier.")),
    "no_refused_cost": _plain(_l("Le budget ne comporte que des dépenses que l’appel admet.")),
    "within_grant_bounds": _amounts,
    "within_rate": _rates,
    "total_budget_between": _total,
    "dates_in_window": _window,
    "duration_between": _duration,
    "enough_actor_kinds": _kinds,
    "lead_kind_allowed": _lead_kinds,
    "legal_form_allowed": _forms,
    "old_enough": _years,
    "country_allowed": _countries,
    "territories_allowed": _territories,
    "resources_below": _resources,
    "enough_partners": _partners,
    "enough_of_each_kind": _each_kind,
}
