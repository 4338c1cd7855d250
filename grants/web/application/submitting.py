"""The last look, the submission, its receipt; what follows a refusal: waiver, withdrawal."""

from collections.abc import Mapping

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.forms import POWER_KIND
from grants.domain.receipts import canonical
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Application
from grants.queries import application as files
from grants.queries import consortium
from grants.services import application as use_cases
from grants.services.application import signing
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.forms import WaiverForm
from grants.web.application.pages import Overview
from grants.web.application.rules import rules_told
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import download, saved_file
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING, ApplicationState

LATE = guards.before_deadline.__name__
TO_SUBMIT = (*DRAFTING, ApplicationState.RETURNED)


@blueprint.get("/candidatures/<public_id>/verification")
@may(Action.APPLICATION_READ)
def check(public_id: str) -> ResponseReturnValue:
    """All answers once more, what is missing on top."""
    return _check_page(own_file(public_id))


@blueprint.post("/candidatures/<public_id>/depot")
@may(Action.APPLICATION_SUBMIT)
def submit(public_id: str) -> ResponseReturnValue:
    """Submit, or say everything that stands in the way."""
    row = own_file(public_id, Action.APPLICATION_READ)
    allow(Action.APPLICATION_SUBMIT, row)
    consent = request.form.get("consent") == "yes"
    if row.state in TO_SUBMIT and not consent:
        return _check_page(row, 422, reasons=[("consent_missing", _("Cochez l’engagement pour déposer le dossier."))])
    typed = {name: request.form.get(name, "") for name in ("quality", "signatory", "signatory_function")}
    try:
        signature = signing.read(typed["quality"] or "representative", typed["signatory"], typed["signatory_function"])
        use_cases.submit(
            actor=current_actor(),
            application=public_id,
            version=request.form.get("version", type=int),
            signature=signature,
        )
    except Invalid as refused:
        return _check_page(own_file(public_id), 422, reasons_of(refused), typed)
    except NotPossible as refused:
        row = own_file(public_id)
        if any(reason.code == LATE for reason in refused.reasons):
            return _late_page(row, 409)
        return _check_page(row, 409, reasons_of(refused), typed)
    return back("application.receipt", public_id=public_id)


@blueprint.post("/candidatures/<public_id>/signature")
@may(Action.APPLICATION_REQUEST_SIGNATURE)
def request_signature(public_id: str) -> ResponseReturnValue:
    """Ask the lead to submit."""
    try:
        use_cases.request_signature(actor=current_actor(), application=public_id)
    except NotPossible as refused:
        return _check_page(own_file(public_id), 409, reasons=reasons_of(refused))
    flash(_("La signature est demandée. Le dossier n’est pas encore déposé."), "warn")
    return back("application.show", public_id=public_id)


@blueprint.post("/candidatures/<public_id>/reprise")
@may(Action.APPLICATION_RESUME_DRAFTING)
def resume(public_id: str) -> ResponseReturnValue:
    """Write again before the signature."""
    use_cases.resume_drafting(actor=current_actor(), application=public_id)
    return back("application.show", public_id=public_id)


@blueprint.get("/candidatures/<public_id>/recepisse")
@may(Action.APPLICATION_READ_RECEIPT)
def receipt(public_id: str) -> ResponseReturnValue:
    """The proof: number, instant, fingerprint, files."""
    session = db.session()
    row = own_file(public_id, Action.APPLICATION_READ_RECEIPT)
    snapshots = files.snapshots_of(session, row.id)
    if not snapshots:
        raise NotFound(public_id)
    return page(
        "application/receipt.html",
        application=row,
        overview=Overview(row, clock.now()),
        snapshot=snapshots[0],
        signed=_signed(snapshots[0].content.get("signature")),
        document=files.documents_of(session, row, "receipt").get("receipt"),
    )


def _signed(signature: Mapping[str, str] | None) -> str:
    """Who signed, and in what quality; empty for a submission of before signatures were kept."""
    if not signature:
        return ""
    quality = _("par délégation") if signature["quality"] == signing.Quality.DELEGATE else _("représentation légale")
    return ", ".join(filter(None, (signature["name"], signature["function"], quality)))


@blueprint.get("/candidatures/<public_id>/recepisse.pdf")
@may(Action.APPLICATION_READ_RECEIPT)
def receipt_pdf(public_id: str) -> ResponseReturnValue:
    """The receipt as it was produced, once and for ever."""
    row = own_file(public_id, Action.APPLICATION_READ_RECEIPT)
    document = files.documents_of(db.session(), row, "receipt").get("receipt")
    if document is None:
        raise NotFound(public_id)
    return download(document.sha256, document.filename, "application/pdf")


@blueprint.get("/candidatures/<public_id>/derogation")
@may(Action.APPLICATION_ASK_WAIVER)
def waiver(public_id: str) -> ResponseReturnValue:
    """How to ask for the deadline to be waived."""
    row = own_file(public_id, Action.APPLICATION_ASK_WAIVER)
    if not Overview(row, clock.now()).late:
        return back("application.show", public_id=public_id)
    return _late_page(row, 200)


