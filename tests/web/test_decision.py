"""The pages of decisions: two acts, previews, planned departures, the reserve list, letters that replace others."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Application, Call, Decision, Departure, Document, Promise, Succession
from grants.policies.actors import Role
from grants.services import decision
from grants.services.decision import Wish
from grants.workflow.decision import DecisionState, Origin
from grants.workflow.departure import DepartureState
from tests import builders
from tests.services.test_decision import AWARD, Sitting, acting, approved
from tests.services.test_decision_mended import BOARD, kept, now_of, opened, released, reserved

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


def plain(answer: TestResponse) -> str:
    """The page with ordinary spaces."""
    return answer.text.replace("\xa0", " ").replace("\u202f", " ")


def lead_account(file: Application) -> Account:
    with transaction() as session:
        return builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=file.organisation_id)


def current(file: Application) -> Decision:
    with reading() as session:
        return session.scalars(
            select(Decision).where(Decision.application_id == file.id, Decision.ended_at.is_(None))
        ).one()


def test_everything_is_seen_before_it_leaves_and_nothing_is_kept(sign_in: SignIn) -> None:
    sitting = Sitting()
    made = approved(sitting, acting(sitting.manager), motive="Un projet <b>solide</b>.")
    page = sign_in(sitting.manager).get(f"/gestion/decisions/notification?appel={sitting.call.slug}")
    with reading() as session:
        lead = session.get_one(Account, sitting.files[0].created_by_id)
    assert page.status_code == 200
    assert lead.email in plain(page)
    shown = sign_in(sitting.manager).get(f"/gestion/decisions/{made.public_id}/apercu")
    assert shown.status_code == 200
    assert "Un projet &lt;b&gt;solide&lt;/b&gt;." in plain(shown)
    assert "votre projet est soutenu" in plain(shown)
    pdf = sign_in(sitting.manager).get(f"/gestion/decisions/{made.public_id}/apercu.pdf")
    assert (pdf.status_code, pdf.data[:5], pdf.headers["Content-Disposition"][:6]) == (200, b"%PDF-", "inline")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 0
        assert session.scalar(select(func.count()).select_from(Promise)) == 0
    assert sign_in(sitting.chair).get(f"/gestion/decisions/{made.public_id}/apercu").status_code == 404


def test_a_file_that_cannot_leave_says_why_and_none_leaves(sign_in: SignIn) -> None:
    sitting = Sitting()
    made = approved(sitting, acting(sitting.manager))
    with transaction() as session:
        session.execute(
            update(Account).where(Account.id == sitting.files[0].created_by_id).values(disabled_at=clock.now())
        )
    client = sign_in(sitting.manager)
    assert "Personne, dans l’équipe candidate" in plain(
        client.get(f"/gestion/decisions/notification?appel={sitting.call.slug}")
    )
    refused = client.post(
        f"/gestion/decisions/notification?appel={sitting.call.slug}",
        data={"decision": made.public_id, "when": "maintenant"},
    )
    assert refused.status_code == 409
    assert now_of(made).state == DecisionState.APPROVED


def test_a_departure_is_planned_and_cancelled_on_the_page(sign_in: SignIn) -> None:
    sitting = Sitting()
    made = approved(sitting, acting(sitting.manager))
    client, address = sign_in(sitting.manager), f"/gestion/decisions/notification?appel={sitting.call.slug}"
    form = {"decision": made.public_id, "when": "date", "leaves_on": "31/12/2099", "leaves_hour": "9 h"}
    assert client.post(address, data={**form, "leaves_on": ""}).status_code == 422
    assert client.post(address, data={**form, "leaves_on": "01/01/2020"}).status_code == 409
    assert client.post(address, data=form).status_code == 303
    assert "Départ prévu le" in plain(client.get(address))
    with reading() as session:
        planned = session.scalars(select(Departure)).one()
    assert client.post(f"/gestion/decisions/departs/{planned.public_id}/annulation").status_code == 303
    with reading() as session:
        assert session.get_one(Departure, planned.id).state == DepartureState.CANCELLED
    assert client.post(address, data={"decision": made.public_id, "when": "quart-d-heure"}).status_code == 303


def test_the_board_that_does_not_follow_is_shown_beside_the_committee(sign_in: SignIn) -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    sitting.close()
    client, address = sign_in(sitting.manager), f"/gestion/decisions/{made.public_id}/autrement"
    form = {"outcome": "awarded", "awarded_cents": "800", "motive": "Retenu.", "board_reference": "CA-9"}
    empty = client.post(address, data={**form, "board_on": "hier"})
    assert (empty.status_code, "CA-9" in empty.text) == (422, True)
    assert client.post(address, data={**form, "board_on": "18/12/2026"}).status_code == 409
    kept_form = {**form, "board_on": "18/12/2026", "why": "Pour servir deux projets."}
    assert client.post(address, data=kept_form).status_code == 303
    own = current(sitting.files[0])
    page = plain(client.get(f"/gestion/decisions/{own.public_id}"))
    assert own.origin == Origin.BOARD
    for words in ("Le comité propose", "Le conseil décide", "Le conseil n’a pas suivi le comité", "CA-9"):
        assert words in page
    assert "Écart : −200 €" in page
    assert "le comité proposait" in plain(client.get(f"/gestion/decisions?appel={sitting.call.slug}"))


def test_another_decision_and_a_letter_written_anew_go_through_their_pages(sign_in: SignIn) -> None:
    sitting = Sitting()
    made = released(sitting)
    client, second = sign_in(sitting.manager), sign_in(sitting.second)
    address = f"/gestion/decisions/{made.public_id}"
    assert "Préparer une autre décision" in plain(client.get(address))
    form = {"why": "Adresse fausse.", "motive": "Bien classé."}
    assert client.get(f"{address}/lettre").status_code == 200
    assert client.post(f"{address}/lettre", data={**form, "why": ""}).status_code == 409
    assert client.post(f"{address}/lettre", data=form).status_code == 303
    anew = current(sitting.files[0])
    assert client.post(f"/gestion/decisions/{anew.public_id}/confirmation").status_code == 403
    assert second.post(f"/gestion/decisions/{anew.public_id}/confirmation").status_code == 303
    assert "remplace la lettre n° 1" in plain(client.get(f"/gestion/decisions/{anew.public_id}/apercu"))
    assert client.post(f"/gestion/decisions/{anew.public_id}/abandon").status_code == 303
    other = {"outcome": "rejected", "motive": "Erreur.", "why": "Une erreur de dossier."}
    assert client.get(f"{address}/nouvelle").status_code == 200
    assert client.post(f"{address}/nouvelle", data=other).status_code == 303
    assert client.post(f"{address}/nouvelle", data=other).status_code == 409


def test_the_applicant_reads_each_letter_and_what_became_of_it(sign_in: SignIn) -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = released(sitting)
    lead = sign_in(lead_account(sitting.files[0]))
    address = f"/candidatures/{sitting.files[0].public_id}/suivi"
    assert "lettre n° 1" in plain(lead.get(address))
    wish = Wish(outcome="awarded", awarded_cents=60_000, motive="Réduit.", why="Budget revu.")
    other = decision.revise(actor=manager, decision=made.public_id, wish=wish)
    before = plain(lead.get(address))
    assert "600" not in before.split("La décision")[1].split("histoire")[0]
    decision.approve(actor=manager, decisions=[other.public_id], **BOARD)
    decision.release(actor=manager, decisions=[other.public_id])
    after = plain(lead.get(address))
    assert "lettre n° 2" in after
    assert "Remplacée" in after
    decision.revoke(actor=manager, decision=other.public_id, motive="Dissoute.")
    assert "Cette décision a été retirée" in plain(lead.get(address))


def test_the_reserve_list_says_who_is_next_and_who_enters(sign_in: SignIn) -> None:
    sitting = Sitting(envelope_cents=150_000)
    with transaction() as session:
        session.execute(update(Application).values(requested_cents=100_000))
    made = reserved(sitting, date(2099, 6, 30))
    client, address = sign_in(sitting.manager), f"/gestion/decisions/liste-d-attente?appel={sitting.call.slug}"
    page = plain(client.get(address))
    assert ("prochain" in page, "mardi 30 juin 2099" in page) == (True, True)
    decision.revoke(actor=acting(sitting.manager), decision=made[0].public_id, motive="Dissoute.")
    assert "data-reload" in plain(client.get(address))
    row = kept(opened())
    page = plain(client.get(address))
    assert ("Qui entre" in page, "il lui faut" in page) == (True, True)
    place = f"/gestion/decisions/places/{row.public_id}"
    assert client.post(f"{place}/refus", data={"why": ""}).status_code == 409
    assert client.post(f"{place}/recherche").status_code == 303
    kept(row)
    assert client.post(f"{place}/entree", data={"why": "Une place s’est libérée."}).status_code == 303
    assert client.post(f"{place}/entree", data={"why": "Une place s’est libérée."}).status_code == 409
    assert current(sitting.files[1]).origin == Origin.SUCCESSION
    assert "Entrée préparée" in plain(client.get(address))
    shown = plain(client.get(f"/gestion/decisions/{current(sitting.files[1]).public_id}/apercu"))
    assert "Une place s’est libérée." in shown


def test_a_recused_manager_reads_nothing_of_the_file_that_freed_the_money(sign_in: SignIn) -> None:
    sitting = Sitting(envelope_cents=150_000)
    made = reserved(sitting, date(2099, 6, 30))
    decision.revoke(actor=acting(sitting.manager), decision=made[0].public_id, motive="Dissoute.")
    with transaction() as session:
        builders.an_interest(session, application=sitting.files[0], account=sitting.second, stand="conflict")
    client = sign_in(sitting.second)
    page = plain(client.get(f"/gestion/decisions/liste-d-attente?appel={sitting.call.slug}"))
    assert sitting.files[0].number not in page
    assert client.get(f"/gestion/decisions/{made[0].public_id}").status_code == 404


def test_an_applicant_gives_an_award_up(sign_in: SignIn) -> None:
    sitting = Sitting()
    made = released(sitting)
    lead = sign_in(lead_account(sitting.files[0]))
    address = f"/decisions/{made.public_id}/desistement"
    assert lead.get(address).status_code == 200
    assert lead.post(address, data={"why": "x" * 3000}).status_code == 422
    assert lead.post(address, data={"why": "Plus de cofinanceur."}).status_code == 303
    assert lead.post(address, data={"why": "Encore."}).status_code == 409
    with reading() as session:
        assert session.scalars(select(Succession.cause)).all() == ["renounced"]
        assert session.scalars(select(Call.slug)).all()
    assert "y a renoncé" in plain(lead.get(f"/candidatures/{sitting.files[0].public_id}/suivi"))
