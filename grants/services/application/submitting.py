"""From the draft to the proof: signature asked for, submission, late attempts, waivers, withdrawal."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.domain.asking import counted
from grants.domain.receipts import fingerprint, receipt_number
from grants.domain.text import TextError, clean_text
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Application, Attachment, Call, LateAttempt, Snapshot, Waiver
from grants.policies import Actor, require
from grants.queries.consortium import fingerprints_attested, operators_of
from grants.queries.eligibility import in_grace, lines_of
from grants.queries.subjects import name_of, subject_of
from grants.queries.terms import form_of
from grants.queries.visibility import one_for
from grants.services import calling, lifecycle
from grants.services.application import picture
from grants.services.application.signing import Signature
from grants.services.commitment import lapse
from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState

SNAPSHOT_VERSION = 2
BY_REPRESENTATIVE = Signature()
LATE = guards.before_deadline.__name__
LONGEST_REASON = 2000
RULE_OF_WAIVERS = "received_before_deadline"


def request_signature(*, actor: Actor, application: str) -> Application:
    """Ask the lead of the organisation to submit. Raises NotFound, NotAllowed, NotPossible with all that is missing."""
    return _move(actor, Action.APPLICATION_REQUEST_SIGNATURE, application, whole=True)


def resume_drafting(*, actor: Actor, application: str) -> Application:
    """Take the file back to drafting before the signature. Raises NotFound, NotAllowed, NotPossible."""
    return _move(actor, Action.APPLICATION_RESUME_DRAFTING, application)


def undo_withdrawal(*, actor: Actor, application: str) -> Application:
    """Take a withdrawal back before the call closes: the file is again what it was, a draft or a submitted file.

    Raises NotFound, NotAllowed, NotPossible.
    """
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        session.refresh(row, with_for_update={"of": Application})
        now = lifecycle.moment(session)
        action = Action.APPLICATION_REINSTATE if row.deposited else Action.APPLICATION_TAKE_BACK
        lifecycle.perform(session, actor=actor, action=action, row=row, facts=picture.facts(session, row, now))
        row.edited_at = now
    return row


def withdraw(*, actor: Actor, application: str, version: int | None = None) -> Application:
    """Leave the call with this file. Raises NotFound, NotAllowed, NotPossible, Conflict."""
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        session.refresh(row, with_for_update={"of": Application})
        lapse(session, row)  # a proposal of the committee that nobody knows of yet: its money is free again
        calling.withdrawn(session, row)
        now = lifecycle.moment(session)
        facts = picture.facts(session, row, now)
        lifecycle.perform(
            session, actor=actor, action=Action.APPLICATION_WITHDRAW, row=row, facts=facts, version=version
        )
        row.edited_at = now
    return row


def submit(
    *, actor: Actor, application: str, version: int | None = None, signature: Signature = BY_REPRESENTATIVE
) -> Application:
    """Submit the file: signed, numbered, stamped and frozen. A file that is submitted already is returned as it is.

    The decisive instant is read after the locks on the call and on the file, so that numbers follow the order of
    reception. Raises NotFound, NotAllowed, Conflict, NotPossible; when time is among the reasons, the attempt is
    recorded with its instant before the refusal is raised.
    """
    with transaction() as session:
        row = _locked(session, actor, application)
        if row.state == ApplicationState.SUBMITTED:
            return row
        refusal = _submit(session, actor, row, version, signature)
    if refusal is not None:
        raise refusal
    return row


def _locked(session: Session, actor: Actor, application: str) -> Application:
    """The file, for its lead, with the call and then the file locked (SQLite locks the whole database)."""
    row = one_for(session, actor, Application, application)
    require(actor, Action.APPLICATION_SUBMIT, subject_of(row, session))
    session.execute(select(Call.id).where(Call.id == row.call_id).with_for_update())
    session.refresh(row, with_for_update={"of": Application})
    return row


def _submit(
    session: Session, actor: Actor, row: Application, version: int | None, signature: Signature
) -> NotPossible | None:
    now = lifecycle.moment(session)
    facts = replace(picture.facts(session, row, now, whole=True), power_missing=signature.power_missing(row))
    reasons = lifecycle.obstacles(row, Action.APPLICATION_SUBMIT, facts)
    if any(reason.code == LATE for reason in reasons):
        _record_late_attempt(session, actor, row)
        return NotPossible(Action.APPLICATION_SUBMIT, reasons)
    if version is not None and version != row.stamp:
        raise Conflict("version")
    rank = _next_rank(session, row)
    row.number = row.number or _next_number(session, row.call)
    row.submitted_at = row.submitted_at if row.deposited else now
    row.edited_at = now
    content = {
        **snapshot_content(session, row, received_at=now.isoformat(timespec="microseconds")),
        "signature": signature.content(actor, row),
        "in_grace": in_grace(row, now),
    }
    digest = fingerprint(content)
    session.add(
        Snapshot(
            application_id=row.id,
            rank=rank,
            content=content,
            sha256=digest,
            received_at=now,
            submitted_by_id=actor.id,
        )
    )
    lifecycle.perform(
        session,
        actor=actor,
        action=Action.APPLICATION_SUBMIT,
        row=row,
        facts=facts,
        note={
            "rank": rank,
            "number": row.number,
            "sha256": digest,
            "quality": str(signature.quality),
            **({"in_grace": True} if content["in_grace"] else {}),
        },
    )
    _tell_operators(session, row, rank)
    return None


def _tell_operators(session: Session, row: Application, rank: int) -> None:
    """Who co-signed learns that the file was deposited."""
    subject, made_at = subject_of(row, session), lifecycle.moment(session)
    for one in operators_of(session, row):
        if one.signed_at is not None and one.email:
            outbox.put(
                session,
                f"cosigner:{one.signature}:{rank}",
                kind="mail",
                name="operator-told",
                subject=name_of(row),
                programme_id=subject.programme_id,
                made_at=made_at,
                payload={"cosigner": one.signature},
            )


def _record_late_attempt(session: Session, actor: Actor, row: Application) -> None:
    now = lifecycle.moment(session)
    closes_at = max(at for at in (row.closes_at, row.own_deadline_at) if at is not None)
    lifecycle.perform(session, actor=actor, action=Action.APPLICATION_RECORD_LATE_ATTEMPT, row=row)
    session.add(LateAttempt(application_id=row.id, account_id=actor.id, attempted_at=now, closes_at=closes_at))
    row.late_attempt_at = row.late_attempt_at or now


def _next_rank(session: Session, row: Application) -> int:
    last = session.scalar(select(func.max(Snapshot.rank)).where(Snapshot.application_id == row.id))
    return (last or 0) + 1


def _next_number(session: Session, call: Call) -> str:
    """The next number of the call, in the order of submission: taken under the call's lock."""
    taken = session.scalar(
        update(Call)
        .where(Call.id == call.id)
        .values(next_number=Call.next_number + 1)
        .returning(Call.next_number)
        .execution_options(synchronize_session=False)
    )
    number = int(taken or 0) - 1
    return receipt_number(int(call.edition), number) if call.edition.isdigit() else f"{call.edition}-{number:03d}"


