"""The parts of a call as pages: which items and lists each holds, in which words. The form has pages of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grants.domain.chart import CHARTS
from grants.domain.terms_changes import Part
from grants.domain.terms_parts import LETTERS
from grants.web.call.editing.items import Item, Kind
from grants.web.call.editing.lists import ACCOMPANIMENT, BOUNDS, CRITERIA, DOCUMENTS, MILESTONES, RULES, TRANCHES
from grants.web.call.editing.rows import Rows
from grants.web.call.editing.zones import ZONES
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.selection_words import OBJECTIVES


@dataclass(frozen=True)
class Group:
    """Items that stand under one heading of a page."""

    title: Any
    items: Sequence[Item]
    hint: Any = ""


@dataclass(frozen=True)
class PartPage:
    """One page of the editor."""

    part: Part
    slug: str
    title: Any
    intro: Any
    groups: Sequence[Group] = ()
    lists: Sequence[Rows] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of the page."""
        return tuple(item for group in self.groups for item in group.items)


KINDS = (
    ("open", _l("Ouvert à toutes les organisations sans but lucratif")),
    ("members_only", _l("Réservé aux membres du réseau")),
    ("invited", _l("Sur invitation")),
    ("prize", _l("Prix")),
    ("two_stages", _l("En deux temps : note d’intention, puis dossier complet")),
    ("rolling", _l("Au fil de l’eau")),
)
BLINDNESS = (
    ("no", _l("non : le comité sait qui candidate")),
    ("review", _l("jusqu’à l’ouverture de la séance")),
    ("selection", _l("jusqu’à l’envoi de la décision")),
)
LANGUAGES = (("fr", _l("français")), ("en", _l("anglais")))
CHART_WORDS = tuple((key, key) for key in CHARTS)
LETTER_WORDS = {
    "awarded": _l("Accord"),
    "awarded_with_conditions": _l("Accord sous condition"),
    "reserve": _l("Liste d’attente"),
    "deferred": _l("Ajournement"),
    "rejected": _l("Refus"),
    "ineligible": _l("Candidature inéligible"),
    "inadmissible": _l("Candidature irrecevable"),
}


def _moment(name: str, label: Any, hint: Any = "") -> Item:  # noqa: ANN401 -- lazy words
    return Item(f"call.{name}", Kind.MOMENT, label, hint)


def _day(name: str, label: Any, hint: Any = "") -> Item:  # noqa: ANN401 -- lazy words
    return Item(f"call.{name}", Kind.DAY, label, hint)


def _whole(name: str, label: Any, ordinary: int | None, most: int, hint: Any = "", unit: Any = "") -> Item:  # noqa: ANN401 -- a line of the table
    return Item(f"call.{name}", Kind.WHOLE, label, hint, ordinary=ordinary, most=most, unit=unit)


def _flag(name: str, label: Any, hint: Any = "") -> Item:  # noqa: ANN401 -- lazy words
    return Item(f"call.{name}", Kind.FLAG, label, hint, ordinary=False)


