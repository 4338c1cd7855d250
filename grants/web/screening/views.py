"""The page on which a file is judged."""

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Attachment
from grants.queries import screening as queries
from grants.queries.consortium import operators_of
from grants.queries.copies import standings
from grants.queries.desk import staff_files
from grants.queries.eligibility import in_grace
from grants.queries.reading import file_for, reading_of
from grants.queries.review import reviews_of
from grants.queries.terms import form_of
from grants.services import screening as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.labels import label_of_act, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.moments import typed_moment
from grants.web.kit.responses import back, page, reasons_of
from grants.web.screening.blueprint import blueprint
from grants.web.screening.forms import AnswerForm, ReturnForm
from grants.web.screening.pages import judging
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState

READ = Action.SCREENING_READ
BEFORE_DECISION = (ApplicationState.IN_REVIEW, ApplicationState.IN_DELIBERATION)
OUT = {
    "ineligible": (Action.SCREENING_DECLARE_INELIGIBLE, service.declare_ineligible),
    "irrecevable": (Action.SCREENING_DECLARE_INADMISSIBLE, service.declare_inadmissible),
}


def _file(public_id: str) -> Application:
    """The file, for those who follow it for the programme or audit it."""
    return file_for(db.session(), current_actor(), public_id, staff_files)


def _attachment_url(application: Application):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- for a template
    def address(document: Attachment) -> str:
        return url_for("application.read_attachment", public_id=application.public_id, attachment=document.public_id)

    return address if "application.read_attachment" in current_app.view_functions else None


def show_with(public_id: str, status: int = 200, **context: object) -> ResponseReturnValue:
    """The page of the file, with what a refusal adds to it."""
    session, actor, now = db.session(), current_actor(), clock.now()
    file = _file(public_id)
    allow(READ, file)
    told = judging(session, file, now)
    waivers = queries.waivers_of(session, file.id) if told.waivers else []
    return page(
        "screening/show.html",
        status,
        **{
            "file": file,
            "call": file.call,
            "reading": reading_of(file, whole=True),
            "judging": told,
            "waivers": waivers,
            "operators": operators_of(session, file) if file.call.operator_required else [],
            "names": {rule.key: rule.name for rule in told.rules},
            "answer": AnswerForm(formdata=None),
            "history": [
                {
                    "title": label_of_act(entry.action),
                    "at": entry.at,
                    "who": who,
                    "detail": entry.body.get("reason", ""),
                }
                for entry, who in queries.history_of(session, file)
            ],
            "reviews": reviews_of(session, actor, file.id),
            "returns": file.state in BEFORE_DECISION and permits(Action.REVIEW_RETURN, file),
            "document_url": _attachment_url(file),
            "copies": standings(session, file),
            "settles": permits(Action.SCREENING_SETTLE_COPY, file),
            "copy_reasons": {},
            "why_withheld": lambda reason: sentence(Reason(f"copy_{reason}")),
            "typed": {},
            "grace": file.submitted_at is not None and in_grace(file, file.submitted_at),
            "officer": queries.officer_of(session, file),
            "mine": file.officer_id == actor.id,
            **context,
        },
    )


@blueprint.get("/gestion/candidatures/<public_id>")
@may(READ)
def show(public_id: str) -> ResponseReturnValue:
    """The whole file, its checks and the next legal step."""
    return show_with(public_id)


@blueprint.post("/gestion/candidatures/<public_id>/verifications")
@may(Action.SCREENING_CHECK)
def run_checks(public_id: str) -> ResponseReturnValue:
    """Record what the rules find by themselves."""
    service.run_checks(actor=current_actor(), application=public_id)
    flash(_("Vérifications automatiques enregistrées."), "ok")
    return back("screening.show", public_id=public_id, _anchor="verifications")


@blueprint.post("/gestion/candidatures/<public_id>/verifications/<rule>")
@may(Action.SCREENING_CHECK)
def check(public_id: str, rule: str) -> ResponseReturnValue:
    """Confirm or correct the verdict on one rule."""
    outcome, comment = request.form.get("outcome", ""), request.form.get("comment", "")
    try:
        service.check(actor=current_actor(), application=public_id, rule=rule, outcome=outcome, comment=comment)
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        typed = {"rule": rule, "outcome": outcome, "comment": comment}
        return show_with(public_id, status, reasons=reasons_of(error), typed=typed)
    flash(_("Vérification enregistrée."), "ok")
    return back("screening.show", public_id=public_id, _anchor=f"regle-{rule}")


