"""The applicants' part of the story: how three organisations come, say who they are, write their files and submit them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import expect

from grants import clock
from grants.delivery import mailbox
from tests.journeys.designing import SLUG
from tests.journeys.drafting import BUDGET, STORY, budget_fields
from tests.journeys.page import Value, sees, tagged
from tests.journeys.reader import Reader
from tests.journeys.scene import a_pdf, words_of
from tests.journeys.world import World

TRIES = 3
LINK = re.compile(r"https?://\S+/invitations/[\w-]+")
DATES = {"starts_on": "1er mai 2027", "ends_on": "30/04/2028"}


@dataclass
class Applicant:
    """An organisation that comes: its passport, its partner (name, kind, country), where it works."""

    who: Reader
    passport: Mapping[str, Value]
    project: str
    partner: tuple[str, str, str]
    places: Mapping[str, str]
    notes: dict[str, str] = field(default_factory=dict)


ASSOCIATION: Mapping[str, Value] = {
    "name": "Rives Communes",
    "legal_form": "Association loi 1901",
    "founded_on": "12/03/2015",
    "country": "FR",
    "siret": "404 833 048 00006",
    "rna": "W751234567",
    "address": "4 quai du Port\n29200 Brest",
    "representative": "Awa Diop",
    "representative_function": "Présidente",
}
UNION: Mapping[str, Value] = {
    "name": "Syndicat des gens de mer",
    "legal_form": "Syndicat professionnel",
    "founded_on": "01/09/2026",
    "country": "FR",
    "siret": "552 100 554 00005",
    "address": "2 rue du Large\n56100 Lorient",
    "representative": "Yann Le Bris",
    "representative_function": "Secrétaire",
}
ABROAD: Mapping[str, Value] = {
    "founded_on": "05/06/2011",
    "register_name": "Registre des associations du Sénégal",
    "register_number": "SN-2011-0457",
    "address": "12 rue de Thiong\nDakar",
    "representative": "Fatou Sarr",
    "representative_function": "Coordinatrice",
}


def letter_to(world: World, email: str, words: str) -> str:
    """The text of the newest mail to an address that says these words. What is late is waited for, on the story's clock."""
    folder = world.settings.mailbox_dir
    for _try in range(TRIES):
        world.keep_promises()
        for entry in mailbox.list_messages(folder, recipient=email).messages:
            text = mailbox.read_message(folder, entry.name).text
            if words in f"{entry.subject}\n{text}":
                return text
        world.at(clock.now() + timedelta(minutes=10))
    raise AssertionError((email, words, [one.subject for one in mailbox.list_messages(folder).messages]))


def _through_the_mail(world: World, person: Reader) -> None:
    link = LINK.search(letter_to(world, person.email, "/invitations/"))
    assert link, f"no link in the mail to {person.email}"
    person.open(link[0])
    person.do("account.accept-invitation", {"name": person.name, "password": person.password})


def tries_the_rules(person: Reader) -> None:
    """Somebody without an account asks whether the call is for them."""
    person.open(f"/fr/appels/{SLUG}")
    sees(person, "Pièces à joindre", "Statuts signés", "L’organisation existe depuis 2 ans au moins")
    person.follow("Vérifier si l’appel est pour nous")
    sees(person, "article 2.2")
    person.page.select_option("select", label="Syndicat")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Voir le résultat").click()
    sees(person, "À vérifier")


def registers(world: World, applicant: Applicant) -> None:
    """An account by a link in a mail, then one's own organisation."""
    person = applicant.who
    person.open(f"/fr/appels/{SLUG}")
    person.follow("Candidater")
    person.open("/inscription")
    person.do("account.register", {"email": person.email})
    sees(person, "Regardez votre messagerie")
    _through_the_mail(world, person)
    sees(person, "Inscrire mon organisation")
    person.do("organisation.found", applicant.passport)
    sees(person, "Votre organisation est inscrite.")


