"""Answering the questions of a file: a page at once, or one answer at a time while it is typed. Nothing is refused but time.

A page saved whole checks the version that it showed, and each answer that it started from. An answer saved alone looks
at that answer only: two people in different fields never meet. Both lock the row first, since both write `answers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.answering import Problem, field_problem
from grants.domain.asking import print_of, same
from grants.domain.calendar import DayError, parse_day
from grants.domain.conditions import Answer, filled, text_of
from grants.domain.forms import LISTS, ROWS, SHOWN_ONLY, Field, FieldKind, Form
from grants.domain.text import TextError, clean_line, clean_text
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Account, AnswerChange, Application
from grants.policies import Actor, require
from grants.queries.application import reopened
from grants.queries.consortium import SUMMARY
from grants.queries.subjects import subject_of
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow.actions import Action

# a text above the form's own limit is kept and told; beyond this it is no answer any more
SLACK = 4
LONGEST_ANSWER = 20_000
LONGEST_LINE = 200
MOST_ROWS = 60
# what partners are shown when they attest
ATTESTED = frozenset({"title", SUMMARY})
# what one person types in one go is one row of the history
PAUSE = timedelta(minutes=10)
ONE_GO = timedelta(hours=1)


_NEWEST = (
    select(AnswerChange)
    .where(AnswerChange.application_id == bindparam("file"), AnswerChange.key == bindparam("key"))
    .order_by(AnswerChange.id.desc())
    .limit(1)
)
_FILE = Application.__table__
_PUT = (
    update(Application.__table__)  # type: ignore[arg-type]  # a table, which a mapped class always has
    .where(_FILE.c.id == bindparam("file"))
    .values(
        answers=bindparam("given", type_=_FILE.c.answers.type),
        saves=_FILE.c.saves + 1,
        edited_at=bindparam("now", type_=_FILE.c.edited_at.type),
        **{name: bindparam(name, type_=_FILE.c[name].type) for name in ("title", "starts_on", "ends_on")},
    )
)


@dataclass(frozen=True)
class Saved:
    """What became of one answer: kept at `at` (UTC) with its fingerprint, and what is wrong with it all the same."""

    at: datetime
    zone: str
    base: str
    version: int
    problem: Problem | None


@dataclass(frozen=True)
class Standing:
    """An answer that somebody changed meanwhile: what stands there, whose it is (None: nobody knows), since when."""

    value: Answer
    base: str
    by: str
    at: datetime | None
    own: bool
    zone: str


def edit(
    *,
    actor: Actor,
    application: str,
    answers: Mapping[str, Answer],
    version: int | None = None,
    based: Mapping[str, str] | None = None,
) -> Application:
    """Merge answers, by field key, into the file. `based`: the fingerprint that each started from, where it is known.

    Texts are kept as typed but for what is no text; what is too long or cannot be read as a date is told by the
    completeness of the file, never refused here. Raises NotFound, NotAllowed, NotPossible, Conflict, Invalid.
    """
    with transaction() as session:
        row = _locked(session, actor, application)
        form = form_of(row)
        cleaned = _cleaned(form, answers)
        sections = sorted({section.key for key in cleaned if (section := form.section_of(key))})
        _refuse_stale(row, cleaned, based or {}, version)
        row = picture.change(
            session,
            actor=actor,
            action=Action.APPLICATION_EDIT,
            public_id=application,
            note={"fields": sorted(cleaned), "sections": sections},
        )
        _require_open(row, sections)
        changed = {key: value for key, value in cleaned.items() if not same(row.answers.get(key), value)}
        _remember(session, actor, row, changed)
        row.answers = {**row.answers, **cleaned}
        for name, value in _mirrored(row.answers).items():
            setattr(row, name, value)
    return row


def save_answer(
    *, actor: Actor, application: str, section: str, key: str, answer: Answer, base: str
) -> Saved | Standing:
    """Keep one answer, unless somebody else changed it since the page read it (`base`): then what stands is returned.

    Raises NotFound (also for a field that the section does not have), NotAllowed, NotPossible, Invalid.
    """
    with transaction() as session:
        row = _locked(session, actor, application)
        form = form_of(row)
        asked = form.field(key)
        place = form.section_of(key)
        if asked is None or place is None or place.key != section:
            raise NotFound(key)
        require(actor, Action.APPLICATION_EDIT, subject_of(row, session))
        now = lifecycle.moment(session)
        if reasons := lifecycle.obstacles(row, Action.APPLICATION_EDIT, picture.facts(session, row, now)):
            raise NotPossible(Action.APPLICATION_EDIT, reasons)
        _require_open(row, [section])
        cleaned = _cleaned(form, {key: answer})[key]
        stands = row.answers.get(key, "")
        if not same(stands, cleaned):
            if print_of(stands) != base:
                return _standing(session, actor, row, key)
            _store(session, actor, row, key, cleaned, now)
        return Saved(now, row.call.zone, print_of(cleaned), row.version, field_problem(asked, cleaned))


def _locked(session: Session, actor: Actor, application: str) -> Application:
    """The file as it stands, its row ours until the end (SQLite: the whole database is)."""
    row = one_for(session, actor, Application, application)
    if session.get_bind().dialect.name == "postgresql":
        session.refresh(row, with_for_update={"of": Application})
    return row


def _refuse_stale(
    row: Application, answers: Mapping[str, Answer], based: Mapping[str, str], version: int | None
) -> None:
    """Raise Conflict when the page was made before somebody else saved one, or changed one of these answers."""
    if version is not None and version != row.version:
        what = "version"
        raise Conflict(what)
    for key, value in answers.items():
        stands = row.answers.get(key)
        if key in based and based[key] != print_of(stands) and not same(stands, value):
            raise Conflict(key)


def _require_open(row: Application, sections: list[str]) -> None:
    shut = [key for key in sections if not reopened(row, key)]
    if shut:
        raise NotPossible(Action.APPLICATION_EDIT, (Reason("section_reopened", {"section": shut[0]}),))


def _store(session: Session, actor: Actor, row: Application, key: str, answer: Answer, now: datetime) -> None:
    """Write one answer without touching the version of the page: `saves` counts it."""
    _remember(session, actor, row, {key: answer}, now)
    answers = {**row.answers, key: answer}
    session.execute(_PUT, {"file": row.id, "given": answers, "now": now, **_mirrored(answers)})
    if key in ATTESTED:
        session.expire(row, ["answers", "title"])
        picture.settle_later(session, row)


def _standing(session: Session, actor: Actor, row: Application, key: str) -> Standing:
    value = row.answers.get(key, "")
    last = session.execute(
        select(AnswerChange.at, AnswerChange.account_id, Account.name)
        .join(Account, Account.id == AnswerChange.account_id)
        .where(AnswerChange.application_id == row.id, AnswerChange.key == key)
        .order_by(AnswerChange.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return Standing(value, print_of(value), "", None, own=False, zone=row.call.zone)
    return Standing(value, print_of(value), last.name, last.at, own=last.account_id == actor.id, zone=row.call.zone)


def _remember(
    session: Session, actor: Actor, row: Application, changed: Mapping[str, Answer], now: datetime | None = None
) -> None:
    """Note who left which answer. One go of one person is one row; what stood before the history began is kept too."""
    if not changed:
        return
    at, author = now or lifecycle.moment(session), actor.id or row.created_by_id
    last = _last_changes(session, row.id, tuple(changed))
    for key, value in changed.items():
        before, stood = last.get(key), row.answers.get(key)
        if before is None and filled(stood):
            session.add(_change(row, key, stood, row.created_by_id, row.edited_at))
        if before is not None and _same_go(before, author, at, row.submitted_at):
            before.value, before.at = value, at
        else:
            session.add(_change(row, key, value, author, at))
    session.flush()


def _last_changes(session: Session, application_id: int, keys: tuple[str, ...]) -> dict[str, AnswerChange]:
    """The newest row of each key. One key, as while somebody types, is asked by a statement that is ready."""
    if len(keys) == 1:
        found = session.scalars(_NEWEST, {"file": application_id, "key": keys[0]}).all()
        return {one.key: one for one in found}
    newest = (
        select(func.max(AnswerChange.id))
        .where(AnswerChange.application_id == application_id, AnswerChange.key.in_(keys))
        .group_by(AnswerChange.key)
    )
    return {one.key: one for one in session.scalars(select(AnswerChange).where(AnswerChange.id.in_(newest)))}


def _same_go(before: AnswerChange, author: int, at: datetime, submitted_at: datetime | None) -> bool:
    """Still the same person, without a pause, and not across a submission."""
    if before.account_id != author or at - before.at > PAUSE or at - before.began_at > ONE_GO:
        return False
    return submitted_at is None or before.began_at > submitted_at


def _change(row: Application, key: str, value: Answer | None, author: int, at: datetime) -> AnswerChange:
    return AnswerChange(application_id=row.id, key=key, value=value, account_id=author, began_at=at, at=at)


def _cleaned(form: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    cleaned: dict[str, Answer] = {}
    problems: dict[str, Reason] = {}
    for key, answer in answers.items():
        asked = form.field(key)
        if asked is None or asked.kind in SHOWN_ONLY:
            problems[key] = Reason("unknown_field")
            continue
        try:
            cleaned[key] = clean(asked, answer)
        except TextError as error:
            problems[key] = error.as_reason
    if problems:
        raise Invalid(problems)
    return cleaned


def clean(asked: Field, answer: Answer) -> Answer:
    """An answer of the shape that its question has, its texts in one spelling. Raises TextError for what is no text."""
    if asked.kind in ROWS:
        rows = [] if isinstance(answer, str) else [one for one in answer if isinstance(one, Mapping)]
        return [_row(asked, row) for row in rows[:MOST_ROWS]]
    if asked.kind in LISTS:
        ticked = [answer] if isinstance(answer, str) else [one for one in answer if isinstance(one, str)]
        texts = dict.fromkeys(clean_line(one, LONGEST_LINE) for one in ticked[:LONGEST_LINE])
        return [text for text in texts if text]
    return _text(asked, text_of(answer) if asked.kind is not FieldKind.TEXT else answer)


def _row(asked: Field, row: Mapping[str, str]) -> dict[str, str]:
    texts = {column.key: _text(column, row.get(column.key, "")) for column in asked.columns}
    return {key: text for key, text in texts.items() if text}


def _text(asked: Field, answer: object) -> str:
    text = answer if isinstance(answer, str) else ""
    if asked.kind is FieldKind.TEXT:
        return clean_text(text, min(asked.limit * SLACK, LONGEST_ANSWER) or LONGEST_ANSWER)
    return clean_line(text, min(asked.limit * SLACK, LONGEST_ANSWER) or LONGEST_LINE)


def _mirrored(answers: Mapping[str, Answer]) -> dict[str, object]:
    """Columns that lists sort by follow the answers, where these can be read."""
    return {
        "title": text_of(answers.get("title"))[:LONGEST_LINE],
        "starts_on": _day(text_of(answers.get("starts_on"))),
        "ends_on": _day(text_of(answers.get("ends_on"))),
    }


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except DayError:
        return None
