"""A budget workbook that comes back: inspected and opened in sealed children, never in this process; nothing is written."""

from collections.abc import Callable

from grants.db import reading
from grants.delivery import sealed, uploads
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

WORKBOOK = {"xlsx": uploads.ALLOWED["xlsx"]}
#: Ours weighs 20 kB; one that a spreadsheet program has saved again, a few times that.
MOST_BYTES = 2_000_000
CPU_SECONDS = 8
MEMORY = 1 << 30
WALL_SECONDS = 12.0
OUTPUT = 8_000_000


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


def opened(filename: str, data: bytes, cells: Callable[[bytes], bytes], warm: Callable[[], None]) -> bytes:
    """What `cells` takes out of a workbook, in a sealed child where `warm` was called before. Raises Invalid."""
    if len(data) > MOST_BYTES:
        raise Invalid({"file": Reason("file_too_large", {"bytes": MOST_BYTES})})
    try:
        uploads.check(filename, data, allowed=WORKBOOK)
        return sealed.run(
            cells,
            data,
            cpu_seconds=CPU_SECONDS,
            memory=MEMORY,
            wall_seconds=WALL_SECONDS,
            warm=warm,
            output=OUTPUT,
        )
    except uploads.Refused as refused:
        raise Invalid({"file": Reason(f"file_{refused.reason}")}) from refused
    except sealed.Stopped as stop:
        slow = stop.reason in {"timeout", "cpu"}
        raise Invalid({"file": Reason("file_took_too_long" if slow else "file_unreadable")}) from stop
