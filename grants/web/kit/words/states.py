"""The words of states (with tone and glyph), roles, kinds and coded motives."""

from typing import Any

from grants.web.kit.language import lazy_gettext as _l

Tone = tuple[Any, str, str]

# state of an object: words, tone, glyph
STATES: dict[str, dict[str, Tone]] = {
    "call": {
        "draft": (_l("Brouillon"), "neutral", "pen"),
        "published": (_l("Publié"), "ok", "dot"),
        "closed": (_l("Clos"), "neutral", "lock"),
    },
    "application": {
        "draft": (_l("Brouillon"), "info", "pen"),
        "awaiting_signature": (_l("En attente de signature"), "warn", "clock"),
        "submitted": (_l("Déposé"), "info", "check"),
        "returned": (_l("À corriger"), "warn", "undo"),
        "inadmissible": (_l("Irrecevable"), "neutral", "cross"),
        "ineligible": (_l("Inéligible"), "neutral", "cross"),
        "not_kept": (_l("Note non retenue"), "neutral", "cross"),
        "eligible": (_l("Éligible"), "ok", "check"),
        "in_review": (_l("En évaluation"), "info", "eye"),
        "in_deliberation": (_l("En comité"), "info", "chat"),
        "decided": (_l("Décidé"), "ok", "check"),
        "withdrawn": (_l("Retiré"), "neutral", "cross"),
    },
    "review": {
        "assigned": (_l("À lire"), "neutral", "circle"),
        "draft": (_l("En cours"), "info", "pen"),
        "given": (_l("Rendue"), "ok", "check"),
        "recused": (_l("Déport"), "neutral", "cross"),
        "unassigned": (_l("Retirée"), "neutral", "cross"),
    },
    "meeting": {
        "convened": (_l("Convoquée"), "neutral", "cal"),
        "open": (_l("Séance ouverte"), "ok", "dot"),
        "closed": (_l("Séance close"), "neutral", "lock"),
    },
    "minutes": {
        "draft": (_l("Projet"), "neutral", "pen"),
        "approved": (_l("Approuvé"), "info", "check"),
        "signed": (_l("Signé"), "ok", "lock"),
    },
    "decision": {
        "proposed": (_l("Proposée"), "info", "pen"),
        "approved": (_l("Approuvée"), "info", "check"),
        "released": (_l("Notifiée"), "ok", "send"),
        "superseded": (_l("Remplacée"), "neutral", "undo"),
        "revoked": (_l("Annulée"), "neutral", "cross"),
        "declined": (_l("Non suivie"), "neutral", "undo"),
        "expired": (_l("Liste close"), "neutral", "lock"),
        "renounced": (_l("Désistement"), "neutral", "cross"),
    },
    "departure": {
        "planned": (_l("Départ prévu"), "info", "clock"),
        "left": (_l("Parti"), "ok", "send"),
        "cancelled": (_l("Départ annulé"), "neutral", "undo"),
        "held": (_l("Retenu"), "danger", "warn"),
    },
    "succession": {
        "sought": (_l("Recherche en cours"), "info", "clock"),
        "named": (_l("À regarder"), "warn", "eye"),
        "taken": (_l("Entrée préparée"), "ok", "check"),
        "left": (_l("Laissée libre"), "neutral", "lock"),
    },
    "agreement": {
        "draft": (_l("À envoyer"), "neutral", "pen"),
        "sent": (_l("À signer"), "warn", "clock"),
        "signed": (_l("Signée"), "ok", "check"),
    },
    "project": {
        "agreement_pending": (_l("Convention en attente"), "warn", "clock"),
        "active": (_l("En accompagnement"), "info", "dot"),
        "suspended": (_l("Suspendu"), "warn", "pause"),
        "reporting": (_l("Rapport final attendu"), "info", "file"),
        "closed": (_l("Clos"), "ok", "check"),
        "terminated": (_l("Interrompu"), "danger", "cross"),
    },
    "report": {
        "expected": (_l("Attendu"), "neutral", "cal"),
        "draft": (_l("En cours"), "info", "pen"),
        "submitted": (_l("À lire"), "warn", "eye"),
        "changes_requested": (_l("À compléter"), "warn", "undo"),
        "accepted": (_l("Accepté"), "ok", "check"),
    },
    "tranche": {
        "planned": (_l("Prévue"), "neutral", "cal"),
        "due": (_l("À ordonner"), "warn", "euro"),
        "ordered": (_l("À payer"), "info", "send"),
        "paid": (_l("Versée"), "ok", "check"),
        "returned": (_l("Revenue"), "danger", "undo"),
        "cancelled": (_l("Annulée"), "neutral", "cross"),
    },
    "amendment": {
        "requested": (_l("Demandé"), "warn", "clock"),
        "accepted": (_l("Accepté"), "ok", "check"),
        "refused": (_l("Refusé"), "neutral", "cross"),
    },
    "outcome": {
        "awarded": (_l("Retenu"), "ok", "check"),
        "awarded_with_conditions": (_l("Retenu sous condition"), "ok", "check"),
        "reserve": (_l("Liste d’attente"), "info", "pause"),
        "deferred": (_l("Ajourné"), "warn", "clock"),
        "rejected": (_l("Non retenu"), "neutral", "cross"),
    },
    "check": {
        "pass": (_l("Respectée"), "ok", "check"),
        "fail": (_l("Non respectée"), "danger", "cross"),
        "not_applicable": (_l("Sans objet"), "neutral", "dot"),
        "waived": (_l("Dérogation"), "warn", "undo"),
    },
    "promise": {
        "queued": (_l("En attente"), "neutral", "clock"),
        "leased": (_l("En cours"), "info", "dot"),
        "handed": (_l("Remis, réponse attendue"), "info", "send"),
        "sent": (_l("Fait"), "ok", "check"),
        "failed": (_l("Refusé"), "danger", "cross"),
        "dead": (_l("Abandonné"), "danger", "warn"),
        "paused": (_l("Suspendu"), "warn", "pause"),
    },
}

