"""What follows the decisions: projects, money, documents, mails."""

from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import clock, outbox
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.delivery.mailbox import drop
from grants.models import (
    Agreement,
    Application,
    BankAccount,
    Milestone,
    Project,
    Promise,
    Report,
    Tranche,
)
from grants.models.keys import new_public_id
from grants.policies import Actor
from grants.queries.subjects import name_of
from grants.services import agreement as agreements
from grants.services import amendment as amendments
from grants.services import finance
from grants.services import project as projects
from grants.services import report as reports
from grants.workflow.report import ReportKind
from tests import awards, builders
from tests.matrix.people import CONFLICTED, FREE
from tests.matrix.stage import CANARIES, CONTENT, DAY, NARRATIVE, SPENT, World, produce, trace

STAGES = ("unsent", "unsigned", "running", "ordered", "paid", "asking", "reporting", "halted", "ended", "finished")


def build_projects(world: World, store: Store) -> None:
    """Projects at every stage, made by the use cases themselves."""
    manager, titles = world.actor("PM"), {}
    _awards(world)
    _bank(world)
    for project in projects.open_projects(actor=manager, call=world.rows["funded_call"].public_id):
        name = project.title.removeprefix("Projet ")
        titles[name] = world.name(f"project_{name}", project)
        _agreement(world, store, name, project)
    _tranches(world, titles, manager)
    _reports(world, titles)
    asked = amendments.request(
        actor=world.actor("AL"), project=titles["asking"].public_id, extra_months=2, reason="Crue."
    )
    world.name("amendment", asked)
    projects.suspend(actor=manager, project=titles["halted"].public_id, reason="Conflit armé.")
    _steps(world, titles, manager)
    with transaction() as session:
        _end(session, titles)


def _awards(world: World) -> None:
    accounts = {"lead": world.cast["AL"], "manager": world.cast["PM"], "finance2": world.cast["FL"]}
    places = (world.rows[name] for name in ("programme", "funded_call", "holder"))
    fund = awards.World(*places, accounts, {"manager": world.actor("PM")})
    for name in STAGES:
        decision = awards.an_award(fund, title=f"Projet {name}", awarded_cents=1_000_000)
        world.name(f"{name}_decision", decision)
        with transaction() as session:
            row = session.get_one(Application, decision.application_id)
            trace(session, row)
            stands = {**dict.fromkeys(CONFLICTED, "conflict"), **dict.fromkeys(FREE, "free")}
            for code, stand in stands.items():
                builders.an_interest(session, application=row, account=world.cast[code], stand=stand)


def _agreement(world: World, store: Store, name: str, project: Project) -> None:
    manager, agreement = world.actor("PM"), world.name(f"agreement_{name}", awards.the(Agreement, project))
    if name == "unsent" or name not in STAGES:
        return
    agreements.send(actor=manager, agreement=agreement.public_id)
    with transaction() as session:
        produce(session, world, store, f"agreement_{name}_pdf", "agreement", agreement)
    if name != "unsigned":
        agreements.sign(actor=manager, agreement=agreement.public_id, signed_on=clock.now().date())


def _reports(world: World, titles: dict[str, Project]) -> None:
    lead = world.actor("AL")
    for kind in ReportKind:
        for name in ("running", "reporting"):
            found = _report(titles[name], kind)
            if found is not None:
                world.name(f"report_{kind}_{name}", found)
    interim = world.rows["report_interim_reporting"]
    figures = {key: {"spent_cents": cents, "reason": "Dit."} for key, cents in SPENT.items()}
    reports.save(actor=lead, report=interim.public_id, narrative=NARRATIVE, figures=figures)
    reports.submit(actor=lead, report=interim.public_id)


def _steps(world: World, titles: dict[str, Project], manager: Actor) -> None:
    running = titles["running"]
    with reading() as session:
        first = select(Milestone).where(Milestone.project_id == running.id)
        world.name("milestone", session.scalars(first).first())
    world.name("public_slug", running, "slug")
    held = projects.record_session(
        actor=manager, project=running.public_id, held_on=clock.now().date(), minutes=60, topic="Budget"
    )
    world.name("support_session", held)


