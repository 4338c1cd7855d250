"""The sitting of 11 December 2025, held again by six browsers at once: chair, three members, one recused, the projector.

What is called by the chair moves the other screens by itself. A seventh person, the secretary, decides the file from
which the chair is recused, and signs.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from grants.db import reading
from grants.demo import replay
from grants.demo.accounts import COMMITTEE, MANAGER, PASSWORD, Person
from grants.demo.calls import paris
from grants.demo.decisions import PROPOSALS, Proposal
from grants.demo.figures import RECUSALS
from grants.demo.round2026 import NAME
from grants.demo.stage import Stage as Told
from grants.models import Application, Call, Envelope
from grants.services import decision, minutes, room
from tests.journeys import browser as browsers
from tests.journeys import world as worlds
from tests.journeys.page import plain
from tests.journeys.proofs import sound
from tests.journeys.reader import Reader
from tests.journeys.scene import words_of
from tests.journeys.world import World, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CHAIR, SALIMATA, ANNE_SOPHIE, HELENE, OLIVIER, _RACHID = COMMITTEE
CLOSED = "Un dossier est en discussion pour lequel vous avez quitté la salle."
LEFT_OUT = "Un dossier est en discussion, que cet écran ne montre pas."
SOON = 20_000  # milliseconds; the screens ask every two seconds


class Room:
    """The committee's room on the morning of the sitting."""

    def __init__(self, world: World, told: Told, album: Path) -> None:
        self.world, self.told = world, told
        self.meeting = f"/seances/{told.meeting[NAME]}"
        self._playwright, self._chromium = browsers.chromium()
        self._album, self._read = album, set[str]()
        self.people: list[Reader] = []
        self.chair = self._somebody(CHAIR)
        self.members = [self._somebody(one) for one in (SALIMATA, ANNE_SOPHIE, HELENE)]
        self.recused = self._somebody(OLIVIER)
        self._now = paris(2025, 12, 11, 9, 22)
        self.projector: Page = self._chromium.new_context(
            locale="fr-FR", viewport={"width": 1920, "height": 1080}
        ).new_page()

    def _somebody(self, person: Person) -> Reader:
        one = Reader(self._chromium, self.world.base_url, person.name, person.email, PASSWORD, self._album)
        one.read_by = self._read
        self.people.append(one)
        return one

    def number(self, key: str) -> str:
        with reading() as session:
            query = select(Application.number, Application.title).where(Application.public_id == self.told.file[key])
            return str(session.execute(query).one()[0])

    def title(self, key: str) -> str:
        with reading() as session:
            query = select(Application.title).where(Application.public_id == self.told.file[key])
            return str(session.scalar(query))

    def later(self, minutes: int = 4) -> None:
        """Time passes, in steps in which no session of a screen that asks every two seconds falls asleep."""
        self._now += timedelta(minutes=minutes)
        self.world.at(self._now)

    def picture(self, name: str) -> None:
        """What each of the six sees at this moment."""
        screens = [(one.name.split()[0].lower(), one.page) for one in self.people] + [("projection", self.projector)]
        for who, page in screens:
            page.screenshot(path=self._album / f"seance-{name}-{who}.png", full_page=True)

    def leave(self) -> None:
        self._chromium.close()
        self._playwright.stop()  # type: ignore[attr-defined]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Room]:
    world = worlds.found(tmp_path / "data")
    world.bind()
    told = replay.load(world.doors, lambda _words: None, until=paris(2025, 12, 11, 9, 20))
    album = tmp_path / "album"
    album.mkdir()
    made = Room(world, told, album)
    with served(world):
        yield made
    made.leave()
    world.close()


def test_six_browsers_hold_the_sitting_together(stage: Room) -> None:
    _gather(stage)
    _projects(stage)
    _calls_what_one_may_not_hear(stage, "A04")
    _votes_openly(stage, "A04")
    _decides(stage, "A04")
    _votes_in_secret(stage, "A13")
    _decides(stage, "A13")
    _leaves_a_file_to_the_secretary(stage, "A09")
    for key in PROPOSALS:
        if key not in ("A04", "A13", "A09"):
            _decides(stage, key)
    _ends(stage)
    _writes_the_minutes(stage)
    for one in stage.people:
        assert one.told == [], one.name
    stage.world.at(paris(2025, 12, 12, 12))
    stage.world.keep_promises()
    sound(stage.world)


