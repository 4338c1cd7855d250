"""Anyone checks a receipt: the fingerprint of a content that was exported, and the submission that it belongs to."""

import json

from flask import request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.receipts import fingerprint
from grants.queries.application import submission_of
from grants.web.application.blueprint import blueprint
from grants.web.kit.access import may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import page
from grants.workflow.actions import Action

MOST_BYTES = 2_000_000
HEXADECIMAL = 64


@blueprint.get("/verification")
@may(Action.SERVICE_READ_PUBLIC)
def verify() -> ResponseReturnValue:
    """How a fingerprint is computed, and which submission one belongs to."""
    asked = request.args.get("empreinte", "")
    return _page(asked) if asked else page("application/verify.html", asked="", found=None, error="")


@blueprint.post("/verification")
@may(Action.SERVICE_READ_PUBLIC)
def verify_content() -> ResponseReturnValue:
    """Compute the fingerprint of the content that is sent, and forget it."""
    sent = request.files.get("contenu")
    data = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    if not data:
        return _refused(_("Choisissez un fichier."))
    if len(data) > MOST_BYTES:
        return _refused(_("Ce fichier est trop grand pour être le contenu d’un dossier."))
    try:
        asked = fingerprint(json.loads(data))
    except (ValueError, TypeError, RecursionError):
        return _refused(_("Ce fichier n’est pas le contenu d’un dossier : il ne se lit pas."))
    return _page(asked, computed=True)


def _refused(error: str) -> ResponseReturnValue:
    return page("application/verify.html", 422, asked="", found=None, error=error)


def _page(asked: str, *, computed: bool = False) -> ResponseReturnValue:
    sha256 = "".join(asked.split()).lower()
    if len(sha256) != HEXADECIMAL or set(sha256) - set("0123456789abcdef"):
        return _refused(_("Une empreinte comporte 64 chiffres et lettres de a à f."))
    found = submission_of(db.session(), sha256)
    return page("application/verify.html", asked=sha256, found=found, computed=computed, error="")
