"""The pages of the deliberation room: what each person meets, what follows live, and what a recused person never learns."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from grants import clock
from grants.db import engine, reading, transaction
from grants.models import Account, Ballot, CommandLog, Mark, Review
from grants.policies import Role
from grants.queries import committee
from grants.services import ballot, decision, room, selection
from tests import builders
from tests.sittings import Sitting, a_sitting, a_sitting_to_open, acting

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]
ONCE = re.compile(r'name="(csrf_token|request_id)"[^>]*value="[^"]*"')


@pytest.fixture
def world() -> Sitting:
    return a_sitting()


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.text[:2000])
    return ONCE.sub("", answer.text.replace("\u202f", " ").replace("\xa0", " "))


def page(world: Sitting) -> str:
    return f"/seances/{world.meeting}"


def file_address(world: Sitting, number: int, act: str) -> str:
    return f"{page(world)}/dossiers/{world.file(number)}/{act}"


def call_file(world: Sitting, number: int, *, emptied: bool = True) -> None:
    chair = acting(world.chair)
    room.call_file(actor=chair, meeting=world.meeting, application=world.file(number))
    if emptied:
        room.empty_room(actor=chair, meeting=world.meeting, application=world.file(number))


def running_vote(world: Sitting, number: int, *, secret: bool = False) -> str:
    call_file(world, number)
    made = ballot.open_ballot(
        actor=acting(world.chair),
        meeting=world.meeting,
        application=world.file(number),
        put=ballot.Put("awarded"),
        secret=secret,
    )
    return made.public_id


def test_the_chair_calls_a_file_and_everybody_meets_it_on_their_own_page(world: Sitting, sign_in: SignIn) -> None:
    chair, member = sign_in(world.chair), sign_in(world.members[0])
    assert "Appeler le dossier" in text_of(chair, page(world))
    assert "Appeler le dossier" not in text_of(member, page(world))
    assert chair.post(file_address(world, 0, "appel")).status_code == 303
    for client in (chair, member, sign_in(world.manager)):
        text = text_of(client, page(world))
        assert f"En discussion : {world.files[0].number}" in text
        assert f"Doivent quitter la salle : {world.recused.name}" in text
    assert "C’est fait" in text_of(chair, page(world))
    assert chair.post(file_address(world, 0, "sortie")).status_code == 303
    assert f"Ont quitté la salle : {world.recused.name}" in text_of(member, page(world))
    assert member.post(file_address(world, 2, "appel")).status_code == 403


def test_the_agenda_is_read_by_all_and_put_in_order_by_the_chair(world: Sitting, sign_in: SignIn) -> None:
    chair = sign_in(world.chair)
    form = {f"place-{world.file(4)}": "1", f"place-{world.file(2)}": "2", f"place-{world.file(0)}": ""}
    assert chair.post(f"{page(world)}/ordre-du-jour", data=form).status_code == 303
    text = text_of(sign_in(world.members[0]), page(world))
    agenda = text[text.index('id="ordre"') :]
    places = [agenda.index(f"dossier={world.file(number)}") for number in (4, 2)]
    assert places == sorted(places)
    refused = chair.post(f"{page(world)}/ordre-du-jour", data={f"place-{world.file(4)}": "premier"})
    assert refused.status_code == 422
    assert (
        'value="premier"'
        in chair.post(f"{page(world)}/ordre-du-jour?ordre=1", data={f"place-{world.file(4)}": "premier"}).text
    )


def test_a_member_votes_on_their_own_page_and_the_count_prepares_the_decision(world: Sitting, sign_in: SignIn) -> None:
    chair = sign_in(world.chair)
    call_file(world, 4)
    assert chair.post(file_address(world, 4, "vote"), data={"outcome": "awarded"}).status_code == 303
    with reading() as session:
        vote = f"{page(world)}/votes/{session.scalars(select(Ballot.public_id)).one()}"
    for person, choice in zip(world.present[:4], ("for", "for", "against", "for"), strict=True):
        client = sign_in(person)
        assert "Votre vote est inscrit à votre nom" in text_of(client, page(world))
        assert client.post(vote, data={"choice": choice}).status_code == 303
        assert "Votre vote est enregistré" in text_of(client, page(world))
        assert client.post(vote, data={"choice": choice}).status_code == 409
    text = text_of(chair, page(world))
    assert "4 votes sur 5" in text
    assert f"Pas encore voté : {world.recused.name}" in text
    assert chair.post(f"{vote}/depouillement").status_code == 303
    text = text_of(chair, page(world))
    assert "3 pour, 1 contre" in text
    assert re.search(r'value="awarded"[^>]*checked|checked[^>]*value="awarded"', text)
    assert sign_in(world.recused).post(vote, data={"choice": "for"}).status_code == 409


def test_the_recused_and_the_absent_do_not_vote(world: Sitting, sign_in: SignIn) -> None:
    vote = f"{page(world)}/votes/{running_vote(world, 0)}"
    assert sign_in(world.recused).post(vote, data={"choice": "for"}).status_code == 404
    refused = sign_in(world.absent).post(vote, data={"choice": "for"})
    assert refused.status_code == 403
    assert "présidence peut noter votre arrivée" in refused.text
    assert sign_in(world.members[0]).post(vote, data={"choice": "peut-être"}).status_code == 422


def test_nothing_is_remembered_of_the_form_of_a_vote(world: Sitting, sign_in: SignIn) -> None:
    """A form's number is kept with a fingerprint of what it sent: three tries would tell what somebody voted."""
    running = running_vote(world, 3, secret=True)
    client = sign_in(world.members[0])
    text = client.get(page(world)).text
    form = text[text.index(f'action="{page(world)}/votes/{running}"') :]
    assert "request_id" not in form[: form.index("</form>")]
    client.post(f"{page(world)}/votes/{running}", data={"choice": "for"})
    with reading() as session:
        assert session.scalar(select(CommandLog.request_id)) is None


