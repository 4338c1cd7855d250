"""Forms of the sitting: shapes only, the use cases judge the values."""

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from grants.web.kit.forms import Form
from grants.web.kit.labels import REASON_CODES
from grants.web.kit.language import lazy_gettext as _l


class DecisionForm(Form):
    """What the committee decides about one file."""

    outcome = RadioField(
        _l("Décision du comité"),
        choices=[
            SelectChoice("awarded", _l("Retenu")),
            SelectChoice("awarded_with_conditions", _l("Retenu sous condition")),
            SelectChoice("reserve", _l("Liste d’attente")),
            SelectChoice("deferred", _l("Ajourné")),
            SelectChoice("rejected", _l("Non retenu")),
        ],
        validate_choice=False,
    )
    awarded_cents = StringField(_l("Montant accordé (€)"), description=_l("Seulement pour un dossier retenu."))
    conditions = TextAreaField(_l("Condition à lever"), validators=[Length(max=4000)])
    conditions_due_on = StringField(_l("À lever avant le"), description=_l("Par exemple : 31/01/2027."))
    reserve_rank = StringField(_l("Rang sur la liste d’attente"))
    reason_code = SelectField(
        _l("Raison principale"),
        choices=[SelectChoice("", "–"), *(SelectChoice(code, words) for code, words in REASON_CODES.items())],
        validate_choice=False,
    )
    motive = TextAreaField(
        _l("Motif, repris au procès-verbal"),
        description=_l("Repris dans la lettre envoyée à l’équipe candidate."),
        validators=[Length(max=4000)],
    )
    votes = StringField(_l("Vote"), description=_l("Par exemple : 5 pour, 1 abstention."), validators=[Length(max=60)])
