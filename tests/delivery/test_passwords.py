"""Passwords: a phrase is welcome, a keyboard's spelling is no matter, nobody's hash never matches."""

import pytest

from grants.delivery import passwords

pytestmark = pytest.mark.pure


def test_the_right_password_matches_its_hash_and_no_other() -> None:
    stored = passwords.hashed("treize petits chats")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(stored, "treize petits chats")
    assert not passwords.matches(stored, "Treize petits chats")


def test_two_spellings_of_one_accent_are_one_password() -> None:
    assert passwords.matches(passwords.hashed("été à la mer ici"), "e\u0301te\u0301 a\u0300 la mer ici")


def test_nobody_has_no_password_and_a_broken_hash_matches_nothing() -> None:
    assert not passwords.matches(None, "treize petits chats")
    assert not passwords.matches("garbage", "treize petits chats")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("a" * 11, "password_too_short"),
        ("ab" * 65, "password_too_long"),
        ("abababababab", "password_too_plain"),
        ("awa@exemple.invalid", "password_too_plain"),
    ],
)
def test_a_password_that_is_not_taken_says_why(password: str, code: str) -> None:
    reason = passwords.objection(password, "Awa@exemple.invalid")
    assert reason is not None
    assert reason.code == code


def test_twelve_signs_are_enough() -> None:
    assert passwords.objection("douze signes") is None
