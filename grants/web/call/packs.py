"""Call packs on the pages: begin from a model or from a file, take a call away as a file."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from grants.db import db
from grants.errors import Invalid, NotFound, Reason
from grants.exchange.call_pack import LARGEST, MEDIA_TYPE, SUFFIX
from grants.exchange.shipped_packs import content_of, shipped
from grants.queries.programme import call_for, programmes_managed
from grants.services import call as use_cases
from grants.web.call.views import blueprint
from grants.web.kit.access import current_actor, may
from grants.web.kit.downloads import saved_file
from grants.web.kit.forms import Form
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action


class PackForm(Form):
    """Where the call goes, and the file when it is none of ours."""

    programme = SelectField(_l("Programme"), validate_choice=False)
    edition = StringField(
        _l("Édition"),
        description=_l("Par exemple 2027. Laissez vide pour garder celle du modèle."),
        render_kw={"size": 12},
    )
    file = FileField(
        _l("Fichier d’un appel"),
        description=_l("Un fichier .palabre.json, exporté d’une autre installation."),
        render_kw={"accept": ".json,application/json"},
    )


@blueprint.get("/gestion/appels/modeles")
@may(Action.CALL_BEGIN, whole=True)
def models() -> ResponseReturnValue:
    """The models that come with the product, and the door for a file."""
    return _models_page(PackForm(formdata=None))


@blueprint.post("/gestion/appels/modeles")
@may(Action.CALL_BEGIN, whole=True)
def bring() -> ResponseReturnValue:
    """Begin a call from a model, or from the file that was given."""
    form = PackForm()
    content = _content(form)
    if content is None:
        form.accept_refusal(Invalid({"file": Reason("pack_missing")}))
        return _models_page(form, 422)
    try:
        row = use_cases.bring(
            actor=current_actor(),
            programme=str(form.programme.data or ""),
            content=content,
            edition=(form.edition.data or "").strip(),
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        others = {name: reason for name, reason in refused.problems.items() if name not in form}
        return _models_page(form, 422, reasons_of(Invalid(others)) if others else [])
    flash(_("L’appel est créé en brouillon. Complétez-le, puis publiez-le."), "ok")
    return back("programme.oversee", slug=row.slug)


@blueprint.get("/gestion/appels/<slug>/modele")
@may(Action.CALL_DRAFT)
def export(slug: str) -> ResponseReturnValue:
    """The call as one file."""
    session, actor = db.session(), current_actor()
    call = call_for(session, actor, slug)
    return saved_file(use_cases.export(session, actor=actor, call=call.public_id), f"{slug}{SUFFIX}", MEDIA_TYPE)


def _content(form: PackForm) -> bytes | None:
    key = request.form.get("modele", "")
    if key:
        content = content_of(key)
        if content is None:
            raise NotFound(key)
        return content
    given = form.file.data
    return given.read(LARGEST + 1) if given is not None and given.filename else None


def _models_page(
    form: PackForm, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    programmes = programmes_managed(db.session(), current_actor())
    form.programme.choices = {row.public_id: row.name for row in programmes}
    return page(
        "call/models.html",
        status,
        form=form,
        packs=list(shipped().items()),
        programmes=programmes,
        reasons=reasons or [],
    )
