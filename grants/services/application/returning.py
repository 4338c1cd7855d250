"""A budget workbook that comes back: inspected and opened in sealed children, never in this process; nothing is written."""

from grants.db import reading
from grants.delivery.workbooks import opened
from grants.errors import Invalid, NotPossible, Reason
from grants.exchange import budget_reading
from grants.exchange.budget_reading import NotOurs, Sheet
from grants.models import Application
from grants.policies import Actor, require
from grants.queries.eligibility import chart_of
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow.actions import Action


def read_workbook(*, actor: Actor, application: str, filename: str, data: bytes) -> Sheet:
    """What a workbook of this file's budget holds. Raises NotFound, NotAllowed, NotPossible (closed), Invalid (file).

    Reasons of `file`: those of an upload, workbook_unknown (not ours), workbook_chart, workbook_other_file.
    """
    with reading() as session:
        row = one_for(session, actor, Application, application)
        require(actor, Action.APPLICATION_EDIT, subject_of(row, session))
        facts = picture.facts(session, row, lifecycle.moment(session))
        reasons = lifecycle.obstacles(row, Action.APPLICATION_EDIT, facts)
        chart, whole_euros = chart_of(row.call), row.call.whole_euros
    if reasons:
        raise NotPossible(Action.APPLICATION_EDIT, reasons)
    try:
        found = budget_reading.read(
            opened(filename, data, budget_reading.cells, budget_reading.warm), whole_euros=whole_euros
        )
    except NotOurs as strange:
        raise Invalid({"file": Reason(strange.reason)}) from strange
    if found.application != application:
        raise Invalid({"file": Reason("workbook_other_file")})
    if found.chart != chart:
        raise Invalid({"file": Reason("workbook_chart")})
    return found
