"""Later dates for one organisation: granted before the deadline, confirmed by a second person after it."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Call
from grants.queries import waiver as queries
from grants.queries.call import by_slug
from grants.services import screening as service
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.forms import Form
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.moments import typed_moment
from grants.web.kit.responses import back, page, reasons_of
from grants.web.screening.blueprint import blueprint
from grants.workflow.actions import Action


class ExtensionForm(Form):
    """A later date for an organisation that writes a file."""

    organisation = SelectField(_l("Organisation"), validate_choice=False)
    due_on = StringField(_l("Nouvelle date limite"), description=_l("Par exemple : 12/03/2027."))
    due_time = StringField(_l("Heure"), description=_l("Heure de l’appel, par exemple 12:00."), default="12:00")
    reason = TextAreaField(_l("Motif"), description=_l("Gardé au journal de l’appel."), validators=[Length(max=4000)])


@blueprint.get("/gestion/appels/<slug>/prolongations")
@may(Action.SCREENING_EXTEND)
def extensions(slug: str) -> ResponseReturnValue:
    """The later dates of the call, and a form for another."""
    call = _call(slug)
    return _page(call, ExtensionForm(formdata=None))


@blueprint.post("/gestion/appels/<slug>/prolongations")
@may(Action.SCREENING_EXTEND)
def extend(slug: str) -> ResponseReturnValue:
    """Give an organisation a later date for the files that it is writing."""
    call, form = _call(slug), ExtensionForm()
    try:
        until = typed_moment(form.due_on.data or "", form.due_time.data or "", call.zone)
        granted = service.extend(
            actor=current_actor(),
            call=call.public_id,
            organisation=form.organisation.data or "",
            until_at=until,
            reason=form.reason.data or "",
        )
    except Invalid as error:
        form.accept_refusal(error)
        return _page(_call(slug), form, 422)
    except NotPossible as error:
        return _page(_call(slug), form, 409, reasons_of(error))
    if all(waiver.granted for waiver in granted):
        flash(_("Délai accordé : l’équipe candidate en est informée."), "ok")
    else:
        flash(_("La date limite est passée : une seconde personne du programme doit confirmer ce délai."), "warn")
    return back("screening.extensions", slug=slug)


@blueprint.post("/gestion/appels/<slug>/prolongations/<waiver>/<answer>")
@may(Action.SCREENING_GRANT_WAIVER, Action.SCREENING_REFUSE_WAIVER)
def answer_extension(slug: str, waiver: str, answer: str) -> ResponseReturnValue:
    """The second person confirms the date that was proposed, or does not."""
    call, words = _call(slug), request.form.get("answer", "")
    row = next(
        (one.waiver for one in queries.extensions_of(db.session(), call.id) if one.waiver.public_id == waiver), None
    )
    if row is None or answer not in ("accord", "refus"):
        raise NotFound(waiver)
    try:
        if answer == "accord":
            service.grant_waiver(actor=current_actor(), waiver=waiver, own_deadline_at=row.until_at, answer=words)
        else:
            service.refuse_waiver(actor=current_actor(), waiver=waiver, answer=words)
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return _page(_call(slug), ExtensionForm(formdata=None), status, reasons_of(error))
    flash(_("Réponse enregistrée."), "ok")
    return back("screening.extensions", slug=slug)


def _call(slug: str) -> Call:
    call = by_slug(db.session(), current_actor(), slug)
    if call.programme_id not in current_actor().manages:
        raise NotFound(slug)
    allow(Action.SCREENING_EXTEND, call)
    return call


def _page(
    call: Call, form: ExtensionForm, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    form.organisation.choices = queries.organisations_writing(session, call.id)
    return page(
        "screening/extensions.html",
        status,
        call=call,
        form=form,
        reasons=reasons or [],
        lines=queries.extensions_of(session, call.id),
        passed=call.closes_at is not None and now >= call.closes_at,
        me=current_actor().id,
    )
