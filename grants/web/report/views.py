"""One page for a report: a form for its author while it may be written, a text to read for everybody else."""

from dataclasses import replace

from flask import flash, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from grants import clock
from grants.db import db
from grants.domain.chart import heading_of_any
from grants.domain.variance import Actual, spent
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Project, Report, Tranche
from grants.policies import may as permitted
from grants.queries.project import waits_for
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import report as services
from grants.web.kit.access import current_actor, may
from grants.web.kit.forms import Form
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.project_words import QUESTIONS, report_name, report_tag
from grants.web.kit.responses import back, page
from grants.web.report import blueprint
from grants.web.report.typed import Typed, of_form, of_report
from grants.workflow.actions import Action
from grants.workflow.report import OPEN, ReportKind, ReportState

HINTS = {
    "done": _l("Activités, dates, lieux, nombre de personnes."),
    "partners": _l("Qui a fait quoi, ce qui a changé dans l’alliance."),
    "learning": _l("Ce qui a marché, ce qui a freiné, ce que vous feriez autrement."),
    "next": _l("Les prochaines étapes, et ce dont vous avez besoin."),
}


class ReturnForm(Form):
    """What has to be mended before the report can be accepted."""

    reason = TextAreaField(
        _l("À compléter"),
        description=_l("Ces phrases partent à l’organisation porteuse."),
        validators=[InputRequired(_l("Dites ce qui est à compléter.")), Length(max=6000)],
    )


def _found(public_id: str, report_id: str) -> tuple[Project, Report]:
    """A project and one of its reports. Raises NotFound, also for the report of another project."""
    session, actor = db.session(), current_actor()
    project = one_for(session, actor, Project, public_id)
    report = one_for(session, actor, Report, report_id)
    if report.project_id != project.id:
        raise NotFound(report_id)
    return project, report


@blueprint.get("/projets/<public_id>/rapports/<report_id>")
@may(Action.REPORT_READ)
def show(public_id: str, report_id: str) -> ResponseReturnValue:
    """A report, to write or to read."""
    return _page(public_id, report_id)


@blueprint.post("/projets/<public_id>/rapports/<report_id>")
@may(Action.REPORT_SAVE, Action.REPORT_SUBMIT)
def save(public_id: str, report_id: str) -> ResponseReturnValue:
    """Keep the draft; with the other button, also send it."""
    project, report = _found(public_id, report_id)
    rows = services.rows_of(db.session(), report, project)
    typed = of_form(request.form, [row.heading.key for row in rows])
    if typed.errors:
        return _page(public_id, report_id, 422, typed=typed)
    try:
        services.save(
            actor=current_actor(),
            report=report_id,
            narrative=typed.texts,
            figures=typed.figures,
            version=_version(),
        )
    except (Invalid, NotPossible, Conflict) as error:
        return _refused(public_id, report_id, typed, error)
    if request.form.get("then") == "submit":
        return _submit(public_id, report_id)
    flash(_("Enregistré."), "ok")
    return back("report.show", public_id=public_id, report_id=report_id)


def _refused(
    public_id: str, report_id: str, typed: Typed, error: Invalid | NotPossible | Conflict
) -> ResponseReturnValue:
    """The form again with everything that was typed, and why it was not kept."""
    if isinstance(error, Invalid):
        typed.errors.update({name: sentence(reason) for name, reason in error.problems.items()})
        return _page(public_id, report_id, 422, typed=typed)
    reasons = _reasons(error) if isinstance(error, NotPossible) else [("version", sentence(Reason("version")))]
    return _page(public_id, report_id, 409, typed=typed, reasons=reasons)


