"""The worker holds no logic: a task is one statement, and the process starts with the doors of its settings."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import PROJECT

TASKS = PROJECT / "worker" / "tasks.py"


@pytest.mark.pure
def test_a_task_is_one_statement():
    functions = [node for node in ast.parse(TASKS.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        _docstring, *statements = function.body
        assert len(statements) == 1, function.name


@pytest.mark.slow
def test_the_worker_starts_and_knows_its_tasks_and_who_keeps_what(tmp_path: Path):
    program = (
        "from worker.app import app; import worker.tasks as t; from worker.handlers import HANDLERS;"
        "print(sorted(n for n in app.tasks if n.startswith('worker.')), sorted(HANDLERS))"
    )
    environment = {**os.environ, "ENV": "test", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    kinds = ["analysis", "copy", "document", "export", "mail", "printout", "proposal", "rehearsal", "scenario"]
    kinds.append("succession")
    names = ["end_reserves", "heartbeat", "keep_promise", "leave_planned", "relay_outbox", "scan_waiting"]
    names += ["send_reminders", "sweep", "work_batches"]
    assert done.stdout.strip() == f"{[f'worker.tasks.{name}' for name in names]} {kinds}"
