"""Papers of the passport: add, read, replace, take out."""

from dataclasses import dataclass
from datetime import date

from flask import Response, current_app, flash, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from grants import clock
from grants.db import db
from grants.domain.calendar import DayError, parse_day
from grants.domain.papers import PAPERS, expired, expires_soon
from grants.errors import Invalid, NotFound, Reason
from grants.models import Organisation, Paper
from grants.queries.organisation import paper_of, papers_of
from grants.queries.visibility import one_for
from grants.services import organisation as organisations
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.downloads import download
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page
from grants.web.organisation.blueprint import blueprint, found
from grants.web.organisation.forms import PaperForm
from grants.workflow.actions import Action


@dataclass(frozen=True)
class Line:
    """A kind of paper and what the passport holds of it: (paper, "" | "expired" | "soon")."""

    kind: str
    label: str
    hint: str
    papers: tuple[tuple[Paper, str], ...]


def paper_lines(row: Organisation) -> list[Line]:
    """Every kind, with the papers in force and how they stand today."""
    today = clock.now().date()
    held = papers_of(db.session(), row.id)
    return [
        Line(
            key,
            _(kind.label),
            _(kind.hint) if kind.hint else "",
            tuple((paper, _standing(paper, today)) for paper in held if paper.kind == key and _read(paper)),
        )
        for key, kind in PAPERS.items()
    ]


def _read(paper: Paper) -> bool:
    return permits(Action.ORGANISATION_READ_PAPER, paper)


def _standing(paper: Paper, today: date) -> str:
    if expired(paper.valid_until_on, today):
        return "expired"
    return "soon" if expires_soon(paper.valid_until_on, today) else ""


@blueprint.get("/organisations/<public_id>/pieces")
@may(Action.ORGANISATION_READ_PAPER)
def papers(public_id: str) -> ResponseReturnValue:
    """The papers and a form to add one."""
    row = found(public_id, Action.ORGANISATION_READ_PAPER)
    return _papers_page(row, PaperForm.empty(kind=request.args.get("nature", "")))


@blueprint.post("/organisations/<public_id>/pieces")
@may(Action.ORGANISATION_KEEP_PAPER)
def keep_paper(public_id: str) -> ResponseReturnValue:
    """Add one; the former of its kind is kept, replaced."""
    row, form = found(public_id, Action.ORGANISATION_KEEP_PAPER), PaperForm()
    try:
        sent = _file()
        organisations.keep_paper(
            actor=current_actor(),
            organisation=public_id,
            kind=form.kind.data or "",
            filename=sent.filename or "",
            data=sent.read(),
            store=current_app.config["STORE"],
            issued_on=_day("issued_on", form.issued_on.data),
            valid_until_on=_day("valid_until_on", form.valid_until_on.data),
            year=_year(form.year.data),
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _papers_page(row, form, 422)
    flash(_("Pièce ajoutée au passeport. Vos prochains dossiers peuvent la reprendre."), "ok")
    return back("organisation.papers", public_id=public_id)


@blueprint.get("/organisations/<public_id>/pieces/<paper>")
@may(Action.ORGANISATION_READ_PAPER)
def read_paper(public_id: str, paper: str) -> ResponseReturnValue:
    """The bytes of a paper."""
    row = found(public_id, Action.ORGANISATION_READ_PAPER)
    held = paper_of(db.session(), row.id, paper)
    if held is None:
        raise NotFound(paper)
    one_for(db.session(), current_actor(), Paper, paper)  # 404 for a bank statement, to whoever pays nothing
    return _sent(held)


def _sent(held: Paper) -> Response:
    return download(held.sha256, held.filename, held.media_type)


@blueprint.post("/organisations/<public_id>/pieces/<paper>/retrait")
@may(Action.ORGANISATION_KEEP_PAPER)
def retire_paper(public_id: str, paper: str) -> ResponseReturnValue:
    """Take a paper out of the passport."""
    organisations.retire_paper(actor=current_actor(), organisation=public_id, paper=paper)
    flash(_("Pièce retirée du passeport. Les dossiers qui l’ont reprise la gardent."), "ok")
    return back("organisation.papers", public_id=public_id)


def _papers_page(row: Organisation, form: PaperForm, status: int = 200) -> ResponseReturnValue:
    form.kind.choices = {key: _(kind.label) for key, kind in PAPERS.items()}
    return page(
        "organisation/papers.html",
        status,
        organisation=row,
        lines=paper_lines(row),
        form=form,
        keeps=permits(Action.ORGANISATION_KEEP_PAPER, row),
    )


def _file() -> FileStorage:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid({"file": Reason("file_missing")})
    return sent


def _day(name: str, text: str | None) -> date | None:
    if not (text or "").strip():
        return None
    try:
        return parse_day(text or "")
    except DayError as error:
        raise Invalid({name: Reason("not_a_date")}) from error


def _year(text: str | None) -> int | None:
    typed = (text or "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None  # noqa: PLR2004 -- a year
