"""The sheet of marks on the page: from the row, from what was typed, and back with its problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import scoring
from grants.domain.pace import Pace, pace_of
from grants.domain.reasons import Unreadable
from grants.models import Application, Attachment, Call, Review
from grants.queries import other_reviews
from grants.queries import review as queries
from grants.queries.blindness import veil_over
from grants.queries.reading import read_by
from grants.queries.review import Queued, rubric_of
from grants.queries.terms import form_of
from grants.services.lifecycle import obstacles
from grants.services.sheets import Sheet as Written
from grants.services.sheets import facts_of
from grants.web.kit.access import current_actor
from grants.web.kit.labels import named, places_of, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import page
from grants.workflow.actions import Action

OPEN = ("assigned", "draft")
ASIDE = "sans-objet"  # in the place of a mark: the criterion does not apply


@dataclass(frozen=True)
class Sheet:
    """Marks in half points and comments by criterion key, keys of what does not apply; problems by name of field."""

    marks: Mapping[str, int | None]
    comments: Mapping[str, str]
    opinion: str = ""
    private_note: str = ""
    not_applicable: frozenset[str] = frozenset()
    last_criterion: str = ""
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
    said = other_reviews.written(row, row.application.call)
    return Sheet(
        marks=said.marks,
        comments=said.comments,
        opinion=row.opinion,
        private_note=row.private_note,
        not_applicable=said.not_applicable,
        last_criterion=row.last_criterion,
        version=row.version,
    )


def fields_of(sheet: Sheet) -> dict[str, str]:
    """The sheet as a form sends it, without its empty fields."""
    marks = {key: scoring.mark_text(halves, ".") for key, halves in sheet.marks.items() if halves is not None}
    comments = {f"comment_{key}": words for key, words in sheet.comments.items() if words}
    texts = {"opinion": sheet.opinion, "private_note": sheet.private_note}
    aside = dict.fromkeys(sheet.not_applicable, ASIDE)
    return {**marks, **aside, **comments, **{name: words for name, words in texts.items() if words}}


def typed_sheet(call: Call, *, giving: bool) -> Sheet:
    """What was typed. Giving asks for every mark and for a word on the extremes; a draft asks for nothing."""
    form = request.form
    aside = frozenset(one.key for one in call.criteria if form.get(one.key) == ASIDE)
    marks, problems = _typed_marks(call, aside)
    comments = {one.key: form.get(f"comment_{one.key}", "") for one in call.criteria}
    if giving:
        problems = _missing(call, marks, comments, aside, form.get("opinion", "")) | problems
    version = form.get("version", "")
    return Sheet(
        marks,
        comments,
        form.get("opinion", ""),
        form.get("private_note", ""),
        aside,
        form.get("last_criterion", ""),
        int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None,  # noqa: PLR2004
        problems,
    )


def _typed_marks(call: Call, aside: frozenset[str]) -> tuple[dict[str, int | None], dict[str, str]]:
    marks: dict[str, int | None] = {}
    problems: dict[str, str] = {}
    for criterion in call.criteria:
        several = request.form.getlist(criterion.key)
        typed = "" if criterion.key in aside else ",".join(several)  # one mark; several of them are none
        try:
            marks[criterion.key] = scoring.parse_mark(typed) if typed.strip() else None
        except Unreadable as error:
            marks[criterion.key] = None
            problems[criterion.key] = sentence(error.as_reason)
        if len(several) > 1:
            marks[criterion.key] = None
            problems[criterion.key] = _("Choisissez une seule note.")
    return marks, problems


def _missing(
    call: Call, marks: Mapping[str, int | None], comments: Mapping[str, str], aside: frozenset[str], opinion: str
) -> dict[str, str]:
    rubric = rubric_of(call)
    problems = {key: _("Choisissez une note.") for key in scoring.unmarked(marks, rubric, aside)}
    if call.others_reviews == "after_own" and not scoring.says_something(opinion):
        problems["opinion"] = _("Écrivez votre avis : le rendre ouvre ceux des autres.")
    words = _("Une note de 1,5 ou moins, de 4,5 ou plus, demande une phrase d’explication.")
    return problems | {f"comment_{key}": words for key in scoring.uncommented(marks, comments, rubric)}


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
    face, reading = read_by(session, actor, file)
    total = scoring.total(sheet.marks, rubric_of(call), sheet.not_applicable)
    names = {criterion.key: criterion.name for criterion in call.criteria}
    names |= {"opinion": _("Avis pour le comité"), "private_note": _("Note personnelle")}
    return page(
        "review/show.html",
        status,
        review=row,
        file=file,
        call=call,
        face=face,
        reading=reading,
        places=places_of(file),
        queue=queue,
        left=time_left(queue),
        following=next_of(queue, row.public_id),
        others=other_reviews.others(session, actor, row, call),
        versions=other_reviews.versions(session, row, call),
        returned_for=veil_over(session, actor, call, [file.id]).text(file.id, row.return_reason),
        sheet=sheet,
        total=total,
        marked=sum(
            1 for one in call.criteria if sheet.marks.get(one.key) is not None or one.key in sheet.not_applicable
        ),
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


@dataclass(frozen=True)
class Left:
    """Minutes that the open files of a queue take at one's own pace."""

    minutes: int
    pace: Pace


def time_left(queue: list[Queued]) -> Left | None:
    """Time left at one's own pace; None where nothing is left, or too little is known to say."""
    pace = pace_of(one.given_at for one in queue if one.given_at is not None)
    files = sum(1 for one in queue if one.state in OPEN)
    return Left(pace.left(files), pace) if pace is not None and files else None


def resume_of(queue: list[Queued]) -> Queued | None:
    """The draft that was written last: where the reader stopped."""
    drafts = [one for one in queue if one.state == "draft" and one.declared and one.edited_at is not None]
    return max(drafts, key=lambda one: (one.edited_at is not None and one.edited_at.timestamp()) or 0.0, default=None)


def next_of(queue: list[Queued], public_id: str) -> str | None:
    """The next review to write after this one, in the queue's order, going round."""
    ids = [one.public_id for one in queue]
    place = ids.index(public_id) if public_id in ids else -1
    round_trip = queue[place + 1 :] + queue[: max(0, place)]
    return next((one.public_id for one in round_trip if one.state in OPEN and one.declared), None)
