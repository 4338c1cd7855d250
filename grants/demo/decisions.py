"""What the invented committee decided on 11 December 2025: outcome, amount, motive and time, file by file."""

from dataclasses import dataclass

from grants.demo.figures import ASKS, AWARDED, BELOW_MINIMUM, ENVELOPE_EXHAUSTED, RESERVES


@dataclass(frozen=True)
class Proposal:
    """A line of the minutes; `awarded` in whole euros, `at` hour and minute in Paris."""

    at: tuple[int, int]
    motive: str
    outcome: str
    awarded: int = 0
    reserve_rank: int | None = None
    reason_code: str = ""
    conditions: str = ""


_SAID = {
    "A01": (
        9,
        44,
        "Alliance exemplaire et diverse, méthode d’enquête solide. Deux collectivités engagées pour la suite.",
    ),
    "A02": (9, 52, "Échange équilibré entre les deux collectifs, apprentissages très concrets."),
    "A03": (
        10,
        6,
        "Bonne méthode et vrai besoin ; l’engagement de l’entreprise partenaire doit être confirmé par écrit.",
    ),
    "A04": (10, 15, "Formations utiles et bien conçues ; la reprise par les équipes locales est prévue."),
    "A05": (10, 24, "Recherche-action rigoureuse. Le comité suivra la rencontre à Itasy."),
    "A06": (10, 33, "Réseau large et besoin d’accompagnement bien identifié."),
    "A07": (10, 41, "Projet sobre et précis, deux villes qui apprennent l’une de l’autre."),
    "A08": (
        11,
        2,
        "Bon projet que l’enveloppe ne permet pas de retenir. Associer dès le départ un partenaire du Sud le renforcerait.",
    ),
    "A09": (11, 13, "Démarche de prix remarquable ; débouchés à consolider."),
    "A10": (11, 24, "Engagement réel des jeunes, alliance à élargir."),
    "A11": (11, 47, "Au-dessus du seuil, mais l’enveloppe et la liste d’attente sont complètes."),
    "A12": (11, 52, "Au-dessus du seuil, mais l’enveloppe et la liste d’attente sont complètes. Projet à représenter."),
    "A13": (12, 4, "Moyenne de 58 après échange, sous le seuil. Alliance à élargir avant une nouvelle demande."),
    "A14": (12, 12, "Bon relevé, mais une coopération encore absente. Sous le seuil."),
    "A15": (
        12,
        17,
        "L’alliance n’atteint pas la moyenne demandée ; la place des vendeuses dans la décision reste à écrire.",
    ),
    "A16": (12, 21, "Projet attachant, méthode et calendrier à construire. Sous le seuil."),
    "A17": (12, 26, "Encadrement à préciser. Sous le seuil."),
    "A18": (12, 30, "L’alliance n’atteint pas la moyenne demandée ; le suivi des machines n’est pas décrit."),
    "A19": (12, 34, "L’alliance n’atteint pas la moyenne demandée ; projet proche d’une action déjà soutenue."),
    "A20": (12, 39, "L’alliance n’atteint pas la moyenne demandée ; le lien avec l’appel reste à démontrer."),
    "A21": (12, 43, "L’alliance n’atteint pas la moyenne demandée ; le projet relève d’une aide à la diffusion."),
}
#: What came of a discussion, beside the motive.
NOTES = {
    "A03": "Le comité tient à voir l’entreprise s’engager par écrit : sans elle, le projet perd la moitié de son temps.",
    "A13": "Les notes allaient de 42 à 74. L’écart vient de l’alliance, que deux lectures trouvent étroite ; la méthode, elle, convainc.",
}
CONDITIONS = {
    "A03": "Remettre avant le 31 janvier 2026 la lettre par laquelle l’entreprise partenaire confirme les vingt jours offerts."
}


def _proposal(key: str, hour: int, minute: int, motive: str) -> Proposal:
    at = (hour, minute)
    if key in AWARDED:
        conditions = CONDITIONS.get(key, "")
        outcome = "awarded_with_conditions" if conditions else "awarded"
        return Proposal(at, motive, outcome, ASKS[key].requested, reason_code="ranked", conditions=conditions)
    if key in RESERVES:
        return Proposal(at, motive, "reserve", reserve_rank=RESERVES.index(key) + 1, reason_code="ranked")
    return Proposal(at, motive, "rejected", reason_code=_reason(key))


def _reason(key: str) -> str:
    if key in ENVELOPE_EXHAUSTED:
        return "envelope_exhausted"
    return "below_minimum" if key in BELOW_MINIMUM else "below_threshold"


PROPOSALS = {key: _proposal(key, *said) for key, said in _SAID.items()}
