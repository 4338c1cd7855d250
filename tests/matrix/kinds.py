"""Calls of other kinds in the matrix's world: by invitation, in two stages, without deadline, being amended, with a lot."""

from sqlalchemy.orm import Session

from grants import clock
from grants.domain import lots
from grants.domain.rank_report import Interval, RankReport, Standing
from grants.domain.terms import read_terms, write_terms
from grants.models import Application, CallVersion, Check, Invitee, Lot, ScoreAnalysis, TermsText
from grants.queries import selection
from grants.queries.account import actor_for
from grants.queries.analysis import Basis
from grants.queries.eligibility import rules_of
from grants.queries.terms import document_of
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from tests import builders
from tests.matrix.files import a_file, read_by_all, with_terms
from tests.matrix.stage import DAY, World


def build_kinds(session: Session, world: World) -> None:
    """After the files: invitations, used and not; a note that waits; a call to stop, one being amended; two lots."""
    _invitations(session, world)
    _notes(session, world)
    _changing(session, world)
    _lots(session, world)


def _invitations(session: Session, world: World) -> None:
    programme = world.rows["programme"]
    call = world.name(
        "invited_call", builders.a_call(session, programme=programme, slug="invited-call", kind="invited"), "slug"
    )
    world.name("could_be_invited", builders.an_organisation(session, name="Association à inviter"))
    a_file(session, world, "invited_draft", "invited_call", ApplicationState.DRAFT, by="xAL")
    for name, organisation in (
        ("invitee", builders.an_organisation(session, name="Association invitée")),
        ("used_invitee", world.rows["stranger"]),
    ):
        row = Invitee(
            call_id=call.id,
            organisation_id=organisation.id,
            invited_by_id=world.cast["PM"].id,
            invited_at=clock.now(),
            told_at=clock.now(),
        )
        session.add(row)
        session.flush()
        world.name(name, row)


def _notes(session: Session, world: World) -> None:
    document = write_terms({"title": "Deux temps", "kind": "two_stages"})
    sections = document["form"]["sections"]  # type: ignore[index]
    for section in sections:
        if section.get("kind") == "budget":
            section["stage"] = "full"
    terms, _faults = read_terms(document)
    session.add(TermsText(sha256=terms.sha256, content=document))
    session.flush()
    call = session.merge(world.rows["closed_call"])
    call.full_closes_at = clock.now() + 20 * DAY
    note: Application = a_file(
        session,
        world,
        "note",
        "closed_call",
        ApplicationState.SUBMITTED,
        stage="note",
        terms_sha256=terms.sha256,
    )
    for rule in rules_of(note):
        session.add(
            Check(
                application_id=note.id,
                rule=rule.key,
                outcome="pass",
                checked_by_id=world.cast["PM"].id,
                checked_at=clock.now(),
            )
        )
    session.flush()


def _changing(session: Session, world: World) -> None:
    """A call that takes files as they come, and one whose next version is being written."""
    programme = world.rows["programme"]
    rolling = builders.a_call(session, programme=programme, slug="rolling-call", kind="rolling", closes_at=None)
    amended = builders.a_call(session, programme=programme, slug="amended-call")
    world.name("rolling_call", rolling, "slug")
    world.name("amended_call", amended, "slug")
    with_terms(session, [rolling, amended])
    now, document = clock.now(), document_of(session, amended, None)
    session.add(CallVersion(call=amended, rank=2, draft=document, begun_at=now, edited_at=now))
    session.flush()


def _lots(session: Session, world: World) -> None:
    """Two files with the same scores for one place: a sitting that may promise its lot, and one that may draw it."""
    for name, call, state in (
        ("to_promise", "lot_call", MeetingState.CONVENED),
        ("to_draw", "drawing_call", MeetingState.OPEN),
    ):
        reading = state == MeetingState.CONVENED
        stage = ApplicationState.IN_REVIEW if reading else ApplicationState.IN_DELIBERATION
        files = [read_by_all(session, world, a_file(session, world, f"{name}_{n}", call, stage)) for n in (1, 2)]
        manager = world.cast["PM"]
        meeting = builders.a_meeting(
            session,
            call=world.rows[call],
            secretary=manager,
            state=state,
            opened_at=None if reading else clock.now(),
        )
        world.name(name, meeting)
        row = selection.call_for_ranking(session, world.rows[call].id)
        basis = selection.board(session, actor_for(session, manager.id), row).basis
        group = sorted(file.public_id for file in files)
        session.add(_analysis(basis, group, manager.id) if reading else _promised(basis, group, meeting.id, manager.id))
        session.flush()


def _analysis(basis: Basis, group: list[str], manager: int) -> ScoreAnalysis:
    """What the worker would have found: nothing separates the files."""
    tied = tuple(Standing(name, 80.0, 2, 0.0, 1.0, 1.5, Interval(1, 2), Interval(1, 2)) for name in group)
    wide = Interval(0.0, 1.0)
    ranks = RankReport(tied, 1, 1.5, tuple(group), (), (tuple(group),), (), wide, wide, wide, basis.seed, 100)
    return ScoreAnalysis(
        call_id=basis.call.id,
        asked_by_id=manager,
        asked_at=clock.now(),
        files=[number for number, _, _, _ in basis.wanted],
        files_sha256=basis.files_sha256,
        scores_sha256=basis.scores_sha256,
        seed=basis.seed,
        percent=100,
        report={
            "ranks": ranks.as_json(),
            "agreement": [],
            "fairness": {"findings": [], "silences": [], "risk": 0.0},
        },
        finished_at=clock.now(),
    )


def _promised(basis: Basis, group: list[str], meeting: int, manager: int) -> Lot:
    seed = lots.new_seed()
    return Lot(
        meeting_id=meeting,
        seed=seed,
        commitment=lots.commitment(seed, basis.call.public_id, group),
        files=group,
        places=1,
        scores_sha256=basis.scores_sha256,
        promised_at=clock.now() - DAY,
        promised_by_id=manager,
    )
