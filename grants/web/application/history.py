"""What became of a file: its versions, who left which answer, and what changed from one version to another, by words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.asking import asked_fields, counted, same
from grants.domain.conditions import Answer, Answers
from grants.domain.differences import changes
from grants.domain.forms import Form, SectionKind
from grants.domain.terms import Terms
from grants.domain.word_marks import Piece, word_marks
from grants.errors import NotFound
from grants.models import Application, Snapshot
from grants.queries import application as files
from grants.queries import drafting
from grants.queries.terms import terms_of
from grants.services.application.submitting import snapshot_content
from grants.web.application.blueprint import blueprint, own_file
from grants.web.kit.access import may
from grants.web.kit.labels import label_of_actor_kind
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import in_words, speaker
from grants.web.kit.responses import page
from grants.web.kit.typography import euros
from grants.workflow.actions import Action
from grants.workflow.application import EDITABLE

CURRENT = "brouillon"


@dataclass(frozen=True)
class Version:
    """A content of the file: its name in the address, in words, since when; None: the draft as it stands."""

    name: str
    title: str
    at: datetime | None


@dataclass(frozen=True)
class Left:
    """An answer as somebody left it, with what it changed."""

    question: str
    who: str
    at: datetime
    marks: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """What changed in one question or one part."""

    name: str
    marks: tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """What changed in one section."""

    title: str
    lines: tuple[Line, ...]


@blueprint.get("/candidatures/<public_id>/historique")
@may(Action.APPLICATION_EDIT)
def history(public_id: str) -> ResponseReturnValue:
    """The versions of the file, and the answers as they were left, the newest first."""
    row = own_file(public_id)
    snapshots = files.snapshots_of(db.session(), row.id)
    return page(
        "application/history.html",
        application=row,
        versions=_versions(row, snapshots),
        left=_left(terms_of(row), drafting.answers_left(db.session(), row)),
    )


@blueprint.get("/candidatures/<public_id>/historique/<version>")
@may(Action.APPLICATION_EDIT)
def compare(public_id: str, version: str) -> ResponseReturnValue:
    """What a version changed from the one before it."""
    row, session = own_file(public_id), db.session()
    snapshots = files.snapshots_of(session, row.id)
    known = _versions(row, snapshots)
    place = next((rank for rank, one in enumerate(known) if one.name == version), None)
    if place is None:
        raise NotFound(version)
    contents: list[Mapping[str, Any]] = [dict(one.content) for one in snapshots]
    if known[0].name == CURRENT:
        contents.insert(0, snapshot_content(session, row, received_at=""))
    earlier = known[place + 1] if place + 1 < len(known) else None
    return page(
        "application/compare.html",
        application=row,
        version=known[place],
        earlier=earlier,
        blocks=_blocks(terms_of(row), contents[place + 1] if earlier else {}, contents[place]),
    )


def _versions(row: Application, snapshots: Sequence[Snapshot]) -> list[Version]:
    """The draft while it can be written, then what was submitted, the newest first."""
    found = [
        Version(
            str(one.rank), _("Dépôt %(rank)s", rank=one.rank) if len(snapshots) > 1 else _("Dépôt"), one.received_at
        )
        for one in snapshots
    ]
    return [Version(CURRENT, _("Brouillon actuel"), row.edited_at), *found] if row.state in EDITABLE else found


def _left(terms: Terms, left: Sequence[drafting.Change]) -> list[Left]:
    """Each answer against the one before it, as far as the list goes."""
    say, found = speaker(terms), []
    for rank, one in enumerate(left):
        field = terms.form.field(one.key)
        if field is None:
            continue
        before = next((older.value for older in left[rank + 1 :] if older.key == one.key), "")
        marks = word_marks(in_words(field, before, say), in_words(field, one.value, say))
        found.append(Left(say(field.label), one.who, one.at, marks))
    return found


def _blocks(terms: Terms, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Block]:
    """Answers by section, then what stands beside them."""
    answered = _answered(terms, before.get("answers", {}), after.get("answers", {}))
    parts = (
        (_("Partenaires"), "partners", _partner),
        (_("Territoires"), "territories", lambda one: str(one.get("label", ""))),
        (_("Budget"), "budget", _budget_line),
        (_("Pièces"), "attachments", lambda one: str(one.get("filename", ""))),
    )
    beside = [Block(title, _things(before.get(key, []), after.get(key, []), told)) for title, key, told in parts]
    return [block for block in (*answered, *beside) if block.lines]


def _answered(terms: Terms, before: Answers, after: Answers) -> Iterable[Block]:
    say, form = speaker(terms), terms.form
    for section in form.sections:
        if section.kind is not SectionKind.FIELDS:
            continue
        told = _both_asked(form, before, after)
        lines = []
        for field in asked_fields(section, told):
            old, new = _of(before, field.key), _of(after, field.key)
            if not same(old, new):
                lines.append(Line(say(field.label), word_marks(in_words(field, old, say), in_words(field, new, say))))
        yield Block(say(section.title), tuple(lines))


def _both_asked(form: Form, before: Answers, after: Answers) -> Answers:
    """What either version told: a question that went out of sight is shown as taken out."""
    return {**counted(form, before), **counted(form, after)}


def _of(answers: Answers, key: str) -> Answer:
    return answers.get(key, "")


def _things(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], told: Any) -> tuple[Line, ...]:  # noqa: ANN401
    """Things of a list: what was added, taken out, changed."""
    if not changes(list(before), list(after)):
        return ()
    old, new = [told(one) for one in before], [told(one) for one in after]
    gone = (Line("", (Piece(text, gone=True),)) for text in old if text not in new)
    come = (Line("", (Piece(text, new=True),)) for text in new if text not in old)
    return (*gone, *come)


def _partner(one: Mapping[str, Any]) -> str:
    words = f"{one.get('name', '')}, {label_of_actor_kind(str(one.get('actor_kind', '')))}"
    return f"{words}. {one['role']}" if one.get("role") else words


def _budget_line(one: Mapping[str, Any]) -> str:
    words = str(one.get("label") or one.get("key", ""))
    return f"{words} : {euros(int(one.get('cents', one.get('amount_cents', 0)) or 0))}"
