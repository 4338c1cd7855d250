"""« Alliances pluri-acteurs 2026 », from the text of the call to the letters, on the days on which it happened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from grants.db import reading
from grants.demo import remarks, writing
from grants.demo.accounts import COMMITTEE
from grants.demo.agenda import Agenda
from grants.demo.calls import CALL_2026, CENTS, ENVELOPE_2026, paris
from grants.demo.decisions import NOTES, PROPOSALS
from grants.demo.figures import MARKS, RECUSALS, SCORED
from grants.demo.stage import Stage, data
from grants.domain.ballots import Count
from grants.domain.scoring import Criterion, total
from grants.errors import NotPossible
from grants.models import Application, Review, Waiver
from grants.services import analysis, application, ballot, decision, minutes, review, room, screening, selection

NAME = "2026"
#: what was asked to be mended: sections, reason, when, and the answer where one came
CORRECTIONS = {
    "A05": (
        ("project",),
        "Le calendrier ne dit pas quand se tient la rencontre à Itasy. Merci de le préciser dans les activités.",
        paris(2025, 11, 7, 15, 10),
        {
            "activities": "Deux promotions d’étudiantes et d’étudiants enquêtent en miroir, l’une ici, l’autre à Itasy. "
            "Trois ateliers croisés par visioconférence, une rencontre à Itasy en octobre 2026, un guide d’action."
        },
    ),
    "A11": (
        ("project",),
        "Le résumé dépasse ce que décrit l’alliance : qui représente les usagers ? Merci de compléter.",
        paris(2025, 11, 8, 11, 25),
        {
            "alliance": "Syndicats d’eau et associations d’usagers président à tour de rôle ; chaque association nomme "
            "deux déléguées ou délégués."
        },
    ),
    "A19": (
        ("identity",),
        "Le numéro de téléphone de la personne à contacter ne répond pas.",
        paris(2025, 11, 10, 9, 40),
        {"contact_phone": "01 99 00 19 20"},
    ),
    "A23": (
        ("budget",),
        "La demande (18 000 €) dépasse le plafond de 16 000 €, et le taux (82 %) celui de 70 %. Merci de revoir le budget.",
        None,
        {},
    ),
}
NOTES_OF_LINKS = {
    "A02": "Je siège au conseil d’administration de cette association.",
    "A04": "Ma structure est affiliée à cette union.",
    "A06": "Nous menons un projet commun depuis 2023.",
    "A09": "Une personne de ma famille y travaille.",
    "A14": "Ma collectivité finance cette association.",
    "A20": "J’ai évalué leur projet précédent, contre rémunération.",
}
#: reviewer → first day, days between two evenings of reading, hour and minute
RHYTHMS = {
    "R1": (paris(2025, 11, 17, 20, 40), timedelta(hours=37, minutes=25)),
    "R2": (paris(2025, 11, 18, 9, 15), timedelta(hours=36, minutes=10)),
    "R3": (paris(2025, 11, 19, 14, 5), timedelta(hours=33, minutes=50)),
    "R4": (paris(2025, 11, 17, 10, 12), timedelta(hours=41, minutes=5)),
    "R5": (paris(2025, 11, 24, 18, 30), timedelta(hours=25, minutes=45)),
    "R6": (paris(2025, 11, 28, 8, 50), timedelta(hours=17, minutes=35)),
}


def plan(stage: Stage, agenda: Agenda) -> None:
    """Put the whole round down."""
    agenda.put(paris(2025, 9, 8, 10, 30), lambda: stage.draft_call(NAME, CALL_2026, ENVELOPE_2026))
    agenda.put(paris(2025, 9, 10, 16), lambda: stage.seat_committee(NAME))
    agenda.put(paris(2025, 9, 15, 9), lambda: stage.publish_call(NAME))
    for key in data(f"files-{NAME}"):
        writing.plan(stage, agenda, NAME, key)
    _plan_lateness(stage, agenda)
    _plan_screening(stage, agenda)
    _plan_reading(stage, agenda)
    _plan_deciding(stage, agenda)


def _plan_lateness(stage: Stage, agenda: Agenda) -> None:
    """A24 comes seven minutes late, asks for mercy, and is refused by a second person."""
    agenda.put(paris(2025, 11, 3, 12, 7), lambda: _try_late(stage))
    agenda.put(paris(2025, 11, 3, 14, 20), lambda: _ask_waiver(stage))
    agenda.put(paris(2025, 11, 12, 10, 5), lambda: _refuse_waiver(stage))
    agenda.put(paris(2025, 11, 12, 11, 30), lambda: _close(stage, "A24", screening.declare_inadmissible))


def _try_late(stage: Stage) -> None:
    try:
        application.submit(actor=stage.actor(stage.lead("A24")), application=stage.file["A24"])
    except NotPossible:
        return
    message = "a file was taken after the deadline"
    raise AssertionError(message)


def _ask_waiver(stage: Stage) -> None:
    application.ask_waiver(
        actor=stage.actor(stage.lead("A24")),
        application=stage.file["A24"],
        reason="Une coupure de courant à Ajaccio a retardé l’envoi de nos lettres de partenaires de sept minutes. "
        "Le dossier était complet depuis la veille.",
    )


def _refuse_waiver(stage: Stage) -> None:
    with reading() as session:
        waiver = session.scalars(select(Waiver.public_id)).one()
    screening.refuse_waiver(
        actor=stage.actor("manager"),
        waiver=waiver,
        answer="La date limite est la même pour toutes et tous ; vingt-trois dossiers l’ont tenue. Nous ne pouvons pas y déroger.",
    )


def _plan_screening(stage: Stage, agenda: Agenda) -> None:
    """Rules are tried on 4 and 5 November, four files go back, and the doors open or close on the 12th and 13th."""
    received = [*SCORED, "A22", "A23", "A24"]
    for place, key in enumerate(received):
        agenda.put(paris(2025, 11, 4, 9, 30) + timedelta(minutes=11 * place), partial(_check, stage, key))
    for place, (key, (sections, reason, answered, answers)) in enumerate(CORRECTIONS.items()):
        agenda.put(
            paris(2025, 11, 5, 14) + timedelta(minutes=9 * place), partial(_return, stage, key, sections, reason)
        )
        if answered is not None:
            agenda.put(answered, partial(_mend, stage, key, answers))
            agenda.put(paris(2025, 11, 12, 9) + timedelta(minutes=6 * place), partial(_check, stage, key))
    agenda.put(paris(2025, 11, 12, 11), lambda: _close(stage, "A22", screening.declare_ineligible))
    agenda.put(paris(2025, 11, 12, 11, 15), lambda: _close(stage, "A23", screening.declare_ineligible))
    for place, key in enumerate(SCORED):
        agenda.put(paris(2025, 11, 13, 9, 30) + timedelta(minutes=7 * place), partial(_admit, stage, key))


def _check(stage: Stage, key: str) -> None:
    screening.run_checks(actor=stage.actor("deputy"), application=stage.file[key])


def _return(stage: Stage, key: str, sections: tuple[str, ...], reason: str) -> None:
    screening.return_for_correction(
        actor=stage.actor("manager"),
        application=stage.file[key],
        sections=sections,
        due_at=CALL_2026["corrections_due_at"],
        reason=reason,
    )


def _mend(stage: Stage, key: str, answers: dict[str, str]) -> None:
    lead = stage.actor(stage.lead(key))
    application.edit(actor=lead, application=stage.file[key], answers=answers)
    application.submit(actor=lead, application=stage.file[key])


def _admit(stage: Stage, key: str) -> None:
    screening.declare_eligible(actor=stage.actor("manager"), application=stage.file[key])


def _close(stage: Stage, key: str, declare: Callable[..., object]) -> None:
    declare(actor=stage.actor("manager"), application=stage.file[key])


def _plan_reading(stage: Stage, agenda: Agenda) -> None:
    """Interests on the morning of 14 November, readers in the afternoon, then three weeks of reading."""
    for place, member in enumerate(COMMITTEE):
        agenda.put(paris(2025, 11, 14, 9, 20) + timedelta(minutes=17 * place), partial(_declare, stage, member.key))
    for place, key in enumerate(SCORED):
        agenda.put(paris(2025, 11, 14, 14) + timedelta(minutes=2 * place), partial(_assign, stage, key))
    agenda.put(
        paris(2025, 11, 14, 16), lambda: review.open_reviews(actor=stage.actor("manager"), call=stage.call[NAME])
    )
    for reader, (begins, pace) in RHYTHMS.items():
        files = [key for key in SCORED if reader in MARKS[key]]
        for place, key in enumerate(files):
            at = waking(begins + place * pace)
            if place % 4 == 1:
                agenda.put(at - timedelta(minutes=25), partial(_begin, stage, key, reader))
            agenda.put(at, partial(_score, stage, key, reader, place))


def waking(at: datetime) -> datetime:
    """The same moment by day: nobody reads at four in the morning."""
    hour = 8 + at.hour % 14
    return at.replace(hour=hour)


def _declare(stage: Stage, member: str) -> None:
    stands = {
        stage.file[key]: ("conflict", NOTES_OF_LINKS[key]) if RECUSALS.get(key) == member else ("free", "")
        for key in SCORED
    }
    review.declare_interests(actor=stage.actor(member), stands=stands)


def _assign(stage: Stage, key: str) -> None:
    review.assign(
        actor=stage.actor("manager"),
        application=stage.file[key],
        reviewers=[stage.public(reader) for reader in MARKS[key]],
    )


def review_of(stage: Stage, key: str, reader: str) -> str:
    """The public id of somebody's review of a file."""
    with reading() as session:
        query = select(Review.public_id).join(Application, Application.id == Review.application_id)
        own = Review.reviewer_id == stage.person[reader][0]
        return session.scalars(query.where(own, Application.public_id == stage.file[key])).one()


