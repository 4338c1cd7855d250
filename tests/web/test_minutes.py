"""The page of the minutes: who is offered what, what is typed and refused stays, what the recused do not read."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grants.models import Account
from grants.services import keeper, relay, selection
from tests import letters
from tests.services.test_minutes import SECRET, Stage, a_sitting

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def stage() -> Stage:
    return a_sitting()


def page(client: FlaskClient, stage: Stage) -> str:
    answer = client.get(f"/seances/{stage.meeting.public_id}/proces-verbal")
    assert answer.status_code == 200
    return answer.text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.slow
def test_the_minutes_are_amended_approved_and_signed_on_their_page(stage: Stage, sign_in: SignIn, app: Flask) -> None:
    manager, other, chair, _reader, recused = map(sign_in, stage.accounts)
    address = f"/seances/{stage.meeting.public_id}/proces-verbal"
    assert "selection.approve-minutes" not in page(chair, stage)  # the sitting is open
    selection.close_meeting(actor=stage.manager, meeting=stage.meeting.public_id)

    refused = manager.post(f"{address}/rectifications", data={"text": "é" * 4001})
    assert refused.status_code == 422
    assert "é" * 4001 in refused.text  # what was typed is kept
    manager.post(f"{address}/rectifications", data={"text": "Lire douze.", "file": stage.seen.public_id})
    assert "Lire douze." in page(recused, stage)

    assert "selection.approve-minutes" not in page(recused, stage)
    chair.post(f"{address}/approbation")
    assert "Approuvé par Bernadette Présidente, présidence du comité" in page(manager, stage)
    again = chair.post(f"{address}/signature")
    assert again.status_code == 409
    assert "il faut deux personnes" in again.text
    other.post(f"{address}/signature")
    read = page(manager, stage)
    assert "Le document PDF se prépare" in read
    assert "selection.amend-minutes" not in read
    assert manager.get(f"{address}.pdf").status_code == 404

    relay.keep_all_due(keeper.handlers(letters.doors(app.config["STORE"].root.parent)))
    whole, extract = manager.get(f"{address}.pdf"), recused.get(f"{address}.pdf")
    assert (whole.status_code, extract.status_code) == (200, 200)
    assert whole.data != extract.data
    assert whole.headers["Content-Disposition"].startswith("inline; filename=proces-verbal-")


def test_the_recused_find_nothing_of_the_file_on_the_page_or_in_the_log(stage: Stage, sign_in: SignIn) -> None:
    recused = sign_in(stage.accounts[4])
    log = recused.get(f"/seances/{stage.meeting.public_id}/journal.json")
    assert log.status_code == 200
    for text in (page(recused, stage), log.text):
        assert SECRET not in text
        assert stage.hidden.public_id not in text
        assert "2026-002" not in text
    assert SECRET in page(sign_in(stage.accounts[0]), stage)
