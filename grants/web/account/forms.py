"""Forms of the account pages: shapes only, the use cases judge the values."""

from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField

from grants.web.kit.forms import Form
from grants.web.kit.language import lazy_gettext as _l


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _l("Adresse électronique"), render_kw={"autocomplete": "username", "spellcheck": "false", "autofocus": True}
    )
    password = PasswordField(_l("Mot de passe"), render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class ConfirmForm(Form):
    """The password once more."""

    password = PasswordField(_l("Mot de passe"), render_kw={"autocomplete": "current-password", "autofocus": True})
    next = HiddenField()


class PasswordForm(Form):
    """A new password."""

    current_password = PasswordField(_l("Mot de passe actuel"), render_kw={"autocomplete": "current-password"})
    new_password = PasswordField(
        _l("Nouveau mot de passe"),
        description=_l("12 caractères au moins. Une petite phrase se retient mieux qu’un mot compliqué."),
        render_kw={"autocomplete": "new-password"},
    )


class IdentityForm(Form):
    """How others see me."""

    name = StringField(_l("Prénom et nom"), render_kw={"autocomplete": "name"})
    function = StringField(_l("Fonction"), render_kw={"autocomplete": "organization-title"})


class LanguageForm(Form):
    """The language of pages and mails."""

    language = RadioField(_l("Langue des pages et des messages"), choices={"fr": "Français", "en": "English"})
