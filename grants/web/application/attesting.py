"""Attestations: asked for on the partners' page, given on a page that needs no account."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.receipts import fingerprint
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Application, Attestation
from grants.queries import consortium
from grants.services import application as use_cases
from grants.services import sealing
from grants.services.application.attesting import closed
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.forms import AttestForm
from grants.web.kit.access import current_actor, may
from grants.web.kit.countries import name_of
from grants.web.kit.labels import PARTS
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action


@blueprint.post("/candidatures/<public_id>/partenaires/<partner>/attestation")
@may(Action.APPLICATION_ASK_ATTESTATION)
def ask_attestation(public_id: str, partner: str) -> ResponseReturnValue:
    """Write to the partner's contact."""
    own_file(public_id, Action.APPLICATION_ASK_ATTESTATION)
    try:
        asked = use_cases.ask_attestation(actor=current_actor(), application=public_id, partner=partner)
    except Invalid as refused:
        for _name, words in reasons_of(refused):
            flash(words, "warn")
        return back("application.partner", public_id=public_id, partner=partner)
    flash(_("La demande part à %(email)s.", email=asked.email), "ok")
    return back("application.partners", public_id=public_id)


@blueprint.get("/attestations/<token>")
@may(Action.APPLICATION_ATTEST)
def attestation(token: str) -> ResponseReturnValue:
    """What concerns the partner, and a place to attest it."""
    row, file = _behind(token)
    return _page(row, file, token, AttestForm.empty(name=row.contact))


@blueprint.post("/attestations/<token>")
@may(Action.APPLICATION_ATTEST)
def attest(token: str) -> ResponseReturnValue:
    """Attest it."""
    row, file = _behind(token)
    form = AttestForm()
    try:
        use_cases.attest(
            token=token,
            name=form.name.data or "",
            function=form.function.data or "",
            seen=request.form.get("seen", ""),
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _page(row, file, token, form, 422)
    except NotPossible as refused:
        row, file = _behind(token)
        return _page(row, file, token, form, 409, reasons_of(refused))
    return back("application.attestation", token=token)


def _behind(token: str) -> tuple[Attestation, Application]:
    session = db.session()
    row = consortium.by_token(session, sealing.sha256(token))
    if row is None:
        raise NotFound(token)
    return row, session.get_one(Application, row.partner.application_id)


def _page(
    row: Attestation,
    file: Application,
    token: str,
    form: AttestForm,
    status: int = 200,
    reasons: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    """A given attestation shows what was attested; an open one what stands in the file now; an old link nothing."""
    given = row.attested_at is not None and row.ended_at is None
    over = "" if given else closed(row, file, clock.now())
    content = row.shown if given else ({} if over else consortium.content_of(file, row.partner))
    form.seen.data = fingerprint(content)
    return page(
        "application/attest.html",
        409 if over and status == 200 else status,  # noqa: PLR2004 -- nothing else went wrong
        attestation=row,
        given=given,
        over=over,
        content=content,
        sha256=form.seen.data,
        part=PARTS.get(content.get("part", ""), ""),
        country=name_of(content["country"], current_language()) if content else "",
        form=form,
        token=token,
        reasons=reasons or [],
    )
