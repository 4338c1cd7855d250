"""Two sittings under way: in one a file is called and the projector is open, in the other a vote runs."""

from hashlib import sha256

from sqlalchemy.orm import Session

from grants import clock
from grants.models import Ballot, BallotVoter, Calling, OpenVote, ProjectorKey
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from tests import builders
from tests.matrix.files import a_file, read_by_all
from tests.matrix.stage import World

TOKEN = "what-only-the-projector-has"


def build_rooms(session: Session, world: World) -> None:
    """`room` with the file `called`; `voting` with the file `voted` and the vote `ballot`, in which one has voted."""
    manager, present = world.cast["PM"], tuple(world.cast[code] for code in ("RV", "R2", "CH"))
    for name, call, title in (("room", "room_call", "called"), ("voting", "voting_call", "voted")):
        file = read_by_all(session, world, a_file(session, world, title, call, ApplicationState.IN_DELIBERATION))
        meeting = builders.a_meeting(
            session,
            call=world.rows[call],
            secretary=manager,
            present=present,
            state=MeetingState.OPEN,
            opened_at=clock.now(),
        )
        world.name(name, meeting)
        now = clock.now()
        session.add(
            Calling(
                meeting_id=meeting.id,
                application_id=file.id,
                called_by_id=manager.id,
                called_at=now,
                emptied_at=now,
            )
        )
    ballot = Ballot(
        meeting_id=meeting.id, application_id=file.id, secret=False, outcome="awarded", opened_at=clock.now()
    )
    session.add(ballot)
    session.flush()
    session.add(BallotVoter(ballot_id=ballot.id, account_id=world.cast["R2"].id))
    session.add(OpenVote(ballot_id=ballot.id, account_id=world.cast["R2"].id, choice="for"))
    world.name("ballot", ballot)
    session.add(
        ProjectorKey(
            meeting_id=world.rows["room"].id,
            token_sha256=sha256(TOKEN.encode()).hexdigest(),
            issued_by_id=manager.id,
            issued_at=clock.now(),
        )
    )
    world.ids["projector_token"] = TOKEN
