"""The desk's part of the story: three files checked rule by rule; one is mended, one is put aside, two go on."""

from tests.journeys.applying import Applicant, letter_to
from tests.journeys.designing import SLUG, TITLE
from tests.journeys.page import Labelled, plain, sees, tagged
from tests.journeys.reader import Reader
from tests.journeys.scene import words_of
from tests.journeys.world import World

WISH = "Dites ce que fait la seconde personne de l’équipe."


def looks_at_the_queue(manager: Reader, three: list[Applicant]) -> None:
    """All that arrived, in one list."""
    manager.open("/gestion")
    manager.follow(TITLE)
    manager.follow("Dossiers reçus")
    sees(manager, *(one.project for one in three))


def checks(manager: Reader, applicant: Applicant, *, again: bool = False) -> None:
    """The rules are tried on a file, or tried again on what was mended; each says its article and its verdict."""
    manager.open(f"/gestion/candidatures?appel={SLUG}")
    manager.follow(applicant.project)
    manager.press("Relancer les vérifications" if again else "Enregistrer les vérifications")
    sees(manager, "article 2.2", "Ancienneté de l’organisation")


def gives_back(world: World, manager: Reader, applicant: Applicant) -> None:
    """One section is to be mended before a date of its own; the team is told."""
    checks(manager, applicant)
    manager.follow("Demander des corrections")
    manager.do("screening.return", {"reason": WISH})
    assert manager.status == 422
    manager.do(
        "screening.return",
        {"sections": Labelled(("Votre équipe",)), "due_on": "08/03/2027", "due_time": "18:00", "reason": WISH},
    )
    sees(manager, "Demande de corrections envoyée")
    assert "8 mars 2027" in plain(letter_to(world, applicant.who.email, WISH))


def mends(world: World, applicant: Applicant) -> None:
    """Only what was asked for is open; a line is added, and the file goes back, with another receipt."""
    person = applicant.who
    person.enter()
    person.open("/candidatures")
    person.follow(applicant.project)
    sees(person, "demande des compléments avant le lundi 8 mars 2027 à 18 h 00", WISH)
    here = person.path
    assert "Le projet" not in person.links()  # it is not open
    person.follow("Votre équipe")
    person.page.locator("[data-question=qui_fait_quoi] button[name=add]").click()
    person.do("application.edit", {"qui_fait_quoi-1-personne": "Moussa", "qui_fait_quoi-1-heures": "4"})
    person.open(here)
    person.follow("Vérifier et déposer")
    person.do("application.submit", {"consent": True, "signatory": person.name, "signatory_function": "Présidence"})
    again = next(word for word in person.text.split() if len(word) == 64)
    assert again != applicant.notes["sha256"]
    letter_to(world, person.email, applicant.notes["number"])


def lets_through(manager: Reader, applicant: Applicant, *, again: bool = False) -> None:
    """Every rule holds: the file goes to the committee."""
    checks(manager, applicant, again=again)
    manager.do("screening.declare-eligible")
    sees(manager, "Dossier éligible")
    tagged(manager, "Éligible")


def puts_aside(world: World, manager: Reader, applicant: Applicant) -> None:
    """A rule does not hold: what will leave is shown first, then the letter leaves and says the rule."""
    checks(manager, applicant)
    tagged(manager, "Non respectée")
    manager.follow("Déclarer inéligible")
    sees(manager, "Ce qui va se passer", "Ancienneté de l’organisation")
    manager.do("screening.declare-ineligible")
    sees(manager, "Dossier clos")
    tagged(manager, "Inéligible")
    person = applicant.who
    letter_to(world, person.email, "pas éligible")
    person.enter()
    person.open("/candidatures")
    person.follow(applicant.project)
    tagged(person, "Inéligible")
    letter = words_of(person.read("Lire la lettre"))
    assert "L’équipe reste à votre écoute" in letter
    assert "existe depuis le mardi 1er septembre 2026 ; ancienneté demandée à la date limite : 2 ans" in letter, letter
