"""Several people on one file: being there, saying something beside a question, settling it. None of it changes the file."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.domain.text import TextError, clean_text
from grants.errors import Invalid, NotFound, Reason
from grants.models import Application, FieldComment, Presence
from grants.policies import Actor, require
from grants.queries.drafting import GONE, copy_name
from grants.queries.letter import COPY
from grants.queries.subjects import name_of, subject_of
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

LONGEST_REMARK = 2000
MOST_REMARKS = 500
# rows of people who left are swept by those who come
FORGOTTEN = timedelta(hours=1)


def be_present(*, actor: Actor, application: str, section: str) -> Application:
    """Note that somebody has this section open now. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = _of_team(session, actor, application)
        if form_of(row).section(section) is None or actor.id is None:
            raise NotFound(section)
        now = lifecycle.moment(session)
        stale = Presence.application_id == row.id, Presence.seen_at < now - FORGOTTEN
        session.execute(delete(Presence).where(*stale))
        _note(session, row.id, section, actor.id, now)
    return row


def _note(session: Session, application_id: int, section: str, account_id: int, now: datetime) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    known = session.scalar(
        select(Presence.seen_at).where(
            Presence.application_id == application_id, Presence.section == section, Presence.account_id == account_id
        )
    )
    come_back = known is None or now - known > GONE
    seen = insert(Presence).values(
        application_id=application_id, section=section, account_id=account_id, since_at=now, seen_at=now
    )
    session.execute(
        seen.on_conflict_do_update(
            index_elements=["application_id", "section", "account_id"],
            set_={"seen_at": now, **({"since_at": now} if come_back else {})},
        )
    )


def comment(*, actor: Actor, application: str, key: str, text: str) -> FieldComment:
    """Say something beside a question (by its key). Raises NotFound, NotAllowed, Invalid (text)."""
    try:
        words = clean_text(text, LONGEST_REMARK)
    except TextError as error:
        raise Invalid({"text": error.as_reason}) from error
    if not words:
        raise Invalid({"text": Reason("empty")})
    with transaction() as session:
        row = _of_team(session, actor, application)
        if form_of(row).field(key) is None or actor.id is None:
            raise NotFound(key)
        kept = session.scalars(select(FieldComment.id).where(FieldComment.application_id == row.id).limit(MOST_REMARKS))
        if len(kept.all()) >= MOST_REMARKS:
            raise Invalid({"text": Reason("too_many", {"most": MOST_REMARKS})})
        said = FieldComment(
            application_id=row.id, key=key, text=words, account_id=actor.id, written_at=lifecycle.moment(session)
        )
        session.add(said)
    return said


def settle(*, actor: Actor, application: str, comment: str) -> FieldComment:
    """Say that a comment is dealt with; twice is once. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = _of_team(session, actor, application)
        found = session.scalar(
            select(FieldComment).where(FieldComment.application_id == row.id, FieldComment.public_id == comment)
        )
        if found is None:
            raise NotFound(comment)
        if found.settled_at is None:
            found.settled_at, found.settled_by_id = lifecycle.moment(session), actor.id
    return found


def ask_copy(*, actor: Actor, application: str) -> Application:
    """Have the file drawn as it stands, for its team; asked twice for the same content, it is drawn once.

    Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        row = _of_team(session, actor, application)
        at = lifecycle.moment(session)
        outbox.put(session, f"copy:{copy_name(row)}", kind="document", name=COPY, subject=name_of(row), made_at=at)
    return row


def _of_team(session: Session, actor: Actor, application: str) -> Application:
    row = one_for(session, actor, Application, application)
    require(actor, Action.APPLICATION_EDIT, subject_of(row, session))
    return row
