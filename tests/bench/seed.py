"""Rows in bulk, straight into the tables: a season with many files, a committee at work, decisions that wait for letters.

They are what the services would have written, as far as pages look at it; the trail is not a valid chain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, cycle, islice
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from grants import clock, models
from grants.db import Base, connect, transaction
from grants.models.keys import new_public_id
from grants.policies.actors import Role
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders

Row = dict[str, Any]
AT_ONCE = 2_000
DELIBERATED = 500
REVIEWS_EACH = 3
READERS = 30
LETTERS = 60
SUBJECTS = (
    "Eau potable",
    "Pêche artisanale",
    "Jardins partagés",
    "Écoles jumelées",
    "Filière karité",
    "Radio de femmes",
)
PLACES = (
    "Bamako",
    "Conakry",
    "Nort",
    "Saint-Denis",
    "Dakar",
    "Mékhé",
    "Lille",
    "Ziguinchor",
    "Antsirabe",
    "Brest",
    "Lomé",
)
SENTENCES = (
    "Les équipes des deux rives se retrouvent chaque mois ; elles décident ensemble des dépenses. "
    "Quatre ateliers, une école d’été, un guide remis aux communes : voilà ce qui restera. "
) * 3
STATES = (
    *([ApplicationState.SUBMITTED] * 6),
    *([ApplicationState.ELIGIBLE] * 2),
    ApplicationState.IN_REVIEW,
    ApplicationState.INELIGIBLE,
)
OUTCOMES = (Outcome.AWARDED, Outcome.REJECTED, Outcome.AWARDED_WITH_CONDITIONS, Outcome.RESERVE, Outcome.DEFERRED)
MARKS = (6, 7, 8, 5, 9, 7, 6, 8, 10, 4, 7)


@dataclass(frozen=True)
class Season:
    """What was filled: cookies of the people who measure, public ids and slugs of what they open."""

    url: str
    manager: str
    reviewer: str
    applicant: str
    files_call: str
    committee_call: str
    meeting: str
    application: str
    draft: str
    review: str
    scorers: tuple[tuple[str, tuple[str, ...]], ...]
    released: tuple[str, ...]


def fill(url: str, *, files: int, to_score: int = 0) -> Season:
    """Fill the empty database at `url`: a call with `files` received files, and `to_score` reviews ready to be given."""
    engine = connect(url)
    Base.metadata.create_all(engine)
    with transaction() as session:
        season = _Filling(session, url).season(files, to_score)
    with engine.connect() as line:
        for _ in range(2):  # what the server does by itself within minutes; the first round only makes it possible
            line.exec_driver_sql("VACUUM ANALYZE")
    return season


class _Filling:
    """One run of filling; numbers of rows are given here, so that children know their parents without asking."""

    def __init__(self, session: Session, url: str) -> None:
        self.session, self.url, self.now = session, url, clock.now()
        self.programme = builders.a_programme(session)
        self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=self.programme.id)
        self.ids: dict[str, count[int]] = {}

    def season(self, files: int, to_score: int) -> Season:
        """Everything, in the order in which rows need each other."""
        first = self._first_free()
        open_call, committee_call, reading, past = (
            self._call(slug) for slug in ("grand", "comite", "lecture", "rendu")
        )
        self._files(open_call, files, cycle(STATES))
        deliberated = self._files(committee_call, DELIBERATED, cycle([ApplicationState.IN_DELIBERATION]))
        readers = self._committee(committee_call)
        reviews = self._reviews(committee_call, deliberated, readers, given=True)
        meeting = self._meeting(committee_call, readers)
        self._proposals(deliberated[:40])
        scorers = self._to_score(reading, to_score) if to_score else ()
        decided = self._files(past, LETTERS, cycle([ApplicationState.DECIDED]))
        released = self._decisions(decided)
        applicant, draft = self._applicant(open_call)
        self._trail()
        self.session.flush()
        self._continue_numbers()
        return Season(
            url=self.url,
            manager=builders.a_session(self.session, self.manager),
            reviewer=builders.a_session(self.session, readers[0]),
            applicant=builders.a_session(self.session, applicant),
            files_call=open_call.slug,
            committee_call=committee_call.slug,
            meeting=meeting.public_id,
            application=self._public_id(models.Application, first + 4),
            draft=draft.public_id,
            review=reviews[0],
            scorers=scorers,
            released=released,
        )

    def _first_free(self) -> int:
        for model in (models.Organisation, models.Application, models.Review):
            highest = self.session.scalar(select(func.max(model.id))) or 0
            self.ids[model.__tablename__] = count(highest + 1_000)
        return next(self.ids["application"]) + 1

    def _call(self, slug: str) -> models.Call:
        now = self.now
        closed = {} if slug == "grand" else {"closes_at": now - timedelta(days=2)}
        window = {"reviews_open_at": now - timedelta(days=1), "reviews_close_at": now + timedelta(days=30)}
        values = {"slug": slug, "title": f"Appel {slug}", "envelope_cents": 400_000_000, **closed, **window}
        return builders.a_call(self.session, programme=self.programme, **values)

    def _files(self, call: models.Call, size: int, states: Iterator[ApplicationState]) -> list[int]:
        """Received files with their organisations, partners, territories and budgets; returns their numbers."""
        organisations = list(islice(self.ids["organisation"], size))
        numbers = list(islice(self.ids["application"], size))
        self._put(models.Organisation, (self._organisation(one) for one in organisations))
        self._put(
            models.Membership,
            (
                {"programme_id": self.programme.id, "organisation_id": one, "joined_on": date(2020, 1, 1)}
                for one in organisations
            ),
        )
        pairs = list(zip(numbers, organisations, strict=True))
        self._put(
            models.Application, (self._file(call, *pair, rank, next(states)) for rank, pair in enumerate(pairs, 1))
        )
        self._put(models.Partner, (row for one in numbers for row in _partners(one)))
        self._put(models.Territory, (row for one in numbers for row in _territories(one)))
        self._put(models.BudgetLine, (row for one in numbers for row in _budget(one)))
        call.next_number = size + 1
        return numbers

    def _organisation(self, number: int) -> Row:
        place = PLACES[number % len(PLACES)]
        return {
            "id": number,
            "public_id": new_public_id(),
            "name": f"Association {place} Solidaire {number}",
            "address_lines": ["1 rue de la Paix", "75002 Paris"],
            "representative": "Awa Diop",
            "representative_function": "Présidente",
            "created_at": self.now,
        }

    def _file(self, call: models.Call, number: int, organisation: int, rank: int, state: ApplicationState) -> Row:
        subject, place = SUBJECTS[rank % len(SUBJECTS)], PLACES[rank % len(PLACES)]
        at = self.now - timedelta(minutes=rank)
        answers = {
            **builders.ANSWERS,
            **dict.fromkeys(("context", "activities", "alliance", "learning", "effects"), SENTENCES),
        }
        return {
            "id": number,
            "public_id": new_public_id(),
            "call_id": call.id,
            "organisation_id": organisation,
            "created_by_id": self.manager.id,
            "number": f"2027-{rank:05}",
            "title": f"{subject} à {place}, étape {rank}",
            "state": state,
            "answers": answers,
            "requested_cents": 800_000 + rank % 800 * 1_000,
            "starts_on": date(2027, 3, 1),
            "ends_on": date(2027, 8, 31),
            "created_at": at - timedelta(days=5),
            "edited_at": at,
            "submitted_at": at,
        }

    def _committee(self, call: models.Call) -> list[models.Account]:
        people = [builders.an_account(self.session) for _ in range(READERS)]
        self._put(
            models.Appointment,
            (
                {
                    "public_id": new_public_id(),
                    "account_id": one.id,
                    "role": role,
                    "call_id": call.id,
                    "since_at": self.now,
                }
                for one, role in zip(people, (Role.CHAIR, *[Role.REVIEWER] * READERS), strict=False)
            ),
        )
        return people

    def _reviews(self, call: models.Call, files: list[int], readers: list[models.Account], *, given: bool) -> list[str]:
        """Three readers a file, declared free of interests; returns the public ids in order."""
        turn = cycle(readers)
        who = [(file, next(turn).id) for file in files for _ in range(REVIEWS_EACH)]
        numbers = list(islice(self.ids["review"], len(who)))
        public_ids = [new_public_id() for _ in who]
        self._put(
            models.Interest,
            (
                {"application_id": file, "account_id": one, "stand": "free", "declared_at": self.now}
                for file, one in who
            ),
        )
        self._put(
            models.Review,
            (
                {
                    "id": number,
                    "public_id": public_id,
                    "application_id": file,
                    "reviewer_id": one,
                    "position": position,
                    "state": ReviewState.GIVEN if given else ReviewState.ASSIGNED,
                    "assigned_at": self.now,
                    "edited_at": self.now if given else None,
                    "given_at": self.now if given else None,
                    "opinion": SENTENCES if given else "",
                }
                for number, public_id, position, (file, one) in zip(numbers, public_ids, count(1), who, strict=False)
            ),
        )
        if given:
            marks = cycle(MARKS)
            criteria = [criterion.id for criterion in call.criteria]
            self._put(
                models.Mark,
                (
                    {
                        "review_id": number,
                        "criterion_id": one,
                        "half_points": next(marks),
                        "comment": "Un effort clair.",
                    }
                    for number in numbers
                    for one in criteria
                ),
            )
        return public_ids

    def _meeting(self, call: models.Call, present: list[models.Account]) -> models.Meeting:
        row = builders.a_meeting(
            self.session,
            call=call,
            secretary=self.manager,
            present=tuple(present[:10]),
            state=MeetingState.OPEN,
            opened_at=self.now,
        )
        self.session.flush()
        return row

    def _proposals(self, files: list[int]) -> None:
        self._put(models.Decision, (self._decision(file, Outcome.AWARDED, DecisionState.PROPOSED) for file in files))

    def _decision(self, file: int, outcome: Outcome, state: DecisionState) -> Row:
        award = outcome in {Outcome.AWARDED, Outcome.AWARDED_WITH_CONDITIONS}
        done = self.now if state == DecisionState.RELEASED else None
        return {
            "public_id": new_public_id(),
            "application_id": file,
            "state": state,
            "outcome": outcome,
            "awarded_cents": 900_000 if award else 0,
            "reserve_rank": 1 if outcome == Outcome.RESERVE else None,
            "reason_code": "" if award else "ranked",
            "motive": SENTENCES,
            "conditions": "Remettre les statuts signés." if outcome == Outcome.AWARDED_WITH_CONDITIONS else "",
            "conditions_due_on": date(2027, 3, 1) if outcome == Outcome.AWARDED_WITH_CONDITIONS else None,
            "proposed_by_id": self.manager.id,
            "proposed_at": self.now,
            "board_on": self.now.date() if done else None,
            "board_reference": "CA 2027-2" if done else "",
            "approved_by_id": self.manager.id if done else None,
            "approved_at": done,
            "released_by_id": self.manager.id if done else None,
            "released_at": done,
        }

    def _decisions(self, files: list[int]) -> tuple[str, ...]:
        outcomes = cycle(OUTCOMES)
        rows = [self._decision(file, next(outcomes), DecisionState.RELEASED) for file in files]
        self._put(models.Decision, rows)
        return tuple(row["public_id"] for row in rows)

    def _to_score(self, call: models.Call, size: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Reviews that nobody has begun: (cookie of the reader, public ids of the reader's reviews)."""
        files = self._files(call, -(-size // REVIEWS_EACH), cycle([ApplicationState.IN_REVIEW]))
        readers = self._committee(call)
        reviews = self._reviews(call, files, readers, given=False)
        return tuple(
            (builders.a_session(self.session, reader), tuple(reviews[rank :: len(readers)]))
            for rank, reader in enumerate(readers)
        )

    def _applicant(self, call: models.Call) -> tuple[models.Account, models.Application]:
        organisation = builders.an_organisation(self.session)
        lead = builders.an_account(self.session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
        draft = builders.a_draft(self.session, call=call, lead=lead, organisation=organisation)
        for number in ("2027-A", "2027-B"):
            builders.an_application(
                self.session, call=call, organisation_id=organisation.id, created_by_id=lead.id, number=number
            )
        return lead, draft

    def _trail(self) -> None:
        """One entry a file, so that reading the head and the history of one file costs what it would."""
        known = self.session.execute(select(models.Application.public_id, models.Application.call_id)).all()
        self._put(
            models.AuditEntry,
            (
                {
                    "seq": seq,
                    "at": self.now,
                    "actor": self.manager.public_id,
                    "action": "application.submit",
                    "object": f"application:{row.public_id}",
                    "programme_id": self.programme.id,
                    "call_id": row.call_id,
                    "organisation_id": None,
                    "body": {"from": "draft", "to": "submitted"},
                    "prev_hash": "0" * 64,
                    "hash": "0" * 64,
                }
                for seq, row in enumerate(known, 1)
            ),
        )

    def _continue_numbers(self) -> None:
        """Tell the database's counters which numbers were given here."""
        for name in self.ids:
            self.session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
            )

    def _public_id(self, model: type[Any], number: int) -> str:
        found: str = self.session.scalars(select(model.public_id).where(model.id == number)).one()
        return found

    def _put(self, model: type[Any], rows: Iterable[Row]) -> None:
        table: Table = model.__table__
        for some in _batches(rows, AT_ONCE):
            self.session.execute(insert(table), some)


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while some := list(islice(iterator, size)):
        yield some


def _partners(application: int) -> tuple[Row, ...]:
    return (
        {
            "public_id": new_public_id(),
            "application_id": application,
            "name": "Ville de Nort",
            "actor_kind": "local_authority",
        },
        {
            "public_id": new_public_id(),
            "application_id": application,
            "name": "Coop Marée",
            "actor_kind": "company",
            "country": "SN",
        },
    )


def _territories(application: int) -> tuple[Row, ...]:
    return (
        {"application_id": application, "side": "here", "code": "REG-53", "label": "Bretagne"},
        {"application_id": application, "side": "there", "code": "SN", "label": "Sénégal"},
    )


def _budget(application: int) -> tuple[Row, ...]:
    lines = (
        ("expense", "other_services.travel", "Voyages", "", 1_500_000),
        ("income", "grants.this_fund", "", "", 1_000_000),
        ("income", "grants.region", "Région", "granted", 300_000),
        ("income", "own_funds.other", "", "", 200_000),
    )
    return tuple(
        {
            "application_id": application,
            "position": rank,
            "side": side,
            "key": key,
            "label": label,
            "status": status,
            "amount_cents": cents,
        }
        for rank, (side, key, label, status, cents) in enumerate(lines, 1)
    )
