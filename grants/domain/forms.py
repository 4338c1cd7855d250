"""Form definitions as data, and what they ask for: the text fields and the special parts of an application file."""

from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """How a field is typed and read. Every answer is kept as text."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    PHONE = "phone"
    EMAIL = "email"
    DECLARATION = "declaration"


class SectionKind(StrEnum):
    """FIELDS: answers to its fields. The others are kept apart and have a page of their own."""

    FIELDS = "fields"
    PARTNERS = "partners"
    TERRITORIES = "territories"
    BUDGET = "budget"
    DOCUMENTS = "documents"


#: The answer of a declaration that was made; anything else is none.
ACCEPTED = "yes"


@dataclass(frozen=True)
class Field:
    """One question. `limit` counts code points, the same way in the browser and here; 0 where it has no meaning."""

    key: str
    kind: FieldKind
    label: str
    hint: str = ""
    limit: int = 0
    required: bool = True


@dataclass(frozen=True)
class Section:
    """One page of the form. Keys of fields are unique in the whole form."""

    key: str
    title: str
    fields: tuple[Field, ...] = ()
    kind: SectionKind = SectionKind.FIELDS


@dataclass(frozen=True)
class Form:
    """A version of a form; files remember the version that they are written with."""

    version: str
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """The section of a key; None where there is none."""
        return next((section for section in self.sections if section.key == key), None)

    def field(self, key: str) -> Field | None:
        """The field of a key; None where there is none."""
        return next((field for section in self.sections for field in section.fields if field.key == key), None)

    def section_of(self, field_key: str) -> Section | None:
        """The section that a field stands in; None where there is none."""
        return next((s for s in self.sections if any(field.key == field_key for field in s.fields)), None)


def _line(key: str, label: str, hint: str = "", *, limit: int = 150, required: bool = True) -> Field:
    return Field(key, FieldKind.LINE, label, hint, limit, required)


def _text(key: str, label: str, hint: str, limit: int, *, required: bool = True) -> Field:
    return Field(key, FieldKind.TEXT, label, hint, limit, required)


_IDENTITY = (
    _line(
        "signatory_name", "Nom de la personne qui signe", "Représentante ou représentant légal, ou déléguée par écrit."
    ),
    _line("signatory_function", "Sa fonction", "Par exemple : présidente, trésorier."),
    _line("contact_name", "Personne à contacter"),
    Field("contact_phone", FieldKind.PHONE, "Téléphone", "Avec l’indicatif du pays hors de France.", 30),
)

_PROJECT = (
    _line("title", "Titre du projet", "Une ligne, telle qu’elle sera publiée."),
    _line("theme", "Thème"),
    _text("summary", "Résumé", "Ce que vous ferez, avec qui et pour quel changement.", 1000),
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
FORMS = {form.version: form for form in (DEFAULT_FORM,)}

#: Kinds of documents a file may hold, with their French names.
DOCUMENT_LABELS = {
    "statutes": "Statuts signés",
    "accounts": "Comptes annuels approuvés",
    "bank_statement": "Relevé d’identité bancaire",
    "partner_letters": "Lettres d’engagement des partenaires",
    "other": "Autre pièce",
}
REQUIRED_DOCUMENTS = ("statutes", "accounts", "bank_statement", "partner_letters")
