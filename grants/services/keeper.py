"""Who keeps which kind of promise: the one table, for the worker and for the command line."""

from functools import partial

from grants.delivery.doors import Doors
from grants.services import analysis, cleaning, document, export, mail, printing, proposal, rehearsal, scenario
from grants.services.decision import entering
from grants.services.relay import Handler


def handlers(doors: Doors) -> dict[str, Handler]:
    """The handler of each kind of promise, behind these doors."""
    return {
        entering.KIND: entering.keep,
        "mail": partial(mail.keep, doors=doors),
        "document": partial(document.keep, doors=doors),
        rehearsal.KIND: rehearsal.keep,
        analysis.KIND: analysis.keep,
        export.KIND: partial(export.keep, doors=doors),
        proposal.KIND: proposal.keep,
        cleaning.KIND: partial(cleaning.keep, doors=doors),
        printing.KIND: partial(printing.keep, doors=doors),
        scenario.KIND: scenario.keep,
    }
