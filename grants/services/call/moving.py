"""Files and the terms they are written under, when a call is amended: drafts move, what was deposited stays."""

from collections.abc import Sequence

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from grants.domain.terms_changes import Told, noted
from grants.models import Application, Call
from grants.policies.actors import SYSTEM
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING


def pin_deposited(session: Session, call: Call, before_sha256: str) -> None:
    """Files that are no drafts any more keep the terms that were in force for them."""
    session.execute(
        update(Application)
        .where(Application.call_id == call.id, Application.terms_sha256 == "", Application.state.not_in(DRAFTING))
        .values(terms_sha256=before_sha256)
        .execution_options(synchronize_session=False)
    )


def move_drafts(session: Session, call: Call, before_sha256: str, reason: str, differences: Sequence[Told]) -> int:
    """Bring every draft of the call to its terms in force; its team is promised one mail. Returns how many moved.

    What a draft was moved from is kept until its team has seen what changed: the oldest of two amendments. The
    version of the file does not move, so that nobody who is writing loses a page. The act is the system's own: who
    amended stands in the trace of the call, whatever interest that person has in one of the files.
    """
    drafts = list(
        session.scalars(
            select(Application)
            .where(Application.call_id == call.id, Application.state.in_(DRAFTING))
            .order_by(Application.id)
        )
    )
    under = case((Application.terms_sha256 == "", before_sha256), else_=Application.terms_sha256)
    session.execute(
        update(Application)
        .where(Application.id.in_([row.id for row in drafts]))
        .values(
            moved_from_sha256=case((Application.moved_from_sha256 == "", under), else_=Application.moved_from_sha256),
            terms_sha256=call.terms_sha256,
        )
        .execution_options(synchronize_session=False)
    )
    note = {"reason": reason, "changes": noted(differences)}
    for row in drafts:
        lifecycle.perform(session, actor=SYSTEM, action=Action.APPLICATION_MOVE, row=row, note=note)
        session.expire(row)
    return len(drafts)
