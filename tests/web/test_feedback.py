"""The page on which the programme composes what applicants are told."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from grants.db import reading, transaction
from grants.models import Account, Application, Decision, Review
from grants.services import decision as deciding
from tests.services.test_analysis import acting
from tests.services.test_feedback import NOTE, SAID, TEXT, Board

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def board() -> Board:
    return Board()


def address(board: Board, of: int = 0) -> str:
    return f"/gestion/decisions/{board.decisions[of].public_id}/retour"


def field(text: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def code_of(text: str, words: str) -> str:
    """The code of the box beside these words."""
    found = re.search(rf'name="choisi" value="([^"]+)"[^>]*> <span>{re.escape(words)}', text)
    assert found is not None
    return found[1]


def test_levels_and_sentences_are_put_into_the_text_edited_and_kept(board: Board, sign_in: SignIn) -> None:
    client, page = sign_in(board.manager), address(board)
    assert f'href="{page}"' in client.get(page.removesuffix("/retour")).text
    told = client.get(page).text
    assert "Ce texte accompagne le motif" in told
    assert not [member.name for member in board.members if member.name in told]
    code = code_of(told, "Le calendrier est bien tenu.")
    answer = client.post(page, data={"act": "compose", "text": "Bonjour.", "choisi": ["C2", code], "seen": ""})
    assert field(answer.text, "text") == "Bonjour.\n\nCritère 2 : Correct.\n\nLe calendrier est bien tenu."
    assert answer.text.count(" checked") == 2
    assert board.standing() == ""  # nothing is kept before the button
    kept = client.post(page, data={"act": "save", "text": TEXT, "choisi": [code], "seen": ""})
    assert (kept.status_code, board.standing()) == (303, TEXT)
    assert TEXT[:40] in client.get(kept.headers["Location"]).text
    again = client.get(page).text
    assert field(again, "text") == TEXT
    assert again.count(" checked") == 1


def test_what_must_stay_inside_is_shown_where_it_stands_and_the_text_is_not_lost(board: Board, sign_in: SignIn) -> None:
    text = "Jeanne Marchand a aimé votre projet, classé devant le dossier 2027-011."
    answer = sign_in(board.manager).post(address(board), data={"act": "save", "text": text, "seen": ""})
    assert answer.status_code == 422
    assert re.findall(r"<mark>(.*?)</mark>", answer.text) == ["Jeanne Marchand", "2027-011"]
    assert "2 passages ne peuvent pas partir" in answer.text
    assert field(answer.text, "text") == text
    assert 'name="confirme"' not in answer.text


def test_a_motive_that_names_somebody_is_shown_to_its_author_too(board: Board, sign_in: SignIn) -> None:
    client, page = sign_in(board.manager), address(board)
    assert "<mark>" not in client.get(page).text
    with transaction() as session:
        session.get_one(Decision, board.decisions[0].id).motive = "Moins bien que 2027-011, dit Jeanne Marchand."
    told = client.get(page).text
    assert "Le motif de la décision, qui part aussi" in told
    assert re.findall(r"<mark>(.*?)</mark>", told) == ["2027-011", "Jeanne Marchand"]


def test_what_may_be_right_is_confirmed_on_the_page(board: Board, sign_in: SignIn) -> None:
    client, page = sign_in(board.manager), address(board)
    form = {"act": "save", "text": "Le calendrier obtient 2/5.", "seen": ""}
    answer = client.post(page, data=form)
    assert answer.status_code == 422
    codes = re.findall(r'name="confirme" value="([^"]+)"', answer.text)
    assert codes == ["mark:25"]
    assert client.post(page, data={**form, "confirme": codes}).status_code == 303
    assert board.standing() == form["text"]


def test_a_text_with_nothing_to_say_against_is_told_so_when_it_is_composed(board: Board, sign_in: SignIn) -> None:
    answer = sign_in(board.manager).post(address(board), data={"act": "compose", "text": TEXT, "seen": ""})
    assert "Rien dans ce texte ne nomme" in answer.text
    assert "un surnom ou une allusion" in answer.text


def test_what_somebody_else_kept_meanwhile_is_not_written_over(board: Board, sign_in: SignIn) -> None:
    board.write("Déjà dit.", by=board.second)
    answer = sign_in(board.manager).post(address(board), data={"act": "save", "text": TEXT, "seen": ""})
    assert (answer.status_code, field(answer.text, "text"), board.standing()) == (409, TEXT, "Déjà dit.")


def test_rv_07_the_applicants_page_shows_the_feedback_and_nothing_that_tells_who_read(
    board: Board, sign_in: SignIn
) -> None:
    """Their page before and after the letter, the history of the file, every address in it."""
    board.write()
    with reading() as session:
        lead = session.get_one(Account, session.get_one(Application, board.files[0].id).created_by_id)
        hidden = {word for one in board.members for word in (one.name, one.email, one.public_id)}
        hidden |= set(session.scalars(select(Review.public_id))) | {NOTE, *SAID}
    client, page = sign_in(lead), f"/candidatures/{board.files[0].public_id}/suivi"
    assert TEXT[:30] not in client.get(page).text  # AZ-13: nothing before the letter
    deciding.release(actor=acting(board.manager), decisions=[row.public_id for row in board.decisions])
    for path in (page, f"/candidatures/{board.files[0].public_id}"):
        answer = client.get(path, follow_redirects=True)
        text = html.unescape(answer.text)
        assert answer.status_code == 200
        assert [word for word in hidden if word in text + str(answer.headers)] == []
    assert TEXT in html.unescape(client.get(page).text)


def test_applicants_text_cannot_hurt_the_page(board: Board, sign_in: SignIn) -> None:
    text = "<script>alert(1)</script> Jeanne Marchand"
    answer = sign_in(board.manager).post(address(board), data={"act": "save", "text": text, "seen": ""})
    assert "<script>alert" not in answer.text
    assert field(answer.text, "text") == text
