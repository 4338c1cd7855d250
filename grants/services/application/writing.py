"""Writing a file: begin it, answer, name territories. A draft never refuses but time."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.staging import first_stage
from grants.domain.text import TextError, clean_line
from grants.errors import Invalid, NotPossible, Reason
from grants.models import Application, Call, Organisation, Territory
from grants.policies import Actor, require
from grants.queries.call import spent
from grants.queries.eligibility import ROLLING_KIND, by_invitation, invited
from grants.queries.subjects import subject_of
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.call import CallState

MOST_ROWS = 60
SIDES = ("here", "there")


def start(*, actor: Actor, call: str, organisation: str) -> Application:
    """Begin a file for an organisation in a call (public ids). Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        wanted = one_for(session, actor, Call, call)
        lead = one_for(session, actor, Organisation, organisation)
        require(actor, Action.APPLICATION_START, subject_of(lead, session))
        now = lifecycle.moment(session)
        row = Application(
            call=wanted, organisation=lead, created_by_id=actor.id, answers={}, created_at=now, edited_at=now
        )
        _require_open(session, row)
        session.add(row)
        lifecycle.act(session, actor=actor, action=Action.APPLICATION_START, row=row)
    return row


def _require_open(session: Session, row: Application) -> None:
    """A file is begun while the call is open. Raises NotPossible."""
    call = row.call
    if call.state != CallState.PUBLISHED or call.imported:
        raise NotPossible(Action.APPLICATION_START, (Reason("call_published"),))
    row.stage = first_stage(form_of(call))
    if by_invitation(session, call) and not invited(session, call.id, row.organisation.id):
        whom = {"contact": call.contact, "organisation": row.organisation.name}
        raise NotPossible(Action.APPLICATION_START, (Reason("organisation_invited", whom),))
    if call.kind == ROLLING_KIND and spent(session, call):
        raise NotPossible(Action.APPLICATION_START, (Reason("envelope_left"),))
    with session.no_autoflush:
        facts = picture.facts(session, row, row.created_at)
    asked = (guards.call_open, guards.before_deadline)
    reasons = tuple(Reason(guard.__name__, facts.words()) for guard in asked if not guard(facts))
    if reasons:
        raise NotPossible(Action.APPLICATION_START, reasons)


def set_territories(*, actor: Actor, application: str, territories: Iterable[Mapping[str, str]]) -> Application:
    """Replace the territories of the file: {"side": here | there, "code", "label"}, each once. Raises as `edit`."""
    wanted = {(item["side"], item.get("code", ""), _label(item["label"])): None for item in territories}
    if any(side not in SIDES for side, _, _ in wanted):
        raise Invalid({"side": Reason("unknown_field")})
    if len(wanted) > MOST_ROWS:
        raise Invalid({"territories": Reason("too_many", {"most": MOST_ROWS})})
    with transaction() as session:
        row = picture.change(
            session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="territories"
        )
        row.territories = [Territory(side=side, code=code[:12], label=label) for side, code, label in wanted if label]
    return row


def _label(text: str) -> str:
    try:
        return clean_line(text, 120)
    except TextError as error:
        raise Invalid({"label": error.as_reason}) from error
