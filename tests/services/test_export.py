"""Lists to take away: for one person, with the rights of the moment, for a day; and nothing of a file that is closed."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from grants import clock
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.delivery.handouts import Handouts
from grants.errors import Invalid, NotAllowed, NotFound, Throttled
from grants.models import (
    Account,
    Application,
    Appointment,
    AuditEntry,
    Call,
    Decision,
    Export,
    Interest,
    Mark,
    Partner,
    Promise,
    PromiseState,
    Review,
)
from grants.policies import Role
from grants.queries import export as queries
from grants.queries.account import actor_for
from grants.services import analysis, export, housekeeping, relay
from grants.web.export.words import COLUMNS
from grants.workflow.decision import DecisionState, Outcome
from tests import builders, letters
from tests.services.test_analysis import Round, a_round, acting, change
from tests.services.test_analysis import work as analysed

pytestmark = pytest.mark.db
WORDS = queries.Words(
    sheet="Liste",
    columns={key: key for key in COLUMNS},
    codes={},
    yes="oui",
    no="non",
    note="[coupé]",
    mean="{key}",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "blobs")


@pytest.fixture
def world(either_database: Engine) -> Round:
    assert either_database
    made = a_round()
    with transaction() as session:
        builders.a_meeting(session, call=made.call, secretary=made.manager, state="open")
        for review in made.reviews:
            row = session.get_one(Review, review.id)
            row.opinion, row.private_note = "Avis pour le comité.", "NOTE-PRIVEE"
    return made


def ask(world: Round, account: Account, content: str, form: str = "csv") -> str:
    return export.ask(
        actor=acting(account), call=world.call.public_id, content=content, form=form, words=WORDS
    ).public_id


def work(store: Store) -> None:
    """The worker writes every list that was asked for."""
    handlers = {export.KIND: lambda task: export.keep(task, doors=letters.doors(store.root.parent))}
    with reading() as session:
        asked = (Promise.kind == export.KIND, Promise.state == PromiseState.QUEUED)
        promises = list(session.scalars(select(Promise.id).where(*asked)))
    for promise in promises:
        done = relay.keep(promise, handlers)
        with reading() as session:
            assert done, session.get_one(Promise, promise).last_error


def taken(account: Account, public_id: str, store: Store) -> bytes:
    with reading() as session:
        row = queries.readable(session, actor_for(session, account.id), public_id)
    return Handouts(store).read(row.file)


def written(world: Round, account: Account, content: str, store: Store, form: str = "csv") -> bytes:
    public_id = ask(world, account, content, form)
    work(store)
    return taken(account, public_id, store)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def gone(account: Account, public_id: str, store: Store) -> bool:
    try:
        taken(account, public_id, store)
    except NotFound:
        return True
    return False


def decided(world: Round) -> None:
    with transaction() as session:
        for rank, file in enumerate(world.files[:2]):
            session.add(
                Decision(
                    application_id=file.id,
                    outcome=Outcome.REJECTED if rank else Outcome.AWARDED,
                    awarded_cents=0 if rank else 900_000,
                    state=DecisionState.PROPOSED,
                    motive="Un motif.",
                    proposed_by_id=world.manager.id,
                    proposed_at=clock.now(),
                )
            )


def test_the_four_lists_hold_what_their_pages_hold(world: Round, store: Store) -> None:
    decided(world)
    ranking = rows(written(world, world.manager, "ranking", store))
    assert [row["rank"] for row in ranking] == [str(rank) for rank in range(1, 10)]
    best = ranking[0]
    assert (best["number"], best["mean"], best["reviews"], best["above"]) == (
        world.files[0].number,
        "86,67",
        "3",
        "oui",
    )
    assert (best["lowest"], best["highest"], best["C1"]) == ("80,00", "90,00", "4,33")
    assert (best["outcome"], best["awarded"]) == ("awarded", "9000,00")
    files = rows(written(world, world.manager, "files", store))
    assert sorted(row["number"] for row in files) == sorted(str(file.number) for file in world.files)
    assert {row["requested"] for row in files} == {"10000,00"}
    reviews = rows(written(world, world.manager, "reviews", store))
    assert len(reviews) == 9 * 3 * 7
    assert (reviews[0]["mark"], reviews[0]["comment"], reviews[0]["opinion"]) == (
        "4,50",
        "Dit pourquoi.",
        "Avis pour le comité.",
    )
    assert reviews[1]["opinion"] == ""
    decisions = rows(written(world, world.auditor, "decisions", store))
    assert [(row["outcome"], row["awarded"], row["motive"]) for row in decisions] == [
        ("awarded", "9000,00", "Un motif."),
        ("rejected", "0,00", "Un motif."),
    ]


def test_what_a_reviewer_noted_for_oneself_is_in_no_list(world: Round, store: Store) -> None:
    for content in queries.CONTENTS:
        assert b"NOTE-PRIVEE" not in written(world, world.manager, content, store)


def test_a_workbook_holds_the_same_as_the_csv(world: Round, store: Store) -> None:
    read = zipfile.ZipFile(io.BytesIO(written(world, world.manager, "ranking", store, "xlsx")))
    sheet = read.read("xl/worksheets/sheet1.xml").decode()
    assert all(str(file.number) in sheet for file in world.files)
    assert "<f" not in sheet
    assert sheet.count("<row ") == 10


def test_members_take_away_what_they_read_and_only_the_programme_the_chair_and_the_auditor_the_decisions(
    world: Round,
) -> None:
    with reading() as session:
        call = session.get_one(Call, world.call.id)
        offers = {
            account.public_id: queries.offered(session, actor_for(session, account.id), call)
            for account in (world.manager, world.auditor, *world.members)
        }
    assert offers == {
        world.manager.public_id: queries.CONTENTS,
        world.auditor.public_id: queries.CONTENTS,
        world.members[0].public_id: queries.CONTENTS,
        world.members[1].public_id: ("ranking", "files", "reviews"),
        world.members[2].public_id: ("ranking", "files", "reviews"),
    }


@pytest.mark.parametrize(("opened", "readers"), [("never", {1}), ("after_own", {0, 1, 2}), ("always", {0, 1, 2})])
def test_rv_01_a_member_takes_away_the_reviews_of_others_as_far_as_the_call_opens_them(
    world: Round, store: Store, opened: str, readers: set[int]
) -> None:
    with transaction() as session:
        session.execute(update(Call).where(Call.id == world.call.id).values(others_reviews=opened))
    told = rows(written(world, world.members[1], "reviews", store))
    assert len(told) == 9 * len(readers) * 7
    nobody = {""} if len(readers) > 1 else set()  # what the others gave, without their names
    assert {row["reviewer"] for row in told} == {world.members[1].name} | nobody
    assert {row["reviewer"] for row in told if row["given_at"]} == {world.members[1].name}  # nor when they gave it


def test_who_has_no_part_in_the_call_asks_in_vain(world: Round) -> None:
    with transaction() as session:
        other = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
        outside = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=world.files[0].organisation_id)
    for account in (other, outside):
        with pytest.raises((NotAllowed, NotFound)):
            ask(world, account, "files")
    with pytest.raises(NotAllowed):
        ask(world, world.members[1], "decisions")
    for content, form in (("everything", "csv"), ("files", "exe")):
        with pytest.raises(Invalid):
            ask(world, world.manager, content, form)


def test_m_30_ten_lists_an_hour_and_no_more(world: Round) -> None:
    for _ in range(export.MOST):
        ask(world, world.manager, "files")
    with pytest.raises(Throttled):
        ask(world, world.manager, "files")
    ask(world, world.auditor, "files")


def test_the_trail_tells_who_took_what_away(world: Round, store: Store) -> None:
    public_id = ask(world, world.manager, "reviews", "xlsx")
    work(store)
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.read")).one()
    assert (entry.actor, entry.object) == (world.manager.public_id, f"call:{world.call.public_id}")
    assert entry.body == {"content": "reviews", "form": "xlsx", "export": public_id}


def test_ex_04_nobody_else_opens_it_nor_its_owner_after_the_role_or_a_day(world: Round, store: Store) -> None:
    with transaction() as session:
        second = builders.an_account(session, role=Role.MANAGER, programme_id=world.call.programme_id)
    public_id = ask(world, world.manager, "files")
    work(store)
    assert taken(world.manager, public_id, store)
    assert all(gone(account, public_id, store) for account in (second, world.auditor, *world.members))
    with clock.frozen(clock.now() + timedelta(hours=23, minutes=59)):
        assert taken(world.manager, public_id, store)
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        assert gone(world.manager, public_id, store)
    with transaction() as session:
        held = Appointment.account_id == world.manager.id
        session.execute(update(Appointment).where(held).values(ended_at=clock.now()))
    assert gone(world.manager, public_id, store)


def test_ex_04_the_sweeper_deletes_the_file_and_what_the_row_told(world: Round, store: Store) -> None:
    public_id = ask(world, world.manager, "files")
    work(store)
    assert [len(list(Handouts(store).root.iterdir())), housekeeping.sweep(store)["exports"]] == [1, 0]
    Handouts(store).write([b"left by a worker that died"])
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        assert housekeeping.sweep(store)["exports"] == 1
        with reading() as session:
            row = session.scalars(select(Export).where(Export.public_id == public_id)).one()
        assert (row.file, row.basis, row.words, row.rows, row.size) == ("", {}, {}, 0, 0)
        assert row.dropped_at is not None
    assert list(Handouts(store).root.iterdir()) == []


def test_rv_09_a_list_is_closed_as_soon_as_its_reader_is_recused_from_a_file_in_it(world: Round, store: Store) -> None:
    asked = {content: ask(world, world.members[1], content) for content in ("ranking", "files", "reviews")}
    work(store)
    assert all(taken(world.members[1], public_id, store) for public_id in asked.values())
    with transaction() as session:
        about = (Interest.application_id == world.files[4].id, Interest.account_id == world.members[1].id)
        session.execute(update(Interest).where(*about).values(stand="conflict"))
    assert [gone(world.members[1], public_id, store) for public_id in asked.values()] == [True, True, True]


def test_the_rights_are_those_of_the_moment_of_writing_not_of_asking(world: Round, store: Store) -> None:
    lost, narrowed = ask(world, world.manager, "files"), ask(world, world.members[1], "ranking")
    with transaction() as session:
        held = Appointment.account_id == world.manager.id
        session.execute(update(Appointment).where(held).values(ended_at=clock.now()))
        about = (Interest.application_id == world.files[3].id, Interest.account_id == world.members[1].id)
        session.execute(update(Interest).where(*about).values(stand="conflict"))
    work(store)
    assert gone(world.manager, lost, store)
    with reading() as session:
        row = session.scalars(select(Export).where(Export.public_id == lost)).one()
    assert (row.file, row.failure != "", row.finished_at is not None) == ("", True, True)
    numbers = [row["number"] for row in rows(taken(world.members[1], narrowed, store))]
    assert (len(numbers), world.files[3].number in numbers) == (8, False)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("content", ["ranking", "files", "reviews"])
def test_az_13_the_list_of_a_recused_member_has_the_same_bytes_whatever_the_hidden_scores_are(
    world: Round, store: Store, content: str, form: str
) -> None:
    """The third member is recused from the first file: its marks, words, decision and very state may be anything."""
    member = world.members[2]
    before = written(world, member, content, store, form)
    assert world.files[0].public_id.encode() not in before
    for halves in (0, 3, 10):
        for review in world.reviews[:3]:
            change(review, halves)
        _hidden_words(world, halves)
        with clock.frozen(clock.now() + timedelta(minutes=halves)):
            assert written(world, member, content, store, form) == before
    changed = world.reviews[-1]
    change(changed, 0)
    assert (written(world, member, content, store, form) == before) is (content == "files")


@pytest.mark.parametrize("content", queries.CONTENTS)
@pytest.mark.parametrize("who", ["chair", "manager", "auditor"])
def test_az_13_nor_does_the_list_of_a_recused_chair_manager_or_auditor_move(
    world: Round, store: Store, who: str, content: str
) -> None:
    account = {"chair": world.members[0], "manager": world.manager, "auditor": world.auditor}[who]
    decided(world)
    with transaction() as session:
        session.execute(
            update(Interest)
            .where(Interest.application_id == world.files[0].id, Interest.account_id == account.id)
            .values(replaced_at=clock.now())
        )
        builders.an_interest(session, application=world.files[0], account=account, stand="conflict")
    before = written(world, account, content, store)
    assert str(world.files[0].number).encode() not in before
    assert str(world.files[1].number).encode() in before
    for halves in (0, 10):
        for review in world.reviews[:3]:
            change(review, halves)
        _hidden_words(world, halves)
        assert written(world, account, content, store) == before


def test_the_ranking_tells_the_expected_ranks_while_the_analysis_is_fresh(world: Round, store: Store) -> None:
    assert rows(written(world, world.manager, "ranking", store))[0]["expected_rank"] == ""
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    analysed()
    best = rows(written(world, world.manager, "ranking", store))[0]
    assert float(best["expected_rank"].replace(",", ".")) == pytest.approx(1.5, abs=0.8)
    assert float(best["rank_low"].replace(",", ".")) <= float(best["rank_high"].replace(",", "."))
    change(world.reviews[-1], 9)
    assert rows(written(world, world.manager, "ranking", store))[0]["expected_rank"] == ""


def _hidden_words(world: Round, halves: int) -> None:
    """What the reviewers of the closed file wrote, and what was decided about it."""
    file = world.files[0]
    with transaction() as session:
        hidden = select(Review.id).where(Review.application_id == file.id)
        session.execute(update(Mark).where(Mark.review_id.in_(hidden)).values(comment=f"Autrement {halves}."))
        session.execute(update(Review).where(Review.application_id == file.id).values(opinion=f"Autrement {halves}."))
        session.get_one(Application, file.id).title = f"Titre {halves}"
        standing = session.scalar(select(Decision).where(Decision.application_id == file.id))
        if standing is not None:
            session.delete(standing)
            session.flush()
        if halves:
            session.add(
                Decision(
                    application_id=file.id,
                    outcome=Outcome.AWARDED,
                    awarded_cents=100_000 * halves,
                    motive="Caché.",
                    proposed_by_id=world.manager.id,
                    proposed_at=clock.now(),
                )
            )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("content", queries.CONTENTS)
def test_rv_05_under_a_blind_call_no_list_of_those_who_judge_names_an_applicant(
    world: Round, store: Store, content: str, form: str
) -> None:
    decided(world)
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "selection"
        for number, file in enumerate(world.files):
            row = session.get_one(Application, file.id)
            row.organisation.name, row.organisation.siret = f"Association Cachottiere {number}", "73282932000074"
            row.title = f"Le projet de l’Association Cachottiere {number}"
            row.partners = [Partner(name="Ville Dissimulee", actor_kind="local_authority")]
            said = f"L’Association Cachottiere {number} et la Ville Dissimulee."
            reviews = Review.application_id == file.id
            session.execute(
                update(Mark).where(Mark.review_id.in_(select(Review.id).where(reviews))).values(comment=said)
            )
            session.execute(update(Review).where(reviews).values(opinion=said))
            session.execute(update(Decision).where(Decision.application_id == file.id).values(motive=said))
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        told = [written(world, account, content, store, form) for account in _judges(content, world)]
        known = written(world, world.manager, content, store, form)
    for data in told:
        assert not [word for word in ("Cachottiere", "Dissimulee", "73282932000074") if word in opened(data, form)]
        assert str(world.files[1].number) in opened(data, form)
    assert "Cachottiere 1" in opened(known, form)


def _judges(content: str, world: Round) -> list[Account]:
    return world.members[:1] if content == "decisions" else world.members


def opened(data: bytes, form: str) -> str:
    """All that a file says: cells, names of sheets, properties, names of its parts."""
    if form == "csv":
        return data.decode("utf-8-sig")
    read = zipfile.ZipFile(io.BytesIO(data))
    return "\n".join([*read.namelist(), *(read.read(name).decode() for name in read.namelist())])


def test_rv_05_a_list_written_while_the_names_were_hidden_is_closed_once_they_are_told_and_the_other_way_round(
    world: Round, store: Store
) -> None:
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "selection"
    public_id = ask(world, world.members[0], "ranking")
    work(store)
    assert taken(world.members[0], public_id, store)
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "no"
    assert gone(world.members[0], public_id, store)
