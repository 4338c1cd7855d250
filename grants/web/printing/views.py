"""Whole files as one PDF: the address gives the document when it is there; until then, a page that waits for it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.delivery.handouts import Handouts
from grants.errors import NotFound
from grants.models import Application, Call, Printout
from grants.queries.printing import under_way
from grants.queries.review import calls_seated
from grants.queries.visibility import one_for
from grants.services import printing as service
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import own_pdf, store
from grants.web.kit.language import current_language
from grants.web.kit.responses import page
from grants.workflow.actions import Action

blueprint = Blueprint("printing", __name__)
#: After so many looks (three seconds each) the page stops looking by itself.
MOST_LOOKS = 60


@blueprint.get("/evaluations/dossiers/<public_id>.pdf", endpoint="file")
@may(Action.PRINTING_READ)
def print_file(public_id: str) -> ResponseReturnValue:
    """One file as its reader reads it, with a blank sheet of marks for who evaluates it."""
    row = one_for(db.session(), current_actor(), Application, public_id)
    allow(Action.PRINTING_READ, row)
    printout = service.ask(actor=current_actor(), application=public_id, language=current_language())
    return _document(
        printout, f"dossier-{(row.number or public_id).lower()}.pdf", url_for(".file", public_id=public_id)
    )


@blueprint.get("/evaluations.pdf", endpoint="queue")
@may(Action.PRINTING_READ, Action.REVIEW_BROWSE)
def print_queue() -> ResponseReturnValue:
    """All the files that one has to evaluate in a call and may open now, with a table of contents."""
    call = _seated(request.args.get("appel", ""))
    printout = service.ask_all(actor=current_actor(), call=call.public_id, language=current_language())
    return _document(printout, f"dossiers-{call.slug}.pdf", url_for(".queue", appel=call.slug))


def _seated(slug: str) -> Call:
    """The call on whose committee the reader sits: this one, or the newest."""
    calls = calls_seated(db.session(), current_actor())
    found = next((call for call in calls if slug in {"", call.slug}), None)
    if found is None:
        raise NotFound(slug)
    return found


def _document(printout: Printout, name: str, address: str) -> ResponseReturnValue:
    """The document, or the page that waits for it (202), or the page that says that it will not come (503)."""
    if printout.file:
        return own_pdf(Handouts(store()).read(printout.file), name)
    looks = request.args.get("essai", 0, type=int) + 1
    waiting = under_way(printout, clock.now())
    more = waiting and looks < MOST_LOOKS
    again = f"{address}{'&' if '?' in address else '?'}essai={looks}"
    return page(
        "printing/waiting.html",
        202 if waiting else 503,
        name=name,
        address=address,
        again=again,
        more=more,
        failed=not waiting,
        files=len(printout.files),
        whole=printout.whole,
    )
