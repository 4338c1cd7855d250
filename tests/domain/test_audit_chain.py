"""The chain of the audit trail: whatever is changed, moved or taken away is found, and where."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grants.domain.audit_chain import FIRST_SEQ, GENESIS, Anchor, Entry, entry_hash, seal, verify
from grants.domain.receipts import canonical

pytestmark = pytest.mark.pure


def chain(*bodies):
    entries, prev = [], GENESIS
    for seq, body in enumerate(bodies, start=FIRST_SEQ):
        entries.append(seal(prev, seq, body))
        prev = entries[-1].hash
    return entries


FOUR = chain(*({"action": "application.submit", "object": number, "note": "é"} for number in range(4)))
HEAD = Anchor(4, FOUR[-1].hash)


def test_the_hash_covers_the_one_before_the_number_and_the_body():
    assert entry_hash("ab", 7, {"b": 1, "a": 2}) == hashlib.sha256(b'ab\n7\n{"a":2,"b":1}').hexdigest()


def test_a_whole_chain_verifies_and_so_does_none_at_all():
    assert verify(FOUR) is None
    assert verify(FOUR, HEAD) is None
    assert verify([]) is None


def test_an_entry_taken_away_is_the_first_bad_one():
    assert verify(FOUR[1:]) == 1
    assert verify(FOUR[:1] + FOUR[2:]) == 2


def test_the_last_entries_taken_away_are_found_by_the_anchor_alone():
    assert verify(FOUR[:3]) is None
    assert verify(FOUR[:3], HEAD) == 4
    assert verify([], HEAD) == 1


def test_a_chain_written_anew_is_found_by_the_anchor():
    anew = chain({"action": "nothing"}, *(entry.body for entry in FOUR[1:]))
    assert verify(anew) is None
    assert verify(anew, HEAD) == 4


def test_two_entries_in_the_wrong_order_are_found():
    assert verify([FOUR[0], FOUR[2], FOUR[1], FOUR[3]]) == 2


def test_a_body_that_could_never_have_been_written_is_found():
    assert verify([replace(FOUR[0], body={"a": 1.5}), *FOUR[1:]]) == 1
    assert verify([replace(FOUR[0], body={"a": "\ud800"}), *FOUR[1:]]) == 1


def test_an_entry_sealed_anew_breaks_the_one_after_it():
    assert verify([FOUR[0], seal(FOUR[0].hash, 2, {"action": "forged"}), *FOUR[2:]]) == 3


def readable(raw):
    """The body, or None where the changed byte made it unreadable: that is found before any hash."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


@given(st.integers(0, 3), st.data())
def test_any_one_byte_changed_in_a_body_is_found_where_it_is(position, data):
    raw = bytearray(canonical(FOUR[position].body))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    body = readable(raw)
    assume(body not in (None, FOUR[position].body))
    forged = [*FOUR[:position], replace(FOUR[position], body=body), *FOUR[position + 1 :]]
    assert verify(forged) == position + 1


@given(
    st.integers(0, 3), st.sampled_from(["hash", "prev_hash"]), st.integers(0, 63), st.sampled_from("0123456789abcdef")
)
def test_any_one_digit_changed_in_a_hash_is_found_where_it_is(position, name, at, digit):
    old = getattr(FOUR[position], name)
    new = old[:at] + digit + old[at + 1 :]
    assume(new != old)
    assert verify([*FOUR[:position], replace(FOUR[position], **{name: new}), *FOUR[position + 1 :]]) == position + 1


@given(st.integers(0, 3), st.integers())
def test_any_other_number_is_found(position, seq):
    assume(seq != position + 1)
    assert verify([*FOUR[:position], replace(FOUR[position], seq=seq), *FOUR[position + 1 :]]) == position + 1


@given(
    st.lists(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), st.integers()), max_size=6)
)
def test_every_chain_that_was_sealed_verifies(bodies):
    entries = chain(*bodies)
    assert verify(entries) is None
    assert all(isinstance(entry, Entry) and len(entry.hash) == 64 for entry in entries)
