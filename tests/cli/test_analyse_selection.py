"""`analyse choose` and `analyse assign`: shapes, statuses, refusals in one line, the examples of the documentation."""

import json
import re

import pytest
from click.testing import CliRunner

from config.settings import PROJECT
from grants.cli.analyse import analyse

pytestmark = pytest.mark.pure

FILES = [{"id": f"A{n}", "score": 10.5 - n, "amount_cents": 100, "tags": ["north"] if n % 2 else []} for n in range(4)]
CHOOSE = {"envelope_cents": 250, "places": 3, "objective": "sum", "applications": FILES, "bounds": [], "include": []}
ASSIGN = {
    "applications": [{"id": "A", "tags": []}, {"id": "B", "tags": ["language:en"]}],
    "reviewers": [{"id": "R", "tags": ["language:en"]}, {"id": "S", "tags": [], "max": 2}],
    "conflicts": [],
    "per_application": 1,
}


def tell(name, document, *options):
    return CliRunner().invoke(analyse, [name, "-", *options], input=json.dumps(document))


def examples(section):
    text = (PROJECT / "docs" / "analysis.md").read_text()
    part = re.search(rf"^## {section}$(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    return [json.loads(found) for found in re.findall(r"```json\n(.*?)```", part[1], re.DOTALL)]


@pytest.mark.parametrize("name", ["choose", "assign"])
def test_the_documented_examples_are_what_the_command_prints(name):
    asked, printed = examples(name)
    result = tell(name, asked)
    assert (result.exit_code, json.loads(result.stdout)) == (0, printed)


def test_choose_prints_the_set_its_value_and_its_binding_rules():
    result = tell("choose", CHOOSE, "--seed", "7")
    assert result.exit_code == 0
    awards = [{"id": "A0", "amount_cents": 100}, {"id": "A1", "amount_cents": 100}]
    assert json.loads(result.stdout) == {"chosen": awards, "value": 20, "binding": ["envelope"]}


def test_decimal_scores_are_taken_as_they_are_written():
    files = [{"id": name, "score": score, "amount_cents": 1} for name, score in (("A", 0.3), ("B", 0.1), ("C", 0.2))]
    asked = CHOOSE | {"applications": files, "envelope_cents": 2, "exclude": ["A"]}
    assert json.loads(tell("choose", asked).stdout)["value"] == 0.3


def test_contradicting_rules_are_named_with_status_1():
    result = tell("choose", CHOOSE | {"include": ["A0", "A1", "A2"]})
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"infeasible": True, "relax": ["include:A2"]})
    few = ASSIGN | {"per_application": 2}
    result = tell("assign", few)
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"infeasible": True, "relax": ["reviewers:B"]})


def test_assign_prints_pairs_and_loads():
    result = tell("assign", ASSIGN)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"assignments": [["R", "B"], ["S", "A"]], "loads": {"R": 1, "S": 1}}
    assert "2 pieces" in result.stderr


@pytest.mark.parametrize(
    ("name", "document", "said"),
    [
        ("choose", {}, '"envelope_cents" is missing'),
        ("choose", CHOOSE | {"objective": "most"}, "objective: one of sum, sum_by_amount, best_rank_first"),
        ("choose", CHOOSE | {"include": ["Z"]}, "unknown application: Z"),
        ("choose", CHOOSE | {"applications": [*FILES, FILES[0]]}, "stands twice"),
        ("choose", CHOOSE | {"envelope_cents": -1}, "envelope_cents"),
        ("choose", CHOOSE | {"places": 1.5}, "places: a whole number"),
        ("choose", CHOOSE | {"bounds": [{"min": 1}]}, 'bounds[0]: "tag" is missing'),
        ("choose", CHOOSE | {"applications": [FILES[0] | {"min_cents": 101}]}, "applications[0].min_cents"),
        ("choose", CHOOSE | {"applications": [FILES[0] | {"organisation": ["x"]}]}, "applications[0].organisation"),
        ("assign", ASSIGN | {"conflicts": [["R"]]}, "conflicts[0]: [reviewer, application]"),
        ("assign", ASSIGN | {"conflicts": [["A", "R"]]}, "unknown application or reviewer"),
        ("assign", ASSIGN | {"per_application": 0}, "per_application"),
        ("assign", ASSIGN | {"reviewers": [{"id": "R", "max": -1}]}, "reviewers[0].max"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_with_status_2(name, document, said):
    result = tell(name, document)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