def test_a_show_of_hands_with_too_many_hands_gives_back_what_was_typed(world: Sitting, sign_in: SignIn) -> None:
    chair = sign_in(world.chair)
    call_file(world, 3)
    form = {"outcome": "reserve", "question": "Au rang 2", "votes_for": "40", "votes_against": "1", "abstained": ""}
    refused = chair.post(file_address(world, 3, "main-levee"), data=form)
    assert refused.status_code == 409
    assert "Plus de votes que de votants" in refused.text
    assert 'value="Au rang 2"' in refused.text
    assert 'value="40"' in refused.text
    assert chair.post(file_address(world, 3, "main-levee"), data={**form, "votes_for": "x"}).status_code == 422
    assert chair.post(file_address(world, 3, "main-levee"), data={**form, "votes_for": "4"}).status_code == 303
    assert "à main levée" in text_of(chair, page(world))


def test_notes_are_private_until_they_are_shared(world: Sitting, sign_in: SignIn) -> None:
    writer, other = sign_in(world.members[0]), sign_in(world.members[1])
    call_file(world, 3)
    writer.post(file_address(world, 3, "note"), data={"text": "Qui porte vraiment ?", "moment": ""})
    assert "Qui porte vraiment ?" in text_of(writer, page(world))
    assert "Qui porte vraiment ?" not in text_of(other, page(world))
    assert "Qui porte vraiment ?" not in text_of(sign_in(world.manager), page(world))
    writer.post(file_address(world, 3, "note"), data={"text": "Qui porte vraiment ?", "moment": "before"})
    other.post(file_address(world, 3, "note"), data={"text": "Le portage est clair.", "moment": "after"})
    for words in ("Qui porte vraiment ?", "Le portage est clair."):
        assert words in text_of(sign_in(world.chair), page(world))
    assert other.post(file_address(world, 3, "note"), data={"text": "", "moment": "after"}).status_code == 409


def test_members_come_and_go_on_the_page(world: Sitting, sign_in: SignIn) -> None:
    chair = sign_in(world.chair)
    address = f"{page(world)}/presence/{world.absent.public_id}"
    assert chair.post(f"{address}/arrivee").status_code == 303
    assert "6 membres présents sur 6" in text_of(chair, page(world))
    assert chair.post(f"{address}/depart").status_code == 303
    assert "5 membres présents sur 6" in text_of(chair, page(world))
    assert sign_in(world.members[0]).post(f"{address}/arrivee").status_code == 403


# following live


def state(client: FlaskClient, address: str, version: str = "") -> tuple[int, str]:
    answer = client.get(f"{address}/etat", headers={"If-None-Match": f'"{version}"'} if version else {})
    return answer.status_code, answer.get_etag()[0] or ""