ROLES = {
    "applicant_member": _l("Membre de l’équipe candidate"),
    "applicant_lead": _l("Responsable de l’organisation candidate"),
    "reviewer": _l("Membre du comité"),
    "chair": _l("Présidence du comité"),
    "manager": _l("Équipe du programme"),
    "finance_officer": _l("Finances"),
    "administrator": _l("Administration"),
    "auditor": _l("Contrôle"),
}

ACTOR_KINDS = {
    "ngo": _l("Association, ONG"),
    "local_authority": _l("Collectivité territoriale"),
    "company": _l("Entreprise"),
    "research": _l("Université, recherche, formation"),
    "union": _l("Syndicat"),
    "diaspora": _l("Organisation de migrants, diaspora"),
    "social_economy": _l("Économie sociale et solidaire"),
    "public_body": _l("Établissement public"),
    "collective": _l("Collectif informel"),
    "network": _l("Réseau, fédération"),
    "foundation": _l("Fondation"),
}

VAT_REGIMES = {
    "": _l("Je ne sais pas encore"),
    "not_liable": _l("Pas de TVA récupérée : budget toutes taxes comprises"),
    "liable": _l("TVA récupérée : budget hors taxes"),
    "partial": _l("TVA récupérée en partie"),
}

PARTS = {
    "co_applicant": _l("Organisation co-porteuse"),
    "partner": _l("Partenaire"),
    "support_operator": _l("Opérateur d’appui"),
}

REASON_CODES = {
    "envelope_exhausted": _l("Enveloppe épuisée"),
    "below_threshold": _l("Note sous le seuil de l’appel"),
    "below_minimum": _l("Note insuffisante sur un critère à minimum"),
    "ranked": _l("Classement du comité"),
}
