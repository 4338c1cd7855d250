"""The life of a call: drafted, published, its files decided, closed."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.facts import CallFacts
from grants.workflow.machine import Machine, Move


class CallState(StrEnum):
    """Whether a published call is still open for applications is a question of dates, not of state."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


CALL: Machine[CallFacts] = Machine(
    "call",
    CallState,
    initial=CallState.DRAFT,
    finals=[CallState.CLOSED],
    moves=[
        Move(
            Action.CALL_PUBLISH,
            (CallState.DRAFT,),
            CallState.PUBLISHED,
            (g.weights_sum_to_hundred, g.tranches_sum_to_whole, g.dates_in_order, g.stages_set, g.envelope_set),
        ),
        Move(
            Action.CALL_AMEND,
            (CallState.PUBLISHED,),
            guards=(
                *(g.weights_sum_to_hundred, g.tranches_sum_to_whole, g.dates_in_order, g.stages_set, g.envelope_set),
                *(g.envelope_covers_awards, g.deadline_ahead, g.kind_kept, g.chart_kept, g.rubric_kept_while_read),
                g.reason_given,
            ),
        ),
        Move(Action.CALL_CLOSE, (CallState.PUBLISHED,), CallState.CLOSED, (g.every_file_decided,)),
        # run elsewhere, told here: nothing is asked of it but where it is told from
        Move(Action.CALL_IMPORT, (CallState.DRAFT,), CallState.CLOSED, (g.source_cited,)),
    ],
)
