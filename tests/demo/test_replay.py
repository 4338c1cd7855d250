"""What the pages of the demonstration stand on: everything happened through the services, on its day."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import clock
from grants.delivery.files import Store
from grants.demo.calls import PARIS
from grants.demo.replay import ENDING, set_clock
from grants.domain.milestones import days_late
from grants.models import (
    Account,
    Amendment,
    Application,
    AuditEntry,
    Call,
    Decision,
    Document,
    Interest,
    LateAttempt,
    Payment,
    Project,
    Promise,
    Report,
    Review,
    SupportSession,
    Tranche,
    Waiver,
)
from grants.queries import doctor
from grants.services.lifecycle import sealed_part

pytestmark = [pytest.mark.db, pytest.mark.slow]


def files(session: Session, edition: str) -> list[Application]:
    query = select(Application).join(Application.call).where(Call.edition == edition)
    return list(session.scalars(query.order_by(Application.number, Application.id)))


def held_by(session: Session, name: str) -> Project:
    return session.scalars(select(Project).join(Project.organisation).where(Project.organisation.has(name=name))).one()


def local(at: datetime | None) -> str:
    assert at is not None
    return f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}"


def test_the_funnel_of_2026_is_that_of_the_table(network: Session) -> None:
    states = Counter(str(file.state) for file in files(network, "2026"))
    assert states == {"decided": 21, "draft": 5, "inadmissible": 1, "ineligible": 2}
    submitted = [file for file in files(network, "2026") if file.submitted_at is not None]
    assert len(submitted) == 23
    assert [file.number for file in submitted] == [f"2026-{number:03}" for number in range(1, 24)]
    assert sum(file.requested_cents for file in submitted[:21]) == 28_630_000


def test_the_open_call_has_come_as_far_as_its_files(network: Session) -> None:
    states = Counter(str(file.state) for file in files(network, "2027"))
    assert states == {"draft": 9, "submitted": 3, "awaiting_signature": 1, "withdrawn": 1}


def test_a24_came_seven_minutes_late_and_its_waiver_was_refused(network: Session) -> None:
    attempt = network.scalars(select(LateAttempt)).one()
    waiver = network.scalars(select(Waiver)).one()
    file = network.get_one(Application, attempt.application_id)
    assert local(attempt.attempted_at) == "2025-11-03 12:07"
    assert (waiver.granted, local(waiver.answered_at)[:10]) == (False, "2025-11-12")
    assert (file.number, file.submitted_at, str(file.state)) == (None, None, "inadmissible")
    letter = select(Document).where(Document.subject == f"application:{file.public_id}")
    assert network.scalars(letter).one().kind == "inadmissible"


def test_six_members_were_recused_and_sixty_three_reviews_given(network: Session) -> None:
    assert network.scalar(select(func.count(Review.id)).where(Review.state == "given")) == 63
    assert network.scalar(select(func.count(Interest.id)).where(Interest.stand == "conflict")) == 6
    given = network.scalars(select(Review.given_at)).all()
    assert local(min(at for at in given if at)) > "2025-11-14 16:00"
    assert local(max(at for at in given if at)) < "2025-12-05 18:00"


def test_the_letters_left_on_19_december_and_awards_use_the_envelope(network: Session) -> None:
    decisions = network.scalars(select(Decision)).all()
    assert Counter(str(row.outcome) for row in decisions) == {
        "awarded": 6,
        "awarded_with_conditions": 1,
        "reserve": 3,
        "rejected": 11,
    }
    assert sum(row.awarded_cents for row in decisions) == 10_500_000
    assert {local(row.released_at) for row in decisions} == {"2025-12-19 10:00"}
    assert Counter(row.reason_code for row in decisions if str(row.outcome) == "rejected") == {
        "envelope_exhausted": 2,
        "below_threshold": 4,
        "below_minimum": 5,
    }
    assert network.scalar(select(func.count(Document.id)).where(Document.kind == "decision-letter")) == 21


PAID = {
    "Association Bocage Accueil": (1_550_000, "closed", 6, date(2026, 8, 31)),
    "Graines Communes": (1_440_000, "active", 12, date(2027, 2, 28)),
    "Ouest Coopérations": (1_350_000, "active", 9, date(2026, 11, 30)),
    "Union Formation Solidaire": (1_305_000, "active", 10, date(2026, 12, 31)),
    "Institut des Territoires Liés": (870_000, "active", 12, date(2027, 2, 28)),
    "Passerelles Diasporas": (900_000, "active", 12, date(2027, 2, 28)),
    "Ville & Vivres": (1_305_000, "reporting", 8, date(2026, 10, 31)),
}


def test_what_was_paid_is_what_the_table_says(network: Session) -> None:
    for name, (cents, state, months, ends_on) in PAID.items():
        held = held_by(network, name)
        query = select(func.sum(Payment.amount_cents)).join(Tranche, Tranche.id == Payment.tranche_id)
        assert network.scalar(query.where(Tranche.project_id == held.id)) == cents, name
        assert (str(held.state), held.months, held.ends_on) == (state, months, ends_on), name
    assert network.scalar(select(func.sum(Payment.amount_cents))) == 8_720_000


def test_payments_were_made_on_their_days(network: Session) -> None:
    days = Counter(network.scalars(select(Payment.paid_on)).all())
    assert days == {
        date(2026, 3, 17): 7,
        date(2026, 7, 10): 1,
        date(2026, 8, 10): 1,
        date(2026, 8, 25): 1,
        date(2026, 9, 25): 1,
        date(2026, 10, 9): 1,
        date(2026, 11, 13): 1,
    }


def test_one_report_is_late_and_one_went_back(network: Session) -> None:
    late, back = held_by(network, "Institut des Territoires Liés"), held_by(network, "Passerelles Diasporas")
    interim = select(Report).where(Report.kind == "interim")
    waited = network.scalars(interim.where(Report.project_id == late.id)).one()
    assert (str(waited.state), days_late(waited.due_on, ENDING.date())) == ("expected", 67)
    assert str(network.scalars(interim.where(Report.project_id == back.id)).one().state) == "changes_requested"
    assert network.scalar(select(func.count()).where(SupportSession.project_id == back.id)) == 4


def test_a03_asks_for_two_months_and_a07_overspent_one_heading(network: Session) -> None:
    asked = network.scalars(select(Amendment)).one()
    assert (asked.project_id, asked.extra_months) == (held_by(network, "Ouest Coopérations").id, 2)
    assert (str(asked.state), asked.new_end_on) == ("requested", date(2027, 1, 31))
    told = network.scalars(
        select(Report).where(Report.project_id == held_by(network, "Ville & Vivres").id, Report.kind == "interim")
    ).one()
    heading = told.figures["other_services"]
    assert heading["spent_cents"] * 100 == heading["budgeted_cents"] * 118


def test_every_promise_was_kept_within_a_minute(network: Session) -> None:
    promises = network.scalars(select(Promise)).all()
    assert {str(promise.state) for promise in promises} == {"sent"}
    assert max(promise.kept_at - promise.made_at for promise in promises if promise.kept_at).total_seconds() < 60


def test_the_trail_walks_forward_from_september_2025_to_the_present(network: Session) -> None:
    times = network.scalars(select(AuditEntry.at).order_by(AuditEntry.seq)).all()
    assert list(times) == sorted(times)
    assert times[0] == datetime(2025, 9, 1, 7, 0, tzinfo=UTC)
    assert times[-1] < ENDING


def test_seven_real_projects_stand_beside_the_invented_ones_without_any_amount(network: Session) -> None:
    told = network.scalars(select(Project).where(Project.imported)).all()
    assert len(told) == 7
    assert {row.awarded_cents for row in told} == {None}
    assert sum(row.placeholder for row in told) == 1
    assert all(row.source for row in told)


def test_nobody_invented_has_a_real_address(network: Session) -> None:
    assert all(email.endswith("exemple.invalid") for email in network.scalars(select(Account.email)))


def test_the_doctor_finds_nothing(network: Session, lived: Path) -> None:
    ward = doctor.Ward(store=Store(lived / "blobs"), now=ENDING, sealed=sealed_part)
    assert [finding for finding in doctor.examine(network, ward) if not finding.ok] == []


def test_the_day_of_the_demonstration_is_now_and_stays_so_for_the_next_start(tmp_path: Path) -> None:
    try:
        seconds = set_clock(tmp_path)
        assert abs((clock.now() - ENDING).total_seconds()) < 5
        assert (tmp_path / "clock-offset").read_text(encoding="ascii") == f"{seconds}\n"
    finally:
        clock.set_offset(0)
