"""Money after the award: order a tranche, pay it once, note that it came back, give it up.

Every use case locks the row of the project first, so that two valid acts cannot be one sum too many.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.ledger import Posting as Side
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Account, BankAccount, Payment, Posting, Project, Tranche
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.conditions import hold, local_day, paid_cents
from grants.workflow.actions import Action
from grants.workflow.facts import TrancheFacts
from grants.workflow.project import RUNNING
from grants.workflow.tranche import TrancheState


def order(*, actor: Actor, tranche: str, version: int | None = None) -> Tranche:
    """Order the payment of a tranche that is due. Raises NotPossible, e.g. while its condition is not met."""
    with transaction() as session:
        row, project = _held(session, actor, Action.TRANCHE_ORDER, tranche)
        facts = tranche_facts(session, row, project)
        lifecycle.perform(session, actor=actor, action=Action.TRANCHE_ORDER, row=row, facts=facts, version=version)
        row.ordered_by_id, row.ordered_at = actor.id, lifecycle.moment(session)
        return row


def pay(*, actor: Actor, tranche: str, paid_on: date, reference: str, version: int | None = None) -> Payment:
    """Enter the payment of an ordered tranche, on the verified bank account in force.

    Raises NotAllowed for the person who ordered it, Conflict (by whom, when) where it is paid already, NotPossible
    (every reason) and Invalid for a day ahead.
    """
    with transaction() as session:
        row, project = _held(session, actor, Action.TRANCHE_PAY, tranche)
        _refuse_paid(session, row)
        at = lifecycle.moment(session)
        if paid_on > local_day(session, project, at):
            raise Invalid({"paid_on": Reason("day_ahead")})
        bank = _bank_account(session, project)
        facts = tranche_facts(session, row, project, bank=bank, actor=actor, reference=reference)
        note = {"amount_cents": facts.amount_cents, "reference": reference, "paid_on": paid_on.isoformat()}
        lifecycle.perform(
            session, actor=actor, action=Action.TRANCHE_PAY, row=row, facts=facts, version=version, note=note
        )
        assert bank is not None
        assert actor.id is not None
        payment = Payment(
            tranche_id=row.id,
            amount_cents=facts.amount_cents,
            paid_on=paid_on,
            reference=reference.strip(),
            bank_account_id=bank.id,
            paid_by_id=actor.id,
            recorded_at=at,
        )
        session.add(payment)
        session.flush()
        _post(session, project, f"payment:{payment.public_id}", payment.amount_cents)
        return payment


def return_payment(*, actor: Actor, tranche: str, returned_on: date, reference: str) -> Payment:
    """Note that a payment came back from the bank: the tranche is closed, the ledger gets the entry the other way."""
    with transaction() as session:
        row, project = _held(session, actor, Action.TRANCHE_RETURN, tranche)
        facts = tranche_facts(session, row, project, actor=actor, reference=reference)
        note = {"reference": reference, "returned_on": returned_on.isoformat()}
        lifecycle.perform(session, actor=actor, action=Action.TRANCHE_RETURN, row=row, facts=facts, note=note)
        payment = session.scalars(
            select(Payment).where(Payment.tranche_id == row.id, Payment.returned_on.is_(None))
        ).one()
        payment.returned_on = returned_on
        _post(session, project, f"payment-returned:{payment.public_id}", -payment.amount_cents)
        return payment


def cancel(*, actor: Actor, tranche: str) -> Tranche:
    """Give up a tranche that was not ordered."""
    with transaction() as session:
        row, _ = _held(session, actor, Action.TRANCHE_CANCEL, tranche)
        lifecycle.perform(session, actor=actor, action=Action.TRANCHE_CANCEL, row=row)
        return row


def tranche_facts(
    session: Session,
    row: Tranche,
    project: Project,
    *,
    bank: BankAccount | None = None,
    actor: Actor | None = None,
    reference: str = "",
) -> TrancheFacts:
    """The frozen picture of a tranche before it is ordered, paid or returned."""
    return TrancheFacts(
        condition_met=row.state != TrancheState.PLANNED,
        project_running=project.state in RUNNING,
        bank_verified=bank is not None and bank.verified_at is not None,
        second_person=actor is None or actor.id != row.ordered_by_id,
        amount_cents=row.amount_cents if row.due_cents is None else row.due_cents,
        paid_before_cents=paid_cents(session, project.id),
        awarded_cents=project.awarded_cents or 0,
        reference=reference,
    )


def _held(session: Session, actor: Actor, action: Action, public_id: str) -> tuple[Tranche, Project]:
    """The tranche and its project, locked. A tranche whose condition is not met says so, not only its state."""
    row = one_for(session, actor, Tranche, public_id)
    require(actor, action, subject_of(row, session))
    project = hold(session, row.project_id)
    # what the lock waited for may have moved it
    session.refresh(row)
    planned = row.state == TrancheState.PLANNED
    if planned and action != Action.TRANCHE_CANCEL:
        reasons = [Reason("condition_met", {"condition": str(row.condition)})]
        if project.state not in RUNNING:
            reasons.append(Reason("project_running"))
        raise NotPossible(action, tuple(reasons))
    return row, project


def _refuse_paid(session: Session, row: Tranche) -> None:
    """Paid already: the second person to press learns by whom and when."""
    if row.state != TrancheState.PAID:
        return
    found = session.execute(
        select(Account.name, Payment.recorded_at)
        .join(Account, Account.id == Payment.paid_by_id)
        .where(Payment.tranche_id == row.id, Payment.returned_on.is_(None))
    ).one_or_none()
    what = "paid"
    raise Conflict(what, by=found[0] if found else None, at=found[1] if found else None)


def _bank_account(session: Session, project: Project) -> BankAccount | None:
    return session.scalar(
        select(BankAccount).where(
            BankAccount.organisation_id == project.organisation_id, BankAccount.replaced_at.is_(None)
        )
    )


def _post(session: Session, project: Project, entry: str, cents: int) -> None:
    """Two sides that sum to zero: from what was awarded to what was paid, or back where `cents` is negative."""
    at = lifecycle.moment(session)
    for side in (Side("awards", -cents), Side("paid", cents)):
        session.add(
            Posting(
                entry=entry,
                posted_at=at,
                call_id=project.call_id,
                project_id=project.id,
                account=side.account,
                amount_cents=side.amount_cents,
            )
        )