def _gather(stage: Room) -> None:
    """Everybody signs in; the chair notes who is there and opens: the waiting screens follow."""
    stage.later()
    for one in stage.people:
        one.enter()
        one.open(stage.meeting)
    stage.chair.page.locator("input[name=present]").evaluate_all(
        "(all) => all.forEach((one) => { one.checked = true })"
    )
    stage.chair.do("selection.record-attendance")
    stage.later()
    stage.chair.do("selection.open")
    for one in (*stage.members, stage.recused):
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Délibération", timeout=SOON)


def _projects(stage: Room) -> None:
    """The chair opens the projection; its address serves a screen without an account."""
    stage.chair.do("selection.issue-projection")
    address = stage.chair.page.url
    assert "/projection/" in address
    stage.projector.goto(address)
    expect(stage.projector.locator("caption")).to_contain_text("autour de la ligne")
    text = str(stage.projector.inner_text("body"))
    assert not [one.name for one in COMMITTEE if one.name in text]


def _calls(stage: Room, key: str) -> None:
    stage.chair.open(f"{stage.meeting}?dossier={stage.told.file[key]}")
    stage.chair.do("selection.call-file")


def _calls_what_one_may_not_hear(stage: Room, key: str) -> None:
    """The others' screens go to the file; the recused person's and, until they have left, the projector's do not."""
    assert RECUSALS[key] == OLIVIER.key
    number, title = stage.number(key), stage.title(key)
    stage.later()
    _calls(stage, key)
    for one in stage.members:
        expect(one.page.locator("#encours")).to_have_text(f"En discussion : {number}", timeout=SOON)
    expect(stage.recused.page.get_by_text(CLOSED)).to_be_visible(timeout=SOON)
    assert number not in stage.recused.text
    assert title not in stage.recused.text
    expect(stage.projector.get_by_text(LEFT_OUT)).to_be_visible(timeout=SOON)
    stage.picture("appel")
    stage.chair.do("selection.empty-room")
    expect(stage.projector.locator("tr[aria-current=true]")).to_contain_text(number, timeout=SOON)
    stage.picture("sortie")


def _ballot(stage: Room, outcome: str, choices: dict[str, str], *, secret: bool) -> None:
    """A vote, cast by each from their own screen as it appears there; the chair counts it."""
    stage.chair.do("selection.open-ballot", {"outcome": outcome, **({"secret": True} if secret else {})})
    for one in (stage.chair, *stage.members, *([stage.recused] if OLIVIER.name in choices else [])):
        expect(one.page.locator("#voter")).to_be_visible(timeout=SOON)
        one.page.locator(f"input[name=choice][value={choices[one.name]}]").check()
        with one.page.expect_navigation():
            one.page.locator('button[data-action="selection.vote"]').click()
    stage.picture("vote-secret" if secret else "vote")
    stage.chair.open(stage.meeting)
    stage.chair.do("selection.count-ballot")


def _votes_openly(stage: Room, key: str) -> None:
    choices = {CHAIR.name: "for", SALIMATA.name: "for", ANNE_SOPHIE.name: "for", HELENE.name: "abstained"}
    _ballot(stage, "awarded", choices, secret=False)
    assert "3 pour, 0 contre, 1 abstention" in stage.chair.text
    assert OLIVIER.name not in str(stage.chair.page.locator("[data-part=discussion] section").last.inner_text())
    expect(stage.recused.page.locator("#voter")).to_have_count(0)
    assert stage.number(key) not in stage.recused.text


def _votes_in_secret(stage: Room, key: str) -> None:
    """Five vote and are counted; who voted what is nowhere, neither on a page nor in the log."""
    stage.later()
    _calls(stage, key)
    expect(stage.recused.page.locator("#encours")).to_have_text(f"En discussion : {stage.number(key)}", timeout=SOON)
    choices = dict.fromkeys((CHAIR.name, SALIMATA.name, ANNE_SOPHIE.name, HELENE.name), "for") | {
        OLIVIER.name: "against"
    }
    _ballot(stage, "rejected", choices, secret=True)
    assert "4 pour, 1 contre, 0 abstention" in stage.chair.text
    assert "à bulletin secret" in stage.chair.text
    assert "Qui a voté quoi" not in stage.chair.text


