"""The list of projects and the page of one project."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, StringField
from wtforms import Form as Filtering

from grants import clock
from grants.db import db
from grants.models import Call
from grants.policies import may as permitted
from grants.queries import project as projects
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import project as services
from grants.services.conditions import OUTSTANDING
from grants.services.report import rows_of
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import STATES, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.language import ngettext
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.web.project import blueprint, pages
from grants.web.project.forms import MilestoneForm, SignatureForm
from grants.workflow.actions import Action
from grants.workflow.facts import ProjectFacts
from grants.workflow.project import PROJECT
from grants.workflow.report import ReportState

PER_PAGE = 50
PARIS = "Europe/Paris"
SORTS = (("number", _l("Numéro")), ("end", _l("Date de fin")), ("title", _l("Titre")))


class FilterForm(Filtering):  # type: ignore[misc]  # WTForms has no types
    """What the list shows."""

    q = StringField(_l("Mot-clé ou numéro"))
    appel = SelectField(_l("Appel"), validate_choice=False)
    etat = SelectField(_l("État"), validate_choice=False)
    tri = SelectField(_l("Trier par"), validate_choice=False)
    alerte = BooleanField(_l("Avec une alerte"))


@blueprint.get("/projets")
@may(Action.PROJECT_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """The projects that this person follows."""
    actor, session = current_actor(), db.session()
    form = FilterForm(request.args)
    form.appel.choices = dict([("", _("Tous les appels")), *projects.calls_for(session, actor)])
    form.etat.choices = {"": _("Tous les états")} | {key: str(look[0]) for key, look in STATES["project"].items()}
    form.tri.choices = {key: str(name) for key, name in SORTS}
    filters = projects.Filters(
        q=form.q.data or "",
        call=form.appel.data or "",
        state=form.etat.data or "",
        alert=form.alerte.data,
        sort=form.tri.data or "number",
    )
    today = pages.today_of(PARIS, clock.now())
    number = asked_page()
    lines, total = projects.page_for(
        session, actor, filters, today=today, offset=(number - 1) * PER_PAGE, limit=PER_PAGE
    )
    return page(
        "project/browse.html",
        form=None,
        filter_form=form,
        lines=lines,
        short=pages.short,
        places=pages.places,
        today=today,
        paging=paged(number, total, PER_PAGE),
        filtered=any(request.args.get(name) for name in ("q", "appel", "etat", "alerte")),
        waiting=projects.awards_waiting(session, actor) if actor.manages else [],
    )


@blueprint.post("/projets/ouverture/<slug>")
@may(Action.PROJECT_OPEN)
def open_all(slug: str) -> ResponseReturnValue:
    """Open the projects of a call's released awards."""
    call = db.session.query(Call).filter_by(slug=slug).first()
    row = one_for(db.session(), current_actor(), Call, call.public_id if call else "")
    opened = services.open_projects(actor=current_actor(), call=row.public_id)
    flash(ngettext("%(num)s projet ouvert.", "%(num)s projets ouverts.", len(opened)), "ok")
    return back("project.browse", appel=slug)


@blueprint.get("/projets/<public_id>")
@may(Action.PROJECT_READ)
def show(public_id: str) -> ResponseReturnValue:
    """One project: alerts, figures, milestones, tranches, reports, accompaniment, documents, journal."""
    return overview_page(public_id)


def overview_page(public_id: str, status: int = 200, **more: object) -> ResponseReturnValue:
    """The page of a project, also when a form of it was refused."""
    actor, session = current_actor(), db.session()
    view = projects.overview(session, actor, public_id, today=pages.today_of(PARIS, clock.now()))
    subject = subject_of(view.project, session)
    rows, months = pages.gantt(view)
    possible = set(PROJECT.actions_from(view.project.state))
    can = {
        action.name: permitted(actor, action, subject) and (action not in PROJECT.actions or action in possible)
        for action in Action
        if action.value.split(".")[0] in ("project", "agreement", "report", "amendment", "accompaniment")
    }
    context: dict[str, object] = {
        "view": view,
        "project": view.project,
        "call": view.project.call,
        "holder": view.project.organisation,
        "can": can,
        "notices": [*(pages.notice(alert) for alert in view.alerts), *_gaps(view)],
        "figures": pages.figures(view),
        "tranches": pages.tranche_rows(view, actor, subject),
        "reports": pages.report_rows(view),
        "gantt_rows": rows,
        "gantt_months": months,
        "journal": pages.journal(view),
        "places": pages.places(view.project.sheet),
        "duration": pages.duration,
        "signature": SignatureForm.empty(),
        "milestone": MilestoneForm.empty(),
        "month_number": _month_number(view),
        "public_url": url_for(
            "project.show_public", language="fr", call=view.project.call.slug, slug=view.project.slug
        ),
        "staff": bool(subject.programme_id in (actor.manages | actor.pays) or actor.audits),
        "form": None,
        "closing": _before_closing(view),
        **more,
    }
    return page("project/show.html", status, **context)


def _gaps(view: projects.Overview) -> list[pages.Notice]:
    """What the last report that counts says of the budget, while the project lasts."""
    counted = [row for row in view.reports if row.spent_cents is not None and row.state != ReportState.DRAFT]
    if not counted or view.project.state in projects.OVER:
        return []
    return pages.gap_notices(counted[-1], rows_of(db.session(), counted[-1], view.project))


def _before_closing(view: projects.Overview) -> list[tuple[str, str]]:
    """What is missing before the project may be closed: (code, sentence) of each reason."""
    facts = ProjectFacts(
        reports_outstanding=sum(row.state != ReportState.ACCEPTED for row in view.reports),
        tranches_outstanding=sum(row.state in OUTSTANDING for row in view.tranches),
    )
    reasons = PROJECT.obstacles(view.project.state, Action.PROJECT_CLOSE, facts)
    return [(reason.code, sentence(reason)) for reason in reasons]


def _month_number(view: projects.Overview) -> int | None:
    """Which month of the project this is, from 1; None before it begins and after it ends."""
    starts_on, ends_on, today = view.project.starts_on, view.project.ends_on, view.today
    if starts_on is None or ends_on is None or not starts_on <= today <= ends_on:
        return None
    return (today.year - starts_on.year) * 12 + today.month - starts_on.month + 1
