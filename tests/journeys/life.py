"""The life of one application, from the draft to the closed project: what each person does, on which day.

Told once, for any driver: controls are found by what they do, links by their words, fields by their names. What the
pages say is checked on the way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.journeys.cast import HOLDER, PROJECT, TITLE, Cast, paris
from tests.journeys.page import Labelled, Person, Upload, Value, plain, sees, tagged
from tests.journeys.world import World


@dataclass
class Scene:
    """Who is there, and what was learnt on the way."""

    world: World
    cast: Cast
    people: Mapping[str, Person]
    notes: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)

    def enter(self, key: str) -> Person:
        """This person comes to the service."""
        person = self.people[key]
        person.enter()
        return person


Step = Callable[[Scene], None]


def a_pdf(words: str) -> Upload:
    """A document of one page, as people attach them."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": words})
    sheet = BytesIO()
    writer.write(sheet)
    return Upload(f"{words}.pdf", sheet.getvalue())


# the call and the draft


def publishes(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow(TITLE)
    tagged(manager, "Brouillon")
    manager.do("call.publish")
    sees(manager, "Appel publié.")
    tagged(manager, "Publié")


def starts(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow("Appels")
    lead.follow(TITLE)
    sees(lead, "Dépôt jusqu’au vendredi 29 janvier 2027", "20 000 €")
    lead.follow("Candidater")
    lead.do("application.start", near=HOLDER)
    sees(lead, "Votre dossier est commencé", "0 rubriques sur 7 terminées")
    tagged(lead, "Brouillon", "À faire")
    lead.follow("Vérifier et déposer")
    sees(lead, "avant le dépôt", "Il manque : Titre du projet.", "Le budget n’est pas commencé.", "Il manque : Statuts signés.")


IDENTITY = {
    "signatory_name": "Awa Diop",
    "signatory_function": "Présidente",
    "contact_name": "Awa Diop",
    "contact_phone": "02 98 00 00 00",
}
STORY = {
    "title": PROJECT,
    "theme": "Alimentation",
    "summary": "Relier les pêcheurs de deux côtes par des filières courtes.",
    "context": "Les mêmes poissons, les mêmes intermédiaires.",
    "activities": "Quatre ateliers et deux missions d’échange.",
    "alliance": "Chacun décide, chacun agit.",
    "learning": "Une méthode que d’autres ports reprendront.",
    "effects": "Des prix plus justes pour trente équipages.",
    "equality_climate": "Des mareyeuses aux commandes, moins de glace perdue.",
    "starts_on": "1er avril 2027",
    "ends_on": "30/09/2027",
}


def writes(scene: Scene) -> None:
    member = scene.enter("member")
    member.follow("Dossier sans titre")
    member.follow("Signature et contact")
    member.do("application.edit", IDENTITY)
    sees(member, "« Signature et contact » est enregistré.")
    member.follow("Le projet")
    member.do("application.edit", STORY)
    sees(member, PROJECT, "« Le projet » est enregistré.")
    member.follow("Partenaires du projet")
    for name, kind, country in (("Ville de Nort", "local_authority", "FR"), ("Coop Marée", "company", "SN")):
        member.do("application.edit", {"name": name, "actor_kind": kind, "country": country}, near="Ajouter un partenaire")
        sees(member, f"{name} est ajouté.")
    sees(member, "2 partenaires", "Autres natures d’acteurs : 2 sur 2 demandées")
    member.follow("Revenir au dossier")
    member.follow("Territoires")
    member.do("application.edit", {"here": "REG-53", "there": "SN", "place": "Joal"})
    member.follow("Engagements")
    member.do("application.edit", {"exact": True, "republican_commitment": True})
    sees(member, "5 rubriques sur 7 terminées")


BUDGET = {
    "purchases.services": ("", "3 200"),
    "other_services.travel": ("Deux missions", "5 800,00"),
    "staff.wages": ("", "6000"),
    "grants.this_fund": ("", "10 000"),
    "grants.department": ("Finistère", "3 000"),
    "own_funds.other": ("", "2.000,00 €"),
    "in_kind_uses.volunteering": ("", "500"),
    "in_kind_contributions.volunteering": ("", "500"),
}


def budget_fields(person: Person, lines: Mapping[str, tuple[str, str]]) -> dict[str, Value]:
    """The fields of the rows of these accounts, wherever the page has put them."""
    rows = {value: name.split("-")[1] for name, value in person.values().items() if name.endswith("-key")}
    fields: dict[str, Value] = {f"row-{rows[key]}-amount": amount for key, (_label, amount) in lines.items()}
    return fields | {f"row-{rows[key]}-label": label for key, (label, _amount) in lines.items() if label}


def counts(scene: Scene) -> None:
    member = scene.enter("member")
    member.follow(PROJECT)
    member.follow("Dépenses et ressources")
    unbalanced = {**BUDGET, "own_funds.other": ("", "1 000")}
    member.do("application.edit", budget_fields(member, unbalanced), near="Enregistrer et revenir au dossier")
    sees(member, "Les ressources et les dépenses diffèrent de 1 000 €.")
    tagged(member, "À corriger")
    member.follow("Dépenses et ressources")
    sees(member, "Il manque 1 000 €.")
    fields = budget_fields(member, {"own_funds.other": BUDGET["own_funds.other"]})
    member.do("application.edit", fields, near="Enregistrer et revenir au dossier")
    sees(member, "15 000 €, dont 10 000 € demandés", "6 rubriques sur 7 terminées")


def joins(scene: Scene) -> None:
    member = scene.enter("member")
    member.follow(PROJECT)
    member.follow("Pièces à joindre")
    for label in ("Statuts signés", "Comptes annuels approuvés", "Relevé d’identité bancaire", "Lettres d’engagement des partenaires"):
        member.do("application.attach", {"file": a_pdf(label)}, near=label)
        sees(member, f"{label}.pdf est reçu.")
    member.follow("Revenir au dossier")
    sees(member, "7 rubriques sur 7 terminées", "100 % du dossier")
    member.follow("Vérifier et déposer")
    sees(member, "Le dossier est complet.", "Seule la personne responsable de l’organisation dépose le dossier : Awa Diop.")
    member.do("application.request-signature")
    tagged(member, "En attente de signature")


def submits(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow(PROJECT)
    lead.follow("Relire et déposer")
    lead.do("application.submit")
    assert lead.status == 422
    sees(lead, "Cochez l’engagement pour déposer le dossier.")
    lead.do("application.submit", {"consent": True})
    sees(lead, "Numéro 2027-001", "reçu le mercredi 27 janvier 2027 à 17 h 30", "4 pièces jointes")
    scene.notes["number"] = "2027-001"
    scene.notes["sha256"] = next(word for word in lead.text.split() if len(word) == 64)
    scene.world.keep_promises()
    lead.follow("Suivre le dossier")
    tagged(lead, "Déposé")
    lead.follow("Récépissé")
    scene.letters["receipt"] = words_of(lead.read("Télécharger le récépissé (PDF)"))
    assert scene.notes["sha256"] in scene.letters["receipt"].replace(" ", "")
    assert "2027-001" in scene.letters["receipt"]


def words_of(pdf: bytes) -> str:
    """The text of a letter, as a reader of PDF finds it."""
    return plain("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


# screening and committee


def screens(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Examiner 1 dossier déposé")
    manager.follow(PROJECT)
    tagged(manager, "Déposé")
    manager.do("screening.check", near="Enregistrer les vérifications")
    tagged(manager, "Respectée")
    manager.do("screening.declare-eligible")
    sees(manager, "Dossier éligible : l’équipe candidate en est informée.")
    tagged(manager, "Éligible")


def declares(scene: Scene) -> None:
    for key, stand in (("reader", "free"), ("second", "free"), ("chair", "free"), ("recused", "conflict")):
        person = scene.enter(key)
        person.follow("Déclarer mes liens d’intérêt")
        (name,) = person.names("lien-")
        person.do("review.declare-interest", {name: stand})
        sees(person, "Déclarations enregistrées.")


def assigns(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Attribuer la lecture de 1 dossier éligible")
    sees(manager, "fermé : lien d’intérêt")
    readers = ("Salimata Keïta lit le dossier 2027-001", "Olivier Traoré lit le dossier 2027-001")
    manager.do("review.assign", {"lecture": Labelled(readers)})
    sees(manager, "2 attributions modifiées.", "Chaque dossier a ses lectrices et lecteurs.")
    manager.do("review.open")
    sees(manager, "Évaluation ouverte pour 1 dossier.")


MARKS = {"C1": "4", "C2": "4.5", "C3": "3.5", "C4": "4", "C5": "4", "C6": "3.5", "C7": "4"}


def reads(scene: Scene) -> None:
    for key in ("reader", "second"):
        person = scene.enter(key)
        sees(person, "0 dossier noté sur 1")
        person.follow("Lire le suivant")
        sees(person, PROJECT, "10 000 € demandés", "Aucun lien d’intérêt déclaré.")
        person.do("review.save", {"C1": "4", "opinion": "Solide."})
        sees(person, "Brouillon enregistré.")
        person.do("review.score", MARKS)
        assert person.status == 422, "a mark of 4,5 asks for a sentence"
        sees(person, "demande une phrase d’explication")
        person.do("review.score", {"comment_C2": "Une alliance exemplaire."})
        sees(person, "Évaluation rendue.")
        tagged(person, "Rendue")


AWARDED = "10 000"


LIFE: tuple[tuple[datetime, Step], ...] = (
    (paris(2026, 12, 14), publishes),
    (paris(2027, 1, 6, 10), starts),
    (paris(2027, 1, 12, 19), writes),
    (paris(2027, 1, 20, 21), counts),
    (paris(2027, 1, 26, 22), joins),
    (paris(2027, 1, 27, 17, 30), submits),
    (paris(2027, 2, 1, 10), screens),
    (paris(2027, 2, 3, 20), declares),
    (paris(2027, 2, 8, 9, 30), assigns),
    (paris(2027, 2, 15, 21), reads),
)


def live(scene: Scene) -> None:
    """Everything in its order; what was promised is kept after each step."""
    for moment, step in LIFE:
        scene.world.at(moment)
        step(scene)
        scene.world.keep_promises()
