"""Pages that lead elsewhere: the help page, and the parts of a call that is written."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from grants.db import transaction
from grants.exchange.call_pack import read_pack
from grants.models import Account
from grants.policies.actors import Role
from tests import builders

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_help_page_answers_and_leads_where_it_says(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/aide").get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("<details") > 10
    links = set(re.findall(r'href="(/[^"]+)"', main))
    assert {"/inscription", "/verification"} <= links
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_the_parts_of_a_call_lead_to_its_rehearsal_and_to_its_file(sign_in: SignIn) -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
    client = sign_in(manager)
    place = f"/gestion/appels/{call.slug}"
    page = client.get(f"{place}/texte").get_data(as_text=True)
    assert f'href="{place}/essai"' in page
    assert f'href="{place}/modele"' in page
    assert client.get(f"{place}/essai").status_code == 200
    assert read_pack(client.get(f"{place}/modele").get_data()).name
