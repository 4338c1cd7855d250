"""The pages of what the scores say: shown to whoever reads the ranking, made of what they may see and nothing else."""

import re
import subprocess
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from grants import clock
from grants.db import engine, transaction
from grants.models import Account
from grants.policies import Role
from grants.services import analysis, selection
from tests import builders
from tests.services.test_analysis import Round, a_round, acting, change, sitting, work

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]
ONCE = re.compile(r'name="(csrf_token|request_id)"[^>]*value="[^"]*"')


@pytest.fixture
def world() -> Round:
    return a_round()


def analysed(world: Round) -> None:
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return ONCE.sub("", answer.text.replace("\u202f", " ").replace("\xa0", " "))


def addresses(world: Round) -> dict[str, str]:
    start = f"/classement/{world.call.slug}"
    return {
        "ranking": start,
        "by rank": f"{start}?tri=rang",
        "cut": f"{start}?voir=ligne",
        "analysis": f"{start}/analyse",
        "chances": f"{start}/dossiers/{world.files[4].public_id}",
    }


def test_the_analysis_is_asked_for_on_its_page_and_read_there(world: Round, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    page = f"/classement/{world.call.slug}/analyse"
    assert "n’ont pas encore été analysées" in read(client, page)
    assert "ne sont pas encore analysées" in read(client, f"/classement/{world.call.slug}")
    client.post(page)
    assert 'http-equiv="refresh"' in read(client, page)
    assert client.post(page).status_code == 409
    work()
    text = read(client, page)
    for words in ("Rangs attendus", "Sévérité", "Accord sur chaque critère", "Loupe d’équité", "Graine", "chances"):
        assert words in text
    assert all(member.name in text for member in world.members)
    assert "http-equiv" not in text
    board = read(client, f"/classement/{world.call.slug}")
    assert "Rang attendu" in board
    assert "coupé par la ligne" in board
    assert "Moy." in board
    one = read(client, addresses(world)["chances"])
    assert "rankogram" in one
    assert "Voir les valeurs" in one


def test_a_changed_score_is_told_on_both_pages(world: Round, sign_in: SignIn) -> None:
    analysed(world)
    client = sign_in(world.manager)
    change(world.reviews[-1], 9)
    for name in ("ranking", "analysis", "chances"):
        assert "Des notes ont changé depuis cette analyse" in read(client, addresses(world)[name])


def test_the_board_is_sorted_and_filtered_as_asked(world: Round, sign_in: SignIn) -> None:
    analysed(world)
    client = sign_in(world.manager)
    whole, cut = read(client, addresses(world)["by rank"]), read(client, addresses(world)["cut"])
    assert whole.count("Rang attendu") > cut.count("Rang attendu") > 0
    assert "Enveloppe : " in read(client, addresses(world)["ranking"])
    assert "Reste" not in whole.split("<tbody>")[1]
    assert read(client, f"/classement/{world.call.slug}?tri=rien&voir=rien") == read(
        client, addresses(world)["ranking"]
    )


def test_a_member_reads_ones_own_severity_and_nobody_elses_name(world: Round, sign_in: SignIn) -> None:
    with transaction() as session:
        builders.a_meeting(session, call=world.call, secretary=world.manager, state="open")
    analysed(world)
    text = read(sign_in(world.members[1]), addresses(world)["analysis"])
    assert "Vous ne voyez que la vôtre" in text
    assert world.members[1].name in text
    assert world.members[0].name not in text
    assert world.members[2].name not in text
    assert all(member.name in read(sign_in(world.members[0]), addresses(world)["analysis"]) for member in world.members)


def test_a_file_that_is_closed_to_the_reader_has_no_page(world: Round, sign_in: SignIn) -> None:
    with transaction() as session:
        builders.a_meeting(session, call=world.call, secretary=world.manager, state="open")
    analysed(world)
    client = sign_in(world.members[2])
    assert client.get(f"/classement/{world.call.slug}/dossiers/{world.files[0].public_id}").status_code == 404
    for address in addresses(world).values():
        text = read(client, address)
        assert world.files[0].public_id not in text
        assert (world.files[0].number or "?") not in text


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.lists(st.integers(0, 10), min_size=3, max_size=3))
def test_whatever_the_hidden_scores_are_a_recused_persons_pages_are_the_same_bytes(
    hidden: list[int], sign_in: SignIn, kept: dict[str, object]
) -> None:
    """RV-09, RV-15: a member, a manager and an auditor who are recused from a file; before, and once it is analysed."""
    world = kept.get("world")
    if world is None:
        world = kept["world"] = a_round()
        with transaction() as session:
            builders.a_meeting(session, call=world.call, secretary=world.manager, state="open")
            for account in (world.manager, world.auditor):
                builders.an_interest(session, application=world.files[0], account=account, stand="conflict")
            kept["other"] = builders.an_account(session, role=Role.MANAGER, programme_id=world.call.programme_id)
    assert isinstance(world, Round)
    other = kept["other"]
    assert isinstance(other, Account)
    for review, halves in zip(world.reviews[:3], hidden, strict=True):
        change(review, halves)
    with clock.frozen(builders.NOW):
        analysis.ask(actor=acting(other), call=world.call.public_id)
    work()
    for reader in (world.members[2], world.manager, world.auditor):
        client = sign_in(reader)
        for name, address in addresses(world).items():
            text = read(client, address)
            assert kept.setdefault(f"{reader.id} {name}", text) == text
    whole = read(sign_in(other), addresses(world)["analysis"])
    assert world.files[0].number
    assert world.files[0].number in whole
    told = kept.setdefault("told", {})
    assert isinstance(told, dict)
    told[tuple(hidden)] = whole  # whoever may see the file sees something else each time
    assert len(set(told.values())) == len(told)


