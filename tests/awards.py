"""Builders of what follows a decision: a call with its people, released awards, open projects."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.clock import frozen
from grants.db import reading, transaction
from grants.models import (
    Account,
    Agreement,
    Application,
    BankAccount,
    BudgetLine,
    Call,
    Decision,
    Document,
    Envelope,
    Organisation,
    Partner,
    Programme,
    Project,
    Report,
    Territory,
    Tranche,
)
from grants.policies import Actor
from grants.policies.actors import Role
from grants.queries.account import actor_for
from grants.queries.subjects import name_of
from grants.services import agreement as agreements
from grants.services import project as projects
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.report import ReportKind
from tests import builders

BUDGET = (  # the cash expenses of the worked example: 22 900 €
    ("expense", "purchases.supplies", 60_000),
    ("expense", "purchases.services", 320_000),
    ("expense", "external_services.rent", 90_000),
    ("expense", "external_services.insurance", 15_000),
    ("expense", "other_services.fees", 240_000),
    ("expense", "other_services.publicity", 115_000),
    ("expense", "other_services.travel", 365_000),
    ("expense", "taxes.payroll", 38_000),
    ("expense", "staff.wages", 690_000),
    ("expense", "staff.social_charges", 276_000),
    ("expense", "management.other", 25_000),
    ("expense", "financial_charges.other", 6_000),
    ("expense", "indirect.fixed_costs", 50_000),
    ("expense", "in_kind_uses.volunteering", 210_000),
    ("income", "grants.this_fund", 1_550_000),
    ("income", "own_funds.other", 740_000),
    ("income", "in_kind_contributions.volunteering", 210_000),
)
MILESTONES = {
    "6": [
        {"code": "M0", "name": "Lancement", "month": 0},
        {"code": "M4", "name": "Rapport intermédiaire", "month": 3, "days": 14, "report": "interim"},
        {"code": "M7", "name": "Restitution", "month": 6},
        {"code": "M8", "name": "Rapport final", "after_end_days": 60, "report": "final"},
    ],
    "12": [
        {"code": "M0", "name": "Lancement", "month": 0},
        {"code": "M4", "name": "Rapport intermédiaire", "month": 6, "days": 14, "report": "interim"},
        {"code": "M7", "name": "Restitution", "month": 11},
        {"code": "M8", "name": "Rapport final", "after_end_days": 60, "report": "final"},
    ],
}
SPRING = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A call after its decisions, and the people around it (accounts for pages, actors for use cases)."""

    programme: Programme
    call: Call
    holder: Organisation
    accounts: dict[str, Account]
    actors: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.actors[name]
        except KeyError:
            raise AttributeError(name) from None


def a_world(**call_values: Any) -> World:
    """A call whose projects run from 1 March 2026 to 28 February 2027, a manager, two finance officers, a holder."""
    with transaction() as session:
        programme = builders.a_programme(session)
        call = builders.a_call(
            session,
            programme=programme,
            **{
                "milestones": MILESTONES,
                "projects_from_on": date(2026, 3, 1),
                "projects_until_on": date(2027, 2, 28),
                "results_public_at": datetime(2026, 1, 15, 8, 0, tzinfo=UTC),
                **call_values,
            },
        )
        holder = builders.an_organisation(session, name="Association Bocage Accueil", invented=True)
        stranger = builders.an_organisation(session, name="Une autre association")
        accounts = {
            "manager": builders.an_account(session, role=Role.MANAGER, programme_id=programme.id),
            "finance": builders.an_account(session, role=Role.FINANCE_OFFICER, programme_id=programme.id),
            "finance2": builders.an_account(session, role=Role.FINANCE_OFFICER, programme_id=programme.id),
            "lead": builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=holder.id),
            "member": builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=holder.id),
            "stranger": builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=stranger.id),
            "auditor": builders.an_account(session, role=Role.AUDITOR),
            "other_manager": builders.an_account(
                session, role=Role.MANAGER, programme_id=builders.a_programme(session).id
            ),
        }
    with reading() as session:
        actors = {name: actor_for(session, account.id) for name, account in accounts.items()}
    return World(programme, call, holder, accounts, actors)