def _begin(stage: Stage, key: str, reader: str) -> None:
    marks = dict(list(MARKS[key][reader].items())[:3])
    review.save(
        actor=stage.actor(reader),
        review=review_of(stage, key, reader),
        marks=marks,
        comments={},
        private_note="À relire avec le budget.",
    )


def _score(stage: Stage, key: str, reader: str, turn: int) -> None:
    marks = MARKS[key][reader]
    points = float(total(marks, RUBRIC) or 0)
    review.score(
        actor=stage.actor(reader),
        review=review_of(stage, key, reader),
        marks=marks,
        comments=remarks.comments(marks, turn),
        opinion=remarks.SPOKEN.get((key, reader)) or remarks.opinion(points, turn),
    )


RUBRIC = tuple(
    Criterion(key, weight, None) for key, weight in zip(MARKS["A01"]["R1"], (20, 25, 15, 10, 15, 10, 5), strict=True)
)


def _plan_deciding(stage: Stage, agenda: Agenda) -> None:
    """The sitting of 11 December minute by minute, the board a week later, the letters the day after."""
    agenda.put(paris(2025, 12, 1, 11), lambda: _convene(stage))
    agenda.put(paris(2025, 12, 10, 17, 30), lambda: _analyse(stage))
    agenda.put(paris(2025, 12, 11, 9, 26), lambda: _attend(stage))
    agenda.put(paris(2025, 12, 11, 9, 30), lambda: _open(stage))
    for key, proposal in PROPOSALS.items():
        hour, minute = proposal.at
        agenda.put(paris(2025, 12, 11, hour, minute), partial(_propose, stage, key))
    agenda.put(paris(2025, 12, 11, 13), lambda: _close_sitting(stage))
    agenda.put(paris(2025, 12, 12, 10, 5), lambda: _approve_minutes(stage))
    agenda.put(paris(2025, 12, 12, 11, 20), lambda: _sign_minutes(stage))
    agenda.put(paris(2025, 12, 18, 17, 45), lambda: _approve(stage))
    agenda.put(paris(2025, 12, 19, 10), lambda: _release(stage))


