"""The register: identifiers in one spelling, bank details never changed in place and seen by few."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from grants.db import reading, transaction
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import BankAccount
from grants.policies import SYSTEM, Role
from grants.queries.account import actor_for
from grants.queries.organisation import bank_of, masked
from grants.services import organisation as organisations
from tests import builders

pytestmark = pytest.mark.db
IBAN = "FR76 0000 0000 0000 0000 0000 194"


def people():
    with transaction() as session:
        organisation = builders.an_organisation(session)
        programme = builders.a_programme(session)
        roles = {
            "lead": builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id),
            "member": builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=organisation.id),
            "finance": builders.an_account(session, role=Role.FINANCE_OFFICER, programme_id=programme.id),
            "manager": builders.an_account(session, role=Role.MANAGER, programme_id=programme.id),
        }
    with reading() as session:
        return organisation, programme, {name: actor_for(session, row.id) for name, row in roles.items()}


def test_the_register_keeps_identifiers_in_one_spelling(database: Engine) -> None:
    row = organisations.register(actor=SYSTEM, name=" Bocage  Accueil ", siret="000 000 018 00010", rna="w000000001")
    assert (row.name, row.siret, row.rna) == ("Bocage Accueil", "00000001800010", "W000000001")
    with pytest.raises(Invalid) as refused:
        organisations.register(actor=SYSTEM, name="", siret="123")
    assert set(refused.value.problems) == {"name", "siret"}


def test_the_lead_edits_the_entry_and_a_member_does_not(database: Engine) -> None:
    organisation, _, actors = people()
    edited = organisations.edit(
        actor=actors["lead"], organisation=organisation.public_id, website="https://exemple.invalid"
    )
    assert edited.website == "https://exemple.invalid"
    with pytest.raises(NotAllowed):
        organisations.edit(actor=actors["member"], organisation=organisation.public_id, website="")
    with pytest.raises(Invalid):
        organisations.edit(actor=actors["lead"], organisation=organisation.public_id, actor_kind="company")


def test_enrolling_again_moves_the_end_of_the_standing(database: Engine) -> None:
    organisation, programme, actors = people()
    for until in (None, date(2027, 12, 31)):
        row = organisations.enrol(
            actor=actors["manager"],
            programme=programme.public_id,
            organisation=organisation.public_id,
            joined_on=date(2020, 1, 1),
            good_standing_until_on=until,
        )
    assert row.good_standing_until_on == date(2027, 12, 31)


def test_new_bank_details_replace_the_former_and_wait_for_a_second_person(database: Engine) -> None:
    organisation, _, actors = people()
    for holder in ("Ancien", "Nouveau"):
        added = organisations.change_bank(
            actor=actors["lead"], organisation=organisation.public_id, iban=IBAN, bic="", holder=holder
        )
    with reading() as session:
        rows = session.scalars(select(BankAccount).order_by(BankAccount.id)).all()
        assert [(row.holder, row.replaced_at is None, row.verified_at) for row in rows] == [
            ("Ancien", False, None),
            ("Nouveau", True, None),
        ]
        assert bank_of(session, actors["member"], organisation.id) is None
    with pytest.raises(NotFound):
        organisations.verify_bank(actor=actors["manager"], bank_account=added.public_id)
    with pytest.raises(NotAllowed):
        organisations.verify_bank(actor=actors["lead"], bank_account=added.public_id)
    assert organisations.verify_bank(actor=actors["finance"], bank_account=added.public_id).verified_at
    with pytest.raises(NotPossible):
        organisations.verify_bank(actor=actors["finance"], bank_account=added.public_id)


@pytest.mark.parametrize("iban", ["FR76 0000 0000 0000 0000 0000 195", "FR76", "ＦＲ76", ""])
def test_a_wrong_account_number_is_refused(database: Engine, iban: str) -> None:
    organisation, _, actors = people()
    with pytest.raises(Invalid) as refused:
        organisations.change_bank(
            actor=actors["lead"], organisation=organisation.public_id, iban=iban, bic="", holder="Nous"
        )
    assert set(refused.value.problems) == {"iban"}


def test_an_account_number_is_masked_but_for_its_end() -> None:
    assert masked("FR7600000000000000000000194") == "FR•• •••• •••• 0194"
