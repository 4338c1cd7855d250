"""The pages of the selection studio: a trial from its form to its reference, and nothing of it for the recused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from grants import clock
from grants.db import engine, reading, transaction
from grants.models import Account, Call, CallVersion, Organisation, Scenario
from grants.policies import Role
from grants.services import scenario
from tests import builders
from tests.services.test_analysis import Round, a_round, acting, change
from tests.services.test_scenario import begun, made, work
from tests.web.test_analysis import read

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def world() -> Round:
    return a_round()


def studio(world: Round) -> str:
    return f"/classement/{world.call.slug}/scenarios"


def form_of(page: str) -> dict[str, str]:
    """The fields of the trial as the page filled them."""
    fields = dict(re.findall(r'<input id="([^"]+)" name="\1" value="([^"]*)"', page))
    ticked = re.findall(r'name="objective" value="([a-z_]+)" checked', page)
    return fields | {"objective": ticked[0], "note": ""}


def newest(world: Round) -> Scenario:
    with reading() as session:
        return session.scalars(select(Scenario).where(Scenario.call_id == world.call.id).order_by(-Scenario.id)).first()  # type: ignore[return-value]


def test_a_trial_goes_from_its_form_to_the_reference_of_the_sitting(world: Round, sign_in: SignIn) -> None:
    meeting = begun(world)
    client, member = sign_in(world.manager), sign_in(world.members[1])
    assert "Aucun scénario n’a encore été demandé" in read(client, studio(world))
    assert "Atelier de sélection" in read(client, f"/classement/{world.call.slug}")
    form = form_of(read(client, f"{studio(world)}/nouveau"))
    assert form["envelope_cents"].replace(" ", "") == "40000"
    out, asked = world.files[1].public_id, world.files[2].public_id
    form |= {"name": "Sans le deuxième", f"dossier-{out}": "out", f"montant-{asked}": "6 000", "note": "Pour voir."}
    answer = client.post(studio(world), data=form)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert 'http-equiv="refresh"' in read(client, page)
    work()
    text = read(client, page)
    for words in ("Sans le deuxième", "Pour voir.", "Ce que les règles coûtent", "Pourquoi pas ceux-là", "Graine"):
        assert words in text
    assert f"{world.files[1].number} écarté" in text
    assert "6 000" in text
    assert member.get(page).status_code == 404
    assert client.post(f"{page}/partage").status_code == 303
    assert "Sans le deuxième" in read(member, page)
    assert "Nom et remarque" not in read(member, page)
    assert client.post(f"{page}/reference").status_code == 303
    assert "référence de la séance" in read(client, page)
    assert client.post(f"{page}/retrait").status_code == 409
    side = read(client, f"/seances/{meeting.public_id}")
    assert "Sans le deuxième" in side
    assert "Écart à la référence" in side
    assert "Écart à la référence" not in read(sign_in(world.members[2]), f"/seances/{meeting.public_id}")


def test_a_name_that_cannot_be_kept_comes_back_with_its_note(world: Round, sign_in: SignIn) -> None:
    page, client = f"/scenarios/{made(world).public_id}", sign_in(world.manager)
    assert client.post(page, data={"name": "Autre nom", "note": ""}).status_code == 303
    refused = client.post(page, data={"name": "x" * 300, "note": "gardée"})
    assert (refused.status_code, "gardée" in refused.text) == (422, True)
    assert "Autre nom" in read(client, page)


def test_what_cannot_be_read_comes_back_with_all_that_was_typed(world: Round, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    form = form_of(read(client, f"{studio(world)}/nouveau"))
    form |= {
        "envelope_cents": "beaucoup",
        "places": "-1",
        "bound-0-kind": "theme",
        "bound-0-words": "Eau",
        "bound-0-min": "3",
        "bound-0-max": "1",
        "min_award_bp": "140",
    }
    answer = client.post(studio(world), data=form)
    assert answer.status_code == 422
    for typed in ("beaucoup", 'value="-1"', 'value="Eau"', 'value="140"'):
        assert typed in answer.text
    assert answer.text.count('aria-invalid="true"') == 4
    over = client.post(
        studio(world), data=form_of(read(client, f"{studio(world)}/nouveau")) | {"envelope_cents": "90000"}
    )
    assert over.status_code == 422
    assert "l’enveloppe de l’appel" in over.text


def test_scenarios_are_compared_side_by_side(world: Round, sign_in: SignIn) -> None:
    one, two = made(world), made(world, envelope_cents=2_500_000)
    client = sign_in(world.manager)
    text = read(client, f"{studio(world)}/comparaison?s={one.public_id}&s={two.public_id}")
    assert "0 en plus, 2 en moins" in text
    assert len(re.findall(r"diffère\b", text)) == 2
    assert "enveloppe de 25 000" in text
    assert "Choisissez de deux à quatre" in read(client, f"{studio(world)}/comparaison?s={one.public_id}")
    assert client.get(f"{studio(world)}/comparaison?s={one.public_id}&s=nothing-there").status_code == 404


def test_rules_without_a_set_are_told_in_words(world: Round, sign_in: SignIn) -> None:
    row = made(world, bounds=(("theme:marées", 2, None),))
    text = read(sign_in(world.manager), f"/scenarios/{row.public_id}")
    assert "Aucun ensemble de dossiers ne respecte toutes ces règles" in text
    assert "au moins 2 dossiers sur le thème « marées »" in text


def test_organisations_are_never_named(world: Round, sign_in: SignIn) -> None:
    """Not even where two files of one organisation stand in each other's way: their numbers say it."""
    with transaction() as session:
        files = [session.merge(file) for file in world.files[:2]]
        files[1].organisation_id = files[0].organisation_id
        session.get_one(Call, world.call.id).bounds = [{"tag": "organisation:*", "max": 1}]
        name = session.get_one(Organisation, files[0].organisation_id).name
    row = made(world, per_organisation=1)
    text = read(sign_in(world.manager), f"/scenarios/{row.public_id}")
    assert "Au plus 1 dossier de la même organisation" in text
    assert f"{world.files[0].number}, {world.files[1].number}" in text
    assert name not in text


