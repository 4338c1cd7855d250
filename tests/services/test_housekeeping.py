"""Sweeping: bytes that nobody refers to go after a day; what may have to leave again stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grants.clock import frozen
from grants.db import transaction
from grants.delivery.files import Store
from grants.models import Document, PromiseState
from grants.services import housekeeping
from tests import letters

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_orphans_go_after_a_day_and_everything_referred_to_stays(tmp_path: Path):
    store = Store(tmp_path)
    with frozen(NOW):
        orphan, letter, unsent, sent = (
            store.put(word.encode()).sha256 for word in ("orphan", "letter", "unsent", "sent")
        )
    file = letters.a_file(letters.a_network_and_its_call())
    with transaction() as session:
        session.add(
            Document(kind="receipt", subject="application:x", filename="x.pdf", size=1, sha256=letter, produced_at=NOW)
        )
    for state, sha in ((PromiseState.HANDED, unsent), (PromiseState.SENT, sent)):
        promise = letters.promise("mail", "eligible", file)
        with transaction() as session:
            row = session.get_one(type(promise), promise.id)
            row.state, row.content_sha256 = state, sha
    with frozen(NOW + timedelta(hours=23)):
        assert housekeeping.sweep(store)["orphans"] == 0
    with frozen(NOW + timedelta(hours=25)):
        assert housekeeping.sweep(store)["orphans"] == 2
    assert [store.exists(sha) for sha in (orphan, sent, letter, unsent)] == [False, False, True, True]