@blueprint.post("/gestion/candidatures/<public_id>/prise-en-charge")
@may(Action.SCREENING_TAKE)
def take(public_id: str) -> ResponseReturnValue:
    """Take charge of the file."""
    service.take(actor=current_actor(), application=public_id)
    flash(_("Ce dossier est maintenant dans votre liste."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.post("/gestion/candidatures/<public_id>/derogations")
@may(Action.SCREENING_PROPOSE_WAIVER)
def propose_waiver(public_id: str) -> ResponseReturnValue:
    """Propose to lift a rule that the file does not meet; somebody else answers."""
    rule, reason = request.form.get("rule", ""), request.form.get("reason", "")
    try:
        service.propose_waiver(actor=current_actor(), application=public_id, rule=rule, reason=reason)
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return show_with(public_id, status, reasons=reasons_of(error), proposed={"rule": rule, "reason": reason})
    flash(_("Dérogation proposée : une autre personne du programme doit y répondre."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.post("/gestion/candidatures/<public_id>/eligible")
@may(Action.SCREENING_DECLARE_ELIGIBLE)
def declare_eligible(public_id: str) -> ResponseReturnValue:
    """Let the file through to the committee."""
    try:
        service.declare_eligible(actor=current_actor(), application=public_id)
    except NotPossible as error:
        return show_with(public_id, 409, reasons=reasons_of(error))
    flash(_("Dossier éligible : l’équipe candidate en est informée."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.get("/gestion/candidatures/<public_id>/sortie/<verdict>")
@may(*(action for action, _declare in OUT.values()))
def confirm_out(public_id: str, verdict: str) -> ResponseReturnValue:
    """What closing the file will send, before it is done."""
    file = _file(public_id)
    action, _declare = _out(verdict)
    allow(action, file)
    told = judging(db.session(), file, clock.now())
    kind = "admissibility" if verdict == "irrecevable" else "eligibility"
    failed = [rule for rule in told.rules if rule.outcome == "fail" and rule.kind == kind]
    return page("screening/confirm.html", file=file, verdict=verdict, action=action, failed=failed)


@blueprint.post("/gestion/candidatures/<public_id>/sortie/<verdict>")
@may(*(action for action, _declare in OUT.values()))
def declare_out(public_id: str, verdict: str) -> ResponseReturnValue:
    """Close the file on its form or on its substance; the letter leaves."""
    _action, declare = _out(verdict)
    try:
        declare(actor=current_actor(), application=public_id)
    except NotPossible as error:
        return show_with(public_id, 409, reasons=reasons_of(error))
    flash(_("Dossier clos : la lettre part avec ses raisons."), "ok")
    return back("screening.show", public_id=public_id)


def _out(verdict: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- the pair of OUT
    if verdict not in OUT:
        raise NotFound(verdict)
    return OUT[verdict]


@blueprint.get("/gestion/candidatures/<public_id>/retour")
@may(Action.SCREENING_RETURN)
def return_page(public_id: str) -> ResponseReturnValue:
    """Which sections, until when, why."""
    file = _file(public_id)
    allow(Action.SCREENING_RETURN, file)
    return _return_page(file, ReturnForm(formdata=None))


def _return_page(
    file: Application, form: ReturnForm, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    form.sections.choices = {section.key: _(section.title) for section in form_of(file).sections}
    return page("screening/return.html", status, file=file, form=form, reasons=reasons or [])


@blueprint.post("/gestion/candidatures/<public_id>/retour")
@may(Action.SCREENING_RETURN)
def return_for_correction(public_id: str) -> ResponseReturnValue:
    """Give the file back to be mended."""
    file = _file(public_id)
    allow(Action.SCREENING_RETURN, file)
    form = ReturnForm()
    zone, sections = file.call.zone, request.form.getlist("sections")
    try:
        due_at = typed_moment(form.due_on.data or "", form.due_time.data or "", zone)
        service.return_for_correction(
            actor=current_actor(),
            application=public_id,
            sections=sections,
            due_at=due_at,
            reason=form.reason.data or "",
        )
    except Invalid as error:
        form.accept_refusal(error)
        return _return_page(_file(public_id), form, 422)
    except NotPossible as error:
        return _return_page(_file(public_id), form, 409, reasons_of(error))
    flash(_("Demande de corrections envoyée à l’équipe candidate."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.get("/gestion/candidatures/<public_id>/reprise")
@may(Action.SCREENING_REOPEN)
def reopen_page(public_id: str) -> ResponseReturnValue:
    """Why the file is taken back into screening."""
    file = _file(public_id)
    allow(Action.SCREENING_REOPEN, file)
    return page("screening/reopen.html", file=file, reasons=[], typed="")


@blueprint.post("/gestion/candidatures/<public_id>/reprise")
@may(Action.SCREENING_REOPEN)
def reopen(public_id: str) -> ResponseReturnValue:
    """Take the file back into screening."""
    reason = request.form.get("reason", "")
    try:
        service.reopen(actor=current_actor(), application=public_id, reason=reason)
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return page("screening/reopen.html", status, file=_file(public_id), reasons=reasons_of(error), typed=reason)
    flash(_("Examen repris."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.post("/gestion/candidatures/<public_id>/derogations/<waiver>/<answer>")
@may(Action.SCREENING_GRANT_WAIVER, Action.SCREENING_REFUSE_WAIVER)
def answer_waiver(public_id: str, waiver: str, answer: str) -> ResponseReturnValue:
    """Grant or refuse a waiver."""
    file, form = _file(public_id), AnswerForm(formdata=MultiDict(request.form))
    words = form.answer.data or ""
    if waiver not in {row.public_id for row, _asked, _answered in queries.waivers_of(db.session(), file.id)}:
        raise NotFound(waiver)
    try:
        if answer == "accord":
            until = typed_moment(form.due_on.data or "", form.due_time.data or "", file.call.zone)
            service.grant_waiver(actor=current_actor(), waiver=waiver, own_deadline_at=until, answer=words)
        elif answer == "refus":
            service.refuse_waiver(actor=current_actor(), waiver=waiver, answer=words)
        else:
            raise NotFound(answer)
    except (Invalid, NotPossible) as error:
        if isinstance(error, Invalid):
            form.accept_refusal(error)
        status = 422 if isinstance(error, Invalid) else 409
        return show_with(public_id, status, reasons=reasons_of(error), answer=form)
    flash(_("Réponse envoyée à l’équipe candidate."), "ok")
    return back("screening.show", public_id=public_id)
