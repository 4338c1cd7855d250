"""What the scores say: ask for it, wait for it, read it; one file's chances."""

from dataclasses import dataclass
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.rank_report import Severity
from grants.errors import NotFound, NotPossible
from grants.models import Call
from grants.queries import analysis as queries
from grants.queries import committee, selection
from grants.queries.account import names_of
from grants.queries.programme import call_for
from grants.services import analysis as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page, reasons_of
from grants.web.selection import said
from grants.web.selection.blueprint import blueprint
from grants.workflow.actions import Action

PER_PAGE = 50
ALPHA_ENOUGH, ALPHA_TENTATIVE = 0.8, 0.667  # Krippendorff's own advice


@dataclass(frozen=True)
class Severe:
    """A reviewer's severity, with the name that the reader may know."""

    name: str
    told: Severity


@blueprint.get("/classement/<slug>/analyse")
@may(Action.SELECTION_READ)
def analysis(slug: str) -> ResponseReturnValue:
    """Ranks with their uncertainty, severity, agreement, fairness: of the files that the reader sees, and no other."""
    return _analysis_page(slug)


@blueprint.post("/classement/<slug>/analyse")
@may(Action.SELECTION_ANALYSE)
def analyse(slug: str) -> ResponseReturnValue:
    """Ask the worker for it."""
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.SELECTION_ANALYSE, call)
    try:
        service.ask(actor=current_actor(), call=call.public_id)
    except NotPossible as refused:
        return _analysis_page(slug, 409, reasons_of(refused))
    flash(_("L’analyse est demandée. Elle dure quelques secondes ; cette page se met à jour seule."), "ok")
    return back("selection.analysis", slug=slug)


def _analysis_page(slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session, actor, number = db.session(), current_actor(), asked_page()
    call = call_for(session, actor, slug)
    allow(Action.SELECTION_READ, call)
    board = selection.board(session, actor, call)
    shown = queries.shown(session, board.basis)
    report = shown.report
    standings = report.ranks.standings if report else ()
    places = {place.file.public_id: place for place in board.places}
    return page(
        "selection/analysis.html",
        status,
        call=call,
        board=board,
        shown=shown,
        asks=permits(Action.SELECTION_ANALYSE, call),
        reasons=reasons or [],
        lines=[
            (one, places[one.application])
            for one in standings[(number - 1) * PER_PAGE : number * PER_PAGE]
            if one.application in places
        ],
        pages=paged(number, len(standings), PER_PAGE),
        meeting=committee.last_meeting(session, call.id) if call.lot else None,
        **(_judged(call, report, places) if report else {}),
    )


def _judged(call: Call, report: queries.Report, places: dict[str, selection.Place]) -> dict[str, Any]:
    """What the analysis says of the reviewers and of the whole: of persons, only of those whom the reader may know."""
    names = _names(call, report)
    reach = max((max(abs(end) for end in one.interval_95) for one in report.ranks.reviewers), default=1.0)
    return {
        "severities": [Severe(names[one.reviewer], one) for one in report.ranks.reviewers if one.reviewer in names],
        "reach": reach,
        "findings": said.findings(report.fairness, names),
        "silences": said.silences(report.fairness, names),
        "cautions": said.cautions(report.ranks, {key: place.file.number for key, place in places.items()}),
        "cut": [places[key] for key in report.ranks.line_group if key in places],
        "alpha_marks": (ALPHA_TENTATIVE, ALPHA_ENOUGH),
    }


def _names(call: Call, report: queries.Report) -> dict[str, str]:
    """Names by public id: of all reviewers for the programme, the chair and the auditor; else one's own."""
    actor = current_actor()
    known = {one.reviewer for one in report.ranks.reviewers}
    if not permits(Action.REVIEW_READ_ASSIGNMENTS, call):
        known &= {actor.public_id or ""}
    return names_of(db.session(), known)


@blueprint.get("/classement/<slug>/dossiers/<application>")
@may(Action.SELECTION_READ)
def chances(slug: str, application: str) -> ResponseReturnValue:
    """One file: how likely each rank is, beside its scores."""
    session, actor = db.session(), current_actor()
    call = call_for(session, actor, slug)
    allow(Action.SELECTION_READ, call)
    board = selection.board(session, actor, call)
    place = next((one for one in board.places if one.file.public_id == application), None)
    if place is None:
        raise NotFound(application)
    shown = queries.shown(session, board.basis)
    return page(
        "selection/chances.html",
        call=call,
        board=board,
        place=place,
        shown=shown,
        standing=shown.report.standings.get(application) if shown.report else None,
    )
