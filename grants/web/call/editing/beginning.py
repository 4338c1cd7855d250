"""A new call: from nothing, or from an older one with its dates cleared or a year later."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from grants.db import db
from grants.domain.slugs import slug as address_of
from grants.errors import Invalid, Reason
from grants.queries.programme import call_for, calls_written, programmes_managed
from grants.services import call as use_cases
from grants.web.call.editing.declared import KINDS
from grants.web.call.views import blueprint
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.forms import Form
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action


class BeginForm(Form):
    """What a call cannot be begun without."""

    programme = SelectField(_l("Programme"), validate_choice=False)
    title = StringField(_l("Titre"), validators=[Length(max=200)])
    edition = StringField(_l("Édition"), description=_l("Par exemple : 2027."), validators=[Length(max=20)])
    slug = StringField(
        _l("Adresse de la page"),
        description=_l(
            "La fin de l’adresse publique. Vide : faite du titre et de l’édition. Elle ne change plus ensuite."
        ),
        validators=[Length(max=80)],
    )
    kind = SelectField(
        _l("Type d’appel"),
        choices=[SelectChoice(value=value, label=words) for value, words in KINDS],
        default="members_only",
        validate_choice=False,
    )
    start = SelectField(
        _l("Partir de"),
        description=_l("Un appel plus ancien se reprend tout entier : texte, formulaire, grille, règles."),
        validate_choice=False,
    )
    dates = RadioField(
        _l("Les dates de l’appel repris"),
        choices=[
            SelectChoice(value="cleared", label=_l("à fixer de nouveau")),
            SelectChoice(value="later", label=_l("un an plus tard, à relire")),
        ],
        default="cleared",
        validate_choice=False,
    )


@blueprint.get("/gestion/appels/nouveau")
@may(Action.CALL_BEGIN, whole=True)
def begin() -> ResponseReturnValue:
    """Title, edition, address, kind, and what to start from."""
    return _page(BeginForm.empty(start=request.args.get("depuis", "")))


@blueprint.post("/gestion/appels/nouveau")
@may(Action.CALL_BEGIN, whole=True)
def create() -> ResponseReturnValue:
    """Begin the call, and go to its text."""
    form = BeginForm()
    title, edition = str(form.title.data or "").strip(), str(form.edition.data or "").strip()
    empty = {name: Reason("empty") for name, text in (("title", title), ("edition", edition)) if not text}
    if empty or not form.validate():
        form.accept_refusal(Invalid(empty))
        return _page(form, 422)
    try:
        slug = _copied(form, title, edition) if form.start.data else _blank(form, title, edition)
    except Invalid as refused:
        form.accept_refusal(refused)
        return _page(form, 422)
    flash(_("L’appel est créé en brouillon : seule votre équipe le voit."), "ok")
    return back("call.part", slug=slug, part="texte")


def _blank(form: BeginForm, title: str, edition: str) -> str:
    row = use_cases.draft(
        actor=current_actor(),
        programme=str(form.programme.data or ""),
        values={
            "slug": _address(form, title, edition),
            "title": title,
            "edition": edition,
            "kind": form.kind.data,
        },
    )
    return row.slug


def _copied(form: BeginForm, title: str, edition: str) -> str:
    source = call_for(db.session(), current_actor(), str(form.start.data))
    allow(Action.CALL_DRAFT, source)
    row = use_cases.clone(
        actor=current_actor(),
        call=source.public_id,
        title=title,
        edition=edition,
        slug=_address(form, title, edition),
        later=form.dates.data == "later",
    )
    return row.slug


def _address(form: BeginForm, title: str, edition: str) -> str:
    typed = str(form.slug.data or "").strip()
    return address_of(typed or (title if edition in title else f"{title} {edition}"))


def _page(form: BeginForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    programmes = programmes_managed(session, actor)
    form.programme.choices = {row.public_id: row.name for row in programmes}
    older = calls_written(session, actor)
    form.start.choices = {"": _("une page blanche"), **{row.slug: f"{row.title} ({row.edition})" for row in older}}
    return page("call/edit/begin.html", status, form=form, programmes=programmes, older=older)
