"""The door to the search for who enters: the optimiser lives in a process of its own, never in the site's."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from grants.delivery import apart

SECONDS = 60


def run(material: Mapping[str, Any]) -> dict[str, Any]:
    """What `grants.domain.succession.who_enters` answers. Raises apart.ApartFailed."""
    return apart.run(__name__, material, lambda _percent, _words: None, seconds=SECONDS)


def _main() -> None:
    """The process: material on standard input, the answer on standard output."""
    from grants.domain.succession import who_enters  # noqa: PLC0415 -- the optimiser, in this process only

    json.dump(who_enters(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    _main()