def test_a_page_that_follows_is_told_when_something_moved_and_nothing_when_not(world: Sitting, sign_in: SignIn) -> None:
    client = sign_in(world.members[0])
    status, version = state(client, page(world))
    assert status == 200
    assert f'data-version="{version}"' in client.get(page(world)).text
    assert state(client, page(world), version)[0] == 304
    for act in (
        lambda: call_file(world, 0, emptied=False),
        lambda: room.empty_room(actor=acting(world.chair), meeting=world.meeting, application=world.file(0)),
        lambda: running_vote(world, 0),
        lambda: room.leave(actor=acting(world.chair), meeting=world.meeting, account=world.members[2].public_id),
    ):
        act()
        status, moved = state(client, page(world), version)
        assert (status, moved != version) == (200, True)
        version = moved


def test_following_costs_three_queries_at_most(world: Sitting, sign_in: SignIn) -> None:
    token = room.issue_projection(actor=acting(world.chair), meeting=world.meeting)
    call_file(world, 0)
    member = sign_in(world.members[0])
    for client, address, most in (
        (member, page(world), 2),
        (member, f"/projection/{token}", 3),
    ):
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object, asked: list[str] = asked) -> None:
            if statement.startswith("SELECT"):
                asked.append(statement)

        client.get(f"{address}/etat")
        event.listen(engine(), "before_cursor_execute", note)
        client.get(f"{address}/etat")
        event.remove(engine(), "before_cursor_execute", note)
        assert 0 < len(asked) <= most, asked


def test_a_member_who_waits_for_the_opening_is_told_and_one_who_owes_a_review_is_not_let_in(
    sign_in: SignIn,
) -> None:
    world = a_sitting()
    with transaction() as session:
        late = builders.a_review(session, application=world.files[3], reviewer=world.absent)
        assert late.given_at is None
    assert sign_in(world.absent).get(f"{page(world)}/etat").status_code == 403
    assert sign_in(world.manager).get("/seances/inconnue/etat").status_code == 404


# what a recused person never learns


def addresses(world: Sitting) -> list[str]:
    return [
        page(world),
        f"{page(world)}?tous=1&ordre=1",
        f"{page(world)}?dossier={world.file(3)}",
        f"{page(world)}/etat",
        f"{page(world)}/projection",
        f"{page(world)}/projection/etat",
    ]


def bytes_of(client: FlaskClient, world: Sitting) -> list[str]:
    return [text_of(client, address) for address in addresses(world)]


def change_marks(world: Sitting, halves: int) -> None:
    """Give every review of the two hidden files these marks."""
    hidden = [world.files[0].id, world.files[1].id]
    with transaction() as session:
        reviews = list(session.scalars(select(Review).where(Review.application_id.in_(hidden))))
        session.execute(update(Mark).where(Mark.review_id.in_([one.id for one in reviews])).values(half_points=halves))
        for one in reviews:
            one.version += 1


def vote_secretly(world: Sitting, number: int, far: int) -> None:
    """A secret vote on a file is opened (2), cast by everybody (3), counted (4)."""
    chair = acting(world.chair)
    where = {"meeting": world.meeting, "application": world.file(number)}
    made = ballot.open_ballot(actor=chair, **where, put=ballot.Put("awarded"), secret=True).public_id
    if far > 2:
        for person in (world.chair, *world.members):
            ballot.vote(actor=acting(person), meeting=world.meeting, ballot=made, choice="for")
    if far > 3:
        ballot.count_ballot(actor=chair, meeting=world.meeting, ballot=made)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(halves=st.integers(0, 10), number=st.integers(0, 1), emptied=st.booleans(), far=st.integers(0, 4))
def test_rv_09_rv_15_whatever_becomes_of_a_closed_file_the_recused_persons_room_is_the_same_bytes(
    halves: int, number: int, far: int, sign_in: SignIn, *, emptied: bool
) -> None:
    """RV-09, RV-15: which closed file is called, its scores, its notes, its vote, its decision: no page tells of them.

    `far`: how far the discussion went: called, noted, put to the vote, voted, counted.
    """
    with clock.frozen(builders.NOW):
        world = a_sitting()
        call_file(world, 0, emptied=False)
        client = sign_in(world.recused)
        before = bytes_of(client, world)
        assert "pour lequel vous avez quitté la salle" in before[0]
        chair = acting(world.chair)
        change_marks(world, halves)
        if number:
            call_file(world, 1, emptied=False)
        where = {"meeting": world.meeting, "application": world.file(number)}
        if emptied or far > 1:
            room.empty_room(actor=chair, **where)
        if far > 0:
            room.share_note(actor=chair, **where, text="Ceci reste entre nous.")
        if far > 1:
            vote_secretly(world, number, far)
        assert bytes_of(client, world) == before
        for hidden in (0, 1):
            assert client.get(f"{page(world)}?dossier={world.file(hidden)}").status_code == 404


