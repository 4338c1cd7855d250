"""Reading and scoring: interests are declared, readers named, marks saved and given."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.forms import FileStage
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Call, Interest, Review, SecurityEvent
from grants.policies import SYSTEM, Actor, require
from grants.queries import committee
from grants.queries.conflicts import found as found_facts
from grants.queries.locking import locked
from grants.queries.review import declarable, rubric_of
from grants.queries.subjects import subject_of
from grants.queries.visibility import visible_to
from grants.services import copies, interests, lifecycle, readers, sheets
from grants.services.sheets import Sheet, facts_of, text
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from grants.workflow.facts import ApplicationFacts, ReviewFacts
from grants.workflow.review import ReviewState

STANDS = ("free", "conflict", "doubt")
NOTE_LIMIT = 1000
PAUSE = timedelta(minutes=10)  # what is typed in one go is one trace


def declare_interest(*, actor: Actor, application: str, stand: str, note: str = "") -> Interest:
    """Say whether one has a link with the file: `free`, `conflict`, or `doubt` (closes it until somebody settles it).

    A conflict voids the live review in the same transaction. What was closed is not opened again by the person
    alone (NotPossible). NotFound outside the calls on whose committee the actor sits.
    """
    words = _checked_stand(stand, note)
    with transaction() as session:
        return _declare(session, actor, application, stand, words)


def declare_interests(*, actor: Actor, stands: Mapping[str, tuple[str, str]]) -> list[Interest]:
    """Declare on several files at once: stand and note by public id of the file. All of them or none."""
    words = {application: _checked_stand(stand, note) for application, (stand, note) in stands.items()}
    with transaction() as session:
        return [_declare(session, actor, file, stands[file][0], note) for file, note in words.items()]


def _declare(session: Session, actor: Actor, application: str, stand: str, note: str) -> Interest:
    row = declarable(session, actor, application)
    require(actor, Action.REVIEW_DECLARE_INTEREST, subject_of(row, session))
    found = {one.account_id for one in interests.find(session, row)}
    before = committee.stand_of(session, row.id, _id(actor))
    if before is not None and before.account_id in found and stand != "conflict":
        before.note = note  # what the person says of what was found: whoever decides reads it
        return before
    if before is not None and before.stand == stand:
        return before
    _refuse_reopening(before, stand)
    lifecycle.act(session, actor=actor, action=Action.REVIEW_DECLARE_INTEREST, row=row, note={"stand": stand})
    interest = interests.write(session, row, _id(actor), stand, note)
    if stand == "conflict":
        interests.recuse(session, actor, row, _id(actor))
    return interest


def settle_interest(*, actor: Actor, application: str, account: str, stand: str) -> Interest:
    """Manager or chair decide a doubt: `free` opens the file to the person again, `conflict` voids the review.

    Raises NotPossible where there is no doubt, and where facts gave rise to it: opening the file then takes two
    managers (`grants.services.override`).
    """
    _checked_stand(stand, "")
    with transaction() as session:
        row = locked(session, actor, Application, application)
        person = readers.member(session, row.call_id, account)
        before = committee.stand_of(session, row.id, person.account_id)
        if before is None or before.stand != "doubt":
            require(actor, Action.REVIEW_SETTLE_INTEREST, subject_of(row, session))
            raise NotPossible(Action.REVIEW_SETTLE_INTEREST, (Reason("doubt_declared"),))
        if stand == "free" and found_facts(session, [person.account_id], [row]):
            require(actor, Action.REVIEW_SETTLE_INTEREST, subject_of(row, session))
            raise NotPossible(Action.REVIEW_SETTLE_INTEREST, (Reason("found_from_facts", {"name": person.name}),))
        note = {"stand": stand, "member": account}
        lifecycle.act(session, actor=actor, action=Action.REVIEW_SETTLE_INTEREST, row=row, note=note)
        if stand == "conflict":
            interests.recuse(session, SYSTEM, row, person.account_id)
        return interests.write(session, row, person.account_id, stand, before.note)


def assign(*, actor: Actor, application: str, reviewers: Iterable[str]) -> list[Review]:
    """Name these members of the committee to read the file, beside those already named. Returns its live reviews.

    Raises NotPossible naming who has a conflict, NotFound for somebody who is not on the committee.
    """
    with transaction() as session:
        row = locked(session, actor, Application, application)
        readers.name(session, actor, row, set(reviewers))
        return readers.live(session, row.id)


def rearrange(*, actor: Actor, call: str, wanted: Mapping[str, frozenset[str]]) -> int:
    """Make the readers of these files be exactly these persons: all of it or nothing. Returns how many reviews changed.

    A review that was given stays. Raises NotPossible naming conflicts, NotFound for a foreign file or person.
    """
    with transaction() as session:
        owner = locked(session, actor, Call, call)
        require(actor, Action.REVIEW_ASSIGN, subject_of(owner, session))
        return readers.rearrange(session, actor, owner, wanted)


def unassign(*, actor: Actor, review: str) -> Review:
    """Take a review back that was not given; what was written is kept. NotPossible once it was given."""
    with transaction() as session:
        row = locked(session, actor, Review, review)
        readers.withdraw(session, actor, row)
        return row


def open_reviews(*, actor: Actor, call: str) -> list[Application]:
    """Open the reading of every eligible file that has enough readers. NotPossible when none has."""
    with transaction() as session:
        owner = locked(session, actor, Call, call)
        require(actor, Action.REVIEW_OPEN, subject_of(owner, session))
        query = select(Application).where(
            Application.call_id == owner.id,
            Application.state == ApplicationState.ELIGIBLE,
            Application.stage != FileStage.NOTE,
            visible_to(actor, Application),
        )
        files = list(session.scalars(query.order_by(Application.id).with_for_update()))
        facts = {file.id: _assigned(session, owner, file) for file in files}
        ready = [file for file in files if facts[file.id].reviews_assigned >= owner.reviews_required]
        if not ready:
            few = max((fact.reviews_assigned for fact in facts.values()), default=0)
            words = {"reviews_required": owner.reviews_required, "reviews_assigned": few}
            raise NotPossible(Action.REVIEW_OPEN, (Reason("enough_reviewers", words),))
        for file in ready:
            interests.find(session, file)
            lifecycle.perform(session, actor=actor, action=Action.REVIEW_OPEN, row=file, facts=facts[file.id])
            copies.ask_for(session, file)
        return ready


def save(  # noqa: PLR0913 -- the sheet as the page sends it
    *,
    actor: Actor,
    review: str,
    marks: Mapping[str, int | None],
    comments: Mapping[str, str],
    opinion: str = "",
    private_note: str = "",
    not_applicable: Collection[str] = (),
    last_criterion: str = "",
    version: int | None = None,
) -> Review:
    """Keep a draft; nothing is compulsory. Raises Conflict for a stale version, NotPossible outside the window.

    `not_applicable`: keys of the optional criteria that do not apply to the file (Invalid for another one, and for one
    that has a mark). What is typed in one go leaves one trace.
    """
    sheet = Sheet(marks, comments, opinion, private_note, not_applicable, last_criterion)
    return _write(actor, Action.REVIEW_SAVE, review, sheet, version)


def score(  # noqa: PLR0913 -- the sheet as the page sends it
    *,
    actor: Actor,
    review: str,
    marks: Mapping[str, int | None],
    comments: Mapping[str, str],
    opinion: str = "",
    private_note: str = "",
    not_applicable: Collection[str] = (),
    version: int | None = None,
) -> Review:
    """Give the review: every criterion that applies marked, the extremes explained.

    Raises like `save`, and for what is missing. What is given is kept as it was given.
    """
    sheet = Sheet(marks, comments, opinion, private_note, not_applicable)
    return _write(actor, Action.REVIEW_SCORE, review, sheet, version)


def _write(actor: Actor, action: Action, review: str, sheet: Sheet, version: int | None) -> Review:
    try:
        return _written(actor, action, review, sheet, version)
    except NotPossible as refused:
        if any(reason.code == "deliberation_not_closed" for reason in refused.reasons):
            _note_attempt(actor, action, review)
        raise


def _written(actor: Actor, action: Action, review: str, sheet: Sheet, version: int | None) -> Review:
    with transaction() as session:
        row = locked(session, actor, Review, review)
        application = session.get_one(Application, row.application_id)
        call = session.get_one(Call, application.call_id)
        clean = sheets.clean(sheet, rubric_of(call))
        facts = facts_of(session, row, application, call, clean)
        if action is Action.REVIEW_SAVE and _same_go(row, facts):
            _check(session, actor, row, facts, version)
        else:
            lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, version=version)
        sheets.lay(session, row, call, clean, facts.now)
        if action is Action.REVIEW_SCORE:
            sheets.keep(session, row, call, clean, facts.now)
        return row


def _same_go(row: Review, facts: ReviewFacts) -> bool:
    """A draft that its author is still typing: its trace stands already."""
    return row.state == ReviewState.DRAFT and row.edited_at is not None and facts.now - row.edited_at < PAUSE


def _check(session: Session, actor: Actor, row: Review, facts: ReviewFacts, version: int | None) -> None:
    """What `lifecycle.perform` asks, without another trace."""
    require(actor, Action.REVIEW_SAVE, subject_of(row, session))
    if version is not None and version != row.version:
        what = "version"
        raise Conflict(what)
    if reasons := lifecycle.obstacles(row, Action.REVIEW_SAVE, facts):
        raise NotPossible(Action.REVIEW_SAVE, reasons)


def _note_attempt(actor: Actor, action: Action, review: str) -> None:
    """Somebody tried to change a mark after the deliberation was closed: that is remembered, without what was sent."""
    with transaction() as session:
        at = lifecycle.moment(session)
        name = f"review:{review}"
        session.add(SecurityEvent(at=at, kind="after-closing", account_id=actor.id, action=str(action), object=name))


def return_review(*, actor: Actor, review: str, reason: str) -> Review:
    """Give a review back to its author to be changed: the reviews of the others are hidden again."""
    words = text("reason", reason, NOTE_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Review, review)
        application = session.get_one(Application, row.application_id)
        call = session.get_one(Call, application.call_id)
        facts = facts_of(session, row, application, call, Sheet({}, {}))
        if not words:
            require(actor, Action.REVIEW_RETURN, subject_of(row, session))
            raise NotPossible(Action.REVIEW_RETURN, (Reason("reason_given"),))
        lifecycle.perform(
            session, actor=actor, action=Action.REVIEW_RETURN, row=row, facts=facts, note={"reason": words}
        )
        row.given_at, row.returned_at, row.return_reason = None, facts.now, words
        return row


def _checked_stand(stand: str, note: str) -> str:
    if stand not in STANDS:
        raise Invalid({"stand": Reason("missing")})
    return text("note", note, NOTE_LIMIT)


def _refuse_reopening(before: Interest | None, stand: str) -> None:
    opened = before is None or before.stand == "free" or (before.stand == "doubt" and stand == "conflict")
    if not opened:
        raise NotPossible(Action.REVIEW_DECLARE_INTEREST, (Reason("unconflicted"),))


def _assigned(session: Session, call: Call, file: Application) -> ApplicationFacts:
    at = lifecycle.moment(session)
    return ApplicationFacts(
        now=at,
        opens_at=call.opens_at or at,
        closes_at=call.closes_at,
        reviews_assigned=len(readers.live(session, file.id)),
        reviews_required=call.reviews_required,
        note=file.stage == FileStage.NOTE,
    )


def _id(actor: Actor) -> int:
    if actor.id is None:
        what = "actor"
        raise NotFound(what)
    return actor.id
