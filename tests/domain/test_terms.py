"""The terms of a call as one document."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.default_form import DEFAULT_FORM
from grants.domain.terms import DAYS, FLAGS, MOMENTS, WHOLES, read_terms, write_terms

pytestmark = pytest.mark.pure

VALUES = {
    "title": "Alliances",
    "edition": "2027",
    "kind": "members_only",
    "zone": "Europe/Paris",
    "opens_at": datetime(2027, 1, 4, 8, tzinfo=UTC),
    "board_on": date(2027, 3, 1),
    "min_cents": 800_000,
    "max_cents": 1_600_000,
    "attestations_required": True,
}


def test_what_is_written_is_read_back() -> None:
    terms, faults = read_terms(write_terms(VALUES, criteria=[{"key": "C1", "name": "Un", "weight": 100}]))
    assert (faults, terms.values(), terms.form) == ((), VALUES, DEFAULT_FORM)
    assert terms.part("criteria") == [{"key": "C1", "name": "Un", "weight": 100}]
    assert (terms.part("rules"), terms.part("letters")) == ([], {})


def test_the_same_terms_have_the_same_fingerprint_whatever_their_order() -> None:
    document = write_terms(VALUES)
    turned = dict(reversed(document.items()))
    assert read_terms(document)[0].sha256 == read_terms(turned)[0].sha256
    assert read_terms(write_terms({**VALUES, "title": "Autre"}))[0].sha256 != read_terms(document)[0].sha256


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], ("", "not_an_object")),
        ({"v": 2}, ("v", "unknown_version")),
        ({"v": 1, "script": "x"}, ("script", "unknown_key")),
        ({"v": 1, "criteria": {}}, ("criteria", "not_a_list")),
        ({"v": 1, "letters": []}, ("letters", "not_an_object")),
        ({"v": 1, "tranches": [{"share": 0.5}]}, ("", "not_plain")),
        ({"v": 1, "call": {"next_number": 3}}, ("call.next_number", "unknown_key")),
        ({"v": 1, "call": {"opens_at": "2027-01-04T08:00:00"}}, ("call.opens_at", "not_readable")),
        ({"v": 1, "call": {"opens_at": "demain"}}, ("call.opens_at", "not_readable")),
        ({"v": 1, "call": {"board_on": "30/02/2027"}}, ("call.board_on", "not_readable")),
        ({"v": 1, "call": {"min_cents": -1}}, ("call.min_cents", "not_readable")),
        ({"v": 1, "call": {"min_cents": True}}, ("call.min_cents", "not_readable")),
        ({"v": 1, "call": {"zone": "Mars/Olympus"}}, ("call.zone", "not_readable")),
        ({"v": 1, "call": {"kind": "lottery"}}, ("call.kind", "not_readable")),
        ({"v": 1, "call": {"blind": "always"}}, ("call.blind", "not_readable")),
        ({"v": 1, "call": {"blind": True}}, ("call.blind", "not_readable")),
        ({"v": 1, "call": {"title": "t" * 201}}, ("call.title", "too_long")),
        ({"v": 1, "words": {"en": {"Titre": 3}}}, ("words.en", "not_a_text")),
        ({"v": 1, "form": {"sections": [{"key": "a"}]}}, ("sections.0.title", "needed")),
    ],
)
def test_a_fault_is_told_with_its_place(document: object, fault: tuple[str, str]) -> None:
    assert fault in read_terms(document)[1]


def test_the_words_of_another_language_are_the_calls_own() -> None:
    terms, faults = read_terms({"v": 1, "words": {"en": {"Titre": "Title"}}})
    assert (faults, terms.translated("Titre", "en"), terms.translated("Titre", "it")) == ((), "Title", None)


MOMENT = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
VALUE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(MOMENTS, MOMENT),
        **dict.fromkeys(DAYS, st.dates(min_value=date(2000, 1, 1))),
        **dict.fromkeys(WHOLES, st.integers(0, 10**12)),
        "min_award_bp": st.integers(0, 10_000),
        **dict.fromkeys(FLAGS, st.booleans()),
    },
)


@given(VALUE)
def test_every_value_comes_back(values: dict[str, object]) -> None:
    terms, faults = read_terms(write_terms(values))
    assert terms.values() == values
    assert {code for _, code in faults} <= {"below_least", "not_after"}, "bounds may contradict each other"


HOSTILE = {
    "half a pair": {"call": {"title": "a\ud800"}},
    "a NUL in a text": {"call": {"text": "a\x00b"}},
    "a line feed in a title": {"call": {"title": "Appel\nBcc: tous@exemple.invalid"}},
    "turned reading direction": {"criteria": [{"key": "C1", "name": "\u202egnp.exe", "weight": 100}]},
    "half a pair as a name": {"words": {"en": {"\ud800": "x"}}},
    "the end of the calendar": {"call": {"opens_at": "9999-12-31T23:59:59-14:00"}},
    "the beginning of the calendar": {"call": {"opens_at": "0001-01-01T00:00:00+14:00"}},
    "months that are digits to Unicode alone": {"milestones": {"²": []}},
    "months without end": {"milestones": {"9" * 5000: []}},
    "a test that is no name": {
        "rules": [{"key": "r", "kind": "eligibility", "article": "1", "text": "T", "test": {"name": ["x"]}}]
    },
    "an amount without end": {"envelope": {"currency": "EUR", "total_cents": 10**4000}},
}


@pytest.mark.parametrize("parts", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_has_faults_and_breaks_nothing(parts: dict[str, object]) -> None:
    _terms, faults = read_terms({"v": 1, **parts})
    assert faults


def test_a_bank_statement_is_kept_from_those_who_judge_whatever_a_call_names_it() -> None:
    document = {"v": 1, "documents": [{"key": "rib", "label": "RIB", "paper": "bank_statement"}]}
    terms, faults = read_terms(document)
    assert (faults, terms.documents[0].key) == ((), "bank_statement")
