"""A rehearsal in a process of its own: terms as JSON on standard input, the report on standard output, progress beside."""

import json
import sys
import tempfile
from pathlib import Path

from grants.rehearsal.play import rehearse


def main() -> None:
    """Read, rehearse, print."""
    content = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="palabre-essai-") as folder:
        report = rehearse(content, Path(folder), _tell)
    json.dump(report.data(), sys.stdout, ensure_ascii=False)


def _tell(done: float, words: str) -> None:
    sys.stderr.write(f"{done:.2f} {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
