"""Proposals of who reads what: what they are made from, whether they still hold, what they would change.

A proposal speaks of the files that the manager who asked for it sees, and is shown to whoever sees all of these.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from grants.domain.competences import Knowledge, Need, tags_of_file, tags_of_people
from grants.models import Account, Application, Call, Interest, Proposal, Review
from grants.policies import Actor
from grants.queries import committee
from grants.queries.assignments import ASSIGNABLE
from grants.queries.visibility import CLOSING_STANDS, conflict_free
from grants.workflow.review import LIVE, ReviewState

METHOD = "palabre-reading-1"
KEEP_ALL, KEEP_BEGUN = "all", "begun"
LOOKED_AT = 5
ABANDONED_AFTER = timedelta(minutes=10)  # a proposal that takes longer will not come
Material = dict[str, Any]
Wishes = Mapping[str, Any]
#: Which part of the material moved, in the order in which it is told.
PARTS = {
    "conflicts": "proposal_conflicts",
    "now": "proposal_readers",
    "files": "proposal_files",
    "reviewers": "proposal_committee",
    "per_file": "proposal_rules",
    "earlier": "proposal_rules",
}


def files_of(session: Session, actor: Actor, call: Call) -> list[Application]:
    """The files of the call that may be given to read and that the actor may judge about, by number."""
    query = (
        select(Application)
        .where(Application.call_id == call.id, Application.state.in_(ASSIGNABLE), conflict_free(actor))
        .options(selectinload(Application.territories))
        .order_by(Application.number, Application.id)
    )
    return list(session.scalars(query))


def material(session: Session, actor: Actor, call: Call, wishes: Wishes) -> Material:
    """What a proposal is made from, in plain values: see `grants.domain.assignment_study.Material`."""
    files = files_of(session, actor, call)
    public = {file.id: file.public_id for file in files}
    reviews = _live(session, public)
    seated = {member.account_id: member.public_id for member in committee.members(session, call.id)}
    # whoever left the committee keeps what they read, and gets nothing more
    gone = {review.reviewer_id for review, _name in reviews} - seated.keys()
    people = seated | {review.reviewer_id: name for review, name in reviews if review.reviewer_id in gone}
    closed = _closed(session, public, people)
    pairs = {(people[review.reviewer_id], public[review.application_id]): review.state for review, _name in reviews}
    standing = {pair: state for pair, state in pairs.items() if pair not in closed}
    movable = {pair for pair, state in standing.items() if state == ReviewState.ASSIGNED}
    fixed = standing.keys() - (movable if wishes.get("keep") == KEEP_BEGUN else set())
    left = {people[account] for account in gone}
    closed |= {(person, file) for person in left for file in public.values()} - standing.keys()
    known = committee.knowledge(session, call.id)
    knows = {people[account]: known.get(account, (Knowledge(), None)) for account in people}
    tags = tags_of_people({name: one for name, (one, _most) in knows.items()}, call.language)
    return {
        "method": METHOD,
        "per_file": call.reviews_required,
        "files": [
            [file.public_id, sorted(tags_of_file(need_of(file, call), [one for one, _ in knows.values()]))]
            for file in files
        ],
        "reviewers": [[name, sorted(tags[name]), most] for name, (_one, most) in sorted(knows.items())],
        "conflicts": _sorted(closed),
        "fixed": _sorted(fixed),
        "movable": _sorted(movable & fixed),
        "now": _sorted(standing),
        "anchors": sorted(set(wishes.get("anchors", ())) & set(public.values())),
        "earlier": _sorted(_earlier(session, call, files, people)),
    }


def fingerprint(content: Material) -> str:
    """Another fingerprint: another proposal."""
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def need_of(file: Application, call: Call) -> Need:
    """What a file asks of its readers: the language it is written in, its territories, its theme."""
    language, theme = file.answers.get("language"), file.answers.get("theme")
    return Need(
        language if isinstance(language, str) and len(language) == 2 else call.language,  # noqa: PLR2004 -- a code
        tuple((place.code, place.label) for place in file.territories if place.label),
        (theme,) if isinstance(theme, str) and theme.strip() else (),
    )


def _live(session: Session, files: Mapping[int, str]) -> list[tuple[Review, str]]:
    query = (
        select(Review, Account.public_id)
        .join(Account, Account.id == Review.reviewer_id)
        .where(Review.application_id.in_(list(files)), Review.state.in_(LIVE))
        .order_by(Review.id)
    )
    return [(review, name) for review, name in session.execute(query)]


def _closed(session: Session, files: Mapping[int, str], people: Mapping[int, str]) -> set[tuple[str, str]]:
    rows = session.execute(
        select(Interest.account_id, Interest.application_id).where(
            Interest.application_id.in_(list(files)),
            Interest.account_id.in_(list(people)),
            Interest.stand.in_(CLOSING_STANDS),
            Interest.replaced_at.is_(None),
        )
    )
    return {(people[account], files[file]) for account, file in rows}


def in_doubt(session: Session, files: Iterable[str]) -> set[tuple[str, str]]:
    """(person, file): live reviews of these files (public ids) whose author has a doubt that nobody has settled."""
    rows = session.execute(
        select(Account.public_id, Application.public_id)
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .join(Account, Account.id == Review.reviewer_id)
        .join(
            Interest,
            (Interest.application_id == Review.application_id) & (Interest.account_id == Review.reviewer_id),
        )
        .where(
            Application.public_id.in_(list(files)),
            Review.state.in_(LIVE),
            Interest.stand.in_(CLOSING_STANDS),
            Interest.replaced_at.is_(None),
        )
    )
    return {(person, file) for person, file in rows}


def _earlier(
    session: Session, call: Call, files: Iterable[Application], people: Mapping[int, str]
) -> set[tuple[str, str]]:
    """Who read a file of the same organisation in an earlier call of the programme."""
    rows = session.execute(
        select(Review.reviewer_id, Application.organisation_id)
        .join(Application, Application.id == Review.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.programme_id == call.programme_id,
            Call.id != call.id,
            Review.reviewer_id.in_(list(people)),
            Review.state.in_(LIVE),
        )
        .distinct()
    )
    met = {(account, house) for account, house in rows}
    return {
        (name, file.public_id)
        for file in files
        for account, name in people.items()
        if (account, file.organisation_id) in met
    }


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in sorted(pairs)]


def newest(session: Session, actor: Actor, call: Call) -> Proposal | None:
    """The newest proposal of the call that speaks of no file closed to the actor."""
    seen = {file.public_id for file in files_of(session, actor, call)}
    query = select(Proposal).where(Proposal.call_id == call.id).order_by(Proposal.id.desc()).limit(LOOKED_AT)
    return next((one for one in session.scalars(query) if _files(one) <= seen), None)


def _files(proposal: Proposal) -> set[str]:
    return {name for name, _tags in proposal.material["files"]}


def moved(proposal: Proposal, now: Material) -> tuple[str, ...]:
    """Why the proposal holds no more: codes of what changed since it was asked for; empty when nothing did."""
    if proposal.material_sha256 == fingerprint(now):
        return ()
    then = proposal.material
    said = [code for part, code in PARTS.items() if then.get(part) != now.get(part)]
    return tuple(dict.fromkeys(said)) or ("proposal_rules",)


@dataclass(frozen=True)
class Change:
    """A file whose readers would change."""

    number: str
    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Load:
    """Files to read by one person: now, and as proposed. `most`: no more than that."""

    name: str
    now: int
    then: int
    most: int | None


class Shown:
    """A proposal as it is read: names instead of ids."""

    def __init__(self, session: Session, proposal: Proposal) -> None:
        self.proposal = proposal
        self.report: dict[str, Any] = proposal.report
        material = proposal.material
        people = [name for name, _tags, _most in material["reviewers"]]
        self.names = {
            row.public_id: row.name
            for row in session.execute(
                select(Account.public_id, Account.name).where(Account.public_id.in_(people)).order_by(Account.name)
            )
        }
        files = [name for name, _tags in material["files"]]
        self.files = {
            row.public_id: (row.number or "", row.title)
            for row in session.execute(
                select(Application.public_id, Application.number, Application.title)
                .where(Application.public_id.in_(files))
                .order_by(Application.number, Application.id)
            )
        }
        self.now = {(pair[0], pair[1]) for pair in material["now"]}
        self.then = {(pair[0], pair[1]) for pair in self.report.get("pairs", ())}

    @cached_property
    def changes(self) -> list[Change]:
        """The files whose readers would change, by number."""
        return [
            Change(
                *self.files[file],
                self._of(self.then - self.now, file),
                self._of(self.now - self.then, file),
                self._of(self.now & self.then, file),
            )
            for file in self.files
            if any(pair[1] == file for pair in self.now ^ self.then)
        ]

    def _of(self, pairs: set[tuple[str, str]], file: str) -> tuple[str, ...]:
        return tuple(sorted(self.names.get(person, "") for person, there in pairs if there == file))

    @cached_property
    def loads(self) -> list[Load]:
        """Everybody's files, by name."""
        now, then = Counter(person for person, _ in self.now), Counter(person for person, _ in self.then)
        most = {name: limit for name, _tags, limit in self.proposal.material["reviewers"]}
        return [Load(name, now[person], then[person], most[person]) for person, name in self.names.items()]

    @cached_property
    def uncovered(self) -> list[tuple[str, str, str]]:
        """(number, kind of tag, its word) that none of the file's readers would know."""
        told = ((self.files[file][0], *tag.split(":", 1)) for file, tag in self.report.get("uncovered", ()))
        return [(number, kind, word) for number, kind, word in told]

    def wanted(self) -> dict[str, frozenset[str]]:
        """Who reads each file, as proposed."""
        return {file: frozenset(person for person, there in self.then if there == file) for file in self.files}
