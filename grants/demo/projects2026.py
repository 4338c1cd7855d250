"""The seven projects of 2026, from the results to the day of the demonstration: agreements, payments, reports, sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from grants.db import reading
from grants.demo.agenda import Agenda
from grants.demo.calls import paris
from grants.demo.figures import AWARDED
from grants.demo.reports import ENDING, FIGURES, NARRATIVES, Figure
from grants.demo.stage import Stage, data
from grants.models import Agreement, Milestone, Project, Report, Tranche
from grants.services import agreement, amendment, decision, finance, organisation, project, report
from grants.services.conditions import plan_of

NAME = "2026"


@dataclass(frozen=True)
class Session:
    """A session of accompaniment."""

    key: str
    day: date
    minutes: int
    collective: bool
    topic: str
    note: str


#: interim reports: submitted, accepted (or None), paid (or None)
INTERIM = {
    "A01": (paris(2026, 6, 12, 16, 40), paris(2026, 6, 30, 11, 10), paris(2026, 7, 10, 10, 30)),
    "A07": (paris(2026, 7, 15, 17, 55), paris(2026, 7, 30, 15, 20), paris(2026, 8, 10, 9, 50)),
    "A03": (paris(2026, 7, 30, 12, 15), paris(2026, 8, 14, 10, 5), paris(2026, 8, 25, 14, 10)),
    "A04": (paris(2026, 8, 31, 19, 30), paris(2026, 9, 15, 9, 45), paris(2026, 9, 25, 10, 15)),
    "A02": (paris(2026, 9, 14, 11, 25), paris(2026, 9, 29, 16, 0), paris(2026, 10, 9, 11, 5)),
    "A06": (paris(2026, 9, 14, 18, 35), None, None),
}
MILESTONES: Mapping[str, tuple[tuple[str, date], ...]] = {
    "A01": (
        ("M1", date(2026, 3, 30)),
        ("M2", date(2026, 5, 6)),
        ("M3", date(2026, 6, 25)),
        ("M6", date(2026, 8, 5)),
        ("M7", date(2026, 8, 28)),
    ),
    "A02": (("M1", date(2026, 4, 3)), ("M2", date(2026, 6, 2)), ("M3", date(2026, 6, 20))),
    "A03": (("M1", date(2026, 4, 7)), ("M2", date(2026, 5, 20)), ("M3", date(2026, 6, 11)), ("M5", date(2026, 10, 2))),
    "A04": (("M1", date(2026, 3, 27)), ("M2", date(2026, 5, 29)), ("M3", date(2026, 6, 30))),
    "A05": (("M1", date(2026, 4, 15)), ("M2", date(2026, 7, 3))),
    "A06": (("M1", date(2026, 4, 1)), ("M2", date(2026, 6, 4)), ("M3", date(2026, 7, 2)), ("M5", date(2026, 10, 16))),
    "A07": (
        ("M1", date(2026, 3, 31)),
        ("M2", date(2026, 5, 12)),
        ("M3", date(2026, 6, 9)),
        ("M5", date(2026, 9, 11)),
        ("M6", date(2026, 10, 13)),
        ("M7", date(2026, 10, 29)),
    ),
}
SESSIONS = (
    Session(
        "A06",
        date(2026, 3, 26),
        120,
        False,
        "Autodiagnostic de départ",
        "Huit axes passés en revue ; priorité au modèle économique.",
    ),
    Session(
        "A06",
        date(2026, 6, 18),
        180,
        True,
        "Club : les financements solidaires",
        "Dix-huit personnes, thé-palabre compris.",
    ),
    Session(
        "A06",
        date(2026, 9, 24),
        120,
        True,
        "Préparer la mission d’échange",
        "Programme arrêté avec les partenaires de Tunis.",
    ),
    Session(
        "A06",
        date(2026, 11, 12),
        150,
        False,
        "Modèle économique",
        "À Lille. Deux scénarios comparés ; reste la fiche de capitalisation.",
    ),
    Session(
        "A01", date(2026, 4, 22), 120, False, "Construire l’enquête", "Grille d’entretien relue avec le laboratoire."
    ),
    Session(
        "A02",
        date(2026, 5, 5),
        90,
        False,
        "Préparer l’accueil de la délégation",
        "Répartition des rôles entre les trois collectifs.",
    ),
    Session(
        "A05",
        date(2026, 10, 6),
        60,
        False,
        "Où en est le rapport ?",
        "Par téléphone. Deux enquêtes en retard ; appui proposé.",
    ),
)


def plan(stage: Stage, agenda: Agenda) -> None:
    """Put everything down that follows the letters."""
    agenda.put(paris(2026, 1, 27, 15, 30), lambda: _lift(stage))
    agenda.put(paris(2026, 1, 28, 10), lambda: _open(stage))
    _plan_agreements(stage, agenda)
    for key, (submitted, accepted, paid) in INTERIM.items():
        _plan_interim(stage, agenda, key, submitted, accepted, paid)
    for key, reached in MILESTONES.items():
        agenda.put(paris(2026, 3, 12, 17, 30), partial(_reach, stage, key, "M0", date(2026, 3, 12)))
        for code, day in reached:
            agenda.put(paris(day.year, day.month, day.day, 17), partial(_reach, stage, key, code, day))
    for held in SESSIONS:
        agenda.put(paris(held.day.year, held.day.month, held.day.day, 18, 20), partial(_record, stage, held))
    _plan_endings(stage, agenda)


def _plan_agreements(stage: Stage, agenda: Agenda) -> None:
    """Bank details, agreements sent and signed, first tranche ordered by one person and paid by another."""
    for place, key in enumerate(AWARDED):
        agenda.put(
            paris(2026, 1, 20, 9, 10) + timedelta(days=place, minutes=47 * place), partial(_enter_bank, stage, key)
        )
        agenda.put(paris(2026, 2, 2, 14) + timedelta(minutes=12 * place), partial(_verify_bank, stage, key))
        agenda.put(paris(2026, 2, 3, 10) + timedelta(minutes=8 * place), partial(_send, stage, key))
        agenda.put(paris(2026, 2, 16, 14) + timedelta(minutes=5 * place), partial(_sign, stage, key))
        agenda.put(paris(2026, 3, 13, 9, 30) + timedelta(minutes=4 * place), partial(_order, stage, key, 1))
        agenda.put(paris(2026, 3, 17, 10, 40) + timedelta(minutes=3 * place), partial(_pay, stage, key, 1))


def _plan_interim(
    stage: Stage, agenda: Agenda, key: str, submitted: datetime, accepted: datetime | None, paid: datetime | None
) -> None:
    agenda.put(submitted - timedelta(days=4, hours=3), partial(_draft, stage, key, "interim"))
    agenda.put(submitted, partial(_submit, stage, key, "interim"))
    if accepted is None or paid is None:
        return
    agenda.put(accepted, partial(_accept, stage, key, "interim"))
    agenda.put(paid - timedelta(days=2, hours=1), partial(_order, stage, key, 2))
    agenda.put(paid, partial(_pay, stage, key, 2))


def _plan_endings(stage: Stage, agenda: Agenda) -> None:
    """A06's report comes back, A01 closes, A07 ends, A03 asks for two months more."""
    agenda.put(paris(2026, 9, 28, 11, 20), lambda: _give_back(stage))
    agenda.put(paris(2026, 9, 1, 9, 30), partial(_await_final, stage, "A01"))
    agenda.put(paris(2026, 10, 12, 16, 10), lambda: _submit_final(stage, "A01"))
    agenda.put(paris(2026, 10, 30, 10, 45), lambda: _accept_final(stage, "A01"))
    agenda.put(paris(2026, 11, 10, 9, 20), partial(_order, stage, "A01", 3))
    agenda.put(paris(2026, 11, 13, 10, 30), partial(_pay, stage, "A01", 3))
    agenda.put(paris(2026, 11, 13, 11, 15), lambda: _close(stage, "A01"))
    agenda.put(paris(2026, 11, 2, 9, 40), partial(_await_final, stage, "A07"))
    agenda.put(paris(2026, 11, 9, 10, 25), lambda: _ask_for_time(stage))


