"""Whole files on paper: asked for by one reader, drawn by the worker as that reader reads them, gone after a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import examining, transaction
from grants.delivery.answers import in_words
from grants.delivery.doors import Doors
from grants.delivery.fonts import letter_assets
from grants.delivery.handouts import Handouts
from grants.delivery.pdf import LeakyDocument, Limits, RenderFailed, render
from grants.errors import NotAllowed, NotPossible, Reason, Throttled
from grants.models import Account, Application, Call, Printout
from grants.policies import Actor, require
from grants.queries import printing as queries
from grants.queries.account import actor_for
from grants.queries.reading import read_by
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "printout"
MOST, WITHIN = 20, timedelta(hours=1)
MOST_FILES = 60
CLOSED = "closed meanwhile"
# what one document may cost; less than the two minutes after which another worker would take it for abandoned
LIMITS = Limits(cpu_seconds=90, memory=3 * 1024 * 1024 * 1024, wall_seconds=105.0, output=60 * 1024 * 1024)


def ask(*, actor: Actor, application: str, language: str) -> Printout:
    """One file (public id) on paper, for the actor alone: the document that is there or under way, or a new promise.

    With a blank sheet of marks for who evaluates it. Raises NotFound, NotAllowed, Throttled.
    """
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        require(actor, Action.PRINTING_READ, subject_of(row, session))
        grid = queries.evaluates(session, actor, row.id)
        return _asked(session, actor, row.call, [row.id], whole=False, grid=grid, language=language)


def ask_all(*, actor: Actor, call: str, language: str) -> Printout:
    """All files of a call (public id) that the actor has to evaluate and may open, in one document with a table of contents.

    Raises NotFound, Throttled, NotPossible: no file, too many.
    """
    with transaction() as session:
        owner = one_for(session, actor, Call, call)
        files = queries.to_read(session, actor, owner.id)
        if not files:
            raise NotPossible(Action.PRINTING_READ, (Reason("printout_empty"),))
        if len(files) > MOST_FILES:
            raise NotPossible(Action.PRINTING_READ, (Reason("printout_too_long"),))
        return _asked(session, actor, owner, files, whole=True, grid=True, language=language)


def _asked(  # noqa: PLR0913 -- what a document depends on
    session: Session, actor: Actor, call: Call, files: list[int], *, whole: bool, grid: bool, language: str
) -> Printout:
    now = lifecycle.moment(session)
    basis = queries.basis_of(session, actor, call, files, (whole, grid, language))
    known = queries.latest(session, actor, basis, now)
    if known is not None and queries.stands(known, now):
        return known
    if queries.asked_since(session, actor, now - WITHIN) >= MOST:
        raise Throttled(int(WITHIN.total_seconds()))
    row = Printout(
        account_id=actor.id,
        call_id=call.id,
        files=files,
        whole=whole,
        grid=grid,
        language=language,
        basis=basis,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    outbox.put(
        session,
        f"printout:{row.public_id}",
        kind=KIND,
        name=KIND,
        subject=name_of(call),
        made_at=now,
        programme_id=call.programme_id,
        payload={"printout": row.public_id},
    )
    return row


def keep(task: Task, doors: Doors) -> None:
    """Draw it, as its asker reads the files now: the worker's part. What is closed meanwhile is a failure, not a gap."""
    asked = str(task.payload["printout"])
    with examining() as session:
        row = session.scalar(select(Printout).where(Printout.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        words = told(session, row)
        page = doors.renderer.document(KIND, row.language, words) if words is not None else ""
        language, title, at = row.language, words["title"] if words else "", row.asked_at
    if words is None:
        _note(asked, failure=CLOSED)
        return
    sheets = (doors.renderer.stylesheet(), doors.renderer.stylesheet(KIND))
    try:
        pdf = render(page, sheets, letter_assets(), title=title, lang=language, moment=at, limits=LIMITS)
    except (RenderFailed, LeakyDocument) as error:
        _note(asked, failure=f"{type(error).__name__}: {error}"[:200])
        return
    handouts = Handouts(doors.store)
    name, size = handouts.write([pdf])
    try:
        _hand_out(asked, name, size, veiled=words["veiled"])
    except NotAllowed:
        handouts.drop(name)
        _note(asked, failure=CLOSED)
    except BaseException:
        handouts.drop(name)
        raise


def _hand_out(asked: str, name: str, size: int, *, veiled: bool) -> None:
    """Give the document to its asker, with a trace on each of its files. Raises NotAllowed: one was closed just now."""
    with transaction() as session:
        row = session.scalars(select(Printout).where(Printout.public_id == asked).with_for_update()).one()
        actor = actor_for(session, row.account_id)
        note = {"printout": asked, "whole": row.whole}
        for number in row.files:
            file = session.get_one(Application, number)
            lifecycle.act(session, actor=actor, action=Action.PRINTING_READ, row=file, note=note)
        row.file, row.size, row.veiled, row.finished_at = name, size, veiled, lifecycle.moment(session)


def told(session: Session, row: Printout) -> dict[str, Any] | None:
    """The words of the document as its asker may read them now; None when a file is closed, or the account."""
    account = session.get_one(Account, row.account_id)
    actor = actor_for(session, account.id)
    files = queries.opened(session, actor, row.files)
    if account.disabled_at is not None or len(files) != len(row.files):
        return None
    call = session.get_one(Call, row.call_id)
    read = [(file, *read_by(session, actor, file)) for file in files]
    faces = [face for _file, face, _reading in read]
    return {
        "call": call,
        "network": call.programme.network,
        "title": _title(faces[0].number, row),
        "files": read,
        "whole": row.whole,
        "grid": row.grid,
        "criteria": sorted(call.criteria, key=lambda one: one.position),
        "veiled": any(face.veiled for face in faces),
        "at": row.asked_at,
        "told": lambda answer, field: in_words(field, answer, str, row.language),
    }


def _title(number: str, row: Printout) -> str:
    """The title in the document's properties: never a name."""
    words = {"fr": ("Dossiers à évaluer", "Dossier"), "en": ("Files to evaluate", "File")}
    several, one = words.get(row.language, words["fr"])
    return several if row.whole else f"{one} {number}".strip()


def _note(asked: str, **values: object) -> None:
    with transaction() as session:
        values["finished_at"] = lifecycle.moment(session)
        session.execute(update(Printout).where(Printout.public_id == asked).values(**values))
