"""One small round, lived through as far as a test asks, with a canary in every field that not everybody may read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading
from grants.delivery.doors import Doors
from grants.demo import writing
from grants.demo.calls import CENTS, CRITERIA, PROGRAMME, RULES_OF_AMOUNTS
from grants.demo.figures import ASKS
from grants.demo.projects2026 import report_of
from grants.demo.round2026 import review_of
from grants.demo.stage import Record, Stage, data
from grants.domain.scoring import TOP_HALVES
from grants.models import Agreement, Project, Tranche
from grants.services import (
    agreement,
    application,
    decision,
    finance,
    organisation,
    project,
    report,
    review,
    screening,
    selection,
)

READERS = ("R1", "R2", "R3")
RECUSED = "R3"
GOOD_MARK = 7
#: fields of a file that carry a canary, with what they say before it
TEXTS = ("summary", "context", "activities", "alliance", "learning", "effects", "equality_climate")


@dataclass
class Seed:
    """`at`: the present of the situation; what came before is dated back from it."""

    doors: Doors
    at: datetime
    name: str = "seed"
    say: Callable[[str], None] = lambda _: None
    stage: Stage = field(init=False)
    files: tuple[str, ...] = ()
    canaries: dict[str, str] = field(default_factory=dict)
    readers: tuple[str, ...] = READERS
    calendar: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = Stage(self.doors, self.say)

    def twin(self, name: str) -> "Seed":
        """A second round in the same service: another programme, other people, the same administrator and auditor."""
        other = Seed(self.doors, self.at, name, self.say)
        other.stage = self.stage.beside(name)
        return other

    def canary(self, place: str) -> str:
        """A string that stands nowhere else, remembered under the field that holds it."""
        mark = f"CANARY-{self.name}-{place}".upper().replace(".", "-").replace("_", "-")
        self.canaries[f"{self.name}.{place}"] = mark
        return mark

    # the round

    def set_up(
        self, files: tuple[str, ...], *, open_now: bool = False, past: bool = False, closes_in: int | None = None
    ) -> None:
        """People, programme and call."""
        self._found(files, self._days(open_now=open_now, past=past, closes_in=closes_in))

    def draft(self) -> None:
        """Every file is written to the end."""
        with frozen(self.calendar["writing"]):
            for key in self.files:
                self._write(key, data("files-2026")[key])

    def set_up_many(self, count: int) -> None:
        """The same with `count` small applicants, read by one person."""
        model, owner = data("files-2026")["A12"], data("organisations")["A12"]
        for place in range(count):
            key = f"N{place:03}"
            data("organisations")[key] = {
                **owner,
                "number": 1_000 + place,
                "name": f"Association numéro {place + 1}",
                "people": [[f"Personne {place + 1}", "présidente"]],
                "mail": f"n{place:03}",
            }
            data("files-2026")[key] = {**model, "title": f"Projet numéro {place + 1}", "request": 9_500, "cash": 14_000}
        self.readers = READERS[:1]
        files = tuple(f"N{place:03}" for place in range(count))
        self._found(files, self._days(past=True), envelope=10_000 * count, reviews_required=1, quorum=1)

    def submit(self) -> None:
        """Every file is submitted in time."""
        with frozen(self.calendar["submitting"]):
            for key in self.files:
                application.submit(actor=self._lead(key), application=self.stage.file[key])
        self._keep("submitting")

    def admit(self) -> None:
        """Every file passes its checks."""
        with frozen(self.calendar["admitting"]):
            manager = self.stage.actor("manager")
            for key in self.files:
                screening.run_checks(actor=manager, application=self.stage.file[key])
                screening.declare_eligible(actor=manager, application=self.stage.file[key])
        self._keep("admitting")

    def read(self) -> None:
        """Interests, readers; the last one is recused from the first file; one review is given and one begun."""
        with frozen(self.calendar["reading"]):
            for reader in self.readers:
                self._declare(reader)
            for key in self.files:
                readers = [self.stage.public(reader) for reader in self._readers_of(key)]
                review.assign(actor=self.stage.actor("manager"), application=self.stage.file[key], reviewers=readers)
            review.open_reviews(actor=self.stage.actor("manager"), call=self.stage.call[self.name])
            self._mark(self.files[0], self.readers[0], given=True)
            if len(self.readers) > 1:
                self._mark(self.files[0], self.readers[1], given=False)
        self._keep("reading")

    def score(self) -> None:
        """Every review is given."""
        with frozen(self.calendar["scoring"]):
            for key in self.files:
                for reader in self._readers_of(key):
                    if (key, reader) != (self.files[0], self.readers[0]):
                        self._mark(key, reader, given=True)
        self._keep("scoring")

    def sit(self) -> None:
        """The committee sits: one award on condition, one reserve when there are enough files, awards for the rest."""
        with frozen(self.calendar["sitting"]):
            manager = self.stage.actor("manager")
            held = selection.convene(
                actor=manager, call=self.stage.call[self.name], held_at=self.calendar["sitting"], place="À distance"
            )
            present = [self.stage.public(reader) for reader in self.readers]
            selection.record_attendance(actor=manager, meeting=held.public_id, accounts=present)
            selection.open_meeting(actor=manager, meeting=held.public_id)
            for place, key in enumerate(self.files):
                self._propose(key, place)
            selection.close_meeting(actor=manager, meeting=held.public_id)

    def approve(self) -> None:
        """The board's act is entered."""
        with frozen(self.calendar["approving"]):
            decision.approve(
                actor=self.stage.actor("manager"),
                decisions=list(self.stage.decision.values()),
                board_on=self.calendar["approving"].date(),
                board_reference="CA, délibération n° 1",
            )

    def release(self) -> None:
        """The letters leave."""
        with frozen(self.calendar["releasing"]):
            decision.release(actor=self.stage.actor("manager"), decisions=list(self.stage.decision.values()))
        self._keep("releasing")

    def fund(self) -> None:
        """Projects open; the first is signed and paid once with a report begun, the others wait."""
        with frozen(self.calendar["funding"]):
            manager, first = self.stage.actor("manager"), self.files[0]
            decision.lift_condition(actor=manager, decision=self.stage.decision[first])
            for row in project.open_projects(actor=manager, call=self.stage.call[self.name]):
                self._remember(row)
            self._bank(first)
            agreement.send(actor=manager, agreement=self._of_project(Agreement, first))
        self._keep("funding")
        with frozen(self.calendar["paying"]):
            today = self.calendar["paying"].date()
            agreement.sign(actor=manager, agreement=self._of_project(Agreement, first), signed_on=today)
            tranche = self._of_project(Tranche, first)
            finance.order(actor=manager, tranche=tranche)
            finance.pay(
                actor=self.stage.actor("finance"),
                tranche=tranche,
                paid_on=today,
                reference=self.canary("payment.reference"),
            )
            self._account_for(first)
        self._keep("paying")

    # how it is done

    def _found(self, files: tuple[str, ...], values: Record, envelope: int = 60_000, **rules: Any) -> None:  # noqa: ANN401
        self.files = files
        stage = self.stage
        with frozen(self.calendar["founding"]):
            stage.install()
            stage.found({**PROGRAMME, "slug": f"programme-{self.name}", "name": f"Programme {self.name}"})
            for key in files:
                stage.register(key, data("organisations")[key])
                stage.enrol(key, data("organisations")[key])
            call = {
                **RULES_OF_AMOUNTS,
                "slug": f"appel-{self.name}",
                "title": f"Appel {self.name}",
                "edition": str(self.at.year),
                "reviews_required": 2,
                "quorum": 2,
                **values,
                **rules,
            }
            stage.draft_call(self.name, call, envelope * CENTS)
            stage.seat_committee(self.name, self.readers)
        with frozen(call["opens_at"]):
            stage.publish_call(self.name)

    def _days(self, *, open_now: bool = False, past: bool = False, closes_in: int | None = None) -> Record:
        """The calendar of the call, and the moments at which its people act."""
        closes = -60 if past else -10
        opens_at = self.at + timedelta(days=closes - 20)
        closes_at = self.at + timedelta(days=closes)
        if open_now:
            opens_at = self.at - timedelta(days=10)
            closes_at = self.at + (timedelta(days=16) if closes_in is None else timedelta(seconds=closes_in))
        after = {"admitting": 3, "reading": 5, "scoring": 12, "sitting": 26, "approving": 30, "releasing": 31}
        after |= {"funding": 35, "paying": 45}
        self.calendar = {name: closes_at + timedelta(days=days) for name, days in after.items()}
        self.calendar |= {
            "founding": opens_at - timedelta(days=2),
            "writing": opens_at + timedelta(days=2),
            "submitting": opens_at + timedelta(days=4),
        }
        return {
            "opens_at": opens_at,
            "closes_at": closes_at,
            "corrections_due_at": closes_at + timedelta(days=2),
            "reviews_open_at": closes_at + timedelta(days=4),
            "reviews_close_at": closes_at + timedelta(days=24),
            "committee_at": closes_at + timedelta(days=26),
            "results_public_at": closes_at + timedelta(days=40),
            "projects_from_on": (closes_at + timedelta(days=40)).date(),
            "projects_until_on": (closes_at + timedelta(days=480)).date(),
        }

    def _write(self, key: str, record: Record) -> None:
        """A complete file whose texts, partners and documents carry canaries."""
        marked = dict(record)
        for name in TEXTS:
            marked[name] = f"{record.get(name, '')} {self.canary(f'application.{key}.{name}')}".strip()
        marked["partners"] = [
            [name, kind, country, f"{role} {self.canary(f'partner.{key}.{place}.role')}"]
            for place, (name, kind, country, role) in enumerate(record["partners"])
        ]
        marked["canary"] = self.canary(f"attachment.{key}")
        writing.start(self.stage, self.name, key, key)
        writing.write_all(self.stage, self.name, key, marked)

    def _keep(self, moment: str) -> None:
        with frozen(self.calendar[moment] + timedelta(minutes=1)):
            self.stage.keep_promises()

    def _lead(self, key: str) -> Any:  # noqa: ANN401 -- an Actor
        return self.stage.actor(self.stage.lead(key))

    def _readers_of(self, key: str) -> tuple[str, ...]:
        """The recused member does not read the first file; two others do. With one reader, that one reads all."""
        if len(self.readers) == 1:
            return self.readers
        return tuple(reader for reader in self.readers if key != self.files[0] or reader != RECUSED)

    def _declare(self, reader: str) -> None:
        stands = {self.stage.file[key]: ("free", "") for key in self.files}
        if reader == RECUSED:
            note = self.canary("interest.note")
            stands[self.stage.file[self.files[0]]] = ("conflict", note)
        review.declare_interests(actor=self.stage.actor(reader), stands=stands)

    def _mark(self, key: str, reader: str, *, given: bool) -> None:
        place = f"review.{key}.{reader}"
        rubric = [line["key"] for line in CRITERIA]
        marks = dict.fromkeys(rubric, min(GOOD_MARK, TOP_HALVES))
        write = review.score if given else review.save
        write(
            actor=self.stage.actor(reader),
            review=review_of(self.stage, key, reader),
            marks=marks,
            comments={"C1": self.canary(f"{place}.comment")},
            opinion=self.canary(f"{place}.opinion"),
            private_note=self.canary(f"{place}.private_note"),
        )

    def _propose(self, key: str, place: int) -> None:
        conditional, reserve = place == 0, place == 1
        outcome = "awarded_with_conditions" if conditional else "reserve" if reserve else "awarded"
        row = decision.propose(
            actor=self.stage.actor("manager"),
            application=self.stage.file[key],
            outcome=outcome,
            awarded_cents=0 if reserve else self._requested(key),
            motive=f"Décision du comité. {self.canary(f'decision.{key}.motive')}",
            conditions=self.canary(f"decision.{key}.conditions") if conditional else "",
            reserve_rank=1 if reserve else None,
            votes=f"{len(self._readers_of(key))} pour",
        )
        self.stage.decision[key] = row.public_id

    def _requested(self, key: str) -> int:
        record = data("files-2026")[key]
        return int(record["request"] if "request" in record else ASKS[key].requested) * CENTS

    def _remember(self, row: Project) -> None:
        with reading() as session:
            owner = session.get_one(Project, row.id).application
            key = next(name for name, public in self.stage.file.items() if owner and public == owner.public_id)
        self.stage.project[key] = row.public_id

    def _bank(self, key: str) -> None:
        row = organisation.change_bank(
            actor=self._lead(key),
            organisation=self.stage.organisation[key],
            iban=data("organisations")[key]["iban"],
            bic="",
            holder=self.canary(f"bank.{key}.holder"),
        )
        organisation.verify_bank(actor=self.stage.actor("finance"), bank_account=row.public_id)

    def _of_project(self, model: Any, key: str) -> str:  # noqa: ANN401 -- a child of a project
        with reading() as session:
            query = select(model.public_id).join(Project, Project.id == model.project_id)
            own = query.where(Project.public_id == self.stage.project[key])
            return str(session.scalars(own.order_by(model.id).limit(1)).one())

    def _account_for(self, key: str) -> None:
        report.save(
            actor=self._lead(key),
            report=report_of(self.stage, key, "interim"),
            narrative={"done": self.canary(f"report.{key}.done")},
            figures={},
        )
        project.record_session(
            actor=self.stage.actor("manager"),
            project=self.stage.project[key],
            held_on=self.calendar["paying"].date(),
            minutes=60,
            topic="Premier échange",
            note=self.canary(f"session.{key}.note"),
        )
