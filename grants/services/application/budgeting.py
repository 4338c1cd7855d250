"""Setting the budget of a file: lines of the call's chart, whose money they are, what shows that it was granted."""

from collections.abc import Sequence

from grants.db import transaction
from grants.domain import budget
from grants.domain.budget import PROOF_KIND, Line
from grants.domain.money import CENTS, LARGEST_CENTS
from grants.domain.text import TextError, clean_line
from grants.errors import Invalid, Reason
from grants.models import Application, BudgetLine, Partner
from grants.policies import Actor
from grants.queries.eligibility import chart_of
from grants.services.application import picture
from grants.workflow.actions import Action

LONGEST_LABEL = 200
MOST_LINES = 200


def save_budget(*, actor: Actor, application: str, lines: Sequence[Line], version: int | None = None) -> Application:
    """Replace the budget of the file. Raises NotFound, NotAllowed, NotPossible, Conflict, Invalid (lines).

    Reasons of `lines`: too_many, unknown_account, negative, too_large, too_many_decimals (the call counts in whole
    euros), unknown_partner, unknown_proof, and those of a label that is no text.
    """
    if len(lines) > MOST_LINES:
        raise Invalid({"lines": Reason("too_many", {"most": MOST_LINES})})
    with transaction() as session:
        row = picture.change(
            session,
            actor=actor,
            action=Action.APPLICATION_EDIT,
            public_id=application,
            section="budget",
            version=version,
            note={"lines": len(lines)},
        )
        try:
            sums = budget.totals(lines, chart_of(row.call))
        except ValueError as error:
            raise Invalid({"lines": Reason("unknown_account")}) from error
        row.budget_lines = [_stored(row, rank, line) for rank, line in enumerate(lines, start=1)]
        row.requested_cents = sums.requested
    return row


def release(row: Application, partner: Partner) -> None:
    """What a partner who leaves would have spent or brought is the lead's, until somebody says otherwise."""
    for line in row.budget_lines:
        if line.partner_id == partner.id:
            line.partner = None


def _stored(row: Application, rank: int, line: Line) -> BudgetLine:
    _countable(line.amount_cents, whole_euros=row.call.whole_euros)
    try:
        label = clean_line(line.label, LONGEST_LABEL)
    except TextError as error:
        raise Invalid({"lines": error.as_reason}) from error
    return BudgetLine(
        position=rank,
        side=str(line.side),
        key=line.key,
        label=label,
        status=str(line.status) if line.status else "",
        amount_cents=line.amount_cents,
        partner_id=_partner(row, line.partner),
        proof_id=_proof(row, line.proof),
    )


def _countable(cents: int, *, whole_euros: bool) -> None:
    found = (
        ("negative", cents < 0),
        ("too_large", cents > LARGEST_CENTS),
        ("too_many_decimals", whole_euros and cents % CENTS != 0),
    )
    for code, there in found:
        if there:
            raise Invalid({"lines": Reason(code, {"maximum": 0} if code == "too_many_decimals" else {})})


def _partner(row: Application, public_id: str) -> int | None:
    if not public_id:
        return None
    found = next((one.id for one in row.partners if one.public_id == public_id), None)
    if found is None:
        raise Invalid({"lines": Reason("unknown_partner")})
    return found


def _proof(row: Application, public_id: str) -> int | None:
    if not public_id:
        return None
    live = (one for one in row.attachments if one.kind == PROOF_KIND and one.removed_at is None)
    found = next((one.id for one in live if one.public_id == public_id), None)
    if found is None:
        raise Invalid({"lines": Reason("unknown_proof")})
    return found
