"""The paragraphs that a call adds to its letters: at their places, as text, by the version of the file."""

from pathlib import Path

import pytest

from grants.db import reading, transaction
from grants.domain.terms import read_terms
from grants.models import Application, TermsText
from grants.services import document
from grants.workflow.decision import Outcome
from tests import letters
from tests.mails import task_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

WORDS = {"rejected": {"opening": "Merci d’avoir <b>osé</b>.\n\nVraiment.", "closing": "Notre porte reste ouverte."}}


def test_the_own_words_of_a_call_stand_in_its_letter_and_are_never_markup(tmp_path: Path) -> None:
    world = letters.a_network_and_its_call()
    decision = letters.a_decision(world, Outcome.REJECTED)
    content = {"v": 1, "letters": WORDS}
    sha256 = read_terms(content)[0].sha256
    with transaction() as session:
        session.add(TermsText(sha256=sha256, content=content))
        session.flush()
        session.get_one(Application, decision.application_id).terms_sha256 = sha256
    doors = letters.doors(tmp_path)
    with reading() as session:
        told = document.told(session, task_of("decision-letter", decision, world.accounts["lead"], {}), doors)
        page = doors.renderer.document("decision-letter", "fr", told)
    assert "<p>Merci d’avoir &lt;b&gt;osé&lt;/b&gt;.</p>" in page
    assert page.index("Vraiment.") < page.index("n’est pas retenu")
    assert page.index("Notre porte reste ouverte.") > page.index("Et maintenant")
