"""Forms of the applicant's pages. A draft refuses nothing: these give shapes to fields, the file says what it lacks."""

from wtforms import (
    EmailField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from grants.web.kit.countries import countries
from grants.web.kit.forms import Form, worded
from grants.web.kit.labels import ACTOR_KINDS, PARTS
from grants.web.kit.language import lazy_gettext as _l


class PartnerForm(Form):
    """A partner of the project."""

    part = RadioField(_l("Place dans le projet"), choices=worded(PARTS), validate_choice=False)
    name = StringField(_l("Nom de l’organisation"), render_kw={"autocomplete": "off"})
    actor_kind = SelectField(_l("Nature d’acteur"), validate_choice=False)
    country = SelectField(_l("Pays"), validate_choice=False)
    role = TextAreaField(
        _l("Rôle dans le projet"),
        description=_l("Ce qu’elle décide, ce qu’elle fait, ce qu’elle apporte."),
        validators=[Length(max=2000)],
        render_kw={"rows": 3},
    )
    contact_name = StringField(_l("Personne à qui écrire"), render_kw={"autocomplete": "off"})
    contact_email = EmailField(
        _l("Son adresse électronique"),
        description=_l("Elle reçoit la demande d’attestation ; aucun compte ne lui est demandé."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def offer(self, language: str) -> "PartnerForm":
        """Fill the lists of choices in the reader's language."""
        self.actor_kind.choices = {
            "": str(_l("Choisissez")),
            **{kind: str(words) for kind, words in ACTOR_KINDS.items()},
        }
        self.country.choices = dict(countries(language))
        return self


class DocumentForm(Form):
    """A file of one kind."""

    kind = HiddenField()
    file = FileField(_l("Choisir un fichier"))


class WaiverForm(Form):
    """Why the file came late."""

    reason = TextAreaField(
        _l("Ce qui s’est passé"),
        description=_l("Les faits, avec les heures. Joignez plus tard une preuve si l’équipe la demande."),
        validators=[Length(max=2000)],
        render_kw={"rows": 6},
    )


class AttestForm(Form):
    """Who attests, and what was shown: its fingerprint."""

    name = StringField(_l("Vos prénom et nom"), render_kw={"autocomplete": "name"})
    function = StringField(_l("Votre fonction"), render_kw={"autocomplete": "organization-title"})
    seen = HiddenField()


class HelperForm(Form):
    """Somebody from outside who is to write this file."""

    name = StringField(_l("Nom de la personne"), render_kw={"autocomplete": "off"})
    email = EmailField(_l("Adresse électronique"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    partner = SelectField(_l("Pour quel partenaire"), validate_choice=False)
