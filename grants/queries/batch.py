"""Acts on many files at once: what each file would get, how far a batch is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.eligibility import RuleKind
from grants.errors import NotFound, Reason
from grants.models import Application, Batch, BatchItem
from grants.policies import Actor, may
from grants.queries.desk import staff_files
from grants.queries.recipients import behind
from grants.queries.screening import pictured, standing_of
from grants.queries.subjects import subject_of
from grants.workflow.actions import Action
from grants.workflow.application import APPLICATION
from grants.workflow.effects import Document, Mail

MOST = 200
#: What may be done to many files, and the failures that it looks at.
ACTS: dict[Action, RuleKind | None] = {
    Action.SCREENING_TAKE: None,
    Action.SCREENING_CHECK: None,
    Action.SCREENING_DECLARE_ELIGIBLE: None,
    Action.SCREENING_DECLARE_INELIGIBLE: RuleKind.ELIGIBILITY,
    Action.SCREENING_DECLARE_INADMISSIBLE: RuleKind.ADMISSIBILITY,
    Action.SCREENING_KEEP_NOTE: None,
}


@dataclass(frozen=True)
class Foreseen:
    """What one file would get: how many letters and mails, or the reasons why it is left out."""

    file: Application
    reasons: tuple[Reason, ...]
    letters: int = 0
    mails: int = 0

    @property
    def taken(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    batch: Batch
    total: int
    done: int
    refused: int
    lines: Sequence[BatchItem]

    @property
    def left(self) -> int:
        return self.total - self.done - self.refused


def chosen(session: Session, actor: Actor, public_ids: Sequence[str]) -> list[Application]:
    """The files with these public ids that the actor follows, in the order of their numbers; `MOST` at most."""
    query = (
        select(Application)
        .where(Application.public_id.in_(list(dict.fromkeys(public_ids))[:MOST]), staff_files(actor))
        .options(joinedload(Application.call), joinedload(Application.organisation))
        .order_by(Application.number, Application.id)
    )
    return list(session.scalars(query))


def foreseen(
    session: Session, actor: Actor, action: Action, files: Sequence[Application], now: datetime
) -> list[Foreseen]:
    """What `action` would do to each of the files, now."""
    return [_foresee(session, actor, action, file, now) for file in files]


def _foresee(session: Session, actor: Actor, action: Action, file: Application, now: datetime) -> Foreseen:
    subject = subject_of(file, session)
    if not may(actor, action, subject):
        return Foreseen(file, (Reason("manager"),))
    facts = pictured(file, standing_of(session, file), now, kind=ACTS[action])
    reasons = APPLICATION.obstacles(str(file.state), action, facts)
    if reasons:
        return Foreseen(file, reasons)
    effects = APPLICATION.plan(str(file.state), action, facts).effects
    mails = sum(len(behind(session, effect.to, subject)) for effect in effects if isinstance(effect, Mail))
    return Foreseen(file, (), sum(isinstance(effect, Document) for effect in effects), mails)


def progress_of(session: Session, actor: Actor, public_id: str) -> Progress:
    """How far a batch of the actor's own is, in the files that are still the actor's to see. Raises NotFound."""
    batch = session.scalar(
        select(Batch)
        .where(Batch.public_id == public_id, Batch.account_id == actor.id)
        .options(selectinload(Batch.items).joinedload(BatchItem.application).joinedload(Application.organisation))
    )
    if batch is None:
        raise NotFound(public_id)
    asked = [item.application_id for item in batch.items]
    seen = set(session.scalars(select(Application.id).where(Application.id.in_(asked), staff_files(actor))))
    lines = [item for item in batch.items if item.application_id in seen]
    if asked and not lines:
        raise NotFound(public_id)
    outcomes = [item.outcome for item in lines]
    return Progress(batch, len(outcomes), outcomes.count("done"), outcomes.count("refused"), lines)


def next_item(session: Session) -> BatchItem | None:
    """The next file of the oldest batch that is not finished, locked for this transaction; None: nothing to do."""
    query = (
        select(BatchItem)
        .join(Batch, Batch.id == BatchItem.batch_id)
        .where(Batch.finished_at.is_(None), BatchItem.outcome == "")
        .order_by(Batch.id, BatchItem.position)
        .limit(1)
        .with_for_update(of=BatchItem, skip_locked=True)
    )
    return session.scalar(query)


def items_left(session: Session, batch_id: int) -> int:
    """How many files of a batch are still to do."""
    query = select(func.count(BatchItem.id)).where(BatchItem.batch_id == batch_id, BatchItem.outcome == "")
    return session.scalar(query) or 0
