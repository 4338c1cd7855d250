"""Programmes: what a network runs for years."""

from collections.abc import Mapping, Sequence
from typing import Any

from grants.db import transaction
from grants.domain.text import clean_line, clean_text
from grants.models import Organisation, Phase, Programme
from grants.policies import Actor
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

LONGEST_NAME = 200
LONGEST_TEXT = 20_000


def found(  # noqa: PLR0913 -- the columns of a programme
    *,
    actor: Actor,
    slug: str,
    name: str,
    network: str,
    summary: str = "",
    source: str = "",
    phases: Sequence[Mapping[str, Any]] = (),
) -> Programme:
    """Found a programme of `network` (public id of an organisation). Raises NotAllowed, NotFound.

    `phases`: {"number", "name", "starts_on", "ends_on"}; days may be None where the source does not say.
    """
    with transaction() as session:
        row = Programme(
            slug=slug,
            name=clean_line(name, LONGEST_NAME),
            network_id=one_for(session, actor, Organisation, network).id,
            summary=clean_text(summary, LONGEST_TEXT),
            source=source,
            phases=[Phase(**phase) for phase in phases],
        )
        session.add(row)
        lifecycle.act(session, actor=actor, action=Action.PROGRAMME_FOUND, row=row)
    return row
