"""The page on which the programme composes what applicants are told: levels, chosen sentences, what must not leave."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain import feedback_guard as guard
from grants.domain.feedback import composed
from grants.domain.feedback_guard import Finding, Kind
from grants.errors import Conflict, Invalid, NotPossible
from grants.models import Decision
from grants.queries import feedback as queries
from grants.queries.visibility import one_for
from grants.services import feedback as service
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

blueprint = Blueprint("feedback", __name__)
AROUND = 40  # letters shown on either side of what was found
FOUND = {
    Kind.PERSON: _l("Le nom d’une personne qui évalue, siège au comité ou travaille pour le programme."),
    Kind.GIVEN: _l("Le prénom d’une personne qui évalue, siège au comité ou travaille pour le programme ?"),
    Kind.ORGANISATION: _l("L’organisation d’un autre dossier."),
    Kind.NAMESAKE: _l("Un mot du nom d’une organisation qui a aussi déposé un dossier : est-ce d’elle qu’il s’agit ?"),
    Kind.NUMBER: _l("Le numéro d’un autre dossier."),
    Kind.TITLE: _l("Le titre d’un autre dossier."),
    Kind.INSIDE: _l(
        "Mot pour mot : une note privée, un avis pour le comité, ou un commentaire que vous n’avez pas choisi."
    ),
    Kind.EMAIL: _l("Une adresse électronique."),
    Kind.PHONE: _l("Un numéro de téléphone."),
    Kind.MARK: _l("Une note : est-ce celle d’une seule personne ?"),
    Kind.RANK: _l("Un rang parmi les dossiers."),
    Kind.READER: _l("Une personne parmi celles qui ont lu : le comité parle d’une seule voix."),
}


@dataclass(frozen=True)
class Found:
    """What was found, as the page shows it: where, what it is, whether it may be confirmed."""

    code: str
    hard: bool
    what: str
    before: str
    words: str
    after: str
    confirmed: bool


@dataclass(frozen=True)
class Typed:
    """What the form holds: the text, the levels and the sentences that are ticked, what is confirmed."""

    text: str
    chosen: frozenset[str]
    confirmed: frozenset[str]
    seen: str


@blueprint.get("/gestion/decisions/<public_id>/retour")
@may(Action.DECISION_WRITE_FEEDBACK)
def compose(public_id: str) -> ResponseReturnValue:
    """What the file may be told, and the text as it stands."""
    row = _decision(public_id)
    standing = queries.standing(db.session(), row)
    if standing is None:
        return _page(row, Typed("", frozenset(), frozenset(), ""))
    return _page(
        row, Typed(standing.text, frozenset(standing.chosen), frozenset(standing.confirmed), standing.public_id)
    )


@blueprint.post("/gestion/decisions/<public_id>/retour")
@may(Action.DECISION_WRITE_FEEDBACK)
def write(public_id: str) -> ResponseReturnValue:
    """Put what is ticked into the text, or keep the text once nothing in it must stay inside."""
    row, form = _decision(public_id), request.form
    typed = Typed(
        form.get("text", ""),
        frozenset(form.getlist("choisi")),
        frozenset(form.getlist("confirme")),
        form.get("seen", ""),
    )
    if form.get("act") == "compose":
        pieces = queries.material(db.session(), row).words(typed.chosen)
        return _page(row, Typed(composed(typed.text, pieces), typed.chosen, typed.confirmed, typed.seen), examined=True)
    try:
        service.write(
            actor=current_actor(),
            decision=public_id,
            text=typed.text,
            chosen=typed.chosen,
            confirmed=typed.confirmed,
            seen=typed.seen,
        )
    except Invalid as error:
        return _page(_decision(public_id), typed, 422, reasons_of(error), examined=True)
    except (NotPossible, Conflict) as error:
        return _page(_decision(public_id), typed, 409, reasons_of(error), examined=True)
    flash(_("Retour enregistré : il partira avec la lettre."), "ok")
    return back("decision.preview", public_id=public_id)


def _decision(public_id: str) -> Decision:
    row = one_for(db.session(), current_actor(), Decision, public_id)
    allow(Action.DECISION_WRITE_FEEDBACK, row)
    return row


def _page(
    row: Decision,
    typed: Typed,
    status: int = 200,
    reasons: list[tuple[str, str]] | None = None,
    *,
    examined: bool = False,
) -> ResponseReturnValue:
    session = db.session()
    material = queries.material(session, row)
    known = material.known(typed.chosen)
    text = typed.text.replace("\r\n", "\n")
    around = queries.around(session, row, known)
    # what is too long to be kept is not searched either: that would take minutes
    findings = guard.examine(text, around) if examined and len(text) <= service.LONGEST else ()
    motive = "\n\n".join(filter(None, (row.motive, row.conditions)))
    spoken = guard.hard(guard.examine(motive, queries.without_motive(around, row)))
    context: dict[str, Any] = {
        "decision": row,
        "file": row.application,
        "call": row.application.call,
        "material": material,
        "typed": typed,
        "longest": service.LONGEST,
        "writable": queries.writable(session, row),
        "progress": queries.progress(session, current_actor(), row),
        "found": [_shown(one, text, typed.confirmed) for one in findings],
        "spoken": [_shown(one, motive, frozenset()) for one in spoken],
        "examined": examined,
        "reasons": reasons or [],
    }
    return page("feedback/compose.html", status, **context)


def _shown(one: Finding, text: str, confirmed: frozenset[str]) -> Found:
    return Found(
        one.code,
        one.hard,
        str(FOUND[one.kind]),
        _before(text, one.start),
        one.words,
        _after(text, one.end),
        one.code in confirmed,
    )


def _before(text: str, at: int) -> str:
    """The words ahead of a place, from the beginning of one."""
    shown = text[max(0, at - AROUND) : at].replace("\n", " ")
    return shown if at <= AROUND else f"… {shown.partition(' ')[2]}"


def _after(text: str, at: int) -> str:
    """The words behind a place, to the end of one."""
    shown = text[at : at + AROUND].replace("\n", " ")
    return shown if at + AROUND >= len(text) else f"{shown.rpartition(' ')[0]} …"