@blueprint.post("/candidatures/<public_id>/derogation")
@may(Action.APPLICATION_ASK_WAIVER)
def ask_waiver(public_id: str) -> ResponseReturnValue:
    """Ask once, with the facts."""
    form = WaiverForm()
    try:
        use_cases.ask_waiver(actor=current_actor(), application=public_id, reason=form.reason.data or "")
    except Invalid as refused:
        form.accept_refusal(refused)
        return _late_page(own_file(public_id), 422, form)
    except NotPossible as refused:
        return _late_page(own_file(public_id), 409, form, reasons_of(refused))
    flash(_("La demande de dérogation est partie. La réponse vous sera envoyée par message."), "ok")
    return back("application.show", public_id=public_id)


@blueprint.get("/candidatures/<public_id>/retrait")
@may(Action.APPLICATION_WITHDRAW)
def leave(public_id: str) -> ResponseReturnValue:
    """What withdrawing does."""
    return page("application/withdraw.html", application=own_file(public_id, Action.APPLICATION_WITHDRAW))


@blueprint.post("/candidatures/<public_id>/retrait")
@may(Action.APPLICATION_WITHDRAW)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Leave the call with this file."""
    use_cases.withdraw(actor=current_actor(), application=public_id, version=request.form.get("version", type=int))
    flash(_("Le dossier est retiré."), "ok")
    return back("application.follow", public_id=public_id)


def _attestations_missing(row: Application) -> list[tuple[str, str]]:
    """(address, sentence) of what partners have not attested or co-signed yet, where the call asks for it."""
    session, address = db.session(), url_for("application.partners", public_id=row.public_id)
    found: list[tuple[str, str]] = []
    if row.call.attestations_required:
        found += [
            (address, _("%(name)s n’a pas encore attesté sa part du projet.", name=name))
            for name in consortium.unattested(session, row)
        ]
    if row.call.operator_required and not consortium.operator_signed(session, row):
        found.append((address, _("L’opérateur d’appui n’a pas encore cosigné le dossier.")))
    return found


def _check_page(
    row: Application,
    status: int = 200,
    reasons: list[tuple[str, str]] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    session, actor = db.session(), current_actor()
    lead = row.organisation
    default = {"quality": "representative", "signatory": actor.name}
    if lead.representative == actor.name:
        default["signatory_function"] = lead.representative_function
    team = files.team_of(session, row.organisation_id)
    return page(
        "application/check.html",
        status,
        application=row,
        overview=Overview(row, clock.now()),
        leads=row.organisation_id in actor.leads,
        lead_names=[member.name for member in team if member.lead],
        reasons=[item for item in reasons or [] if item[0] != guards.complete.__name__],
        rules=rules_told(session, row, clock.now()),
        typed=typed or default,
        power=any(one.kind == POWER_KIND and one.removed_at is None for one in row.attachments),
        submittable=row.state in TO_SUBMIT,
        attesting=_attestations_missing(row),
        awaiting=row.state == ApplicationState.AWAITING_SIGNATURE,
    )


@blueprint.post("/candidatures/<public_id>/retrait/annulation")
@may(Action.APPLICATION_TAKE_BACK, Action.APPLICATION_REINSTATE)
def undo_withdrawal(public_id: str) -> ResponseReturnValue:
    """Take a withdrawal back before the call closes."""
    own_file(public_id, Action.APPLICATION_TAKE_BACK)
    use_cases.undo_withdrawal(actor=current_actor(), application=public_id)
    flash(_("Le retrait est annulé : le dossier est de nouveau ce qu’il était."), "ok")
    return back("application.show", public_id=public_id)


@blueprint.get("/candidatures/<public_id>/contenu.json")
@may(Action.APPLICATION_READ_RECEIPT)
def content(public_id: str) -> ResponseReturnValue:
    """What was submitted, in its one spelling: the SHA-256 of these bytes is the fingerprint of the receipt.

    `?version=` names an earlier submission of a file that was mended.
    """
    row = own_file(public_id, Action.APPLICATION_READ_RECEIPT)
    rank = request.args.get("version", type=int)
    kept = next((one for one in files.snapshots_of(db.session(), row.id) if rank in (None, one.rank)), None)
    if kept is None:
        raise NotFound(public_id)
    name = f"{row.number or row.public_id}-{kept.rank}.json"
    return saved_file(canonical(kept.content), name, "application/json")


def _late_page(
    row: Application,
    status: int,
    form: WaiverForm | None = None,
    reasons: list[tuple[str, str]] | None = None,
) -> Response:
    session, actor = db.session(), current_actor()
    return page(
        "application/late.html",
        status,
        application=row,
        overview=Overview(row, clock.now()),
        attempts=files.late_attempts_of(session, row.id),
        waivers=files.waivers_of(session, row.id),
        form=form if form is not None and form.errors else None,
        waiver_form=form or WaiverForm.empty(),
        leads=row.organisation_id in actor.leads,
        reasons=reasons or [],
    )
