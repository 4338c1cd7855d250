"""The list of received files, taken away whole: the same on both databases, a few hundred rows at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from grants import clock
from grants.db import examining, reading, transaction
from grants.policies import Role
from grants.queries import desk
from grants.queries.account import actor_for
from tests import builders

pytestmark = pytest.mark.db


def test_every_view_is_listed_and_taken_away_with_the_same_files(either_database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(
            session, closes_at=clock.now() - timedelta(days=3), opens_at=clock.now() - timedelta(days=9)
        )
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        for number in range(5):
            file = builders.an_application(session, call=call, title=f"Projet {number}")
            file.officer_id = manager.id if number % 2 else None
    with reading() as session:
        actor = actor_for(session, manager.id)
        listed = {
            view: [line.title for line in desk.listing(session, actor, desk.Wanted(view=view), 1, 50)[0]]
            for view in ("", *desk.VIEWS)
        }
    assert (len(listed[""]), len(listed["mine"]), listed["late"]) == (5, 2, [])
    with examining() as session:
        for view, titles in listed.items():
            taken = [row.title for row in desk.whole_list(session, actor, desk.Wanted(view=view))]
            assert taken == titles
