"""Forms of the screening pages: shapes only, the use cases judge the values."""

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from grants.web.kit.forms import Form
from grants.web.kit.language import lazy_gettext as _l


class ReturnForm(Form):
    """Give a file back to be mended."""

    sections = SelectMultipleField(
        _l("Rubriques à corriger"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    due_on = StringField(_l("À rendre avant le"), description=_l("Par exemple : 12/03/2027."))
    due_time = StringField(_l("Heure"), description=_l("Heure de l’appel, par exemple 18:00."), default="18:00")
    reason = TextAreaField(
        _l("Ce qu’il faut corriger"),
        description=_l("Repris tel quel dans le message envoyé à l’équipe candidate."),
        validators=[Length(max=4000)],
    )


class AnswerForm(Form):
    """Answer a waiver."""

    due_on = StringField(
        _l("Nouvelle date limite"), description=_l("Seulement pour accorder. Par exemple : 12/03/2027.")
    )
    due_time = StringField(_l("Heure"), default="12:00")
    answer = TextAreaField(_l("Motif de la réponse"), validators=[Length(max=4000)])
