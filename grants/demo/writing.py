"""How the invented applicants write a file: a little every few days, together, then they submit it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from grants.demo import budgets
from grants.demo.agenda import Agenda
from grants.demo.calls import CENTS, PARIS
from grants.demo.figures import ASKS
from grants.demo.stage import Record, Stage, data
from grants.domain.budget import Line
from grants.domain.calendar import end_after_months
from grants.domain.chart import FundingStatus, Side
from grants.exchange.plain_pdf import sheet
from grants.services import application

TEXTS = ("title", "theme", "summary", "context", "activities", "alliance", "learning", "effects", "equality_climate")
LEARNING = (
    "Chaque étape finit par un temps de recul écrit, relu par tous les partenaires. Une fiche de quatre pages sera publiée.",
    "Nous tiendrons un carnet commun des essais et des erreurs, dont deux fiches seront tirées pour le réseau.",
    "Une journée de retour est prévue avec trois autres membres du réseau, sur ce qui se transmet et ce qui ne se transmet pas.",
    "Les apprentissages seront partagés dans une fiche et dans un atelier ouvert aux autres membres.",
)
EQUALITY = (
    "Les instances sont paritaires et les horaires pensés pour les personnes chargées de famille. Les trajets se font en train dès que possible.",
    "La parole des femmes est recueillie à part quand c’est utile. Un seul voyage en avion est prévu, pour un séjour long.",
    "Les indemnités sont les mêmes pour toutes et tous. Les achats sont faits localement et d’occasion.",
    "Un budget de garde d’enfants est prévu pour les rencontres. Les réunions à distance remplacent deux déplacements sur trois.",
)
DOCUMENTS = {
    "statutes": ("statuts-signes.pdf", "Statuts de l’association", "Article 1. Il est fondé entre les adhérents…"),
    "accounts": ("comptes-approuves.pdf", "Comptes annuels approuvés", "Approuvés par l’assemblée générale."),
    "bank_statement": ("rib.pdf", "Relevé d’identité bancaire", "Compte de démonstration, banque 00000."),
    "partner_letters": (
        "lettres-partenaires.pdf",
        "Lettres d’engagement",
        "Nous participerons au projet comme décrit.",
    ),
}
HOURS = (time(10, 20), time(14, 45), time(17, 10), time(11, 35), time(16, 5), time(9, 50), time(18, 25))


def local(naive: datetime) -> datetime:
    """A time of the data files, which is told as in Paris."""
    return naive.replace(tzinfo=PARIS)


def plan(stage: Stage, agenda: Agenda, edition: str, key: str) -> None:
    """Put down everything that happens to one file until it is submitted, tried too late, signed for or left."""
    record = data(f"files-{edition}")[key]
    owner = record.get("lead", key)
    begun = local(record["started"])
    agenda.put(begun, lambda: start(stage, edition, key, owner))
    last = local(
        record.get("submitted")
        or record.get("attempted")
        or record.get("signature")
        or record.get("withdrawn")
        or record.get("edited")
        or record["started"] + timedelta(days=3)
    )
    for at, act in zip(_moments(begun, last, len(PARTS)), PARTS, strict=True):
        agenda.put(at, _bound(act, stage, edition, key, record))
    lead = stage.lead
    if "submitted" in record:
        agenda.put(last, lambda: application.submit(actor=stage.actor(lead(owner)), application=stage.file[key]))
    if "signature" in record:
        agenda.put(last, lambda: request_signature(stage, key, owner))
    if "withdrawn" in record:
        agenda.put(last, lambda: application.withdraw(actor=stage.actor(lead(owner)), application=stage.file[key]))


def start(stage: Stage, edition: str, key: str, owner: str) -> None:
    """Begin the file."""
    row = application.start(
        actor=stage.actor(stage.lead(owner)), call=stage.call[edition], organisation=stage.organisation[owner]
    )
    stage.file[key] = row.public_id


def request_signature(stage: Stage, key: str, owner: str) -> None:
    """Somebody of the team asks the lead to sign."""
    application.request_signature(actor=stage.actor(stage.team[owner][-1]), application=stage.file[key])


def write_all(stage: Stage, edition: str, key: str, record: Record) -> None:
    """Everything at once, for situations whose past is not looked at."""
    for act in PARTS:
        act(stage, edition, key, record)


def _bound(act: Any, *args: Any) -> Any:  # noqa: ANN401 -- an act with its arguments
    return lambda: act(*args)


def _moments(begun: datetime, last: datetime, count: int) -> Iterator[datetime]:
    """`count` moments by day, in order, between the first word and the last act."""
    span = last - begun
    before = begun
    for place in range(count):
        day = (begun + span * ((place + 1) / (count + 1))).date()
        at = datetime.combine(day, HOURS[place % len(HOURS)], tzinfo=PARIS)
        at = min(max(at, before + timedelta(minutes=7)), last - timedelta(minutes=5 * (count - place)))
        before = max(at, before)
        yield before


def _writer(stage: Stage, record: Record, key: str, place: int) -> Any:  # noqa: ANN401 -- an Actor
    team = stage.team[record.get("lead", key)]
    return stage.actor(team[place % len(team)])


def _identity(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    if not record.get("identity", True):
        return
    owner = data("organisations")[record.get("lead", key)]
    (name, function), number = owner["people"][0], owner["number"]
    answers = {
        "signatory_name": name,
        "signatory_function": function,
        "contact_name": owner["people"][-1][0],
        "contact_phone": f"01 99 00 {number:02d} {number * 7 % 100:02d}",
    }
    application.edit(actor=_writer(stage, record, key, 0), application=stage.file[key], answers=answers)


def _texts(stage: Stage, edition: str, key: str, record: Record) -> None:
    answers = {name: record[name] for name in TEXTS if name in record}
    if "alliance" in record:
        turn = sum(map(ord, key))
        answers.setdefault("learning", LEARNING[turn % len(LEARNING)])
        answers.setdefault("equality_climate", EQUALITY[turn // 3 % len(EQUALITY)])
    if record.get("dates", "alliance" in record):
        months = ASKS[key].months if key in ASKS else int(record.get("months", 12))
        begins = stage.begins[edition]
        answers |= {"starts_on": begins.isoformat(), "ends_on": end_after_months(begins, months).isoformat()}
    application.edit(actor=_writer(stage, record, key, 1), application=stage.file[key], answers=answers)


def _partners(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    for name, kind, country, role in record.get("partners", ()):
        application.add_partner(
            actor=_writer(stage, record, key, 0),
            application=stage.file[key],
            name=name,
            actor_kind=kind,
            country=country,
            role=role,
        )


def _territories(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    places = [
        {"side": side, "code": code, "label": label}
        for side in ("here", "there")
        for code, label in record.get(side, ())
    ]
    if places:
        application.set_territories(
            actor=_writer(stage, record, key, 0), application=stage.file[key], territories=places
        )


def _budget(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    lines = _lines(key, record)
    if lines:
        application.save_budget(actor=_writer(stage, record, key, 2), application=stage.file[key], lines=lines)


def _lines(key: str, record: Record) -> list[Line]:
    if "budget" in record:
        return [
            Line(Side(side), account, label, euros * CENTS, FundingStatus(status[0]) if status else None)
            for side, account, label, euros, *status in record["budget"]
        ]
    if "request" in record:
        return budgets.lines(key, record["request"], record["cash"])
    return budgets.lines(key, ASKS[key].requested, ASKS[key].cash) if key in ASKS else []


def _documents(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    owner = data("organisations")[record.get("lead", key)]
    usual = tuple(DOCUMENTS) if "alliance" in record else ()
    for kind in record.get("documents", usual):
        filename, title, words = DOCUMENTS[kind]
        canary = record.get("canary", "")  # in the seeds of tests: in the name, the content and the metadata
        application.attach(
            actor=_writer(stage, record, key, 2),
            application=stage.file[key],
            kind=kind,
            filename=f"{owner['mail']}{canary and '-'}{canary}-{filename}",
            data=sheet(f"{title} {canary}".strip(), owner["name"], words, "Document inventé pour la démonstration."),
            store=stage.doors.store,
        )


def _declarations(stage: Stage, edition: str, key: str, record: Record) -> None:  # noqa: ARG001
    if record.get("declarations", "alliance" in record):
        answers = {"exact": "yes", "republican_commitment": "yes"}
        application.edit(actor=_writer(stage, record, key, 0), application=stage.file[key], answers=answers)


PARTS = (_identity, _texts, _partners, _territories, _budget, _documents, _declarations)
