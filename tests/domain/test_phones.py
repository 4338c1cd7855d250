"""Telephone numbers: France first, then its regions overseas, then the world; one form is stored."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.phones import PhoneError, format_phone, normalise_phone

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "stored", "region"),
    [
        ("03 20 42 83 11", "+33320428311", "FR"),
        ("03.20.42.83.11", "+33320428311", "FR"),
        ("+33 (0)3 20 42 83 11", "+33320428311", "FR"),
        ("0033 3 20 42 83 11", "+33320428311", "FR"),
        ("03\u202f20\u00a042 83 11", "+33320428311", "FR"),
        ("0690 12 34 56", "+590690123456", "GP"),
        ("0594 30 12 34", "+594594301234", "GF"),
        ("0696 12 34 56", "+596696123456", "MQ"),
        ("0262 12 34 56", "+262262123456", "RE"),
        ("0639 69 12 34", "+262639691234", "YT"),
        ("27 12 34", "+687271234", "NC"),
        ("40 50 12 34", "+68940501234", "PF"),
        ("+223 20 22 33 44", "+22320223344", "ML"),
        ("00223 20 22 33 44", "+22320223344", "ML"),
    ],
)
def test_a_number_is_kept_in_one_form_and_knows_its_region(typed, stored, region):
    phone = normalise_phone(typed)
    assert (phone.e164, phone.region, phone.certain) == (stored, region, True)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        ("  \u00a0 ", "empty"),
        ("3949", "not_a_phone"),
        ("06 12 34 56 78 9", "not_a_phone"),
        ("112", "not_a_phone"),
        ("12345678", "not_a_phone"),
        ("+999 12 34 56 78", "not_a_phone"),
        ("le matin", "shape"),
        ("0800 FLEURS", "shape"),
        ("03 20 42 83 11 poste 3", "shape"),
        ("03 20 42 83 11;ext=3", "shape"),
        ("\uff10\uff13 20 42 83 11", "shape"),
        ("1" * 50_000, "shape"),
    ],
)
def test_what_is_no_number_says_why(typed, why):
    with pytest.raises(PhoneError) as refused:
        normalise_phone(typed)
    assert refused.value.reason == why


def test_a_possible_number_that_no_operator_has_is_kept_with_a_warning():
    phone = normalise_phone("0639 12 34 56")
    assert (phone.e164, phone.certain) == ("+33639123456", False)


def test_an_organisation_abroad_types_its_own_numbers_without_prefix():
    assert normalise_phone("20 22 33 44", "ML").e164 == "+22320223344"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+33320428311", "03 20 42 83 11"),
        ("+590690123456", "0690 12 34 56"),
        ("+22320223344", "+223 20 22 33 44"),
        ("le soir", "le soir"),
    ],
)
def test_a_number_is_shown_as_it_is_dialled_at_home(stored, shown):
    assert format_phone(stored) == shown


@given(st.text(max_size=45) | st.text("0123456789 +.-()", max_size=20))
def test_any_text_is_a_number_or_a_reason_and_a_number_stays_itself(typed):
    with suppress(PhoneError):
        stored = normalise_phone(typed).e164
        assert normalise_phone(stored).e164 == stored
