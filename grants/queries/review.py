"""What reviewers read: the files to declare interests on, their queue, their sheet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain.scoring import Criterion, Rubric
from grants.errors import NotFound
from grants.models import Application, Call
from grants.policies import Actor
from grants.workflow.application import ApplicationState

# files that come before the committee: what its members declare their interests on
BEFORE_COMMITTEE = (
    ApplicationState.ELIGIBLE,
    ApplicationState.IN_REVIEW,
    ApplicationState.IN_DELIBERATION,
    ApplicationState.DECIDED,
)


def rubric_of(call: Call) -> Rubric:
    """The call's criteria as the scoring reads them."""
    return tuple(Criterion(row.key, row.weight, row.minimum_half_points) for row in call.criteria)


def declarable(session: Session, actor: Actor, public_id: str) -> Application:
    """A file on which the actor may declare an interest: of a committee the actor sits on. NotFound otherwise."""
    row = session.scalar(
        select(Application).where(
            Application.public_id == public_id,
            Application.call_id.in_(actor.sits_on),
            Application.state.in_(BEFORE_COMMITTEE),
        )
    )
    if row is None:
        raise NotFound(public_id)
    return row
