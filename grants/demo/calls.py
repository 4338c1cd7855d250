"""The two calls of the invented programme: text, calendar, rubric, tranches, steps of the projects."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
CENTS = 100
PROGRAMME: dict[str, Any] = {
    "slug": "alliances",
    "name": "Alliances pluri-acteurs",
    "summary": (
        "Un fonds du réseau pour des projets menés à plusieurs sortes d’acteurs, en France et ailleurs, avec un "
        "accompagnement de six à douze mois. Convention avec le Bailleur Démo n° D-2025-07 : 320 000 € sur trois ans, "
        "rétrocession autorisée, logos obligatoires."
    ),
}
CONTACT = "alliances@exemple.invalid"


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment as the clock on the wall tells it in Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


_DESCRIPTORS = ["Absent", "Insuffisant", "Faible", "Correct", "Bon", "Excellent"]
CRITERIA: tuple[dict[str, Any], ...] = tuple(
    {
        "key": key,
        "name": name,
        "question": question,
        "weight": weight,
        "minimum_half_points": minimum,
        "anchors": _DESCRIPTORS,
    }
    for key, weight, minimum, name, question in (
        (
            *("C1", 20, None),
            "Pertinence au regard de l’appel et enjeux partagés",
            "Le projet répond-il à l’appel et à un enjeu commun ?",
        ),
        (
            *("C2", 25, 5),
            "Diversité et qualité des alliances pluri-acteurs",
            "Les partenaires ont-ils un rôle réel dans la décision ?",
        ),
        (
            *("C3", 15, None),
            "Faisabilité : calendrier, équipe, méthode",
            "Calendrier, équipe et méthode sont-ils crédibles ?",
        ),
        (
            *("C4", 10, None),
            "Budget : cohérence et cofinancements",
            "Les montants sont-ils justifiés, les aides acquises ?",
        ),
        (
            *("C5", 15, None),
            "Apprentissage et capitalisation",
            "Que saura-t-on faire de plus, et qui l’apprendra ?",
        ),
        (
            *("C6", 10, None),
            "Effets sur le territoire et suites prévues",
            "Que restera-t-il un an après le projet ?",
        ),
        (
            *("C7", 5, None),
            "Égalité femmes-hommes et climat",
            "Ces deux enjeux pèsent-ils sur les choix du projet ?",
        ),
    )
)
TRANCHES = [
    {"share_bp": 6_000, "condition": "agreement_signed"},
    {"share_bp": 3_000, "condition": "interim_report_accepted"},
    {"share_bp": 1_000, "condition": "final_report_accepted"},
]
REMINDERS = {"submission": [14, 3, 1], "review": [7, 2, 1]}
_LAST = {"code": "M8", "name": "Rapport narratif final", "after_end_days": 60, "report": "final"}


def _steps(interim: dict[str, int], *middle: tuple[str, str, int]) -> list[dict[str, Any]]:
    first = [
        {"code": "M0", "name": "Lancement", "month": 0, "days": 11},
        {"code": "M1", "name": "Accord des partenaires signé", "month": 1},
    ]
    report = {"code": "M4", "name": "Rapport intermédiaire, tranche 2", "report": "interim", **interim}
    steps = [{"code": code, "name": name, "month": month} for code, name, month in middle]
    steps.append(report)
    return [*first, *sorted(steps, key=lambda step: (step["month"], step.get("days", 0))), _LAST]


_SHORT = (
    ("M2", "Diagnostic remis", 2),
    ("M3", "Première rencontre", 4),
    ("M6", "Fiche de capitalisation", 5),
    ("M7", "Restitution", 6),
)
_MEDIUM = (
    ("M2", "Diagnostic remis", 2),
    ("M3", "Première rencontre", 3),
    ("M5", "Mission d’échange ou formation", 6),
    ("M6", "Fiche de capitalisation", 7),
    ("M7", "Restitution", 8),
)
_LONG = (
    ("M2", "Cartographie ou diagnostic remis", 3),
    ("M3", "Première rencontre", 4),
    ("M5", "Mission d’échange ou formation", 8),
    ("M6", "Fiche de capitalisation", 10),
    ("M7", "Restitution", 11),
)
#: by duration in months
MILESTONES = {
    "6": _steps({"month": 3, "days": 14}, *_SHORT),
    "8": _steps({"month": 4, "days": 14}, *_MEDIUM),
    "9": _steps({"month": 5, "days": -1}, *_MEDIUM),
    "10": _steps({"month": 6, "days": -1}, *_LONG),
    "12": _steps({"month": 6, "days": 14}, *_LONG),
}
# what the page of a call says by itself (who, how much, when, how files are read) is not said here again
_TEXT = """Ce que vous ne feriez pas seuls : voilà ce que cet appel soutient. Une association, une commune, une \
entreprise, un laboratoire et les personnes concernées ne regardent pas un même problème de la même façon. Les \
projets que nous cherchons partent de cette différence et en font une façon de travailler.

