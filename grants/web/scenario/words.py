"""A scenario in sentences: its rules with what each leaves and would bring, what a file costs, what a trial changed."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from grants.domain.scenario_rules import Rules
from grants.queries.scenario import Shown
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.selection_words import OBJECTIVES, bound_subject, bound_words, capital
from grants.web.kit.typography import decimal, euros, percent

#: What a page knows of files: (number, title) by public id.
Names = Mapping[str, tuple[str, str]]
FEW = 6


class RuleLine(NamedTuple):
    """A rule: what it says, how far it is used, whether it leaves no room, and what one step more would bring."""

    words: str
    used: str
    binding: bool
    gain: str


def numbers(files: Iterable[str], names: Names) -> str:
    """These files by their numbers, few of them."""
    known = [names[one][0] or names[one][1] for one in files if one in names]
    more = len(known) - FEW
    return ", ".join(known[:FEW]) + (ngettext(" et %(num)s autre", " et %(num)s autres", more) if more > 0 else "")


def points(value: float) -> str:
    """Points with their sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{decimal(abs(value), 1)}"


def gained(one: Mapping[str, Any], names: Names) -> str:
    """What a step brings: points, who comes in, who goes out."""
    if not one["enter"] and not one["leave"]:
        return _("%(step)s : le même ensemble.", step=_step(one))
    said = [_("%(points)s points", points=points(one["value"]))]
    if one["enter"]:
        said.append(_("entre %(files)s", files=numbers(one["enter"], names)))
    if one["leave"]:
        said.append(_("sort %(files)s", files=numbers(one["leave"], names)))
    return _("%(step)s : %(said)s.", step=_step(one), said=", ".join(said))


def _step(one: Mapping[str, Any]) -> str:
    kind = one["rule"].partition(":")[0]
    if kind == "envelope":
        return _("Avec %(cents)s de plus", cents=euros(one["by"]))
    return {
        "places": _("Avec une place de plus"),
        "min": _("Avec un dossier de moins exigé"),
        "max": _("Avec un dossier de plus permis"),
        "organisation": _("Avec un dossier de plus de cette organisation"),
        "include": _("Sans l’imposer"),
        "exclude": _("Sans l’écarter"),
    }[kind]


def rule_lines(shown: Shown, names: Names) -> list[RuleLine]:
    """Every rule of a scenario that has a set."""
    rules, report = shown.rules, shown.report
    eased = {one["rule"]: one for one in report["eased"]}
    binding = set(report["binding"])
    chosen = shown.cents.keys()

    def line(name: str, words: str, used: str) -> RuleLine:
        held = name in binding or name in eased
        return RuleLine(words, used, held, gained(eased[name], names) if name in eased else "")

    money = _("%(used)s sur %(whole)s", used=euros(report["total_cents"]), whole=euros(rules.envelope_cents))
    found = [line("envelope", _("Enveloppe"), money)]
    if rules.places is not None:
        found.append(line("places", _("Places"), _("%(n)s sur %(most)s", n=len(chosen), most=rules.places)))
    for tag, least, most in rules.bounds:
        used = str(sum(tag in shown.files[one]["tags"] for one in chosen if one in shown.files))
        low, high = f"min:{tag}", f"max:{tag}"
        if least:
            found.append(line(low, capital(bound_words(tag, least, None)), used))
        if most is not None:
            found.append(line(high, capital(bound_words(tag, None, most)), used))
    found += _houses(shown, names, binding, eased)
    found += [
        line(f"include:{one}", _("%(file)s imposé", file=numbers([one], names)), "") for one in sorted(rules.include)
    ]
    found += [
        line(f"exclude:{one}", _("%(file)s écarté", file=numbers([one], names)), "") for one in sorted(rules.exclude)
    ]
    return found


def _houses(shown: Shown, names: Names, binding: set[str], eased: Mapping[str, Mapping[str, Any]]) -> list[RuleLine]:
    """The most files of one organisation; organisations are told by their files, never by name."""
    most = shown.rules.per_organisation
    if most is None:
        return []
    said = ngettext(
        "Au plus %(num)s dossier de la même organisation", "Au plus %(num)s dossiers de la même organisation", most
    )
    held = sorted(name for name in binding if name.startswith("organisation:"))
    if not held:
        return [RuleLine(said, "", binding=False, gain="")]
    found = []
    for name in held:
        house = name.partition(":")[2]
        files = [key for key, row in shown.files.items() if row["organisation"] == house]
        gain = gained(eased[name], names) if name in eased else ""
        found.append(RuleLine(said, numbers(files, names), binding=True, gain=gain))
    return found


def relaxed(shown: Shown, names: Names) -> list[str]:
    """The fewest rules to give up, where they contradict each other."""
    rules = shown.rules
    bounds = {tag: (least, most) for tag, least, most in rules.bounds}
    return [_contradicting(name, rules, bounds, shown, names) for name in shown.report.get("relax", ())]


