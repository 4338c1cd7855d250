"""Who keeps which kind of promise: the one table, for the worker and for the command line."""

from functools import partial

from grants.delivery.doors import Doors
from grants.services import analysis, document, mail, proposal, rehearsal
from grants.services.relay import Handler


def handlers(doors: Doors) -> dict[str, Handler]:
    """The handler of each kind of promise, behind these doors."""
    return {
        "mail": partial(mail.keep, doors=doors),
        "document": partial(document.keep, doors=doors),
        rehearsal.KIND: rehearsal.keep,
        analysis.KIND: analysis.keep,
        proposal.KIND: proposal.keep,
    }
