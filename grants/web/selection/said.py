"""What the scores say, in sentences: what weakens the ranking, what the fairness lens found, where it is silent."""

from collections.abc import Mapping
from typing import NamedTuple

from grants.domain.fairness import FairnessReport, Finding, Lens, Silence
from grants.domain.rank_report import RankReport
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.language import ngettext
from grants.web.kit.typography import decimal

PERSONAL = (Lens.SEVERITY, Lens.DRIFT, Lens.HALO)  # about a reviewer, or about all together
HALO_DIGITS = 2

LENSES = {
    Lens.SEVERITY: _l("Sévérité"),
    Lens.DRIFT: _l("Dérive au fil des lectures"),
    Lens.HALO: _l("Contagion entre critères"),
    Lens.TERRITORY: _l("Territoire"),
    Lens.REQUESTED_SIZE: _l("Montant demandé"),
    Lens.ORGANISATION_SIZE: _l("Budget de l’organisation"),
    Lens.FIRST_TIME: _l("Première candidature"),
}
# what a finding says: upwards, downwards; %(who)s is a reviewer or a territory, %(x)s the size of the estimate
_OF_ONE = {
    Lens.SEVERITY: (
        _l("%(who)s note %(x)s points plus bas que les autres sur les mêmes dossiers."),
        _l("%(who)s note %(x)s points plus haut que les autres sur les mêmes dossiers."),
    ),
    Lens.DRIFT: (
        _l("Entre le premier et le dernier dossier lu, les notes de %(who)s montent de %(x)s points."),
        _l("Entre le premier et le dernier dossier lu, les notes de %(who)s baissent de %(x)s points."),
    ),
    Lens.HALO: (
        _l("Chez %(who)s, la note d’un critère entraîne celle des autres (corrélation %(x)s)."),
        _l("Chez %(who)s, la note d’un critère s’oppose à celle des autres (corrélation −%(x)s)."),
    ),
    Lens.TERRITORY: (
        _l("Les dossiers de %(who)s sont notés %(x)s points plus haut que ceux des autres territoires."),
        _l("Les dossiers de %(who)s sont notés %(x)s points plus bas que ceux des autres territoires."),
    ),
}
_OF_ALL = {
    Lens.DRIFT: (
        _l("Entre le premier et le dernier dossier lu, les notes montent de %(x)s points."),
        _l("Entre le premier et le dernier dossier lu, les notes baissent de %(x)s points."),
    ),
    Lens.HALO: (
        _l("La note d’un critère entraîne celle des autres, pour l’ensemble du comité (corrélation %(x)s)."),
        _l("La note d’un critère s’oppose à celle des autres, pour l’ensemble du comité (corrélation −%(x)s)."),
    ),
    Lens.REQUESTED_SIZE: (
        _l("Quand le montant demandé double, la note monte de %(x)s points."),
        _l("Quand le montant demandé double, la note baisse de %(x)s points."),
    ),
    Lens.ORGANISATION_SIZE: (
        _l("Quand le budget de l’organisation double, la note monte de %(x)s points."),
        _l("Quand le budget de l’organisation double, la note baisse de %(x)s points."),
    ),
    Lens.FIRST_TIME: (
        _l("Une première candidature est notée %(x)s points plus haut que les autres."),
        _l("Une première candidature est notée %(x)s points plus bas que les autres."),
    ),
}


class Told(NamedTuple):
    """A finding in words. `sentence`: what it says when it is an alarm, else that nothing is established."""

    lens: str
    about: str
    sentence: str
    n: str
    estimate: str
    interval: str
    finding: Finding


def findings(report: FairnessReport, names: Mapping[str, str]) -> list[Told]:
    """What the reader may know: a finding about a reviewer only where `names` has the name."""
    return [_told(one, names) for one in report.findings if _known(one.lens, one.about, names)]


def _known(lens: Lens, about: str, names: Mapping[str, str]) -> bool:
    return lens not in PERSONAL or not about or about in names


