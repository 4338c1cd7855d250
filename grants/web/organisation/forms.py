"""Forms of the register."""

from typing import Any

from wtforms import EmailField, FileField, RadioField, SelectField, StringField, TextAreaField

from grants.errors import Invalid, Reason
from grants.web.kit.countries import countries
from grants.web.kit.forms import Form, worded
from grants.web.kit.labels import ACTOR_KINDS, VAT_REGIMES
from grants.web.kit.language import lazy_gettext as _l

# what a wrong identifier says, with its example, whatever is wrong about it
FORMS = {"siret": "siret_form", "rna": "rna_form", "vat_number": "vat_number_form"}
ABROAD = frozenset({"register_name", "register_number"})
PASSPORT = (
    *(
        "name",
        "legal_form",
        "founded_on",
        "country",
        "siret",
        "rna",
        "court",
        "volume",
        "folio",
        "entered",
        "department",
    ),
    *("register_name", "register_number", "vat_regime", "vat_number", "website", "representative"),
    *("representative_function", "employees", "volunteers"),
)


MAY_BE = {
    "applicant_member": _l("Écrire les dossiers"),
    "applicant_lead": _l("Écrire, déposer et inviter : responsable de l’organisation"),
}


class OrganisationForm(Form):
    """One's own entry."""

    name = StringField(_l("Nom"), render_kw={"autocomplete": "organization"})
    legal_form = StringField(_l("Forme juridique"), description=_l("Par exemple : association loi 1901, syndicat."))
    founded_on = StringField(
        _l("Existe depuis le"),
        description=_l(
            "Date de déclaration ou d’enregistrement, par exemple 12/03/2015. Des appels demandent une ancienneté."
        ),
    )
    country = SelectField(_l("Pays"), validate_choice=False)
    siret = StringField(
        _l("SIRET"), description=_l("14 chiffres, pour les organisations établies en France. 732 829 320 00074.")
    )
    rna = StringField(
        _l("RNA"),
        description=_l(
            "W et neuf signes, pour une association déclarée. Un syndicat ou une association d’Alsace-Moselle n’en a pas."
        ),
    )
    court = StringField(_l("Tribunal"), description=_l("Par exemple : Strasbourg."))
    volume = StringField(_l("Volume"))
    folio = StringField(_l("Folio"))
    entered = StringField(_l("Date d’inscription"), description=_l("Comme sur l’extrait : 12/03/2015."))
    department = StringField(_l("Département du siège"), description=_l("57, 67 ou 68."), render_kw={"size": 4})
    register_name = StringField(_l("Nom du registre"), description=_l("Par exemple : Registre des associations."))
    register_number = StringField(_l("Numéro dans ce registre"))
    vat_regime = RadioField(
        _l("TVA"),
        description=_l("Elle décide si le budget s’écrit hors taxes ou toutes taxes comprises."),
        choices=worded(VAT_REGIMES),
        validate_choice=False,
    )
    vat_number = StringField(_l("Numéro de TVA"), description=_l("Par exemple : FR83404833048."))
    address = TextAreaField(_l("Adresse"), description=_l("Une ligne par élément."), render_kw={"rows": 4})
    website = StringField(_l("Site"), render_kw={"inputmode": "url"})
    representative = StringField(_l("Représentée par"))
    representative_function = StringField(_l("Fonction"))
    employees = StringField(_l("Personnes salariées"), render_kw={"inputmode": "numeric", "size": 8})
    volunteers = StringField(_l("Bénévoles actifs"), render_kw={"inputmode": "numeric", "size": 8})

    def offer(self, language: str) -> "OrganisationForm":
        """Fill the list of countries in the reader's language."""
        self.country.choices = dict(countries(language))
        return self

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed, by column."""
        return {name: self[name].data or "" for name in PASSPORT} | {
            "address_lines": (self.address.data or "").splitlines()
        }

    def accept_refusal(self, error: Invalid) -> None:
        """Each problem under its field, in the words of that field, with an example."""
        problems = {name: _worded(name, reason) for name, reason in error.problems.items()}
        if "address_lines" in problems:
            problems["address"] = problems.pop("address_lines")
        super().accept_refusal(Invalid(problems))


class FoundingForm(OrganisationForm):
    """One's own organisation, entered for the first time."""

    actor_kind = SelectField(_l("Nature d’acteur"), validate_choice=False)

    def offer(self, language: str) -> "FoundingForm":
        """Fill the lists of choices in the reader's language."""
        super().offer(language)
        self.actor_kind.choices = {kind: str(words) for kind, words in ACTOR_KINDS.items()}
        return self


