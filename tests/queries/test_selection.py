"""The ranking: the committee's figures, without the files a reader is recused from, quickly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Engine, event, insert, select

from grants import clock
from grants.db import reading, transaction
from grants.models import Application, Criterion, Interest, Mark, Review
from grants.models.keys import new_public_id
from grants.policies import Role
from grants.queries import selection
from grants.queries.account import actor_for
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = pytest.mark.db
EXAMPLE = json.loads((Path(__file__).parent.parent / "domain" / "data" / "demo_caac.json").read_text())


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_worked_example_is_ranked_as_it_was_decided(database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(session, envelope_cents=10_500_000)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        people = {f"R{n}": builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for n in range(1, 7)}
        criteria = {row.key: row.id for row in session.scalars(select(Criterion).where(Criterion.call_id == call.id))}
        scored = [row for row in EXAMPLE["results"] if row.get("totals")]
        files = {
            row["id"]: builders.an_application(
                session,
                call=call,
                state=ApplicationState.IN_REVIEW,
                title=row["id"],
                requested_cents=row["requested"] * 100,
            )
            for row in scored
        }
        for sheet in EXAMPLE["reviews"]:
            review = builders.a_review(
                session,
                application=files[sheet["app"]],
                reviewer=people[sheet["reviewer"]],
                state=ReviewState.GIVEN,
                given_at=clock.now(),
            )
            session.add_all(
                Mark(review_id=review.id, criterion_id=criteria[key], half_points=round(2 * mark))
                for key, mark in sheet["notes"].items()
            )
        for title, file in files.items():
            stand = "conflict" if title == "A02" else "free"
            builders.an_interest(session, application=file, account=people["R2"], stand=stand)
    with reading() as session:
        whole = selection.board(session, actor_for(session, manager.id), selection.call_for_ranking(session, call.id))
        recused = selection.board(
            session, actor_for(session, people["R2"].id), selection.call_for_ranking(session, call.id)
        )
    assert [place.file.title for place in whole.places] == [
        row["id"] for row in sorted(scored, key=lambda r: r["rank"])
    ]
    assert [place.ranked.mean for place in whole.places] == [
        Fraction(str(row["mean"])) for row in sorted(scored, key=lambda r: r["rank"])
    ]
    assert (whole.line, whole.places[6].ranked.cumulated_cents) == (7, 10_500_000)
    assert [place.file.title for place in whole.places if place.ranked.divergent] == ["A13"]
    assert "A02" not in {place.file.title for place in recused.places}
    assert (len(recused.places), recused.reviews, recused.places[1].ranked.rank) == (20, 60, 2)
    assert recused.places[0].ranked.cumulated_cents + 1_500_000 == recused.places[1].ranked.cumulated_cents


@pytest.mark.slow
def test_five_hundred_files_are_ranked_in_six_queries(either_database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        people = [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(3)]
        organisation = builders.an_organisation(session)
        now = clock.now()
        session.execute(
            insert(Application),
            [
                {
                    "public_id": new_public_id(),
                    "call_id": call.id,
                    "organisation_id": organisation.id,
                    "created_by_id": manager.id,
                    "number": f"2027-{n:03}",
                    "title": f"Projet {n}",
                    "state": ApplicationState.IN_REVIEW,
                    "answers": {},
                    "return_sections": [],
                    "requested_cents": 1_000_000 + n,
                    "created_at": now,
                    "edited_at": now,
                    "submitted_at": now - timedelta(minutes=n),
                }
                for n in range(500)
            ],
        )
        files = list(session.scalars(select(Application.id)))
        session.execute(
            insert(Review),
            [
                {
                    "public_id": new_public_id(),
                    "application_id": file,
                    "reviewer_id": person.id,
                    "state": ReviewState.GIVEN,
                    "assigned_at": now,
                }
                for file in files
                for person in people
            ],
        )
        criteria = list(session.scalars(select(Criterion.id)))
        session.execute(
            insert(Mark),
            [
                {"review_id": review, "criterion_id": criterion, "half_points": (review * criterion) % 11}
                for review in session.scalars(select(Review.id))
                for criterion in criteria
            ],
        )
        session.add(Interest(application_id=files[0], account_id=manager.id, stand="conflict", declared_at=now))
    with reading() as session:
        actor = actor_for(session, manager.id)
        with counted(either_database) as asked:
            began = perf_counter()
            board = selection.board(session, actor, selection.call_for_ranking(session, call.id))
            seconds = perf_counter() - began
    assert len(board.places) == 499
    assert len(asked) <= 6
    assert seconds < 2
