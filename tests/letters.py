"""Builders of what letters tell: a network with its address, a holder, a file, decisions of every outcome, the doors."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.delivery.doors import Doors
from grants.delivery.files import Store
from grants.delivery.smtp import Folder, Transport
from grants.delivery.templating import Renderer
from grants.domain.receipts import fingerprint
from grants.models import (
    Account,
    Application,
    Attachment,
    BudgetLine,
    Check,
    Decision,
    Meeting,
    Organisation,
    Promise,
    Snapshot,
    Waiver,
)
from grants.queries.subjects import name_of
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.meeting import MeetingState
from tests import awards, builders
from tests.awards import World

GRANTS = Path(__file__).parents[1] / "grants"
BASE_URL = "https://palabre.exemple.invalid"
RELEASED = datetime(2025, 12, 19, 9, 12, tzinfo=UTC)
MOTIVE = (
    "Le comité a relevé la solidité de l’alliance : chaque partenaire a un rôle dans la décision comme dans l’action.\n\n"
    "Il recommande de préciser, avant le lancement, comment les personnes accueillies prendront part au suivi."
)


def doors(folder: Path, transport: Transport | None = None) -> Doors:
    """Doors into a folder: its own store, and its own mailbox unless another way out is given."""
    return Doors(
        renderer=Renderer(GRANTS / "templates", GRANTS / "translations", BASE_URL),
        transport=transport or Folder(folder / "mailbox"),
        store=Store(folder / "blobs"),
        base_url=BASE_URL,
        mail_from="Palabre <palabre@exemple.invalid>",
    )


def a_network_and_its_call() -> World:
    """A call of a network that has an address and a chair; a holder with a representative."""
    world = awards.a_world(
        title="Alliances pluri-acteurs 2026",
        edition="2026",
        contact="appel@reseau-demo.invalid",
        opens_at=datetime(2025, 9, 15, 7, 0, tzinfo=UTC),
        closes_at=datetime(2025, 11, 3, 11, 0, tzinfo=UTC),
        corrections_due_at=datetime(2025, 11, 10, 17, 0, tzinfo=UTC),
        reviews_open_at=datetime(2025, 11, 14, 8, 0, tzinfo=UTC),
        reviews_close_at=datetime(2025, 12, 5, 17, 0, tzinfo=UTC),
        committee_at=datetime(2025, 12, 11, 8, 30, tzinfo=UTC),
        board_on=date(2025, 12, 18),
    )
    with transaction() as session:
        network = session.get_one(Organisation, world.programme.network_id)
        network.name = "Réseau Démo Solidarité Internationale"
        network.legal_form = "Association régie par la loi du 1er juillet 1901"
        network.address_lines = ["12 rue des Deux Rives", "59000 Lille"]
        network.siret = "00000099200012"
        network.representative, network.representative_function = "Aïssatou Lenglet", "présidente"
        holder = session.merge(world.holder)
        holder.address_lines = ["4 chemin du Bocage", "14380 Saint-Sever"]
        holder.legal_form, holder.siret, holder.rna = "Association loi 1901", "00000001800010", "W000000001"
        holder.representative, holder.representative_function = "Hélène Marchand", "présidente"
        lead = session.merge(world.accounts["lead"])
        lead.name, lead.function = "Hélène Marchand", "présidente"
    return world


def a_file(world: World, **values: Any) -> Application:
    """A received file with a budget, files and a snapshot."""
    with transaction() as session:
        number = next(builders.NUMBERS)
        row = Application(
            **{
                "call_id": world.call.id,
                "organisation_id": world.holder.id,
                "created_by_id": world.accounts["lead"].id,
                "number": f"2026-{number:03d}",
                "title": "Accueil des réfugiés et métiers agricoles",
                "state": ApplicationState.SUBMITTED,
                "answers": {"title": "Accueil des réfugiés et métiers agricoles"},
                "requested_cents": 1_550_000,
                "starts_on": date(2026, 3, 1),
                "ends_on": date(2026, 8, 31),
                "created_at": datetime(2025, 10, 1, 8, 0, tzinfo=UTC),
                "edited_at": datetime(2025, 11, 2, 20, 0, tzinfo=UTC),
                "submitted_at": datetime(2025, 11, 2, 20, 14, 33, tzinfo=UTC),
                **values,
            }
        )
        row.budget_lines = [
            BudgetLine(position=rank, side=side, key=key, amount_cents=cents)
            for rank, (side, key, cents) in enumerate(awards.BUDGET)
        ]
        row.attachments = [
            Attachment(
                kind=kind,
                filename=f"{kind.replace('_', '-')}.pdf",
                media_type="application/pdf",
                size=size,
                sha256=hashlib.sha256(kind.encode()).hexdigest(),
                added_by_id=world.accounts["lead"].id,
                added_at=datetime(2025, 11, 1, 10, 0, tzinfo=UTC),
            )
            for kind, size in (
                ("statutes", 412_300),
                ("accounts", 1_240_000),
                ("bank_statement", 88_000),
                ("partner_letters", 2_310_000),
            )
        ]
        session.add(row)
        session.flush()
        if row.submitted_at is not None:
            a_snapshot(session, row, world.accounts["lead"])
        return row


def a_snapshot(session: Session, row: Application, by: Account, rank: int = 1, **values: Any) -> Snapshot:
    """What was submitted."""
    content = {"number": row.number, "answers": dict(row.answers), "rank": rank}
    found = Snapshot(
        application_id=row.id,
        rank=rank,
        content=content,
        sha256=fingerprint(content),
        submitted_by_id=by.id,
        **{"received_at": row.submitted_at, **values},
    )
    session.add(found)
    session.flush()
    return found


def a_decision(world: World, outcome: Outcome, file: Application | None = None, **values: Any) -> Decision:
    """A released decision of this outcome, taken by a committee and a board."""
    file = file or a_file(world, state=ApplicationState.DECIDED)
    awarded = outcome in (Outcome.AWARDED, Outcome.AWARDED_WITH_CONDITIONS)
    with transaction() as session:
        meeting = Meeting(
            call_id=world.call.id,
            secretary_id=world.accounts["manager"].id,
            held_at=datetime(2025, 12, 11, 8, 30, tzinfo=UTC),
            state=MeetingState.CLOSED,
        )
        session.add(meeting)
        session.flush()
        row = Decision(
            **{
                "application_id": file.id,
                "meeting_id": meeting.id,
                "state": DecisionState.RELEASED,
                "outcome": outcome,
                "awarded_cents": 1_550_000 if awarded else 0,
                "motive": MOTIVE,
                "conditions": "Fournir la lettre d’engagement de l’entreprise partenaire, signée, avec le montant de son mécénat de compétences."
                if outcome == Outcome.AWARDED_WITH_CONDITIONS
                else "",
                "conditions_due_on": date(2026, 1, 31) if outcome == Outcome.AWARDED_WITH_CONDITIONS else None,
                "reserve_rank": 2 if outcome == Outcome.RESERVE else None,
                "proposed_by_id": world.accounts["manager"].id,
                "proposed_at": datetime(2025, 12, 11, 10, 0, tzinfo=UTC),
                "board_on": date(2025, 12, 18),
                "board_reference": "délibération CA-2025-12-18",
                "released_at": RELEASED,
                **values,
            }
        )
        session.add(row)
        return row


def a_failed_check(world: World, file: Application, rule: str, comment: str = "") -> Check:
    """A rule that the file does not meet."""
    with transaction() as session:
        row = Check(
            application_id=file.id,
            rule=rule,
            outcome="fail",
            comment=comment,
            checked_by_id=world.accounts["manager"].id,
            checked_at=RELEASED,
        )
        session.add(row)
        return row


def a_waiver(world: World, file: Application, *, granted: bool | None = None) -> Waiver:
    """A derogation asked for after a late attempt, answered unless `granted` is None."""
    with transaction() as session:
        row = Waiver(
            application_id=file.id,
            rule="received_before_deadline",
            reason="Une coupure d’électricité à 11 h 40, dans toute la commune.",
            asked_by_id=world.accounts["lead"].id,
            asked_at=datetime(2025, 11, 3, 14, 0, tzinfo=UTC),
            granted=granted,
            answer=""
            if granted is None
            else "La coupure n’est pas attestée, et l’espace était ouvert depuis sept semaines.",
            answered_by_id=None if granted is None else world.accounts["manager"].id,
            answered_at=None if granted is None else datetime(2025, 11, 12, 9, 0, tzinfo=UTC),
        )
        session.add(row)
        return row


def promise(
    kind: str, name: str, row: Any, *, to: Account | None = None, made_at: datetime = RELEASED, **payload: Any
) -> Promise:
    """A promise about `row`, as an act would make it; `to` is whom a mail is for."""
    key = f"test:{kind}:{name}:{name_of(row)}:{to.public_id if to else ''}:{next(builders.NUMBERS)}"
    with transaction() as session:
        outbox.put(
            session,
            key,
            kind=kind,
            name=name,
            subject=name_of(row),
            made_at=made_at,
            recipient_id=to.id if to else None,
            payload=payload,
        )
        return session.query(Promise).filter_by(key=key).one()
