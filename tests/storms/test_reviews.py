"""One sheet is given by ten requests at once: one review, one version of it, on both databases. RV-14."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Busy, Conflict, NotPossible
from grants.models import GivenReview, Mark, Review
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import review
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow]
CLICKS = 10
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")


def test_rv_14_ten_clicks_give_one_review(either_database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1))
        reader = builders.an_account(session, role=Role.REVIEWER, call_id=call.id)
        file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
        sheet = builders.a_review(session, application=file, reviewer=reader)
        builders.an_interest(session, application=file, account=reader)
    with reading() as session:
        actor = actor_for(session, reader.id)
    gate, answers = threading.Barrier(CLICKS), [""] * CLICKS

    def click(number: int) -> None:
        gate.wait()
        while not answers[number]:
            try:
                review.score(
                    actor=actor,
                    review=sheet.public_id,
                    marks=dict.fromkeys(KEYS, 7),
                    comments={},
                    opinion="Solide.",
                    version=sheet.version,
                )
                answers[number] = "given"
            except Busy:
                continue
            except (Conflict, NotPossible):
                answers[number] = "409"

    threads = [threading.Thread(target=click, args=(number,)) for number in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {"given": 1, "409": CLICKS - 1}
    with reading() as session:
        assert session.get_one(Review, sheet.id).state == ReviewState.GIVEN
        assert session.scalar(select(func.count()).select_from(Mark)) == len(KEYS)
        assert session.scalar(select(func.count()).select_from(GivenReview)) == 1
