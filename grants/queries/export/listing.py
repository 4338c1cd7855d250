"""What stands in a list that is taken away: read for one person at one moment, through the conditions of the pages.

A file from which the reader is recused is not there, nor is a figure in which it counts; under a blind call a reader
who must not know who applies takes away numbers.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import chain
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.deadlines import zone_named
from grants.domain.scoring import HALVES_A_POINT, display, score
from grants.exchange.tables import Cell
from grants.models import Account, Application, Call, Decision, Organisation, Review
from grants.policies import Actor, may
from grants.queries import analysis, selection
from grants.queries.blindness import Veil, veil_over
from grants.queries.eligibility import totals_of
from grants.queries.export.words import Words
from grants.queries.subjects import subject_of
from grants.queries.visibility import Condition, applications, conflict_free, received, visible_to
from grants.workflow.actions import Action
from grants.workflow.review import ReviewState

CONTENTS = ("ranking", "files", "reviews", "decisions")
FETCHED = 200  # files in the memory at a time
CENTS = 100
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Listed:
    """A list: the names of its columns, its rows (read once), and what it was made from.

    `basis`: fingerprint of the files seen and of those that are veiled; the reviews, by public id.
    """

    columns: tuple[str, ...]
    rows: Iterable[Row]
    basis: dict[str, object]


def offered(session: Session, actor: Actor, call: Call) -> tuple[str, ...]:
    """Which lists of this call the actor may take away now; none for somebody who neither runs, judges nor audits it."""
    subject = subject_of(call, session)
    if not may(actor, Action.EXPORT_READ, subject):
        return ()
    ranks = may(actor, Action.SELECTION_READ, subject)
    follows = call.programme_id in actor.manages or call.id in actor.chairs or actor.audits
    return tuple(one for one in CONTENTS if one in ("files", "reviews") or (ranks and (one == "ranking" or follows)))


def listed(session: Session, actor: Actor, call: Call, content: str, words: Words) -> Listed:
    """The list as this reader may read it now. Raises KeyError for a content that there is not."""
    reader = _Reader(session, actor, call, words)
    return _WRITERS[content](reader)


def basis(session: Session, actor: Actor, call: Call, content: str) -> dict[str, object]:
    """What the list would be made from now, without reading it."""
    return _basis(_Reader(session, actor, call, None), content)


@dataclass(frozen=True)
class _Reader:
    session: Session
    actor: Actor
    call: Call
    words: Words | None

    @property
    def told(self) -> Words:
        """The words, where rows are written."""
        assert self.words is not None
        return self.words

    def columns(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.told.columns[key] for key in keys)

    def local(self, at: datetime | None) -> datetime | None:
        """A moment by the clock of the call, as its pages say it."""
        return at.astimezone(zone_named(self.call.zone)).replace(tzinfo=None) if at is not None else None

    def veil(self, files: Iterable[int]) -> Veil:
        """What this reader must not know of these files."""
        return veil_over(self.session, self.actor, self.call, files)

    def ids(self, query: Select[int]) -> list[int]:
        return sorted(self.session.scalars(query))


def _seen(reader: _Reader, content: str) -> list[int]:
    """The files of a list, by internal id."""
    if content == "ranking":
        return sorted(selection.files_seen(reader.session, reader.actor, reader.call.id))
    conditions: dict[str, Callable[[], Select[int]]] = {
        "files": lambda: select(Application.id).where(_files_of(reader)),
        "reviews": lambda: select(Review.application_id).join(Application).where(_reviews_of(reader)).distinct(),
        "decisions": lambda: select(Decision.application_id).join(Application).where(_decisions_of(reader)),
    }
    return reader.ids(conditions[content]())


def _basis(reader: _Reader, content: str) -> dict[str, object]:
    files = _seen(reader, content)
    veil = reader.veil(files)
    hidden = [file for file in files if veil.hides(file)]
    sealed = hashlib.sha256(json.dumps([files, hidden]).encode()).hexdigest()
    return {"files_sha256": sealed, "reviews": _review_ids(reader) if content == "reviews" else []}


def _review_ids(reader: _Reader) -> list[str]:
    query = select(Review.public_id).join(Application, Application.id == Review.application_id)
    return sorted(reader.session.scalars(query.where(_reviews_of(reader))))


def _files_of(reader: _Reader) -> Condition:
    """Received files that the reader follows, or reads as a reviewer; not those that the reader writes."""
    return and_(
        Application.call_id == reader.call.id, received(), applications(reader.actor), conflict_free(reader.actor)
    )


def _reviews_of(reader: _Reader) -> Condition:
    return and_(
        Application.call_id == reader.call.id,
        Review.state == ReviewState.GIVEN,
        visible_to(reader.actor, Review),
        conflict_free(reader.actor),
    )


def _decisions_of(reader: _Reader) -> Condition:
    return and_(
        Application.call_id == reader.call.id,
        Decision.ended_at.is_(None),
        visible_to(reader.actor, Decision),
        conflict_free(reader.actor),
    )


def _number(value: Fraction | float | None) -> float | None:
    """Two decimals, as the pages show them."""
    if value is None:
        return None
    return float(display(value)) if isinstance(value, Fraction) else round(value, 2)


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / CENTS


def _ranking(reader: _Reader) -> Listed:
    call = selection.call_for_ranking(reader.session, reader.call.id)
    board = selection.board(reader.session, reader.actor, call)
    shown = analysis.shown(reader.session, board.basis)
    standings = shown.report.standings if shown.report is not None and not shown.stale else {}
    veil, words = reader.veil(place.file.id for place in board.places), reader.told
    keys = [criterion.key for criterion in call.criteria]

    def rows() -> Iterator[Row]:
        for place in board.places:
            file, ranked, known = place.file, place.ranked, standings.get(place.file.public_id)
            means = board.basis.scores.means.get(file.id, {})
            low, high = (known.interval_50 if known is not None else None) or (None, None)
            yield (
                *(ranked.rank, file.number, veil.text(file.id, file.title), veil.lead(file.id, file.lead, file.number)),
                *(_euros(file.requested_cents), _number(ranked.mean), ranked.reviews, call.reviews_required),
                *(_number(ranked.spread), *(_number(one) for one in (place.scores[:1] or (None,)))),
                *(_number(one) for one in (place.scores[-1:] or (None,))),
                *(words.flag(value=ranked.above_line), _number(known.expected_rank if known is not None else None)),
                *(_number(low), _number(high), _number(known.probability_above if known is not None else None)),
                *(words.code("outcome", file.outcome), _euros(file.awarded_cents) if file.outcome else None),
                *(_number(means.get(key)) for key in keys),
            )

    columns = reader.columns(
        *("rank", "number", "title", "lead", "requested", "mean", "reviews", "expected", "spread", "lowest"),
        *("highest", "above", "expected_rank", "rank_low", "rank_high", "chance", "outcome", "awarded"),
    )
    return Listed((*columns, *(words.mean.format(key=key) for key in keys)), rows(), _basis(reader, "ranking"))


def _files(reader: _Reader) -> Listed:
    veil, words = reader.veil(_seen(reader, "files")), reader.told
    query = (
        select(Application, Account.name)
        .outerjoin(Account, Account.id == Application.officer_id)
        .where(_files_of(reader))
        .options(
            joinedload(Application.organisation),
            joinedload(Application.call),
            selectinload(Application.partners),
            selectinload(Application.territories),
            selectinload(Application.budget_lines),
        )
        .order_by(Application.number.nulls_last(), Application.id)
    )
    found = reader.session.execute(query, execution_options={"yield_per": FETCHED})

    def rows() -> Iterator[Row]:
        for file, officer in found:
            budget, who = totals_of(file), (veil.lead(file.id, "", file.number), "", "", "")
            if not veil.hides(file.id):
                partners = ", ".join(partner.name for partner in file.partners)
                who = (file.organisation.name, file.organisation.siret, file.organisation.country, partners)
            yield (
                *(
                    file.number,
                    veil.text(file.id, file.title),
                    *who,
                    ", ".join(place.label for place in file.territories),
                ),
                *(file.starts_on, file.ends_on, _euros(file.requested_cents)),
                *(_euros(budget.cash_expenses if budget is not None else None), words.code("state", str(file.state))),
                *(reader.local(file.submitted_at or file.late_attempt_at), reader.call.zone),
                officer if reader.call.programme_id in reader.actor.manages or reader.actor.audits else "",
            )

    columns = reader.columns(
        *("number", "title", "lead", "siret", "country", "partners", "territories", "starts_on", "ends_on"),
        *("requested", "budget", "state", "received_at", "zone", "officer"),
    )
    return Listed(columns, rows(), _basis(reader, "files"))


def _reviews(reader: _Reader) -> Listed:
    """A row for each criterion of each given review; the words for the committee stand on the first."""
    criteria = selection.call_for_ranking(reader.session, reader.call.id).criteria
    veil = reader.veil(_seen(reader, "reviews"))
    query = (
        select(Review, Application.number, Application.title, Account.name)
        .join(Application, Application.id == Review.application_id)
        .join(Account, Account.id == Review.reviewer_id)
        .where(_reviews_of(reader))
        .options(selectinload(Review.marks))
        .order_by(Application.number.nulls_last(), Application.id, *_order(reader))
    )
    found = reader.session.execute(query, execution_options={"yield_per": FETCHED})

    def rows_of(review: Review, number: str | None, title: str, whose: str) -> Iterator[Row]:
        name = whose if review.reviewer_id == reader.actor.id or _knows_readers(reader) else ""
        marks = {mark.criterion_id: mark for mark in review.marks}
        given = [(one.weight, marks[one.id].half_points) for one in criteria if one.id in marks]
        total = score((weight, halves) for weight, halves in given if halves is not None)
        file = review.application_id
        for rank, criterion in enumerate(criteria):
            mark = marks.get(criterion.id)
            halves = mark.half_points if mark is not None else None
            yield (
                *(
                    number,
                    veil.text(file, title),
                    name,
                    reader.local(review.given_at) if name else None,
                    _number(total),
                ),
                *(criterion.key, criterion.name, criterion.weight),
                *(
                    None if halves is None else halves / HALVES_A_POINT,
                    veil.text(file, mark.comment if mark is not None else ""),
                ),
                "" if rank else veil.text(file, review.opinion),
            )

    columns = reader.columns(
        *("number", "title", "reviewer", "given_at", "total", "criterion", "criterion_name", "weight", "mark"),
        *("comment", "opinion"),
    )
    rows = chain.from_iterable(rows_of(*row) for row in found)
    return Listed(columns, rows, _basis(reader, "reviews"))


def _knows_readers(reader: _Reader) -> bool:
    """Who follows the call knows who read what; its readers read each other without names, where the call lets them."""
    actor, call = reader.actor, reader.call
    return actor.audits or call.programme_id in actor.manages or call.id in actor.chairs


def _order(reader: _Reader) -> tuple[Any, ...]:
    """By name, where names are told; otherwise in an order that says nothing."""
    return (Account.name, Review.id) if _knows_readers(reader) else (Review.public_id,)


def _decisions(reader: _Reader) -> Listed:
    veil, words = reader.veil(_seen(reader, "decisions")), reader.told
    query = (
        select(Decision, Application, Organisation.name)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(_decisions_of(reader))
        .order_by(Application.number.nulls_last(), Application.id)
    )
    found = reader.session.execute(query, execution_options={"yield_per": FETCHED})

    def rows() -> Iterator[Row]:
        for one, file, lead in found:
            yield (
                *(file.number, veil.text(file.id, file.title), veil.lead(file.id, lead, file.number)),
                _euros(file.requested_cents),
                *(words.code("outcome", str(one.outcome)), words.code("decision", str(one.state))),
                *(_euros(one.awarded_cents), one.reserve_rank, words.code("reason", one.reason_code)),
                *(veil.text(file.id, one.motive), veil.text(file.id, one.conditions)),
                *(one.conditions_due_on, reader.local(one.conditions_lifted_at), one.votes),
                *(one.board_on, one.board_reference, reader.local(one.released_at)),
            )

    columns = reader.columns(
        *("number", "title", "lead", "requested", "outcome", "decision_state", "awarded", "reserve_rank", "reason"),
        *("motive", "conditions", "due_on", "lifted_at", "votes", "board_on", "board_reference", "released_at"),
    )
    return Listed(columns, rows(), _basis(reader, "decisions"))


_WRITERS: dict[str, Callable[[_Reader], Listed]] = {
    "ranking": _ranking,
    "files": _files,
    "reviews": _reviews,
    "decisions": _decisions,
}