def _lift(stage: Stage) -> None:
    decision.lift_condition(actor=stage.actor("manager"), decision=stage.decision["A03"])


def _open(stage: Stage) -> None:
    rows = project.open_projects(actor=stage.actor("manager"), call=stage.call[NAME])
    with reading() as session:
        for row in rows:
            owner = session.get_one(Project, row.id).application
            key = next(name for name, public in stage.file.items() if owner and public == owner.public_id)
            stage.project[key] = row.public_id


def _enter_bank(stage: Stage, key: str) -> None:
    record = data("organisations")[key]
    row = organisation.change_bank(
        actor=stage.actor(stage.lead(key)),
        organisation=stage.organisation[key],
        iban=record["iban"],
        bic="DEMOFRPPXXX",
        holder=record["name"],
    )
    stage.bank[key] = row.public_id


def _verify_bank(stage: Stage, key: str) -> None:
    organisation.verify_bank(actor=stage.actor("finance"), bank_account=stage.bank[key])


def _send(stage: Stage, key: str) -> None:
    agreement.send(actor=stage.actor("manager"), agreement=_agreement(stage, key))


def _sign(stage: Stage, key: str) -> None:
    agreement.sign(actor=stage.actor("manager"), agreement=_agreement(stage, key), signed_on=date(2026, 2, 16))


