"""The servers of a run, on loopback ports of their own: gunicorn with two synchronous workers each, started and ended here."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench import load
from tests.postgres import Cluster, _free_port

WORKERS = 2
START_SECONDS = 60
ROOT = Path(__file__).parents[2]


class NotServing(Exception):
    """The server did not answer; its words are in the message."""


@dataclass(frozen=True)
class Server:
    """A running gunicorn. `started_in`: seconds from the command to the first answer."""

    name: str
    port: int
    host: str
    process: psutil.Process
    started_in: float

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        return list(self.process.children())

    def cpu(self) -> float:
        """Seconds of processor that its workers have used so far."""
        return sum(_spent(worker) for worker in self.workers())

    def memory(self) -> float:
        """Megabytes of the largest worker."""
        return max((worker.memory_info().rss for worker in self.workers()), default=0) / 1e6


@contextmanager
def serving(name: str, target: str, environment: Mapping[str, str], *, host: str, ready: str) -> Iterator[Server]:
    """Serve `target` (module:app) for the length of the block; `ready` is an address that answers 200."""
    port = _free_port()
    words = Path(environment["BENCH_FOLDER"]) / f"{name}.log"
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "sync", "--workers", str(WORKERS)]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--error-logfile", "-", "--log-level", "warning"]
    begun = time.perf_counter()
    with words.open("wb") as log:
        process = subprocess.Popen(
            [*command, target], cwd=ROOT, env={**_inherited(), **environment}, stdout=log, stderr=log
        )
    try:
        _await(name, process, port, load.get(ready, host=host)(), words)
        yield Server(name, port, host, psutil.Process(process.pid), time.perf_counter() - begun)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def database_cpu(cluster: Cluster) -> float:
    """Seconds of processor that PostgreSQL's living processes have used so far."""
    postmaster = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
    return sum(_spent(one) for one in psutil.Process(postmaster).children())


def _spent(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system)


def _inherited() -> dict[str, str]:
    """What a server needs of our environment: where programs and libraries are, nothing that Settings would read."""
    kept = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}


def _await(name: str, process: subprocess.Popen[bytes], port: int, request: bytes, words: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            status, _, _ = load.once(port, request, timeout=START_SECONDS)
        except OSError:
            time.sleep(0.02)
            continue
        if status == 200:
            return
        time.sleep(0.1)
    message = f"{name} does not answer:\n{words.read_text(errors='replace')[-3000:]}"
    raise NotServing(message)
