"""The blueprint of the decisions, and what their pages share."""

from flask import Blueprint, current_app

from config.settings import Settings
from grants.db import db
from grants.delivery.doors import Doors, open_doors
from grants.models import Application, Call, Decision
from grants.queries.desk import calls_followed
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.web.kit.access import allow, current_actor
from grants.workflow.actions import Action

blueprint = Blueprint("decision", __name__)


def the_call(slug: str) -> Call | None:
    """The call of the address, for those who follow its decisions; the newest without one."""
    calls = calls_followed(db.session(), current_actor())
    wished = slug or (calls[0][0] if calls else "")
    if not wished:
        return None
    call = call_for(db.session(), current_actor(), wished)
    allow(Action.CALL_OVERSEE, call)
    return call


def the_decision(public_id: str, action: Action) -> tuple[Decision, Application]:
    """The decision and its file, for somebody who may do this. Raises NotFound, NotAllowed."""
    row = one_for(db.session(), current_actor(), Decision, public_id)
    allow(action, row)
    return row, row.application


def the_doors() -> Doors:
    """What letters are drawn with; opened once for the site."""
    known: dict[str, Doors] = current_app.extensions.setdefault("decision-doors", {})
    if "doors" not in known:
        settings: Settings = current_app.config["SETTINGS"]
        known["doors"] = open_doors(
            base_url=settings.base_url,
            mail_from=settings.mail_from,
            smtp_url=settings.smtp_url,
            mailbox_dir=settings.mailbox_dir,
            blob_dir=settings.blob_dir,
        )
    return known["doors"]
