"""Papers of the passport: looked at like any document, stored by content, dated, replaced and never lost."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.delivery import uploads
from grants.delivery.files import Store
from grants.domain.papers import PAPERS, valid_until
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Organisation, Paper
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

MOST_PAPERS = 200
OLDEST_YEAR, LATEST_YEAR = 1990, 2100


def keep_paper(  # noqa: PLR0913 -- the columns of a paper
    *,
    actor: Actor,
    organisation: str,
    kind: str,
    filename: str,
    data: bytes,
    store: Store,
    issued_on: date | None = None,
    valid_until_on: date | None = None,
    year: int | None = None,
) -> Paper:
    """Add a paper; it replaces the one of its kind (and year, where the kind has one). Files keep what they reused.

    Without an end the kind gives one (`domain.papers`). Raises NotFound, NotAllowed, NotPossible (too many), Invalid:
    kind, year, issued_on, valid_until_on, file.
    """
    _judge(kind, year, issued_on, valid_until_on)
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        require(actor, Action.ORGANISATION_KEEP_PAPER, subject_of(row, session))
    try:
        accepted = uploads.check(filename, data)
    except uploads.Refused as refused:
        params = {} if refused.limit is None else {"bytes": refused.limit}
        raise Invalid({"file": Reason(f"file_{refused.reason}", params)}) from refused
    blob = store.put(data)
    with transaction() as session:
        now = lifecycle.moment(session)
        if issued_on is not None and issued_on > now.date():
            raise Invalid({"issued_on": Reason("day_ahead")})
        _replace(session, row, kind, year, now)
        paper = Paper(
            organisation_id=row.id,
            kind=kind,
            year=year if PAPERS[kind].yearly else None,
            filename=accepted.filename,
            media_type=accepted.mime,
            size=blob.size,
            sha256=blob.sha256,
            issued_on=issued_on,
            valid_until_on=valid_until_on or valid_until(kind, issued_on),
            added_by_id=actor.id,
            added_at=now,
        )
        session.add(paper)
        note = {"kind": kind, "sha256": blob.sha256}
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_KEEP_PAPER, row=paper, note=note)
    return paper


def _judge(kind: str, year: int | None, issued_on: date | None, valid_until_on: date | None) -> None:
    problems: dict[str, Reason] = {}
    if kind not in PAPERS:
        raise Invalid({"kind": Reason("unknown_field")})
    if PAPERS[kind].yearly and (year is None or not OLDEST_YEAR <= year <= LATEST_YEAR):
        problems["year"] = Reason("not_a_year")
    if PAPERS[kind].months and issued_on is None:
        problems["issued_on"] = Reason("empty")
    if issued_on and valid_until_on and valid_until_on < issued_on:
        problems["valid_until_on"] = Reason("ends_before_start")
    if problems:
        raise Invalid(problems)


def _replace(session: Session, row: Organisation, kind: str, year: int | None, now: datetime) -> None:
    live = session.scalars(select(Paper).where(Paper.organisation_id == row.id, Paper.replaced_at.is_(None))).all()
    if len(live) >= MOST_PAPERS:
        raise NotPossible(Action.ORGANISATION_KEEP_PAPER, (Reason("too_many", {"most": MOST_PAPERS}),))
    for one in live:
        if one.kind == kind and (not PAPERS[kind].yearly or one.year == year):
            one.replaced_at = now


def retire_paper(*, actor: Actor, organisation: str, paper: str) -> Paper:
    """Take a paper out of the passport; its row and the files that reused it keep it. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        found = session.scalar(
            select(Paper).where(Paper.organisation_id == row.id, Paper.public_id == paper, Paper.replaced_at.is_(None))
        )
        if found is None:
            raise NotFound(paper)
        lifecycle.act(
            session, actor=actor, action=Action.ORGANISATION_KEEP_PAPER, row=found, note={"retired": found.kind}
        )
        found.replaced_at = lifecycle.moment(session)
    return found
