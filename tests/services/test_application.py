"""A file from its first word to the proof of its submission."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from grants import clock
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.domain.budget import Line
from grants.domain.chart import Side
from grants.domain.receipts import fingerprint
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    AuditEntry,
    Call,
    LateAttempt,
    Organisation,
    Promise,
    Snapshot,
)
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import application as applications
from grants.workflow.application import ApplicationState
from tests import builders
from tests.delivery import samples

pytestmark = pytest.mark.db


class Scene:
    """A call, an organisation with its lead and a member, and somebody of another organisation."""

    def __init__(self, **call: object) -> None:
        with transaction() as session:
            self.call: Call = builders.a_call(session, **call)
            self.organisation: Organisation = builders.an_organisation(session)
            self.lead_account: Account = builders.an_account(
                session, role=Role.APPLICANT_LEAD, organisation_id=self.organisation.id
            )
            member = builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=self.organisation.id)
            other = builders.an_organisation(session)
            stranger = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=other.id)
            builders.an_account(session, role=Role.MANAGER, programme_id=self.call.programme_id)
        with reading() as session:
            self.lead = actor_for(session, self.lead_account.id)
            self.member = actor_for(session, member.id)
            self.stranger = actor_for(session, stranger.id)

    def draft(self, **values: object) -> Application:
        with transaction() as session:
            return builders.a_draft(
                session, call=self.call, lead=self.lead_account, organisation=self.organisation, **values
            )

    def begin(self, actor: Actor | None = None) -> Application:
        return applications.start(
            actor=actor or self.member, call=self.call.public_id, organisation=self.organisation.public_id
        )


def read(public_id: str) -> Application:
    with reading() as session:
        return session.scalars(select(Application).where(Application.public_id == public_id)).one()


def codes(refused: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_a_member_begins_a_file_in_an_open_call(database: Engine) -> None:
    begun = Scene().begin()
    assert (begun.state, begun.number, begun.answers) == (ApplicationState.DRAFT, None, {})


def test_nobody_begins_a_file_for_another_organisation(database: Engine) -> None:
    scene = Scene()
    with pytest.raises(NotFound):
        scene.begin(scene.stranger)


@pytest.mark.parametrize(("days", "code"), [((1, 5), "call_open"), ((-5, -1), "before_deadline")])
def test_a_file_begins_between_the_opening_and_the_deadline(database: Engine, days: tuple[int, int], code: str) -> None:
    now = clock.now()
    scene = Scene(opens_at=now + timedelta(days=days[0]), closes_at=now + timedelta(days=days[1]))
    with pytest.raises(NotPossible) as refused:
        scene.begin()
    assert codes(refused) == {code}


def test_answers_are_merged_kept_as_typed_and_mirrored_where_they_can_be_read(database: Engine) -> None:
    scene = Scene()
    begun = scene.begin()
    applications.edit(
        actor=scene.member, application=begun.public_id, answers={"title": "  Pêche   douce ", "starts_on": "bientôt"}
    )
    applications.edit(
        actor=scene.lead, application=begun.public_id, answers={"starts_on": "1er mars 2027", "summary": "a\r\nb"}
    )
    row = read(begun.public_id)
    assert row.answers == {"title": "Pêche douce", "starts_on": "1er mars 2027", "summary": "a\nb"}
    assert (row.title, str(row.starts_on)) == ("Pêche douce", "2027-03-01")


def test_a_text_too_long_is_kept_and_an_unknown_field_is_refused(database: Engine) -> None:
    scene = Scene()
    begun = scene.begin()
    applications.edit(actor=scene.member, application=begun.public_id, answers={"summary": "x" * 1500})
    assert len(read(begun.public_id).answers["summary"]) == 1500
    with pytest.raises(Invalid):
        applications.edit(actor=scene.member, application=begun.public_id, answers={"state": "decided"})


def test_a_stale_page_changes_nothing(database: Engine) -> None:
    scene = Scene()
    begun = scene.begin()
    applications.edit(actor=scene.member, application=begun.public_id, answers={"title": "Un"}, version=begun.version)
    with pytest.raises(Conflict):
        applications.edit(
            actor=scene.lead, application=begun.public_id, answers={"title": "Deux"}, version=begun.version
        )
    assert read(begun.public_id).answers == {"title": "Un"}


def test_partners_territories_and_budget_replace_and_add_up(database: Engine) -> None:
    scene = Scene()
    begun = scene.begin()
    partner = applications.add_partner(
        actor=scene.member, application=begun.public_id, name="Ville", actor_kind="local_authority"
    )
    applications.change_partner(
        actor=scene.member,
        application=begun.public_id,
        partner=partner.public_id,
        name="Ville de Nort",
        actor_kind="local_authority",
    )
    applications.set_territories(
        actor=scene.member, application=begun.public_id, territories=[{"side": "here", "code": "FR", "label": "France"}]
    )
    applications.save_budget(
        actor=scene.member,
        application=begun.public_id,
        lines=[
            Line(Side.EXPENSE, "purchases.supplies", "", 120_000),
            Line(Side.INCOME, "grants.this_fund", "", 80_000),
        ],
    )
    with reading() as session:
        row = session.scalars(select(Application)).one()
        assert [item.name for item in row.partners] == ["Ville de Nort"]
        assert [item.code for item in row.territories] == ["FR"]
        assert (len(row.budget_lines), row.requested_cents) == (2, 80_000)
    applications.remove_partner(actor=scene.member, application=begun.public_id, partner=partner.public_id)
    with reading() as session:
        assert session.scalars(select(Application)).one().partners == []


def test_a_line_outside_the_chart_is_refused(database: Engine) -> None:
    scene = Scene()
    begun = scene.begin()
    with pytest.raises(Invalid):
        applications.save_budget(
            actor=scene.member, application=begun.public_id, lines=[Line(Side.EXPENSE, "grants.region", "", 1)]
        )


def test_a_document_is_looked_at_stored_and_replaced_by_the_next_of_its_kind(database: Engine, tmp_path: Path) -> None:
    scene, store = Scene(), Store(tmp_path / "blobs")
    begun = scene.begin()
    data = samples.pdf()
    for name in ("statuts.pdf", "../statuts 2026.pdf"):
        added = applications.attach(
            actor=scene.member, application=begun.public_id, kind="statutes", filename=name, data=data, store=store
        )
    with reading() as session:
        rows = session.scalars(select(Application)).one().attachments
    assert [(row.filename, row.removed_at is None) for row in rows] == [
        ("statuts.pdf", False),
        ("statuts 2026.pdf", True),
    ]
    assert store.read(added.sha256) == data
    applications.detach(actor=scene.member, application=begun.public_id, attachment=added.public_id)
    with pytest.raises(NotFound):
        applications.detach(actor=scene.member, application=begun.public_id, attachment=added.public_id)


def test_what_is_no_document_leaves_nothing_behind(database: Engine, tmp_path: Path) -> None:
    scene, store = Scene(), Store(tmp_path / "blobs")
    begun = scene.begin()
    with pytest.raises(Invalid) as refused:
        applications.attach(
            actor=scene.member, application=begun.public_id, kind="other", filename="a.pdf", data=b"<html>", store=store
        )
    assert refused.value.problems["file"].code.startswith("file_")
    assert list(store.all()) == []


def test_submitting_numbers_stamps_and_freezes(database: Engine) -> None:
    scene = Scene(edition="2027")
    drafts = [scene.draft(), scene.draft()]
    done = [applications.submit(actor=scene.lead, application=row.public_id) for row in reversed(drafts)]
    assert [row.number for row in done] == ["2027-001", "2027-002"]
    with reading() as session:
        snapshot = session.scalars(select(Snapshot).where(Snapshot.application_id == done[0].id)).one()
        kept = {tuple(row) for row in session.execute(select(Promise.kind, Promise.name))}
        trace = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.submit")).all()
    assert snapshot.sha256 == fingerprint(snapshot.content) == trace[0].body["sha256"]
    assert snapshot.content["answers"]["title"] == builders.ANSWERS["title"]
    assert len(snapshot.content["attachments"]) == 4
    assert kept == {("document", "receipt"), ("mail", "submitted")}
    assert done[0].submitted_at == snapshot.received_at


def test_submitting_twice_is_submitting_once(database: Engine) -> None:
    scene = Scene()
    row = scene.draft()
    first = applications.submit(actor=scene.lead, application=row.public_id)
    again = applications.submit(actor=scene.lead, application=row.public_id)
    assert first.number == again.number
    with reading() as session:
        assert session.scalar(select(func.count(Snapshot.id))) == 1


def test_only_the_lead_submits(database: Engine) -> None:
    scene = Scene()
    row = scene.draft()
    with pytest.raises(NotAllowed):
        applications.submit(actor=scene.member, application=row.public_id)
    with pytest.raises(NotFound):
        applications.submit(actor=scene.stranger, application=row.public_id)


def test_a_file_that_lacks_something_is_refused_with_what_it_lacks(database: Engine) -> None:
    scene = Scene()
    row = scene.draft(answers={**builders.ANSWERS, "summary": ""})
    with pytest.raises(NotPossible) as refused:
        applications.submit(actor=scene.lead, application=row.public_id)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["missing"]) == ("complete", ("project.summary",))


def test_amounts_out_of_bounds_and_membership_are_judged_later(database: Engine) -> None:
    scene = Scene(max_cents=900_000)
    assert applications.submit(actor=scene.lead, application=scene.draft().public_id).number


CLOSES = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)


def test_a_millisecond_decides(database: Engine) -> None:
    scene = Scene(opens_at=CLOSES - timedelta(days=60), closes_at=CLOSES)
    early, late = scene.draft(), scene.draft()
    with clock.frozen(CLOSES - timedelta(milliseconds=1)):
        assert applications.submit(actor=scene.lead, application=early.public_id).submitted_at < CLOSES  # type: ignore[operator]
    with clock.frozen(CLOSES), pytest.raises(NotPossible) as refused:
        applications.submit(actor=scene.lead, application=late.public_id)
    assert codes(refused) == {"before_deadline"}
    with reading() as session:
        attempt = session.scalars(select(LateAttempt)).one()
        row = session.get_one(Application, late.id)
    assert (attempt.attempted_at, attempt.closes_at) == (CLOSES, CLOSES)
    assert (row.state, row.late_attempt_at, row.number) == (ApplicationState.DRAFT, CLOSES, None)


def test_a_late_author_asks_for_a_waiver_once(database: Engine) -> None:
    scene = Scene(opens_at=CLOSES - timedelta(days=60), closes_at=CLOSES)
    row = scene.draft()
    with clock.frozen(CLOSES + timedelta(minutes=7)):
        with pytest.raises(NotPossible):
            applications.ask_waiver(actor=scene.lead, application=row.public_id, reason="Coupure de courant.")
        with pytest.raises(NotPossible):
            applications.submit(actor=scene.lead, application=row.public_id)
        with pytest.raises(Invalid):
            applications.ask_waiver(actor=scene.lead, application=row.public_id, reason="  ")
        applications.ask_waiver(actor=scene.lead, application=row.public_id, reason="Coupure de courant.")
        with pytest.raises(NotPossible) as refused:
            applications.ask_waiver(actor=scene.lead, application=row.public_id, reason="Encore.")
    assert codes(refused) == {"no_waiver_pending"}


def test_a_granted_delay_opens_the_door_again(database: Engine) -> None:
    scene = Scene(opens_at=CLOSES - timedelta(days=60), closes_at=CLOSES)
    row = scene.draft(own_deadline_at=CLOSES + timedelta(days=2))
    with clock.frozen(CLOSES + timedelta(days=1)):
        assert applications.submit(actor=scene.lead, application=row.public_id).number


def test_a_returned_file_opens_only_what_was_named_and_keeps_its_number(database: Engine) -> None:
    scene = Scene()
    row = scene.draft(
        state=ApplicationState.RETURNED,
        number="2027-009",
        submitted_at=clock.now(),
        own_deadline_at=clock.now() + timedelta(days=3),
        return_sections=["project"],
    )
    with pytest.raises(NotPossible) as refused:
        applications.edit(actor=scene.lead, application=row.public_id, answers={"signatory_name": "X"})
    assert codes(refused) == {"section_reopened"}
    applications.edit(actor=scene.lead, application=row.public_id, answers={"summary": "Mieux dit."})
    assert applications.submit(actor=scene.lead, application=row.public_id).number == "2027-009"


def test_what_is_submitted_is_frozen_until_it_is_withdrawn(database: Engine) -> None:
    scene = Scene()
    row = scene.draft()
    applications.submit(actor=scene.lead, application=row.public_id)
    with pytest.raises(NotPossible):
        applications.edit(actor=scene.lead, application=row.public_id, answers={"title": "Autre"})
    assert applications.withdraw(actor=scene.lead, application=row.public_id).state == ApplicationState.WITHDRAWN


def test_a_member_asks_for_the_signature_and_takes_the_file_back(database: Engine) -> None:
    scene = Scene()
    row = scene.draft()
    asked = applications.request_signature(actor=scene.member, application=row.public_id)
    assert asked.state == ApplicationState.AWAITING_SIGNATURE
    with reading() as session:
        mail = session.scalars(select(Promise)).one()
    assert (mail.name, mail.recipient_id) == ("signature-requested", scene.lead.id)
    assert applications.resume_drafting(actor=scene.member, application=row.public_id).state == ApplicationState.DRAFT


def test_files_submitted_at_once_are_numbered_one_after_the_other_in_the_order_of_reception(
    either_database: Engine,
) -> None:
    scene = Scene()
    rows = [scene.draft().public_id for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda row: applications.submit(actor=scene.lead, application=row), rows))
    with reading() as session:
        done = session.scalars(select(Application).order_by(Application.submitted_at)).all()
        assert [row.number for row in done] == [f"2027-{number:03d}" for number in range(1, 9)]
        assert session.scalar(select(func.count(Snapshot.id))) == 8


def test_one_file_submitted_from_two_devices_at_once_has_one_receipt(either_database: Engine) -> None:
    scene = Scene()
    row = scene.draft().public_id
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: applications.submit(actor=scene.lead, application=row), range(4)))
    assert {item.number for item in done} == {"2027-001"}
    with reading() as session:
        assert session.scalar(select(func.count(Snapshot.id))) == 1
