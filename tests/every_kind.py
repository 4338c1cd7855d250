"""A form with every kind of question, conditions and formulas among them, and a full set of answers: for tests of drafting."""

from sqlalchemy.orm import Session

from grants.domain.conditions import Answer, read_condition, read_formula
from grants.domain.forms import Choice, Field, FieldKind, Form, Mark, Section, SectionKind
from grants.domain.terms import read_terms, write_terms
from grants.models import Call, TermsText

K = FieldKind
YES_NO = (Choice("yes", "Oui"), Choice("no", "Non"))
MANY = tuple(Choice(f"c{n}", f"Choix {n}") for n in range(1, 10))

PROJECT = Section(
    "project",
    "Le projet",
    (
        Field(
            "lead_in",
            K.NOTE,
            "Avant de commencer",
            "Comptez une heure.",
            help="Réunissez vos partenaires.\n\nÉcrivez court.",
        ),
        Field(
            "title",
            K.LINE,
            "Titre du projet",
            "Une ligne, telle qu’elle sera publiée.",
            150,
            marks=frozenset({Mark.PUBLIC}),
        ),
        Field("summary", K.TEXT, "Résumé", "Ce que vous ferez, avec qui.", 400, help="Trois phrases suffisent."),
        Field("team", K.WHOLE, "Personnes engagées", least=1, most=500),
        Field("hectares", K.NUMBER, "Surface (hectares)", required=False),
        Field("cost", K.AMOUNT, "Coût total"),
        Field("asked", K.AMOUNT, "Montant demandé"),
        Field("rate", K.COMPUTED, "Part demandée (%)", formula=read_formula({"share": ["asked", "cost"]})),
        Field("women", K.PERCENT, "Part de femmes", required=False),
        Field("starts_on", K.DAY, "Début du projet", "Par exemple : 12/03/2027.", 40),
        Field("ends_on", K.DAY, "Fin du projet", "", 40),
        Field("months", K.COMPUTED, "Durée (mois)", formula=read_formula({"months": ["starts_on", "ends_on"]})),
    ),
)
PARTNERSHIP = Section(
    "partnership",
    "Avec qui, où",
    (
        Field(
            "kind",
            K.CHOICE,
            "Qui porte le projet ?",
            choices=(Choice("ngo", "Une association"), Choice("town", "Une commune")),
        ),
        Field(
            "postcode",
            K.POSTCODE,
            "Code postal de la commune",
            shown_if=read_condition({"field": "kind", "is": "town"}),
        ),
        Field("rna", K.RNA, "Numéro RNA", required=False, shown_if=read_condition({"field": "kind", "is": "ngo"})),
        Field("siret", K.SIRET, "SIRET", required=False),
        Field("theme", K.CHOICE, "Thème principal", choices=MANY),
        Field("themes", K.CHOICES, "Autres thèmes", "Deux au plus.", required=False, choices=MANY[:4], most=2),
        Field("country", K.COUNTRY, "Pays d’action"),
        Field("place", K.PLACE, "Territoire en France", required=False),
        Field("phone", K.PHONE, "Téléphone"),
        Field("email", K.EMAIL, "Adresse électronique", marks=frozenset({Mark.PERSONAL})),
        Field("site", K.LINK, "Site", required=False),
        Field(
            "people",
            K.GROUP,
            "Équipe du projet",
            "Une ligne par personne.",
            least=1,
            most=6,
            columns=(
                Field("name", K.LINE, "Nom", limit=80),
                Field("role", K.CHOICE, "Rôle", choices=(Choice("paid", "Salariat"), Choice("free", "Bénévolat"))),
                Field("hours", K.NUMBER, "Heures par mois", required=False),
            ),
        ),
        Field("hours", K.COMPUTED, "Heures en tout", formula=read_formula({"sum_of": ["people", "hours"]})),
        Field(
            "big",
            K.TEXT,
            "Comment l’équipe se coordonne",
            limit=300,
            shown_if=read_condition({"field": "hours", "at_least": "100"}),
        ),
        Field(
            "plan",
            K.TABLE,
            "Calendrier",
            rows=("Préparation", "Action", "Bilan"),
            columns=(Field("when", K.LINE, "Quand", limit=40), Field("what", K.LINE, "Quoi", required=False, limit=80)),
        ),
    ),
)
FINAL = Section(
    "final",
    "Engagements",
    (
        Field("exact", K.DECLARATION, "Je certifie exactes ces informations"),
        Field(
            "share",
            K.CONSENT,
            "J’accepte que le résumé soit publié",
            required=False,
            help="Texte du 1er janvier 2027.\n\nLe résumé paraît sur le site.",
        ),
    ),
)
TOWNS_ONLY = Section(
    "towns",
    "Pour les communes",
    (Field("council", K.DAY, "Date de la délibération", limit=40),),
    intro="Seules les communes répondent.",
    shown_if=read_condition({"field": "kind", "is": "town"}),
)
EVERY_KIND = Form(
    "every-kind", (PROJECT, PARTNERSHIP, TOWNS_ONLY, FINAL, Section("documents", "Pièces", kind=SectionKind.DOCUMENTS))
)

ANSWERS: dict[str, Answer] = {
    "title": "Deux rives",
    "summary": "Relier les pêcheurs de deux côtes.",
    "team": "12",
    "hectares": "3,5",
    "cost": "20 000",
    "asked": "10 000",
    "women": "55",
    "starts_on": "1er avril 2027",
    "ends_on": "30/09/2027",
    "kind": "ngo",
    "rna": "W751234567",
    "theme": "c3",
    "themes": ["c1", "c2"],
    "country": "SN",
    "place": "DEP-14",
    "phone": "02 98 00 00 00",
    "email": "awa@exemple.invalid",
    "site": "https://exemple.invalid/rives",
    "people": [
        {"name": "Awa Diop", "role": "paid", "hours": "70"},
        {"name": "Ibou Fall", "role": "free", "hours": "40,5"},
    ],
    "big": "Une réunion par semaine.",
    "plan": [{"when": "avril", "what": "Ateliers"}, {"when": "mai"}, {"when": "septembre"}],
    "exact": "yes",
    "share": "yes",
}


def give_form(session: Session, call: Call, form: Form = EVERY_KIND, **parts: object) -> None:
    """Have files of this call answer `form` from now on."""
    document = write_terms({"title": call.title}, form=form, documents=(), **parts)
    terms, faults = read_terms(document)
    assert not faults, faults
    session.add(TermsText(sha256=terms.sha256, content=document))
    session.flush()
    call.terms_sha256 = terms.sha256
    call.min_actor_kinds = call.min_territories_here = call.min_territories_there = 0
