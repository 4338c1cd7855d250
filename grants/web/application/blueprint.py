"""The blueprint of the applicant's pages, and how each of them finds its file."""

from flask import Blueprint

from grants.db import db
from grants.models import Application
from grants.queries import application as files
from grants.web.kit.access import allow, current_actor
from grants.workflow.actions import Action

blueprint = Blueprint("application", __name__)


def own_file(public_id: str, action: Action = Action.APPLICATION_EDIT) -> Application:
    """The whole file, for a person of its team. NotFound for whoever may not know of it, NotAllowed for its readers."""
    found = files.one_for(db.session(), current_actor(), public_id)
    allow(action, found)
    return found
