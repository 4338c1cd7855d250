"""A long sum in a process of its own: its answer, its progress, its failures."""

import random
import time
from pathlib import Path
from typing import Any

import pytest

from grants.delivery import apart, score_study

pytestmark = pytest.mark.pure


def a_panel(files: int, reviewers: int, each: int) -> dict[str, Any]:
    """Scores of `files`, each read by `each` of the reviewers."""
    chance = random.Random(1)  # noqa: S311 -- scores, not secrets
    rows = []
    for file in range(files):
        worth = chance.gauss(3, 0.7)
        for reviewer in chance.sample(range(reviewers), each):
            marks = {f"C{n}": min(5, max(0, round(2 * (worth + chance.gauss(0, 0.6))) / 2)) for n in range(7)}
            rows.append([f"f{file:03}", f"r{reviewer:02}", sum(marks.values()) * 100 / 35, chance.random(), marks])
    return {
        "seed": 1,
        "places": max(1, files // 10),
        "readings": rows,
        "files": [[f"f{n:03}", f"T{n % 12}", 1_000_000 + n, None, n % 2 == 0] for n in range(files)],
        "criteria": [[f"C{n}", f"Critère {n}"] for n in range(7)],
    }


def test_the_same_scores_and_seed_give_the_same_answer() -> None:
    told: list[int] = []
    one, two = (score_study.run(a_panel(12, 6, 3), told.append) for _ in range(2))
    assert one == two
    assert [row["key"] for row in one["agreement"]] == [f"C{n}" for n in range(7)]
    assert told == sorted(told[: len(told) // 2]) * 2
    assert told[-1] <= 100


@pytest.mark.slow
def test_an_answer_longer_than_a_pipe_holds_arrives_whole() -> None:
    """Five hundred files and thirty reviewers; how long it takes is told by `./palabre prove-selection`."""
    answer = score_study.run(a_panel(500, 30, 30), lambda _percent: None)
    assert len(answer["ranks"]["standings"]) == 500


def test_what_cannot_be_studied_says_why_in_one_line() -> None:
    with pytest.raises(apart.ApartFailed, match="no grade at all"):
        score_study.run({**a_panel(3, 3, 1), "readings": []}, lambda _percent: None)


def test_a_process_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "endless.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(apart, "_HERE", str(tmp_path))
    begun = time.perf_counter()
    with pytest.raises(apart.ApartFailed, match="timeout"):
        apart.run("endless", {}, lambda *_: None, seconds=1)
    assert time.perf_counter() - begun < 10
