"""Score sheets out as a workbook and back: what it would change, field by field, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from flask import current_app, flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.delivery.uploads import ALLOWED
from grants.domain.asking import print_of
from grants.domain.score_sheets import Since
from grants.domain.word_marks import Piece, word_marks
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.exchange.score_reading import SHAPE
from grants.exchange.score_workbook import write
from grants.models import Call
from grants.queries.review import calls_seated
from grants.queries.score_sheets import call_of
from grants.services import score_sheets as use_cases
from grants.services.score_sheets import Accepted, Compared, Comparison, Offered
from grants.web.kit.access import current_actor, may
from grants.web.kit.bringing import bring, told
from grants.web.kit.downloads import saved_file
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.responses import back, page, reasons_of
from grants.web.review.blueprint import blueprint
from grants.web.review.score_words import book_of, in_words, names_in, words_for
from grants.workflow.actions import Action

#: Signs that are shown at once; the rest of a larger workbook is taken when it is brought again.
MOST_SIGNS = 200_000


@dataclass(frozen=True)
class Row:
    """One field of a file: its name, both values, who changed it, whether the sheet's is chosen."""

    field: str
    name: str
    part: str
    here: str
    sheet: str
    marks: tuple[Piece, ...]
    since: Since
    value: str
    stood: str
    chosen: bool


@dataclass(frozen=True)
class Panel:
    """A file with what its sheet would change. `give`: it is to be given at once."""

    review: str
    number: str
    title: str
    rows: list[Row]
    ready: bool
    give: bool


