"""The project's part of the story: agreement, tranches, reports, the balance, the end."""

from tests.journeys.cast import HOLDER, PROJECT
from tests.journeys.page import Person, Value, sees, tagged
from tests.journeys.scene import Scene, words_of


def opens(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Ouvrir 1 projet retenu")
    manager.do("project.open")
    sees(manager, "1 projet ouvert.")
    manager.follow(PROJECT)
    tagged(manager, "Convention en attente", "À envoyer")
    sees(manager, "6 000 €", "3 000 €", "1 000 €")
    manager.do("agreement.send")
    sees(manager, "Convention envoyée")
    tagged(manager, "À signer")


IBAN = "FR14 2004 1010 0505 0001 3M02 606"


def gives_the_bank_details(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow("Projets")
    lead.follow(PROJECT)
    agreement = words_of(lead.read("convention-2027-001.pdf"))
    for words in (HOLDER, PROJECT, "10 000 €", "6 000 €"):
        assert words in agreement, (words, agreement)
    scene.letters["agreement"] = agreement
    lead.follow("Mon compte")
    lead.follow(HOLDER)
    lead.follow("Ajouter les coordonnées bancaires")
    sees(lead, "Confirmez que c’est vous")
    lead.press("Continuer", {"password": lead.password})
    lead.do("organisation.change-bank", {"iban": IBAN.replace("606", "607"), "holder": HOLDER})
    assert lead.status == 422
    sees(lead, "Un chiffre est faux")
    lead.do("organisation.change-bank", {"iban": IBAN, "bic": "PSSTFRPPXXX"})
    tagged(lead, "À vérifier")


def signs(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Projets")
    manager.follow(PROJECT)
    manager.do("agreement.sign", {"signed_on": "31/02/2027"})
    assert manager.status == 422
    sees(manager, "Écrivez une date")
    manager.do("agreement.sign", {"signed_on": "22/03/2027"})
    sees(manager, "Signature enregistrée", "Signée le")
    tagged(manager, "Signée", "À ordonner", "En accompagnement")
    manager.do("tranche.order", near="6 000 €")
    sees(manager, "Paiement ordonné")


def verifies_and_pays(scene: Scene) -> None:
    finance = scene.enter("finance")
    finance.follow("Payer")
    finance.do("tranche.pay", {"paid_on": "24/03/2027", "reference": "VIR-1"})
    assert finance.status == 409
    sees(finance, "Les coordonnées bancaires n’ont pas été vérifiées par les finances.")
    assert finance.values()["reference"] == "VIR-1", "what was typed comes back"
    finance.follow("Vérifier les coordonnées bancaires")
    sees(finance, IBAN.replace(" ", ""))
    finance.do("organisation.verify-bank")
    sees(finance, "Coordonnées bancaires vérifiées.")
    pays(finance, "VIR-1", "24/03/2027", "6 000 €")


def pays(finance: Person, reference: str, day: str, amount: str) -> None:
    finance.follow("Tranches")
    sees(finance, amount)
    finance.follow("Payer")
    sees(finance, f"Enregistrer le versement de {amount}")
    finance.do("tranche.pay", {"paid_on": day, "reference": reference})
    sees(finance, "Versement enregistré")


def reaches(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Projets")
    manager.follow(PROJECT)
    tagged(manager, "Versée le 24 mars 2027")
    manager.do("project.reach-milestone", {"reached_on": "12/04/2027"}, near="Lancement")
    sees(manager, "Jalon atteint", "1 / 4")


STORY = {
    "q-done": "Deux ateliers à Brest, un à Joal.",
    "q-partners": "La ville ouvre sa halle.",
    "q-learning": "Commencer par la glace.",
    "q-next": "La seconde mission.",
}


def reports(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow("Projets")
    lead.follow(PROJECT)
    lead.follow("Rapport intermédiaire")
    sees(lead, "tranche 2", "3 000 €")
    lead.do("report.save", {"q-done": STORY["q-done"], "spent-purchases": "1.500"})
    assert lead.status == 422
    sees(lead, "Écriture ambiguë : 1 500 ou 1,50 ?")
    assert lead.values()["q-done"] == STORY["q-done"], "what was typed comes back"
    lead.do("report.submit", {"spent-purchases": "1 500"})
    assert lead.status == 409
    sees(lead, "Le rapport n’est pas encore envoyé.", "« Les partenaires »")
    figures: dict[str, Value] = {"spent-purchases": "1 500", "spent-other_services": "2 900", "spent-staff": "3 000"}
    lead.do("report.submit", {**STORY, **figures})
    sees(lead, "Rapport envoyé")
    tagged(lead, "À lire")


def gives_back(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Lire 1 rapport reçu")
    manager.follow("Lire le rapport")
    sees(manager, STORY["q-learning"])
    manager.do("report.return")
    assert manager.status == 422
    sees(manager, "Dites ce qui est à compléter.")
    manager.do("report.return", {"reason": "Dites combien d’équipages."})
    sees(manager, "Rapport renvoyé")


def completes(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow("Projets")
    lead.follow(PROJECT)
    lead.follow("Reprendre le rapport")
    sees(lead, "Dites combien d’équipages.")
    lead.do("report.submit", {"q-done": STORY["q-done"] + " Vingt-huit équipages."})
    sees(lead, "Rapport envoyé")


def accepts_and_orders(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Lire 1 rapport reçu")
    manager.follow("Lire le rapport")
    manager.do("report.accept")
    sees(manager, "Rapport accepté.")
    tagged(manager, "Accepté", "À ordonner")
    manager.do("tranche.order", near="3 000 €")
    finance = scene.enter("finance")
    pays(finance, "VIR-2", "23/07/2027", "3 000 €")


def ends(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Projets")
    manager.follow(PROJECT)
    assert not manager.offers("project.close")
    sees(manager, "rapports à accepter", "à verser ou à annuler")
    manager.do("project.await-final-report")
    tagged(manager, "Rapport final attendu")


def tells_the_end(scene: Scene) -> None:
    lead = scene.enter("lead")
    lead.follow("Projets")
    lead.follow(PROJECT)
    lead.follow("Rapport final")
    lead.do("report.submit", dict(STORY))
    sees(lead, "Rapport envoyé")
    lead.follow("Compte rendu financier")
    figures: dict[str, Value] = {"spent-purchases": "3 200", "spent-other_services": "5 200", "spent-staff": "6 000"}
    lead.do("report.submit", figures)
    assert lead.status == 409
    sees(lead, "demande une phrase")
    assert lead.values()["spent-other_services"] == "5200" or lead.values()["spent-other_services"] == "5 200"
    lead.do("report.submit", {"reason-other_services": "Une mission faite en train."})
    sees(lead, "Rapport envoyé")


def closes(scene: Scene) -> None:
    manager = scene.enter("manager")
    manager.follow("Lire 2 rapports reçus")
    for name in ("Rapport final", "Compte rendu financier"):
        manager.follow(name)
        manager.do("report.accept")
        sees(manager, "Rapport accepté.")
    sees(manager, "600 €", "prévu 1 000 €")
    manager.do("tranche.order", near="600 €")
    pays(scene.enter("finance"), "VIR-3", "14/12/2027", "600 €")
    manager.follow("Projets")
    manager.follow(PROJECT)
    manager.do("project.close")
    sees(manager, "Projet clos.", "9 600 €")
    tagged(manager, "Clos")
    manager.follow("À faire")
    manager.follow("Alliances des deux rives 2027")
    manager.do("call.close")
    sees(manager, "Appel clos.")
