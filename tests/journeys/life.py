"""The life of one application, from the draft to the closed project: what each person does, on which day.

Told once, for any driver: controls are found by what they do, links by their words, fields by their names. What the
pages say is checked on the way.
"""

from datetime import datetime

from tests.journeys import choosing, drafting, funding
from tests.journeys.cast import paris
from tests.journeys.scene import Scene, Step

LIFE: tuple[tuple[datetime, Step], ...] = (
    (paris(2026, 12, 14), drafting.publishes),
    (paris(2027, 1, 6, 10), drafting.starts),
    (paris(2027, 1, 12, 19), drafting.writes),
    (paris(2027, 1, 20, 21), drafting.counts),
    (paris(2027, 1, 26, 22), drafting.joins),
    (paris(2027, 1, 27, 17, 30), drafting.submits),
    (paris(2027, 2, 1, 10), choosing.screens),
    (paris(2027, 2, 3, 20), choosing.declares),
    (paris(2027, 2, 8, 9, 30), choosing.assigns),
    (paris(2027, 2, 15, 21), choosing.reads),
    (paris(2027, 3, 1, 10), choosing.convenes),
    (paris(2027, 3, 4, 9, 40), choosing.sits),
    (paris(2027, 3, 11, 10), choosing.approves),
    (paris(2027, 3, 12, 10), choosing.releases),
    (paris(2027, 3, 12, 18), choosing.reads_the_letter),
    (paris(2027, 3, 16, 10), funding.opens),
    (paris(2027, 3, 17, 20), funding.gives_the_bank_details),
    (paris(2027, 3, 22, 15), funding.signs),
    (paris(2027, 3, 24, 11), funding.verifies_and_pays),
    (paris(2027, 4, 12, 11), funding.reaches),
    (paris(2027, 7, 10, 20), funding.reports),
    (paris(2027, 7, 13, 10), funding.gives_back),
    (paris(2027, 7, 18, 20), funding.completes),
    (paris(2027, 7, 23, 10), funding.accepts_and_orders),
    (paris(2027, 10, 5, 10), funding.ends),
    (paris(2027, 11, 25, 20), funding.tells_the_end),
    (paris(2027, 12, 14, 10), funding.closes),
)


def live(scene: Scene) -> None:
    """Everything in its order; what was promised is kept after each step."""
    for moment, step in LIFE:
        scene.world.at(moment)
        step(scene)
        scene.world.keep_promises()