@dataclass(frozen=True)
class Posted:
    """What the page of differences sent back, by review: values, what stood on the page, what was ticked."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    stood: dict[str, dict[str, str]] = field(default_factory=dict)
    tabs: dict[str, str] = field(default_factory=dict)
    taken: frozenset[tuple[str, str]] = frozenset()
    given: frozenset[str] = frozenset()


@blueprint.get("/evaluations.xlsx", endpoint="sheets")
@may(Action.REVIEW_SAVE)
def sheets() -> ResponseReturnValue:
    """All the reviews of a call that this person may write now, a sheet each."""
    call = _call()
    book = book_of(call)
    if not book.files:
        raise NotPossible(Action.REVIEW_SAVE, (Reason("nothing_to_write"),))
    data = write(book, words_for(call), clock.now(), _secret())
    return saved_file(data, f"evaluations-{call.slug}.xlsx", ALLOWED["xlsx"])


@blueprint.get("/evaluations/tableur", endpoint="offline")
@may(Action.REVIEW_SAVE)
def offline() -> ResponseReturnValue:
    """Where the workbook is taken and brought back."""
    return _page(_call())


@blueprint.post("/evaluations/tableur", endpoint="offline_back")
@may(Action.REVIEW_SAVE)
def offline_back() -> ResponseReturnValue:
    """What the workbook would change. Nothing is written before it is accepted."""
    slug = _call().slug
    read = partial(_read, slug)
    return bring(
        read,
        lambda status, wrong: _page(_call(), status, wrong=wrong),
        lambda found: _page(_call(), 200 if found.files or not found.refusals else 422, found=found),
    )


def _read(slug: str, filename: str, data: bytes) -> Comparison:
    return use_cases.compared(actor=current_actor(), call=slug, filename=filename, data=data, secret=_secret())


@blueprint.post("/evaluations/tableur/notes", endpoint="offline_accept")
@may(Action.REVIEW_SAVE, Action.REVIEW_SCORE)
def offline_accept() -> ResponseReturnValue:
    """Write what was accepted, as drafts or given, all of it or nothing. What changed meanwhile is shown again."""
    slug, posted = _call().slug, _posted()
    accepted = {
        review: Accepted(
            {name: text for name, text in values.items() if (review, name) in posted.taken},
            posted.stood.get(review, {}),
            review in posted.given,
        )
        for review, values in posted.values.items()
    }
    try:
        done = use_cases.take(actor=current_actor(), call=slug, accepted=accepted)
    except (Conflict, NotPossible, Invalid) as refused:
        offers = {
            review: Offered(posted.tabs.get(review, ""), posted.stood.get(review, {}), values)
            for review, values in posted.values.items()
        }
        found = use_cases.offered(actor=current_actor(), call=slug, offers=offers)
        status = 422 if isinstance(refused, Invalid) else 409
        return _page(_call(), status, wrong=reasons_of(refused), found=found, posted=posted)
    drafts = done.saved - done.given
    if drafts:
        flash(ngettext("%(num)s brouillon enregistré.", "%(num)s brouillons enregistrés.", drafts), "ok")
    if done.given:
        flash(ngettext("%(num)s évaluation rendue.", "%(num)s évaluations rendues.", done.given), "ok")
    if not done.saved:
        flash(_("Rien n’a été repris du tableur."), "info")
    return back("review.browse")


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _call() -> Call:
    """The call that is named; without a name, the first in which there is something to write. Raises NotFound."""
    session, actor, slug = db.session(), current_actor(), request.args.get("appel", "")
    if slug:
        return call_of(session, actor, slug)
    calls = calls_seated(session, actor)
    if not calls:
        raise NotFound(slug)
    return next((call for call in calls if use_cases.writable(session, actor, call, clock.now())), calls[0])


def _posted() -> Posted:
    """What was sent back, of no more files than a workbook has."""
    named = {key: text for key, text in request.form.items() if key.count(":")}
    found = Posted()
    for key, text in named.items():
        kind, review, name = (*key.split(":", 2), "")[:3]
        if kind == "value" and (review in found.values or len(found.values) < SHAPE.sheets):
            found.values.setdefault(review, {})[name] = text
        elif kind == "stood":
            found.stood.setdefault(review, {})[name] = text
        elif kind == "tab":
            found.tabs[review] = text
    ticks = [key.split(":", 2) for key in named]
    taken = frozenset((tick[1], tick[2]) for tick in ticks if tick[0] == "take" and len(tick) > 2)  # noqa: PLR2004
    given = frozenset(tick[1] for tick in ticks if tick[0] == "give")
    return Posted(found.values, found.stood, found.tabs, taken, given)


def _page(
    call: Call,
    status: int = 200,
    *,
    wrong: list[tuple[str, str]] | None = None,
    found: Comparison | None = None,
    posted: Posted | None = None,
) -> ResponseReturnValue:
    panels, more = _panels(call, found, posted) if found else ([], False)
    rows = [row for panel in panels for row in panel.rows]
    return page(
        "review/offline.html",
        status,
        call=call,
        wrong=wrong or [],
        read=found is not None,
        refusals=told(one for one in found.refusals if one.address) if found else [],
        shut=told(one for one in found.refusals if not one.address) if found else [],
        made_at=found.made_at if found else None,
        panels=panels,
        more=more,
        clashes=sum(1 for row in rows if row.since is Since.BOTH),
        proposed=sum(1 for row in rows if row.since is not Since.HERE),
        count=len(use_cases.writable(db.session(), current_actor(), call, clock.now())),
    )


def _panels(call: Call, found: Comparison, posted: Posted | None) -> tuple[list[Panel], bool]:
    """The files to show, and whether more of them wait: a page holds so much."""
    panels: list[Panel] = []
    signs, name = 0, names_in(call)
    for file in found.files:
        signs += sum(len(change.here) + len(change.brought) for change in file.changes)
        if panels and signs > MOST_SIGNS:
            return panels, True
        rows = [_row(file, rank, name(change.field), posted) for rank, change in enumerate(file.changes)]
        give = posted is not None and file.review in posted.given
        panels.append(Panel(file.review, file.number, file.title, rows, file.ready or give, give))
    return panels, False


def _row(file: Compared, rank: int, name: tuple[str, str], posted: Posted | None) -> Row:
    change = file.changes[rank]
    here, sheet = in_words(change.field, change.here), in_words(change.field, change.brought)
    stood = print_of(change.here)
    chosen = change.since is Since.SHEET
    if posted is not None and _stood(posted.stood, file.review, change.field) == stood:
        chosen = (file.review, change.field) in posted.taken
    marks = word_marks(here, sheet) if here and sheet and not change.field.startswith("mark:") else ()
    return Row(change.field, *name, here, sheet, marks, change.since, change.brought, stood, chosen)


def _stood(stood: Mapping[str, Mapping[str, str]], review: str, name: str) -> str:
    return stood.get(review, {}).get(name, "")