def an_award(
    world: World,
    *,
    title: str = "Accueil des réfugiés et métiers agricoles",
    awarded_cents: int = 1_550_000,
    starts_on: date = date(2026, 3, 1),
    ends_on: date = date(2026, 8, 31),
    outcome: Outcome = Outcome.AWARDED,
    organisation: Organisation | None = None,
    **values: Any,
) -> Decision:
    """A released award with its file: partners, territories, budget."""
    with transaction() as session:
        number = next(builders.NUMBERS)
        application = Application(
            **{
                "call_id": world.call.id,
                "organisation_id": (organisation or world.holder).id,
                "created_by_id": world.accounts["lead"].id,
                "number": f"2026-{number:03d}",
                "title": title,
                "state": ApplicationState.DECIDED,
                "answers": {
                    "title": title,
                    "theme": "Agriculture",
                    "summary": "Relever les freins à l’emploi agricole.",
                },
                "requested_cents": awarded_cents,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "created_at": builders.NOW,
                "edited_at": builders.NOW,
                "submitted_at": builders.NOW,
                **values,
            }
        )
        session.add(application)
        session.flush()
        session.add_all(
            BudgetLine(application_id=application.id, position=i, side=side, key=key, amount_cents=cents)
            for i, (side, key, cents) in enumerate(BUDGET)
        )
        session.add(Partner(application_id=application.id, name="Lycée agricole du Bocage", actor_kind="research"))
        session.add(Territory(application_id=application.id, side="here", code="DEP-14", label="Calvados"))
        decision = Decision(
            application_id=application.id,
            state=DecisionState.RELEASED,
            outcome=outcome,
            awarded_cents=awarded_cents,
            conditions="Lettre d’un partenaire" if outcome == Outcome.AWARDED_WITH_CONDITIONS else "",
            motive="Bon projet",
            proposed_by_id=world.accounts["manager"].id,
            proposed_at=builders.NOW,
            released_at=builders.NOW,
        )
        session.add(decision)
        envelope = update(Envelope).where(Envelope.call_id == world.call.id)
        session.execute(envelope.values(committed_cents=Envelope.committed_cents + awarded_cents))
        return decision


def a_document(row: Any, kind: str = "agreement") -> None:
    """The PDF of `row` exists."""
    with transaction() as session:
        session.add(
            Document(
                kind=kind,
                subject=name_of(row),
                filename="document.pdf",
                size=1,
                sha256="0" * 64,
                produced_at=builders.NOW,
            )
        )


def bank_details(world: World, *, verified: bool = True) -> None:
    """The bank account of the holder, verified by the second finance officer unless told otherwise."""
    with transaction() as session:
        session.add(
            BankAccount(
                organisation_id=world.holder.id,
                iban="FR7600000000000000000000097",
                holder=world.holder.name,
                added_by_id=world.accounts["lead"].id,
                added_at=builders.NOW,
                verified_by_id=world.accounts["finance2"].id if verified else None,
                verified_at=builders.NOW if verified else None,
            )
        )


def an_open_project(world: World, **values: Any) -> Project:
    """A project of a released award, its agreement not sent."""
    an_award(world, **values)
    with frozen(SPRING):
        return projects.open_projects(actor=world.manager, call=world.call.public_id)[-1]


def a_running_project(world: World, **values: Any) -> Project:
    """A project whose agreement is signed, on 16 March 2026: its first tranche is due."""
    project = an_open_project(world, **values)
    agreement = the(Agreement, project)
    with frozen(SPRING):
        agreements.send(actor=world.manager, agreement=agreement.public_id)
        a_document(agreement)
        agreements.sign(actor=world.manager, agreement=agreement.public_id, signed_on=date(2026, 3, 16))
    return project


def the(model: Any, project: Project) -> Any:
    """The only row of `model` that belongs to the project."""
    with reading() as session:
        return session.scalars(select(model).where(model.project_id == project.id)).one()


def tranches_of(project: Project) -> list[Tranche]:
    """Its tranches in order."""
    with reading() as session:
        query = select(Tranche).where(Tranche.project_id == project.id).order_by(Tranche.position)
        return list(session.scalars(query))


def report_of(project: Project, kind: ReportKind) -> Report:
    """Its report of that kind."""
    with reading() as session:
        return session.scalars(select(Report).where(Report.project_id == project.id, Report.kind == kind)).one()


def again(row: Any) -> Any:
    """The row as the database has it now."""
    with reading() as session:
        return session.get_one(type(row), row.id)


def count(session: Session, model: Any) -> int:
    """How many rows there are."""
    return len(session.scalars(select(model.id)).all())
