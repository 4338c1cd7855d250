"""A long sum in a process of its own: JSON in, JSON out, progress told meanwhile; without our database or our keys."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_HERE = str(Path(__file__).resolve().parents[2])
# on a busy machine, threads of linear algebra wait for one another longer than they help
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_KEPT = ("PATH", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "TMPDIR", "LANG")


class ApartFailed(Exception):
    """The process gave no answer: `timeout`, or its last words."""


def run(module: str, content: Mapping[str, Any], tell: Callable[[int, str], None], *, seconds: int) -> dict[str, Any]:
    """Run `python -m module` on this content and return what it prints.

    Lines `fraction words` of its standard error become `tell(percent, words)`. Raises ApartFailed, after `seconds` too.
    """
    with subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=_HERE,
        env=_ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ},  # noqa: TID251 -- what is passed on
    ) as process:
        watch = threading.Timer(seconds, process.kill)
        watch.start()
        try:
            said, words = _exchange(process, content, tell)
        finally:
            watch.cancel()
            process.kill()
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise ApartFailed(words[-1] if words else "timeout") from error
    return answer


def _exchange(
    process: "subprocess.Popen[str]", content: Mapping[str, Any], tell: Callable[[int, str], None]
) -> tuple[str, list[str]]:
    """Hand the content over; what came back, and the last words beside it."""
    stdin = process.stdin
    assert stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with suppress(BrokenPipeError):  # it died before it had read all: its last words say why
        json.dump(content, stdin)
    with suppress(BrokenPipeError):
        stdin.close()
    answer: list[str] = []
    # an answer longer than a pipe holds must be taken while progress is still told
    taking = threading.Thread(target=lambda out=process.stdout: answer.append(out.read()), daemon=True)
    taking.start()
    words: list[str] = []
    for line in process.stderr:
        done, _, chapter = line.strip().partition(" ")
        words.append(line.strip())
        if done.replace(".", "", 1).isdigit():
            tell(int(100 * float(done)), chapter)
    taking.join()
    return "".join(answer), words


def answer(study: Callable[[Any, Callable[[float], None]], Any], step: float) -> None:
    """In the process apart: material on standard input, the answer on standard output, progress beside.

    `step`: of the whole; progress is not told more often.
    """
    told = 0.0

    def tell(done: float) -> None:
        nonlocal told
        if done >= told + step:
            told = done
            sys.stderr.write(f"{done:.2f}\n")
            sys.stderr.flush()

    json.dump(study(json.load(sys.stdin), tell), sys.stdout)
