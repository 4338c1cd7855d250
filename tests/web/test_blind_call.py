"""A blind call says so: to those who apply, to those who read, to those who run it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from grants import clock
from grants.db import transaction
from grants.models import Account, Call
from grants.policies import Role
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db

SignIn = Callable[[Account], FlaskClient]


class Stage:
    """A call that is blind like this, a file to read, who reads it and who runs the call."""

    def __init__(self, blind: str) -> None:
        with transaction() as session:
            self.call: Call = builders.a_call(session, blind=blind, slug="essai-2027")
            body = builders.an_organisation(session, name="Zanguébar Kébbi")
            lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=body.id)
            self.reader = builders.an_account(session, role=Role.REVIEWER, call_id=self.call.id)
            self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=self.call.programme_id)
            self.file = builders.a_draft(
                session,
                call=self.call,
                lead=lead,
                organisation=body,
                title="Pêche avec Zanguebar-Kebbi",
                state=ApplicationState.IN_REVIEW,
                number="2027-001",
                submitted_at=clock.now(),
            )
            builders.an_interest(session, application=self.file, account=self.reader)
            self.review = builders.a_review(session, application=self.file, reviewer=self.reader)


@pytest.mark.parametrize(
    ("blind", "said"),
    [
        ("no", ""),
        (
            "review",
            "La lecture se fait à l’aveugle : le comité ne sait pas qui candidate avant l’ouverture de sa séance.",
        ),
        (
            "selection",
            "La sélection se fait à l’aveugle : le comité ne sait pas qui candidate avant l’envoi de la décision.",
        ),
    ],
)
def test_the_public_page_says_until_when_the_committee_does_not_know(
    app: object, sign_in: SignIn, blind: str, said: str
) -> None:
    stage = Stage(blind)
    text = sign_in(stage.manager).get("/fr/appels/essai-2027").get_data(as_text=True)
    text = text.replace("\u202f", " ").replace("\u00a0", " ")
    assert said in text if said else "aveugle" not in text


def test_readers_are_told_that_a_mask_may_miss_and_where_to_say_so(app: object, sign_in: SignIn) -> None:
    stage = Stage("review")
    client = sign_in(stage.reader)
    page = client.get(f"/evaluations/{stage.review.public_id}").get_data(as_text=True)
    assert "Pêche avec [masqué]" in page
    assert "Un masque peut manquer une allusion" in page
    assert "Organisation porteuse" in page
    declaring = client.get("/evaluations/interets?appel=essai-2027").get_data(as_text=True)
    assert "Si vous reconnaissez un projet, dites-le" in declaring
    assert "Zangu" not in page + declaring


def test_managers_see_what_readers_see_from_the_page_of_the_file(app: object, sign_in: SignIn) -> None:
    stage = Stage("review")
    client = sign_in(stage.manager)
    address = f"/evaluations/dossiers/{stage.file.public_id}?aveugle=1"
    own = client.get(f"/gestion/candidatures/{stage.file.public_id}").get_data(as_text=True)
    assert address in own.replace("&amp;", "&")
    assert "Zanguebar-Kebbi" in own
    assert "Zangu" not in client.get(address).get_data(as_text=True)
    assert "Zangu" in client.get(address.partition("?")[0]).get_data(as_text=True)


def test_a_call_that_is_not_blind_offers_no_such_view(app: object, sign_in: SignIn) -> None:
    stage = Stage("no")
    own = sign_in(stage.manager).get(f"/gestion/candidatures/{stage.file.public_id}").get_data(as_text=True)
    assert "aveugle" not in own
    page = sign_in(stage.reader).get(f"/evaluations/{stage.review.public_id}").get_data(as_text=True)
    assert "Zanguebar-Kebbi" in page
    assert "aveugle" not in page
