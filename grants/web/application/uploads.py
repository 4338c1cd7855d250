"""Sending a document in pieces, for the script of the documents' page; without it the plain form is used.

Answers are JSON: `offset` where the next piece begins, or `reasons`, sentences for the person.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from grants.errors import Conflict, Invalid, NotPossible, Throttled
from grants.services.application import uploading
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.documents import scanner, status_of
from grants.web.kit.access import current_actor, may
from grants.web.kit.downloads import store
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import reasons_of
from grants.workflow.actions import Action

P = ParamSpec("P")
OFFSET = "Upload-Offset"
LENGTH = "Upload-Length"
READ_AT_ONCE = 1 << 16


def _in_words(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Refusals as sentences in JSON, where a page would be of no use."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            return view(*args, **kwargs)
        except (Invalid, NotPossible) as refused:
            return _refused([words for _code, words in reasons_of(refused)], status_of(refused))
        except Throttled as refused:
            answer = _refused([_("Trop d’envois en une minute : attendez un peu.")], 429)
            answer.headers["Retry-After"] = str(refused.retry_after)
            return answer

    return answered


def _refused(words: list[str], status: int) -> Response:
    answer = jsonify(reasons=words)
    answer.status_code = status
    return answer


@blueprint.post("/candidatures/<public_id>/envois")
@may(Action.APPLICATION_ATTACH)
@_in_words
def begin_upload(public_id: str) -> ResponseReturnValue:
    """Announce a document: kind, name, size, the one it replaces."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    size = request.form.get("size", "")
    row = uploading.begin(
        actor=current_actor(),
        application=public_id,
        kind=request.form.get("kind", ""),
        filename=request.form.get("filename", ""),
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,  # noqa: PLR2004 -- a petabyte
        replaces=request.form.get("replaces", ""),
        sha256=request.form.get("sha256", "")[:64],
        store=store(),
    )
    place = url_for("application.upload", public_id=public_id, upload=row.public_id)
    answer = jsonify(offset=0, size=row.size, place=place, most=uploading.PIECE_BYTES)
    answer.status_code = 201
    answer.headers["Location"] = place
    return answer


@blueprint.get("/candidatures/<public_id>/envois/<upload>", endpoint="upload")
@may(Action.APPLICATION_ATTACH)
@_in_words
def upload_offset(public_id: str, upload: str) -> ResponseReturnValue:
    """Where the next piece begins."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    offset, size = uploading.offset(actor=current_actor(), application=public_id, upload=upload, store=store())
    return _at(offset, size)


@blueprint.patch("/candidatures/<public_id>/envois/<upload>")
@may(Action.APPLICATION_ATTACH)
@_in_words
def proceed_upload(public_id: str, upload: str) -> ResponseReturnValue:
    """Take the next piece. 409 with the right place when it is not the one that is expected."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    start, data = request.headers.get(OFFSET, ""), _piece()
    try:
        there = uploading.proceed(
            actor=current_actor(),
            application=public_id,
            upload=upload,
            start=int(start) if start.isascii() and start.isdigit() and len(start) < 16 else -1,  # noqa: PLR2004
            data=data,
            store=store(),
        )
    except Conflict:
        offset, size = uploading.offset(actor=current_actor(), application=public_id, upload=upload, store=store())
        answer = _at(offset, size)
        answer.status_code = 409
        return answer
    return _at(there, None)


@blueprint.post("/candidatures/<public_id>/envois/<upload>/fin")
@may(Action.APPLICATION_ATTACH)
@_in_words
def finish_upload(public_id: str, upload: str) -> ResponseReturnValue:
    """Have the whole document looked at and attached."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    added = uploading.finish(
        actor=current_actor(), application=public_id, upload=upload, store=store(), scanner=scanner()
    )
    flash(_("%(name)s est reçu.", name=added.filename), "ok")
    return jsonify(name=added.filename)


@blueprint.delete("/candidatures/<public_id>/envois/<upload>")
@may(Action.APPLICATION_ATTACH)
def cancel_upload(public_id: str, upload: str) -> ResponseReturnValue:
    """Give it up."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    uploading.cancel(actor=current_actor(), application=public_id, upload=upload, store=store())
    return "", 204


def _piece() -> bytes:
    """The body, a megabyte at most; whoever announces no length is not read any further than that."""
    data = bytearray()
    while len(data) <= uploading.PIECE_BYTES and (more := request.stream.read(READ_AT_ONCE)):
        data += more
    if len(data) > uploading.PIECE_BYTES:
        abort(413)
    return bytes(data)


def _at(offset: int, size: int | None) -> Response:
    answer = jsonify(offset=offset)
    answer.headers[OFFSET] = str(offset)
    if size is not None:
        answer.headers[LENGTH] = str(size)
    return answer