def _agreement(stage: Stage, key: str) -> str:
    with reading() as session:
        query = select(Agreement.public_id).join(Project, Project.id == Agreement.project_id)
        return session.scalars(query.where(Project.public_id == stage.project[key])).one()


def _tranche(stage: Stage, key: str, position: int) -> str:
    with reading() as session:
        query = select(Tranche.public_id).join(Project, Project.id == Tranche.project_id)
        return session.scalars(query.where(Project.public_id == stage.project[key], Tranche.position == position)).one()


def _order(stage: Stage, key: str, position: int) -> None:
    finance.order(actor=stage.actor("manager"), tranche=_tranche(stage, key, position))


def _pay(stage: Stage, key: str, position: int) -> None:
    days = {1: date(2026, 3, 17), 3: date(2026, 11, 13)}
    day = days.get(position) or _paid_on(key)
    reference = f"VIR-{day:%Y%m%d}-{key}-{position}"
    finance.pay(actor=stage.actor("finance"), tranche=_tranche(stage, key, position), paid_on=day, reference=reference)


def _paid_on(key: str) -> date:
    paid = INTERIM[key][2]
    assert paid is not None
    return paid.date()


def _reach(stage: Stage, key: str, code: str, day: date) -> None:
    with reading() as session:
        query = select(Milestone.public_id).join(Project, Project.id == Milestone.project_id)
        found = session.scalars(query.where(Project.public_id == stage.project[key], Milestone.code == code)).one()
    project.reach_milestone(actor=stage.actor("manager"), milestone=found, reached_on=day)


def _record(stage: Stage, held: Session) -> None:
    project.record_session(
        actor=stage.actor("deputy"),
        project=stage.project[held.key],
        held_on=held.day,
        minutes=held.minutes,
        topic=held.topic,
        collective=held.collective,
        note=held.note,
    )


def report_of(stage: Stage, key: str, kind: str) -> str:
    """The public id of a report of a project."""
    with reading() as session:
        query = select(Report.public_id).join(Project, Project.id == Report.project_id)
        return session.scalars(query.where(Project.public_id == stage.project[key], Report.kind == kind)).one()


def figures(stage: Stage, key: str, told: Mapping[str, Figure]) -> dict[str, dict[str, object]]:
    """Expenses by heading: a share of the plan (thousandths) unless cents are given, with the reason of a gap."""
    with reading() as session:
        row = session.scalars(select(Project).where(Project.public_id == stage.project[key])).one()
        planned = plan_of(session, row)
    usual = told["*"]
    return {
        heading: {
            "spent_cents": round(cents * told.get(heading, usual).thousandths / 1000 / 100) * 100,
            "reason": told.get(heading, usual).reason,
        }
        for heading, cents in planned.items()
    }


def _draft(stage: Stage, key: str, kind: str) -> None:
    first = dict(list(NARRATIVES[key, kind].items())[:1])
    report.save(actor=stage.actor(stage.team[key][-1]), report=report_of(stage, key, kind), narrative=first, figures={})


def _submit(stage: Stage, key: str, kind: str) -> None:
    lead, found = stage.actor(stage.lead(key)), report_of(stage, key, kind)
    told = FIGURES.get((key, kind))
    report.save(
        actor=lead,
        report=found,
        narrative=NARRATIVES.get((key, kind), {}),
        figures=figures(stage, key, told) if told else {},
    )
    report.submit(actor=lead, report=found)


def _accept(stage: Stage, key: str, kind: str) -> None:
    report.accept(actor=stage.actor("manager"), report=report_of(stage, key, kind))


def _submit_final(stage: Stage, key: str) -> None:
    _submit(stage, key, "final")
    _submit(stage, key, "financial")


def _accept_final(stage: Stage, key: str) -> None:
    _accept(stage, key, "final")
    _accept(stage, key, "financial")


def _give_back(stage: Stage) -> None:
    report.return_report(actor=stage.actor("manager"), report=report_of(stage, "A06", "interim"), reason=ENDING["A06"])


def _await_final(stage: Stage, key: str) -> None:
    project.await_final_report(actor=stage.actor("manager"), project=stage.project[key])


def _close(stage: Stage, key: str) -> None:
    project.close(actor=stage.actor("manager"), project=stage.project[key])


def _ask_for_time(stage: Stage) -> None:
    amendment.request(
        actor=stage.actor(stage.lead("A03")), project=stage.project["A03"], extra_months=2, reason=ENDING["A03"]
    )
