"""Attestations: a partner sees what concerns it, attests exactly that, and is asked again once when it changes."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.delivery.doors import open_doors
from grants.domain.asking import print_of
from grants.domain.receipts import fingerprint
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible, Throttled
from grants.models import Application, Attestation, AuditEntry, BudgetLine, Call, Collaborator, Partner, Promise
from grants.policies import Actor, Role
from grants.queries import consortium
from grants.queries.account import actor_for
from grants.queries.consortium import AttestationState
from grants.services import application as use_cases
from grants.services import mail, relay
from grants.services.application import picture
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
TOKEN = re.compile(r"/attestations/([\w-]{40,})")


class Stage:
    """A draft with one partner who has a contact."""

    def __init__(self, folder: Path) -> None:
        with transaction() as session:
            organisation = builders.an_organisation(session, name="Rivages")
            self.call = builders.a_call(session, attestations_required=True)
            lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
            other = builders.an_account(
                session, role=Role.APPLICANT_LEAD, organisation_id=builders.an_organisation(session).id
            )
            self.file = builders.an_application(
                session,
                call=self.call,
                organisation=organisation,
                state=ApplicationState.DRAFT,
                submitted_at=None,
                number=None,
                title="Semences",
                answers={"title": "Semences", "summary": "Ensemble.", "context": "Autre chose."},
            )
            self.file.partners.clear()
            self.partner = Partner(
                name="Lycée",
                actor_kind="research",
                role="Enseigne.",
                contact_name="Awa",
                contact_email="awa@lycee.invalid",
            )
            self.file.partners.append(self.partner)
            session.flush()
        with reading() as session:
            self.lead: Actor = actor_for(session, lead.id)
            self.stranger: Actor = actor_for(session, other.id)
        self.doors = open_doors(
            base_url="https://appels.exemple.invalid",
            mail_from="appels@exemple.invalid",
            smtp_url="",
            mailbox_dir=folder / "mailbox",
            blob_dir=folder / "blobs",
        )
        self.folder = folder / "mailbox"

    def texts(self) -> list[str]:
        relay.keep_all_due({"mail": lambda task: mail.keep(task, self.doors)})
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        bodies = [
            message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
            for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)
        ]
        return [str(body.get_content()) for body in bodies if body is not None]

    def ask(self) -> str:
        use_cases.ask_attestation(actor=self.lead, application=self.file.public_id, partner=self.partner.public_id)
        return self.link()

    def link(self) -> str:
        return [match[1] for text in self.texts() for match in [TOKEN.search(text)] if match][-1]

    def seen(self) -> str:
        with reading() as session:
            file = session.get_one(Application, self.file.id)
            return consortium.sha256_of(file, file.partners[0])

    def attest(self, token: str) -> Attestation:
        return use_cases.attest(token=token, name="Awa Sarr", function="Proviseure", seen=self.seen())

    def state(self) -> AttestationState:
        with reading() as session:
            return consortium.standings_of(session, session.get_one(Application, self.file.id))[0].state

    def edit(self, **answers: str) -> None:
        use_cases.edit(actor=self.lead, application=self.file.public_id, answers=answers)


@pytest.fixture
def stage(database: Engine, tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_partner_attests_exactly_what_it_was_shown(stage: Stage) -> None:
    given = stage.attest(stage.ask())
    assert given.shown["title"] == "Semences"
    assert "Autre chose." not in str(given.shown)
    assert given.content_sha256 == fingerprint(given.shown)
    assert stage.state() is AttestationState.ATTESTED
    with reading() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.attest")).one()
    assert told.body["sha256"] == given.content_sha256
    assert "Awa" not in str(told.body)


@pytest.mark.parametrize(
    "change",
    [{"title": "Autre titre"}, {"summary": "Autrement."}],
)
def test_a_change_of_what_was_attested_ends_it_and_asks_again_once(stage: Stage, change: dict[str, str]) -> None:
    stage.attest(stage.ask())
    stage.edit(**change)
    assert stage.state() is AttestationState.TO_RENEW
    stage.edit(summary="Encore autrement.")
    stage.edit(summary="Et encore.")
    assert sum("de nouveau" in text for text in stage.texts()) == 1
    stage.attest(stage.link())
    assert stage.state() is AttestationState.ATTESTED


@pytest.mark.parametrize(("key", "section"), [("title", "project"), ("summary", "project")])
def test_an_answer_saved_while_it_is_typed_ends_it_as_well(stage: Stage, key: str, section: str) -> None:
    stage.attest(stage.ask())
    with reading() as session:
        stands = session.get_one(Application, stage.file.id).answers.get(key, "")
    values = {"application": stage.file.public_id, "section": section, "key": key, "base": print_of(stands)}
    use_cases.save_answer(actor=stage.lead, answer="Tout autrement.", **values)
    assert stage.state() is AttestationState.TO_RENEW


def test_a_change_of_something_else_leaves_it(stage: Stage) -> None:
    stage.attest(stage.ask())
    stage.edit(context="Tout autre chose.")
    assert stage.state() is AttestationState.ATTESTED


def test_a_change_of_the_partners_share_or_role_ends_it(stage: Stage) -> None:
    stage.attest(stage.ask())
    use_cases.change_partner(
        actor=stage.lead,
        application=stage.file.public_id,
        partner=stage.partner.public_id,
        name="Lycée",
        actor_kind="research",
        role="Finance.",
        contact_email="awa@lycee.invalid",
    )
    assert stage.state() is AttestationState.TO_RENEW
    stage.attest(stage.link())
    with transaction() as session:  # whoever writes the budget goes through the same door
        row = picture.change(
            session,
            actor=stage.lead,
            action=Action.APPLICATION_EDIT,
            public_id=stage.file.public_id,
            section="budget",
        )
        row.budget_lines.append(
            BudgetLine(
                position=99, side="expense", key="staff.wages", amount_cents=100_00, partner_id=row.partners[0].id
            )
        )
    assert stage.state() is AttestationState.TO_RENEW


def test_what_changed_between_showing_and_attesting_is_not_attested(stage: Stage) -> None:
    token, seen = stage.ask(), stage.seen()
    stage.edit(title="Changé entre-temps")
    with pytest.raises(NotPossible) as refused:
        use_cases.attest(token=token, name="Awa", function="Proviseure", seen=seen)
    assert refused.value.reasons[0].code == "content_changed"
    assert stage.state() is AttestationState.ASKED


def test_a_link_attests_once_and_a_newer_one_ends_it(stage: Stage) -> None:
    first = stage.ask()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        second = stage.ask()
        with pytest.raises(NotPossible):
            stage.attest(first)
        stage.attest(second)
        with pytest.raises(NotPossible) as refused:
            stage.attest(second)
        assert refused.value.reasons[0].code == "attestation_over"
        with pytest.raises(NotPossible):
            stage.ask()  # nothing to ask any more
    for token in ("", "x" * 43):
        with pytest.raises(NotFound):
            stage.attest(token)


def test_a_partner_is_not_written_to_again_at_once(stage: Stage) -> None:
    stage.ask()
    with pytest.raises(Throttled):
        stage.ask()


def test_without_an_address_or_a_right_nothing_is_asked(stage: Stage) -> None:
    words = {"application": stage.file.public_id, "partner": stage.partner.public_id}
    with pytest.raises(NotFound):
        use_cases.ask_attestation(actor=stage.stranger, **words)
    with transaction() as session:
        session.get_one(Partner, stage.partner.id).contact_email = ""
    with pytest.raises(Invalid):
        use_cases.ask_attestation(actor=stage.lead, **words)


def test_a_signature_has_a_name_and_a_function(stage: Stage) -> None:
    token = stage.ask()
    with pytest.raises(Invalid) as refused:
        use_cases.attest(token=token, name=" ", function="", seen=stage.seen())
    assert set(refused.value.problems) == {"name", "function"}


def test_the_call_may_ask_for_attestations_and_an_operator_before_the_submission(stage: Stage) -> None:
    def facts() -> tuple[tuple[str, ...], bool]:
        with reading() as session:
            found = picture.facts(session, session.get_one(Application, stage.file.id), clock.now(), whole=True)
        return found.attestations_missing, found.operator_missing

    assert facts() == (("Lycée",), False)
    stage.attest(stage.ask())
    assert facts() == ((), False)
    with transaction() as session:
        session.get_one(Call, stage.call.id).operator_required = True
    assert facts() == ((), True)
    with transaction() as session:
        session.get_one(Partner, stage.partner.id).part = consortium.OPERATOR
    assert facts() == ((), True)  # what it attested as a partner is no co-signature
    stage.edit(context="Pour régler.")
    stage.attest(stage.link())
    assert facts() == ((), False)


def test_a_partner_taken_out_takes_its_attestation_along(stage: Stage) -> None:
    stage.attest(stage.ask())
    stage.edit(title="Autre")
    use_cases.remove_partner(actor=stage.lead, application=stage.file.public_id, partner=stage.partner.public_id)
    with reading() as session:
        assert session.scalars(select(Attestation)).all() == []
        assert session.scalars(select(Promise)).all()


def test_the_same_partner_is_not_named_twice_tx_06(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        use_cases.add_partner(
            actor=stage.lead, application=stage.file.public_id, name="LYCE\u0301E", actor_kind="research"
        )
    assert refused.value.problems["name"].code == "partner_twice"


def test_a_reader_of_the_file_asks_nobody(stage: Stage) -> None:
    with transaction() as session:
        account = builders.an_account(session)
        session.add(Collaborator(application_id=stage.file.id, account_id=account.id, accepted_at=clock.now()))
    with reading() as session:
        helper = actor_for(session, account.id)
    with pytest.raises(NotAllowed):
        use_cases.ask_attestation(actor=helper, application=stage.file.public_id, partner=stage.partner.public_id)
    use_cases.edit(actor=helper, application=stage.file.public_id, answers={"summary": "Écrit du dehors."})