def _convene(stage: Stage) -> None:
    row = selection.convene(
        actor=stage.actor("manager"),
        call=stage.call[NAME],
        held_at=CALL_2026["committee_at"],
        place="Maison du réseau, salle des Cartes, et à distance",
    )
    stage.meeting[NAME] = row.public_id


def _analyse(stage: Stage) -> None:
    """The evening before: what the scores say, for each set of files that somebody sees."""
    analysis.ask(actor=stage.actor("manager"), call=stage.call[NAME])


def _attend(stage: Stage) -> None:
    everybody = [stage.public(member.key) for member in COMMITTEE]
    selection.record_attendance(actor=stage.actor("manager"), meeting=stage.meeting[NAME], accounts=everybody)


def _open(stage: Stage) -> None:
    selection.open_meeting(actor=stage.actor("R1"), meeting=stage.meeting[NAME])


def _propose(stage: Stage, key: str) -> None:
    """The file is called, whoever is recused leaves the room, hands are raised, and what they say is written down."""
    said, secretary, meeting = PROPOSALS[key], stage.actor("manager"), stage.meeting[NAME]
    voters = len(COMMITTEE) - (key in RECUSALS)
    file = stage.file[key]
    room.call_file(actor=secretary, meeting=meeting, application=file)
    if key in RECUSALS:
        room.empty_room(actor=secretary, meeting=meeting, application=file)
    if key in NOTES:
        room.share_note(actor=secretary, meeting=meeting, application=file, text=NOTES[key])
    put, hands = ballot.Put(said.outcome), Count(voters, 0, 0)
    ballot.enter_hands(actor=secretary, meeting=meeting, application=file, put=put, votes=hands)
    row = decision.propose(
        actor=secretary,
        application=file,
        outcome=said.outcome,
        awarded_cents=said.awarded * CENTS,
        motive=said.motive,
        reason_code=said.reason_code,
        conditions=said.conditions,
        conditions_due_on=date(2026, 1, 31) if said.conditions else None,
        reserve_rank=said.reserve_rank,
        votes=f"{voters} pour" + (", 1 déport" if key in RECUSALS else ""),
    )
    stage.decision[key] = row.public_id


def _close_sitting(stage: Stage) -> None:
    selection.close_meeting(actor=stage.actor("R1"), meeting=stage.meeting[NAME])


def _approve_minutes(stage: Stage) -> None:
    minutes.approve(actor=stage.actor("R1"), meeting=stage.meeting[NAME])


def _sign_minutes(stage: Stage) -> None:
    minutes.sign(actor=stage.actor("manager"), meeting=stage.meeting[NAME])


def _approve(stage: Stage) -> None:
    decision.approve(
        actor=stage.actor("manager"),
        decisions=stage.decision.values(),
        board_on=date(2025, 12, 18),
        board_reference="CA-2025-12-18, délibération n° 7",
    )


def _release(stage: Stage) -> None:
    decision.release(actor=stage.actor("manager"), decisions=stage.decision.values())
