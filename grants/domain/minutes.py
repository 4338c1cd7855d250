"""The minutes of a sitting, written from its log alone: what was noted becomes what is read, and nothing else.

The same entries give the same minutes for ever, whatever has become of the files, the people and the call since.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from grants.domain.deadlines import zone_named
from grants.domain.sitting_log import Data, Entry, as_list, as_map, as_moment, as_whole


@dataclass(frozen=True)
class File:
    """A file as the log names it (cents). `mean`: out of 100, or "" where nobody scored."""

    id: str
    number: str
    title: str
    lead: str
    requested_cents: int
    mean: str = ""
    reviews: int = 0


@dataclass(frozen=True)
class Vote:
    """A vote. `outcome`: what was put to it; `named`: (member, choice) of an open one; `counts`: None until counted."""

    question: str
    outcome: str
    secret: bool
    by_hands: bool = False
    counts: tuple[int, int, int] | None = None  # for, against, abstained
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What the committee proposes for a file (cents). `undone_at`: taken back during the sitting."""

    at: datetime
    outcome: str
    awarded_cents: int
    motive: str
    reason_code: str = ""
    conditions: str = ""
    conditions_due_on: date | None = None
    reserve_rank: int | None = None
    votes: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Discussion:
    """A file before the committee. `out`: who left the room for it; `voters`: who could vote, where it was called."""

    file: File
    called_at: datetime | None = None
    out: tuple[str, ...] = ()
    voters: int | None = None
    notes: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def decided(self) -> Proposal | None:
        """The proposal that stands at the end of the sitting."""
        return next((one for one in reversed(self.proposals) if one.undone_at is None), None)


@dataclass(frozen=True)
class Moving:
    """Somebody who comes or goes while the sitting lasts."""

    at: datetime
    name: str
    arrives: bool


@dataclass(frozen=True)
class Amendment:
    """A correction written after the sitting; a struck one stays."""

    id: str
    at: datetime
    by: str
    text: str
    file: str = ""  # the number of the file that it is about
    struck_at: datetime | None = None


@dataclass(frozen=True)
class Signature:
    """Who approved or signed, when, and the fingerprint of the log up to there."""

    name: str
    quality: str
    at: datetime
    sha256: str


