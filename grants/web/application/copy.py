"""The file on paper as it stands, at any time: drawn by the worker, once for the same content."""

from flask import request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.queries import letter
from grants.queries.drafting import copy_name
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.kit.access import current_actor, may
from grants.web.kit.downloads import download
from grants.web.kit.responses import page
from grants.workflow.actions import Action

#: After so many looks (three seconds each) the page stops looking by itself.
MOST_LOOKS = 40


@blueprint.get("/candidatures/<public_id>/apercu.pdf", endpoint="copy")
@may(Action.APPLICATION_EDIT)
def copy(public_id: str) -> ResponseReturnValue:
    """The PDF when it is there; until then a page (202) that looks again. What is asked for is derived, nothing changes."""
    row = own_file(public_id)
    document = letter.document(db.session(), letter.COPY, copy_name(row))
    if document is not None:
        return download(document.sha256, document.filename, "application/pdf")
    row = use_cases.ask_copy(actor=current_actor(), application=public_id)
    looks = request.args.get("essai", 0, type=int) + 1
    return page("application/copy.html", 202, application=own_file(public_id), looks=looks, more=looks < MOST_LOOKS)
