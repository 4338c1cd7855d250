"""Words and shapes of the pages of sendings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from grants.models import Promise, PromiseState
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l

# What a manager wants to see together, by the word in the address.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "attente": (_l("En attente"), (PromiseState.QUEUED, PromiseState.LEASED, PromiseState.HANDED)),
    "faits": (_l("Faits"), (PromiseState.SENT,)),
    "refuses": (_l("À reprendre"), (PromiseState.FAILED, PromiseState.DEAD, PromiseState.PAUSED)),
}
AGAIN = frozenset({PromiseState.FAILED, PromiseState.DEAD, PromiseState.PAUSED})
DOCUMENTS = {
    "receipt": _l("Récépissé de dépôt"),
    "inadmissible": _l("Lettre : candidature irrecevable"),
    "ineligible": _l("Lettre : candidature inéligible"),
    "note-not-kept": _l("Lettre : note non retenue"),
    "decision-letter": _l("Lettre de décision"),
    "revocation": _l("Lettre de retrait d’une décision"),
    "agreement": _l("Convention"),
}
MAILS = {
    "signature-requested": _l("Dépôt demandé"),
    "submitted": _l("Dossier déposé"),
    "waiver-asked": _l("Dérogation demandée"),
    "waiver-granted": _l("Dérogation accordée"),
    "waiver-refused": _l("Dérogation refusée"),
    "withdrawn": _l("Dossier retiré"),
    "document-withheld": _l("Pièce retenue"),
    "returned": _l("Dossier à corriger"),
    "eligible": _l("Dossier éligible"),
    "ineligible": _l("Dossier inéligible"),
    "call-invitation": _l("Invitation à candidater"),
    "operator-told": _l("Dépôt annoncé à l’opérateur"),
    "note-kept": _l("Note retenue"),
    "note-not-kept": _l("Note non retenue"),
    "inadmissible": _l("Dossier irrecevable"),
    "reopened": _l("Examen repris"),
    "review-returned": _l("Évaluation à reprendre"),
    "conflict-overridden": _l("Dossier ouvert malgré un lien"),
    "accepted": _l("Décision : accord"),
    "accepted-with-conditions": _l("Décision : accord sous condition"),
    "reserve": _l("Décision : liste d’attente"),
    "deferred": _l("Décision : ajournée"),
    "rejected": _l("Décision : refus"),
    "agreement-to-sign": _l("Convention à signer"),
    "agreement-signed": _l("Convention signée"),
    "project-suspended": _l("Projet suspendu"),
    "project-resumed": _l("Projet repris"),
    "project-closed": _l("Projet clos"),
    "project-terminated": _l("Projet interrompu"),
    "report-received": _l("Rapport reçu"),
    "report-to-read": _l("Rapport à lire"),
    "report-returned": _l("Rapport à compléter"),
    "report-accepted": _l("Rapport accepté"),
    "payment-ordered": _l("Versement à payer"),
    "payment-made": _l("Versement fait"),
    "amendment-requested": _l("Avenant demandé"),
    "amendment-accepted": _l("Avenant accepté"),
    "amendment-refused": _l("Avenant refusé"),
    "reminder-submission": _l("Rappel : dépôt"),
    "reminder-review": _l("Rappel : évaluations"),
    "reminder-agreement": _l("Rappel : convention"),
    "reminder-report": _l("Rappel : rapport"),
}

JOBS = {"analysis": _l("Analyse des notes"), "export": _l("Liste à emporter"), "rehearsal": _l("Essai de l’appel")}

# What the relay notes of its own accord.
OUR_WORDS = {
    "it stopped the worker too often": _l("Cet envoi a arrêté le service plusieurs fois : il est mis de côté."),
    "the mail server never said whether it took it": _l(
        "Le serveur de courrier n’a jamais répondu : le message est peut-être arrivé."
    ),
    "Permanent: the account of the recipient is closed": _l("Le compte du destinataire est fermé."),
}


@dataclass(frozen=True)
class Piece:
    """A piece of a mail's text; `href` where it is an address of this service."""

    text: str
    href: str = ""


def words_of(kind: str, name: str) -> str:
    """What a promise is, in words; its name for one that nobody named."""
    return str((DOCUMENTS if kind == "document" else {**MAILS, **JOBS}).get(name, name))


def trouble(promise: Promise) -> str:
    """Why it has not left, for a person: what waits is told in our words, what a mail server said in its own."""
    said = promise.last_error
    if not said or promise.state == PromiseState.SENT:
        return ""
    if said.startswith("the document "):
        return str(_("Attend son document."))
    if said in OUR_WORDS:
        return str(OUR_WORDS[said])
    return said.partition(": ")[2] if said.split(":")[0].isidentifier() else said


def pieces(text: str, base_url: str) -> list[Piece]:
    """A mail's text with the addresses of this service apart: they alone become links, and stay on this site."""
    found: list[Piece] = []
    position = 0
    for match in re.finditer(re.escape(base_url) + r"(/[^\s<>\"']*)?", text):
        address = match[0].rstrip(".,;:)")
        found += [Piece(text[position : match.start()]), Piece(address, _local(address))]
        position = match.start() + len(address)
    return [piece for piece in (*found, Piece(text[position:])) if piece.text]


def _local(address: str) -> str:
    """The path of an address of ours: a demonstration may be looked at under another name."""
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
