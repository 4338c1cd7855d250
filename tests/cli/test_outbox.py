"""`outbox --json` counts promises and says how long the oldest has waited."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from grants import clock, outbox
from grants.db import transaction

pytestmark = pytest.mark.db


def told(app: Flask) -> dict[str, object]:
    result = app.test_cli_runner().invoke(args=["outbox", "--json"])
    assert result.exit_code == 0
    found: dict[str, object] = json.loads(result.output)
    return found


def test_an_empty_outbox_has_no_age(app: Flask) -> None:
    answer = told(app)
    assert (answer["waiting"], answer["oldest_seconds"]) == (0, None)
    assert answer["states"] == dict.fromkeys(("queued", "leased", "handed", "sent", "failed", "dead", "paused"), 0)


def test_the_age_is_that_of_the_oldest_promise(app: Flask) -> None:
    with transaction() as session:
        for minutes in (3, 1):
            at = clock.now() - timedelta(minutes=minutes)
            outbox.put(session, f"key {minutes}", kind="mail", name="x", subject="call:x", made_at=at)
    answer = told(app)
    assert answer["waiting"] == 2
    assert 179 <= int(str(answer["oldest_seconds"])) <= 200
