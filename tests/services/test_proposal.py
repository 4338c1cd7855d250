"""Who could read what: proposed by the worker, applied by a manager; never somebody in conflict (RV-08, RV-09, RV-15)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.domain import assignment_study
from grants.errors import NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, Call, Interest, Promise, PromiseState, Proposal, Review
from grants.policies import Actor, Role
from grants.queries import proposal as queries
from grants.queries.account import actor_for
from grants.queries.visibility import CLOSING_STANDS
from grants.services import keeper, proposal, relay, review
from grants.services.committee import Described, describe
from grants.workflow.application import ApplicationState
from grants.workflow.review import LIVE, ReviewState
from tests import builders

pytestmark = pytest.mark.db


@dataclass
class Round:
    """A call with eligible files, a committee, two managers."""

    call: Call
    managers: list[Account]
    members: list[Account]
    files: list[Application]


def a_round(files: int = 6, members: int = 4, required: int = 2) -> Round:
    with transaction() as session:
        call = builders.a_call(
            session, reviews_open_at=clock.now() - timedelta(days=1), reviews_required=required, quorum=1
        )
        managers = [builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)]
        people = [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(members)]
        rows = [builders.an_application(session, call=call, state=ApplicationState.ELIGIBLE) for _ in range(files)]
    return Round(call, managers, people, rows)


@pytest.fixture
def made(database: Engine) -> Round:
    return a_round()


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def work() -> None:
    """The worker keeps every promise of a proposal, in a process apart."""
    query = select(Promise.id).where(Promise.kind == proposal.KIND, Promise.state == PromiseState.QUEUED)
    with reading() as session:
        promises = list(session.scalars(query))
    for promise in promises:
        assert relay.keep(promise, {proposal.KIND: keeper.proposal.keep})


def work_here() -> None:
    """The same, without a process: for many rounds."""
    with transaction() as session:
        for row in session.scalars(select(Proposal).where(Proposal.finished_at.is_(None))):
            row.report, row.finished_at, row.percent = assignment_study.study(row.material), clock.now(), 100


def ask(made: Round, **wishes: object) -> Proposal:
    return proposal.ask(actor=acting(made.managers[0]), call=made.call.public_id, **wishes)  # type: ignore[arg-type]


def apply(made: Round, one: Proposal) -> int:
    return proposal.apply(actor=acting(made.managers[0]), call=made.call.public_id, proposal=one.public_id)


def declare(made: Round, member: int, file: int, stand: str) -> None:
    review.declare_interest(
        actor=acting(made.members[member]), application=made.files[file].public_id, stand=stand, note="Dit."
    )


def pairs() -> set[tuple[int, int]]:
    with reading() as session:
        rows = session.execute(select(Review.reviewer_id, Review.application_id).where(Review.state.in_(LIVE)))
        return {(row[0], row[1]) for row in rows}


def forbidden() -> set[tuple[int, int]]:
    with reading() as session:
        rows = session.execute(
            select(Interest.account_id, Interest.application_id).where(
                Interest.stand == "conflict", Interest.replaced_at.is_(None)
            )
        )
        return {(row[0], row[1]) for row in rows}


def test_nobody_is_named_before_the_proposal_is_applied(made: Round) -> None:
    declare(made, 0, 0, "conflict")
    asked = ask(made)
    with pytest.raises(NotPossible) as refused:
        ask(made)
    assert codes(refused) == {"proposal_running"}
    work()
    assert pairs() == set()
    with reading() as session:
        report = session.get_one(Proposal, asked.id).report
    assert report["measures"]["load_gap"] == 0
    assert (len(report["pairs"]), report["pieces"].__len__()) == (12, 1)
    assert apply(made, asked) == 12
    assert len(pairs()) == 12
    assert not pairs() & forbidden()
    with pytest.raises(NotPossible) as refused:
        apply(made, asked)
    assert codes(refused) == {"proposal_unfinished"}


def test_rv_08_a_declaration_made_meanwhile_refuses_the_proposal(made: Round) -> None:
    asked = ask(made)
    work_here()
    declare(made, 1, 2, "conflict")
    with pytest.raises(NotPossible) as refused:
        apply(made, asked)
    assert "proposal_conflicts" in codes(refused)
    assert pairs() == set()
    again = ask(made)
    work_here()
    apply(made, again)
    assert (made.members[1].id, made.files[2].id) not in pairs()


def test_rv_15_facts_found_meanwhile_refuse_it_too(made: Round) -> None:
    asked = ask(made)
    work_here()
    with transaction() as session:
        builders.an_appointment(
            session, made.members[3], Role.APPLICANT_MEMBER, organisation_id=made.files[0].organisation_id
        )
    with pytest.raises(NotPossible) as refused:
        apply(made, asked)
    assert codes(refused) == {"proposal_conflicts"}


def test_pairs_made_by_hand_are_kept_and_their_cost_is_told(made: Round) -> None:
    manager, kept = acting(made.managers[0]), made.members[0].public_id
    wanted = {file.public_id: frozenset({kept}) for file in made.files}
    review.rearrange(actor=manager, call=made.call.public_id, wanted=wanted)
    asked = ask(made)
    work_here()
    with reading() as session:
        report = session.get_one(Proposal, asked.id).report
    assert {(kept, file) for file in wanted} <= {tuple(pair) for pair in report["pairs"]}
    assert report["cost"]["load_gap"] > 0
    with transaction() as session:
        session.get_one(Proposal, asked.id).applied_at = clock.now()
    freed = ask(made, keep="begun")
    work_here()
    apply(made, freed)
    assert sum(1 for reader, _ in pairs() if reader == made.members[0].id) == 3
    with reading() as session:
        left = session.scalars(select(Review.state).where(Review.reviewer_id == made.members[0].id)).all()
    assert left.count(ReviewState.UNASSIGNED) == 3


def test_a_common_file_is_read_by_everybody_who_may(made: Round) -> None:
    declare(made, 0, 0, "conflict")
    asked = ask(made, anchors=frozenset({made.files[0].public_id}))
    work_here()
    apply(made, asked)
    assert {reader for reader, file in pairs() if file == made.files[0].id} == {one.id for one in made.members[1:]}


def test_wishes_that_contradict_each_other_name_the_fewest_rules_to_relax(made: Round) -> None:
    for member in (0, 1, 2):
        declare(made, member, 0, "conflict")
    asked = ask(made)
    work_here()
    with reading() as session:
        assert session.get_one(Proposal, asked.id).report == {"relax": [f"reviewers:{made.files[0].public_id}"]}
    with pytest.raises(NotPossible):
        apply(made, asked)


def test_what_members_know_and_their_limits_are_followed(made: Round) -> None:
    with transaction() as session:
        for file in made.files[:2]:
            row = session.get_one(Application, file.id)
            row.answers = {"theme": "Accès à l’eau potable"}
    described = {
        made.members[0].public_id: Described(themes="Eau"),
        made.members[1].public_id: Described(most_files="1"),
        made.members[2].public_id: Described(languages=("en",)),
        made.members[3].public_id: Described(languages=("en",)),
    }
    assert describe(actor=acting(made.managers[0]), call=made.call.public_id, members=described) == 4
    asked = ask(made)
    work_here()
    with reading() as session:
        report = session.get_one(Proposal, asked.id).report
    assert report["relax"]  # two members read French, and one of them takes a single file
    with transaction() as session:
        session.get_one(Proposal, asked.id).applied_at = clock.now()
    describe(
        actor=acting(made.managers[0]),
        call=made.call.public_id,
        members={made.members[2].public_id: Described(languages=("fr", "en"))},
    )
    again = ask(made)
    work_here()
    apply(made, again)
    for file in made.files[:2]:
        assert (made.members[0].id, file.id) in pairs()
    assert sum(1 for reader, _ in pairs() if reader == made.members[1].id) <= 1


def test_an_organisation_read_before_is_not_met_again(made: Round) -> None:
    with transaction() as session:
        past = builders.a_call(session, programme=session.get_one(Call, made.call.id).programme)
        old = builders.an_application(
            session, call=past, organisation_id=made.files[0].organisation_id, state=ApplicationState.DECIDED
        )
        builders.a_review(session, application=old, reviewer=made.members[0], halves=6)
    asked = ask(made)
    assert asked.material["earlier"] == [[made.members[0].public_id, made.files[0].public_id]]
    work_here()
    apply(made, asked)
    assert (made.members[0].id, made.files[0].id) not in pairs()


def test_a_proposal_is_the_managers_and_not_of_one_who_is_kept_out_of_a_file(made: Round) -> None:
    with pytest.raises(NotAllowed):
        proposal.ask(actor=acting(made.members[0]), call=made.call.public_id)
    asked = ask(made)
    work_here()
    with transaction() as session:
        builders.an_interest(session, application=made.files[0], account=made.managers[1], stand="conflict")
    other = acting(made.managers[1])
    with reading() as session:
        assert queries.newest(session, other, session.get_one(Call, made.call.id)) is None
    with pytest.raises(NotFound):
        proposal.apply(actor=other, call=made.call.public_id, proposal=asked.public_id)


def _propose(made: Round, asked: list[Proposal], keep: str, anchor: int) -> None:
    asked.append(ask(made, keep=keep, anchors=frozenset({made.files[anchor].public_id})))
    work_here()


def _apply(made: Round, asked: list[Proposal]) -> None:
    if asked:
        apply(made, asked[-1])


def _by_hand(made: Round, asked: list[Proposal], member: int, file: int) -> None:
    people = [made.members[member].public_id]
    review.assign(actor=acting(made.managers[0]), application=made.files[file].public_id, reviewers=people)


def _join(made: Round, asked: list[Proposal], member: int, file: int) -> None:
    house = made.files[file].organisation_id
    with transaction() as session:
        builders.an_appointment(session, made.members[member], Role.APPLICANT_MEMBER, organisation_id=house)


STEP = {
    "declare": lambda made, asked, member, file, stand: declare(made, member, file, stand),
    "propose": _propose,
    "apply": _apply,
    "hand": _by_hand,
    "join": _join,
}
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("declare"), st.integers(0, 3), st.integers(0, 3), st.sampled_from(("free", "conflict", "doubt"))
        ),
        st.tuples(st.just("propose"), st.sampled_from(("all", "begun")), st.integers(0, 3)),
        st.tuples(st.just("apply")),
        st.tuples(st.just("hand"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("join"), st.integers(0, 3), st.integers(0, 3)),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_sequence_of_declarations_and_proposals_makes_a_forbidden_pair(database: Engine, steps: list[tuple]) -> None:
    made = a_round(files=4, members=4, required=1)
    asked: list[Proposal] = []

    for one in steps:
        with reading() as session:
            writing = session.execute(
                select(Interest.account_id, Interest.application_id).where(
                    Interest.stand.in_(CLOSING_STANDS), Interest.replaced_at.is_(None)
                )
            ).all()
        closed, before = {(row[0], row[1]) for row in writing}, pairs()
        try:
            STEP[one[0]](made, asked, *one[1:])
        except NotPossible:
            continue
        assert not (pairs() - before) & closed  # nobody is named whom a conflict or a doubt keeps out
        assert not pairs() & forbidden()