TEXT = PartPage(
    Part.TEXT,
    "texte",
    _l("Texte de l’appel"),
    _l("Ce que lisent celles et ceux qui hésitent à candidater."),
    [
        Group(
            _l("L’appel en bref"),
            [
                Item("call.title", Kind.LINE, _l("Titre"), needed=True, limit=200),
                Item("call.edition", Kind.LINE, _l("Édition"), _l("Par exemple : 2027."), needed=True, limit=20),
                Item(
                    "call.summary",
                    Kind.TEXT,
                    _l("Résumé"),
                    _l("Une ou deux phrases, dans la liste des appels."),
                    limit=1000,
                    rows=3,
                ),
                Item(
                    "call.contact",
                    Kind.LINE,
                    _l("Contact"),
                    _l("Adresse électronique à laquelle on peut écrire."),
                    limit=254,
                ),
                Item("call.language", Kind.CHOICE, _l("Langue de l’appel"), ordinary="fr", options=LANGUAGES),
            ],
        ),
        Group(
            _l("Le texte"),
            [
                Item(
                    "call.text",
                    Kind.TEXT,
                    _l("Texte de l’appel"),
                    _l(
                        "Une ligne vide sépare deux paragraphes. Dates, montants, critères et pièces s’affichent d’eux-mêmes : ne les répétez pas."
                    ),
                    limit=20_000,
                    rows=18,
                ),
                Item("call.source", Kind.LINE, _l("Source"), _l("Document de référence, s’il existe."), limit=300),
            ],
        ),
    ],
)
DATES = PartPage(
    Part.DATES,
    "calendrier",
    _l("Calendrier"),
    _l("Les heures sont celles du fuseau choisi. À l’heure dite, le dépôt est fermé."),
    [
        Group(
            _l("Fuseau"), [Item("call.zone", Kind.CHOICE, _l("Fuseau horaire"), ordinary="Europe/Paris", options=ZONES)]
        ),
        Group(
            _l("Dépôt des dossiers"),
            [
                _moment("opens_at", _l("Ouverture")),
                _moment("closes_at", _l("Date limite")),
                _moment("full_closes_at", _l("Date limite des dossiers complets")),
                Item(
                    "call.grace_seconds",
                    Kind.WHOLE,
                    _l("Délai de grâce après l’heure"),
                    _l("Publiée sur la page de l’appel. Vide : aucune."),
                    ordinary=0,
                    most=1440,
                    unit=_l("minutes"),
                    worth=60,
                ),
                _moment("corrections_due_at", _l("Fin des corrections demandées")),
            ],
        ),
        Group(
            _l("Lecture et décision"),
            [
                _moment("reviews_open_at", _l("Début des lectures")),
                _moment("reviews_close_at", _l("Fin des lectures")),
                _moment("committee_at", _l("Séance du comité")),
                _day("board_on", _l("Décision de l’instance"), _l("Conseil d’administration, bureau…")),
                _day(
                    "reserve_until_on",
                    _l("Dernier jour de la liste d’attente"),
                    _l("Ensuite, aucun dossier n’entre plus. Vide : sans limite."),
                ),
                _moment("results_public_at", _l("Publication des résultats")),
            ],
        ),
        Group(
            _l("Projets soutenus"),
            [
                _day("projects_from_on", _l("Premier jour possible")),
                _day("projects_until_on", _l("Dernier jour possible")),
            ],
        ),
    ],
)
AMOUNTS = PartPage(
    Part.AMOUNTS,
    "enveloppe",
    _l("Enveloppe et bornes"),
    _l("Ce qui est vide ne borne rien."),
    [
        Group(
            _l("L’enveloppe"),
            [
                Item("envelope.total_cents", Kind.AMOUNT, _l("Enveloppe"), unit="€"),
                _whole("places", _l("Nombre de projets"), None, 10_000),
            ],
        ),
        Group(
            _l("Une subvention"),
            [
                Item("call.min_cents", Kind.AMOUNT, _l("Au moins"), ordinary=0, unit="€"),
                Item("call.max_cents", Kind.AMOUNT, _l("Au plus"), ordinary=0, unit="€"),
                Item(
                    "call.max_rate_bp", Kind.PERCENT, _l("Part du budget en argent, au plus"), ordinary=10_000, unit="%"
                ),
                Item(
                    "call.min_other_cash_bp",
                    Kind.PERCENT,
                    _l("Autres ressources en argent, au moins"),
                    ordinary=0,
                    unit="%",
                ),
                Item(
                    "call.max_in_kind_bp",
                    Kind.PERCENT,
                    _l("Contributions en nature, au plus"),
                    ordinary=10_000,
                    unit="%",
                ),
            ],
        ),
        Group(
            _l("Durée d’un projet"),
            [
                _whole("min_months", _l("Au moins"), 0, 120, unit=_l("mois")),
                _whole("max_months", _l("Au plus"), 120, 120, unit=_l("mois")),
            ],
        ),
        Group(
            _l("Le budget"),
            [
                _flag("whole_euros", _l("En euros entiers, sans centimes")),
                _flag("require_proof", _l("Justificatif demandé pour chaque cofinancement acquis")),
                Item("call.chart", Kind.CHOICE, _l("Plan de comptes"), ordinary="cerfa-12156-06", options=CHART_WORDS),
            ],
        ),
    ],
)
CANDIDATES = PartPage(
    Part.RULES,
    "candidats",
    _l("Qui peut candidater"),
    _l("Chaque règle cite l’article du texte de l’appel et s’explique en une phrase."),
    [
        Group(
            _l("L’appel"), [Item("call.kind", Kind.CHOICE, _l("Type d’appel"), ordinary="members_only", options=KINDS)]
        ),
        Group(
            _l("L’alliance et les territoires"),
            [
                _whole("min_actor_kinds", _l("Autres natures d’acteurs, au moins"), 0, 10),
                _whole("min_territories_here", _l("Territoires en France, au moins"), 1, 20),
                _whole("min_territories_there", _l("Territoires à l’étranger, au moins"), 0, 20),
                _flag("attestations_required", _l("Chaque partenaire atteste sa part avant le dépôt")),
                _flag("operator_required", _l("Un opérateur d’appui cosigne le dossier")),
            ],
        ),
    ],
    [RULES],
)
PAPERS = PartPage(
    Part.DOCUMENTS,
    "pieces",
    _l("Pièces à joindre"),
    _l("Une pièce obligatoire qui manque empêche le dépôt."),
    (),
    [DOCUMENTS],
)
RUBRIC = PartPage(
    Part.RUBRIC,
    "grille",
    _l("Grille d’évaluation"),
    _l("Chaque critère se note de 0 à 5, par demi-point ; la note sur 100 est la somme des notes pondérées."),
    (),
    [CRITERIA],
)
COMMITTEE = PartPage(
    Part.COMMITTEE,
    "lecture",
    _l("Lecture et comité"),
    _l("Combien de personnes lisent un dossier, et comment le comité délibère."),
    [
        Group(
            _l("Lecture"),
            [
                Item("call.reviews_required", Kind.WHOLE, _l("Lectures par dossier"), ordinary=2, least=1, most=20),
                _whole(
                    "divergence",
                    _l("Écart qui appelle une discussion"),
                    20,
                    100,
                    _l("Entre la note la plus haute et la plus basse d’un dossier."),
                    _l("points sur 100"),
                ),
                Item(
                    "call.blind",
                    Kind.CHOICE,
                    _l("Lecture à l’aveugle"),
                    _l(
                        "Les personnes qui lisent et le comité ne voient ni les noms, ni les partenaires, ni ce que le formulaire marque « à l’aveugle » ; les noms sont masqués dans les textes, les pièces perdent leurs métadonnées. Ce choix ne change plus une fois les lectures attribuées."
                    ),
                    ordinary="no",
                    options=BLINDNESS,
                ),
                Item(
                    "call.others_reviews",
                    Kind.CHOICE,
                    _l("Qui lit les évaluations des autres avant la séance"),
                    _l("Les noms ne sont pas donnés. Ce choix ne change plus une fois les lectures attribuées."),
                    ordinary="never",
                    options=(
                        ("never", _l("personne")),
                        ("after_own", _l("une fois la sienne rendue")),
                        ("always", _l("dès qu’elles sont rendues")),
                    ),
                ),
            ],
        ),
        Group(
            _l("Délibération"),
            [
                Item(
                    "call.quorum", Kind.WHOLE, _l("Quorum"), ordinary=1, least=1, most=100, unit=_l("membres présents")
                ),
                _whole(
                    "threshold",
                    _l("Seuil de financement"),
                    0,
                    100,
                    _l("Sous cette note, un dossier n’est pas financé."),
                    _l("points sur 100"),
                ),
                _flag("lot", _l("Un tirage au sort peut départager les dossiers que les notes ne séparent pas")),
                _flag("secret_vote", _l("Le comité vote à bulletin secret")),
            ],
        ),
        Group(
            _l("L’ensemble des dossiers retenus"),
            [
                Item(
                    "call.objective",
                    Kind.CHOICE,
                    _l("Ce que la sélection cherche d’abord"),
                    _l("L’atelier de sélection propose l’ensemble qui sert le mieux ce but ; le comité décide."),
                    ordinary="sum",
                    options=tuple(OBJECTIVES.items()),
                ),
                Item(
                    "call.min_award_bp",
                    Kind.PERCENT,
                    _l("Part de la demande accordée, au moins"),
                    _l("100 : une subvention accordée est celle qui est demandée."),
                    ordinary=10_000,
                    unit="%",
                ),
            ],
            _l("Ces règles sont publiées avec l’appel. Vous pouvez ajouter ci-dessous des équilibres à respecter."),
        ),
    ],
    [BOUNDS],
)
MAILS = PartPage(
    Part.LETTERS,
    "courriers",
    _l("Courriers"),
    _l(
        "Les lettres disent d’elles-mêmes la décision, ses motifs et la suite. Vous pouvez y ajouter un paragraphe au début et un autre à la fin."
    ),
    [
        Group(
            LETTER_WORDS[kind],
            [
                Item(f"letters.{kind}.opening", Kind.TEXT, _l("Au début de la lettre"), limit=4000, rows=3),
                Item(f"letters.{kind}.closing", Kind.TEXT, _l("À la fin de la lettre"), limit=4000, rows=3),
            ],
        )
        for kind in LETTERS
    ],
)
PAYMENTS = PartPage(
    Part.TRANCHES,
    "tranches",
    _l("Tranches"),
    _l("Dans quelles parts la subvention est versée, et à quelle condition chacune."),
    (),
    [TRANCHES],
)
STEPS = PartPage(
    Part.MILESTONES,
    "jalons",
    _l("Jalons des projets"),
    _l("Un modèle par durée de projet. Un projet suit le modèle de la durée la plus proche de la sienne."),
    (),
    [MILESTONES],
)
REMINDERS = PartPage(
    Part.REMINDERS,
    "rappels",
    _l("Rappels"),
    _l("Nombre de jours avant l’échéance. Vide : les rappels habituels."),
    [
        Group(
            _l("Jours avant l’échéance"),
            [
                Item("reminders.submission", Kind.DAYS, _l("Dépôt du dossier"), _l("D’habitude : 14, 3, 1."), most=120),
                Item("reminders.review", Kind.DAYS, _l("Lecture à rendre"), _l("D’habitude : 7, 2, 1."), most=120),
                Item(
                    "reminders.agreement", Kind.DAYS, _l("Convention à signer"), _l("D’habitude : 14, 7, 1."), most=120
                ),
                Item("reminders.report", Kind.DAYS, _l("Rapport à rendre"), _l("D’habitude : 30, 7, 1."), most=120),
            ],
        )
    ],
)
SUPPORT = PartPage(
    Part.ACCOMPANIMENT,
    "accompagnement",
    _l("Accompagnement"),
    _l("Ce que le réseau apporte à chaque projet retenu, et quand."),
    (),
    [ACCOMPANIMENT],
)
#: In the order of the side list; the form, which has pages of its own, stands after who may apply.
PAGES = (TEXT, DATES, AMOUNTS, CANDIDATES, PAPERS, RUBRIC, COMMITTEE, MAILS, PAYMENTS, STEPS, REMINDERS, SUPPORT)
BY_SLUG = {page.slug: page for page in PAGES}
