"""The pages around the assignment: a proposal asked for, read and applied; what members know; the register's overrides."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from grants.db import reading, transaction
from grants.models import Account, Application, Appointment, Override, Proposal, Review
from tests.services.test_proposal import Round, a_round, ask, declare, pairs, work_here

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def made() -> Round:
    return a_round(files=3, members=3, required=2)


def newest() -> Proposal:
    with reading() as session:
        return session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()  # type: ignore[return-value]


def words(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#39;", "’")


def test_a_proposal_is_asked_for_waited_for_read_and_applied(made: Round, sign_in: SignIn) -> None:
    client, page = sign_in(made.managers[0]), f"/gestion/appels/{made.call.slug}/affectations"
    assert "Proposer une répartition" in client.get(page).text
    assert client.post(f"{page}/proposition", data={"garder": "all"}).status_code == 303
    waiting = client.get(f"{page}/proposition").text
    assert 'http-equiv="refresh"' in waiting
    assert "<progress" in waiting
    assert client.post(f"{page}/proposition", data={"garder": "all"}).status_code == 409
    work_here()
    told = words(client.get(f"{page}/proposition").text)
    assert "Tout le monde lit le même nombre de dossiers." in told
    assert all(file.number in told for file in made.files)
    assert pairs() == set()
    answer = client.post(f"{page}/proposition/application", data={"proposition": newest().public_id})
    assert (answer.status_code, len(pairs())) == (303, 6)
    assert "Cette répartition est appliquée" in client.get(f"{page}/proposition").text


def test_rv_08_a_stale_proposal_is_refused_with_the_reason_and_made_anew(made: Round, sign_in: SignIn) -> None:
    ask(made, anchors=frozenset({made.files[1].public_id}))
    work_here()
    old = newest()
    declare(made, 0, 0, "conflict")
    client, page = sign_in(made.managers[0]), f"/gestion/appels/{made.call.slug}/affectations/proposition"
    assert "n’est plus à jour" in client.get(page).text
    answer = client.post(f"{page}/application", data={"proposition": old.public_id})
    assert answer.status_code == 409
    assert "un lien d’intérêt a été déclaré" in answer.text
    assert "Une nouvelle proposition est en cours" in answer.text
    assert (newest().id != old.id, newest().wishes, pairs()) == (True, old.wishes, set())


def test_what_cannot_be_done_is_said_in_sentences(made: Round, sign_in: SignIn) -> None:
    for member in (0, 1):
        declare(made, member, 0, "conflict")
    ask(made)
    work_here()
    told = sign_in(made.managers[0]).get(f"/gestion/appels/{made.call.slug}/affectations/proposition").text
    assert f"Le dossier {made.files[0].number} ne trouve pas assez de lectrices et lecteurs" in words(told)
    assert "Un lien d’intérêt ne se relâche jamais." in told
    assert "Appliquer cette répartition" not in told


def test_what_members_know_is_noted_all_or_none(made: Round, sign_in: SignIn) -> None:
    client, page = sign_in(made.managers[0]), f"/gestion/appels/{made.call.slug}/comite"
    one, two = (member.public_id for member in made.members[:2])
    form = {
        "membre": [one, two],
        f"languages-{one}": ["fr", "es"],
        f"territories-{one}": "Sénégal, Occitanie, sénégal",
        f"themes-{one}": "eau",
        f"most_files-{two}": "beaucoup",
    }
    refused = client.post(page, data=form)
    assert refused.status_code == 422
    assert 'value="Sénégal, Occitanie, sénégal"' in refused.text
    assert client.post(page, data={**form, f"most_files-{two}": "4"}).status_code == 303
    with reading() as session:
        seats = {
            row.account_id: (row.languages, row.territories, row.themes, row.most_files)
            for row in session.scalars(select(Appointment).where(Appointment.call_id == made.call.id))
        }
    assert seats[made.members[0].id] == (["fr", "es"], ["sénégal", "Occitanie"], ["eau"], None)
    assert seats[made.members[1].id] == ([], [], [], 4)


def test_rv_08_the_register_shows_both_persons_of_an_override(made: Round, sign_in: SignIn) -> None:
    declare(made, 0, 0, "conflict")
    page = f"/gestion/appels/{made.call.slug}/liens"
    first, second = (sign_in(manager) for manager in made.managers)
    file, member = made.files[0].public_id, made.members[0].public_id
    assert first.post(f"{page}/{file}/{member}/ouverture", data={"reason": ""}).status_code == 409
    assert first.post(f"{page}/{file}/{member}/ouverture", data={"reason": "Lien ancien."}).status_code == 303
    with reading() as session:
        asked = session.scalars(select(Override.public_id)).one()
    assert first.post(f"{page}/ouvertures/{asked}/accord", data={"answer": "Oui."}).status_code == 403
    assert "Ouvrir le dossier" not in first.get(page).text
    assert "Ouvrir le dossier" in second.get(page).text
    assert second.post(f"{page}/ouvertures/{asked}/accord", data={"answer": "Oui, vu."}).status_code == 303
    told = words(first.get(page).text)
    assert all(manager.name in told for manager in made.managers)
    assert "Oui, vu." in told
    own = sign_in(made.members[0]).get(f"/evaluations/interets?appel={made.call.slug}").text
    assert "Deux responsables du programme vous ont ouvert ce dossier." in own


def test_a_fact_is_told_to_others_as_something_to_check(made: Round, sign_in: SignIn) -> None:
    """The committee's other members read no word of it; the register says what is to be verified, not what is."""
    with transaction() as session:
        row = session.get_one(Application, made.files[0].id)
        row.answers = {**row.answers, "contact_name": made.members[0].name}
    declare(made, 0, 0, "free")
    own = words(sign_in(made.members[0]).get(f"/evaluations/interets?appel={made.call.slug}").text)
    assert "Votre nom figure dans le dossier." in own
    assert "Relevé d’office : ce n’est peut-être rien." in own
    told = sign_in(made.managers[0]).get(f"/gestion/appels/{made.call.slug}/liens").text
    assert "à vérifier avec la personne" in told
    assert "nom semblable dans le dossier" in told
    other = sign_in(made.members[1]).get(f"/evaluations/interets?appel={made.call.slug}").text
    assert made.members[0].name not in other
    with reading() as session:
        assert session.scalars(select(Review)).all() == []
