"""One spelling of a content, and its fingerprint."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.receipts import canonical, fingerprint, receipt_number

pytestmark = pytest.mark.pure

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
contents = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def test_the_canonical_spelling_is_sorted_compact_and_utf_8():
    spelled = canonical({"b": [1, True, None], "a": "é", "é": {"z": 0, "y": ()}})
    assert spelled == '{"a":"é","b":[1,true,null],"é":{"y":[],"z":0}}'.encode()


def test_the_fingerprint_is_the_sha_256_of_it():
    assert fingerprint({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@given(contents)
def test_a_content_is_read_back_and_spelled_the_same(content):
    again = json.loads(canonical(content))
    assert again == content
    assert canonical(again) == canonical(content)


@given(st.dictionaries(words, st.integers(), min_size=2))
def test_the_order_of_writing_changes_nothing(content):
    assert fingerprint(dict(reversed(content.items()))) == fingerprint(content)


@given(contents, contents)
def test_two_contents_have_one_fingerprint_only_if_they_are_spelled_alike(one, other):
    assert (fingerprint(one) == fingerprint(other)) is (canonical(one) == canonical(other))


@pytest.mark.parametrize(
    "content", [1.0, {"a": [float("nan")]}, {1: "a"}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}, {"a": {1}}, b"a"]
)
def test_what_has_no_single_spelling_is_refused(content):
    with pytest.raises(TypeError, match="no single spelling"):
        canonical(content)


def test_half_a_pair_is_no_text():
    with pytest.raises(ValueError, match="surrogates"):
        fingerprint({"a": "\ud800"})


def test_a_receipt_number_is_what_people_read_out():
    assert receipt_number(2027, 14) == "2027-014"
    assert receipt_number(2027, 1547) == "2027-1547"