@pytest.fixture(scope="session")
def kept() -> dict[str, Any]:
    """What the examples of the property share."""
    return {}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.lists(st.integers(0, 10), min_size=3, max_size=3))
def test_whatever_the_hidden_scores_are_the_recused_read_the_same_bytes(
    hidden: list[int], sign_in: SignIn, kept: dict[str, Any]
) -> None:
    """RV-09, RV-15: scenarios of all the files come and go, one is shared and held up to the sitting: they see nothing."""
    if "world" not in kept:
        world = kept["world"] = a_round()
        kept["meeting"] = begun(world)
        with transaction() as session:
            for account in (world.manager, world.auditor):
                builders.an_interest(session, application=world.files[0], account=account, stand="conflict")
            kept["other"] = builders.an_account(session, role=Role.MANAGER, programme_id=world.call.programme_id)
        with clock.frozen(builders.NOW):
            kept["own"] = made(world, world.manager)
    world = kept["world"]
    for review, halves in zip(world.reviews[:3], hidden, strict=True):
        change(review, halves)
    with clock.frozen(builders.NOW):
        whole = made(world, kept["other"])
    scenario.refer(actor=acting(kept["other"]), scenario=whole.public_id)
    own, meeting = kept["own"].public_id, kept["meeting"].public_id
    pages = (studio(world), f"/scenarios/{own}", f"{studio(world)}/nouveau", f"/classement/{world.call.slug}")
    for reader in (world.members[2], world.manager, world.auditor):
        client = sign_in(reader)
        assert client.get(f"/scenarios/{whole.public_id}").status_code == 404
        for address in (*pages, f"/seances/{meeting}"):
            answer = client.get(address)
            text = re.sub(r'name="(csrf_token|request_id)"[^>]*value="[^"]*"', "", answer.text)
            assert kept.setdefault(f"{reader.id} {address}", (answer.status_code, text)) == (answer.status_code, text)
            assert whole.public_id not in text


