"""« Alliances pluri-acteurs 2027 », open on the day of the demonstration: nine drafts, three files in, one to sign, one left."""

from grants.demo import writing
from grants.demo.agenda import Agenda
from grants.demo.calls import CALL_2027, ENVELOPE_2027, paris
from grants.demo.stage import Stage, data

NAME = "2027"


def plan(stage: Stage, agenda: Agenda) -> None:
    """Put the round down, as far as it has come."""
    agenda.put(paris(2026, 9, 21, 15), lambda: stage.draft_call(NAME, CALL_2027, ENVELOPE_2027))
    agenda.put(paris(2026, 9, 25, 11), lambda: stage.seat_committee(NAME))
    agenda.put(paris(2026, 10, 5, 9), lambda: stage.publish_call(NAME))
    for key in data(f"files-{NAME}"):
        writing.plan(stage, agenda, NAME, key)
