"""Blind review: who must not know who applies, until when, and what is told instead. For every page, list, file and mail.

`veiled` is the question; `veil_over` its answer for many files at once, with the masks. Under a veil an organisation is
called by the number of its file, and texts lose the names that they hold. Where the names of a file cannot be told, its
texts are withheld.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from grants.domain.redaction import WITHHELD, Names, redact
from grants.models import Application, Call, Decision, Meeting
from grants.policies import Actor
from grants.queries.identities import names_of
from grants.queries.visibility import Condition
from grants.workflow.application import BEFORE_COMMITTEE, DRAFTING, UNDER_STUDY, ApplicationState
from grants.workflow.meeting import MeetingState

NEVER, REVIEW, SELECTION = "no", "review", "selection"
AHEAD = (*DRAFTING, *BEFORE_COMMITTEE)  # no committee has met about it
STUDIED = (*UNDER_STUDY, ApplicationState.DECIDED)  # the committee has had, or will have, something to say of it


@dataclass(frozen=True)
class Veil:
    """What one reader must not know. `drawn`: there is something; `told`: internal ids of the files that are open.

    `names`: what is masked in the texts of the others. A file that nobody asked about is hidden.
    """

    drawn: bool = False
    told: frozenset[int] = frozenset()
    names: Mapping[int, Names] = field(default_factory=dict)

    def hides(self, file: int) -> bool:
        """Whether the reader must not know whose this file is."""
        return self.drawn and file not in self.told

    def text(self, file: int, text: str) -> str:
        """What is shown of a text about this file."""
        if not text or not self.hides(file):
            return text
        return redact(text, self.names[file]) if file in self.names else WITHHELD

    def lead(self, file: int, name: str, number: str | None) -> str:
        """What its lead is called: by its name, or by the number of the file."""
        return (number or WITHHELD) if self.hides(file) else name


CLEAR = Veil()


def veiled(session: Session, actor: Actor, call: Call, application: Application | None = None) -> bool:
    """Whether this person must not know who applies: with this file, or, without one, with any file of the committee.

    Everybody is veiled under a blind call but those who run, pay or audit it without judging, and those who write the
    file; managers know already. A call that is not blind costs no query.
    """
    if not judged_blind(actor, call):
        return False
    if application is not None and _own(actor, application):
        return False
    whole = and_(Application.call_id == call.id, Application.state.in_(STUDIED))
    asked = whole if application is None else Application.id == application.id
    return session.scalar(select(exists().where(asked, covered(call.blind)))) is True


def judged_blind(actor: Actor, call: Call) -> bool:
    """Whether the names of a file of this call are, or were, kept from this person. Costs no query."""
    if call.blind == NEVER:
        return False
    pays = call.programme_id in actor.pays and call.id not in actor.sits_on
    return not (actor.system or actor.audits or pays or call.programme_id in actor.manages)


def veil_over(session: Session, actor: Actor, call: Call, files: Iterable[int]) -> Veil:
    """The veil between this reader and these files of the call (internal ids); a call that is not blind costs no query."""
    if not judged_blind(actor, call):
        return CLEAR
    asked = select(Application, covered(call.blind)).where(
        Application.id.in_(set(files)), Application.call_id == call.id
    )
    rows = [(row, hidden and not _own(actor, row)) for row, hidden in session.execute(asked)]
    told = frozenset(row.id for row, hidden in rows if not hidden)
    return Veil(drawn=True, told=told, names=names_of(session, [row for row, hidden in rows if hidden]))


def drawn_over(session: Session, application: Application) -> Veil:
    """The veil over one file as those who judge have it, for whoever looks at what they see."""
    return Veil(drawn=True, names=names_of(session, [application]))


def covered(blind: str) -> Condition:
    """The names of `Application`'s current row are not told yet, in a call that is blind like this."""
    if blind == REVIEW:
        begun = exists().where(Meeting.call_id == Application.call_id, Meeting.state != MeetingState.CONVENED)
        return ~and_(begun.correlate(Application), Application.state.not_in(AHEAD))
    # once told, known: what became of the decision later changes nothing
    released = exists().where(Decision.application_id == Application.id, Decision.released_at.is_not(None))
    return ~released.correlate(Application)


def _own(actor: Actor, application: Application) -> bool:
    return application.organisation_id in actor.writes_for or application.id in actor.writes_on
