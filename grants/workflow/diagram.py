"""A machine as a Mermaid state diagram, so that the drawing is made from the table and never beside it."""

from grants.workflow.agreement import AGREEMENT
from grants.workflow.amendment import AMENDMENT
from grants.workflow.application import APPLICATION
from grants.workflow.call import CALL
from grants.workflow.decision import DECISION
from grants.workflow.departure import DEPARTURE
from grants.workflow.machine import Facts, Machine, Move
from grants.workflow.meeting import MEETING
from grants.workflow.minutes import MINUTES
from grants.workflow.project import PROJECT
from grants.workflow.report import REPORT
from grants.workflow.review import REVIEW
from grants.workflow.succession import SUCCESSION
from grants.workflow.tranche import TRANCHE

LIVES = (
    CALL,
    APPLICATION,
    REVIEW,
    MEETING,
    MINUTES,
    DECISION,
    DEPARTURE,
    SUCCESSION,
    AGREEMENT,
    PROJECT,
    REPORT,
    TRANCHE,
    AMENDMENT,
)


def mermaid(machine: Machine[Facts]) -> str:
    """The diagram's text: an arrow per move that changes the state."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    for move in machine.moves:
        lines += [f"    {state} --> {move.to}: {move.action}" for state in move.frm if move.to not in (None, state)]
    lines += [f"    {state} --> [*]" for state in machine.states if state in machine.finals]
    return "\n".join(lines)


def table(machine: Machine[Facts]) -> str:
    """The rows as a Markdown table: from, action, to, guards, effects."""
    head = "| from | action | to | only when | what follows |\n|---|---|---|---|---|"
    return "\n".join([head, *(_row(move) for move in machine.moves)])


def _row(move: Move[Facts]) -> str:
    frm = ", ".join(move.frm)
    guards = ", ".join(f"`{guard.__name__}`" for guard in move.guards)
    effects = ", ".join(
        f"{effect.__class__.__name__.lower()} `{getattr(effect, 'name', None) or getattr(effect, 'kind', '')}`"
        for effect in move.effects
    )
    return f"| {frm} | `{move.action}` | {move.to or '='} | {guards} | {effects} |"


def document() -> str:
    """All the lives, drawn: the text of docs/lives.md."""
    parts = [
        "# The lives of Palabre's objects\n\nDrawn from `grants/workflow` by `./palabre flask lives`; a test compares."
    ]
    parts += [
        f"## {machine.name.capitalize()}\n\n```mermaid\n{mermaid(machine)}\n```\n\n{table(machine)}"  # type: ignore[arg-type]
        for machine in LIVES
    ]
    return "\n\n".join(parts) + "\n"