def _contradicting(
    name: str, rules: Rules, bounds: Mapping[str, tuple[int | None, int | None]], shown: Shown, names: Names
) -> str:
    kind, _sign, about = name.partition(":")
    if kind in ("min", "max"):
        least, most = bounds.get(about, (None, None))
        limit = bound_words(about, least if kind == "min" else None, most if kind == "max" else None)
        return (
            _fewer_known(about, least or 0, limit, shown)
            if kind == "min"
            else _("un équilibre (%(words)s)", words=limit)
        )
    if kind == "organisation":
        files = [key for key, row in shown.files.items() if row["organisation"] == about]
        return _("la limite par organisation, pour %(files)s", files=numbers(files, names))
    return {
        "envelope": _("l’enveloppe de %(cents)s", cents=euros(rules.envelope_cents)),
        "places": _("le nombre de places (%(n)s)", n=rules.places),
        "include": _("imposer %(file)s", file=numbers([about], names)),
        "exclude": _("écarter %(file)s", file=numbers([about], names)),
    }[kind]


def _fewer_known(tag: str, least: int, limit: str, shown: Shown) -> str:
    """A least number that cannot be reached: how many files could count at all."""
    known = sum(tag in row["tags"] for row in shown.files.values())
    if known >= least:
        return _("un équilibre (%(words)s)", words=limit)
    return ngettext(
        "un équilibre (%(words)s ; %(num)s dossier y répond)",
        "un équilibre (%(words)s ; %(num)s dossiers y répondent)",
        known,
        words=limit,
    )


def price(one: Mapping[str, Any] | None, shown: Shown, names: Names) -> str:
    """What forcing a file in, or out, would cost; empty where it was not asked."""
    if one is None:
        return ""
    if not one["possible"]:
        against = [
            _contradicting(name, shown.rules, {t: (a, b) for t, a, b in shown.rules.bounds}, shown, names)
            for name in one["relax"]
        ]
        return _("Impossible sans lâcher %(rules)s.", rules=_(" et ").join(against)) if against else _("Impossible.")
    said = [_worth(one["value_lost"])]
    if one["enter"]:
        said.append(_("entre %(files)s", files=numbers(one["enter"], names)))
    if one["leave"]:
        said.append(_("sort %(files)s", files=numbers(one["leave"], names)))
    if one["cents"] and not one["leave"]:
        said.append(_("d’autres montants changent"))
    return capital(", ".join(said)) + "."


def _worth(lost: float) -> str:
    if not lost:
        return _("aucun point perdu")
    return _("%(points)s points", points=points(-lost))


def tried(rules: Rules, stated: Rules, names: Names) -> list[str]:
    """In what a trial departs from the call."""
    found = []
    for name in rules.tried(stated):
        found += _TRIED[name](rules, stated, names)
    return found


_TRIED: Mapping[str, Any] = {
    "envelope_cents": lambda new, old, _names: [
        _("enveloppe de %(new)s au lieu de %(old)s", new=euros(new.envelope_cents), old=euros(old.envelope_cents))
    ],
    "places": lambda new, _old, _names: [
        _("sans limite de places")
        if new.places is None
        else ngettext("%(num)s place au plus", "%(num)s places au plus", new.places)
    ],
    "objective": lambda new, _old, _names: [_("but : %(words)s", words=OBJECTIVES[str(new.objective)])],
    "bounds": lambda new, old, _names: [
        *(_("en plus : %(words)s", words=bound_words(*row)) for row in new.bounds if row not in old.bounds),
        *(_("sans : %(words)s", words=bound_words(*row)) for row in old.bounds if row not in new.bounds),
    ],
    "per_organisation": lambda new, _old, _names: [
        _("au plus %(n)s par organisation", n=new.per_organisation)
        if new.per_organisation is not None
        else _("sans limite par organisation")
    ],
    "min_award_bp": lambda new, _old, _names: [
        _("au moins %(share)s de chaque demande", share=percent(new.min_award_bp))
    ],
    "include": lambda new, _old, names: [
        ngettext("%(files)s imposé", "%(files)s imposés", len(new.include), files=numbers(sorted(new.include), names))
    ],
    "exclude": lambda new, _old, names: [
        ngettext("%(files)s écarté", "%(files)s écartés", len(new.exclude), files=numbers(sorted(new.exclude), names))
    ],
    "amounts": lambda new, _old, names: [
        _("%(file)s à %(cents)s", file=numbers([one], names), cents=euros(cents)) for one, cents in new.amounts.items()
    ],
}


def subject_of_tag(tag: str) -> str:
    """Which files a bound counts, with a capital."""
    return capital(bound_subject(tag))
