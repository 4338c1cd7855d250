"""Forms of the project pages."""

from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from grants.web.kit.days import DayField
from grants.web.kit.forms import Form
from grants.web.kit.language import lazy_gettext as _l


class SignatureForm(Form):
    """The day on which both parties had signed."""

    signed_on = DayField(_l("Signée le"), description=_l("Par exemple : 16/02/2026."))


class MilestoneForm(Form):
    """The day on which a step was reached."""

    reached_on = DayField(_l("Atteint le"))


class SessionForm(Form):
    """A session of accompaniment."""

    held_on = DayField(_l("Date de la séance"), description=_l("Par exemple : 12/11/2026."))
    minutes = IntegerField(
        _l("Durée en minutes"),
        validators=[
            InputRequired(_l("Indiquez la durée en minutes.")),
            NumberRange(1, 1440, _l("Indiquez une durée entre 1 et 1 440 minutes.")),
        ],
    )
    topic = StringField(
        _l("Ce qui a été travaillé"),
        validators=[InputRequired(_l("Dites en une ligne ce qui a été travaillé.")), Length(max=200)],
    )
    collective = BooleanField(_l("Séance collective, avec d’autres projets"))
    note = TextAreaField(_l("Compte rendu"), validators=[Length(max=4000)])


class AmendmentForm(Form):
    """More time, without more money."""

    extra_months = IntegerField(
        _l("Mois supplémentaires"),
        description=_l("La subvention ne change pas."),
        validators=[
            InputRequired(_l("Indiquez un nombre de mois.")),
            NumberRange(1, 24, _l("Choisissez un nombre de mois entre 1 et 24.")),
        ],
    )
    reason = TextAreaField(
        _l("Pourquoi"),
        description=_l("Ce qui a changé, et ce que ce temps permettra."),
        validators=[InputRequired(_l("Dites pourquoi.")), Length(max=3000)],
    )


class AmountForm(Form):
    """A lower award, and why."""

    amount = StringField(_l("Nouveau montant (€)"))
    reason = TextAreaField(_l("Motif"), validators=[InputRequired(_l("Indiquez un motif.")), Length(max=3000)])


class ReasonForm(Form):
    """A decision that needs its reason."""

    reason = TextAreaField(_l("Motif"), validators=[InputRequired(_l("Indiquez un motif.")), Length(max=3000)])
