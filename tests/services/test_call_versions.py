"""Versions of a call: written as a whole, frozen when published, amended with a reason; drafts follow, deposits stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.domain.terms import moment_words
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, AuditEntry, Call, Organisation, Promise
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.queries.scores import scores_of
from grants.queries.terms import document_of, draft_of, terms_of, versions_of
from grants.services import call as calls
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

CRITERIA = [{"key": "C1", "name": "Un", "weight": 60}, {"key": "C2", "name": "Deux", "weight": 40}]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Round:
    """A published call of a programme, its manager, and what can be done to it."""

    def __init__(self) -> None:
        with transaction() as session:
            programme = builders.a_programme(session)
            manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
            other = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
            self.holder = builders.an_organisation(session)
            self.lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=self.holder.id)
            self.member = builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=self.holder.id)
        self.manager, self.stranger = self._actor(manager), self._actor(other)
        self.call = calls.draft(
            actor=self.manager,
            programme=programme.public_id,
            values={
                "slug": "appel",
                "title": "Appel",
                "edition": "2027",
                "kind": "open",
                "opens_at": clock.now() - timedelta(days=1),
                "closes_at": clock.now() + timedelta(days=10),
                "tranches": [{"share_bp": 10_000, "condition": "agreement_signed"}],
            },
            criteria=CRITERIA,
            envelope_cents=10_000_000,
        )
        calls.publish(actor=self.manager, call=self.call.public_id)

    @staticmethod
    def _actor(account: Account) -> Actor:
        with reading() as session:
            return actor_for(session, account.id)

    def file(self, **values: Any) -> Application:
        with transaction() as session:
            holder = session.get_one(Organisation, self.holder.id)
            call = session.get_one(Call, self.call.id)
            return builders.a_draft(session, call=call, lead=self.lead, organisation=holder, **values)

    def document(self) -> dict[str, Any]:
        with reading() as session:
            call = session.get_one(Call, self.call.id)
            return document_of(session, call, draft_of(session, call))

    def amended(self, change: dict[str, Any], reason: str = "Une précision.") -> Call:
        """The call after an amendment that replaces these parts of its document."""
        calls.begin_amendment(actor=self.manager, call=self.call.public_id)
        calls.save(actor=self.manager, call=self.call.public_id, document=self.document() | change)
        return calls.amend(actor=self.manager, call=self.call.public_id, reason=reason)

    def renamed_question(self, key: str, label: str) -> dict[str, Any]:
        form = self.document()["form"]
        for section in form["sections"]:
            for field in section.get("fields", []):
                if field["key"] == key:
                    field["label"] = label
        return {"form": form}

    def mails(self) -> list[Promise]:
        with reading() as session:
            return list(session.scalars(select(Promise).where(Promise.name == "call-amended").order_by(Promise.id)))


def stored(model: type[Any], row: Any) -> Any:
    with reading() as session:
        return session.get_one(model, row.id)


@pytest.fixture
def round_() -> Round:
    return Round()


def refusals(caught: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


def test_what_is_published_is_frozen_and_a_modification_is_another_version(round_: Round) -> None:
    before = stored(Call, round_.call).terms_sha256
    round_.amended(round_.renamed_question("title", "Nom du projet"))
    with reading() as session:
        call = session.get_one(Call, round_.call.id)
        assert [one.rank for one in versions_of(session, call)] == [2, 1]
        assert call.terms_sha256 != before
        assert versions_of(session, call)[1].sha256 == before


def test_drafts_follow_the_new_text_and_keep_every_answer(round_: Round) -> None:
    file = round_.file()
    before = stored(Call, round_.call).terms_sha256
    form = round_.document()["form"]
    for section in form["sections"]:
        section["fields"] = [one for one in section.get("fields", []) if one["key"] != "theme"]
    round_.amended({"form": form})
    moved = stored(Application, file)
    assert (moved.terms_sha256, moved.moved_from_sha256) == (stored(Call, round_.call).terms_sha256, before)
    assert moved.answers["theme"] == "Alimentation"
    assert moved.version == file.version
    with reading() as session:
        assert terms_of(session.get_one(Application, file.id)).form.field("theme") is None


def test_the_team_of_each_draft_is_mailed_once_with_the_reason_and_what_changed(round_: Round) -> None:
    round_.file()
    round_.amended(round_.renamed_question("title", "Nom du projet"), "Le mot était ambigu.")
    assert {mail.recipient_id for mail in round_.mails()} == {round_.lead.id, round_.member.id}
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.move")).one()
    assert entry.body["reason"] == "Le mot était ambigu."
    assert [(one["part"], one["how"], one["subject"]) for one in entry.body["changes"]] == [
        ("form", "changed", "Nom du projet")
    ]


def test_two_amendments_not_yet_seen_are_told_from_the_oldest_text(round_: Round) -> None:
    file = round_.file()
    first = stored(Call, round_.call).terms_sha256
    round_.amended(round_.renamed_question("title", "Nom du projet"))
    round_.amended(round_.renamed_question("theme", "Sujet"))
    assert stored(Application, file).moved_from_sha256 == first


@pytest.mark.parametrize("state", [ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.IN_REVIEW])
def test_what_was_deposited_keeps_its_version_and_gets_no_mail(round_: Round, state: ApplicationState) -> None:
    file = round_.file(state=state)
    before = stored(Call, round_.call).terms_sha256
    round_.amended(round_.renamed_question("title", "Nom du projet"))
    kept = stored(Application, file)
    assert (kept.terms_sha256, kept.moved_from_sha256) == (before, "")
    assert round_.mails() == []


def test_an_amendment_without_a_reason_changes_nothing(round_: Round) -> None:
    round_.file()
    with pytest.raises(NotPossible) as caught:
        round_.amended(round_.renamed_question("title", "Nom du projet"), "  ")
    assert refusals(caught) == {"reason_given"}
    assert round_.mails() == []
    with reading() as session:
        assert draft_of(session, session.get_one(Call, round_.call.id)) is not None


def test_dl_07_the_deadline_is_moved_for_everybody_with_a_reason_and_the_old_one_stays_in_history(
    round_: Round,
) -> None:
    file = round_.file()
    old = stored(Call, round_.call).closes_at
    later = old + timedelta(days=2)
    calls.prolong(actor=round_.manager, call=round_.call.public_id, closes_at=later, reason="Panne de quatre heures.")
    assert stored(Call, round_.call).closes_at == later
    assert len(round_.mails()) == 2
    with reading() as session:
        history = versions_of(session, session.get_one(Call, round_.call.id))
        assert history[0].reason == "Panne de quatre heures."
        entry = session.scalars(select(AuditEntry).where(AuditEntry.object == f"application:{file.public_id}")).one()
    assert entry.body["changes"] == [
        {
            "part": "dates",
            "how": "changed",
            "subject": "closes_at",
            "what": "",
            "before": moment_words(old),
            "after": moment_words(later),
        }
    ]


def test_dl_07_a_deadline_cannot_be_moved_into_the_past(round_: Round) -> None:
    old = stored(Call, round_.call).closes_at
    with pytest.raises(NotPossible) as caught:
        calls.prolong(
            actor=round_.manager,
            call=round_.call.public_id,
            closes_at=clock.now() - timedelta(minutes=1),
            reason="Plus court.",
        )
    assert refusals(caught) == {"deadline_ahead"}
    assert stored(Call, round_.call).closes_at == old
    with reading() as session:
        assert len(versions_of(session, session.get_one(Call, round_.call.id))) == 1


def test_dl_07_a_shorter_deadline_that_is_still_ahead_is_told_to_every_draft(round_: Round) -> None:
    round_.file()
    sooner = stored(Call, round_.call).closes_at - timedelta(days=3)
    calls.prolong(actor=round_.manager, call=round_.call.public_id, closes_at=sooner, reason="Accord des bailleurs.")
    assert stored(Call, round_.call).closes_at == sooner
    assert len(round_.mails()) == 2


def test_more_time_does_not_publish_what_is_being_written(round_: Round) -> None:
    calls.begin_amendment(actor=round_.manager, call=round_.call.public_id)
    calls.save(
        actor=round_.manager,
        call=round_.call.public_id,
        document=round_.document() | round_.renamed_question("title", "Nom du projet"),
    )
    later = stored(Call, round_.call).closes_at + timedelta(days=1)
    calls.prolong(actor=round_.manager, call=round_.call.public_id, closes_at=later, reason="Panne.")
    with reading() as session:
        call = session.get_one(Call, round_.call.id)
        field = terms_of(call).form.field("title")
        assert field is not None
        assert field.label == "Titre du projet"
    assert round_.document()["call"]["closes_at"] == moment_words(later)
    assert calls.amend(actor=round_.manager, call=round_.call.public_id, reason="Le mot.").closes_at == later


def test_the_envelope_does_not_go_below_what_is_committed(round_: Round) -> None:
    with transaction() as session:
        call = session.get_one(Call, round_.call.id)
        assert call.envelope is not None
        call.envelope.committed_cents = 5_000_000
    with pytest.raises(NotPossible) as caught:
        round_.amended({"envelope": {"currency": "EUR", "total_cents": 4_000_000}})
    assert refusals(caught) == {"envelope_covers_awards"}


def test_criteria_do_not_change_once_a_review_is_assigned_but_their_words_may(round_: Round) -> None:
    file = round_.file(state=ApplicationState.IN_REVIEW)
    with transaction() as session:
        reviewer = builders.an_account(session, role=Role.REVIEWER, call_id=round_.call.id)
        builders.a_review(session, application=session.get_one(Application, file.id), reviewer=reviewer)
    other = [{**CRITERIA[0], "weight": 50}, {**CRITERIA[1], "weight": 50}]
    with pytest.raises(NotPossible) as caught:
        round_.amended({"criteria": other})
    assert refusals(caught) == {"rubric_kept_while_read"}
    said = [{**CRITERIA[0], "question": "Est-ce juste ?"}, CRITERIA[1]]
    assert [one.question for one in round_.amended({"criteria": said}).criteria] == ["Est-ce juste ?", ""]


@pytest.mark.parametrize(
    "change",
    [
        {"criteria": [{**CRITERIA[0], "weight": 50}, {**CRITERIA[1], "weight": 50}]},
        {"criteria": [CRITERIA[0], {**CRITERIA[1], "optional": True}]},
        {"criteria": [CRITERIA[0], {**CRITERIA[1], "minimum_half_points": 5}]},
        {"criteria": [{**CRITERIA[0], "weight": 100}]},
        {"others_reviews": "always"},
        {"blind": "selection"},
    ],
    ids=["weights", "what may not apply", "a minimum", "one less", "who reads the others", "who knows who applies"],
)
def test_rv_13_after_the_first_given_review_no_weight_changes_and_no_total_moves(
    round_: Round, change: dict[str, Any]
) -> None:
    file = round_.file(state=ApplicationState.IN_REVIEW)
    with transaction() as session:
        reviewer = builders.an_account(session, role=Role.REVIEWER, call_id=round_.call.id)
        builders.a_review(session, application=session.get_one(Application, file.id), reviewer=reviewer, halves=7)

    def totals() -> dict[int, Any]:
        with reading() as session:
            return scores_of(session, session.get_one(Call, round_.call.id)).totals

    before = totals()
    if "criteria" not in change:
        change = {"call": {**round_.document()["call"], **change}}
    with pytest.raises(NotPossible) as caught:
        round_.amended(change)
    assert refusals(caught) == {"rubric_kept_while_read"}
    assert totals() == before == {file.id: (70,)}


def test_what_a_new_version_says_no_more_of_a_criterion_is_gone(round_: Round) -> None:
    said = [{**CRITERIA[0], "minimum_half_points": 5, "optional": True, "question": "Est-ce juste ?"}, CRITERIA[1]]
    one = round_.amended({"criteria": said}).criteria[0]
    assert (one.minimum_half_points, one.optional, one.question) == (5, True, "Est-ce juste ?")
    one = round_.amended({"criteria": CRITERIA}).criteria[0]
    assert (one.minimum_half_points, one.optional, one.question) == (None, False, "")


def test_before_anybody_reads_criteria_may_be_replaced(round_: Round) -> None:
    assert [one.key for one in round_.amended({"criteria": [{**CRITERIA[1], "weight": 100}]}).criteria] == ["C2"]


def test_kind_and_chart_stay_once_published(round_: Round) -> None:
    call = round_.document()["call"]
    with pytest.raises(NotPossible) as caught:
        round_.amended({"call": {**call, "kind": "prize", "chart": "by-activity-1"}})
    assert refusals(caught) == {"kind_kept", "chart_kept"}


def test_a_draft_that_contradicts_itself_is_refused_by_its_place(round_: Round) -> None:
    calls.begin_amendment(actor=round_.manager, call=round_.call.public_id)
    document = round_.document()
    document["call"] |= {"min_cents": 500, "max_cents": 400, "closes_at": document["call"]["opens_at"]}
    document["criteria"] = [{"key": "C1", "name": "", "weight": 0}]
    with pytest.raises(Invalid) as caught:
        calls.save(actor=round_.manager, call=round_.call.public_id, document=document)
    assert set(caught.value.problems) == {
        "call.max_cents",
        "call.closes_at",
        "criteria.0.weight",
        "criteria.0.name",
    }


def test_two_who_save_at_once_do_not_lose_each_other(round_: Round) -> None:
    begun = calls.begin_amendment(actor=round_.manager, call=round_.call.public_id)
    document = round_.document()
    calls.save(
        actor=round_.manager, call=round_.call.public_id, document=document | {"letters": {}}, version=begun.version
    )
    with pytest.raises(Conflict):
        calls.save(actor=round_.manager, call=round_.call.public_id, document=document, version=begun.version)


def test_another_programme_may_not_know_amend_prolong_or_copy(round_: Round) -> None:
    round_.amended({})
    with pytest.raises((NotAllowed, NotFound)):
        calls.begin_amendment(actor=round_.stranger, call=round_.call.public_id)
    with pytest.raises((NotAllowed, NotFound)):
        calls.amend(actor=round_.stranger, call=round_.call.public_id, reason="Non.")
    with pytest.raises((NotAllowed, NotFound)):
        calls.prolong(actor=round_.stranger, call=round_.call.public_id, closes_at=clock.now(), reason="Non.")
    with pytest.raises((NotAllowed, NotFound)):
        calls.clone(
            actor=round_.stranger, call=round_.call.public_id, title="Non", edition="2028", slug="non", later=False
        )


def test_the_next_edition_has_everything_but_the_dates(round_: Round) -> None:
    made = calls.clone(
        actor=round_.manager,
        call=round_.call.public_id,
        title="Appel 2028",
        edition="2028",
        slug="appel-2028",
        later=False,
    )
    assert (made.state, made.opens_at, made.closes_at, made.edition) == ("draft", None, None, "2028")
    assert [one.key for one in made.criteria] == ["C1", "C2"]


def test_a_year_later_is_the_same_hour_on_the_wall(round_: Round) -> None:
    round_.amended(
        {"call": {**round_.document()["call"], "committee_at": "2027-06-10T07:30:00Z", "board_on": "2028-02-29"}}
    )
    made = calls.clone(
        actor=round_.manager,
        call=round_.call.public_id,
        title="Appel 2028",
        edition="2028",
        slug="appel-2028",
        later=True,
    )
    assert made.committee_at == datetime(2028, 6, 10, 7, 30, tzinfo=UTC)
    assert str(made.board_on) == "2029-02-28"


def test_an_address_belongs_to_one_call(round_: Round) -> None:
    with pytest.raises(Invalid) as caught:
        calls.clone(
            actor=round_.manager, call=round_.call.public_id, title="Appel", edition="2028", slug="appel", later=False
        )
    assert set(caught.value.problems) == {"slug"}
