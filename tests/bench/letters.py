"""Decision letters: our production (rows, words, sealed drawing, store, row) beside bare WeasyPrint on the same HTML."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from sqlalchemy import delete

from grants import clock
from grants.db import connect, reading, transaction
from grants.delivery import fonts
from grants.delivery.doors import Doors
from grants.delivery.files import Store
from grants.delivery.smtp import Folder
from grants.delivery.templating import Renderer
from grants.models import Document
from grants.services import document
from grants.services.relay import Task
from tests.bench.seed import Season

ROOT = Path(__file__).parents[2]
KIND = "decision-letter"
BATCH, ROUNDS = 4, 12  # short turns: what else the machine does meets both alike


@dataclass(frozen=True)
class Letters:
    """Letters a second, medians of the rounds; `share` is the median of the rounds' ratios."""

    ours: float
    bare: float
    share: float


def measure(season: Season, folder: Path, *, quick: bool) -> Letters:
    """Draw the same letters in turn, by us and bare, one process each, in batches."""
    connect(season.url)
    doors = Doors(
        Renderer(ROOT / "grants/templates", ROOT / "grants/translations", "https://bench.invalid"),
        Folder(folder / "mailbox"),
        Store(folder / "blobs"),
        "https://bench.invalid",
        "palabre@bench.invalid",
    )
    at = clock.now()
    pages = [_page(public_id, doors, at) for public_id in season.released]
    found: list[tuple[float, float]] = []
    with _bare(doors.renderer.stylesheet()) as line:
        _ours(season.released[:2], doors, at)
        _ask(line, pages[:2])
        for number in range(ROUNDS // 3 if quick else ROUNDS):
            some = slice(number * BATCH, (number + 1) * BATCH)
            bare = BATCH / _ask(line, pages[some])
            found.append((BATCH / _ours(season.released[some], doors, at), bare))
    return Letters(
        median(ours for ours, _ in found),
        median(bare for _, bare in found),
        median(ours / bare for ours, bare in found),
    )


def _task(public_id: str, at: datetime) -> Task:
    return Task(public_id, KIND, f"decision:{public_id}", None, {}, "", at, "", lambda _sha256: None)


def _page(public_id: str, doors: Doors, at: datetime) -> str:
    with reading() as session:
        words = document.told(session, _task(public_id, at), doors)
        return doors.renderer.document(KIND, document.LANGUAGE, words)


def _ours(public_ids: tuple[str, ...], doors: Doors, at: datetime) -> float:
    """Seconds for these letters, from rows to a stored file and its row."""
    with transaction() as session:
        session.execute(delete(Document))
    begun = time.perf_counter()
    for public_id in public_ids:
        document.keep(_task(public_id, at), doors)
    return time.perf_counter() - begun


@contextmanager
def _bare(stylesheet: str) -> Iterator[subprocess.Popen[str]]:
    """A process that draws bare letters; it is told the stylesheet first."""
    command = [sys.executable, "-m", "tests.bench.bare_letters"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as line:
        assert line.stdin is not None
        line.stdin.write(json.dumps({"css": stylesheet, "fonts": str(fonts.FOLDER)}) + "\n")
        yield line
        line.stdin.close()


def _ask(line: subprocess.Popen[str], pages: list[str]) -> float:
    """Seconds that these pages take, as the process itself counts them."""
    assert line.stdin is not None
    assert line.stdout is not None
    line.stdin.write(json.dumps(pages) + "\n")
    line.stdin.flush()
    return float(line.stdout.readline())
