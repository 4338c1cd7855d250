"""The sheet of marks on the page: from the row, from what was typed, and back with its problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import scoring
from grants.domain.reasons import Unreadable
from grants.models import Application, Attachment, Call, Review
from grants.queries import review as queries
from grants.queries.reading import reading_of
from grants.queries.review import Queued, rubric_of
from grants.queries.terms import form_of
from grants.services.lifecycle import obstacles
from grants.services.review import Sheet as Written
from grants.services.review import facts_of
from grants.web.kit.access import current_actor
from grants.web.kit.labels import named, places_of, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import page
from grants.workflow.actions import Action

USUAL_MINUTES = 30
LONGEST_PACE = 120
OPEN = ("assigned", "draft")


@dataclass(frozen=True)
class Sheet:
    """Marks in half points and comments by criterion key; problems by name of field."""

    marks: Mapping[str, int | None]
    comments: Mapping[str, str]
    opinion: str = ""
    private_note: str = ""
    version: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    def with_problems(self, problems: Mapping[str, str]) -> "Sheet":
        """The same with what is wrong in it."""
        return replace(self, problems={**self.problems, **problems})

    def at_version(self, version: int) -> "Sheet":
        """The same, to be sent again over what stands now."""
        return replace(self, version=version)


def draft_of(row: Review) -> Sheet:
    """What is stored."""
    keys = {criterion.id: criterion.key for criterion in row.application.call.criteria}
    return Sheet(
        marks={keys[mark.criterion_id]: mark.half_points for mark in row.marks},
        comments={keys[mark.criterion_id]: mark.comment for mark in row.marks},
        opinion=row.opinion,
        private_note=row.private_note,
        version=row.version,
    )


def typed_sheet(call: Call, *, giving: bool) -> Sheet:
    """What was typed. Giving asks for every mark and for a word on the extremes; a draft asks for nothing."""
    marks: dict[str, int | None] = {}
    problems: dict[str, str] = {}
    for criterion in call.criteria:
        typed = request.form.get(criterion.key, "")
        try:
            marks[criterion.key] = scoring.parse_mark(typed) if typed.strip() else None
        except Unreadable as error:
            marks[criterion.key] = None
            problems[criterion.key] = sentence(error.as_reason)
    comments = {one.key: request.form.get(f"comment_{one.key}", "") for one in call.criteria}
    if giving:
        rubric = rubric_of(call)
        for key in scoring.unmarked(marks, rubric):
            problems.setdefault(key, _("Choisissez une note."))
        for key in scoring.uncommented(marks, comments, rubric):
            problems[f"comment_{key}"] = _(
                "Une note de 1,5 ou moins, de 4,5 ou plus, demande une phrase d’explication."
            )
    version = request.form.get("version", "")
    return Sheet(
        marks,
        comments,
        request.form.get("opinion", ""),
        request.form.get("private_note", ""),
        int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None,  # noqa: PLR2004
        problems,
    )


def sheet_page(
    row: Review, sheet: Sheet, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    """The workspace: the file, the sheet, the queue."""
    session, actor = db.session(), current_actor()
    file = row.application
    call = file.call
    queue = queries.queue(session, actor, call.id)
    facts = facts_of(session, row, file, call, Written({}, {}), clock.now())
    closed = obstacles(row, Action.REVIEW_SAVE, facts)
    total = scoring.total(sheet.marks, rubric_of(call))
    names = {criterion.key: criterion.name for criterion in call.criteria}
    return page(
        "review/show.html",
        status,
        review=row,
        file=file,
        call=call,
        reading=reading_of(file),
        places=places_of(file),
        queue=queue,
        left=minutes_left(queue),
        sheet=sheet,
        total=total,
        marked=sum(1 for criterion in call.criteria if sheet.marks.get(criterion.key) is not None),
        problems=[
            (f"#{name}", named(names.get(name.removeprefix("comment_"), name), text))
            for name, text in sheet.problems.items()
        ],
        closed=[(one.code, sentence(one)) for one in closed if one.code != "not_from_here"],
        writable=not closed,
        reasons=reasons or [],
        document_url=documents_of(file),
        months=_months(file),
        form_title=form_of(file).version,
    )


def _months(file: Application) -> int | None:
    if file.starts_on is None or file.ends_on is None:
        return None
    return max(1, round((file.ends_on - file.starts_on).days / 30.4))


def documents_of(file: Application) -> Callable[[Attachment], str] | None:
    """The address of a document of the file, where the application serves them."""
    if "application.read_attachment" not in current_app.view_functions:
        return None

    def address(document: Attachment) -> str:
        return url_for("application.read_attachment", public_id=file.public_id, attachment=document.public_id)

    return address


def minutes_left(queue: list[Queued]) -> int:
    """Time left at one's own pace: the median gap between the reviews given, or half an hour each."""
    given = sorted(one.given_at for one in queue if one.given_at is not None)
    gaps = [(late - early).total_seconds() / 60 for early, late in pairwise(given)]
    steady = [gap for gap in gaps if 1 <= gap <= LONGEST_PACE]
    pace = median(steady) if steady else USUAL_MINUTES
    return round(pace * sum(1 for one in queue if one.state in OPEN))


def next_of(queue: list[Queued], public_id: str) -> str | None:
    """The next review to write after this one, in the queue's order, going round."""
    ids = [one.public_id for one in queue]
    place = ids.index(public_id) if public_id in ids else -1
    round_trip = queue[place + 1 :] + queue[: max(0, place)]
    return next((one.public_id for one in round_trip if one.state in OPEN and one.declared), None)