Décrivez un enjeu que vos partenaires et vous partagez, ici et, si le projet s’y prête, ailleurs. Dites qui décide, \
qui fait, qui apprend. Une alliance qui débute a autant sa place qu’une alliance ancienne.

L’accompagnement fait partie du soutien : des séances pour chaque projet, des journées entre projets, et une fiche de \
capitalisation que tous les membres du réseau pourront lire. Prévoyez-y du temps."""
RULES_OF_AMOUNTS: dict[str, Any] = {
    "kind": "members_only",
    "contact": CONTACT,
    "min_cents": 8_000 * CENTS,
    "max_cents": 16_000 * CENTS,
    "max_rate_bp": 7_000,
    "max_in_kind_bp": 2_500,
    "min_other_cash_bp": 3_000,
    "min_months": 6,
    "max_months": 12,
    "min_actor_kinds": 2,
    "reviews_required": 3,
    "quorum": 4,
    "threshold": 60,
    "divergence": 20,
    "tranches": TRANCHES,
    "milestones": MILESTONES,
    "reminders": REMINDERS,
}
CALL_2026: dict[str, Any] = {
    **RULES_OF_AMOUNTS,
    "slug": "alliances-2026",
    "title": "Alliances pluri-acteurs 2026",
    "edition": "2026",
    "summary": "Sept projets de membres du réseau, menés avec d’autres sortes d’acteurs et accompagnés de six à douze mois.",
    "text": _TEXT
    + "\n\nUn webinaire a lieu le jeudi 2 octobre 2025 à 14 h ; les questions et réponses sont publiées le 6 octobre.",
    "opens_at": paris(2025, 9, 15, 9),
    "closes_at": paris(2025, 11, 3, 12),
    "corrections_due_at": paris(2025, 11, 10, 18),
    "reviews_open_at": paris(2025, 11, 14, 9),
    "reviews_close_at": paris(2025, 12, 5, 18),
    "committee_at": paris(2025, 12, 11, 9, 30),
    "board_on": date(2025, 12, 18),
    "reserve_until_on": date(2026, 12, 31),
    "results_public_at": paris(2026, 1, 15, 9),
    "projects_from_on": date(2026, 3, 1),
    "projects_until_on": date(2027, 2, 28),
    "places": 7,
}
CALL_2027: dict[str, Any] = {
    **RULES_OF_AMOUNTS,
    "slug": "alliances-2027",
    "title": "Alliances pluri-acteurs 2027",
    "edition": "2027",
    "summary": "Huit projets seront soutenus et accompagnés de six à douze mois à partir de mars 2027.",
    "text": _TEXT
    + "\n\nLes projets commencent entre le 1er mars et le 31 août 2027 et finissent au plus tard le 29 février 2028.",
    "opens_at": paris(2026, 10, 5, 9),
    "closes_at": paris(2026, 12, 7, 12),
    "corrections_due_at": paris(2026, 12, 14, 18),
    "reviews_open_at": paris(2026, 12, 16, 9),
    "reviews_close_at": paris(2027, 1, 15, 18),
    "committee_at": paris(2027, 1, 21, 9, 30),
    "board_on": date(2027, 1, 28),
    "results_public_at": paris(2027, 2, 15, 9),
    "projects_from_on": date(2027, 3, 1),
    "projects_until_on": date(2028, 2, 29),
    "places": 8,
}
ENVELOPE_2026 = 105_000 * CENTS
ENVELOPE_2027 = 120_000 * CENTS
