"""The table that a run prints: what we reach, what the floor reaches, the goal, and whether it is met."""

from statistics import median

from tests.bench.letters import Letters
from tests.bench.pages import Line
from tests.bench.serving import Server

HEAD = (
    "work",
    "ours/s",
    "p50 of 1",
    "p50 of 8",
    "p95 of 8",
    "floor/s",
    "ratio",
    "goal",
    "queries",
    "kB (raw)",
    "CPU ms web+db",
    "",
)
MEMORY_GOAL, START_GOAL = 150, 2


def print_table(lines: list[Line]) -> None:
    """One line a work, columns aligned."""
    rows = [HEAD, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        say(first[0].ljust(first[1]) + "".join("  " + cell.rjust(width) for cell, width in others))
    say(
        "rates at 8 clients, medians of the rounds; milliseconds; kB compressed with gzip; ratio to the floor measured just before"
    )


def print_servers(servers: list[Server]) -> None:
    """Start and memory, goals for ours alone."""
    for server in servers:
        goals = "" if server.name == "floor" else f"  (goals: {START_GOAL} s, {MEMORY_GOAL} MB)"
        say(f"{server.name}: first answer after {server.started_in:.1f} s, {server.memory():.0f} MB a worker{goals}")


def print_letters(found: Letters) -> None:
    """Letters a second, ours and bare."""
    say(
        f"letters, one process: ours {found.ours:.2f}/s, bare WeasyPrint on the same HTML {found.bare:.2f}/s, "
        f"ratio {found.share:.2f} (goal 0.85){_verdict(found.share >= 0.85)}"
    )


def _row(line: Line) -> tuple[str, ...]:
    work = line.work
    if line.missing:
        return (work.title, line.missing, *[""] * (len(HEAD) - 2))
    assert line.weight is not None
    ours, floor, alone = line.ours, line.floor, line.alone
    limit = f"/{work.kilobytes}" if work.kilobytes else ""
    return (
        work.title,
        f"{median(one.rate for one in ours):.0f}",
        f"{median(one.half for one in alone):.1f}" if alone else "",
        f"{median(one.half for one in ours):.1f}",
        f"{median(one.most for one in ours):.1f}",
        f"{median(one.rate for one in floor):.0f}",
        f"{line.share:.2f}",
        f"{work.share:.2f}",
        f"{line.weight.queries}/{work.queries}" if work.queries else str(line.weight.queries),
        f"{line.weight.compressed:.1f}{limit} ({line.weight.raw:.0f})" if line.weight.raw else "",
        f"{median(one.web for one in ours):.1f}+{median(one.database for one in ours):.1f}",
        _verdict(_reached(line)),
    )


def _reached(line: Line) -> bool:
    work, weight = line.work, line.weight
    assert weight is not None
    light = not work.queries or weight.queries <= work.queries
    small = work.kilobytes is None or weight.compressed <= work.kilobytes
    return line.share >= work.share and light and small


def _verdict(reached: bool) -> str:  # noqa: FBT001 -- one word for one answer
    return "✓" if reached else "✗"


def say(words: str) -> None:
    """A line of the report, to standard output."""
    print(words, flush=True)  # noqa: T201 -- a command
