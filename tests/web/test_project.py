"""The pages of projects, reports and money: who sees what, what is refused and how, what is kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from grants.clock import frozen
from grants.db import engine, reading
from grants.models import Account, Agreement, Payment, Project
from grants.services import finance
from grants.services import project as projects
from grants.services import report as reports
from grants.workflow.report import ReportKind
from tests.awards import (
    SPRING,
    World,
    a_document,
    a_running_project,
    a_world,
    again,
    an_award,
    an_open_project,
    bank_details,
    report_of,
    the,
    tranches_of,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]

SignIn = Callable[[Account], FlaskClient]
AUTUMN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def words(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:2000]
    return plain(answer.text)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#39;", "’")


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def late(world: World) -> Project:
    """A twelve-month project whose interim report is 67 days late on 21 November 2026."""
    return a_running_project(world, ends_on=date(2027, 2, 28), awarded_cents=1_450_000)


def test_the_page_of_a_project_says_what_is_late_and_what_it_holds_back(
    world: World, late: Project, sign_in: SignIn
) -> None:
    with frozen(AUTUMN):
        page = words(sign_in(world.accounts["manager"]), f"/projets/{late.public_id}")
    assert "Rapport intermédiaire en retard de 67 jours." in page
    assert "Attendu le 15 septembre 2026. La tranche 2 (4 350 €) est bloquée." in page
    assert "En accompagnement, mois 9 sur 12" in page
    assert f'data-object="project:{late.public_id}"' in page


def test_the_list_shows_state_next_step_next_tranche_and_alert(world: World, late: Project, sign_in: SignIn) -> None:
    client = sign_in(world.accounts["manager"])
    with frozen(AUTUMN):
        page = words(client, "/projets")
        assert "En retard de 67 jours" in page
        assert late.title in words(client, "/projets?alerte=y&q=Calvados")
        assert "Rien ici avec ces filtres" in words(client, "/projets?etat=closed")
    assert "8 700 €" in page


@pytest.mark.parametrize("who", ["stranger", "other_manager"])
def test_a_project_of_others_looks_like_one_that_does_not_exist(
    world: World, late: Project, sign_in: SignIn, who: str
) -> None:
    client = sign_in(world.accounts[who])
    report = report_of(late, ReportKind.INTERIM)
    for address in (f"/projets/{late.public_id}", f"/projets/{late.public_id}/rapports/{report.public_id}"):
        assert client.get(address).status_code == 404
    assert late.title not in words(client, "/projets")


def test_a_report_is_not_read_through_another_project(world: World, sign_in: SignIn) -> None:
    first = a_running_project(world)
    second = a_running_project(world, title="Un autre")
    report = report_of(first, ReportKind.INTERIM)
    client = sign_in(world.accounts["lead"])
    assert client.get(f"/projets/{second.public_id}/rapports/{report.public_id}").status_code == 404
    assert client.get(f"/projets/{first.public_id}/rapports/{report.public_id}").status_code == 200


def test_a_stranger_is_sent_to_sign_in(late: Project, client: FlaskClient) -> None:
    answer = client.get(f"/projets/{late.public_id}")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/connexion?next=/projets/{late.public_id}")


def test_the_holder_sees_the_project_but_no_button_of_the_programme(
    world: World, late: Project, sign_in: SignIn
) -> None:
    page = words(sign_in(world.accounts["member"]), f"/projets/{late.public_id}")
    for action in ("tranche.order", "project.reach-milestone", "project.close", "agreement.send"):
        assert f'data-action="{action}"' not in page
    assert "Noter une séance" not in page


def test_an_award_is_opened_sent_and_signed_through_the_pages(world: World, sign_in: SignIn) -> None:
    an_award(world)
    manager = sign_in(world.accounts["manager"])
    with frozen(SPRING):
        assert "Ouvrir les projets" in words(manager, "/projets")
        assert manager.post(f"/projets/ouverture/{world.call.slug}").status_code == 303
        with reading() as session:
            project = session.scalars(select(Project)).one()
        agreement = the(Agreement, project)
        address = f"/projets/{project.public_id}"
        assert "Envoyer la convention" in words(manager, address)
        assert manager.post(f"{address}/convention/envoi").status_code == 303
        refused = manager.post(f"{address}/convention/signature", data={"signed_on": "hier"})
        assert refused.status_code == 422
        assert "hier" in refused.text or "Écrivez une date" in refused.text
        a_document(agreement)
        assert manager.post(f"{address}/convention/signature", data={"signed_on": "16/03/2026"}).status_code == 303
    assert again(project).state == "active"


def test_a_report_is_written_counted_and_sent_by_its_holder(world: World, late: Project, sign_in: SignIn) -> None:
    report = report_of(late, ReportKind.INTERIM)
    address = f"/projets/{late.public_id}/rapports/{report.public_id}"
    holder = sign_in(world.accounts["member"])
    with frozen(AUTUMN):
        page = words(holder, address)
        assert 'name="spent-other_services"' in page
        wrong = holder.post(address, data={"q-done": "Deux journées.", "spent-staff": "beaucoup", "then": "save"})
        assert wrong.status_code == 422
        assert "Deux journées." in wrong.text
        assert "beaucoup" in wrong.text
        early = holder.post(address, data={"q-done": "Deux journées.", "spent-staff": "3 000,50", "then": "submit"})
        assert early.status_code == 409
        assert "« Les partenaires »" in plain(early.text)
        assert "62 Autres services extérieurs" in plain(early.text)
        assert again(report).figures["staff"]["spent_cents"] == 300_050
        spent = ("purchases", "external_services", "taxes", "management", "financial_charges", "indirect")
        data = {f"spent-{key}": "0" for key in spent} | {"spent-other_services": "8 496", "spent-staff": "3 000"}
        data |= {f"q-{key}": "Texte." for key in ("done", "partners", "learning", "next")}
        gap = holder.post(address, data={**data, "then": "submit"})
        assert gap.status_code == 409
        assert "+18 %" in plain(gap.text)
        data["reason-other_services"] = "Le voyage de mai a coûté plus cher."
        assert holder.post(address, data={**data, "then": "submit"}).status_code == 303
        page = words(sign_in(world.accounts["manager"]), f"/projets/{late.public_id}")
    assert again(report).state == "submitted"
    assert "Écart de +18 % sur « 62 Autres services extérieurs »." in page


def test_a_report_is_returned_with_its_reason_or_accepted(world: World, late: Project, sign_in: SignIn) -> None:
    report = report_of(late, ReportKind.INTERIM)
    answers = {"done": "a", "partners": "b", "learning": "c", "next": "d"}
    figures = {key: {"spent_cents": 0} for key in reports_headings()}
    reports.save(actor=world.member, report=report.public_id, narrative=answers, figures=figures)
    reports.submit(actor=world.member, report=report.public_id)
    manager, address = sign_in(world.accounts["manager"]), f"/projets/{late.public_id}/rapports/{report.public_id}"
    assert 'data-action="report.accept"' in words(manager, address)
    assert manager.post(f"{address}/renvoi", data={"reason": ""}).status_code == 422
    assert manager.post(f"{address}/renvoi", data={"reason": "Nommez les partenaires."}).status_code == 303
    page = words(sign_in(world.accounts["lead"]), address)
    assert "Nommez les partenaires." in page
    reports.submit(actor=world.member, report=report.public_id)
    assert manager.post(f"{address}/accord").status_code == 303
    assert tranches_of(late)[1].state == "due"
    assert sign_in(world.accounts["lead"]).post(f"{address}/accord").status_code == 403


def reports_headings() -> tuple[str, ...]:
    return (
        "purchases",
        "external_services",
        "other_services",
        "taxes",
        "staff",
        "management",
        "financial_charges",
        "indirect",
    )


def test_money_goes_from_ordered_to_paid_by_two_persons(world: World, late: Project, sign_in: SignIn) -> None:
    tranche = tranches_of(late)[0]
    manager, officer = sign_in(world.accounts["manager"]), sign_in(world.accounts["finance"])
    with frozen(SPRING):
        assert 'data-action="tranche.order"' in words(manager, "/finance/tranches")
        assert manager.post(f"/finance/tranches/{tranche.public_id}/ordre").status_code == 303
        assert manager.post(f"/finance/tranches/{tranche.public_id}/paiement", data=payment()).status_code == 403
        assert "Payer" in words(officer, "/finance/tranches")
        unverified = officer.post(f"/finance/tranches/{tranche.public_id}/paiement", data=payment())
        assert unverified.status_code == 409
        assert "VIR-2026-001" in unverified.text
        bank_details(world)
        assert officer.post(f"/finance/tranches/{tranche.public_id}/paiement", data=payment()).status_code == 303
        again_pressed = officer.post(f"/finance/tranches/{tranche.public_id}/paiement", data=payment())
        assert again_pressed.status_code == 409
        assert world.accounts["finance"].name in again_pressed.text
    with reading() as session:
        assert session.scalar(select(func.count(Payment.id))) == 1


def payment() -> dict[str, str]:
    return {"paid_on": "17 mars 2026", "reference": "VIR-2026-001"}


def test_a_blocked_tranche_says_why(world: World, late: Project, sign_in: SignIn) -> None:
    with frozen(AUTUMN):
        page = words(sign_in(world.accounts["finance"]), "/finance/tranches?etat=bloquees")
    assert "Rapport intermédiaire en retard de 67 jours" in page
    assert late.title in page


def test_the_bank_details_of_a_payment_are_read_by_finance_alone(world: World, late: Project, sign_in: SignIn) -> None:
    bank_details(world)
    tranche = tranches_of(late)[0]
    finance.order(actor=world.manager, tranche=tranche.public_id)
    assert "FR76 0000 0000 0000 0000 0000 097" in words(
        sign_in(world.accounts["finance"]), f"/finance/tranches/{tranche.public_id}/paiement"
    )
    for who in ("manager", "auditor", "lead"):
        assert sign_in(world.accounts[who]).get(f"/finance/tranches/{tranche.public_id}/paiement").status_code == 403
    assert sign_in(world.accounts["lead"]).get("/finance/tranches").status_code == 404


def test_an_amendment_is_asked_for_and_answered(world: World, late: Project, sign_in: SignIn) -> None:
    short = a_running_project(world, title="Six mois")
    lead, manager = sign_in(world.accounts["lead"]), sign_in(world.accounts["manager"])
    address = f"/projets/{short.public_id}/avenant"
    with frozen(SPRING):
        assert lead.post(address, data={"extra_months": "2", "reason": ""}).status_code == 422
        beyond = lead.post(address, data={"extra_months": "9", "reason": "Récolte tardive."})
        assert beyond.status_code == 409
        assert "Récolte tardive." in beyond.text
        assert lead.post(address, data={"extra_months": "2", "reason": "Récolte tardive."}).status_code == 303
        assert "Avenant demandé" in words(manager, f"/projets/{short.public_id}")
        page = words(manager, address)
        number = page.split("/accord")[0].rpartition("/")[2]
        assert manager.post(f"{address}/{number}/accord").status_code == 303
    assert again(short).ends_on == date(2026, 10, 31)


def test_a_session_is_noted_and_shown(world: World, late: Project, sign_in: SignIn) -> None:
    manager = sign_in(world.accounts["manager"])
    address = f"/projets/{late.public_id}/accompagnement"
    with frozen(SPRING):
        wrong = manager.post(address, data={"held_on": "demain", "minutes": "x", "topic": "Modèle économique"})
        assert wrong.status_code == 422
        assert "Modèle économique" in wrong.text
        data = {"held_on": "19/03/2026", "minutes": "150", "topic": "Modèle économique", "note": "Deux pistes."}
        assert manager.post(address, data=data).status_code == 303
        page = words(manager, f"/projets/{late.public_id}")
    assert "2 h 30" in page
    assert "Deux pistes." in page


def test_suspending_and_ending_ask_for_a_reason(world: World, late: Project, sign_in: SignIn) -> None:
    manager = sign_in(world.accounts["manager"])
    address = f"/projets/{late.public_id}/suspension"
    assert "Suspendre le projet" in words(manager, address)
    assert manager.post(address, data={"reason": ""}).status_code == 422
    assert manager.post(address, data={"reason": "Insécurité."}).status_code == 303
    assert manager.post(address, data={"reason": "Insécurité."}).status_code == 409
    refused = manager.post(f"/projets/{late.public_id}/cloture")
    assert refused.status_code == 409


def test_the_public_reads_nothing_before_the_results(client: FlaskClient, sign_in: SignIn) -> None:
    tomorrow = AUTUMN + timedelta(days=1)
    world = a_world(results_public_at=tomorrow)
    project = an_open_project(world)
    with frozen(AUTUMN):
        assert project.title not in words(client, "/fr/projets")
        words(client, f"/fr/projets/{world.call.slug}/{project.slug}", 404)
        words(sign_in(world.accounts["manager"]), f"/fr/projets/{world.call.slug}/{project.slug}", 404)
    with frozen(tomorrow):
        assert project.title in words(client, "/fr/projets")
        page = words(client, f"/fr/projets/{world.call.slug}/{project.slug}")
    assert "Exemple inventé" in page
    assert "15 500 €" in page


def test_public_projects_are_filtered_by_word_territory_and_theme(world: World, client: FlaskClient) -> None:
    an_open_project(world)
    for query, there in (("q=réfugiés+calvados", True), ("q=zzz", False), ("territoire=Calvados", True),
                         ("territoire=Calv", False), ("theme=Agriculture", True), ("appel=x", False)):  # fmt: skip
        assert ("Accueil des réfugiés" in words(client, f"/fr/projets?{query}")) is there, query


def test_an_imported_project_invents_nothing(client: FlaskClient) -> None:
    world = a_world(imported=True, results_public_at=None)
    for values in (
        {"title": "7e projet", "placeholder": True},
        {"title": "Semences", "sheet": {"leads": ["SOL"], "summary": "Un voyage d’échange."}},
    ):
        projects.import_project(
            actor=world.manager, call=world.call.public_id, values={"source": "https://source.invalid/", **values}
        )
    page = words(client, f"/fr/projets/{world.call.slug}/7e-projet")
    assert "Non décrit dans la source" in page
    assert "montant non communiqué par la source" in page
    assert "https://source.invalid/" in page
    assert "0 €" not in page
    assert "SOL" in words(client, "/fr/projets")


def statements(app: Flask, client: FlaskClient, address: str) -> int:
    seen = []
    listener = lambda *_: seen.append(1)  # noqa: E731
    with app.app_context():
        event.listen(engine(), "before_cursor_execute", listener)
    try:
        words(client, address)
    finally:
        with app.app_context():
            event.remove(engine(), "before_cursor_execute", listener)
    return len(seen)


def test_lists_ask_a_handful_of_questions_whatever_their_length(
    app: Flask, world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    manager = sign_in(world.accounts["manager"])
    a_running_project(world)
    addresses = {
        "/projets": manager,
        "/finance/tranches?etat=toutes": manager,
        "/fr/projets": client,
    }
    for address, who in addresses.items():
        words(who, address)  # what is looked up once in a while is looked up now
    before = {address: statements(app, who, address) for address, who in addresses.items()}
    for number in range(5):
        an_award(world, title=f"Projet {number}")
    projects.open_projects(actor=world.manager, call=world.call.public_id)
    after = {address: statements(app, who, address) for address, who in addresses.items()}
    assert after == before
    assert max(after.values()) <= 20


def test_the_page_of_a_project_asks_a_bounded_number_of_questions(
    app: Flask, world: World, late: Project, sign_in: SignIn
) -> None:
    assert statements(app, sign_in(world.accounts["manager"]), f"/projets/{late.public_id}") <= 26
