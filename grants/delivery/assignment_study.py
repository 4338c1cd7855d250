"""The door to the study of assignments: HiGHS lives in a process of its own, never in the site's."""

from collections.abc import Callable, Mapping
from typing import Any

from grants.delivery import apart

SECONDS = 110
STEP = 0.05  # of the whole: progress is not told more often


def run(material: Mapping[str, Any], tell: Callable[[int], None]) -> dict[str, Any]:
    """What `grants.domain.assignment_study.study` answers; `tell(percent)` meanwhile. Raises apart.ApartFailed."""
    return apart.run(__name__, material, lambda percent, _words: tell(percent), seconds=SECONDS)


def _main() -> None:
    """The process: material on standard input, the answer on standard output, progress beside."""
    from grants.domain.assignment_study import study  # noqa: PLC0415 -- HiGHS, in this process only

    apart.answer(study, STEP)


if __name__ == "__main__":
    _main()
