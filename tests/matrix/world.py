"""The world of the matrix: a programme with a call at every stage, another programme, and everything in between.

Built once into one SQLite file. `World.ids` names the objects: what an address of the table asks for.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from grants.domain.eligibility import RuleKind
from grants.domain.receipts import fingerprint
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Appointment,
    Attachment,
    BankAccount,
    Call,
    Check,
    Decision,
    Document,
    Envelope,
    Milestone,
    Organisation,
    Partner,
    Programme,
    Project,
    Promise,
    Report,
    Review,
    Snapshot,
    SupportSession,
    Tranche,
    UserSession,
    Waiver,
)
from grants.models.keys import new_public_id
from grants.policies import SYSTEM, Actor, Role
from grants.queries.account import actor_for
from grants.queries.eligibility import rules_of
from grants.queries.subjects import name_of
from grants.services import lifecycle
from grants.services import agreement as agreements
from grants.services import amendment as amendments
from grants.services import finance
from grants.services import project as projects
from grants.services import report as reports
from grants.services.application.submitting import snapshot_content
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState as A
from grants.workflow.decision import DecisionState as D
from grants.workflow.decision import Outcome
from grants.workflow.meeting import MeetingState
from grants.workflow.report import ReportKind
from grants.workflow.review import ReviewState
from tests import awards, builders
from tests.matrix.people import CONFLICTED, FREE, Cast, engage

DAY = timedelta(days=1)
CANARIES = {  # what only some may ever read; tests/matrix/test_matrix.py says who
    "draft": "CANARI-BROUILLON",
    "opinion": "CANARI-AVIS",
    "private note": "CANARI-NOTE",
    "motive": "CANARI-MOTIF",
    "iban": "FR7600000000000000000000097",
}
CONTENT = b"%PDF-1.4 bytes of the matrix"
NARRATIVE = {"done": "Deux journées.", "partners": "Le lycée.", "learning": "Le froid.", "next": "La suite."}
SPENT = {
    "purchases": 380_000,
    "external_services": 105_000,
    "other_services": 720_000,
    "taxes": 38_000,
    "staff": 966_000,
    "management": 25_000,
    "financial_charges": 6_000,
    "indirect": 50_000,
}


@dataclass
class World:
    """Public ids by name, the cast, and who acts for whom."""

    cast: Cast = field(default_factory=Cast)
    ids: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def name(self, name: str, row: Any, by: str = "public_id") -> Any:
        """Remember a row under a name."""
        self.rows[name] = row
        self.ids[name] = getattr(row, by)
        return row

    def actor(self, code: str) -> Actor:
        """The person with the roles held now."""
        with reading() as session:
            return actor_for(session, self.cast[code].id)


def build(store: Store, mailbox: Path) -> World:
    """Everything. The database is the one bound, empty before."""
    world = World()
    with transaction() as session:
        _places(session, world)
        for stage in (_drafting, _screening, _reviewing, _sitting, _deciding, _released, _elsewhere):
            stage(session, world)
    _funded(world, store)
    with transaction() as session:
        _around(session, world, store)
    _mail(world, mailbox)
    return world


def _places(session: Session, world: World) -> None:
    now = clock.now()
    holder = world.name("holder", builders.an_organisation(session, name="Association du dossier"))
    stranger = world.name("stranger", builders.an_organisation(session, name="Une autre association"))
    here = world.name("programme", builders.a_programme(session), "slug")
    there = world.name("other_programme", builders.a_programme(session), "slug")
    past = {"opens_at": now - 60 * DAY, "closes_at": now - 30 * DAY}
    reviewed = {**past, "reviews_open_at": now - 20 * DAY, "reviews_close_at": now + 20 * DAY, "reviews_required": 2}
    window = {**past, "reviews_open_at": now - 29 * DAY, "reviews_close_at": now - 2 * DAY, "reviews_required": 2}
    kinds: dict[str, dict[str, Any]] = {
        "draft_call": {"state": "draft"},
        "open_call": {},
        "closed_call": {**past, "reviews_required": 2},
        "review_call": reviewed,
        "convened_call": {**window, "quorum": 1},
        "meeting_call": {**window, "quorum": 1},
        "settled_call": {**window, "quorum": 1},
        "board_call": {**window, "quorum": 1},
        "funded_call": {
            **window,
            "envelope_cents": 20_000_000,
            "milestones": awards.MILESTONES,
            "projects_from_on": date(2026, 3, 1),
            "projects_until_on": date(2027, 12, 31),
            "results_public_at": now - DAY,
        },
        "ended_call": window,
    }
    calls = [
        world.name(name, builders.a_call(session, programme=here, slug=name.replace("_", "-"), **values), "slug")
        for name, values in kinds.items()
    ]
    other = world.name("other_call", builders.a_call(session, programme=there, slug="other-call"), "slug")
    world.cast = engage(
        session,
        holder=holder,
        stranger=stranger,
        programme=here,
        other_programme=there,
        calls=calls,
        other_call=other,
    )
    for code, account in world.cast.accounts.items():
        world.name(f"account_{code}", account)
        world.name(f"role_{code}", session.scalar(select(Appointment).where(Appointment.account_id == account.id))) if (
            code != "NO"
        ) else None
    for code, token in world.cast.tokens.items():
        digest = hashlib.sha256(token.encode()).hexdigest()
        world.name(f"session_{code}", session.scalars(select(UserSession).where(UserSession.token_sha256 == digest)).one())


def _file(session: Session, world: World, name: str, call: str, state: A, **values: Any) -> Application:
    """A whole file of the holder (of the stranger with `by`), with its proof where it was received."""
    by = values.pop("by", "AL")
    now = clock.now()
    owner = world.rows["stranger" if by.startswith("x") else "holder"]
    if state not in (A.DRAFT, A.AWAITING_SIGNATURE):
        values = {"number": f"2027-{len(world.rows):03}", "submitted_at": now - 40 * DAY, **values}
    row: Application = builders.a_draft(
        session,
        call=world.rows[call],
        lead=world.cast[by],
        organisation=owner,
        **{"state": state, "title": f"Dossier {name}", **values},
    )
    world.name(name, row)
    world.name(f"{name}_file", row.attachments[0])
    world.name(f"{name}_bank", row.attachments[2])
    world.name(f"{name}_partner", row.partners[0])
    if row.submitted_at is not None:
        _snapshot(session, row, world.cast[by])
    if row.submitted_at is not None or row.late_attempt_at is not None:
        for code in FREE:
            builders.an_interest(session, application=row, account=world.cast[code])
        for code in CONFLICTED:
            builders.an_interest(session, application=row, account=world.cast[code], stand="conflict")
    _trace(session, row)
    return row


def _snapshot(session: Session, row: Application, by: Account) -> None:
    assert row.submitted_at is not None
    content = snapshot_content(session, row, received_at=row.submitted_at.isoformat())
    session.add(
        Snapshot(
            application_id=row.id,
            rank=1,
            content=content,
            sha256=fingerprint(content),
            received_at=row.submitted_at,
            submitted_by_id=by.id,
        )
    )


def _trace(session: Session, row: Any) -> None:
    """What came to be has left its trace, as in life."""
    lifecycle._trace(session, SYSTEM, Action.APPLICATION_START, row, lifecycle.subject_of(row, session), {})


def _drafting(session: Session, world: World) -> None:
    answers = {**builders.ANSWERS, "context": CANARIES["draft"]}
    _file(session, world, "draft", "open_call", A.DRAFT, answers=answers)
    _file(session, world, "waiting", "open_call", A.AWAITING_SIGNATURE)
    _file(session, world, "returned", "open_call", A.RETURNED, own_deadline_at=clock.now() + 5 * DAY, return_reason="Budget")
    _file(session, world, "sent", "open_call", A.SUBMITTED)
    _file(session, world, "foreign_draft", "open_call", A.DRAFT, by="xAL")


def _screening(session: Session, world: World) -> None:
    late = {"late_attempt_at": clock.now() - 29 * DAY}
    _file(session, world, "submitted", "closed_call", A.SUBMITTED)
    _file(session, world, "mended", "closed_call", A.RETURNED, own_deadline_at=clock.now() + 5 * DAY)
    _file(session, world, "foreign_submitted", "closed_call", A.SUBMITTED, by="xAL")
    judged = _file(session, world, "judged", "closed_call", A.SUBMITTED)
    failed = _file(session, world, "failed", "closed_call", A.SUBMITTED)
    _file(session, world, "eligible", "closed_call", A.ELIGIBLE)
    _file(session, world, "late", "closed_call", A.DRAFT, **late)
    for row in (judged, failed):
        for rule in rules_of(row.call):
            wrong = row is failed and rule.kind == RuleKind.ELIGIBILITY
            session.add(
                Check(
                    application_id=row.id,
                    rule=rule.key,
                    outcome="fail" if wrong else "pass",
                    comment="Vu.",
                    checked_by_id=world.cast["PM"].id,
                    checked_at=clock.now(),
                )
            )
    world.ids["rule"] = rules_of(judged.call)[-1].key
    asked = _file(session, world, "waived", "closed_call", A.DRAFT, **late)
    waiver = Waiver(
        application_id=asked.id,
        rule="received_before_deadline",
        reason="Panne.",
        asked_by_id=world.cast["AL"].id,
        asked_at=clock.now() - DAY,
    )
    session.add(waiver)
    session.flush()
    world.name("waiver", waiver)


def _reviewing(session: Session, world: World) -> None:
    ready = _file(session, world, "ready", "review_call", A.ELIGIBLE)
    read = _file(session, world, "read", "review_call", A.IN_REVIEW)
    fresh = _file(session, world, "fresh", "review_call", A.IN_REVIEW)
    given = _file(session, world, "given", "review_call", A.IN_REVIEW)
    _file(session, world, "unread", "review_call", A.ELIGIBLE, by="xAL")
    for code in ("RV", "R2"):
        builders.a_review(session, application=ready, reviewer=world.cast[code])
    review = builders.a_review(session, application=read, reviewer=world.cast["RV"], state=ReviewState.DRAFT)
    world.name("review", review)
    world.name(
        "review_R2",
        builders.a_review(
            session,
            application=read,
            reviewer=world.cast["R2"],
            halves=8,
            opinion=CANARIES["opinion"],
            private_note=CANARIES["private note"],
        ),
    )
    voided = builders.a_review(session, application=read, reviewer=world.cast["RX"], state=ReviewState.RECUSED)
    world.name("review_RX", voided)
    world.name("review_fresh", builders.a_review(session, application=fresh, reviewer=world.cast["RV"]))
    world.name("review_given", builders.a_review(session, application=given, reviewer=world.cast["RV"], halves=7))
    builders.a_review(session, application=given, reviewer=world.cast["R2"], halves=7)
    builders.an_interest(session, application=read, account=world.cast["RN"], stand="doubt")


def _read_by_all(session: Session, world: World, row: Application) -> Application:
    for code in ("RV", "R2"):
        builders.a_review(session, application=row, reviewer=world.cast[code], halves=8)
    return row


def _sitting(session: Session, world: World) -> None:
    present = tuple(world.cast[code] for code in ("RV", "R2", "CH"))
    for name, call, state in (
        ("convened", "convened_call", MeetingState.CONVENED),
        ("meeting", "meeting_call", MeetingState.OPEN),
        ("finished", "settled_call", MeetingState.OPEN),
    ):
        opened = {} if state == MeetingState.CONVENED else {"opened_at": clock.now()}
        meeting = builders.a_meeting(
            session, call=world.rows[call], secretary=world.cast["PM"], present=present, state=state, **opened
        )
        world.name(name, meeting)
    _read_by_all(session, world, _file(session, world, "to_open", "convened_call", A.IN_REVIEW))
    _read_by_all(session, world, _file(session, world, "deliberated", "meeting_call", A.IN_DELIBERATION))
    _read_by_all(session, world, _file(session, world, "foreign_deliberated", "meeting_call", A.IN_DELIBERATION, by="xAL"))
    for name, call, meeting in (("undoable", "meeting_call", "meeting"), ("finishing", "settled_call", "finished")):
        row = _read_by_all(session, world, _file(session, world, name, call, A.IN_DELIBERATION))
        _decision(session, world, f"{name}_decision", row, world.rows[meeting], D.PROPOSED)


def _decision(session: Session, world: World, name: str, row: Application, meeting: Any, state: D, **values: Any) -> Decision:
    now = clock.now()
    stamps: dict[str, Any] = {"proposed_by_id": world.cast["PM"].id, "proposed_at": now - 3 * DAY}
    if state != D.PROPOSED:
        stamps |= {"approved_by_id": world.cast["PM"].id, "approved_at": now - 2 * DAY}
        stamps |= {"board_on": now.date(), "board_reference": "CA-1"}
    if state == D.RELEASED:
        stamps |= {"released_by_id": world.cast["PM"].id, "released_at": now - DAY}
    decision = Decision(
        **{
            "application_id": row.id,
            "meeting_id": meeting.id,
            "state": state,
            "outcome": Outcome.REJECTED,
            "motive": "Motif.",
            **stamps,
            **values,
        }
    )
    session.add(decision)
    session.flush()
    _trace(session, decision)
    _commit(session, row.call_id, decision.awarded_cents)
    return world.name(name, decision)


def _commit(session: Session, call_id: int, cents: int) -> None:
    """The envelope holds the award."""
    session.execute(
        update(Envelope).where(Envelope.call_id == call_id).values(committed_cents=Envelope.committed_cents + cents)
    )


def _closed_meeting(session: Session, world: World, call: str) -> Any:
    return builders.a_meeting(
        session,
        call=world.rows[call],
        secretary=world.cast["PM"],
        state=MeetingState.CLOSED,
        opened_at=clock.now() - 4 * DAY,
        closed_at=clock.now() - 3 * DAY,
    )


def _deciding(session: Session, world: World) -> None:
    meeting = world.name("over", _closed_meeting(session, world, "board_call"))
    for name, state in (("proposed", D.PROPOSED), ("approved", D.APPROVED)):
        row = _read_by_all(session, world, _file(session, world, name, "board_call", A.IN_DELIBERATION))
        motive = CANARIES["motive"] if state == D.APPROVED else "Motif."
        _decision(session, world, f"{name}_decision", row, meeting, state, motive=motive)
    row = _read_by_all(session, world, _file(session, world, "foreign_proposed", "board_call", A.IN_DELIBERATION, by="xAL"))
    _decision(session, world, "foreign_proposed_decision", row, meeting, D.PROPOSED)


def _released(session: Session, world: World) -> None:
    meeting = _closed_meeting(session, world, "funded_call")
    row = _file(session, world, "refused", "funded_call", A.DECIDED)
    _decision(session, world, "refused_decision", row, meeting, D.RELEASED)
    row = _file(session, world, "conditional", "funded_call", A.DECIDED)
    _decision(
        session,
        world,
        "conditional_decision",
        row,
        meeting,
        D.RELEASED,
        outcome=Outcome.AWARDED_WITH_CONDITIONS,
        awarded_cents=900_000,
        conditions="Une lettre.",
    )
    ended = _file(session, world, "settled", "ended_call", A.DECIDED)
    _decision(session, world, "settled_decision", ended, _closed_meeting(session, world, "ended_call"), D.RELEASED)


def _elsewhere(session: Session, world: World) -> None:
    """Something of the other programme, so that its people have work of their own."""
    row = _file(session, world, "elsewhere", "other_call", A.IN_REVIEW, by="xAL")
    builders.an_interest(session, application=row, account=world.cast["xRV"])
    world.name("review_elsewhere", builders.a_review(session, application=row, reviewer=world.cast["xRV"], state=ReviewState.DRAFT))


def _funded(world: World, store: Store) -> None:
    """Projects at every stage, made by the use cases themselves."""
    manager = world.actor("PM")
    fund = awards.World(
        world.rows["programme"],
        world.rows["funded_call"],
        world.rows["holder"],
        {"lead": world.cast["AL"], "manager": world.cast["PM"], "finance2": world.cast["FL"]},
        {"manager": manager},
    )
    for name in ("unsent", "unsigned", "running", "ordered", "paid", "asking", "reporting", "halted", "ended", "finished"):
        decision = awards.an_award(fund, title=f"Projet {name}", awarded_cents=1_000_000)
        world.name(f"{name}_decision", decision)
        with transaction() as session:
            row = session.get_one(Application, decision.application_id)
            _commit(session, row.call_id, decision.awarded_cents)
            _trace(session, row)
            for code in CONFLICTED:
                builders.an_interest(session, application=row, account=world.cast[code], stand="conflict")
    _bank(world)
    lead = world.actor("AL")
    opened = projects.open_projects(actor=manager, call=world.rows["funded_call"].public_id)
    titles = {project.title.removeprefix("Projet "): project for project in opened}
    for name, project in titles.items():
        world.name(f"project_{name}", project)
        agreement = world.name(f"agreement_{name}", awards.the(Agreement, project))
        if name == "unsent" or name.startswith("Dossier"):
            continue
        agreements.send(actor=manager, agreement=agreement.public_id)
        _document(world, store, f"agreement_{name}_pdf", "agreement", agreement)
        if name != "unsigned":
            agreements.sign(actor=manager, agreement=agreement.public_id, signed_on=clock.now().date())
    _tranches(world, titles, manager)
    asked = amendments.request(actor=lead, project=titles["asking"].public_id, extra_months=2, reason="Crue.")
    world.name("amendment", asked)
    for kind in ReportKind:
        for name in ("running", "reporting"):
            found = _report(titles[name], kind)
            if found is not None:
                world.name(f"report_{kind}_{name}", found)
    interim = world.rows["report_interim_reporting"]
    figures = {key: {"spent_cents": cents, "reason": "Dit."} for key, cents in SPENT.items()}
    reports.save(actor=lead, report=interim.public_id, narrative=NARRATIVE, figures=figures)
    reports.submit(actor=lead, report=interim.public_id)
    projects.suspend(actor=manager, project=titles["halted"].public_id, reason="Conflit armé.")
    with reading() as session:
        milestone = session.scalars(select(Milestone).where(Milestone.project_id == titles["running"].id)).first()
        world.name("milestone", milestone)
    with transaction() as session:
        _change(session, titles["ended"], starts_on=date(2025, 1, 1), ends_on=clock.now().date() - DAY)
        _change(session, titles["finished"], starts_on=date(2025, 1, 1), ends_on=clock.now().date() - DAY)
        finished = titles["finished"].id
        session.execute(update(Report).where(Report.project_id == finished).values(state="accepted"))
        session.execute(update(Tranche).where(Tranche.project_id == finished).values(state="cancelled"))
        _change(session, titles["running"], public=True)
        session.execute(update(Project).where(Project.id == finished).values(state="reporting"))
    world.name("public_slug", titles["running"], "slug")
    held = projects.record_session(
        actor=manager, project=titles["running"].public_id, held_on=clock.now().date(), minutes=60, topic="Budget"
    )
    world.name("support_session", held)


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
    finance.pay(actor=world.actor("FO"), tranche=world.ids["tranche_paid"], paid_on=clock.now().date(), reference="VIR-1")


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


def _document(world: World, store: Store, name: str, kind: str, row: Any) -> None:
    with transaction() as session:
        _produce(session, world, store, name, kind, row)


def _produce(session: Session, world: World, store: Store, name: str, kind: str, row: Any) -> None:
    blob = store.put(CONTENT + name.encode())
    document = Document(
        kind=kind,
        subject=name_of(row),
        reference=name,
        filename=f"{kind}.pdf",
        size=blob.size,
        sha256=blob.sha256,
        produced_at=clock.now(),
    )
    session.add(document)
    session.flush()
    world.name(name, document)


def _around(session: Session, world: World, store: Store) -> None:
    """Files on the disk, documents, mails."""
    for kind in ("statutes", "accounts", "bank_statement", "partner_letters"):
        store.put(kind.encode())
    _produce(session, world, store, "receipt", "receipt", world.rows["submitted"])
    _produce(session, world, store, "letter", "decision-letter", world.rows["refused_decision"])
    _produce(session, world, store, "funded_letter", "decision-letter", world.rows["running_decision"])
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


def _mail(world: World, mailbox: Path) -> None:
    """A delivered mail with a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "palabre@exemple.invalid", world.cast["AL"].email
    mail["Subject"], mail["Date"], mail["Message-ID"] = "Votre dossier", format_datetime(clock.now()), "<1@exemple.invalid>"
    mail.set_content("Bonjour.")
    mail.add_attachment(CONTENT, maintype="application", subtype="pdf", filename="lettre.pdf")
    world.ids["letter_file"] = drop(mailbox, mail.as_bytes()).name