@dataclass(frozen=True)
class Minutes:
    """The whole: nothing in it was asked of anything but the log."""

    call: Data = field(default_factory=dict)
    held_at: datetime | None = None
    place: str = ""
    secretary: str = ""
    members: tuple[Data, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    present: tuple[str, ...] = ()
    moves: tuple[Moving, ...] = ()
    recusals: tuple[tuple[str, str], ...] = ()  # (number of the file, member)
    discussions: tuple[Discussion, ...] = ()
    lot: Data | None = None
    advice: Data | None = None
    amendments: tuple[Amendment, ...] = ()
    approved: Signature | None = None
    signed: Signature | None = None
    network: Data = field(default_factory=dict)
    extract: bool = False

    @property
    def zone(self) -> str:
        """In which zone hours are told."""
        return str(self.call.get("zone") or "UTC")

    @property
    def held_on(self) -> date | None:
        """The day of the sitting where it was held."""
        return self.held_at.astimezone(zone_named(self.zone)).date() if self.held_at is not None else None

    @property
    def absent(self) -> tuple[str, ...]:
        """Members who were there at no moment."""
        there = {*self.present, *(one.name for one in self.moves if one.arrives)}
        return tuple(str(one.get("name", "")) for one in self.members if one.get("name") not in there)

    @property
    def awarded_cents(self) -> int:
        """The sum of the awards that stand, in cents."""
        return sum(one.decided.awarded_cents for one in self.discussions if one.decided is not None)

    def count(self, *outcomes: str) -> int:
        """How many files have one of these outcomes."""
        return sum(1 for one in self.discussions if one.decided is not None and one.decided.outcome in outcomes)


def minutes_of(entries: Iterable[Entry], *, extract: bool = False) -> Minutes:
    """The minutes of a log, in the order of its ranks. `extract`: files were taken out of it by `without`.

    Raises KeyError or ValueError for an entry that lacks what its kind must say; a kind that is not known says nothing.
    """
    said = Minutes(extract=extract)
    talks: dict[str, Discussion] = {}
    for entry in sorted(entries, key=lambda one: one.rank):
        if entry.kind in _ABOUT_FILE:
            about = _file(as_map(entry.data["file"]))
            talk = talks.get(about.id, Discussion(about))
            talks[about.id] = _ABOUT_FILE[entry.kind](talk, entry)
            if entry.kind == "recused":
                said = _someone_recused(said, entry)
        elif entry.kind == "opened":
            said = _opened(said, entry)
            for one in as_list(entry.data["files"]):
                found = _file(one)
                talks[found.id] = replace(talks.get(found.id, Discussion(found)), file=found)
        elif entry.kind in _ABOUT_SITTING:
            said = _ABOUT_SITTING[entry.kind](said, entry)
    ordered = sorted(talks.values(), key=lambda one: one.file.number)
    return replace(said, discussions=tuple(ordered))


# one entry after the other


def _convened(said: Minutes, entry: Entry) -> Minutes:
    data = entry.data
    return replace(
        said,
        call=as_map(data["call"]),
        held_at=as_moment(data["held_at"]),
        place=str(data.get("place", "")),
        secretary=str(as_map(data["secretary"]).get("name", "")),
        members=tuple(as_list(data["members"])),
    )


def _present(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, present=_names(entry.data["members"]))


def _moving(said: Minutes, entry: Entry) -> Minutes:
    name, arrives = str(as_map(entry.data["member"]).get("name", "")), entry.kind == "arrived"
    if said.opened_at is None:  # before the opening, presence is a list
        there = (*said.present, name) if arrives else tuple(one for one in said.present if one != name)
        return replace(said, present=tuple(dict.fromkeys(there)))
    return replace(said, moves=(*said.moves, Moving(entry.at, name, arrives)))


def _opened(said: Minutes, entry: Entry) -> Minutes:
    recusals = [
        (str(as_map(one["file"]).get("number", "")), str(as_map(one["member"]).get("name", "")))
        for one in as_list(entry.data.get("recusals", []))
    ]
    return replace(
        said,
        opened_at=entry.at,
        present=_names(entry.data["present"]),
        recusals=tuple(sorted({*said.recusals, *recusals})),
    )


def _someone_recused(said: Minutes, entry: Entry) -> Minutes:
    line = (str(as_map(entry.data["file"]).get("number", "")), str(as_map(entry.data["member"]).get("name", "")))
    return replace(said, recusals=tuple(sorted({*said.recusals, line})))


def _closed(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, closed_at=entry.at)


def _lot(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, lot=entry.data)


def _advice(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, advice=entry.data)


def _amended(said: Minutes, entry: Entry) -> Minutes:
    data = entry.data
    file = str(as_map(data["file"]).get("number", "")) if data.get("file") else ""
    by = str(as_map(data["by"]).get("name", ""))
    made = Amendment(str(data["id"]), entry.at, by, str(data["text"]), file)
    return replace(said, amendments=(*said.amendments, made), approved=None)


def _struck(said: Minutes, entry: Entry) -> Minutes:
    meant = entry.data["amendment"]
    struck = tuple(replace(one, struck_at=entry.at) if one.id == meant else one for one in said.amendments)
    return replace(said, amendments=struck, approved=None)


def _approved(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, approved=_signature(entry))


def _signed(said: Minutes, entry: Entry) -> Minutes:
    return replace(said, signed=_signature(entry), network=as_map(entry.data.get("network", {})))


def _signature(entry: Entry) -> Signature:
    by = as_map(entry.data["by"])
    return Signature(str(by.get("name", "")), str(by.get("quality", "")), entry.at, str(entry.data["sha256"]))


def _called(talk: Discussion, entry: Entry) -> Discussion:
    voters = entry.data.get("voters")
    return replace(
        talk,
        called_at=talk.called_at or entry.at,
        out=tuple(dict.fromkeys((*talk.out, *_names(entry.data.get("out", []))))),
        voters=voters if isinstance(voters, int) else talk.voters,
    )


def _noted(talk: Discussion, entry: Entry) -> Discussion:
    return replace(talk, notes=(*talk.notes, str(entry.data["text"])))


def _balloted(talk: Discussion, entry: Entry) -> Discussion:
    data = entry.data
    question, outcome = str(data.get("question", "")), str(data.get("outcome", ""))
    vote = Vote(question, outcome, bool(data.get("secret")), bool(data.get("hands")))
    return replace(talk, votes=(*talk.votes, vote))


def _voted(talk: Discussion, entry: Entry) -> Discussion:
    if not talk.votes or entry.data.get("secret"):
        return talk
    named = (str(as_map(entry.data["member"]).get("name", "")), str(entry.data.get("choice", "")))
    last = talk.votes[-1]
    return replace(talk, votes=(*talk.votes[:-1], replace(last, named=tuple(sorted({*last.named, named})))))


def _counted(talk: Discussion, entry: Entry) -> Discussion:
    counts = (as_whole(entry.data["for"]), as_whole(entry.data["against"]), as_whole(entry.data["abstained"]))
    return replace(talk, votes=(*talk.votes[:-1], replace(talk.votes[-1], counts=counts)))


def _stopped(talk: Discussion, _entry: Entry) -> Discussion:
    """A vote that was ended without being counted has said nothing."""
    return replace(talk, votes=talk.votes[:-1])


def _proposed(talk: Discussion, entry: Entry) -> Discussion:
    data = entry.data
    rank, due_on = data.get("reserve_rank"), data.get("conditions_due_on")
    made = Proposal(
        at=entry.at,
        outcome=str(data["outcome"]),
        awarded_cents=as_whole(data.get("awarded_cents", 0)),
        motive=str(data.get("motive", "")),
        reason_code=str(data.get("reason_code", "")),
        conditions=str(data.get("conditions", "")),
        conditions_due_on=date.fromisoformat(str(due_on)) if due_on else None,
        reserve_rank=rank if isinstance(rank, int) else None,
        votes=str(data.get("votes", "")),
    )
    return replace(talk, proposals=(*talk.proposals, made))


def _undone(talk: Discussion, entry: Entry) -> Discussion:
    if not talk.proposals:
        return talk
    last = replace(talk.proposals[-1], undone_at=entry.at)
    return replace(talk, proposals=(*talk.proposals[:-1], last))


def _unchanged(talk: Discussion, _entry: Entry) -> Discussion:
    return talk


_ABOUT_SITTING = {
    "convened": _convened,
    "present": _present,
    "arrived": _moving,
    "left": _moving,
    "closed": _closed,
    "lot": _lot,
    "advice": _advice,
    "amended": _amended,
    "struck": _struck,
    "approved": _approved,
    "signed": _signed,
}
_ABOUT_FILE = {
    "called": _called,
    "emptied": _called,
    "note": _noted,
    "ballot": _balloted,
    "voted": _voted,
    "counted": _counted,
    "stopped": _stopped,
    "proposed": _proposed,
    "undone": _undone,
    "recused": _unchanged,
}


# plain data


def _file(data: Data) -> File:
    reviews = data.get("reviews", 0)
    return File(
        id=str(data["id"]),
        number=str(data.get("number", "")),
        title=str(data.get("title", "")),
        lead=str(data.get("lead", "")),
        requested_cents=as_whole(data.get("requested_cents", 0)),
        mean=str(data.get("mean") or ""),
        reviews=reviews if isinstance(reviews, int) else 0,
    )


def _names(people: object) -> tuple[str, ...]:
    return tuple(str(one.get("name", "")) for one in as_list(people))