def test_rv_15_a_member_who_belongs_to_an_applicant_sits_without_its_file_whatever_they_declared(
    sign_in: SignIn,
) -> None:
    """RV-15: the recusal is written by the opening itself; neither the file nor its rank is on their page."""
    world = a_sitting_to_open()
    member, own = world.members[2], world.files[0]
    with transaction() as session:
        builders.an_appointment(session, member, Role.APPLICANT_LEAD, organisation_id=own.organisation_id)
    selection.open_meeting(actor=acting(world.manager), meeting=world.meeting)
    with reading() as session:
        stand = committee.stand_of(session, own.id, member.id)
        assert stand is not None
        assert (stand.stand, stand.found) == ("conflict", True)
    text = text_of(sign_in(member), page(world))
    assert str(own.number) not in text
    assert "4 dossiers" in text
    assert f'1. <a href="{page(world)}?dossier={world.file(1)}' in text


def test_a_closed_file_that_is_decided_changes_nothing_but_that_none_is_called_any_more(
    world: Sitting, sign_in: SignIn
) -> None:
    """AZ-13, for the recused: money, counts, agenda and log stay those of the files they see."""
    with clock.frozen(builders.NOW):
        client = sign_in(world.recused)
        before = bytes_of(client, world)
        call_file(world, 0)
        decision.propose(
            actor=acting(world.manager),
            application=world.file(0),
            outcome="awarded",
            awarded_cents=900_000,
            motive="Oui.",
        )
        assert bytes_of(client, world) == before


def test_rv_10_once_the_sitting_is_closed_nothing_of_the_room_is_possible(world: Sitting, sign_in: SignIn) -> None:
    """RV-10: old forms are refused with the reason, by whoever sends them; the page has nothing left to follow."""
    vote = f"{page(world)}/votes/{running_vote(world, 3)}"
    member, chair = sign_in(world.members[0]), sign_in(world.chair)
    member.post(vote, data={"choice": "for"})
    chair.post(f"{vote}/depouillement")
    for number in range(5):
        decision.propose(
            actor=acting(world.manager), application=world.file(number), outcome="rejected", motive="Hors sujet."
        )
    token = room.issue_projection(actor=acting(world.chair), meeting=world.meeting)
    selection.close_meeting(actor=acting(world.manager), meeting=world.meeting)
    assert member.post(vote, data={"choice": "for"}).status_code == 409
    for act, form in (
        ("appel", {}),
        ("sortie", {}),
        ("vote", {"outcome": "awarded"}),
        ("main-levee", {"outcome": "awarded", "votes_for": "1"}),
        ("note", {"text": "Trop tard.", "moment": "after"}),
    ):
        assert chair.post(file_address(world, 3, act), data=form).status_code == 409, act
    assert chair.post(f"{page(world)}/ordre-du-jour").status_code == 409
    assert chair.post(f"{page(world)}/presence/{world.absent.public_id}/arrivee").status_code == 409
    assert chair.post(f"{page(world)}/projection").status_code == 409
    assert chair.get(f"/projection/{token}").status_code == 404
    assert "data-follow" not in chair.get(page(world)).text


# the projector


def test_the_projector_follows_the_chair_without_a_name_and_without_the_files_of_those_recused_in_the_room(
    world: Sitting, sign_in: SignIn, client: FlaskClient
) -> None:
    address = sign_in(world.chair).post(f"{page(world)}/projection").headers["Location"]
    text = text_of(client, address)
    people = (world.manager, *world.present, world.absent)
    assert not [person.name for person in people if person.name in text]
    assert str(world.files[3].number) in text
    assert str(world.files[0].number) not in text
    call_file(world, 0, emptied=False)
    text = text_of(client, address)
    assert str(world.files[0].number) not in text
    assert "que cet écran ne montre pas" in text
    room.empty_room(actor=acting(world.chair), meeting=world.meeting, application=world.file(0))
    text = text_of(client, address)
    assert str(world.files[0].number) in text
    assert "En discussion" in text
    assert client.get("/projection/rien").status_code == 404
    assert client.get(f"{page(world)}/projection").status_code in (302, 303)


def test_whoever_holds_the_address_of_the_projector_is_nobody_even_signed_in(
    world: Sitting, sign_in: SignIn, client: FlaskClient
) -> None:
    with clock.frozen(builders.NOW):
        token = room.issue_projection(actor=acting(world.chair), meeting=world.meeting)
        stranger, manager = (text_of(one, f"/projection/{token}") for one in (client, sign_in(world.manager)))
        assert stranger == manager
