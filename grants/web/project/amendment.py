"""More time: the holder asks, the programme answers."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Amendment, Project
from grants.policies import may as permitted
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import amendment as services
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, redraw
from grants.web.project import blueprint
from grants.web.project.forms import AmendmentForm, ReasonForm
from grants.workflow.actions import Action


@blueprint.get("/projets/<public_id>/avenant")
@may(Action.AMENDMENT_REQUEST, Action.AMENDMENT_ACCEPT, Action.AMENDMENT_REFUSE)
def amend(public_id: str) -> ResponseReturnValue:
    """The requests made so far; the form for the holder, the answer for the programme."""
    return page("project/amendment.html", **_context(public_id))


@blueprint.post("/projets/<public_id>/avenant")
@may(Action.AMENDMENT_REQUEST)
def request_amendment(public_id: str) -> ResponseReturnValue:
    """Ask for more time."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    allow(Action.AMENDMENT_REQUEST, project)
    form = AmendmentForm()
    if not form.validate():
        return page("project/amendment.html", 422, **{**_context(public_id), "form": form})
    try:
        services.request(
            actor=current_actor(),
            project=public_id,
            extra_months=form.extra_months.data or 0,
            reason=form.reason.data or "",
        )
    except Invalid as error:
        form.accept_refusal(error)
        return page("project/amendment.html", 422, **{**_context(public_id), "form": form})
    except NotPossible as error:
        return redraw("project/amendment.html", error, **{**_context(public_id), "form": form})
    flash(_("Demande envoyée : l’équipe du programme vous répondra."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/avenant/<amendment_id>/accord")
@may(Action.AMENDMENT_ACCEPT)
def accept_amendment(public_id: str, amendment_id: str) -> ResponseReturnValue:
    """Accept: end, milestones and reports move."""
    _check_belongs(public_id, amendment_id)
    services.accept(actor=current_actor(), amendment=amendment_id)
    flash(_("Avenant accepté : la fin, les jalons à venir et les dates des rapports ont bougé."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/avenant/<amendment_id>/refus")
@may(Action.AMENDMENT_REFUSE)
def refuse_amendment(public_id: str, amendment_id: str) -> ResponseReturnValue:
    """Refuse, with the reason."""
    _check_belongs(public_id, amendment_id)
    form = ReasonForm()
    if not form.validate():
        return page("project/amendment.html", 422, **{**_context(public_id), "answer": form, "form": form})
    services.refuse(actor=current_actor(), amendment=amendment_id, reason=form.reason.data or "")
    flash(_("Avenant refusé : l’organisation porteuse est prévenue."), "ok")
    return back("project.show", public_id=public_id)


def _check_belongs(public_id: str, amendment_id: str) -> None:
    """Raises NotFound for the amendment of another project."""
    project = one_for(db.session(), current_actor(), Project, public_id)
    if one_for(db.session(), current_actor(), Amendment, amendment_id).project_id != project.id:
        raise NotFound(amendment_id)


def _context(public_id: str) -> dict[str, Any]:
    session, actor = db.session(), current_actor()
    project = one_for(session, actor, Project, public_id)
    subject = subject_of(project, session)
    asked = session.query(Amendment).filter_by(project_id=project.id).order_by(Amendment.requested_at.desc()).all()
    return {
        "project": project,
        "amendments": asked,
        "may_request": permitted(actor, Action.AMENDMENT_REQUEST, subject),
        "may_answer": permitted(actor, Action.AMENDMENT_ACCEPT, subject),
        "form": AmendmentForm.empty(),
        "answer": ReasonForm.empty(),
    }
