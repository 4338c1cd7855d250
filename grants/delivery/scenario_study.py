"""The door to the study of scenarios: HiGHS and numpy live in a process of their own, never in the site's."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from grants.delivery import apart

SECONDS = 110
STEP = 0.02  # of the whole: progress is not told more often


def run(material: Mapping[str, Any], tell: Callable[[int], None]) -> dict[str, Any]:
    """What `grants.domain.scenario_study.study` answers; `tell(percent)` meanwhile. Raises apart.ApartFailed."""
    return apart.run(__name__, material, lambda percent, _words: tell(percent), seconds=SECONDS)


def _main() -> None:
    """The process: material on standard input, the answer on standard output, progress beside."""
    from grants.domain.scenario_study import study  # noqa: PLC0415 -- numpy, in this process only

    told = 0.0

    def tell(done: float) -> None:
        nonlocal told
        if done >= told + STEP:
            told = done
            sys.stderr.write(f"{done:.2f}\n")
            sys.stderr.flush()

    json.dump(study(json.load(sys.stdin), tell), sys.stdout)


if __name__ == "__main__":
    _main()
