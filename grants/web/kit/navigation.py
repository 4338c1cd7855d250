"""The menu of each role, never more than five entries, and where a person's home is."""

from flask import request

from grants.policies import Actor
from grants.web.kit.language import gettext as _

Entry = tuple[str, str, bool]


def entries(actor: Actor, language: str) -> list[Entry]:
    """(words, address, current) of the menu for this page: the address decides among a person's roles."""
    links = _links(actor, language)
    return [(words, href, _current(href)) for words, href in links]


def home(actor: Actor) -> str:
    """Where a person starts."""
    return next((href for has, _words, href in _held(actor) if has), "/mon-compte")


def workspaces(actor: Actor) -> list[tuple[str, str]]:
    """(words, address) of the workspaces of a person with several roles; empty with one."""
    found = [(words, href) for has, words, href in _held(actor) if has]
    return found if len(found) > 1 else []


def _held(actor: Actor) -> list[tuple[bool, str, str]]:
    return [
        (bool(actor.manages), _("Programme"), "/gestion"),
        (bool(actor.pays), _("Finances"), "/finance/tranches"),
        (bool(actor.sits_on), _("Comité"), "/evaluations"),
        (bool(actor.writes_for or actor.writes_on), _("Mes candidatures"), "/candidatures"),
        (actor.audits, _("Contrôle"), "/gestion/candidatures"),
        (actor.administers, _("Administration"), "/admin/comptes"),
    ]


def _links(actor: Actor, language: str) -> list[tuple[str, str]]:
    public = [(_("Appels"), f"/{language}/appels"), (_("Projets soutenus"), f"/{language}/projets")]
    if actor.id is None:
        return public
    menus = {
        "programme": [
            (_("À faire"), "/gestion"),
            (_("Dossiers"), "/gestion/candidatures"),
            (_("Projets"), "/projets"),
            (_("Courrier"), "/gestion/courrier"),
            (_("Journal"), "/gestion/journal"),
        ],
        "finance": [(_("Tranches"), "/finance/tranches"), (_("Projets"), "/projets")],
        "committee": [(_("Évaluations"), "/evaluations"), (_("Liens d’intérêt"), "/evaluations/interets")],
        "applicant": [
            (_("Appels"), f"/{language}/appels"),
            (_("Candidatures"), "/candidatures"),
            (_("Projets"), "/projets"),
        ],
        "audit": [
            (_("Appels"), "/gestion"),
            (_("Dossiers"), "/gestion/candidatures"),
            (_("Projets"), "/projets"),
            (_("Tranches"), "/finance/tranches"),
            (_("Journal"), "/gestion/journal"),
        ],
        "administration": [(_("Comptes"), "/admin/comptes"), (_("Invitations"), "/gestion/invitations")],
    }
    return menus.get(_workspace(actor), public)


# first part of the address → workspace
PLACES = {
    "gestion": "programme",
    "seances": "programme",
    "classement": "programme",
    "exports": "programme",
    "finance": "finance",
    "evaluations": "committee",
    "candidatures": "applicant",
    "admin": "administration",
}


def _workspace(actor: Actor) -> str:
    held = {
        "programme": bool(actor.manages),
        "finance": bool(actor.pays),
        "committee": bool(actor.sits_on),
        "applicant": bool(actor.writes_for or actor.writes_on),
        "audit": actor.audits,
        "administration": actor.administers,
    }
    wished = PLACES.get(request.path.split("/")[1], "")
    if held.get(wished):
        return wished
    return next((name for name, has in held.items() if has), "")


def _current(href: str) -> bool:
    if href == "/gestion":
        return request.path == href
    return request.path == href or request.path.startswith(href + "/")