def _worded(name: str, reason: Reason) -> Reason:
    if reason.code == "department":
        return Reason("register_department")
    if reason.code == "incomplete":
        return Reason("register_foreign_incomplete" if name in ABROAD else "register_incomplete")
    if name == "vat_number" and reason.code == "siren":
        return Reason("vat_number_siren")
    if name in FORMS and not reason.code.endswith("_in_use"):
        return Reason(FORMS[name])
    return reason


class BankForm(Form):
    """New bank details."""

    holder = StringField(_l("Titulaire du compte"), description=_l("Le nom écrit sur le relevé d’identité bancaire."))
    iban = StringField("IBAN", render_kw={"autocomplete": "off", "spellcheck": "false", "size": 36})
    bic = StringField("BIC", render_kw={"autocomplete": "off", "spellcheck": "false", "size": 14})


class InviteForm(Form):
    """Somebody who is to write for the organisation."""

    name = StringField(_l("Nom de la personne"), render_kw={"autocomplete": "off"})
    email = EmailField(_l("Adresse électronique"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    role = RadioField(
        _l("Elle pourra"),
        choices=worded(MAY_BE),
        validate_choice=False,
    )


class PaperForm(Form):
    """A paper of the passport."""

    kind = SelectField(_l("Pièce"), validate_choice=False)
    year = StringField(
        _l("Année"),
        description=_l("Pour les comptes et les rapports annuels."),
        render_kw={"inputmode": "numeric", "size": 6},
    )
    issued_on = StringField(_l("Date de la pièce"), description=_l("Par exemple : 12/03/2026."), render_kw={"size": 14})
    valid_until_on = StringField(
        _l("Valable jusqu’au"),
        description=_l("Sinon, la durée habituelle de cette pièce s’applique."),
        render_kw={"size": 14},
    )
    file = FileField(
        _l("Fichier"), description=_l("PDF, JPG, PNG, DOCX, XLSX, ODT ou ODS, 20 Mo. Une photo nette suffit.")
    )


class MembershipForm(Form):
    """A period in a network."""

    programme = SelectField(_l("Réseau"), validate_choice=False)
    joined_on = StringField(_l("Membre depuis le"), description=_l("Par exemple : 01/01/2026."), render_kw={"size": 14})
    good_standing_until_on = StringField(
        _l("À jour jusqu’au"), description=_l("Vide : sans limite."), render_kw={"size": 14}
    )


class EntryForm(Form):
    """An organisation entered by the programme: the least; its lead completes the passport."""

    name = StringField(_l("Nom"), render_kw={"autocomplete": "off"})
    actor_kind = SelectField(_l("Nature d’acteur"), validate_choice=False)
    country = SelectField(_l("Pays"), validate_choice=False)
    siret = StringField(_l("SIRET"), description=_l("14 chiffres, pour une organisation établie en France."))

    def offer(self, language: str) -> "EntryForm":
        """Fill the lists of choices in the reader's language."""
        self.country.choices = dict(countries(language))
        self.actor_kind.choices = {kind: str(words) for kind, words in ACTOR_KINDS.items()}
        return self

    def accept_refusal(self, error: Invalid) -> None:
        """Each problem under its field, in the words of that field."""
        super().accept_refusal(Invalid({name: _worded(name, reason) for name, reason in error.problems.items()}))
