"""The deadline: decided by one clock, exclusive, with its grace; what came too late is kept, and nothing is done twice."""

import json
import subprocess
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from grants import clock
from grants.db import engine, reading, transaction
from grants.domain.receipts import canonical, fingerprint
from grants.errors import ClockSkew, NotPossible
from grants.models import Account, Application, Attachment, AuditEntry, Call, LateAttempt, Promise, Snapshot
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import application, screening
from grants.services.application.signing import Quality, Signature
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
CLOSES = datetime(2026, 12, 7, 11, tzinfo=UTC)


@dataclass
class Scene:
    """A call that closes at CLOSES, and a complete draft of one organisation."""

    call: Call
    manager: Account
    lead: Account
    file: Application


def set_up(**values: object) -> Scene:
    with transaction() as session:
        dates = {"opens_at": CLOSES - timedelta(days=60), "closes_at": CLOSES}
        call = builders.a_call(session, **{**dates, **values})
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        owner = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
        file = builders.a_draft(session, call=call, lead=lead, organisation=owner)
    return Scene(call, manager, lead, file)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def submit(scene: Scene, **more: object) -> Application:
    return application.submit(actor=acting(scene.lead), application=scene.file.public_id, **more)  # type: ignore[arg-type]


def fresh(scene: Scene) -> Application:
    with reading() as session:
        return session.get_one(Application, scene.file.id)


def snapshots(scene: Scene) -> list[Snapshot]:
    with reading() as session:
        return list(
            session.scalars(select(Snapshot).where(Snapshot.application_id == scene.file.id).order_by(Snapshot.rank))
        )


def test_dl_01_a_millisecond_late_is_refused_and_the_attempt_is_kept(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES + timedelta(milliseconds=1)), pytest.raises(NotPossible) as refusal:
        submit(scene)
    assert "before_deadline" in {reason.code for reason in refusal.value.reasons}
    assert (fresh(scene).state, snapshots(scene)) == (ApplicationState.DRAFT, [])
    with reading() as session:
        attempt = session.scalars(select(LateAttempt)).one()
        assert (attempt.attempted_at, attempt.closes_at) == (CLOSES + timedelta(milliseconds=1), CLOSES)


def test_dl_01_a_microsecond_early_is_in_time(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(microseconds=1)):
        assert submit(scene).state == ApplicationState.SUBMITTED
    (kept,) = snapshots(scene)
    assert kept.received_at < CLOSES
    assert kept.content["in_grace"] is False


def test_in_the_seconds_of_grace_a_file_is_accepted_and_flagged(database: object) -> None:
    scene = set_up(grace_seconds=60)
    with clock.frozen(CLOSES + timedelta(seconds=59)):
        submit(scene)
    (kept,) = snapshots(scene)
    assert kept.content["in_grace"] is True
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.submit")).one()
        assert entry.body["in_grace"] is True
    other = set_up(grace_seconds=60)
    with clock.frozen(CLOSES + timedelta(seconds=60)), pytest.raises(NotPossible):
        submit(other)


def test_dl_07_a_deadline_moved_for_all_lets_every_draft_in(database: object) -> None:
    """The outage extension: the call's own date moves, and with it every file; a shorter one closes them as well."""
    scene = set_up()
    with transaction() as session:
        session.get_one(Call, scene.call.id).closes_at = CLOSES + timedelta(hours=6)
    with clock.frozen(CLOSES + timedelta(hours=5)):
        assert submit(scene).state == ApplicationState.SUBMITTED
    other = set_up()
    with transaction() as session:
        session.get_one(Call, other.call.id).closes_at = CLOSES - timedelta(hours=6)
    with clock.frozen(CLOSES - timedelta(hours=5)), pytest.raises(NotPossible):
        submit(other)


def test_dl_08_three_submissions_are_one_receipt_one_number_one_mail(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(hours=1)):
        numbers = {submit(scene).number for _ in range(3)}
    assert len(numbers) == 1
    assert len(snapshots(scene)) == 1
    with reading() as session:
        count = select(func.count(Promise.id)).where(Promise.name == "submitted")
        assert session.scalar(count) == 1


def test_dl_09_what_was_submitted_is_frozen(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(hours=1)):
        submit(scene)
        before = snapshots(scene)[0].sha256
        with pytest.raises(NotPossible):
            application.add_partner(
                actor=acting(scene.lead), application=scene.file.public_id, name="Autre", actor_kind="company"
            )
    kept = snapshots(scene)[0]
    assert kept.sha256 == before == fingerprint(kept.content)


def test_dl_12_a_file_returned_for_mending_has_its_own_date(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(hours=1)):
        submit(scene)
    own = CLOSES + timedelta(days=3)
    with clock.frozen(CLOSES + timedelta(days=1)):
        screening.return_for_correction(
            actor=acting(scene.manager),
            application=scene.file.public_id,
            sections=["project"],
            due_at=own,
            reason="Dates.",
        )
    with clock.frozen(own - timedelta(seconds=1)):
        assert submit(scene).state == ApplicationState.SUBMITTED
    first, second = snapshots(scene)
    assert (first.rank, second.rank, second.content["number"]) == (1, 2, first.content["number"])
    assert second.received_at > CLOSES
    assert second.content["in_grace"] is False
    with reading() as session:  # the exception, with who approved it
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "screening.return")).one()
        assert (entry.actor, entry.body["due_at"]) == (scene.manager.public_id, own.isoformat())


