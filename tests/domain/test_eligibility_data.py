"""Rules as data: what a call may state, and how what is wrong with it is named."""

import pytest

from grants.domain.eligibility import MEMBERS_ONLY, Outcome, judge
from grants.domain.eligibility_data import read_rules, rules_data
from grants.domain.eligibility_facts import Facts
from grants.domain.form_data import Faults
from grants.domain.terms import read_terms

pytestmark = pytest.mark.pure

STATED = [
    {
        "key": "no_mali",
        "kind": "eligibility",
        "stage": "submission",
        "article": "3.1",
        "title": "Pays",
        "text": "Le Mali n’est pas dans la liste.",
        "test": {"name": "territories_allowed", "denied": ["ML"]},
    },
    {
        "key": "old_enough",
        "soft": True,
        "kind": "eligibility",
        "stage": "screening",
        "test": {"name": "old_enough", "years": 2},
    },
    {
        "key": "has_staff",
        "kind": "eligibility",
        "stage": "screening",
        "question": "Avez-vous au moins une personne salariée ?",
        "when": {"field": "kind", "is_not": "collective"},
        "test": {"condition": {"field": "staff", "at_least": "1"}},
    },
    {"key": "complete", "kind": "admissibility", "stage": "submission"},
]


def faults_of(data: object) -> list[tuple[str, str]]:
    faults = Faults()
    read_rules(data, faults)
    return faults.found


def test_rules_are_written_as_they_were_read() -> None:
    faults = Faults()
    rules = read_rules(STATED, faults)
    assert faults.found == []
    again = Faults()
    assert read_rules(rules_data(rules), again) == rules
    assert again.found == []


def test_the_ordinary_rules_are_data_as_well() -> None:
    faults = Faults()
    assert read_rules(rules_data(MEMBERS_ONLY), faults) == MEMBERS_ONLY
    assert faults.found == []


def test_the_terms_of_a_call_hold_its_rules() -> None:
    terms, faults = read_terms({"v": 1, "rules": STATED})
    assert faults == ()
    assert [rule.key for rule in terms.rules] == ["no_mali", "old_enough", "has_staff", "complete"]
    verdict = judge(terms.rules[0], Facts(territories=("ML-1",)))
    assert (verdict.outcome, verdict.details[0].params) == (Outcome.FAIL, {"codes": "ML-1"})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("x", ("rules", "not_a_list")),
        ([3], ("rules.0", "not_an_object")),
        ([{"key": "Complete"}], ("rules.0.key", "not_a_key")),
        ([{"key": "complete", "kind": "odd"}], ("rules.0.kind", "unknown_kind")),
        ([{"key": "complete", "stage": "never"}], ("rules.0.stage", "unknown_kind")),
        ([{"key": "complete", "soft": "yes"}], ("rules.0.soft", "not_readable")),
        ([{"key": "complete", "text": 3}], ("rules.0.text", "not_a_text")),
        ([{"key": "complete", "article": "x" * 41}], ("rules.0.article", "too_long")),
        ([{"key": "complete", "code": "print()"}], ("rules.0.code", "unknown_key")),
        ([{"key": "mine"}], ("rules.0.test.name", "unknown_test")),
        ([{"key": "mine", "test": []}], ("rules.0.test", "not_an_object")),
        ([{"key": "mine", "test": {"name": "old_enough"}}], ("rules.0.test.years", "missing")),
        ([{"key": "mine", "test": {"name": "old_enough", "years": -1}}], ("rules.0.test.years", "not_readable")),
        ([{"key": "mine", "test": {"name": "old_enough", "years": True}}], ("rules.0.test.years", "not_readable")),
        ([{"key": "mine", "test": {"name": "complete", "years": 1}}], ("rules.0.test.years", "unknown_key")),
        ([{"key": "mine", "test": {"name": "lead_kind_allowed", "kinds": []}}], ("rules.0.test.kinds", "not_readable")),
        (
            [{"key": "mine", "test": {"name": "enough_of_each_kind", "counts": {"ngo": "2"}}}],
            ("rules.0.test.counts", "not_readable"),
        ),
        ([{"key": "mine", "test": {"condition": {"field": "a"}}}], ("rules.0.test.condition", "not_a_condition")),
        ([{"key": "complete", "when": {"field": ""}}], ("rules.0.when", "not_a_condition")),
        ([{"key": "complete"}, {"key": "complete"}], ("rules.1.key", "twice")),
        ([{"key": "complete"}] * 61, ("rules", "too_long")),
    ],
)
def test_what_is_wrong_is_named_by_its_place(data: object, fault: tuple[str, str]) -> None:
    assert fault in faults_of(data)
