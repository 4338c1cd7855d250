"""What changed in the terms of a file being written: seen by its team, and put away."""

from sqlalchemy import update

from grants.db import transaction
from grants.models import Application
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.workflow.actions import Action


def put_changes_away(*, actor: Actor, application: str) -> None:
    """The team has seen what the call changed: its list is no more shown. Raises NotFound, NotAllowed.

    The version of the file does not move, so that nobody who is writing loses a page.
    """
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        require(actor, Action.APPLICATION_EDIT, subject_of(row, session))
        session.execute(
            update(Application)
            .where(Application.id == row.id)
            .values(moved_from_sha256="")
            .execution_options(synchronize_session=False)
        )