def _decides(stage: Room, key: str) -> None:
    """The chair writes the proposal down, as on that day; the members' screens count it."""
    said = PROPOSALS[key]
    stage.later()
    stage.chair.open(f"{stage.meeting}?dossier={stage.told.file[key]}")
    stage.chair.do("decision.propose", _typed(said))
    assert stage.chair.status < 400, stage.chair.text[:600]


def _typed(said: Proposal) -> dict[str, str]:
    return {
        "outcome": said.outcome,
        "awarded_cents": str(said.awarded),
        "motive": said.motive,
        "reason_code": said.reason_code,
        "conditions": said.conditions,
        "conditions_due_on": "31/01/2026" if said.conditions else "",
        "reserve_rank": str(said.reserve_rank or ""),
    }


def _leaves_a_file_to_the_secretary(stage: Room, key: str) -> None:
    """The chair is recused from it: not on their ranking, and their screen says the same as anybody's would."""
    assert RECUSALS[key] == CHAIR.key
    number = stage.number(key)
    stage.later()
    stage.chair.open(stage.meeting)
    assert number not in stage.chair.text
    secretary, meeting = stage.told.actor(MANAGER.key), stage.told.meeting[NAME]
    room.call_file(actor=secretary, meeting=meeting, application=stage.told.file[key])
    room.empty_room(actor=secretary, meeting=meeting, application=stage.told.file[key])
    expect(stage.chair.page.get_by_text(CLOSED)).to_be_visible(timeout=SOON)
    for one in (*stage.members, stage.recused):
        expect(one.page.locator("#encours")).to_have_text(f"En discussion : {number}", timeout=SOON)
    stage.picture("presidence-sortie")
    said = PROPOSALS[key]
    stage.later()
    decision.propose(
        actor=secretary,
        application=stage.told.file[key],
        outcome=said.outcome,
        reserve_rank=said.reserve_rank,
        motive=said.motive,
        reason_code=said.reason_code,
    )
    expect(stage.chair.page.get_by_text(CLOSED)).to_have_count(0, timeout=SOON)


def _ends(stage: Room) -> None:
    """Seven awards take the whole envelope; the chair closes, and every screen knows."""
    stage.later()
    with reading() as session:
        held = session.scalars(
            select(Envelope.committed_cents)
            .join(Call, Call.id == Envelope.call_id)
            .where(Call.slug == "alliances-2026")
        ).one()
    assert held == 10_500_000
    stage.chair.open(stage.meeting)
    stage.picture("fin")
    stage.chair.do("selection.close")
    for one in (*stage.members, stage.recused):
        expect(one.page.get_by_text("Séance close").first).to_be_visible(timeout=SOON)
    stage.picture("close")


def _writes_the_minutes(stage: Room) -> None:
    """The chair approves, the secretary signs; the recused member's document lacks their file, the others' has it."""
    stage.world.at(paris(2025, 12, 12, 10, 5))
    page = f"{stage.meeting}/proces-verbal"
    for one in (stage.chair, stage.recused, stage.members[0]):
        one.enter()  # another day
    stage.chair.open(page)
    stage.chair.do("selection.approve-minutes")
    minutes.sign(actor=stage.told.actor(MANAGER.key), meeting=stage.told.meeting[NAME])
    stage.world.keep_promises()
    number = stage.number("A04")
    stage.recused.open(page)
    assert "Extrait" in stage.recused.text
    assert number not in stage.recused.text
    read = words_of(stage.recused.read("PDF signé"))
    assert number not in read
    assert stage.title("A04") not in read
    stage.members[0].open(page)
    whole = words_of(stage.members[0].read("PDF signé"))
    assert plain("3 pour, 0 contre, 1 abstention") in whole
    assert plain("4 pour, 1 contre, 0 abstention") in whole
    assert OLIVIER.name in whole  # recused from the file, as everybody else may know
    assert stage.title("A04") in whole
    stage.picture("proces-verbal")
