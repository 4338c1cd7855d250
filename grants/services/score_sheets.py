"""Score sheets filled in without a connection: what may be taken away, what a workbook would change, what is accepted."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery.workbooks import opened
from grants.domain.asking import print_of
from grants.domain.reasons import Unreadable
from grants.domain.score_sheets import (
    Change,
    Fields,
    comments_in,
    compare,
    complete,
    lacking,
    marks_in,
    names_of,
    not_applicable_in,
    prints_of,
    read_field,
)
from grants.domain.scoring import Rubric
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.exchange import score_reading
from grants.exchange.score_reading import NotOurs, Refusal
from grants.models import Application, Call, Review, SecurityEvent
from grants.policies import Actor
from grants.queries.blindness import Veil, veil_over
from grants.queries.locking import several_locked
from grants.queries.review import rubric_of, taken_back
from grants.queries.score_sheets import call_of, fields_of, own_reviews
from grants.services import lifecycle, sheets
from grants.services.sheets import Sheet, facts_of
from grants.workflow.actions import Action
from grants.workflow.review import ReviewState


@dataclass(frozen=True)
class Offered:
    """A sheet that is offered to be taken: where it stands in the workbook, the fingerprints that it started from."""

    tab: str
    bases: Mapping[str, str]
    fields: Fields


@dataclass(frozen=True)
class Compared:
    """What a sheet would change in a review. `ready`: with the proposed changes it could be given."""

    review: str
    number: str
    title: str
    here: Fields
    changes: tuple[Change, ...]
    ready: bool


@dataclass(frozen=True)
class Comparison:
    """What a workbook would change: files with something to choose or to know, and what cannot be taken."""

    files: tuple[Compared, ...]
    refusals: tuple[Refusal, ...]
    made_at: datetime | None = None


@dataclass(frozen=True)
class Accepted:
    """What is taken of a sheet: fields with their values. `stood`: the fingerprints of what the page showed.

    `give`: the review is given, not kept as a draft.
    """

    fields: Fields
    stood: Mapping[str, str]
    give: bool = False


@dataclass(frozen=True)
class Taken:
    """How many reviews were changed, how many of them given."""

    saved: int
    given: int


def writable(session: Session, actor: Actor, call: Call, now: datetime | None = None) -> list[Review]:
    """The actor's reviews of a call that may be written now, in the actor's order. `now`: for showing."""
    return [row for row in own_reviews(session, actor, call) if not _closed(session, row, call, now)]


def compared(*, actor: Actor, call: str, filename: str, data: bytes, secret: str) -> Comparison:
    """What the workbook would change in the actor's reviews of this call (slug). Nothing is written.

    Raises NotFound, and Invalid for the `file`: those of an upload, sheets_unknown (not ours), sheets_tampered,
    sheets_other_person, sheets_other_call.
    """
    with reading() as session:
        owner = call_of(session, actor, call)
        public_id, rubric = owner.public_id, rubric_of(owner)
    raw = opened(filename, data, score_reading.cells, score_reading.warm)
    try:
        back = score_reading.read(raw, rubric, secret)
    except NotOurs as strange:
        raise Invalid({"file": Reason(strange.reason)}) from strange
    if back.keys.reviewer != actor.public_id:
        raise Invalid({"file": Reason("sheets_other_person")})
    if back.keys.call != public_id:
        raise Invalid({"file": Reason("sheets_other_call")})
    offers = {one.base.review: Offered(one.tab, prints_of(one.base.fields), one.fields) for one in back.sheets}
    found = offered(actor=actor, call=call, offers=offers)
    shut = {one.sheet for one in found.refusals}  # of a sheet that cannot be taken at all its cells say nothing
    cells = (one for one in back.refusals if one.sheet not in shut)
    return Comparison(found.files, (*found.refusals, *cells), back.keys.made_at)


def offered(*, actor: Actor, call: str, offers: Mapping[str, Offered]) -> Comparison:
    """What these sheets (by review) would change as the reviews stand now. Raises NotFound."""
    with reading() as session:
        owner = call_of(session, actor, call)
        rows = {row.public_id: row for row in own_reviews(session, actor, owner)}
        veil = veil_over(session, actor, owner, [row.application_id for row in rows.values()])
        rubric, files, refusals = rubric_of(owner), [], []
        for review, offer in offers.items():
            reasons = _reasons(session, actor, owner, rows.get(review), review)
            if reasons:
                refusals += [Refusal(offer.tab, "", "", reason) for reason in reasons]
            else:
                files.append(_compared(rows[review], owner, rubric, offer, veil))
        return Comparison(tuple(one for one in files if one.changes), tuple(refusals))


def take(*, actor: Actor, call: str, accepted: Mapping[str, Accepted]) -> Taken:
    """Write what was accepted into the actor's reviews of this call (slug): all of it or nothing.

    Raises Conflict where a review is no longer what the page showed, Invalid (by review) for one that is to be given
    and lacks something, NotPossible where it may not be written any more, NotFound.
    """
    try:
        return _take(actor, call, accepted)
    except NotPossible as refused:
        if any(reason.code == "deliberation_not_closed" for reason in refused.reasons):
            _note_attempt(actor, call)
        raise


def _take(actor: Actor, call: str, accepted: Mapping[str, Accepted]) -> Taken:
    with transaction() as session:
        owner = call_of(session, actor, call)
        rubric, saved, given = rubric_of(owner), 0, 0
        rows = _locked(session, actor, owner, accepted)
        _refuse_incomplete(rows, owner, rubric, accepted)
        for row in rows:
            wanted = accepted[row.public_id]
            here = fields_of(row, owner)
            merged = _merged(here, wanted, rubric)
            if merged == {name: here.get(name, "") for name in merged} and not wanted.give:
                continue
            _write(session, actor, row, owner, merged, give=wanted.give)
            saved, given = saved + 1, given + wanted.give
        return Taken(saved, given)


def _locked(session: Session, actor: Actor, call: Call, accepted: Mapping[str, Accepted]) -> list[Review]:
    """The reviews, locked, each as the page showed it. Raises Conflict, NotPossible."""
    try:
        rows = several_locked(session, actor, Review, accepted)
    except NotFound as gone:
        raise Conflict("reviews") from gone
    for row in rows:
        here, stood = fields_of(row, call), accepted[row.public_id].stood
        own = row.reviewer_id == actor.id and row.application.call_id == call.id
        reasons = _closed(session, row, call, None) if own else ()
        if reasons:
            raise NotPossible(Action.REVIEW_SAVE, reasons)
        if not own or any(print_of(here.get(name, "")) != seen for name, seen in stood.items()):
            raise Conflict("version")
    return rows


def _refuse_incomplete(rows: list[Review], call: Call, rubric: Rubric, accepted: Mapping[str, Accepted]) -> None:
    problems = {}
    for row in rows:
        wanted = accepted[row.public_id]
        missing = lacking(_merged(fields_of(row, call), wanted, rubric), rubric) if wanted.give else ()
        if missing:
            names = {one.key: one.name for one in call.criteria}
            told = ", ".join(dict.fromkeys(names[name.partition(":")[2]] for name in missing))
            problems[row.public_id] = Reason(
                "sheet_incomplete", {"number": row.application.number or "", "missing": told}
            )
    if problems:
        raise Invalid(problems)


def _merged(here: Fields, accepted: Accepted, rubric: Rubric) -> dict[str, str]:
    """Every field as it is to be. Raises Invalid for what cannot be kept."""
    try:
        taken = {name: read_field(name, text, rubric) for name, text in accepted.fields.items()}
    except Unreadable as error:
        raise Invalid({"file": error.as_reason}) from error
    return {name: taken.get(name, here.get(name, "")) for name in names_of(rubric)}


def _write(session: Session, actor: Actor, row: Review, call: Call, fields: Fields, *, give: bool) -> None:
    rubric, application = rubric_of(call), session.get_one(Application, row.application_id)
    sheet = Sheet(
        marks_in(fields, rubric),
        comments_in(fields, rubric),
        fields["opinion"],
        fields["private_note"],
        not_applicable_in(fields, rubric),
    )
    clean = sheets.clean(sheet, rubric)
    facts = facts_of(session, row, application, call, clean)
    action = Action.REVIEW_SCORE if give else Action.REVIEW_SAVE
    lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, note={"from_sheet": True})
    sheets.lay(session, row, call, clean, facts.now)
    if give:
        sheets.keep(session, row, call, clean, facts.now)


def _compared(row: Review, call: Call, rubric: Rubric, offer: Offered, veil: Veil) -> Compared:
    here, file = fields_of(row, call), row.application
    changes = compare(offer.bases, here, dict(_readable(offer.fields, rubric)))
    proposed = {change.field: change.brought for change in changes if change.proposed}
    return Compared(
        row.public_id,
        file.number or "",
        veil.text(file.id, file.title),
        here,
        changes,
        bool(proposed) and complete({**here, **proposed}, rubric),
    )


def _readable(fields: Fields, rubric: Rubric) -> Iterator[tuple[str, str]]:
    """The fields that a review has and that can be kept."""
    for name in names_of(rubric):
        with suppress(KeyError, Unreadable):
            yield name, read_field(name, fields[name], rubric)


def _reasons(session: Session, actor: Actor, call: Call, row: Review | None, review: str) -> tuple[Reason, ...]:
    """Why the sheet of this review cannot be taken. A file that is closed to the actor is as one that never was."""
    if row is not None:
        return _closed(session, row, call, None)
    code = "sheet_withdrawn" if taken_back(session, actor, review) else "sheet_not_open"
    return (Reason(code),)


def _closed(session: Session, row: Review, call: Call, now: datetime | None) -> tuple[Reason, ...]:
    """Why this review may not be written."""
    if row.state == ReviewState.GIVEN:
        return (Reason("sheet_given"),)
    facts = facts_of(session, row, row.application, call, Sheet({}, {}), now)
    return lifecycle.obstacles(row, Action.REVIEW_SAVE, facts)


def _note_attempt(actor: Actor, call: str) -> None:
    """Somebody tried to change marks after the deliberation was closed: that is remembered, without what was sent."""
    with transaction() as session:
        owner, at = call_of(session, actor, call), lifecycle.moment(session)
        name, action = f"call:{owner.public_id}", str(Action.REVIEW_SAVE)
        session.add(SecurityEvent(at=at, kind="after-closing", account_id=actor.id, action=action, object=name))
