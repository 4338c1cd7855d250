"""Conducting a project: steps reached, sessions of accompaniment, pauses, the end."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.money import AmountError, parse_amount
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Milestone, Project
from grants.queries.visibility import one_for
from grants.services import project as services
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of, redraw
from grants.web.project import blueprint
from grants.web.project.forms import AmountForm, MilestoneForm, ReasonForm, SessionForm
from grants.web.project.views import overview_page
from grants.workflow.actions import Action

#: What asks for a reason: address → action, use case.
TURNS = {
    "suspension": (Action.PROJECT_SUSPEND, services.suspend),
    "reprise": (Action.PROJECT_RESUME, services.resume),
    "interruption": (Action.PROJECT_TERMINATE, services.terminate),
}


@blueprint.post("/projets/<public_id>/jalons/<milestone_id>/atteint")
@may(Action.PROJECT_REACH_MILESTONE)
def reach_milestone(public_id: str, milestone_id: str) -> ResponseReturnValue:
    """Note that a step was reached."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    if one_for(db.session(), current_actor(), Milestone, milestone_id).project_id != project.id:
        raise NotFound(milestone_id)
    form = MilestoneForm()
    if not form.validate():
        return overview_page(public_id, 422, form=form, milestone=form, milestone_id=milestone_id)
    try:
        services.reach_milestone(actor=current_actor(), milestone=milestone_id, reached_on=form.reached_on.read)
    except Invalid as error:
        form.accept_refusal(error)
        return overview_page(public_id, 422, form=form, milestone=form, milestone_id=milestone_id)
    flash(_("Jalon atteint : c’est noté."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.route("/projets/<public_id>/accompagnement", methods=["GET", "POST"])
@may(Action.ACCOMPANIMENT_RECORD_SESSION)
def record_session(public_id: str) -> ResponseReturnValue:
    """The form of a session of accompaniment."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    allow(Action.ACCOMPANIMENT_RECORD_SESSION, project)
    form = SessionForm()
    context: dict[str, Any] = {"project": project, "form": form}
    if not form.is_submitted():
        return page("project/session.html", **context)
    if not form.validate():
        return page("project/session.html", 422, **context)
    try:
        services.record_session(
            actor=current_actor(),
            project=public_id,
            held_on=form.held_on.read,
            minutes=form.minutes.data or 0,
            topic=form.topic.data or "",
            collective=form.collective.data,
            note=form.note.data or "",
        )
    except Invalid as error:
        form.accept_refusal(error)
        return page("project/session.html", 422, **_again(public_id, form))
    except NotPossible as error:
        return redraw("project/session.html", error, **_again(public_id, form))
    flash(_("Séance notée."), "ok")
    return back("project.show", public_id=public_id, _anchor="accompagnement")


@blueprint.route("/projets/<public_id>/<any(suspension, reprise, interruption):turn>", methods=["GET", "POST"])
@may(Action.PROJECT_SUSPEND, Action.PROJECT_RESUME, Action.PROJECT_TERMINATE)
def turn(public_id: str, turn: str) -> ResponseReturnValue:
    """Suspend, resume or end before its time, with the reason."""
    action, use_case = TURNS[turn]
    project = one_for(db.session(), current_actor(), Project, public_id)
    allow(action, project)
    form = ReasonForm()
    if not form.is_submitted():
        return page("project/turn.html", project=project, form=form, turn=turn, action=action)
    if not form.validate():
        return page("project/turn.html", 422, project=project, form=form, turn=turn, action=action)
    try:
        use_case(actor=current_actor(), project=public_id, reason=form.reason.data or "")
    except NotPossible as error:
        return redraw("project/turn.html", error, **_again(public_id, form), turn=turn, action=action)
    flash(_("C’est noté, et l’organisation porteuse est prévenue."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.route("/projets/<public_id>/montant", methods=["GET", "POST"])
@may(Action.PROJECT_LOWER_AWARD)
def lower_award(public_id: str) -> ResponseReturnValue:
    """Lower the award, with the reason: the rest is free for others."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    allow(Action.PROJECT_LOWER_AWARD, project)
    form = AmountForm()
    if not form.is_submitted():
        return page("project/amount.html", project=project, form=form)
    if not form.validate():
        return page("project/amount.html", 422, project=project, form=form)
    try:
        cents = _cents(form.amount.data or "")
        services.lower_award(
            actor=current_actor(), project=public_id, awarded_cents=cents, reason=form.reason.data or ""
        )
    except Invalid as error:
        form.accept_refusal(error)
        return page("project/amount.html", 422, **_again(public_id, form))
    except NotPossible as error:
        return redraw("project/amount.html", error, **_again(public_id, form))
    flash(_("Montant réduit : l’organisation porteuse est prévenue, et la différence revient dans l’enveloppe."), "ok")
    return back("project.show", public_id=public_id)


def _cents(text: str) -> int:
    try:
        return parse_amount(text)
    except AmountError as error:
        raise Invalid({"amount": error.as_reason}) from error


@blueprint.post("/projets/<public_id>/cloture")
@may(Action.PROJECT_CLOSE)
def close(public_id: str) -> ResponseReturnValue:
    """Close a project whose reports are accepted and whose tranches are settled."""
    try:
        services.close(actor=current_actor(), project=public_id)
    except NotPossible as error:
        return overview_page(public_id, 409, reasons=reasons_of(error))
    flash(_("Projet clos."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/bilan")
@may(Action.PROJECT_AWAIT_FINAL_REPORT)
def await_final_report(public_id: str) -> ResponseReturnValue:
    """The last day is past: only reports are missing."""
    try:
        services.await_final_report(actor=current_actor(), project=public_id)
    except NotPossible as error:
        return overview_page(public_id, 409, reasons=reasons_of(error))
    return back("project.show", public_id=public_id)


def _again(public_id: str, form: SessionForm | ReasonForm | AmountForm) -> dict[str, Any]:
    """The page's objects read anew: a use case closes the reading session."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    if project is None:  # pragma: no cover -- one_for raises
        raise NotFound(public_id)
    return {"project": project, "form": form}
