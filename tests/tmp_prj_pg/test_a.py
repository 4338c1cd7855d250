"""From a released award to a closed project."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.domain.ledger import Posting as Side
from grants.domain.ledger import sums_to_zero
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Agreement, AuditEntry, Decision, Milestone, Payment, Posting, Project, Promise, Report
from grants.services import agreement as agreements
from grants.services import amendment as amendments
from grants.services import finance
from grants.services import project as projects
from grants.services import report as reports
from grants.workflow.decision import Outcome
from grants.workflow.project import ProjectState
from grants.workflow.report import ReportKind, ReportState
from grants.workflow.tranche import TrancheState
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
    count,
    report_of,
    the,
    tranches_of,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

ANSWERS = {"done": "Deux journées.", "partners": "Le lycée.", "learning": "Le froid.", "next": "La suite."}
SPENT = {  # 22 900 € in all, as budgeted
    "purchases": 380_000,
    "external_services": 105_000,
    "other_services": 720_000,
    "taxes": 38_000,
    "staff": 966_000,
    "management": 25_000,
    "financial_charges": 6_000,
    "indirect": 50_000,
}


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def figures(**changes: int) -> dict[str, dict[str, object]]:
    return {key: {"spent_cents": cents, "reason": ""} for key, cents in {**SPENT, **changes}.items()}


def fill_and_submit(world: World, project: Project, kind: ReportKind, at: datetime, **changes: int) -> Report:
    report = report_of(project, kind)
    with frozen(at):
        reports.save(actor=world.member, report=report.public_id, narrative=ANSWERS, figures=figures(**changes))
        return reports.submit(actor=world.member, report=report.public_id)


def accepted(world: World, project: Project, kind: ReportKind, at: datetime, **changes: int) -> None:
    report = fill_and_submit(world, project, kind, at, **changes)
    with frozen(at):
        reports.accept(actor=world.manager, report=report.public_id)


def paid(world: World, project: Project, position: int, at: datetime) -> Payment:
    tranche = tranches_of(project)[position - 1]
    with frozen(at):
        finance.order(actor=world.manager, tranche=tranche.public_id)
        return finance.pay(
            actor=world.finance, tranche=tranche.public_id, paid_on=at.date(), reference=f"VIR-{position}"
        )


def test_every_released_award_becomes_a_project_once() -> None:
    world = a_world()
    an_award(world)
    an_award(world, title="Semences paysannes", awarded_cents=1_600_000, ends_on=date(2027, 2, 28))
    opened = projects.open_projects(actor=world.manager, call=world.call.public_id)
    assert [project.slug for project in opened] == ["accueil-des-refugies-et-metiers-agricoles", "semences-paysannes"]
    assert projects.open_projects(actor=world.manager, call=world.call.public_id) == []
    with reading() as session:
        assert count(session, Project) == 2
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert acts == ["project.open", "agreement.prepare"] * 2


def test_tranches_sum_to_the_award() -> None:
    project = an_open_project(a_world())
    rows = tranches_of(project)
    assert [row.amount_cents for row in rows] == [930_000, 465_000, 155_000]
    assert sum(row.amount_cents for row in rows) == project.awarded_cents
    assert {row.state for row in rows} == {TrancheState.PLANNED}
    assert (project.months, project.rate_bp) == (6, 6_769)


def test_milestones_and_reports_are_dated_by_the_template_of_the_duration() -> None:
    project = an_open_project(a_world())
    with reading() as session:
        steps = session.scalars(select(Milestone).where(Milestone.project_id == project.id).order_by(Milestone.id))
        assert [(step.code, step.due_on) for step in steps] == [
            ("M0", date(2026, 3, 1)),
            ("M4", date(2026, 6, 15)),
            ("M7", date(2026, 8, 31)),
            ("M8", date(2026, 10, 30)),
        ]
        due = {row[0]: row[1] for row in session.execute(select(Report.kind, Report.due_on))}
    assert due == {"interim": date(2026, 6, 15), "final": date(2026, 10, 30), "financial": date(2027, 6, 30)}


def test_two_projects_of_one_title_have_two_addresses() -> None:
    world = a_world()
    an_award(world)
    an_award(world)
    opened = projects.open_projects(actor=world.manager, call=world.call.public_id)
    assert opened[1].slug == f"{opened[0].slug}-2"


def test_only_the_programmes_manager_opens_projects() -> None:
    world = a_world()
    an_award(world)
    with pytest.raises(NotAllowed):
        projects.open_projects(actor=world.lead, call=world.call.public_id)
    with pytest.raises(NotAllowed):
        projects.open_projects(actor=world.other_manager, call=world.call.public_id)


def test_a_conditional_award_waits_for_its_condition() -> None:
    world = a_world()
    project = an_open_project(world, outcome=Outcome.AWARDED_WITH_CONDITIONS)
    agreement = the(Agreement, project)
    with pytest.raises(NotPossible) as refused:
        agreements.send(actor=world.manager, agreement=agreement.public_id)
    assert codes(refused) == {"conditions_lifted"}
    with transaction() as session:
        session.get_one(Decision, project.decision_id).conditions_lifted_at = SPRING
    assert agreements.send(actor=world.manager, agreement=agreement.public_id).state == "sent"


def test_signing_starts_the_project_and_makes_the_first_tranche_due() -> None:
    world = a_world()
    project = a_running_project(world)
    assert again(project).state == ProjectState.ACTIVE
    assert [row.state for row in tranches_of(project)] == ["due", "planned", "planned"]
    assert tranches_of(project)[0].due_cents == 930_000
    with reading() as session:
        names = session.scalars(select(Promise.name).order_by(Promise.id)).all()
    assert names == ["agreement", "agreement-to-sign", "agreement-to-sign", "agreement-signed", "agreement-signed"]


def test_an_agreement_is_not_signed_without_its_document_nor_in_the_future() -> None:
    world = a_world()
    agreement = the(Agreement, an_open_project(world))
    with frozen(SPRING):
        agreements.send(actor=world.manager, agreement=agreement.public_id)
        with pytest.raises(NotPossible) as refused:
            agreements.sign(actor=world.manager, agreement=agreement.public_id, signed_on=date(2026, 3, 21))
        assert codes(refused) == {"document_ready", "signature_dated"}
        a_document(agreement)
        with pytest.raises(NotPossible):
            agreements.sign(actor=world.manager, agreement=agreement.public_id, signed_on=date(2026, 3, 21))
        agreements.sign(actor=world.manager, agreement=agreement.public_id, signed_on=date(2026, 3, 20))


def test_the_person_who_ordered_does_not_pay() -> None:
    """MN-06."""
    world = a_world()
    tranche = tranches_of(a_running_project(world))[0]
    bank_details(world)
    finance.order(actor=world.manager, tranche=tranche.public_id)
    both = world.finance
    with transaction() as session:
        session.merge(again(tranche)).ordered_by_id = both.id
    with pytest.raises(NotAllowed) as refused:
        finance.pay(actor=both, tranche=tranche.public_id, paid_on=date(2026, 3, 17), reference="VIR-1")
    assert "not_oneself" in refused.value.reasons
    finance.pay(actor=world.finance2, tranche=tranche.public_id, paid_on=date(2026, 3, 17), reference="VIR-1")


def test_a_payment_needs_verified_bank_details_and_a_reference() -> None:
    world = a_world()
    tranche = tranches_of(a_running_project(world))[0]
    bank_details(world, verified=False)
    finance.order(actor=world.manager, tranche=tranche.public_id)
    with pytest.raises(NotPossible) as refused:
        finance.pay(actor=world.finance, tranche=tranche.public_id, paid_on=date(2026, 3, 17), reference=" ")
    assert codes(refused) == {"bank_verified", "payment_referenced"}


def test_a_payment_is_entered_in_the_ledger_and_sums_to_zero() -> None:
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    payment = paid(world, project, 1, SPRING)
    with reading() as session:
        rows = session.scalars(select(Posting)).all()
    assert {(row.account, row.amount_cents) for row in rows} == {("awards", -930_000), ("paid", 930_000)}
    assert sums_to_zero(Side(row.account, row.amount_cents) for row in rows)
    assert {row.entry for row in rows} == {f"payment:{payment.public_id}"}


def test_a_second_payment_learns_who_paid_and_when() -> None:
    """MN-02, one after the other."""
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    paid(world, project, 1, SPRING)
    tranche = tranches_of(project)[0]
    with pytest.raises(Conflict) as refused:
        finance.pay(actor=world.finance2, tranche=tranche.public_id, paid_on=SPRING.date(), reference="VIR-1")
    assert (refused.value.by, refused.value.at) == (world.finance.name, SPRING)


def test_a_returned_payment_keeps_its_row_and_is_undone_in_the_ledger() -> None:
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    paid(world, project, 1, SPRING)
    tranche = tranches_of(project)[0]
    finance.return_payment(
        actor=world.finance, tranche=tranche.public_id, returned_on=date(2026, 3, 24), reference="REJ-1"
    )
    with reading() as session:
        assert sum(session.scalars(select(Posting.amount_cents).where(Posting.account == "paid"))) == 0
        assert session.scalars(select(Payment.returned_on)).one() == date(2026, 3, 24)


def test_a_tranche_whose_report_is_not_accepted_is_neither_ordered_nor_paid() -> None:
    """MN-08."""
    world = a_world()
    tranche = tranches_of(a_running_project(world))[1]
    bank_details(world)
    with pytest.raises(NotPossible) as refused:
        finance.order(actor=world.manager, tranche=tranche.public_id)
    assert codes(refused) == {"condition_met"}
    with pytest.raises(NotPossible) as refused:
        finance.pay(actor=world.finance, tranche=tranche.public_id, paid_on=date(2026, 3, 17), reference="X")
    assert codes(refused) == {"condition_met"}


def test_an_accepted_interim_report_makes_the_second_tranche_due_and_reaches_its_milestone() -> None:
    world = a_world()
    project = a_running_project(world)
    at = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)
    accepted(world, project, ReportKind.INTERIM, at, staff=300_000)
    assert [row.state for row in tranches_of(project)] == ["due", "due", "planned"]
    with reading() as session:
        step = session.scalars(select(Milestone).where(Milestone.code == "M4")).one()
    assert step.reached_on == date(2026, 6, 20)


def test_a_report_is_not_sent_before_it_answers_and_counts() -> None:
    world = a_world()
    report = report_of(a_running_project(world), ReportKind.INTERIM)
    reports.save(
        actor=world.member, report=report.public_id, narrative={"done": "Fait."}, figures={"staff": {"spent_cents": 0}}
    )
    with pytest.raises(NotPossible) as refused:
        reports.submit(actor=world.member, report=report.public_id)
    missing = refused.value.reasons[0].params["missing"]
    assert missing == (
        "partners", "learning", "next", "purchases", "external_services", "other_services", "taxes",
        "management", "financial_charges", "indirect",
    )  # fmt: skip


def test_a_gap_beyond_ten_per_cent_asks_for_a_sentence() -> None:
    world = a_world()
    project = a_running_project(world)
    report = report_of(project, ReportKind.FINANCIAL)
    given = figures(other_services=849_600, purchases=342_000)  # +18 %, and exactly -10 %
    reports.save(actor=world.member, report=report.public_id, narrative={}, figures=given)
    with pytest.raises(NotPossible) as refused:
        reports.submit(actor=world.member, report=report.public_id)
    assert codes(refused) == {"variances_explained"}
    assert refused.value.reasons[0].params["variances"] == ("other_services",)
    given["other_services"]["reason"] = "Le voyage de mai a coûté plus cher."
    reports.save(actor=world.member, report=report.public_id, narrative={}, figures=given)
    assert reports.submit(actor=world.member, report=report.public_id).state == ReportState.SUBMITTED


def test_midway_money_still_to_be_spent_is_no_gap() -> None:
    world = a_world()
    project = a_running_project(world)
    half = {key: cents // 2 for key, cents in SPENT.items()}
    assert fill_and_submit(world, project, ReportKind.INTERIM, SPRING, **half).state == ReportState.SUBMITTED


def test_a_returned_report_carries_its_reason_and_comes_back() -> None:
    world = a_world()
    project = a_running_project(world)
    report = fill_and_submit(world, project, ReportKind.INTERIM, SPRING)
    with pytest.raises(NotPossible) as refused:
        reports.return_report(actor=world.manager, report=report.public_id, reason="  ")
    assert codes(refused) == {"reason_given"}
    back = reports.return_report(actor=world.manager, report=report.public_id, reason="Nommez les partenaires.")
    assert (back.state, back.change_request) == (ReportState.CHANGES_REQUESTED, "Nommez les partenaires.")
    fill_and_submit(world, project, ReportKind.INTERIM, SPRING)
    assert again(report).state == ReportState.SUBMITTED


def test_a_stale_report_is_not_overwritten() -> None:
    world = a_world()
    report = report_of(a_running_project(world), ReportKind.INTERIM)
    version = report.version
    reports.save(actor=world.member, report=report.public_id, narrative=ANSWERS, figures={}, version=version)
    with pytest.raises(Conflict):
        reports.save(actor=world.lead, report=report.public_id, narrative={"done": "x"}, figures={}, version=version)
    assert again(report).narrative["done"] == ANSWERS["done"]


def test_the_balance_asks_for_both_last_reports_and_is_what_was_earned() -> None:
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    paid(world, project, 1, SPRING)
    accepted(world, project, ReportKind.INTERIM, SPRING)
    paid(world, project, 2, SPRING)
    autumn = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    accepted(world, project, ReportKind.FINAL, autumn)
    assert tranches_of(project)[2].state == TrancheState.PLANNED
    # 22 000 € spent of 22 900: 15 500 × 22 000 / 22 900 = 14 890,82 earned, 13 950 paid
    report = report_of(project, ReportKind.FINANCIAL)
    given = figures(staff=876_000)
    reports.save(actor=world.member, report=report.public_id, narrative={}, figures=given)
    reports.submit(actor=world.member, report=report.public_id)
    reports.accept(actor=world.manager, report=report.public_id)
    last = tranches_of(project)[2]
    assert (last.state, last.due_cents, last.amount_cents) == (TrancheState.DUE, 94_082, 155_000)


def test_nothing_is_due_where_everything_earned_was_paid() -> None:
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    paid(world, project, 1, SPRING)
    accepted(world, project, ReportKind.INTERIM, SPRING)
    paid(world, project, 2, SPRING)
    accepted(world, project, ReportKind.FINAL, SPRING)
    half = figures(**{key: cents // 2 for key, cents in SPENT.items()})
    for row in half.values():
        row["reason"] = "Le projet a été réduit de moitié."
    report = report_of(project, ReportKind.FINANCIAL)
    reports.save(actor=world.member, report=report.public_id, narrative={}, figures=half)
    reports.submit(actor=world.member, report=report.public_id)
    reports.accept(actor=world.manager, report=report.public_id)
    assert tranches_of(project)[2].state == TrancheState.CANCELLED
    assert projects.close(actor=world.manager, project=project.public_id).state == ProjectState.CLOSED


def test_a_project_is_closed_when_every_report_is_accepted_and_every_tranche_settled() -> None:
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    with pytest.raises(NotPossible) as refused:
        projects.close(actor=world.manager, project=project.public_id)
    assert codes(refused) == {"every_report_accepted", "every_tranche_settled"}
    paid(world, project, 1, SPRING)
    for kind in ReportKind:
        accepted(world, project, kind, SPRING)
    paid(world, project, 2, SPRING)
    # both tranches were planned when the last report was accepted: the balance was reckoned on what was paid then
    paid(world, project, 3, SPRING)
    assert projects.close(actor=world.manager, project=project.public_id).state == ProjectState.CLOSED


def test_a_closed_or_terminated_project_pays_nothing() -> None:
    """MN-14."""
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    first = tranches_of(project)[0]
    finance.order(actor=world.manager, tranche=first.public_id)
    projects.terminate(actor=world.manager, project=project.public_id, reason="Porteur en liquidation")
    with pytest.raises(NotPossible) as refused:
        finance.pay(actor=world.finance, tranche=first.public_id, paid_on=date(2026, 3, 17), reference="X")
    assert codes(refused) == {"project_running"}
    assert [row.state for row in tranches_of(project)] == ["ordered", "cancelled", "cancelled"]


def test_a_suspended_project_pays_nothing_until_it_is_resumed() -> None:
    world = a_world()
    project = a_running_project(world)
    tranche = tranches_of(project)[0]
    projects.suspend(actor=world.manager, project=project.public_id, reason="Insécurité")
    with pytest.raises(NotPossible) as refused:
        finance.order(actor=world.manager, tranche=tranche.public_id)
    assert codes(refused) == {"project_running"}
    projects.resume(actor=world.manager, project=project.public_id, reason="La région est calme")
    assert finance.order(actor=world.manager, tranche=tranche.public_id).state == TrancheState.ORDERED


def test_an_accepted_amendment_moves_the_end_and_what_is_still_ahead() -> None:
    world = a_world()
    project = a_running_project(world, ends_on=date(2026, 8, 31))
    july = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    with frozen(july):
        asked = amendments.request(
            actor=world.lead, project=project.public_id, extra_months=2, reason="Récolte plus tardive."
        )
        with pytest.raises(NotPossible) as refused:
            amendments.request(actor=world.lead, project=project.public_id, extra_months=1, reason="Encore")
        assert codes(refused) == {"amendment_waiting"}
        amendments.accept(actor=world.manager, amendment=asked.public_id)
    assert (again(project).ends_on, again(project).months) == (date(2026, 10, 31), 8)
    assert report_of(project, ReportKind.FINAL).due_on == date(2026, 12, 30)
    assert report_of(project, ReportKind.INTERIM).due_on == date(2026, 6, 15)  # late then, late now
    with reading() as session:
        due = {row[0]: row[1] for row in session.execute(select(Milestone.code, Milestone.due_on))}
    assert (due["M7"], due["M8"]) == (date(2026, 10, 31), date(2026, 12, 30))


def test_an_amendment_does_not_pass_the_end_of_the_call_and_needs_a_reason() -> None:
    world = a_world()
    project = a_running_project(world)
    with pytest.raises(NotPossible) as refused:
        amendments.request(actor=world.lead, project=project.public_id, extra_months=7, reason=" ")
    assert codes(refused) == {"end_within_call", "reason_given"}
    with pytest.raises(NotAllowed):
        amendments.request(actor=world.member, project=project.public_id, extra_months=1, reason="x")
    with pytest.raises(Invalid):
        amendments.request(actor=world.lead, project=project.public_id, extra_months=0, reason="x")


def test_a_refused_amendment_moves_nothing() -> None:
    world = a_world()
    project = a_running_project(world)
    asked = amendments.request(actor=world.lead, project=project.public_id, extra_months=2, reason="Retard")
    amendments.refuse(actor=world.manager, amendment=asked.public_id, reason="Le bilan est attendu.")
    assert again(project).ends_on == date(2026, 8, 31)


def test_a_session_of_accompaniment_is_noted_by_the_manager_of_a_running_project() -> None:
    world = a_world()
    project = a_running_project(world)
    with frozen(SPRING):
        held = projects.record_session(
            actor=world.manager, project=project.public_id, held_on=date(2026, 3, 19), minutes=90, topic="Budget"
        )
        with pytest.raises(Invalid) as refused:
            projects.record_session(
                actor=world.manager, project=project.public_id, held_on=date(2026, 3, 21), minutes=0, topic=" "
            )
    assert set(refused.value.problems) == {"held_on", "minutes", "topic"}
    assert held.topic == "Budget"
    with pytest.raises(NotAllowed):
        projects.record_session(
            actor=world.lead, project=project.public_id, held_on=date(2026, 3, 19), minutes=90, topic="Budget"
        )


def test_another_organisations_project_does_not_exist() -> None:
    world = a_world()
    project = a_running_project(world)
    report = report_of(project, ReportKind.INTERIM)
    for stranger in (world.stranger, world.other_manager):
        with pytest.raises(NotFound):
            reports.save(actor=stranger, report=report.public_id, narrative=ANSWERS, figures={})
        with pytest.raises(NotFound):
            finance.order(actor=stranger, tranche=tranches_of(project)[0].public_id)
        with pytest.raises(NotFound):
            amendments.request(actor=stranger, project=project.public_id, extra_months=1, reason="x")


def test_the_award_in_three_equal_parts_is_stated_to_the_cent() -> None:
    """MN-04: the shares of a call are basis points; the last tranche is what remains."""
    thirds = [
        {"share_bp": 3334, "condition": "agreement_signed"},
        {"share_bp": 3333, "condition": "interim_report_accepted"},
        {"share_bp": 3333, "condition": "final_report_accepted"},
    ]
    project = an_open_project(a_world(tranches=thirds), awarded_cents=10_001)
    assert sum(row.amount_cents for row in tranches_of(project)) == 10_001


def test_an_imported_project_has_a_source_and_no_invented_amount() -> None:
    world = a_world(imported=True)
    project = projects.import_project(
        actor=world.manager,
        call=world.call.public_id,
        values={
            "title": "7e projet",
            "placeholder": True,
            "source": "https://exemple.invalid/liste",
            "sheet": {"leads": [], "territories": [{"side": "here", "code": "", "label": "Hauts-de-France"}]},
        },
    )
    assert (project.awarded_cents, project.application_id, project.places) == (None, None, "|Hauts-de-France|")
