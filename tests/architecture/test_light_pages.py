"""What a web request may never load: numpy, HiGHS, and the sums that need them. They live in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "highspy", "grants.domain.expected_ranks", "grants.domain.score_study", "grants.domain.score_draws")
#: Every module that serves pages and keeps their use cases, each by itself: an import inside a function counts below.
LOADED = """
import importlib, json, pkgutil, sys
import wsgi, grants.web, grants.services, grants.queries
for package in (grants.web, grants.services, grants.queries):
    for one in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(one.name)
print(json.dumps(sorted(sys.modules)))
"""


def test_no_page_no_use_case_and_no_query_loads_what_optimises(tmp_path: Path) -> None:
    """A fresh interpreter, the application made, every module of it imported: numpy and HiGHS are not there."""
    environment = {"DATA_DIR": str(tmp_path), "ENV": "test", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "grants.web.scenario.views" in loaded
    assert "grants.services.scenario" in loaded
    assert sorted(loaded.intersection(HEAVY)) == []


def test_no_page_and_no_query_calls_a_sum_that_would_load_it() -> None:
    """`portfolio` loads HiGHS when it is called, not when it is imported: nothing outside the core may name it."""
    callers = (
        *("grants.domain.portfolio ", "grants.domain.portfolio_study", "grants.domain.portfolio_easing"),
        *("grants.domain.scenario_study", "grants.domain.integer_programme", "grants.domain.assignment "),
    )
    named = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("web", "services", "queries")
        for path in (ROOT / "grants" / folder).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.lstrip().startswith(("from ", "import ")) and any(one in f"{line} " for one in callers)
    ]
    assert named == []
