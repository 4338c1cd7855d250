"""Forms of invitations and of registration: shapes only, the use cases judge the values."""

from wtforms import EmailField, PasswordField, SelectField, StringField

from grants.web.kit.forms import Form
from grants.web.kit.language import lazy_gettext as _l


class AcceptForm(Form):
    """Who comes in: a name and a new password."""

    name = StringField(_l("Vos prénom et nom"), render_kw={"autocomplete": "name"})
    password = PasswordField(
        _l("Mot de passe"),
        description=_l("12 caractères au moins. Une petite phrase se retient mieux qu’un mot compliqué."),
        render_kw={"autocomplete": "new-password"},
    )


class RegisterForm(Form):
    """The address that the link goes to."""

    email = EmailField(_l("Adresse électronique"), render_kw={"autocomplete": "email", "spellcheck": "false"})


class OfferForm(Form):
    """Somebody to ask in: `offer` is a role and what it is held for, as one value of the list."""

    offer = SelectField(_l("Pour quoi faire"), validate_choice=False)
    name = StringField(_l("Nom de la personne"), render_kw={"autocomplete": "off"})
    email = EmailField(_l("Adresse électronique"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    title = StringField(
        _l("Au titre de"), description=_l("Pour un comité : collectivité, membre du réseau, personne qualifiée…")
    )
