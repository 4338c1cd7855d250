"""Builders for mails: every name that is promised, and one row of each kind that a mail may be about."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from grants.db import reading, transaction
from grants.models import Account, Agreement, Amendment, Departure, Interest, Report, Succession
from grants.queries.subjects import name_of
from grants.services import relay
from grants.services.lifecycle import MACHINES
from grants.workflow.decision import Outcome
from grants.workflow.effects import Mail
from tests import awards, builders, letters
from tests.letters import RELEASED

# to somebody without an account, or to the one who asks for an account: tests/services/test_invitation.py and
# test_attestation.py write them
LINKED = (
    *("invitation", "invitation-file", "registration", "registration-known"),
    *("attestation-asked", "attestation-renewed"),
    "operator-told",  # to who co-signed: the same
    "call-invitation",  # about an invitation: tests/services/test_kinds.py
    "conflict-overridden",  # to a member let in despite a link: tests/services/test_override.py
)


def promised_names() -> list[str]:
    """Every mail of the tables, and the reminders."""
    effects = [effect for machine in MACHINES.values() for move in machine.moves for effect in move.effects]
    reminders = ["reminder-submission", "reminder-review", "reminder-agreement", "reminder-report"]
    reminders.append("reminder-reserve")
    return sorted({effect.name for effect in effects if isinstance(effect, Mail)} | set(reminders))


class Stage:
    """One row of each kind that a mail may be about."""

    def __init__(self) -> None:
        world = self.world = letters.a_network_and_its_call()
        self.file = letters.a_file(
            world,
            return_reason="Le budget n’est pas équilibré : 200 € d’écart.",
            return_sections=["budget", "documents"],
            own_deadline_at=datetime(2025, 11, 10, 17, 0, tzinfo=UTC),
            late_attempt_at=datetime(2025, 11, 3, 11, 7, tzinfo=UTC),
        )
        letters.a_waiver(world, self.file, granted=False)
        with transaction() as session:
            reviewer = builders.an_account(session, name="Samba Ndiaye")
            session.add(
                Interest(application_id=self.file.id, account_id=reviewer.id, stand="free", declared_at=RELEASED)
            )
            self.review = builders.a_review(session, application=self.file, reviewer=reviewer)
            self.reviewer = reviewer
        self.project = awards.an_open_project(world)
        self.agreement = awards.the(Agreement, self.project)
        self.report = self.one(Report, kind="interim")
        self.tranche = awards.tranches_of(self.project)[0]
        with transaction() as session:
            session.get_one(Agreement, self.agreement.id).sent_at = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
            session.get_one(Report, self.report.id).change_request = "Expliquez l’écart de 18 % sur le poste 62."
            self.amendment = Amendment(
                project_id=self.project.id,
                extra_months=2,
                new_end_on=date(2026, 10, 31),
                reason="Les ateliers d’été sont reportés à l’automne.",
                requested_by_id=world.accounts["lead"].id,
                requested_at=RELEASED,
            )
            session.add(self.amendment)

    def one(self, model: Any, **values: Any) -> Any:
        with reading() as session:
            return session.scalars(select(model).filter_by(project_id=self.project.id, **values)).first()

    def about(self, name: str) -> tuple[Any, Account, dict[str, Any]]:
        """Row, recipient and plain values of the mail `name`."""
        people = self.world.accounts
        outcomes = {
            "accepted": Outcome.AWARDED,
            "accepted-with-conditions": Outcome.AWARDED_WITH_CONDITIONS,
            "reserve": Outcome.RESERVE,
            "deferred": Outcome.DEFERRED,
            "rejected": Outcome.REJECTED,
        }
        later = {
            "decision-revoked": Outcome.AWARDED,
            "renounced": Outcome.AWARDED,
            "renunciation-noted": Outcome.AWARDED,
            "reserve-over": Outcome.RESERVE,
        }
        if name in later:
            return letters.a_decision(self.world, later[name]), people["manager" if name == "renounced" else "lead"], {}
        if name in ("departure-held", "place-freed"):
            return self.of_the_call(name), people["manager"], {}
        if name in outcomes:
            return letters.a_decision(self.world, outcomes[name]), people["lead"], {}
        due = {"due_at": "2026-06-15T21:59:59+00:00", "due_on": "2026-06-15", "days_left": 7, "step": 7}
        rows: dict[str, tuple[Any, Account, dict[str, Any]]] = {
            "reminder-submission": (self.file, people["lead"], {**due, "days_left": 3}),
            "reminder-review": (self.world.call, self.reviewer, due),
            "reminder-agreement": (self.agreement, people["lead"], due),
            "reminder-report": (self.report, people["lead"], due),
            "reminder-reserve": (self.world.call, people["manager"], due),
            "award-lowered": (self.project, people["lead"], {}),
            "call-amended": (self.file, people["lead"], {}),
            "review-returned": (self.review, self.reviewer, {}),
            "conflict-overridden": (self.file, self.reviewer, {}),
        }
        kinds = {
            "agreement": self.agreement,
            "project": self.project,
            "report": self.report,
            "payment": self.tranche,
            "amendment": self.amendment,
        }
        return rows.get(name) or (kinds.get(name.partition("-")[0], self.file), people["lead"], {})

    def of_the_call(self, name: str) -> Any:
        """Letters that were to leave together, or money that an award freed."""
        freed = letters.a_decision(self.world, Outcome.AWARDED) if name == "place-freed" else None
        with transaction() as session:
            row: Any = (
                Succession(
                    call_id=self.world.call.id, decision_id=freed.id, cause="revoked", freed_cents=1, opened_at=RELEASED
                )
                if freed is not None
                else Departure(
                    call_id=self.world.call.id,
                    leaves_at=RELEASED,
                    planned_by_id=self.world.accounts["manager"].id,
                    planned_at=RELEASED,
                )
            )
            session.add(row)
            session.flush()
            return row


def task_of(name: str, row: Any, recipient: Account, payload: dict[str, Any]) -> relay.Task:
    """The leased promise of this mail."""
    return relay.Task("p", name, name_of(row), recipient.id, payload, "m", RELEASED, "", lambda _sha: None)
