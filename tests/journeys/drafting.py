"""The applicant's part of the story: the call is published, a file is written by two people, and submitted."""

from collections.abc import Mapping

from tests.journeys.cast import HOLDER, PROJECT, TITLE
from tests.journeys.page import Person, Value, sees, tagged
from tests.journeys.scene import Scene, a_pdf, words_of


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
    sees(lead, "Votre dossier est commencé", "0 rubrique sur 7 terminée")
    tagged(lead, "Brouillon", "À faire")
    lead.follow("Vérifier et déposer")
    sees(lead, "avant le dépôt", "Titre du projet", "Le budget n’est pas commencé.", "Statuts signés")


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
        member.do(
            "application.edit", {"name": name, "actor_kind": kind, "country": country}, near="Ajouter un partenaire"
        )
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
    for label in (
        "Statuts signés",
        "Comptes annuels approuvés",
        "Relevé d’identité bancaire",
        "Lettres d’engagement des partenaires",
    ):
        member.do("application.attach", {"file": a_pdf(label)}, near=label)
        sees(member, f"{label}.pdf est reçu.")
    member.follow("Revenir au dossier")
    sees(member, "7 rubriques sur 7 terminées", "100 % du dossier")
    member.follow("Vérifier et déposer")
    sees(
        member,
        "Le dossier est complet.",
        "Seule la personne responsable de l’organisation dépose le dossier : Awa Diop.",
    )
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
