"""Trying a call out before it opens: ask for it, wait for it, read what would happen."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from grants.db import db
from grants.errors import NotFound, NotPossible, Reason
from grants.models import Call, Rehearsal
from grants.queries.programme import call_for
from grants.services import rehearsal as use_cases
from grants.web.call.views import blueprint
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.labels import RULES, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

NUMBERS = re.compile(r"[0-9]+(?:-[0-9]+)?")
EVENTS = {
    "call.open": _l("L’appel ouvre"),
    "call.closed": _l("L’appel est clos"),
    "application.start": _l("Dossier commencé"),
    "application.edit": _l("Dossier rempli"),
    "application.submit": _l("Dépôt"),
    "application.ask-attestation": _l("Attestation demandée à un partenaire"),
    "application.attest": _l("Attestation donnée"),
    "screening.check": _l("Règles essayées"),
    "screening.declare-eligible": _l("Déclaré éligible"),
    "screening.declare-ineligible": _l("Déclaré inéligible"),
    "screening.keep-note": _l("Note retenue"),
    "screening.decline-note": _l("Note non retenue"),
    "review.declare-interest": _l("Liens déclarés"),
    "review.assign": _l("Dossier confié à lire"),
    "review.open": _l("Évaluation ouverte"),
    "review.score": _l("Notes rendues"),
    "selection.convene": _l("Comité convoqué"),
    "selection.record-attendance": _l("Présences notées"),
    "selection.open": _l("Séance ouverte"),
    "decision.propose": _l("Issue proposée"),
    "selection.close": _l("Séance close"),
    "decision.approve": _l("Décisions approuvées"),
    "decision.release": _l("Lettres envoyées"),
}
PARTS = {
    "gestion": _l("Équipe du programme"),
    "seconde": _l("Seconde personne"),
    "finances": _l("Finances"),
    "comite": _l("Comité"),
    "essai": _l("Candidatures d’essai"),
}
CHAPTERS = {
    "opening": _l("Ouverture et rédaction"),
    "deadline": _l("Dépôts"),
    "notes": _l("Choix des notes"),
    "full": _l("Dossiers complets"),
    "screening": _l("Recevabilité et éligibilité"),
    "reading": _l("Évaluation"),
    "committee": _l("Comité"),
    "letters": _l("Décisions et lettres"),
}


@dataclass(frozen=True)
class Line:
    """Events of one kind at one moment, told together; `refusals`: sentences, with how often."""

    at: datetime
    title: str
    count: int
    refusals: list[tuple[str, int]]


@blueprint.get("/gestion/appels/<slug>/essai")
@may(Action.CALL_REHEARSE)
def rehearsal(slug: str) -> ResponseReturnValue:
    """The last rehearsal of the call, or the door to a first one."""
    return _rehearsal_page(_call(slug))


@blueprint.post("/gestion/appels/<slug>/essai")
@may(Action.CALL_REHEARSE)
def rehearse(slug: str) -> ResponseReturnValue:
    """Ask the worker for a rehearsal."""
    call = _call(slug)
    try:
        use_cases.ask(actor=current_actor(), call=call.public_id)
    except NotPossible as refused:
        return _rehearsal_page(_call(slug), 409, reasons_of(refused))
    flash(_("L’essai est lancé. Il dure moins d’une minute ; cette page se met à jour seule."), "ok")
    return back("call.rehearsal", slug=slug)


def _call(slug: str) -> Call:
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.CALL_REHEARSE, call)
    return call


def _rehearsal_page(call: Call, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    if call.imported:
        raise NotFound(call.slug)
    newest = select(Rehearsal).where(Rehearsal.call_id == call.id).order_by(Rehearsal.id.desc()).limit(1)
    found = db.session().scalar(newest)
    report: dict[str, Any] = found.report if found is not None else {}
    return page(
        "call/rehearsal.html",
        status,
        call=call,
        rehearsal=found,
        chapter=CHAPTERS.get(found.chapter, "") if found is not None else "",
        report=report,
        lacks=[(code, sentence(Reason(code))) for code in report.get("lacks", [])],
        lines=_lines(report.get("events", [])),
        mails=_mails(report.get("mails", [])),
        failed=[(str(RULES.get(rule, rule)), count) for rule, count in report.get("failed_rules", {}).items()],
        reasons=reasons or [],
    )


def _lines(events: list[dict[str, Any]]) -> list[Line]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in events:
        found.setdefault((event["at"], event["code"]), []).append(event)
    return [
        Line(datetime.fromisoformat(at), str(EVENTS.get(code, code)), len(those), _refusals(those))
        for (at, code), those in found.items()
    ]


def _refusals(events: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return list(Counter(sentence(_reason(told)) for event in events for told in event["refusals"]).items())


def _reason(told: dict[str, Any]) -> Reason:
    """A reason read back from a report: what ends in `_at` is a moment again."""
    params = told["params"].items()
    return Reason(
        told["code"], {name: datetime.fromisoformat(value) if name.endswith("_at") else value for name, value in params}
    )


def _mails(mails: list[dict[str, Any]]) -> list[tuple[datetime, str, str, int, bool]]:
    """(when, to whom, an example of the subject, how many, with a letter), one line for each kind on each day."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for mail in mails:
        part = mail["reader"].partition("-")[0]
        kind = NUMBERS.sub("", mail["subject"].split(":")[0])[:24]  # the same mail about several files
        found.setdefault((mail["at"][:10], part, kind), []).append(mail)
    return [
        (
            datetime.fromisoformat(those[0]["at"]),
            str(PARTS.get(part, part)),
            those[0]["subject"],
            len(those),
            those[0]["letter"],
        )
        for (_day, part, _kind), those in found.items()
    ]