def test_dl_12_its_own_date_is_exclusive_as_well(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(hours=1)):
        submit(scene)
    own = CLOSES + timedelta(days=3)
    with clock.frozen(CLOSES + timedelta(days=1)):
        screening.return_for_correction(
            actor=acting(scene.manager),
            application=scene.file.public_id,
            sections=["project"],
            due_at=own,
            reason="Dates.",
        )
    with clock.frozen(own), pytest.raises(NotPossible):
        submit(scene)
    assert fresh(scene).late_attempt_at == own


def test_a_delegate_signs_with_a_power_and_both_are_on_the_proof(database: object) -> None:
    scene = set_up()
    delegate = Signature(Quality.DELEGATE, "Oumou Sarr", "Directrice")
    with clock.frozen(CLOSES - timedelta(hours=1)):
        with pytest.raises(NotPossible) as refusal:
            submit(scene, signature=delegate)
        assert [reason.code for reason in refusal.value.reasons] == ["power_attached"]
        with transaction() as session:
            session.add(
                Attachment(
                    application_id=scene.file.id,
                    kind="power",
                    filename="pouvoir.pdf",
                    media_type="application/pdf",
                    size=10,
                    sha256="a" * 64,
                    added_by_id=scene.lead.id,
                    added_at=CLOSES - timedelta(hours=2),
                )
            )
        submit(scene, signature=delegate)
    (kept,) = snapshots(scene)
    assert kept.content["signature"] == {
        "quality": "delegate",
        "name": "Oumou Sarr",
        "function": "Directrice",
        "account": scene.lead.public_id,
    }


def test_a_withdrawal_is_undone_until_the_call_closes(database: object) -> None:
    scene = set_up()
    lead = acting(scene.lead)
    with clock.frozen(CLOSES - timedelta(hours=2)):
        application.withdraw(actor=lead, application=scene.file.public_id)
        assert application.undo_withdrawal(actor=lead, application=scene.file.public_id).state == ApplicationState.DRAFT
        number = submit(scene).number
        application.withdraw(actor=lead, application=scene.file.public_id)
        again = application.undo_withdrawal(actor=lead, application=scene.file.public_id)
        assert (again.state, again.number) == (ApplicationState.SUBMITTED, number)
        application.withdraw(actor=lead, application=scene.file.public_id)
    with clock.frozen(CLOSES), pytest.raises(NotPossible) as refusal:
        application.undo_withdrawal(actor=lead, application=scene.file.public_id)
    assert [reason.code for reason in refusal.value.reasons] == ["before_deadline"]


def test_anyone_recomputes_the_fingerprint_with_ordinary_tools(database: object) -> None:
    scene = set_up()
    with clock.frozen(CLOSES - timedelta(hours=1)):
        submit(scene)
    (kept,) = snapshots(scene)
    exported = canonical(kept.content)
    tool = subprocess.run(["sha256sum"], input=exported, capture_output=True, check=True)
    assert tool.stdout.split()[0].decode() == kept.sha256
    indented = json.dumps(json.loads(exported), indent=2)
    plain = json.dumps(json.loads(indented), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert plain.encode() == exported


def test_dl_05_the_instant_that_counts_is_read_after_the_lock(on_postgres: object) -> None:
    """A submission that begins in time and waits for a lock until after the closing is late, whatever its beginning."""
    now = clock.now()
    scene = set_up(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    answers: list[str] = []

    def run() -> None:
        try:
            submit(scene)
        except NotPossible as refused:
            answers.extend(reason.code for reason in refused.reasons)
        else:
            answers.append("received")

    with transaction() as session:
        session.execute(select(Call).where(Call.id == scene.call.id).with_for_update())
        waiting = threading.Thread(target=run)
        waiting.start()  # begun while the call was open
        time.sleep(0.8)
        session.get_one(Call, scene.call.id).closes_at = clock.now()
    waiting.join()
    assert "before_deadline" in answers
    assert snapshots(scene) == []


def test_dl_11_when_the_two_clocks_disagree_nothing_is_decided(database: Engine) -> None:
    """The database's clock is two hours away: no submission, no attempt, no early closing."""
    scene = set_up(opens_at=clock.now() - timedelta(days=1), closes_at=clock.now() + timedelta(hours=1))

    def away(statement: str) -> str:
        return (
            statement.replace("'now'", "'now', '+2 hours'")
            if "strftime('%Y-%m-%dT%H:%M:%f'" in statement
            else statement
        )

    @event.listens_for(engine(), "before_cursor_execute", retval=True)
    def shifted(_c: object, _cur: object, statement: str, parameters: object, *_rest: object) -> tuple[str, object]:
        return away(statement), parameters

    try:
        with pytest.raises(ClockSkew):
            submit(scene)
    finally:
        event.remove(engine(), "before_cursor_execute", shifted)
    assert fresh(scene).state == ApplicationState.DRAFT
    with reading() as session:
        assert session.scalar(select(func.count(LateAttempt.id))) == 0
    assert submit(scene).state == ApplicationState.SUBMITTED  # the clocks agree again
    (kept,) = snapshots(scene)
    with reading() as session:
        before = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert before is not None
    assert kept.received_at <= before.at
