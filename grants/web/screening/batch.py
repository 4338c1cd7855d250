"""One act on many files: what each will get is said before; then how far it is, and what was left out."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotFound, Reason
from grants.queries import desk
from grants.queries.batch import ACTS, MOST, chosen, foreseen, progress_of
from grants.services import screening as service
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import sentence
from grants.web.kit.responses import back, page, reasons_of
from grants.web.screening.blueprint import blueprint
from grants.web.screening.desk import wanted_now
from grants.web.screening.words import act_words
from grants.workflow.actions import Action

ACTIONS = tuple(ACTS)


@dataclass(frozen=True)
class Line:
    """A file of a batch that is running: what became of it, in words."""

    number: str
    title: str
    organisation: str
    url: str
    outcome: str
    reasons: tuple[str, ...]


@blueprint.get("/gestion/candidatures/actions")
@may(*ACTIONS, Action.SCREENING_BROWSE, whole=True)
def confirm_batch() -> ResponseReturnValue:
    """Exactly what each file will get, which are left out and why, how many letters and mails leave."""
    return _confirm(200)


def _confirm(status: int, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    asked = request.values.get("action", "")
    action = next((one for one in ACTS if str(one) == asked), None)
    if action is None or not actor.manages:
        raise NotFound(asked)
    if request.args.get("tout"):  # every file of the list as it is filtered
        lines, _total = desk.listing(session, actor, wanted_now(), 1, MOST)
        files = chosen(session, actor, [line.public_id for line in lines])
    else:
        files = chosen(session, actor, request.values.getlist("dossier"))
    seen = foreseen(session, actor, action, files, clock.now())
    taken = [line for line in seen if line.taken]
    return page(
        "screening/confirm_batch.html",
        status,
        action=str(action),
        words=act_words(action),
        taken=taken,
        left=[(line.file, tuple(sentence(reason) for reason in line.reasons)) for line in seen if not line.taken],
        letters=sum(line.letters for line in taken),
        mails=sum(line.mails for line in taken),
        reasons=reasons or [],
    )


@blueprint.post("/gestion/candidatures/actions")
@may(*ACTIONS, Action.SCREENING_BROWSE, whole=True)
def ask_batch() -> ResponseReturnValue:
    """Ask for it: the files are done one by one, in the background."""
    try:
        batch = service.ask_batch(
            actor=current_actor(),
            action=request.form.get("action", ""),
            applications=request.form.getlist("dossier"),
        )
    except Invalid as refused:
        return _confirm(422, reasons_of(refused))
    return back("screening.show_batch", public_id=batch.public_id)


@blueprint.get("/gestion/candidatures/actions/<public_id>")
@may(*ACTIONS, Action.SCREENING_BROWSE, whole=True)
def show_batch(public_id: str) -> ResponseReturnValue:
    """How far it is; the page asks again by itself until it is finished."""
    progress = progress_of(db.session(), current_actor(), public_id)
    lines = [
        Line(
            number=item.application.number or "–",
            title=item.application.title,
            organisation=item.application.organisation.name,
            url=url_for("screening.show", public_id=item.application.public_id),
            outcome=item.outcome,
            reasons=tuple(sentence(Reason(code, figures)) for code, figures in item.reasons),
        )
        for item in progress.lines
    ]
    words = act_words(Action(progress.batch.action))
    return page("screening/batch.html", progress=progress, words=words, lines=lines)
