"""The editor of a call: every part typed on a page, nothing typed lost, faults told where they are."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from grants.db import reading, transaction
from grants.domain.conditions import read_condition
from grants.domain.form_data import LONGEST
from grants.domain.forms import FieldKind
from grants.models import Account, Call, CallVersion
from grants.policies import Role
from grants.web.call.editing import condition_rows, fault_words
from tests import builders

pytestmark = pytest.mark.db

SignIn = Callable[[Account], FlaskClient]
EDIT = "/gestion/appels/essai-2027"


@pytest.fixture
def manager(app: object) -> Account:
    with transaction() as session:
        programme = builders.a_programme(session)
        return builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)


@pytest.fixture
def client(sign_in: SignIn, manager: Account) -> FlaskClient:
    """The manager, in front of a call that was just begun."""
    client = sign_in(manager)
    page = client.get("/gestion/appels/nouveau").get_data(as_text=True)
    programme = re.search(r'<option(?: selected)? value="([a-z0-9]{16})"', page)
    assert programme
    begun = client.post(
        "/gestion/appels/nouveau", data={"programme": programme[1], "title": "Essai", "edition": "2027", "kind": "open"}
    )
    assert begun.status_code == 303
    return client


def words(page: str) -> str:
    return re.sub(r"\s+", " ", page.replace("\u202f", " ").replace("\u00a0", " "))


def seen(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', client.get(f"{EDIT}/{path}").get_data(as_text=True))
    assert found
    return found[1]


def send(client: FlaskClient, path: str, **data: Any) -> tuple[int, str]:
    typed = {name.replace("__", "."): value for name, value in data.items()}
    answer = client.post(f"{EDIT}/{path}", data={"seen": seen(client, path), **typed})
    return answer.status_code, words(answer.get_data(as_text=True))


def document() -> dict[str, Any]:
    with reading() as session:
        return dict(session.scalars(select(CallVersion.draft)).one() or {})


def test_every_part_has_a_page_and_the_list_of_parts(client: FlaskClient) -> None:
    page = client.get(f"{EDIT}/texte").get_data(as_text=True)
    for href in re.findall(rf'href="({EDIT}/[a-z/]+)"', page):
        assert client.get(href).status_code == 200, href


def test_a_title_that_is_taken_away_is_asked_again_with_the_rest_kept(client: FlaskClient) -> None:
    status, page = send(client, "texte", call__title=" ", call__edition="2027", call__summary="Deux phrases.")
    assert (status, "Titre : À remplir." in page or "Titre : Remplissez ce champ." in page) == (422, True)
    assert "Deux phrases." in page


def dates(day: str, hour: str, fold: str = "") -> dict[str, str]:
    return {
        "call.zone": "Europe/Paris",
        "call.opens_at": "01/01/2026",
        "call.opens_at.hour": "9:00",
        "call.closes_at": day,
        "call.closes_at.hour": hour,
        "call.closes_at.fold": fold,
    }


def test_dl_03_an_hour_that_does_not_exist_is_refused_in_words(client: FlaskClient) -> None:
    data = {"seen": seen(client, "calendrier"), **dates("29/03/2026", "2:30")}
    answer = client.post(f"{EDIT}/calendrier", data=data)
    assert answer.status_code == 422
    assert "Cette heure n’existe pas" in words(answer.get_data(as_text=True))
    assert "closes_at" not in document()["call"]


def test_dl_03_an_hour_that_comes_twice_asks_which_and_keeps_the_answer(client: FlaskClient) -> None:
    asked = client.post(f"{EDIT}/calendrier", data={"seen": seen(client, "calendrier"), **dates("25/10/2026", "2h30")})
    page = words(asked.get_data(as_text=True))
    assert asked.status_code == 422
    assert "Cette heure vient deux fois" in page
    assert 'name="call.closes_at.fold"' in page
    for fold, instant in (("0", "2026-10-25T00:30:00Z"), ("1", "2026-10-25T01:30:00Z")):
        data = {"seen": seen(client, "calendrier"), **dates("25/10/2026", "2h30", fold)}
        assert client.post(f"{EDIT}/calendrier", data=data).status_code == 303
        assert document()["call"]["closes_at"] == instant


def test_the_same_wall_time_in_another_zone_is_another_instant(client: FlaskClient) -> None:
    data = {"seen": seen(client, "calendrier"), **dates("07/12/2026", "12:00"), "call.zone": "Africa/Dakar"}
    assert client.post(f"{EDIT}/calendrier", data=data).status_code == 303
    assert document()["call"]["closes_at"] == "2026-12-07T12:00:00Z"


def test_a_deadline_before_the_opening_is_told_at_its_field(client: FlaskClient) -> None:
    data = {"seen": seen(client, "calendrier"), **dates("31/12/2025", "12:00")}
    answer = client.post(f"{EDIT}/calendrier", data=data)
    assert answer.status_code == 422
    assert 'href="#call.closes_at"' in answer.get_data(as_text=True)


def test_the_stage_of_a_section_is_asked_of_calls_in_two_stages_alone(client: FlaskClient) -> None:
    first = document()["form"]["sections"][0] if "form" in document() else {"key": "project"}
    path = f"formulaire/{first['key']}"
    assert 'name="stage"' not in client.get(f"{EDIT}/{path}").get_data(as_text=True)
    assert send(client, "candidats", **{"call.kind": "two_stages"})[0] == 303
    assert send(client, path, title="Le projet", stage="full")[0] == 303
    assert document()["form"]["sections"][0]["stage"] == "full"
    assert "Avec le dossier complet seulement." in client.get(f"{EDIT}/formulaire").get_data(as_text=True)
    assert send(client, path, title="Le projet", stage="")[0] == 303
    assert "stage" not in document()["form"]["sections"][0]
    assert send(client, path, title="Le projet", stage="autre")[0] == 422


def test_a_row_is_added_moved_and_taken_out_without_a_script_and_without_losing_what_is_typed(
    client: FlaskClient,
) -> None:
    rows = {
        "criteria-0-name": "Premier",
        "criteria-0-weight": "60",
        "criteria-1-name": "Second",
        "criteria-1-weight": "40",
    }
    added = client.post(f"{EDIT}/grille", data={**rows, "act": "add:criteria"}).get_data(as_text=True)
    assert 'name="criteria-2-name"' in added
    assert 'value="Second"' in added
    moved = client.post(f"{EDIT}/grille", data={**rows, "act": "down:criteria:0"}).get_data(as_text=True)
    assert moved.index('value="Second"') < moved.index('value="Premier"')
    fewer = client.post(f"{EDIT}/grille", data={**rows, "act": "remove:criteria:0"}).get_data(as_text=True)
    assert 'value="Premier"' not in fewer
    assert document().get("criteria") is None


def test_a_criterion_keeps_its_key_when_it_moves(client: FlaskClient) -> None:
    rows = {"criteria-0-name": "Un", "criteria-0-weight": "60", "criteria-1-name": "Deux", "criteria-1-weight": "40"}
    assert client.post(f"{EDIT}/grille", data={"seen": seen(client, "grille"), **rows}).status_code == 303
    assert [(one["key"], one["name"]) for one in document()["criteria"]] == [("C1", "Un"), ("C2", "Deux")]
    turned = {
        "criteria-0-key": "C2",
        "criteria-0-name": "Deux",
        "criteria-0-weight": "40",
        "criteria-1-key": "C1",
        "criteria-1-name": "Un",
        "criteria-1-weight": "60",
    }
    assert client.post(f"{EDIT}/grille", data={"seen": seen(client, "grille"), **turned}).status_code == 303
    assert [one["key"] for one in document()["criteria"]] == ["C2", "C1"]


def test_two_who_write_the_same_part_see_both_texts_and_choose(client: FlaskClient) -> None:
    old = seen(client, "texte")
    send(client, "texte", call__title="Essai", call__edition="2027", call__summary="Le texte de l’autre.")
    answer = client.post(
        f"{EDIT}/texte",
        data={"seen": old, "call.title": "Essai", "call.edition": "2027", "call.summary": "Mon texte."},
    )
    page = words(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Mon texte." in page
    assert "Le texte de l’autre." in page
    assert document()["call"]["summary"] == "Le texte de l’autre."
    fresh = re.search(r'name="seen" value="([0-9a-f]+)"', answer.get_data(as_text=True))
    assert fresh
    kept = client.post(
        f"{EDIT}/texte",
        data={"seen": fresh[1], "call.title": "Essai", "call.edition": "2027", "call.summary": "Mon texte."},
    )
    assert (kept.status_code, document()["call"]["summary"]) == (303, "Mon texte.")


def test_two_who_write_different_parts_disturb_nobody(client: FlaskClient) -> None:
    old = seen(client, "lecture")
    send(client, "texte", call__title="Essai", call__edition="2027", call__summary="Le texte de l’autre.")
    data = {"seen": old, "call.reviews_required": "3", "call.quorum": "4"}
    assert client.post(f"{EDIT}/lecture", data=data).status_code == 303
    assert document()["call"]["summary"] == "Le texte de l’autre."
    assert document()["call"]["reviews_required"] == 3


QUESTION = "formulaire/project/nouvelle-question"


@pytest.mark.parametrize("kind", list(FieldKind))
def test_every_kind_of_question_has_its_page_and_its_preview(client: FlaskClient, kind: FieldKind) -> None:
    page = client.get(f"{EDIT}/{QUESTION}?type={kind}")
    assert page.status_code == 200
    drawn = client.post(
        f"{EDIT}/{QUESTION}", data={"kind": str(kind), "label": "Une question à voir", "act": "refresh"}
    )
    assert drawn.status_code == 200
    assert "Ce que verra une équipe" in drawn.get_data(as_text=True)


def fields() -> dict[str, dict[str, Any]]:
    return {one["key"]: one for section in document()["form"]["sections"] for one in section.get("fields", [])}


def test_a_question_with_choices_and_one_that_hangs_on_it(client: FlaskClient) -> None:
    added = client.post(
        f"{EDIT}/{QUESTION}",
        data={
            "kind": "choice",
            "label": "Qui porte le projet ?",
            "required": "yes",
            "choices-0-label": "Une ville",
            "choices-1-label": "Une ONG",
        },
    )
    assert added.status_code == 303
    assert fields()["qui_porte_le_projet"]["choices"] == [
        {"value": "une_ville", "label": "Une ville"},
        {"value": "une_ong", "label": "Une ONG"},
    ]
    hung = client.post(
        f"{EDIT}/{QUESTION}",
        data={
            "kind": "line",
            "label": "Quelle ville ?",
            "shown_if.op": "all",
            "shown_if.0.op": "test",
            "shown_if.0.field": "qui_porte_le_projet",
            "shown_if.0.test": "is",
            "shown_if.0.value": "Une ville",
        },
    )
    assert hung.status_code == 303
    asked = fields()["quelle_ville"]
    assert asked["shown_if"] == {"field": "qui_porte_le_projet", "is": "une_ville"}
    assert asked["required"] is False


def test_a_question_without_words_or_choices_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.post(f"{EDIT}/{QUESTION}", data={"kind": "choice", "label": "Laquelle ?"})
    assert (answer.status_code, "À remplir." in words(answer.get_data(as_text=True))) == (422, True)
    empty = client.post(f"{EDIT}/{QUESTION}", data={"kind": "line", "label": " "})
    assert empty.status_code == 422


def test_a_question_that_another_looks_at_cannot_be_taken_out_unseen(client: FlaskClient) -> None:
    client.post(
        f"{EDIT}/{QUESTION}",
        data={
            "kind": "line",
            "label": "Suite",
            "shown_if.op": "all",
            "shown_if.0.op": "test",
            "shown_if.0.field": "theme",
            "shown_if.0.test": "filled",
        },
    )
    answer = client.post(f"{EDIT}/formulaire/project", data={"act": "remove:theme"})
    assert answer.status_code == 422
    assert "« Suite »" in words(answer.get_data(as_text=True))
    assert "theme" in fields()


def test_questions_are_moved_copied_and_given_to_another_section(client: FlaskClient) -> None:
    client.post(f"{EDIT}/formulaire/project", data={"act": "up:theme"})
    assert list(fields())[4:6] == ["theme", "title"]
    client.post(f"{EDIT}/formulaire/project", data={"act": "copy:theme"})
    assert "theme_2" in fields()
    client.post(f"{EDIT}/formulaire/project", data={"act": "to:theme_2", "there": "identity"})
    sections = {one["key"]: [field["key"] for field in one.get("fields", [])] for one in document()["form"]["sections"]}
    assert sections["identity"][-1] == "theme_2"
    assert "theme_2" not in sections["project"]


def test_a_computed_value_is_built_from_lists(client: FlaskClient) -> None:
    for label in ("Femmes", "Hommes"):
        client.post(f"{EDIT}/{QUESTION}", data={"kind": "whole", "label": label, "required": "yes"})
    data = {"kind": "computed", "label": "Total", "formula.op": "sum", "formula.keys": ["femmes", "hommes"]}
    assert client.post(f"{EDIT}/{QUESTION}", data=data).status_code == 303
    assert fields()["total"]["formula"] == {"sum": ["femmes", "hommes"]}
    short = client.post(f"{EDIT}/{QUESTION}", data={"kind": "computed", "label": "Part", "formula.op": "share"})
    assert (short.status_code, "Complétez le calcul" in short.get_data(as_text=True)) == (422, True)


def test_a_key_never_changes_with_its_words(client: FlaskClient) -> None:
    path = "formulaire/project/questions/theme"
    status, _page = send(client, path, kind="line", label="Sujet du projet", limit="150", required="yes")
    assert (status, fields()["theme"]["label"]) == (303, "Sujet du projet")


def test_blind_review_is_chosen_with_the_committee_and_for_each_document(client: FlaskClient) -> None:
    status, _page = send(client, "lecture", call__reviews_required="2", call__quorum="1", call__blind="review")
    assert (status, document()["call"]["blind"]) == (303, "review")
    papers = [("Statuts", "statutes", ""), ("Comptes", "accounts", "no"), ("Lettres", "", "yes"), ("Photo", "", "")]
    rows = {
        f"documents-{rank}-{name}": value
        for rank, values in enumerate(papers)
        for name, value in zip(("label", "paper", "blind"), values, strict=True)
    }
    saved = client.post(f"{EDIT}/pieces", data={"seen": seen(client, "pieces"), **rows})
    assert saved.status_code == 303
    assert [one.get("blind") for one in document()["documents"]] == [None, False, True, None]
    page = client.get(f"{EDIT}/pieces").get_data(as_text=True)
    assert [page.count(f'<option value="{said}" selected') for said in ("yes", "no")] >= [1, 1]


def test_a_call_of_another_programme_is_not_there(client: FlaskClient, sign_in: SignIn) -> None:
    with transaction() as session:
        other = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
        lead = builders.an_account(
            session, role=Role.APPLICANT_LEAD, organisation_id=builders.an_organisation(session).id
        )
    for account in (other, lead):
        stranger = sign_in(account)
        for path in ("texte", "formulaire", "publication", "apercu/public"):
            assert stranger.get(f"{EDIT}/{path}").status_code == 404
        assert stranger.post(f"{EDIT}/texte", data={"call.title": "Pris"}).status_code == 404


def test_publishing_from_the_page_lists_what_lacks(client: FlaskClient) -> None:
    answer = client.post(f"{EDIT}/publication")
    page = words(answer.get_data(as_text=True))
    assert answer.status_code == 409
    for sentence in ("Les poids des critères doivent faire 100", "Les parts des tranches", "L’enveloppe de l’appel"):
        assert sentence in page
    with reading() as session:
        assert session.scalars(select(Call.state)).one() == "draft"


CONDITIONS = [
    {"field": "a", "is": "x"},
    {"not": {"field": "a", "is": "x"}},
    {"all": [{"field": "a", "is": "x"}, {"any": [{"field": "b", "at_least": "10"}, {"field": "c", "filled": False}]}]},
    {"not": {"any": [{"field": "a", "one_of": ["x", "y"]}, {"field": "b", "contains": "z"}]}},
    {
        "any": [
            {"all": [{"field": "a", "is": "x"}, {"not": {"field": "b", "is_not": "y"}}]},
            {"field": "c", "at_most": "1"},
        ]
    },
]


def posted(node: condition_rows.Node, path: str = "shown_if") -> dict[str, str]:
    found = {f"{path}.op": node.op, f"{path}.field": node.field, f"{path}.test": node.test, f"{path}.value": node.value}
    for rank, part in enumerate(node.parts):
        found |= posted(part, f"{path}.{rank}")
    return found


@pytest.mark.parametrize("data", CONDITIONS, ids=str)
def test_a_condition_comes_back_from_the_page_as_it_was(data: dict[str, Any]) -> None:
    read_condition(data)
    node = condition_rows.typed(posted(condition_rows.from_data(data)))
    assert condition_rows.to_data(node, {}) == data


def test_every_fault_that_a_reader_tells_has_its_french_sentence() -> None:
    import inspect  # noqa: PLC0415

    from grants.domain import conditions, eligibility_data, form_data, terms, terms_parts  # noqa: PLC0415

    sources = "".join(
        inspect.getsource(module) for module in (conditions, form_data, terms, terms_parts, eligibility_data)
    )
    codes = set(re.findall(r'add\([^"\n]*(?:"[^"]*"[^"\n]*)*?, "([a-z_]+)"\)', sources))
    codes |= set(re.findall(r'BadSentence\("([a-z_]+)"\)', sources)) | {"needed", "not_for_this_kind"}
    assert LONGEST
    assert len(codes) > 15
    assert codes - set(fault_words.FAULTS) == set()
