"""Who enters with freed money: worked out by the worker, taken by a manager as decisions to prepare, or left."""

from typing import Any

from sqlalchemy import select

from grants.db import reading, transaction
from grants.delivery import succession_search
from grants.delivery.apart import ApartFailed
from grants.errors import Conflict, NotPossible
from grants.models import Application, Call, Decision, Succession
from grants.policies import SYSTEM, Actor, require
from grants.queries import succession as queries
from grants.queries.locking import locked, several_locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.services.commitment import SUCCESSION, ask
from grants.services.decision import picture
from grants.services.decision.mending import replacing
from grants.services.decision.wording import Wish
from grants.services.relay import Task
from grants.workflow.actions import Action
from grants.workflow.decision import Origin, Outcome
from grants.workflow.facts import SuccessionFacts
from grants.workflow.succession import SuccessionState

KIND = SUCCESSION
FAILURE_LIMIT = 400


def keep(task: Task) -> None:
    """Work it out: the worker's part. A search that fails says so on its page, and may be asked for again."""
    asked = str(task.payload["succession"])
    with reading() as session:
        row = session.scalar(select(Succession).where(Succession.public_id == asked))
        if row is None or row.state != SuccessionState.SOUGHT:
            return
        material = queries.material(session, session.get_one(Call, row.call_id))
    found, failure = {}, ""
    try:
        found = succession_search.run(material)
    except ApartFailed as error:
        failure = str(error)[:FAILURE_LIMIT]
    with transaction() as session:
        query = select(Succession).where(Succession.public_id == asked).with_for_update()
        row = session.scalars(query.execution_options(populate_existing=True)).one()
        if row.state != SuccessionState.SOUGHT:
            return
        row.found, row.failure, row.named_at = found, failure, lifecycle.moment(session)
        facts = SuccessionFacts(entering=len(found.get("entering", ())))
        note = {"entering": [one["id"] for one in found.get("entering", ())]}
        lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_NAME_SUCCESSOR, row=row, facts=facts, note=note)


def seek_again(*, actor: Actor, succession: str) -> Succession:
    """Ask the worker once more: the list or the envelope has changed since. Raises NotPossible once it is settled."""
    with transaction() as session:
        row = locked(session, actor, Succession, succession)
        require(actor, Action.DECISION_SEEK_SUCCESSOR, subject_of(row, session))
        row.found, row.failure = {}, ""
        ask(session, session.get_one(Call, row.call_id), row, {"again_by": actor.public_id or ""})
        return row


def take(*, actor: Actor, succession: str, why: str) -> list[Decision]:
    """Prepare the decisions that let these files enter, in the place of their rank on the list; the board decides.

    `why` stands in their letters. All of them or none. Raises NotPossible (nobody enters, the envelope has less by now), NotFound when one of the files
    is closed to the actor, Conflict when the list has changed since.
    """
    said = picture.cleaned("why", why)
    with transaction() as session:
        row = locked(session, actor, Succession, succession)
        require(actor, Action.DECISION_TAKE_SUCCESSOR, subject_of(row, session))
        entering: list[dict[str, Any]] = list(row.found.get("entering", ()))
        facts = SuccessionFacts(entering=len(entering))
        reasons = lifecycle.obstacles(row, Action.DECISION_TAKE_SUCCESSOR, facts)
        if reasons:
            raise NotPossible(Action.DECISION_TAKE_SUCCESSOR, reasons)
        cents = {one["id"]: int(one["cents"]) for one in entering}
        made = []
        for former in _on_the_list(session, actor, cents):
            application = session.get_one(Application, former.application_id)
            wish = Wish(
                outcome=str(Outcome.AWARDED),
                awarded_cents=cents[application.public_id],
                motive=former.motive,
                why=said,
            )
            made.append(
                replacing(
                    session,
                    actor,
                    Action.DECISION_REVISE,
                    former,
                    wish.cleaned(),
                    origin=Origin.SUCCESSION,
                )
            )
        note = {"decisions": [one.public_id for one in made]}
        lifecycle.perform(session, actor=actor, action=Action.DECISION_TAKE_SUCCESSOR, row=row, facts=facts, note=note)
        row.closed_by_id, row.closed_at = actor.id, lifecycle.moment(session)
        return made


def _on_the_list(session: Any, actor: Actor, cents: dict[str, int]) -> list[Decision]:  # noqa: ANN401 -- a session
    """The decisions by which these files wait, in the order of their ranks, locked."""
    names = session.scalars(
        select(Decision.public_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.public_id.in_(cents), Decision.ended_at.is_(None), Decision.outcome == Outcome.RESERVE)
    ).all()
    if len(names) != len(cents):
        raise Conflict("reserve")
    rows: list[Decision] = several_locked(session, actor, Decision, names)
    return sorted(rows, key=lambda one: (one.reserve_rank or 0, one.id))


def pass_over(*, actor: Actor, succession: str, why: str) -> Succession:
    """Leave the place free, with the reason. Raises NotPossible without one."""
    said = picture.cleaned("why", why)
    with transaction() as session:
        row = locked(session, actor, Succession, succession)
        facts = SuccessionFacts(entering=len(row.found.get("entering", ())), why=said)
        note = {"reason": said}
        lifecycle.perform(session, actor=actor, action=Action.DECISION_PASS_OVER, row=row, facts=facts, note=note)
        row.why, row.closed_by_id, row.closed_at = said, actor.id, lifecycle.moment(session)
        return row