def is_asked_in(world: World, manager: Reader, applicant: Applicant) -> None:
    """The manager enters an organisation from abroad and writes to who leads it; the person completes its passport."""
    person, name = applicant.who, "Teranga Ateliers"
    manager.open("/gestion")
    manager.follow("Membres")
    manager.follow("Inscrire une organisation")
    manager.do("organisation.register", {"name": name, "actor_kind": "ngo", "country": "SN"})
    manager.follow("Inviter la personne qui la représente")
    assert manager.page.locator("select[name=offer] option:checked").text_content() == name
    manager.press("Envoyer l’invitation", {"name": person.name, "email": person.email})
    sees(manager, "Invitation envoyée")
    _through_the_mail(world, person)
    sees(person, "Teranga Ateliers")
    person.follow("Teranga Ateliers")
    person.follow("Modifier la fiche")
    person.do("organisation.edit", applicant.passport)


def begins(person: Reader) -> None:
    """From the page of the call to the list of what there is to do."""
    person.open(f"/fr/appels/{SLUG}")
    person.follow("Candidater")
    person.do("application.start")
    sees(person, "Votre dossier est commencé", "Votre équipe", "Accords")


def writes(applicant: Applicant) -> None:
    """Every section, then the page that checks; what it says is missing goes away bit by bit."""
    person, here = applicant.who, applicant.who.path
    person.follow("Partenaires du projet")
    name, kind, country = applicant.partner
    person.do("application.edit", {"name": name, "actor_kind": kind, "country": country}, near="Ajouter un partenaire")
    person.open(here)
    person.follow("Territoires")
    person.do("application.edit", applicant.places)
    person.open(here)
    person.follow("Le projet")
    person.do("application.edit", STORY | DATES | {"title": applicant.project})
    person.follow("Dépenses et ressources")
    person.do("application.edit", budget_fields(person, BUDGET), near="Enregistrer et revenir au dossier")
    person.open(here)
    person.follow("Pièces à joindre")
    person.do("application.attach", {"file": a_pdf("Statuts signés")}, near="Statuts signés")
    sees(person, "Statuts signés.pdf est reçu.")
    person.open(here)
    person.follow("Votre équipe")
    person.do(
        "application.edit",
        {
            "qui_tient_l_atelier": "des_benevoles",
            "qui_fait_quoi-0-personne": person.name,
            "qui_fait_quoi-0-heures": "12,5",
        },
    )
    person.follow("Accords")
    person.do("application.edit", dict.fromkeys(person.names("les_renseignements"), True))
    sees(person, "7 rubriques sur 7 terminées")


def types_and_it_is_kept(person: Reader) -> None:
    """A choice brings its question; what is typed is kept without a button; the sum is made while one looks."""
    here, page = person.path, person.page
    person.follow("Votre équipe")
    assert page.is_hidden("#comment_sont_elles_remunerees")
    page.get_by_label("Des personnes salariées").check()
    assert page.is_visible("#comment_sont_elles_remunerees")
    page.fill("#comment_sont_elles_remunerees", "Au tarif horaire de la convention.")
    with page.expect_response(lambda answer: "/champs/comment_sont" in answer.url):
        page.press("#comment_sont_elles_remunerees", "Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    page.reload()
    assert page.input_value("#comment_sont_elles_remunerees") == "Au tarif horaire de la convention."
    page.fill("#qui_fait_quoi-0-heures", "7,5")
    assert page.inner_text("#heures_en_tout [data-value]") == "7,5"
    person.open(here)


def submits(world: World, applicant: Applicant) -> None:
    """Reads all again, signs, and has a receipt: on the page, as a letter, by mail."""
    person = applicant.who
    person.follow("Vérifier et déposer")
    sees(person, "Le dossier est complet.", "article 2.2")
    signatory = {"signatory": person.name, "signatory_function": "Présidence"}
    person.do("application.submit", {**signatory, "consent": True})
    sees(person, "reçu le", applicant.project)
    applicant.notes["number"] = re.search(r"2027-\d{3}", person.text)[0]  # type: ignore[index]
    applicant.notes["sha256"] = next(word for word in person.text.split() if len(word) == 64)
    letter_to(world, person.email, applicant.notes["number"])
    person.follow("Suivre le dossier")
    tagged(person, "Déposé")
    person.follow("Récépissé")
    receipt = words_of(person.read("Télécharger le récépissé (PDF)"))
    assert applicant.notes["sha256"] in receipt.replace(" ", "")
