"""Workbooks that are brought back: one way to receive them, and to say which cells cannot be taken, for every page."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from flask import request
from flask.typing import ResponseReturnValue

from grants.errors import Invalid, NotPossible, Reason
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import reasons_of

T = TypeVar("T")


class RefusedCell(Protocol):
    """A cell that cannot be taken: its address in its sheet, what stands there, why not."""

    @property
    def address(self) -> str: ...
    @property
    def typed(self) -> str: ...
    @property
    def reason(self) -> Reason: ...


def bring(
    read: Callable[[str, bytes], T],
    again: Callable[[int, list[tuple[str, str]]], ResponseReturnValue],
    show: Callable[[T], ResponseReturnValue],
) -> ResponseReturnValue:
    """Hand the file that was sent to `read` (name, bytes) and `show` what it finds.

    Where it cannot be read, the page is drawn `again` with a status and the reasons: none sent and Invalid 422,
    NotPossible 409.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return again(422, [("file_missing", _("Choisissez un fichier."))])
    try:
        found = read(sent.filename, sent.read())
    except Invalid as refused:
        return again(422, reasons_of(refused))
    except NotPossible as refused:
        return again(409, reasons_of(refused))
    return show(found)


def told(refusals: Iterable[RefusedCell]) -> list[tuple[str, str, str]]:
    """(where, what stands there, why not) of each cell. What the sentence says already is not said twice."""
    return [(_place(one), "" if "typed" in one.reason.params else one.typed, sentence(one.reason)) for one in refusals]


def _place(refusal: RefusedCell) -> str:
    sheet = getattr(refusal, "sheet", "")
    return ", ".join(filter(None, (sheet, refusal.address)))