def test_pages_ask_no_more_than_sixteen_things(world: Round, sign_in: SignIn) -> None:
    one, two = made(world), made(world, envelope_cents=2_500_000)
    client = sign_in(world.manager)
    compared = f"{studio(world)}/comparaison?s={one.public_id}&s={two.public_id}"
    for address in (studio(world), f"{studio(world)}/nouveau", f"/scenarios/{one.public_id}", compared):
        read(client, address)
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object, asked: list[str] = asked) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                asked.append(statement)

        event.listen(engine(), "before_cursor_execute", note)
        read(client, address)
        event.remove(engine(), "before_cursor_execute", note)
        assert len(asked) <= 16, "\n".join([address, *(words[:150] for words in asked)])


def test_the_call_says_what_it_wants_of_the_set_and_publishes_it(world: Round, sign_in: SignIn) -> None:
    """Typed on the page of the committee, kept as tags, read by everybody once published, taken up by the studio."""
    with transaction() as session:
        builders.an_appointment(session, world.manager, Role.MANAGER, programme_id=world.call.programme_id)
    client = sign_in(world.manager)
    begun_call = client.get("/gestion/appels/nouveau").text
    programme = re.search(r'<option(?: selected)? value="([a-z0-9]{16})"', begun_call)
    assert programme
    start = {"programme": programme[1], "title": "Équilibre", "edition": "2027", "kind": "open"}
    assert client.post("/gestion/appels/nouveau", data=start).status_code == 303
    edit = "/gestion/appels/equilibre-2027/lecture"

    def send(**typed: str) -> Any:
        found = re.search(r'name="seen" value="([0-9a-f]*)"', client.get(edit).text)
        assert found
        return client.post(edit, data={"seen": found[1], "call.reviews_required": "2", "call.quorum": "1", **typed})

    rows = {
        "call.objective": "sum_by_amount",
        "call.min_award_bp": "80",
        "bounds-0-kind": "actor",
        "bounds-0-tag": "Association, ONG, syndicat",
        "bounds-0-min": "2",
        "bounds-1-kind": "organisation",
        "bounds-1-max": "1",
    }
    wrong = send(**rows | {"bounds-0-tag": ""})
    assert wrong.status_code == 422
    assert "sum_by_amount" in wrong.text
    assert send(**rows).status_code == 303
    again = read(client, edit)
    assert 'value="Association, ONG, Syndicat"' in again
    with reading() as session:
        (version,) = session.scalars(select(CallVersion).join(Call).where(Call.slug == "equilibre-2027"))
        assert version.draft is not None
        assert version.draft["bounds"] == [{"tag": "actor:ngo,union", "min": 2}, {"tag": "organisation:*", "max": 1}]
        assert version.draft["call"]["min_award_bp"] == 8_000
    public = read(client, "/gestion/appels/equilibre-2027/apercu/public")
    assert "au moins 2 dossiers" in public.lower()
    assert "chacune multipliée par son montant" in public


def test_rv_05_under_a_blind_call_no_page_of_a_scenario_names_who_applies(world: Round, sign_in: SignIn) -> None:
    """Not the list, nor a scenario, a comparison, the form, nor the side of the sitting; the team reads the names."""
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "selection"
        file = session.merge(world.files[3])
        session.get_one(Organisation, file.organisation_id).name = "Rivages Unis"
        file.title = "Les jardins de Rivages Unis"
    meeting = begun(world)
    one, two = made(world), made(world, envelope_cents=2_000_000)
    scenario.refer(actor=acting(world.manager), scenario=one.public_id)
    side = f"/seances/{meeting.public_id}"
    pages = [studio(world), f"{studio(world)}/nouveau", f"/scenarios/{one.public_id}", side]
    pages.append(f"{studio(world)}/comparaison?s={one.public_id}&s={two.public_id}")
    chair, team = sign_in(world.members[0]), sign_in(world.manager)
    assert all("Rivages Unis" not in read(chair, page) for page in pages)
    assert "Les jardins de" in read(chair, f"/scenarios/{one.public_id}")
    assert "Les jardins de Rivages Unis" in read(team, f"/scenarios/{one.public_id}")
