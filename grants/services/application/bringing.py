"""A workbook of the whole form that comes back from somewhere without a connection: read, never written by itself."""

from grants.db import reading
from grants.delivery.workbooks import opened
from grants.errors import Invalid, NotPossible, Reason
from grants.exchange import form_reading
from grants.exchange.form_reading import Back, NotOurs
from grants.models import Application
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow.actions import Action


def read_answers(*, actor: Actor, application: str, filename: str, data: bytes) -> Back:
    """What a workbook of this file's form holds. Raises NotFound, NotAllowed, NotPossible (closed), Invalid (file).

    Reasons of `file`: those of an upload, workbook_not_form (not ours), workbook_other_file.
    """
    with reading() as session:
        row = one_for(session, actor, Application, application)
        require(actor, Action.APPLICATION_EDIT, subject_of(row, session))
        facts = picture.facts(session, row, lifecycle.moment(session))
        reasons = lifecycle.obstacles(row, Action.APPLICATION_EDIT, facts)
        form = form_of(row)
    if reasons:
        raise NotPossible(Action.APPLICATION_EDIT, reasons)
    try:
        found = form_reading.read(opened(filename, data, form_reading.cells, form_reading.warm), form)
    except NotOurs as strange:
        raise Invalid({"file": Reason("workbook_not_form")}) from strange
    if found.application != application:
        raise Invalid({"file": Reason("workbook_other_file")})
    return found
