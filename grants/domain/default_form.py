"""The form of a call whose programme wrote none: that of an alliance of several kinds of actors."""

from grants.domain.forms import DocumentKind, Field, FieldKind, Form, Mark, Section, SectionKind

NOBODY: frozenset[Mark] = frozenset()
PERSON = frozenset({Mark.PERSONAL, Mark.BLIND})
PUBLIC = frozenset({Mark.PUBLIC})


def _line(key: str, label: str, hint: str = "", marks: frozenset[Mark] = NOBODY) -> Field:
    return Field(key, FieldKind.LINE, label, hint, 150, marks=marks)


def _text(key: str, label: str, hint: str, limit: int, marks: frozenset[Mark] = NOBODY) -> Field:
    return Field(key, FieldKind.TEXT, label, hint, limit, marks=marks)


_IDENTITY = (
    _line(
        "signatory_name",
        "Nom de la personne qui signe",
        "Représentante ou représentant légal, ou déléguée par écrit.",
        PERSON,
    ),
    _line("signatory_function", "Sa fonction", "Par exemple : présidente, trésorier.", PERSON),
    _line("contact_name", "Personne à contacter", marks=PERSON),
    Field("contact_phone", FieldKind.PHONE, "Téléphone", "Avec l’indicatif du pays hors de France.", 30, marks=PERSON),
)

_PROJECT = (
    _line("title", "Titre du projet", "Une ligne, telle qu’elle sera publiée.", PUBLIC),
    _line("theme", "Thème", marks=PUBLIC),
    _text("summary", "Résumé", "Ce que vous ferez, avec qui et pour quel changement.", 1000, PUBLIC),
    _text("context", "Contexte et enjeux partagés", "La situation de départ et l’enjeu commun aux partenaires.", 3000),
    _text("activities", "Objectifs et activités", "Les étapes, qui les mène, quand.", 3000),
    _text("alliance", "Alliance", "Le rôle de chaque partenaire dans la décision et dans l’action.", 3000),
    _text("learning", "Apprentissages", "Ce que vous saurez faire de plus, et comment vous le transmettrez.", 2000),
    _text("effects", "Effets attendus et suites", "Ce qui aura changé, et à quoi vous le verrez.", 2000),
    _text(
        "equality_climate", "Égalité femmes-hommes et climat", "Ce que ces deux enjeux changent dans vos choix.", 1500
    ),
    Field("starts_on", FieldKind.DAY, "Début du projet", "Par exemple : 12/03/2027.", 40),
    Field("ends_on", FieldKind.DAY, "Fin du projet", "Dernier jour du projet.", 40),
)

_DECLARATIONS = (
    Field(
        "exact",
        FieldKind.DECLARATION,
        "Je certifie exactes les informations de ce dossier",
        "L’organisation est à jour de ses obligations sociales et fiscales.",
    ),
    Field(
        "republican_commitment",
        FieldKind.DECLARATION,
        "L’organisation a souscrit le contrat d’engagement républicain",
        "Décret n° 2021-1947 du 31 décembre 2021.",
    ),
)

DEFAULT_FORM = Form(
    "2026-1",
    (
        Section("identity", "Signature et contact", _IDENTITY),
        Section("partners", "Partenaires du projet", kind=SectionKind.PARTNERS),
        Section("territories", "Territoires", kind=SectionKind.TERRITORIES),
        Section("project", "Le projet", _PROJECT),
        Section("budget", "Dépenses et ressources", kind=SectionKind.BUDGET),
        Section("documents", "Pièces à joindre", kind=SectionKind.DOCUMENTS),
        Section("declarations", "Engagements", _DECLARATIONS),
    ),
)


#: Kinds of documents a file may hold, with their French names.
DOCUMENT_LABELS = {
    "statutes": "Statuts signés",
    "accounts": "Comptes annuels approuvés",
    "bank_statement": "Relevé d’identité bancaire",
    "partner_letters": "Lettres d’engagement des partenaires",
    "cofunding_proof": "Justificatifs de cofinancement",
    "other": "Autre pièce",
}
REQUIRED_DOCUMENTS = ("statutes", "accounts", "bank_statement", "partner_letters")
PAPERS = frozenset({"statutes", "accounts", "bank_statement"})
DEFAULT_DOCUMENTS = tuple(
    DocumentKind(
        key, label, required=key in REQUIRED_DOCUMENTS, paper=key if key in PAPERS else "", blind=key in PAPERS
    )
    for key, label in DOCUMENT_LABELS.items()
)
