"""A call built on the pages alone, in a browser: begun, written part by part, published, amended under an applicant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.db import transaction
from grants.models import Account, Call, Organisation
from grants.policies.actors import Role
from tests import builders
from tests.journeys.browser import Browser, chromium
from tests.journeys.page import sees
from tests.journeys.world import World, served

pytestmark = [pytest.mark.db, pytest.mark.slow]

EDIT = "/gestion/appels/villes-solidaires-2027"
DATES = {
    "call.opens_at": ("01/10/2026", "9:00"),
    "call.closes_at": ("07/12/2028", "12:00"),
    "call.reviews_open_at": ("16/12/2028", "9:00"),
    "call.reviews_close_at": ("15/01/2029", "18:00"),
    "call.committee_at": ("21/01/2029", "9:30"),
    "call.results_public_at": ("15/02/2029", "9:00"),
}


class Cast:
    """An empty instance with a programme, its manager, and an association."""

    def __init__(self, world: World, album: Path) -> None:
        with transaction() as session:
            programme = builders.a_programme(session, name="Villes solidaires")
            self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id, name="Nadia Bel")
            self.holder = builders.an_organisation(session, name="Rives Communes")
            self.lead = builders.an_account(
                session, role=Role.APPLICANT_LEAD, organisation_id=self.holder.id, name="Awa Diop"
            )
        self._world, self._album = world, album
        self._playwright, self._chromium = chromium()
        self.browsers: list[Browser] = []

    def enter(self, account: Account) -> Browser:
        """This person, signed in, in front of a screen."""
        person = Browser(
            self._chromium, self._world.base_url, account.name, account.email, builders.PASSWORD, self._album
        )
        self.browsers.append(person)
        person.enter()
        return person

    def draft(self) -> str:
        """A file of the association that is being written."""
        with transaction() as session:
            call = session.query(Call).one()
            holder = session.get_one(Organisation, self.holder.id)
            lead = session.get_one(Account, self.lead.id)
            row = builders.a_draft(session, call=call, lead=lead, organisation=holder)
            return row.public_id

    def leave(self) -> None:
        for one in self.browsers:
            one.close()
        self._chromium.close()
        self._playwright.stop()  # type: ignore[attr-defined]


@pytest.fixture
def cast(world: World, tmp_path: Path) -> Iterator[Cast]:
    album = tmp_path / "album"
    album.mkdir()
    made = Cast(world, album)
    with served(world):
        yield made
        made.leave()


def write_parts(manager: Browser) -> None:
    """Text, dates, money, committee, tranches: what publishing asks for."""
    manager.do(
        "call.draft",
        {
            "call.summary": "Des villes et leurs habitants.",
            "call.text": "Ensemble.",
            "call.contact": "villes@exemple.invalid",
        },
    )
    manager.open(f"{EDIT}/calendrier")
    manager.do(
        "call.draft",
        {name + end: text for name, typed in DATES.items() for end, text in zip(("", ".hour"), typed, strict=True)},
    )
    manager.open(f"{EDIT}/enveloppe")
    manager.do("call.draft", {"envelope.total_cents": "120 000", "call.min_cents": "5 000", "call.max_cents": "20 000"})
    manager.open(f"{EDIT}/lecture")
    manager.do("call.draft", {"call.reviews_required": "3", "call.quorum": "4"})
    manager.open(f"{EDIT}/tranches")
    manager.press("Ajouter une tranche", {"tranches-0-share_bp": "60"})
    manager.do("call.draft", {"tranches-1-share_bp": "40", "tranches-1-condition": "final_report_accepted"})


def write_rubric(manager: Browser) -> None:
    """Two criteria, the second added with its button."""
    manager.open(f"{EDIT}/grille")
    manager.press("Ajouter un critère", {"criteria-0-name": "Pertinence", "criteria-0-weight": "60"})
    assert manager.values()["criteria-0-name"] == "Pertinence"
    manager.do("call.draft", {"criteria-1-name": "Faisabilité", "criteria-1-weight": "40"})
    sees(manager, "Somme des poids : 100 sur 100")


def choose(person: Browser, name: str, value: str) -> None:
    """Choose in a list that brings the page up to date by itself."""
    with person._page.expect_navigation():
        person._page.select_option(f'[name="{name}"]', value)


def write_form(manager: Browser) -> None:
    """A section with a list of choices, and a question that is asked for one of them only."""
    manager.open(f"{EDIT}/formulaire")
    manager.press("Ajouter la rubrique", {"title": "Votre ville"})
    manager.press("Écrire la question", {"type": "choice"})
    manager.do(
        "call.draft",
        {"label": "Quelle taille ?", "choices-0-label": "Moins de 5 000 habitants", "choices-1-label": "Plus grande"},
    )
    manager.press("Écrire la question", {"type": "text"})
    manager.press("Ajouter une condition", {"label": "Comment les villages voisins y prennent-ils part ?"})
    choose(manager, "shown_if.0.field", "quelle_taille")
    manager.do("call.draft", {"shown_if.0.value": "moins_de_5_000_habitants"})
    sees(manager, "Comment les villages voisins y prennent-ils part ?", "sous condition", "Ce que verra une équipe")


def test_a_call_is_built_from_nothing_published_and_amended_on_the_pages_alone(cast: Cast) -> None:
    manager = cast.enter(cast.manager)
    manager.open("/gestion")
    manager.follow("Nouvel appel")
    manager.do("call.draft", {"title": "Villes solidaires", "edition": "2027", "kind": "open"})
    assert manager.path == f"{EDIT}/texte"
    write_parts(manager)
    manager.open(f"{EDIT}/publication")
    sees(manager, "Les poids des critères doivent faire 100")
    write_rubric(manager)
    write_form(manager)
    for role in ("public", "candidature", "evaluation", "pilotage"):
        manager.open(f"{EDIT}/apercu/{role}")
        assert manager.status == 200
    manager.open(f"{EDIT}/publication")
    sees(manager, "Rien ne manque pour publier", "Les dépôts ferment.")
    manager.do("call.publish")
    sees(manager, "Appel publié.")
    amended(cast, manager)


def amended(cast: Cast, manager: Browser) -> None:
    """The published call changes a question and its deadline; the team that writes is told, and keeps its words."""
    file = cast.draft()
    manager.open(f"{EDIT}/texte")
    sees(manager, "Cet appel est publié : son texte est figé.")
    manager.press("Modifier l’appel")
    manager.open(f"{EDIT}/formulaire/project/questions/summary")
    manager.do("call.draft", {"label": "Résumé du projet"})
    manager.open(f"{EDIT}/calendrier")
    manager.do("call.draft", {"call.closes_at": "10/12/2028"})
    manager.open(f"{EDIT}/publication")
    sees(manager, "Résumé du projet", "dimanche 10 décembre 2028", "1 brouillon suit le nouveau texte")
    manager.do("call.amend", {"reason": ""})
    assert manager.status == 409
    manager.do("call.amend", {"reason": "Un mot était ambigu."})
    sees(manager, "La nouvelle version de l’appel est en vigueur.")
    manager.open(f"{EDIT}/versions")
    sees(manager, "2 versions publiées", "Un mot était ambigu.")
    lead = cast.enter(cast.lead)
    lead.open(f"/candidatures/{file}")
    sees(lead, "L’appel a été modifié", "Motif : Un mot était ambigu.", "Question modifiée : Résumé du projet")
    lead.press("J’ai vu ces changements")
    assert "Motif : Un mot était ambigu." not in lead.text
    assert manager.complaints == ["Failed to load resource: the server responded with a status of 409 (CONFLICT)"]
