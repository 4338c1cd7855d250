"""docs/call-packs.md: its example is read, and its tables name all that the format knows and nothing else."""

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest

from config.settings import PROJECT
from grants.domain.chart import CHARTS
from grants.domain.conditions import read_condition, read_formula
from grants.domain.eligibility import RuleKind, Stage
from grants.domain.eligibility_data import KEYS
from grants.domain.eligibility_tests import PROBES
from grants.domain.forms import FieldKind, FileStage, Mark, SectionKind
from grants.domain.terms import DAYS, FLAGS, KINDS, LISTS, MOMENTS, OBJECTS, TEXTS, WHOLES, read_terms
from grants.domain.terms_parts import CONDITIONS, LETTERS, MEETINGS, REMINDED, REPORTS
from grants.exchange.call_pack import KEYS as PACK_KEYS
from grants.exchange.call_pack import read_pack, write_pack

pytestmark = pytest.mark.pure

GUIDE = (PROJECT / "docs/call-packs.md").read_text("utf-8")
PACK, CONDITIONS_SHOWN, FORMULAS_SHOWN = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
)


def first_column(title: str) -> set[str]:
    """The words in code marks of the first column of the table that begins with this title."""
    table = re.search(rf"^\| {re.escape(title)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    assert table is not None, title
    return {word for row in table.group(1).splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_example_is_a_pack_without_a_fault_and_has_one_spelling() -> None:
    pack = read_pack(json.dumps(PACK).encode())
    terms, faults = read_terms(pack.terms)
    assert faults == ()
    written = write_pack(pack)
    assert write_pack(read_pack(written)) == written
    assert [rule.key for rule in terms.rules] == ["complete", "old_enough", "volunteers"]
    assert sum(one["weight"] for one in PACK["terms"]["criteria"]) == 100
    assert sum(one["share_bp"] for one in PACK["terms"]["tranches"]) == 10_000


def test_a_fault_of_the_example_would_be_seen() -> None:
    """The control: the reader is not one that lets everything pass."""
    document: dict[str, Any] = json.loads(json.dumps(PACK["terms"]))
    document["form"]["sections"][1]["fields"][0]["label"] = ""
    assert read_terms(document)[1] == (("sections.1.fields.0.label", "needed"),)


@pytest.mark.parametrize("shown", CONDITIONS_SHOWN, ids=json.dumps)
def test_every_condition_shown_is_one(shown: object) -> None:
    assert read_condition(shown).data() == shown


@pytest.mark.parametrize("shown", FORMULAS_SHOWN, ids=json.dumps)
def test_every_formula_shown_is_one(shown: object) -> None:
    assert read_formula(shown).data() == shown


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("key | what it is", PACK_KEYS),
        ("part", {*LISTS, *OBJECTS}),
        ("values of `call`", {*TEXTS, *MOMENTS, *DAYS, *WHOLES, *FLAGS}),
        ("kind", set(FieldKind)),
        ("key | what it says", KEYS),
        ("built-in test", set(PROBES)),
    ],
)
def test_a_table_names_everything_and_nothing_else(title: str, known: Iterable[str]) -> None:
    assert first_column(title) == {str(name) for name in known}


def test_the_parameters_of_every_built_in_test_stand_beside_it() -> None:
    rows = [row.split("|") for row in GUIDE.splitlines() if row.startswith("| `")]
    beside = {name: row[2] for row in rows for name in re.findall(r"`([^`]+)`", row[1]) if name in PROBES}
    for name, probe in PROBES.items():
        assert all(f"`{parameter}`" in beside[name] for parameter in probe.parameters), name


def test_every_other_word_of_the_format_is_there() -> None:
    words = {*KINDS, *CONDITIONS, *LETTERS, *MEETINGS, *REMINDED, *REPORTS, *CHARTS}
    words |= {str(one) for kinds in (SectionKind, FileStage, Mark, RuleKind, Stage) for one in kinds}
    assert [word for word in sorted(words) if f"`{word}`" not in GUIDE] == []