def _submit(public_id: str, report_id: str) -> ResponseReturnValue:
    try:
        services.submit(actor=current_actor(), report=report_id)
    except NotPossible as error:
        return _page(public_id, report_id, 409, reasons=_reasons(error))
    flash(_("Rapport envoyé : l’équipe du programme va le lire."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/rapports/<report_id>/renvoi")
@may(Action.REPORT_RETURN)
def return_report(public_id: str, report_id: str) -> ResponseReturnValue:
    """Give the report back with what has to be mended."""
    _found(public_id, report_id)
    form = ReturnForm()
    if not form.validate():
        return _page(public_id, report_id, 422, answer=form)
    try:
        services.return_report(
            actor=current_actor(), report=report_id, reason=form.reason.data or "", version=_version()
        )
    except NotPossible as error:
        return _page(public_id, report_id, 409, answer=form, reasons=_reasons(error))
    flash(_("Rapport renvoyé : l’organisation porteuse est prévenue."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/rapports/<report_id>/accord")
@may(Action.REPORT_ACCEPT)
def accept(public_id: str, report_id: str) -> ResponseReturnValue:
    """Accept the report: the tranche that waited for it falls due."""
    _found(public_id, report_id)
    services.accept(actor=current_actor(), report=report_id, version=_version())
    flash(_("Rapport accepté."), "ok")
    return back("project.show", public_id=public_id)


def _version() -> int | None:
    wished = request.form.get("version", "")
    return int(wished) if wished.isascii() and wished.isdecimal() and len(wished) < 10 else None  # noqa: PLR2004


def _reasons(error: NotPossible) -> list[tuple[str, str]]:
    """The reasons with the names of questions and headings instead of their keys."""
    named = [
        Reason(reason.code, {name: _named(value) for name, value in reason.params.items()}) for reason in error.reasons
    ]
    return [(reason.code, sentence(reason)) for reason in named]


def _named(value: object) -> object:
    return tuple(_name(str(key)) for key in value) if isinstance(value, tuple) else value


def _name(key: str) -> str:
    if key in QUESTIONS:
        return str(_("« %(words)s »", words=QUESTIONS[key]))
    heading = heading_of_any(key)
    return f"{heading.number} {_(heading.label)}".strip() if heading else key


def _page(
    public_id: str,
    report_id: str,
    status: int = 200,
    *,
    typed: Typed | None = None,
    answer: ReturnForm | None = None,
    reasons: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    project, report = _found(public_id, report_id)
    session, actor = db.session(), current_actor()
    subject = subject_of(report, session)
    rows = services.rows_of(session, report, project)
    kind = ReportKind(report.kind)
    tranches = session.query(Tranche).filter_by(project_id=project.id).order_by(Tranche.position).all()
    writes = report.state in OPEN and permitted(actor, Action.REPORT_SAVE, subject)
    reads = report.state == ReportState.SUBMITTED and permitted(actor, Action.REPORT_ACCEPT, subject)
    shown = typed or of_report(report.narrative, rows)
    return page(
        "report/show.html",
        status,
        project=project,
        report=report,
        holder=project.organisation,
        call=project.call,
        name=report_name(report.kind),
        tag=report_tag(report, clock.now().date()),
        tranche=next((row for row in tranches if waits_for(row, report)), None),
        questions=[(key, QUESTIONS[key], HINTS[key]) for key in services.TELLS[kind]],
        counts=kind in services.COUNTS,
        midway=kind == ReportKind.INTERIM,
        rows=_with_typed(rows, shown),
        total=_total(rows),
        typed=shown,
        writes=writes,
        kept=writes and typed is None and bool(reasons),
        reads=reads,
        answer=answer or ReturnForm.empty(),
        form=answer,
        reasons=reasons,
        longest=services.LONGEST_ANSWER,
    )


def _with_typed(rows: tuple[Actual, ...], typed: Typed) -> list[Actual]:
    """The rows with the amounts just typed where they could be read, so that the gaps shown are those typed."""
    return [
        replace(row, spent_cents=typed.cents[row.heading.key]) if row.heading.key in typed.cents else row
        for row in rows
    ]


def _total(rows: tuple[Actual, ...]) -> dict[str, int]:
    return {"budgeted": sum(row.budgeted_cents for row in rows), "spent": spent(rows)}
