"""Which lines of a ranking a projector shows: few enough to be read from the back of the room."""

LINES = 7


def window(total: int, line: int, current: int | None = None, lines: int = LINES) -> range:
    """The positions (from 0) to show of `total`: around the line, with the file called when it is not too far.

    `line`: how many stand above it. `current`: the position of the file called; far from the line, it is what the window
    turns around.
    """
    last_above, first_below = max(line - 1, 0), min(line, max(total - 1, 0))
    low, high = last_above, first_below
    if current is not None:
        low, high = min(low, current), max(high, current)
        if high - low + 1 > lines:
            low = high = current
    start = low - (lines - (high - low + 1)) // 2
    start = max(0, min(start, total - lines))
    return range(start, min(total, start + lines))
