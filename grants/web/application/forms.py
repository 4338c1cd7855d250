"""Forms of the applicant's pages. A draft refuses nothing: these give shapes to fields, the file says what it lacks."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from grants.domain import forms as asked
from grants.domain.forms import ACCEPTED, FieldKind, Section
from grants.web.kit.countries import countries
from grants.web.kit.forms import Form
from grants.web.kit.labels import ACTOR_KINDS
from grants.web.kit.language import lazy_gettext as _l

FIELDS: dict[FieldKind, type[Field]] = {
    FieldKind.LINE: StringField,
    FieldKind.TEXT: TextAreaField,
    FieldKind.DAY: StringField,
    FieldKind.PHONE: TelField,
    FieldKind.EMAIL: EmailField,
    FieldKind.DECLARATION: BooleanField,
}
LONG_TEXT = 1500


class SectionForm(Form):
    """The questions of one section; its fields are added from the form's definition."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


def section_form(section: Section, answers: dict[str, Any] | None = None, version: int | None = None) -> SectionForm:
    """A form with the section's fields: filled from `answers`, or from the request when None."""
    fields = {field.key: _field(field) for field in section.fields}
    kind: type[SectionForm] = type("FilledSection", (SectionForm,), fields)
    if answers is None:
        return kind()
    values = {
        field.key: answers.get(field.key, "") == ACCEPTED
        if field.kind is FieldKind.DECLARATION
        else answers.get(field.key, "")
        for field in section.fields
    }
    return kind(formdata=None, version=version, **values)


def answers_of(form: SectionForm, section: Section) -> dict[str, str]:
    """What was typed, by field key."""
    found: dict[str, str] = {}
    for field in section.fields:
        typed = form[field.key].data
        found[field.key] = (ACCEPTED if typed else "") if field.kind is FieldKind.DECLARATION else (typed or "")
    return found


def _field(question: asked.Field) -> Field:
    looks: dict[str, object] = {}
    if question.kind is FieldKind.TEXT:
        looks["rows"] = 10 if question.limit > LONG_TEXT else 6
    if question.kind is FieldKind.DAY:
        looks |= {"inputmode": "numeric", "size": 14, "autocomplete": "off"}
    length = [Length(max=question.limit)] if question.limit else []
    return FIELDS[question.kind](
        _l(question.label),
        description=_l(question.hint) if question.hint else "",
        validators=[Optional(), *length],
        render_kw=looks or None,
    )


class PartnerForm(Form):
    """A partner of the project."""

    name = StringField(_l("Nom de l’organisation"), render_kw={"autocomplete": "off"})
    actor_kind = SelectField(_l("Nature d’acteur"), validate_choice=False)
    country = SelectField(_l("Pays"), validate_choice=False)
    role = TextAreaField(
        _l("Rôle dans le projet"),
        description=_l("Ce qu’elle décide, ce qu’elle fait, ce qu’elle apporte."),
        validators=[Length(max=2000)],
        render_kw={"rows": 3},
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
