"""Forms of the register."""

from wtforms import SelectField, StringField, TextAreaField

from grants.web.kit.countries import countries
from grants.web.kit.forms import Form
from grants.web.kit.language import lazy_gettext as _l


class OrganisationForm(Form):
    """One's own entry."""

    name = StringField(_l("Nom"), render_kw={"autocomplete": "organization"})
    legal_form = StringField(_l("Forme juridique"), description=_l("Par exemple : association loi 1901, syndicat."))
    country = SelectField(_l("Pays"), validate_choice=False)
    siret = StringField(_l("SIRET"), description=_l("14 chiffres, pour les organisations établies en France."))
    rna = StringField(
        _l("RNA"), description=_l("W et neuf chiffres. Un syndicat ou une association d’Alsace-Moselle n’en a pas.")
    )
    registration = StringField(
        _l("Autre registre"), description=_l("Numéro et registre, hors de France ou en Alsace-Moselle.")
    )
    address = TextAreaField(_l("Adresse"), description=_l("Une ligne par élément."), render_kw={"rows": 4})
    website = StringField(_l("Site"), render_kw={"inputmode": "url"})
    representative = StringField(_l("Représentée par"))
    representative_function = StringField(_l("Fonction"))

    def offer(self, language: str) -> "OrganisationForm":
        """Fill the list of countries in the reader's language."""
        self.country.choices = dict(countries(language))
        return self


class BankForm(Form):
    """New bank details."""

    holder = StringField(_l("Titulaire du compte"), description=_l("Le nom écrit sur le relevé d’identité bancaire."))
    iban = StringField("IBAN", render_kw={"autocomplete": "off", "spellcheck": "false", "size": 36})
    bic = StringField("BIC", render_kw={"autocomplete": "off", "spellcheck": "false", "size": 14})