def snapshot_content(session: Session, row: Application, *, received_at: str) -> dict[str, Any]:
    """All that is submitted, as plain values with one spelling."""
    lead, attested = row.organisation, fingerprints_attested(session, row)
    files = session.scalars(
        select(Attachment)
        .where(Attachment.application_id == row.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return {
        "v": SNAPSHOT_VERSION,
        "application": row.public_id,
        "number": row.number,
        "received_at": received_at,
        "call": {"slug": row.call.slug, "title": row.call.title, "edition": row.call.edition},
        "terms_sha256": row.terms_sha256 or row.call.terms_sha256,
        **({"stage": row.stage} if row.stage else {}),
        "organisation": {
            **{name: getattr(lead, name) for name in ("public_id", "name", "legal_form", "actor_kind", "country")},
            **{name: getattr(lead, name) for name in ("siret", "rna", "registration", "website", "representative")},
            "representative_function": lead.representative_function,
            "address_lines": list(lead.address_lines),
        },
        "answers": counted(form_of(row), row.answers),
        "partners": [
            {
                **{
                    name: getattr(item, name) for name in ("public_id", "name", "actor_kind", "country", "role", "part")
                },
                "attested_sha256": attested.get(item.id, ""),
            }
            for item in row.partners
        ],
        "territories": [{name: getattr(item, name) for name in ("side", "code", "label")} for item in row.territories],
        "chart": row.call.chart,
        "budget": [
            {**asdict(line), "side": str(line.side), "status": str(line.status or "")} for line in lines_of(row)
        ],
        "requested_cents": row.requested_cents,
        "attachments": [
            {name: getattr(item, name) for name in ("public_id", "kind", "filename", "media_type", "size", "sha256")}
            for item in files
        ],
    }


def ask_waiver(*, actor: Actor, application: str, reason: str) -> Waiver:
    """Ask for the deadline to be waived for a file that came too late. Raises NotFound, NotAllowed, NotPossible, Invalid."""
    try:
        words = clean_text(reason, LONGEST_REASON)
    except TextError as error:
        raise Invalid({"reason": error.as_reason}) from error
    if not words:
        raise Invalid({"reason": Reason("reason_given")})
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        now = lifecycle.moment(session)
        facts = picture.facts(session, row, now, reason=words)
        lifecycle.perform(session, actor=actor, action=Action.APPLICATION_ASK_WAIVER, row=row, facts=facts)
        asked = Waiver(application_id=row.id, rule=RULE_OF_WAIVERS, reason=words, asked_by_id=actor.id, asked_at=now)
        session.add(asked)
    return asked


def _move(
    actor: Actor, action: Action, application: str, *, whole: bool = False, version: int | None = None
) -> Application:
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        now = lifecycle.moment(session)
        facts = picture.facts(session, row, now, whole=whole)
        lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, version=version)
        row.edited_at = now
    return row