@pytest.fixture(scope="session")
def kept() -> dict[str, object]:
    """What the examples of a property share."""
    return {}


def test_pages_ask_no_more_than_eight_things(world: Round, sign_in: SignIn) -> None:
    analysed(world)
    client = sign_in(world.manager)
    for name, address in addresses(world).items():
        read(client, address)
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object, asked: list[str] = asked) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                asked.append(statement)

        event.listen(engine(), "before_cursor_execute", note)
        read(client, address)
        event.remove(engine(), "before_cursor_execute", note)
        assert len(asked) <= 8, "\n".join(
            " ".join((words[:50] + words[words.find("FROM") :][:70]).split()) for words in [name, *asked]
        )


def test_the_lot_is_promised_drawn_and_drawn_again_from_what_its_page_says(world: Round, sign_in: SignIn) -> None:
    analysed(world)
    meeting = sitting(world)
    page, client = f"/seances/{meeting}/tirage", sign_in(world.manager)
    assert "Aucune graine" in read(client, page)
    assert client.post(page, data={"word": "trop tôt"}).status_code == 409
    client.post(f"{page}/engagement")
    promised = re.search(r"<code>([0-9a-f]{64})</code>", read(client, page))
    assert promised
    assert "seed=" not in read(client, page)
    selection.open_meeting(actor=acting(world.manager), meeting=meeting)
    refused = client.post(page, data={"word": "x" * 300})
    assert (refused.status_code, "x" * 300 in refused.text) == (422, True)
    client.post(page, data={"word": "L'été à « Nantes » $HOME"})
    text = client.get(page).text
    recipe = re.search(r"<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    assert recipe
    said = subprocess.run(
        ["/bin/sh", "-c", unescape(recipe[1])], capture_output=True, text=True, check=True
    ).stdout.split()
    tickets = re.findall(r"<code>([0-9a-f]{64})</code></td>", text)
    digests = [word for word in said if len(word) == 64]
    assert digests == [*tickets, promised[1]]
    recused = read(sign_in(world.members[2]), page)
    assert "ne vous est pas montré" in recused
    assert promised[1] not in recused


def test_a_call_without_lot_has_no_such_page(world: Round, sign_in: SignIn) -> None:
    meeting = sitting(world)
    with transaction() as session:
        session.merge(world.call).lot = False
    assert sign_in(world.manager).get(f"/seances/{meeting}/tirage").status_code == 404
