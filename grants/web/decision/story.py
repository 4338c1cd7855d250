"""The history of the decisions of a file in sentences, for a timeline."""

from datetime import datetime
from typing import Any

from flask import url_for

from grants.delivery.typography import euros
from grants.queries.lineage import Stage
from grants.web.kit.labels import label_of_state
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.workflow.decision import DecisionState, Origin

Event = dict[str, Any]


def told(stages: list[Stage]) -> list[Event]:
    """What happened to the decisions of a file, the newest first."""
    left = {stage.decision.follows_id: stage.decision.released_at for stage in stages if stage.decision.released_at}
    found = [event for stage in stages for event in _events(stage, left.get(stage.decision.id))]
    return sorted(found, key=lambda event: event["at"], reverse=True)


def _events(stage: Stage, replaced_at: datetime | None) -> list[Event]:
    row = stage.decision
    href = url_for("decision.show", public_id=row.public_id)
    outcome = _outcome(stage)
    found: list[Event] = []
    if row.origin != Origin.BOARD:
        found.append(
            {"title": _brought(stage), "at": row.proposed_at, "who": stage.proposed_by, "detail": outcome, "href": href}
        )
    if row.approved_at is not None:
        found.append({"title": _decided(stage), "at": row.approved_at, "who": stage.approved_by, "detail": outcome})
    if row.released_at is not None:
        title = _("Lettre n° %(number)s notifiée", number=stage.letter_number)
        found.append({"title": title, "at": row.released_at, "who": stage.released_by, "href": href})
    ending = _ending(row.state)
    if row.ended_at is not None and ending:
        found.append({"title": ending, "at": replaced_at or row.ended_at, "detail": row.ended_why})
    return found


def _outcome(stage: Stage) -> str:
    row = stage.decision
    words = str(label_of_state("outcome", str(row.outcome))[0])
    if row.awarded_cents:
        return f"{words}, {euros(row.awarded_cents, language=current_language())}"
    return _("%(outcome)s, rang %(rank)s", outcome=words, rank=row.reserve_rank) if row.reserve_rank else words


def _brought(stage: Stage) -> str:
    return {
        Origin.COMMITTEE: _("Proposée par le comité"),
        Origin.REVISION: _("Décision nouvelle préparée"),
        Origin.REISSUE: _("Lettre réécrite"),
        Origin.SUCCESSION: _("Entrée de la liste d’attente préparée"),
    }[stage.decision.origin]


def _decided(stage: Stage) -> str:
    row = stage.decision
    if row.origin == Origin.REISSUE:
        return _("Lettre confirmée par une seconde personne")
    if row.origin == Origin.BOARD:
        return _("Le conseil n’a pas suivi : sa décision, %(reference)s", reference=row.board_reference)
    return _("Décidée par le conseil, %(reference)s", reference=row.board_reference)


def _ending(state: str) -> str:
    return {
        DecisionState.DECLINED: _("Proposition non suivie par le conseil"),
        DecisionState.SUPERSEDED: _("Remplacée par une autre lettre"),
        DecisionState.REVOKED: _("Retirée"),
        DecisionState.EXPIRED: _("Liste d’attente close"),
        DecisionState.RENOUNCED: _("Désistement de l’organisation candidate"),
    }.get(DecisionState(state), "")
