"""`analyse rank` and `analyse alpha`: shapes, refusals in one line, the examples of the documentation."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from config.settings import PROJECT
from grants.cli.analyse import analyse
from tests.proofs.panels import published

pytestmark = pytest.mark.pure

GRADES = [{"application": f"A{i}", "reviewer": f"R{j}", "grade": (i * j) % 5 + i} for i in range(6) for j in range(3)]
RANK = {"grades": GRADES, "places": 2}
ALPHA = {"level": "interval", "units": [[1, 2], [3, 3], [5, 4]]}


def tell(name, document, *options):
    given = document if isinstance(document, str | bytes) else json.dumps(document)
    return CliRunner().invoke(analyse, [name, "-", *options], input=given)


def answer(name, document, *options):
    result = tell(name, document, *options)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_rank_prints_what_is_documented_and_nothing_else():
    printed = answer("rank", RANK)
    assert set(printed) == {"applications", "line_group"}
    assert len(printed["applications"]) == 6
    for one in printed["applications"]:
        assert list(one) == [
            "application", "mean", "n", "spread", "expected_rank", "interval_50", "interval_90", "sucra", "probability_first",
        ]  # fmt: skip
        assert one["n"] == 3
        assert (
            1 <= one["interval_90"][0] <= one["interval_50"][0] <= one["interval_50"][1] <= one["interval_90"][1] <= 6
        )
    line = printed["applications"][1]["expected_rank"]
    cut = [
        one["application"] for one in printed["applications"] if one["interval_50"][0] <= line <= one["interval_50"][1]
    ]
    assert printed["line_group"] == cut


def test_rank_reads_the_published_panel_as_it_is_and_finds_its_table():
    panel = published()
    printed = answer("rank", panel | {"places": 5})
    for one in printed["applications"]:
        assert one["expected_rank"] == pytest.approx(panel["published"]["expected_rank"][one["application"]], abs=0.20)
        assert one["sucra"] == pytest.approx(panel["published"]["sucra"][one["application"]], abs=0.02)
    assert sorted(printed["line_group"]) == ["#2", "#3", "#4", "#5", "#6"]


def test_the_same_seed_prints_the_same_bytes_and_another_seed_others():
    assert tell("rank", RANK, "--seed", "5").stdout == tell("rank", RANK, "--seed", "5").stdout
    assert tell("rank", RANK, "--seed", "5").stdout != tell("rank", RANK, "--seed", "6").stdout
    assert tell("alpha", ALPHA, "--seed", "5").stdout == tell("alpha", ALPHA, "--seed", "5").stdout


def test_names_may_be_any_words_with_the_spaces_of_any_language():
    printed = answer("rank", grade(application="Été\u202f: l’école\u00a0— 学校"))
    assert "Été\u202f: l’école\u00a0— 学校" in {one["application"] for one in printed["applications"]}


def test_rank_tells_all_it_knows_when_asked():
    printed = answer("rank", RANK, "--full")
    assert {"standings", "reviewers", "line", "line_group", "groups", "cautions", "noise_sd", "seed"} <= set(printed)


def test_a_file_path_is_read_like_standard_input(tmp_path):
    path = tmp_path / "grades.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(RANK).encode())  # with the mark that some editors write first
    result = CliRunner().invoke(analyse, ["rank", str(path)])
    assert result.stdout == tell("rank", RANK).stdout


def test_warnings_are_lines_of_standard_error_and_the_status_stays_0():
    grades = [{"application": "a", "reviewer": "x", "grade": 3}, {"application": "b", "reviewer": "y", "grade": 4}]
    result = tell("rank", {"grades": [*grades, {"application": "c", "reviewer": "y", "grade": None}], "places": 1})
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert all(line.startswith("warning: ") for line in lines)
    assert any("ranks across groups are not comparable" in line for line in lines)
    assert json.loads(result.stdout)["applications"][-1] == {
        "application": "c", "mean": None, "n": 0, "spread": None, "expected_rank": None,
        "interval_50": None, "interval_90": None, "sucra": None, "probability_first": None,
    }  # fmt: skip


def test_alpha_prints_what_is_documented():
    printed = answer("alpha", ALPHA)
    assert list(printed) == ["alpha", "interval_95"]
    assert printed["interval_95"][0] <= printed["alpha"] <= printed["interval_95"][1]
    flat = tell("alpha", {"level": "nominal", "units": [["x", "x"], ["x", "x"]]})
    assert json.loads(flat.stdout) == {"alpha": None, "interval_95": None}
    assert "nothing to agree on" in flat.stderr


def grade(**changes):
    return {"grades": [*GRADES[:-1], GRADES[-1] | changes], "places": 2}


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("rank", "", "not valid JSON"),
        ("rank", "{", "not valid JSON"),
        ("rank", "[1, 2]", "a JSON object is expected"),
        ("rank", b"\xff\xfe{}", "not UTF-8"),
        ("rank", "[" * 100_000, "nested too deeply"),
        ("rank", "{}", '"grades" is missing'),
        ("rank", without(RANK, "places"), '"places" is missing'),
        ("rank", '{"places": 1, "places": 2, "grades": []}', '"places" comes twice'),
        ("rank", RANK | {"places": 0}, "at least 1"),
        ("rank", RANK | {"places": 7}, "between 1 and 6"),
        ("rank", RANK | {"places": 2.0}, "a whole number is expected"),
        ("rank", RANK | {"places": True}, "a whole number is expected, not true"),
        ("rank", RANK | {"places": "2"}, 'a whole number is expected, not "2"'),
        ("rank", {"grades": [], "places": 1}, "no grade at all"),
        ("rank", {"grades": {}, "places": 1}, "grades: a list is expected"),
        ("rank", {"grades": [3], "places": 1}, r"grades\[0\]: an object is expected, not 3"),
        ("rank", grade(grade="5"), r'grades\[17\].grade: a number is expected, not "5"'),
        ("rank", grade(grade=True), r"grades\[17\].grade: a number is expected, not true"),
        ("rank", grade(grade=float("nan")), "NaN is not a number"),
        ("rank", json.dumps(grade()).replace('"places": 2', '"places": 1e999'), "a whole number is expected"),
        ("rank", json.dumps(grade(grade=123456789)).replace("123456789", "-1e999"), "too large"),
        ("rank", json.dumps(grade(grade=123456789)).replace("123456789", "9" * 400), "too large"),
        ("rank", json.dumps(grade(grade=123456789)).replace("123456789", "9" * 5000), "not valid JSON"),
        ("rank", grade(application=""), r"grades\[17\].application: a name"),
        ("rank", grade(reviewer=7), r"grades\[17\].reviewer: a name"),
        ("rank", grade(reviewer="a\nb"), "signs that are not written"),
        ("rank", json.dumps(grade(reviewer="half")).replace("half", "\\ud800"), "signs that are not written"),
        ("rank", grade(reviewer="x" * 201), "too long"),
        ("rank", {"grades": [*GRADES, GRADES[0]], "places": 2}, "graded twice"),
        ("rank", {"grades": [without(GRADES[0], "grade")], "places": 1}, r'grades\[0\]: "grade" is missing'),
        ("alpha", without(ALPHA, "level"), '"level" is missing'),
        ("alpha", without(ALPHA, "units"), '"units" is missing'),
        ("alpha", ALPHA | {"level": "ratio"}, 'one of nominal, ordinal, interval is expected, not "ratio"'),
        ("alpha", ALPHA | {"level": ["nominal"]}, "is expected, not"),
        ("alpha", ALPHA | {"units": 5}, "units: a list is expected"),
        ("alpha", ALPHA | {"units": [5]}, r"units\[0\]: a list of values"),
        ("alpha", ALPHA | {"units": [[1, "2"]]}, r"units\[0\]\[1\]: a number is expected"),
        ("alpha", ALPHA | {"units": [[1, [2]]], "level": "nominal"}, r"units\[0\]\[1\]: a number is expected"),
        ("alpha", ALPHA | {"units": []}, "no unit has two values"),
        ("alpha", ALPHA | {"units": [[1, None], [2]]}, "no unit has two values"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line_and_the_status_is_2(name, document, words):
    result = tell(name, document)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"analyse: [^\n]+\n", result.stderr)
    assert re.search(words, result.stderr)


@pytest.mark.parametrize(
    "arguments",
    [["rank"], ["rank", "/nowhere/at/all.json"], ["rank", "/"], ["rank", "-", "--seed", "x"], ["rank", "-", "--seed", "-1"],
     ["rank", "-", "--what"], ["rank", "a", "b"], ["multiply", "-"]],
)  # fmt: skip
def test_a_wrong_command_line_is_told_in_one_line_too(arguments):
    result = CliRunner().invoke(analyse, arguments, input="{}")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"analyse: [^\n]+\n", result.stderr)


@pytest.mark.slow
def test_the_real_command_needs_neither_database_nor_queue(tmp_path):
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "analyse", "alpha", "-"],
        cwd=PROJECT,
        env=os.environ | nowhere | {"DATA_DIR": str(tmp_path)},
        input=json.dumps(ALPHA),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout) == answer("alpha", ALPHA)


def examples(name):
    """(input, output) of a section of docs/analysis.md: its first two blocks of JSON."""
    text = (PROJECT / "docs/analysis.md").read_text("utf-8")
    section = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group(1)
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL)[:2]]


@pytest.mark.parametrize("name", ["rank", "alpha"])
def test_the_documentation_shows_what_is_printed(name):
    given, printed = examples(name)
    assert answer(name, given) == printed


def test_the_commands_are_found_without_loading_numpy():
    """The web imports the commands; it must not pay for what only an analysis needs."""
    code = "import sys, grants.cli.analyse; print(sorted({'numpy', 'highspy'} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"
