"""The blueprint that the modules of this feature add their pages to."""

from flask import Blueprint

from grants.db import db
from grants.models import Organisation
from grants.queries.visibility import one_for
from grants.web.kit.access import allow, current_actor
from grants.workflow.actions import Action

blueprint = Blueprint("organisation", __name__)


def found(public_id: str, action: Action) -> Organisation:
    """The organisation, once the actor may see it and do `action` to it. Raises NotFound, NotAllowed."""
    row = one_for(db.session(), current_actor(), Organisation, public_id)
    allow(action, row)
    return row
