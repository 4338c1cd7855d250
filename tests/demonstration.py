"""The demonstration, lived through once for all the tests that look at it.

Living through it is minutes on a busy machine and always gives the same figures for the same sources: the folder is
kept under the test runner's cache, named by the fingerprint of the sources, and shared by the processes of a run.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "demonstration"
SOURCES = ("grants", "config", "wsgi.py")
LEFT_OUT = {"__pycache__", "static", "translations"}


def lived() -> Path:
    """A DATA_DIR in which everything has happened (palabre.sqlite, blobs, mailbox). Copy it before writing to it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = KEPT / _fingerprint()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "clock-offset").exists():
            for old in KEPT.iterdir():
                shutil.rmtree(old) if old.is_dir() else None
            _live(folder)
    return folder


def copied(to: Path) -> Path:
    """A copy of one's own at `to`, which must not exist yet."""
    shutil.copytree(lived(), to)
    return to


def _live(folder: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_DIR"))},
        "ENV": "demo",
        "DATA_DIR": str(folder),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        message = f"the demonstration could not be loaded:\n{done.stderr[-4000:]}"
        raise RuntimeError(message)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        start = ROOT / source
        paths = [start] if start.is_file() else sorted(path for path in start.rglob("*") if path.is_file())
        for path in paths:
            if not LEFT_OUT & set(path.parts):
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
