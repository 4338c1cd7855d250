"""The screens of calls in two stages and of prizes, read as those of the demonstration are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading
from grants.models import Call
from grants.rehearsal.cast import FINANCE, MANAGER, PASSWORD
from grants.rehearsal.stage import Stage
from grants.services import project, screening
from tests.journeys import browser as browsers
from tests.journeys import world as worlds
from tests.journeys.test_screens import Round, entered
from tests.services import test_kinds as kinds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[worlds.World]:
    """An installation in which nothing has happened yet."""
    made = worlds.found(tmp_path / "data")
    made.bind()
    yield made
    made.close()


def slug_of(stage: Stage) -> str:
    with reading() as session:
        return session.scalars(select(Call.slug).where(Call.public_id == stage.call)).one()


@contextmanager
def looking(world: worlds.World, at: datetime, looks: dict[str, list[str]]) -> Iterator[list[str]]:
    """The faults of these pages, by who looks at them."""
    playwright, chromium = browsers.chromium()
    faults: list[str] = []
    with frozen(at), worlds.served(world) as site:
        for who, paths in looks.items():
            window = entered(chromium, site, f"{who}@{who}.invalid", PASSWORD)
            there = Round(window, site, public=False)
            there.only([site + path for path in paths])
            faults += there.faults
            window.close()
    chromium.close()
    playwright.stop()  # type: ignore[attr-defined]
    yield faults


def test_a_note_and_its_full_file_can_be_read_by_everybody(world: worlds.World, tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    stage = kinds.noted(tmp_path / "stage")
    kept, waiting = stage.files["essai-1"], stage.files["essai-2"]
    at = kinds.CLOSES + 2 * kinds.DAY
    with frozen(at):
        screening.keep_note(actor=stage.manager, application=kept, words="Précisez le budget.")
    desk, call, file = "/gestion/candidatures", f"/gestion/appels/{slug_of(stage)}", f"/candidatures/{kept}"
    looks = {
        MANAGER: [
            *(f"{desk}/{waiting}{end}" for end in ("", "/note")),
            f"{desk}/{kept}",
            *(
                call + end
                for end in ("", "/formulaire", "/formulaire/note", "/invitations", "/prolongations", "/arret", "/essai")
            ),
        ],
        "essai-1": [file, *(f"{file}/{end}" for end in ("rubriques/note", "suivi", "verification", "recepisse"))],
    }
    with looking(world, at, looks) as faults:
        assert not faults, "\n".join(faults)


def test_a_prize_can_be_read_by_everybody(world: worlds.World, tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    stage = kinds.published(kinds.lived(tmp_path / "stage", "prix"))
    kinds.submitted(stage, "essai-1", kinds.OPENS + kinds.DAY)
    kinds.read_by_the_committee_of_three(stage, kinds.CLOSES + kinds.DAY)
    kinds.marked(stage, "essai-1", kinds.CLOSES + 2 * kinds.DAY)
    kinds.sitting(stage, kinds.CLOSES + 10 * kinds.DAY)
    at = kinds.CLOSES + 11 * kinds.DAY
    with frozen(at):
        (won,) = project.open_projects(actor=stage.manager, call=stage.call)
    slug = slug_of(stage)
    prize = f"/projets/{won.public_id}"
    looks = {
        MANAGER: [prize, f"/gestion/appels/{slug}", f"/classement/{slug}", f"/classement/{slug}/analyse"],
        "essai-1": [prize, "/projets"],
        FINANCE: ["/finance/tranches", prize],
    }
    with looking(world, at, looks) as faults:
        assert not faults, "\n".join(faults)
