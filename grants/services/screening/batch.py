"""One act on many files: asked for once with its list, done file by file, each in a transaction of its own.

What is not possible any more when its turn comes is left out and told with its reasons. The rows are the work: a
process that dies between two files loses nothing, and does no file twice.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.eligibility import details_data
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible, Reason
from grants.models import Application, Batch, BatchItem
from grants.policies import Actor
from grants.queries.account import actor_for
from grants.queries.batch import ACTS, MOST, chosen, items_left, next_item
from grants.queries.locking import locked
from grants.services import lifecycle
from grants.services.screening.checking import check_all, take_in
from grants.services.screening.declaring import declare_in
from grants.services.screening.notes import keep_in
from grants.workflow.actions import Action


def ask_batch(*, actor: Actor, action: str, applications: Sequence[str]) -> Batch:
    """Ask for `action` on these files (public ids). Raises Invalid (no file, too many), NotFound: an act that is none,
    a file that the actor does not manage, whichever it is; then nothing is done to the others either.
    """
    if action not in {str(one) for one in ACTS}:
        raise NotFound(action)
    if len(set(applications)) > MOST:
        raise Invalid({"files": Reason("too_many", {"most": MOST})})
    with transaction() as session:
        files = [file for file in chosen(session, actor, applications) if file.call.programme_id in actor.manages]
        if not applications or actor.id is None:
            raise Invalid({"files": Reason("missing")})
        if len(files) != len(set(applications)):
            raise NotFound(action)
        batch = Batch(action=action, account_id=actor.id, asked_at=lifecycle.moment(session))
        batch.items = [BatchItem(application_id=file.id, position=rank) for rank, file in enumerate(files, start=1)]
        session.add(batch)
        session.flush()
    return batch


def work(most: int = 50) -> int:
    """Do the next files of what was asked for, at most so many; how many were done or left out."""
    for count in range(most):
        if not _next():
            return count
    return most


def _next() -> bool:
    """One file: done in the transaction that says so, or left out in another one."""
    try:
        with transaction() as session:
            item = next_item(session)
            if item is None:
                return False
            item_id = item.id
            _act(session, item)
            _note(session, item, "done", ())
    except NotPossible as refused:
        _leave_out(item_id, refused.reasons)
    except (NotAllowed, NotFound, Conflict, Invalid):
        _leave_out(item_id, (Reason("manager"),))
    return True


def _act(session: Session, item: BatchItem) -> None:
    batch = item.batch
    actor, action = actor_for(session, batch.account_id), Action(batch.action)
    row = locked(session, actor, Application, item.application.public_id)
    if action is Action.SCREENING_TAKE:
        take_in(session, actor, row)
    elif action is Action.SCREENING_CHECK:
        check_all(session, actor, row)
    elif action is Action.SCREENING_KEEP_NOTE:
        keep_in(session, actor, row)
    else:
        declare_in(session, actor, row, action)


def _leave_out(item_id: int, reasons: tuple[Reason, ...]) -> None:
    with transaction() as session:
        item = session.get_one(BatchItem, item_id, with_for_update=True)
        if not item.outcome:
            _note(session, item, "refused", reasons)


def _note(session: Session, item: BatchItem, outcome: str, reasons: tuple[Reason, ...]) -> None:
    at = lifecycle.moment(session)
    item.outcome, item.done_at, item.reasons = outcome, at, details_data(reasons)
    session.flush()
    if not items_left(session, item.batch_id):
        item.batch.finished_at = at
