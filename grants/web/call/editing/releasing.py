"""Publishing a call and amending it: what lacks, what will happen, what changes, since when; and more time for everybody."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.terms import read_terms
from grants.domain.terms_changes import told
from grants.domain.text import TextError, clean_text
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import CallVersion
from grants.queries.call import drafts_of
from grants.queries.terms import terms_named, terms_of, versions_of
from grants.services import call as use_cases
from grants.web.call.editing.agenda import happenings
from grants.web.call.editing.change_words import chapters
from grants.web.call.editing.desk import WHERE, Desk, desk_of
from grants.web.call.editing.fault_words import fault_words
from grants.web.call.editing.items import Item, Kind, NotRead, read, shown
from grants.web.call.views import blueprint
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action
from grants.workflow.call import CallState

DEADLINE = Item("closes_at", Kind.MOMENT, _l("Nouvelle date limite"), needed=True)
LONGEST_REASON = 2000


@blueprint.get("/gestion/appels/<slug>/publication")
@may(Action.CALL_DRAFT)
def publication(slug: str) -> ResponseReturnValue:
    """What lacks, what will happen; for a published call, what the new version changes."""
    return _publication(desk_of(slug))


def _publication(
    desk: Desk, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    session = db.session()
    lacks = [(WHERE.get(one.code), sentence(one)) for one in desk.obstacles]
    before = terms_of(desk.call).data if desk.amending else {}
    return page(
        "call/edit/publication.html",
        status,
        call=desk.call,
        desk=desk,
        stops=desk.stops("publication"),
        places={stop.part: stop for stop in desk.stops("")},
        lacks=lacks,
        advice=desk.advice,
        happenings=happenings(desk.terms, clock.now()),
        changes=chapters(told(before, desk.document), desk.zone) if desk.amending and desk.written else [],
        drafts=drafts_of(session, desk.call.id),
        reasons=reasons or [],
        typed=typed or {},
    )


@blueprint.post("/gestion/appels/<slug>/publication")
@may(Action.CALL_PUBLISH, Action.CALL_AMEND)
def publish(slug: str) -> ResponseReturnValue:
    """Show the call to everybody, or put its new version in force with its reason."""
    desk = desk_of(slug)
    amending = desk.amending and desk.written
    try:
        if amending:
            _amend(desk)
        else:
            use_cases.publish(actor=current_actor(), call=desk.call.public_id)
    except (NotPossible, Invalid, Conflict) as refused:
        db.session.remove()
        status = 422 if isinstance(refused, Invalid) else 409
        return _publication(desk_of(slug), status, reasons_of(refused), request.form)
    flash(_("La nouvelle version de l’appel est en vigueur.") if amending else _("Appel publié."), "ok")
    return back("programme.oversee", slug=slug)


def _amend(desk: Desk) -> None:
    version = request.form.get("version", "")
    try:
        use_cases.amend(
            actor=current_actor(),
            call=desk.call.public_id,
            reason=request.form.get("reason", ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,  # noqa: PLR2004
        )
    except TextError as error:
        raise Invalid({"reason": error.as_reason}) from error


@blueprint.post("/gestion/appels/<slug>/modification")
@may(Action.CALL_DRAFT)
def begin_amendment(slug: str) -> ResponseReturnValue:
    """Begin the next version of a published call."""
    desk = desk_of(slug)
    if desk.call.state == CallState.CLOSED:
        raise NotPossible(Action.CALL_AMEND, (Reason("not_from_here", {"state": str(desk.call.state)}),))
    use_cases.begin_amendment(actor=current_actor(), call=desk.call.public_id)
    flash(_("Vous écrivez la prochaine version : rien ne change avant sa publication."), "info")
    return back("call.part", slug=slug, part="texte")


@blueprint.post("/gestion/appels/<slug>/modification/abandon")
@may(Action.CALL_DRAFT)
def discard(slug: str) -> ResponseReturnValue:
    """Give up the next version; the one in force stays."""
    use_cases.discard(actor=current_actor(), call=desk_of(slug).call.public_id)
    flash(_("La modification est abandonnée. L’appel reste tel qu’il est publié."), "ok")
    return back("programme.oversee", slug=slug)


@blueprint.get("/gestion/appels/<slug>/versions")
@may(Action.CALL_DRAFT)
def versions(slug: str) -> ResponseReturnValue:
    """Every version that was in force, and what any two of them differ in."""
    desk = desk_of(slug)
    session = db.session()
    found = versions_of(session, desk.call)
    newest = [str(one.rank) for one in found[:2]]
    after = _ranked(found, request.args.get("apres", newest[0] if newest else ""))
    before = _ranked(found, request.args.get("avant", newest[-1] if newest else ""))
    differences = []
    if before is not None and after is not None and before is not after:
        data = [terms_named(session, one.sha256 or "").data for one in (before, after)]
        differences = chapters(told(data[0], data[1]), desk.zone)
    return page(
        "call/edit/versions.html",
        call=desk.call,
        desk=desk,
        stops=desk.stops("versions"),
        versions=found,
        choices=[(str(one.rank), str(one.rank)) for one in found],
        before=before,
        after=after,
        changes=differences,
    )


def _ranked(found: list[CallVersion], rank: str) -> CallVersion | None:
    return next((one for one in found if str(one.rank) == rank), None)


@blueprint.get("/gestion/appels/<slug>/prolongation")
@may(Action.CALL_AMEND)
def more_time(slug: str) -> ResponseReturnValue:
    """A later deadline for everybody, at once."""
    desk = _published(slug)
    texts = {f"closes_at{end}": text for end, text in shown(DEADLINE, _closes_at(desk), desk.zone).items()}
    return _more_time(desk, texts)


@blueprint.post("/gestion/appels/<slug>/prolongation")
@may(Action.CALL_AMEND)
def prolong(slug: str) -> ResponseReturnValue:
    """Move the deadline, with the reason; every team that writes is told."""
    desk, texts = _published(slug), {name: str(text) for name, text in request.form.items()}
    problems: dict[str, str] = {}
    try:
        at = str(read(DEADLINE, texts, "closes_at", _zone(desk)))
        reason = clean_text(texts.get("reason", ""), LONGEST_REASON)
        moment = read_terms({"v": 1, "call": {"closes_at": at}})[0].values()["closes_at"]
        use_cases.prolong(actor=current_actor(), call=desk.call.public_id, closes_at=moment, reason=reason)  # type: ignore[arg-type]
    except NotRead as error:
        problems["closes_at"] = fault_words(error.reason)
    except TextError as error:
        problems["reason"] = sentence(error.as_reason)
    except (NotPossible, Invalid) as refused:
        db.session.remove()
        told_reasons = [(code, words) for code, words in reasons_of(refused)]
        return _more_time(_published(slug), texts, 422, reasons=told_reasons)
    if problems:
        return _more_time(desk, texts, 422, problems)
    flash(_("La date limite est déplacée pour tout le monde ; les équipes qui rédigent sont averties."), "ok")
    return back("programme.oversee", slug=slug)


def _published(slug: str) -> Desk:
    desk = desk_of(slug, Action.CALL_AMEND)
    if desk.call.state != CallState.PUBLISHED:
        raise NotFound(slug)
    return desk


def _in_force(desk: Desk) -> Mapping[str, Any]:
    call = terms_of(desk.call).data.get("call", {})
    return call if isinstance(call, Mapping) else {}


def _closes_at(desk: Desk) -> object:
    return _in_force(desk).get("closes_at")


def _zone(desk: Desk) -> str:
    return str(_in_force(desk).get("zone", desk.call.zone))


def _more_time(
    desk: Desk,
    texts: Mapping[str, str],
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    reasons: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    return page(
        "call/edit/prolong.html",
        status,
        call=desk.call,
        desk=desk,
        item=DEADLINE,
        texts=texts,
        problems=problems or {},
        reasons=reasons or [],
        drafts=drafts_of(db.session(), desk.call.id),
    )
