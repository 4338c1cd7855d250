"""Accounts: who opens them, for whom roles are held, what a password must be."""

import pytest
from sqlalchemy import Engine

from grants.db import reading, transaction
from grants.errors import Invalid, NotAllowed
from grants.policies import SYSTEM, Role
from grants.queries.account import actor_by_email, roles_of
from grants.services import account as accounts
from grants.services import session as sessions
from tests import builders

pytestmark = pytest.mark.db
GOOD = "treize petits chats"


def test_the_system_opens_an_account_and_gives_a_role(database: Engine) -> None:
    with transaction() as session:
        organisation = builders.an_organisation(session)
    made = accounts.create(actor=SYSTEM, email="Awa@Exemple.invalid", name="Awa Diop", password=GOOD)
    accounts.appoint(
        actor=SYSTEM, account=made.public_id, role=Role.APPLICANT_LEAD, organisation=organisation.public_id
    )
    with reading() as session:
        actor = actor_by_email(session, "awa@exemple.invalid")
        held = roles_of(session, made.id)
    assert actor.leads == {organisation.id}
    assert [(role.role, role.scope) for role in held] == [(Role.APPLICANT_LEAD, organisation.name)]


@pytest.mark.parametrize(
    ("password", "code"),
    [("onze signes", "password_too_short"), ("a" * 129, "password_too_long"), ("aaaaaaaaaaaaaa", "password_too_plain")],
)
def test_weak_passwords_are_refused_with_the_reason(database: Engine, password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=password)
    assert refused.value.problems["password"].code == code


def test_one_address_is_one_account(database: Engine) -> None:
    accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=GOOD)
    with pytest.raises(Invalid) as refused:
        accounts.create(actor=SYSTEM, email="A@EXEMPLE.INVALID", name="B", password=GOOD)
    assert refused.value.problems["email"].code == "address_in_use"


def test_a_role_needs_the_one_thing_it_is_held_for(database: Engine) -> None:
    made = accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=GOOD)
    with pytest.raises(Invalid):
        accounts.appoint(actor=SYSTEM, account=made.public_id, role=Role.MANAGER)


def test_administrators_do_not_appoint_themselves(database: Engine) -> None:
    made = accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=GOOD)
    accounts.appoint(actor=SYSTEM, account=made.public_id, role=Role.ADMINISTRATOR)
    with reading() as session:
        actor = actor_by_email(session, made.email)
    with pytest.raises(NotAllowed):
        accounts.appoint(actor=actor, account=made.public_id, role=Role.AUDITOR)


def test_changing_the_password_ends_every_session(database: Engine) -> None:
    made = accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=GOOD)
    sessions.sign_in(email=made.email, password=GOOD)
    with reading() as session:
        actor = actor_by_email(session, made.email)
    with pytest.raises(Invalid):
        accounts.change_password(actor=actor, current="faux", new="quatorze petits chats")
    accounts.change_password(actor=actor, current=GOOD, new="quatorze petits chats")
    assert sessions.sign_in(email=made.email, password="quatorze petits chats")
    with pytest.raises(Invalid):
        sessions.sign_in(email=made.email, password=GOOD)


def test_a_disabled_account_is_closed_at_once_and_can_be_opened_again(database: Engine) -> None:
    made = accounts.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password=GOOD)
    with transaction() as session:
        boss = builders.an_account(session, role=Role.ADMINISTRATOR)
    with reading() as session:
        administrator = actor_by_email(session, boss.email)
    accounts.disable(actor=administrator, account=made.public_id)
    with pytest.raises(Invalid):
        sessions.sign_in(email=made.email, password=GOOD)
    accounts.enable(actor=administrator, account=made.public_id)
    assert sessions.sign_in(email=made.email, password=GOOD)