def _told(one: Finding, names: Mapping[str, str]) -> Told:
    digits = HALO_DIGITS if one.lens is Lens.HALO else 1
    about = names.get(one.about, one.about)
    upwards, downwards = (_OF_ONE if one.about else _OF_ALL)[one.lens]
    sentence = str(upwards if one.estimate > 0 else downwards) % {"who": about, "x": decimal(abs(one.estimate), digits)}
    count = (
        ngettext("%(num)s lecture", "%(num)s lectures", one.n)
        if one.lens in PERSONAL
        else ngettext("%(num)s dossier", "%(num)s dossiers", one.n)
    )
    return Told(
        lens=str(LENSES[one.lens]),
        about=about or _("ensemble"),
        sentence=sentence if one.alarm else _("Rien d’établi : l’intervalle contient zéro."),
        n=count,
        estimate=_signed(one.estimate, digits),
        interval=_("de %(low)s à %(high)s", low=_signed(one.low, digits), high=_signed(one.high, digits)),
        finding=one,
    )


def _signed(value: float, digits: int) -> str:
    words = decimal(abs(value), digits)
    return words if not float(f"{value:.{digits}f}") else f"{'+' if value > 0 else '−'}{words}"


def silences(report: FairnessReport, names: Mapping[str, str]) -> list[str]:
    """One sentence for each lens that says nothing, about whom or what the reader may know."""
    kept = [one for one in report.silences if _known(one.lens, one.about, names)]
    return [_silent(lens, [one for one in kept if one.lens is lens], names) for lens in Lens if _has(kept, lens)]


def _has(kept: list[Silence], lens: Lens) -> bool:
    return any(one.lens is lens for one in kept)


def _silent(lens: Lens, some: list[Silence], names: Mapping[str, str]) -> str:
    short = [one for one in some if one.n < one.needed]
    rest = [one for one in some if one.n >= one.needed]
    unit = _("lectures") if lens in PERSONAL else _("dossiers de chaque côté")
    if lens in (Lens.REQUESTED_SIZE, Lens.ORGANISATION_SIZE):
        unit = _("dossiers")
    parts = []
    if short:
        who = ", ".join(f"{names.get(one.about, one.about) or _('ensemble')} ({one.n})" for one in short)
        parts.append(_("il en faut %(needed)s %(unit)s ; ici %(who)s.", needed=short[0].needed, unit=unit, who=who))
    if rest:
        who = ", ".join(names.get(one.about, one.about) or _("ensemble") for one in rest)
        parts.append(_("les notes ne permettent pas de conclure pour %(who)s.", who=who))
    return f"{LENSES[lens]} : {' '.join(parts)}"


def cautions(ranks: RankReport, numbers: Mapping[str, str]) -> list[str]:
    """What a reader must know before believing the figures; `numbers`: of the files, by public id."""
    said = []
    for one in ranks.cautions:
        files = ", ".join(numbers.get(name, "") for name in one.about[:8]) + (" …" if len(one.about) > 8 else "")  # noqa: PLR2004
        said.append(
            {
                "disconnected": ngettext(
                    "Les lectures forment %(num)s groupe que personne n’a lu en commun.",
                    "Les lectures forment %(num)s groupes sans personne en commun : "
                    "d’un groupe à l’autre, les rangs ne se comparent pas.",
                    len(one.about),
                ),
                "one_reviewer": _("Une seule personne a noté : rien ne sépare la valeur des dossiers de son goût."),
                "one_application": _("Un seul dossier est noté : son rang ne dit rien."),
                "all_equal": _("Toutes les notes sont égales : chaque rang est aussi probable qu’un autre."),
                "few_grades": _("Moins de trois notes : %(files)s. Leur rang est peu sûr.", files=files),
                "ungraded": _("Sans aucune note : %(files)s.", files=files),
            }[one.code]
        )
    return said
