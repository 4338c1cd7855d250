"""AZ-13 for mails: what a recused member receives does not depend on what is hidden from them."""

import email
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from grants import clock
from grants.db import transaction
from grants.models import Account, Mark, Review
from grants.services import decision, keeper, relay, reminder, selection
from grants.services import review as reviewing
from tests import letters
from tests.services.test_analysis import Round, a_round, acting

pytestmark = pytest.mark.db


def received(world: Round, folder: Path, *, hidden_halves: int, outcome: str, cents: int) -> list[tuple[str, str]]:
    """Subjects and texts that the recused member finds, from a review given back to the end of the sitting."""
    start, (manager, recused) = clock.now(), (acting(world.manager), world.members[2])
    with transaction() as session:
        address = session.get_one(Account, recused.id).email
        hidden = select(Review.id).where(Review.application_id == world.files[0].id)
        session.execute(update(Mark).where(Mark.review_id.in_(hidden)).values(half_points=hidden_halves))
        world_call = session.merge(world.call)
        world_call.reviews_close_at = start + timedelta(days=3)
    (own,) = [one for one in world.reviews if one.reviewer_id == recused.id and one.application_id == world.files[1].id]
    reviewing.return_review(actor=manager, review=own.public_id, reason="Un mot de plus.")
    doors = letters.doors(folder)
    for days in range(3):
        with clock.frozen(start + timedelta(days=days, hours=1)):
            reminder.promise_due()
            relay.keep_all_due(keeper.handlers(doors))
    with clock.frozen(start + timedelta(days=2)):
        with transaction() as session:
            session.get_one(Review, own.id).state = "given"  # type: ignore[assignment]  # written anew, as it was
        meeting = selection.convene(actor=manager, call=world.call.public_id, held_at=clock.now()).public_id
        here = [one.public_id for one in world.members]
        selection.record_attendance(actor=manager, meeting=meeting, accounts=here)
        selection.open_meeting(actor=manager, meeting=meeting)
        decision.propose(
            actor=manager, application=world.files[0].public_id, outcome=outcome, awarded_cents=cents, motive="Secret."
        )
        relay.keep_all_due(keeper.handlers(doors))
    found = []
    for path in folder.rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes())
        if address in str(message["To"]):
            found.append((str(message["Subject"]), message.get_payload(decode=True).decode()))  # type: ignore[union-attr]
    return sorted(found)


def test_what_a_recused_member_is_written_is_the_same_whatever_is_hidden(database: Engine, tmp_path: Path) -> None:
    """The same life twice from the same database, with other scores, another outcome and another sum behind the veil."""
    kept, here = tmp_path / "before.sqlite", Path(str(database.url.database))
    with clock.frozen(clock.now()):
        world = a_round()
        database.dispose()
        shutil.copy(here, kept)
        one = received(world, tmp_path / "one", hidden_halves=0, outcome="rejected", cents=0)
        database.dispose()
        for leftover in here.parent.glob(f"{here.name}-*"):
            leftover.unlink()
        shutil.copy(kept, here)
        other = received(world, tmp_path / "other", hidden_halves=10, outcome="awarded", cents=800_000)
    assert one, "without a mail there is nothing to compare"
    assert one == other
