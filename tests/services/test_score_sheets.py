"""Sheets that come back, on both databases: compared with what stands, taken whole or not at all."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.domain.asking import print_of
from grants.domain.score_sheets import Since
from grants.errors import Conflict, Invalid, NotFound, NotPossible
from grants.models import Account, AuditEntry, Call, Review
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.queries.score_sheets import fields_of
from grants.services import review as writing
from grants.services import score_sheets
from grants.services.score_sheets import Accepted, Offered
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("either_database")]
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
EMPTY = print_of("")
FULL = {f"mark:{key}": "3,5" for key in KEYS}


@dataclass
class Scene:
    call: Call
    reader: Account
    reviews: list[Review]

    @property
    def actor(self) -> Actor:
        with reading() as session:
            return actor_for(session, self.reader.id)

    def accept(self, **accepted: Accepted) -> score_sheets.Taken:
        named = {self.reviews[int(rank[1:])].public_id: one for rank, one in accepted.items()}
        return score_sheets.take(actor=self.actor, call=self.call.slug, accepted=named)

    def kept(self) -> list[tuple[str, dict[str, str]]]:
        with reading() as session:
            call = session.get_one(Call, self.call.id)
            rows = session.scalars(select(Review).order_by(Review.id))
            return [(str(row.state), dict(fields_of(row, call))) for row in rows]


@pytest.fixture
def scene() -> Scene:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1))
        reader = builders.an_account(session, role=Role.REVIEWER, call_id=call.id)
        reviews = []
        for _ in range(2):
            file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
            builders.an_interest(session, application=file, account=reader)
            reviews.append(builders.a_review(session, application=file, reviewer=reader))
    return Scene(call, reader, reviews)


def test_drafts_and_given_reviews_are_written_together(scene: Scene) -> None:
    stood = dict.fromkeys(FULL, EMPTY)
    done = scene.accept(_0=Accepted(FULL, stood, give=True), _1=Accepted({"opinion": "Oui."}, {"opinion": EMPTY}))
    assert (done.saved, done.given) == (2, 1)
    assert scene.kept() == [("given", FULL), ("draft", {"opinion": "Oui."})]
    with reading() as session:
        trail = session.execute(select(AuditEntry.action, AuditEntry.body).order_by(AuditEntry.seq)).all()
    assert [(action, body["from_sheet"]) for action, body in trail] == [("review.score", True), ("review.save", True)]


def test_nothing_is_written_when_one_of_them_cannot_be(scene: Scene) -> None:
    before = scene.kept()
    with pytest.raises(Invalid):
        scene.accept(_0=Accepted(FULL, {}, give=True), _1=Accepted({"mark:C1": "3"}, {}, give=True))
    with pytest.raises(Invalid):
        scene.accept(_0=Accepted(FULL, {}), _1=Accepted({"mark:C1": "7"}, {}))
    with pytest.raises(Conflict):
        scene.accept(_0=Accepted(FULL, {}), _1=Accepted({"opinion": "Oui."}, {"opinion": print_of("Autre.")}))
    writing.score(actor=scene.actor, review=scene.reviews[1].public_id, marks=dict.fromkeys(KEYS, 6), comments={})
    with pytest.raises(NotPossible) as refused:
        scene.accept(_0=Accepted(FULL, {}), _1=Accepted({"opinion": "Oui."}, {}))
    assert [reason.code for reason in refused.value.reasons] == ["sheet_given"]
    assert scene.kept()[0] == before[0]


def test_accepting_nothing_writes_nothing(scene: Scene) -> None:
    with reading() as session:
        version = session.get_one(Review, scene.reviews[0].id).version
    assert scene.accept(_0=Accepted({}, {"opinion": EMPTY}), _1=Accepted({"mark:C1": ""}, {})).saved == 0
    with reading() as session:
        assert session.get_one(Review, scene.reviews[0].id).version == version
        assert session.scalars(select(AuditEntry)).all() == []


def test_what_a_sheet_would_change_is_told_against_what_stands_now(scene: Scene) -> None:
    public_id = scene.reviews[0].public_id
    writing.save(actor=scene.actor, review=public_id, marks={"C1": 8}, comments={}, opinion="Ici.")
    offer = Offered("2027-001", {}, {"mark:C1": "3", "mark:C2": "4", "opinion": "Ici.", "unknown": "x"})
    found = score_sheets.offered(actor=scene.actor, call=scene.call.slug, offers={public_id: offer})
    told = {change.field: (change.here, change.brought, change.since) for change in found.files[0].changes}
    assert told == {"mark:C1": ("4", "3", Since.BOTH), "mark:C2": ("", "4", Since.SHEET)}
    assert not found.files[0].ready


def test_who_left_the_committee_brings_nothing_back(scene: Scene) -> None:
    with transaction() as session:
        stranger = builders.an_account(session)
    with reading() as session:
        actor = actor_for(session, stranger.id)
    with pytest.raises(NotFound):
        score_sheets.offered(actor=actor, call=scene.call.slug, offers={})
    with pytest.raises(NotFound):
        score_sheets.take(actor=actor, call=scene.call.slug, accepted={})
