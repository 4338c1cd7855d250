"""The committee's part of the story: screened, read, discussed, decided, told."""

from tests.journeys.cast import HOLDER, PROJECT, TITLE
from tests.journeys.page import Labelled, sees, tagged
from tests.journeys.scene import Scene, words_of


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
        sees(person, "sur 1")
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


def convenes(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow(TITLE)
    manager.do("selection.convene", {"held_on": "4 mars 2027", "held_time": "9 h 30", "place": "Lille"})
    sees(manager, "Séance convoquée.", "Lille")
    tagged(manager, "Convoquée")
    manager.do("selection.open")
    assert manager.status == 409
    sees(manager, "Le quorum n’est pas atteint")


def sits(scene: Scene) -> None:
    chair = scene.enter("chair")
    chair.follow("Séance du comité")
    present = ("Bernard Le Goff", "Salimata Keïta", "Olivier Traoré", "Hélène Garrigue")
    chair.do("selection.record-attendance", {"present": Labelled(present)})
    tagged(chair, "4 présents, quorum 2")
    chair.do("selection.open")
    tagged(chair, "Séance ouverte")
    sees(
        chair,
        f"À appeler : {scene.notes['number']}",
        "80,0",
        "3 membres peuvent voter.",
        "1 membre présent s’est retiré de ce dossier.",
    )
    chair.do("selection.call-file")
    sees(chair, f"En discussion : {scene.notes['number']}", "Doivent quitter la salle")
    chair.do("selection.empty-room")
    sees(chair, "Ont quitté la salle")
    chair.do("selection.close")
    assert chair.status == 409
    sees(chair, "sans proposition du comité.")
    said = {"outcome": "awarded", "motive": "Une alliance où chacun décide.", "votes": "3 pour"}
    chair.do("decision.propose", {**said, "awarded_cents": "12 000"})
    assert chair.status == 409
    sees(chair, "Le montant dépasse la demande (10 000 €).")
    assert chair.values()["motive"] == said["motive"], "what was typed comes back"
    chair.do("decision.propose", {**said, "awarded_cents": "10 000"})
    sees(chair, "Décision consignée.", "Tous les dossiers ont une décision.")
    tagged(chair, "Retenu")
    chair.do("selection.close")
    tagged(chair, "Séance close")


def approves(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Saisir l’acte du conseil pour 1 proposition")
    manager.do("decision.approve", {"board_on": "30/02/2027", "board_reference": "CA 2027-03"})
    assert manager.status == 422
    sees(manager, "Écrivez une date")
    manager.do("decision.approve", {"board_on": "10/03/2027", "board_reference": "CA 2027-03"})
    sees(manager, "Acte enregistré")
    tagged(manager, "Approuvée")
    lead = scene.enter("lead")
    lead.follow(PROJECT)
    tagged(lead, "En comité")
    assert "retenu" not in lead.text, "nobody outside knows before the letters leave"


def releases(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Notifier 1 décision")
    sees(manager, "tout est visible avant de partir", "10 000 € sont inscrits au grand livre.")
    manager.follow("Lire l’aperçu")
    sees(manager, "aperçu", "Une alliance où chacun décide.", "votre projet est soutenu")
    manager.follow("Notifier")
    manager.do("decision.release", {"when": "maintenant"})
    sees(manager, "1 décision notifiée.")
    tagged(manager, "Notifiée")
    scene.world.keep_promises()
    manager.follow("Courrier")
    manager.follow("votre projet est soutenu")
    sees(manager, "10 000 €")
    scene.letters["mailed"] = words_of(manager.read("lettre-2027-001.pdf"))


def reads_the_letter(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow(PROJECT)
    tagged(lead, "Décidé")
    sees(
        lead, "Votre projet est retenu : une subvention de 10 000 € lui est accordée.", "Une alliance où chacun décide."
    )
    letter = words_of(lead.read("Lire la lettre (PDF)"))
    for words in (scene.notes["number"], HOLDER, PROJECT, "10 000 €"):
        assert words in letter, (words, letter)
    assert letter == scene.letters["mailed"], "the letter on the page is the letter of the mail"
    scene.letters["decision"] = letter
