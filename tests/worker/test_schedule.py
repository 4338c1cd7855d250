"""Everything the clock starts exists, and a late run is dropped before the next one."""

import re

import pytest

from config.settings import PROJECT
from worker.schedule import SCHEDULE

pytestmark = pytest.mark.pure


def test_every_scheduled_task_is_a_task_of_the_worker():
    source = (PROJECT / "worker" / "tasks.py").read_text(encoding="utf-8")
    for entry in SCHEDULE.values():
        module, _, function = entry["task"].rpartition(".")
        assert module == "worker.tasks"
        assert re.search(rf"^def {function}\(", source, re.MULTILINE), function


def test_a_run_expires_before_another_is_due():
    for name, entry in SCHEDULE.items():
        if isinstance(entry["schedule"], float):
            assert entry["options"]["expires"] <= entry["schedule"], name
        else:
            assert 0 < entry["options"]["expires"] < 60 * 60, name
