"""The mail to those who write a file when the text of their call changes: why, what, and that nothing is lost."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from grants.db import reading, transaction
from grants.domain.terms_changes import How, Part, Told, noted
from grants.models import Account, Application, Promise
from grants.policies import SYSTEM
from grants.services import lifecycle, mail
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from tests import letters
from tests.mails import Stage, task_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

CHANGES = noted(
    [
        Told(Part.DATES, How.CHANGED, "closes_at", "", "2026-12-07T11:00:00Z", "2026-12-14T11:00:00Z"),
        Told(Part.DATES, How.CHANGED, "projects_from_on", "", "2027-03-01", "2027-04-01"),
        Told(Part.FORM, How.CHANGED, "Résumé", "limit", 1000, 1500),
        Told(Part.FORM, How.CHANGED, "Résumé", "hint", "a", "b"),
        Told(Part.FORM, How.ADDED, "Partenaires pressentis", "", None, {"key": "x"}),
        Told(Part.FORM, How.REMOVED, "Thème", "", {"key": "theme"}, None),
        Told(Part.DOCUMENTS, How.ADDED, "Comptes annuels approuvés", "", None, {"key": "accounts"}),
        Told(Part.AMOUNTS, How.CHANGED, "max_cents", "", 1_500_000, 1_600_000),
        Told(Part.LETTERS, How.CHANGED, "rejected", "opening", "", "Merci."),
    ]
)
GOLDEN = """Bonjour {name},

Vous préparez le dossier « {title} » pour l’appel « {call} ». Le texte de cet appel vient d’être modifié, pour tout le monde.

Motif :

La plateforme a été arrêtée de 10 h à 14 h.

Ce qui change :
- Date limite de dépôt : lundi 14 décembre 2026 à 12 h 00 (heure de Paris), au lieu de lundi 7 décembre 2026 à 12 h 00 (heure de Paris)
- Premier jour possible des projets : jeudi 1er avril 2027, au lieu de lundi 1er mars 2027
- Question modifiée : Résumé
- Question ajoutée : Partenaires pressentis
- Question retirée : Thème. Ce que vous y aviez écrit est gardé.
- Pièce ajoutée : Comptes annuels approuvés
- Un montant, un taux ou une durée change.

Votre brouillon est gardé tel que vous l’avez écrit, et suit désormais ce nouveau texte. La page du dossier montre ce qui a changé :

https://palabre.exemple.invalid/candidatures/{file}

Le texte complet de l’appel :

https://palabre.exemple.invalid/fr/appels/{slug}
"""


def letters_to(recipient: Account) -> str:
    with reading() as session:
        return session.get_one(Account, recipient.id).name


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\r\n", "\n")


def test_the_mail_tells_the_reason_and_every_change_once(tmp_path: Path) -> None:
    stage = Stage()
    row, recipient, _payload = stage.about("call-amended")
    note = {"reason": "La plateforme a été arrêtée de 10 h à 14 h.", "changes": CHANGES}
    with transaction() as session:
        session.execute(update(Application).where(Application.id == row.id).values(state=ApplicationState.DRAFT))
    with transaction() as session:
        file = session.get_one(Application, row.id)
        lifecycle.perform(session, actor=SYSTEM, action=Action.APPLICATION_MOVE, row=file, note=note)
        payload = session.scalars(select(Promise.payload).where(Promise.name == "call-amended")).first() or {}
    with reading() as session:
        task = task_of("call-amended", row, recipient, payload)
        message = mail.compose(session, task, letters.doors(tmp_path))
    wanted = GOLDEN.format(
        name=letters_to(recipient),
        title=row.title,
        call=stage.world.call.title,
        file=row.public_id,
        slug=stage.world.call.slug,
    )
    assert plain(message.text)[: len(wanted)].splitlines() == wanted.splitlines()
    assert plain(message.subject) == f"L’appel « {stage.world.call.title} » a été modifié"


def test_what_applicants_are_told_never_holds_the_letters_or_the_plan_of_the_programme() -> None:
    assert {one["part"] for one in CHANGES} == {"dates", "form", "documents", "amounts"}


def test_no_trace_is_longer_than_forty_lines() -> None:
    many = [Told(Part.FORM, How.ADDED, f"Question {rank}") for rank in range(60)]
    assert len(noted(many)) == 40
