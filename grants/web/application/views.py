"""Lists and overviews: my files, a new one, the task list, the follow-up."""

from operator import itemgetter

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import completeness
from grants.errors import NotFound
from grants.models import Application
from grants.queries import application as files
from grants.queries import drafting
from grants.queries.call import Stage, by_slug, public_calls, stage_of
from grants.queries.feedback import standing
from grants.queries.terms import terms_of
from grants.services import application as use_cases
from grants.web.application import words
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.moved import gone, moved
from grants.web.application.pages import Overview
from grants.web.application.rules import rules_told
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING, ApplicationState

LETTERS = ("receipt", "ineligible", "inadmissible", "note-not-kept")
TO_WRITE = (*DRAFTING, ApplicationState.RETURNED)
# a section is kept many times over while it is written: the history tells it once
REPEATS = 5


@blueprint.get("/candidatures")
@may(Action.APPLICATION_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """My organisation's files, those to finish first."""
    now, session = clock.now(), db.session()
    found = files.all_for(session, current_actor(), page=asked_page())
    rows = [Overview(row, now) for row in found.rows]
    return page(
        "application/browse.html",
        rows=rows,
        calls=[item.call for item in public_calls(session, now) if item.stage is Stage.OPEN],
        page=paged(found.number, found.total, files.PER_PAGE),
        organisations=files.organisations_of(session, current_actor()),
    )


@blueprint.get("/candidatures/nouvelle")
@may(Action.APPLICATION_START)
def choose() -> ResponseReturnValue:
    """Begin a file, or take up the one that is begun already."""
    session, actor = db.session(), current_actor()
    slug = request.args.get("appel", "")
    if not slug:
        return redirect(f"/{current_language()}/appels", 303)
    call = by_slug(session, actor, slug)
    return page(
        "application/choose.html",
        call=call,
        open=stage_of(call, clock.now()) is Stage.OPEN,
        drafts=files.drafts_of(session, actor, call.id),
        organisations=files.organisations_of(session, actor),
    )


@blueprint.post("/candidatures/nouvelle")
@may(Action.APPLICATION_START)
def start() -> ResponseReturnValue:
    """A new draft."""
    begun = use_cases.start(
        actor=current_actor(),
        call=request.form.get("call", ""),
        organisation=request.form.get("organisation", ""),
    )
    flash(
        _(
            "Votre dossier est commencé. Il s’enregistre rubrique par rubrique ; vous pouvez y revenir quand vous voulez."
        ),
        "ok",
    )
    return back("application.show", public_id=begun.public_id)


@blueprint.get("/candidatures/<public_id>")
@may(Action.APPLICATION_READ)
def show(public_id: str) -> ResponseReturnValue:
    """The task list of a file being written; what was sent has its follow-up page."""
    session, actor = db.session(), current_actor()
    row = files.one_for(session, actor, public_id)
    if row.organisation_id not in actor.writes_for and row.id not in actor.writes_on:
        return _staff_page(row)
    if row.state not in TO_WRITE:
        return redirect(url_for("application.follow", public_id=public_id), 303)
    overview = Overview(row, clock.now())
    overview.aside = _beside(row, overview)
    return page(
        "application/show.html",
        application=row,
        overview=overview,
        team=files.team_of(session, row.organisation_id),
        changes=_history(row),
        waivers=files.waivers_of(session, row.id) if row.late_attempt_at else [],
        leads=row.organisation_id in actor.leads,
        rules=rules_told(session, row, clock.now()),
        moved=moved(session, row),
        gone=gone(session, row),
    )


def _staff_page(row: Application) -> ResponseReturnValue:
    """Those who read a file for the programme or the committee have pages of their own."""
    if permits(Action.SCREENING_READ, row):
        return redirect(f"/gestion/candidatures/{row.public_id}", 303)
    own_file(row.public_id, Action.APPLICATION_READ)
    raise NotFound(row.public_id)


@blueprint.get("/candidatures/<public_id>/suivi")
@may(Action.APPLICATION_READ)
def follow(public_id: str) -> ResponseReturnValue:
    """Where the file stands, and the decision once it is released."""
    session, actor = db.session(), current_actor()
    row = own_file(public_id, Action.APPLICATION_EDIT)
    overview = Overview(row, clock.now())
    verdict = files.verdict_of(session, row) if permits(Action.DECISION_READ, row) else None
    told = standing(session, verdict.decision) if verdict is not None else None
    return page(
        "application/follow.html",
        application=row,
        overview=overview,
        verdict=verdict,
        feedback=told.text if told is not None else "",
        snapshots=files.snapshots_of(session, row.id),
        letters=files.documents_of(session, row, *LETTERS) if permits(Action.APPLICATION_READ_RECEIPT, row) else {},
        project=files.project_of(session, row.id) if permits(Action.DECISION_READ, row) else None,
        waivers=files.waivers_of(session, row.id),
        changes=_history(row, limit=20),
        leads=row.organisation_id in actor.leads,
        missing=len(completeness.missing(overview.statuses)),
    )


def _beside(row: Application, overview: Overview) -> dict[str, list[str]]:
    """By section: comments that wait, and who is writing there now."""
    session, found = db.session(), dict[str, list[str]]()
    waiting = drafting.open_remarks(session, row)
    for section in overview.form.sections:
        count = sum(waiting.get(field.key, 0) for field in section.fields)
        if count:
            found[section.key] = [ngettext("%(num)s commentaire", "%(num)s commentaires", count)]
    for one in drafting.present_in(session, row, current_actor().id, clock.now()):
        found.setdefault(one.section, []).append(_("%(name)s y écrit", name=one.name))
    return found


def _history(row: Application, limit: int = files.LAST_CHANGES) -> list[dict[str, object]]:
    """What was done to the file and to its answers, the newest first; what is told once is not told again at once."""
    terms, session = terms_of(row), db.session()
    lines: list[dict[str, object]] = [
        {"title": words.change_words(terms, change.action, change.note), "at": change.at, "who": change.who}
        for change in files.changes_of(session, row, limit * REPEATS)
    ]
    for left in drafting.answers_left(session, row, limit * REPEATS):
        section = terms.form.section_of(left.key)
        title = words.change_words(terms, "application.edit", {"section": section.key} if section else {})
        lines.append({"title": title, "at": left.at, "who": left.who})
    told: list[dict[str, object]] = []
    for line in sorted(lines, key=itemgetter("at"), reverse=True):
        if not told or (told[-1]["title"], told[-1]["who"]) != (line["title"], line["who"]):
            told.append(line)
    return told[:limit]
