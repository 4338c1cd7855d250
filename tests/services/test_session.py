"""Signing in: one answer for the wrong and the unknown, a limit for the persistent, a row for every session."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotFound, Throttled
from grants.models import Account, SecurityEvent, UserSession
from grants.policies import Actor, Role
from grants.queries.account import actor_by_email, actor_of
from grants.services import session as sessions
from tests import builders

pytestmark = pytest.mark.db


def somebody(**values) -> Account:
    with transaction() as session:
        organisation = builders.an_organisation(session)
        return builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id, **values)


def enter(account: Account, password: str = builders.PASSWORD, **more: str) -> str:
    return sessions.sign_in(email=account.email, password=password, **more)


def actor_behind(token: str) -> Actor | None:
    with reading() as session:
        return actor_of(session, token, clock.now())


def test_the_cookie_is_stored_as_its_hash_only_and_brings_the_person_with_their_roles(database: Engine) -> None:
    account = somebody()
    token = enter(account)
    actor = actor_behind(token)
    assert actor is not None
    assert actor.id == account.id
    assert len(actor.leads) == 1
    with reading() as session:
        stored = session.scalars(select(UserSession)).one()
    assert token not in (stored.token_sha256, stored.public_id)
    assert len(token) >= 43


def test_capitals_and_spaces_around_the_address_do_not_matter(database: Engine) -> None:
    somebody(email="awa@exemple.invalid")
    assert sessions.sign_in(email="  Awa@EXEMPLE.invalid ", password=builders.PASSWORD)


@pytest.mark.parametrize("email", ["personne@nulle.part", "pas une adresse", "", "awa@exemple.invalid"])
def test_wrong_password_and_unknown_address_are_refused_with_the_same_words(database: Engine, email: str) -> None:
    somebody(email="awa@exemple.invalid")
    with pytest.raises(Invalid) as refused:
        sessions.sign_in(email=email, password="autre chose du tout")
    assert refused.value.problems["password"].code == "wrong_credentials"
    with reading() as session:
        event = session.scalars(select(SecurityEvent)).one()
    assert (event.kind, len(event.object)) == ("sign-in-failed", 64)


def test_a_closed_account_does_not_open(database: Engine) -> None:
    account = somebody(disabled_at=builders.NOW)
    with pytest.raises(Invalid):
        enter(account)


def test_after_ten_failures_even_the_right_password_waits(database: Engine) -> None:
    account = somebody()
    for _ in range(10):
        with pytest.raises(Invalid):
            enter(account, "non")
    with pytest.raises(Throttled) as refused:
        enter(account)
    assert refused.value.retry_after == 300
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert enter(account)


def test_one_place_is_limited_whatever_addresses_it_tries(database: Engine) -> None:
    account = somebody()
    for number in range(10):
        with pytest.raises(Invalid):
            sessions.sign_in(email=f"a{number}@exemple.invalid", password="non", ip_prefix="192.0.2.0/24")
    with pytest.raises(Throttled):
        enter(account, ip_prefix="192.0.2.0/24")
    assert enter(account, ip_prefix="198.51.100.0/24")


def test_staff_rests_for_an_hour_and_applicants_for_eight(database: Engine) -> None:
    with transaction() as session:
        staff = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
    applicant = somebody()
    tokens = enter(staff), enter(applicant)
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert [actor_behind(token) is not None for token in tokens] == [False, True]
    with clock.frozen(clock.now() + timedelta(hours=8, minutes=1)):
        assert actor_behind(tokens[1]) is None


def test_no_session_outlives_twelve_hours_however_busy(database: Engine) -> None:
    token = enter(somebody())
    begun = clock.now()
    for hours in (6, 11):
        with clock.frozen(begun + timedelta(hours=hours)):
            actor = actor_behind(token)
            assert actor is not None
            sessions.touch(sign_in=actor.sign_in, seen_at=actor.seen_at)  # type: ignore[attr-defined]
    with clock.frozen(begun + timedelta(hours=12, seconds=2)):
        assert actor_behind(token) is None


def test_signing_out_ends_the_session_and_revoking_ends_another_of_ones_own(database: Engine) -> None:
    account = somebody()
    first, second = enter(account), enter(account)
    sessions.sign_out(token=first)
    assert actor_behind(first) is None
    actor = actor_behind(second)
    assert actor is not None
    sessions.revoke(actor=actor, user_session=actor.sign_in)  # type: ignore[attr-defined]
    assert actor_behind(second) is None


def test_somebody_elses_session_does_not_exist(database: Engine) -> None:
    mine, other = somebody(), somebody()
    enter(other)
    with reading() as session:
        actor = actor_by_email(session, mine.email)
        foreign = session.scalars(select(UserSession)).one()
    with pytest.raises(NotFound):
        sessions.revoke(actor=actor, user_session=foreign.public_id)


def test_asking_the_password_again_gives_a_new_cookie_and_ends_the_old_one(database: Engine) -> None:
    token = enter(somebody())
    with pytest.raises(Invalid):
        sessions.confirm(token=token, password="non")
    renewed = sessions.confirm(token=token, password=builders.PASSWORD)
    assert actor_behind(token) is None
    actor = actor_behind(renewed)
    assert actor is not None
    assert actor.reauth_at is not None  # type: ignore[attr-defined]
