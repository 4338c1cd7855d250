"""Lists of a call to take away: ask for one, wait for it, take it; nobody else can."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.delivery.handouts import Handouts
from grants.errors import NotFound
from grants.queries import export as queries
from grants.queries.programme import call_for
from grants.services import export as service
from grants.web.export.words import CONTENTS, words_of
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import saved_file, store
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

blueprint = Blueprint("export", __name__)
MIMES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/exports/<slug>")
@may(Action.EXPORT_READ)
def browse(slug: str) -> ResponseReturnValue:
    """What the reader may take away of this call, and what was asked for lately."""
    session, actor = db.session(), current_actor()
    call = call_for(session, actor, slug)
    allow(Action.EXPORT_READ, call)
    own = queries.own(session, actor, call)
    return page(
        "export/browse.html",
        call=call,
        offered=[(content, *CONTENTS[content][:2]) for content in queries.offered(session, actor, call)],
        own=own,
        names={content: told[0] for content, told in CONTENTS.items()},
        waiting=any(one.stand == "waiting" for one in own),
    )


@blueprint.post("/exports/<slug>")
@may(Action.EXPORT_READ)
def ask(slug: str) -> ResponseReturnValue:
    """Ask the worker for a list."""
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.EXPORT_READ, call)
    content, _dot, form = request.form.get("liste", "").partition(".")
    if content not in CONTENTS or form not in MIMES:
        raise NotFound(content)
    service.ask(actor=current_actor(), call=call.public_id, content=content, form=form, words=words_of(content))
    flash(
        _(
            "Le fichier est en préparation. Personne d’autre que vous ne pourra le prendre, et il sera effacé après 24 heures."
        ),
        "ok",
    )
    return back("export.browse", slug=slug)


@blueprint.get("/exports/<slug>/<public_id>")
@may(Action.EXPORT_READ_OWN)
def take(slug: str, public_id: str) -> ResponseReturnValue:
    """The file, for the person who asked, while it says what that person may read."""
    session, actor = db.session(), current_actor()
    row = queries.readable(session, actor, public_id)
    if row.call.slug != slug:
        raise NotFound(public_id)
    name = f"{CONTENTS[row.content][2]}-{slug}.{row.form}"
    return saved_file(Handouts(store()).read(row.file), name, MIMES[row.form])
