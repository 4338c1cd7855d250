"""Asking people in: one link, one address, one use; an account of one's own accord; the same answer for all addresses."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from grants import clock
from grants.db import reading, transaction
from grants.delivery.doors import open_doors
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible, Throttled
from grants.models import Account, Appointment, Collaborator, Invitation, Promise, PromiseState
from grants.policies import ANONYMOUS, Actor, Role
from grants.queries.account import actor_for
from grants.services import invitation as invitations
from grants.services import mail, relay
from grants.services import organisation as organisations
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
PASSWORD = "une phrase bien assez longue"
TOKEN = re.compile(r"/invitations/([\w-]{40,})")


class Stage:
    """An organisation with its lead and a member, a call of a programme with its manager, a way out for mails."""

    def __init__(self, folder: Path) -> None:
        with transaction() as session:
            self.organisation = builders.an_organisation(session)
            self.orphan = builders.an_organisation(session)
            self.programme = builders.a_programme(session)
            self.call = builders.a_call(session, programme=self.programme)
            people = {
                "lead": builders.an_account(
                    session, role=Role.APPLICANT_LEAD, organisation_id=self.organisation.id, name="Awa Diop"
                ),
                "member": builders.an_account(
                    session, role=Role.APPLICANT_MEMBER, organisation_id=self.organisation.id
                ),
                "manager": builders.an_account(session, role=Role.MANAGER, programme_id=self.programme.id),
                "administrator": builders.an_account(session, role=Role.ADMINISTRATOR),
                "stranger": builders.an_account(session),
            }
            self.file = builders.an_application(
                session, call=self.call, organisation=self.organisation, state=ApplicationState.DRAFT
            )
        self.people = people
        self.doors = open_doors(
            base_url="https://appels.exemple.invalid",
            mail_from="appels@exemple.invalid",
            smtp_url="",
            mailbox_dir=folder / "mailbox",
            blob_dir=folder / "blobs",
        )
        self.folder = folder / "mailbox"

    def actor(self, name: str) -> Actor:
        with reading() as session:
            return actor_for(session, self.people[name].id)

    def mails(self) -> list[str]:
        """The texts of the mails that leave now."""
        relay.keep_all_due({"mail": lambda task: mail.keep(task, self.doors)})
        paths = sorted(
            (path for path in self.folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_mtime_ns
        )
        return [_text(path.read_bytes()) for path in paths]

    def link(self) -> str:
        """The value in the link of the last mail."""
        found = [match[1] for text in self.mails() for match in [TOKEN.search(text)] if match]
        return found[-1]


def _text(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def stage(database: Engine, tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def invite(stage: Stage, email: str = "nouvelle@exemple.invalid", role: Role = Role.APPLICANT_MEMBER) -> Invitation:
    return invitations.invite_to_organisation(
        actor=stage.actor("lead"), organisation=stage.organisation.public_id, email=email, name="Binta", role=role
    )


def accept(token: str, actor: Actor = ANONYMOUS, **more: str) -> Account:
    return invitations.accept(actor=actor, token=token, **{"name": "Binta Sow", "password": PASSWORD, **more})


def test_a_colleague_is_invited_opens_an_account_and_writes_for_the_organisation(stage: Stage) -> None:
    invite(stage)
    account = accept(stage.link())
    with reading() as session:
        actor = actor_for(session, account.id)
    assert (account.email, actor.member_of, actor.leads) == (
        "nouvelle@exemple.invalid",
        frozenset({stage.organisation.id}),
        frozenset(),
    )


def test_no_row_and_no_promise_holds_the_link(stage: Stage) -> None:
    asking = invite(stage)
    token = stage.link()
    with reading() as session:
        promise = session.scalars(select(Promise)).one()
        row = session.get_one(Invitation, asking.id)
        assert token not in str(promise.payload)
        assert token not in (row.token_sha256, promise.last_error, promise.subject)
        assert len(row.token_sha256) == 64


def test_the_link_serves_once(stage: Stage) -> None:
    invite(stage)
    token = stage.link()
    accept(token)
    with pytest.raises(NotPossible) as refused:
        accept(token)
    assert [reason.code for reason in refused.value.reasons] == ["invitation_over"]


@pytest.mark.parametrize("how", ["expired", "revoked", "sent again"])
def test_an_old_link_says_the_same_whatever_happened_to_it(stage: Stage, how: str) -> None:
    asking = invite(stage)
    token = stage.link()
    if how == "revoked":
        invitations.revoke(actor=stage.actor("lead"), invitation=asking.public_id)
    if how == "sent again":
        invite(stage)
    later = clock.now() + (timedelta(days=14, minutes=1) if how == "expired" else timedelta(minutes=1))
    with clock.frozen(later), pytest.raises(NotPossible) as refused:
        accept(token)
    assert [reason.code for reason in refused.value.reasons] == ["invitation_over"]
    with reading() as session:
        assert session.scalar(select(func.count(Appointment.id)).where(Appointment.since_at >= later)) == 0


def test_somebody_else_who_is_signed_in_does_not_get_the_role_az_11(stage: Stage) -> None:
    invite(stage)
    token = stage.link()
    with pytest.raises(NotAllowed) as refused:
        accept(token, stage.actor("stranger"))
    assert refused.value.reasons == ("invited_address",)
    accept(token)  # and the link still opens for its own address


def test_a_person_with_an_account_joins_with_it_and_never_gets_a_second_one(stage: Stage) -> None:
    invite(stage, stage.people["stranger"].email.upper())
    token = stage.link()
    with pytest.raises(NotPossible) as refused:
        accept(token)
    assert [reason.code for reason in refused.value.reasons] == ["sign_in_first"]
    accept(token, stage.actor("stranger"))
    assert stage.actor("stranger").member_of == {stage.organisation.id}


def test_a_made_up_link_is_nothing(stage: Stage) -> None:
    invite(stage)
    for token in ("", "x" * 43, "é" * 20):
        with pytest.raises(NotFound):
            accept(token)


def test_a_weak_password_or_no_name_leaves_the_link_usable(stage: Stage) -> None:
    invite(stage)
    token = stage.link()
    with pytest.raises(Invalid) as refused:
        accept(token, name=" ", password="court")
    assert set(refused.value.problems) == {"name", "password"}
    accept(token)


def test_a_member_does_not_invite_and_a_programme_invites_the_first_lead_alone(stage: Stage) -> None:
    words = {"email": "x@exemple.invalid", "role": Role.APPLICANT_LEAD}
    with pytest.raises(NotAllowed):
        invitations.invite_to_organisation(
            actor=stage.actor("member"), organisation=stage.organisation.public_id, **words
        )
    manager = stage.actor("manager")
    with pytest.raises(NotPossible) as refused:
        invitations.invite_to_organisation(actor=manager, organisation=stage.organisation.public_id, **words)
    assert refused.value.reasons[0].code == "first_lead"
    invitations.invite_to_organisation(actor=manager, organisation=stage.orphan.public_id, **words)
    with reading() as session:
        assert actor_for(session, accept(stage.link()).id).leads == {stage.orphan.id}


def test_a_manager_invites_to_the_committee_and_only_the_administration_to_a_programme(stage: Stage) -> None:
    manager = stage.actor("manager")
    invitations.invite_to_call(actor=manager, call=stage.call.public_id, email="l@exemple.invalid", title="ville")
    with reading() as session:
        actor = actor_for(session, accept(stage.link()).id)
        seat = session.scalars(select(Appointment).where(Appointment.account_id == actor.id)).one()
    assert (actor.reviews, seat.title) == ({stage.call.id}, "ville")
    offer = {"role": Role.FINANCE_OFFICER, "programme": stage.programme.public_id, "email": "f@exemple.invalid"}
    with pytest.raises(NotAllowed):
        invitations.invite_to_service(actor=manager, **offer)
    invitations.invite_to_service(actor=stage.actor("administrator"), **offer)
    with reading() as session:
        assert actor_for(session, accept(stage.link()).id).pays == {stage.programme.id}


def test_nobody_invites_oneself_or_somebody_who_is_there(stage: Stage) -> None:
    for email, code in (
        (stage.people["lead"].email, "own_address"),
        (stage.people["member"].email, "already_in"),
        ("a@b", "not_an_email"),
    ):
        with pytest.raises(Invalid) as refused:
            invite(stage, email)
        assert refused.value.problems["email"].code == code


def test_invitations_are_counted(stage: Stage) -> None:
    for _ in range(invitations.MOST_TO_ONE):
        invite(stage)
    with pytest.raises(Throttled):
        invite(stage)


def test_somebody_from_outside_writes_one_file_and_sees_no_other(stage: Stage) -> None:
    invitations.invite_to_application(
        actor=stage.actor("lead"), application=stage.file.public_id, email="p@exemple.invalid"
    )
    account = accept(stage.link())
    with reading() as session:
        actor = actor_for(session, account.id)
        held = session.scalars(select(Collaborator)).one()
    assert (actor.writes_on, actor.writes_for, held.account_id) == ({stage.file.id}, frozenset(), account.id)


def test_the_last_person_responsible_cannot_be_removed(stage: Stage) -> None:
    lead = stage.actor("lead")
    with pytest.raises(NotPossible) as refused:
        organisations.remove_member(
            actor=lead, organisation=stage.organisation.public_id, account=stage.people["lead"].public_id
        )
    assert refused.value.reasons[0].code == "last_lead"
    organisations.remove_member(
        actor=lead, organisation=stage.organisation.public_id, account=stage.people["member"].public_id
    )
    assert stage.actor("member").member_of == frozenset()


def test_known_and_unknown_addresses_get_the_same_answer_au_04(stage: Stage) -> None:
    known = stage.people["member"].email
    for address in (known, "inconnue@exemple.invalid", known):
        assert invitations.ask_account(email=address) is None
    texts = stage.mails()
    assert len(texts) == 2  # the known address is told once in an hour
    assert sum("déjà un" in text for text in texts) == 1
    account = accept(stage.link())
    assert account.email == "inconnue@exemple.invalid"


def test_without_an_open_call_nobody_registers(stage: Stage) -> None:
    with clock.frozen(clock.now() + timedelta(days=400)), pytest.raises(NotPossible) as refused:
        invitations.ask_account(email="x@exemple.invalid")
    assert refused.value.reasons[0].code == "registration_open"


def test_one_network_asks_for_so_many_accounts_and_no_more(stage: Stage) -> None:
    for number in range(invitations.MOST_REGISTRATIONS):
        invitations.ask_account(email=f"p{number}@exemple.invalid", ip_prefix="192.0.2.0/24")
    with pytest.raises(Throttled):
        invitations.ask_account(email="encore@exemple.invalid", ip_prefix="192.0.2.0/24")


def test_a_mail_whose_invitation_was_taken_back_does_not_leave(stage: Stage) -> None:
    asking = invite(stage)
    invitations.revoke(actor=stage.actor("lead"), invitation=asking.public_id)
    assert stage.mails() == []
    with reading() as session:
        assert session.scalars(select(Promise)).one().state == PromiseState.FAILED


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mail_that_asks_somebody_in_reads_well(stage: Stage, language: str) -> None:
    with transaction() as session:
        for name in ("lead", "manager", "administrator"):
            session.get_one(Account, stage.people[name].id).language = language
    manager, administrator = stage.actor("manager"), stage.actor("administrator")
    invite(stage)
    invite(stage, "responsable@exemple.invalid", Role.APPLICANT_LEAD)
    for role in (Role.REVIEWER, Role.CHAIR):
        invitations.invite_to_call(actor=manager, call=stage.call.public_id, email=f"{role}@exemple.invalid", role=role)
    invitations.invite_to_service(actor=administrator, role=Role.AUDITOR, email="a@exemple.invalid")
    invitations.invite_to_service(
        actor=administrator, role=Role.MANAGER, email="m@exemple.invalid", programme=stage.programme.public_id
    )
    invitations.invite_to_application(
        actor=stage.actor("lead"), application=stage.file.public_id, email="p@exemple.invalid"
    )
    invitations.ask_account(email="neuve@exemple.invalid", language=language)
    invitations.ask_account(email=stage.people["lead"].email)
    texts = stage.mails()
    assert len(texts) == 9
    for text in texts:
        assert text.startswith(("Bonjour", "Hello", "Dear"))
        assert not re.search(r"None|\n{3}| {2}|\{|\}", text)
        assert text.count("https://appels.exemple.invalid/") == 1