def _end(session: Session, titles: dict[str, Project]) -> None:
    """Two projects whose time is over, one of them with everything accounted for."""
    over = {"starts_on": date(2025, 1, 1), "ends_on": clock.now().date() - DAY}
    finished = titles["finished"].id
    _change(session, titles["ended"], **over)
    _change(session, titles["finished"], **over, state="reporting")
    _change(session, titles["running"], public=True)
    session.execute(update(Report).where(Report.project_id == finished).values(state="accepted"))
    session.execute(update(Tranche).where(Tranche.project_id == finished).values(state="cancelled"))


def _change(session: Session, project: Project, **values: Any) -> None:
    session.execute(update(Project).where(Project.id == project.id).values(**values))


def _tranches(world: World, titles: dict[str, Project], manager: Actor) -> None:
    for name in ("running", "ordered", "paid"):
        rows = awards.tranches_of(titles[name])
        world.name(f"tranche_{name}", rows[0])
        world.name(f"tranche_{name}_later", rows[1])
    for name in ("ordered", "paid"):
        finance.order(actor=manager, tranche=world.ids[f"tranche_{name}"])
    with transaction() as session:  # a second one, ordered by somebody who also pays
        row = session.get_one(Tranche, world.rows["tranche_ordered"].id)
        row.ordered_by_id = world.cast["FL"].id
    finance.pay(
        actor=world.actor("FO"), tranche=world.ids["tranche_paid"], paid_on=clock.now().date(), reference="VIR-1"
    )


def _report(project: Project, kind: ReportKind) -> Report | None:
    with reading() as session:
        return session.scalar(select(Report).where(Report.project_id == project.id, Report.kind == kind))


def _bank(world: World) -> None:
    with transaction() as session:
        verified = BankAccount(
            organisation_id=world.rows["holder"].id,
            iban=CANARIES["iban"],
            holder="Association du dossier",
            added_by_id=world.cast["AL"].id,
            added_at=clock.now() - 50 * DAY,
            verified_by_id=world.cast["FL"].id,
            verified_at=clock.now() - 40 * DAY,
        )
        fresh = BankAccount(
            organisation_id=world.rows["stranger"].id,
            iban="FR7600000000000000000000194",
            holder="Une autre association",
            added_by_id=world.cast["FL"].id,
            added_at=clock.now(),
        )
        session.add_all([verified, fresh])
        session.flush()
        world.name("bank", verified)
        world.name("new_bank", fresh)


def build_surroundings(session: Session, world: World, store: Store) -> None:
    """Files on the disk, documents, mails."""
    for kind in ("statutes", "accounts", "bank_statement", "partner_letters"):
        store.put(kind.encode())
    produce(session, world, store, "receipt", "receipt", world.rows["submitted"])
    produce(session, world, store, "letter", "decision-letter", world.rows["refused_decision"])
    produce(session, world, store, "funded_letter", "decision-letter", world.rows["running_decision"])
    for name, about, code in (("mail", "submitted", "AL"), ("foreign_mail", "elsewhere", "xAL")):
        programme = world.rows["other_programme" if code == "xAL" else "programme"]
        outbox.put(
            session,
            f"matrix:{name}",
            kind="mail",
            name="submitted",
            subject=name_of(world.rows[about]),
            recipient_id=world.cast[code].id,
            programme_id=programme.id,
            made_at=clock.now(),
        )
        promise = session.scalars(select(Promise).where(Promise.key == f"matrix:{name}")).one()
        world.name(name, promise)
        world.ids[f"{name}_message"] = promise.message_id
    world.ids["missing"] = new_public_id()


def deliver_mail(world: World, mailbox: Path) -> None:
    """A delivered mail with a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "palabre@exemple.invalid", world.cast["AL"].email
    mail["Subject"], mail["Date"], mail["Message-ID"] = (
        "Votre dossier",
        format_datetime(clock.now()),
        "<1@exemple.invalid>",
    )
    mail.set_content("Bonjour.")
    mail.add_attachment(CONTENT, maintype="application", subtype="pdf", filename="lettre.pdf")
    world.ids["letter_file"] = drop(mailbox, mail.as_bytes()).name
