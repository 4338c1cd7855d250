"""The reviewer's workspace in a real browser: by the keyboard alone, saved while it is typed, nothing lost, on a phone."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Call, Criterion, Mark, Review
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import review as service
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState
from tests import builders
from tests.journeys import browser as browsers
from tests.journeys.world import World, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ANCHORS = ["insuffisant", "faible", "moyen", "correct", "bon", "excellent"]


@dataclass
class Desk:
    """A reader with three files to mark, on a site of its own."""

    world: World
    call: Call
    manager: Account
    reader: Account
    sheets: list[Review]
    token: str

    def address(self, number: int = 0) -> str:
        return f"{self.world.base_url}/evaluations/{self.sheets[number].public_id}"

    def kept(self, number: int = 0) -> dict[str, Any]:
        """What the database holds of a sheet: marks in half points, or a dash for what does not apply; the rest."""
        with reading() as session:
            row = session.get_one(Review, self.sheets[number].id)
            marks = session.execute(
                select(Criterion.key, Mark.half_points, Mark.not_applicable, Mark.comment)
                .join(Mark, Mark.criterion_id == Criterion.id)
                .where(Mark.review_id == row.id)
                .order_by(Criterion.position)
            ).all()
            found: dict[str, Any] = {key: "–" if aside else halves for key, halves, aside, _ in marks}
            said = {f"comment_{key}": words for key, _, _, words in marks if words}
            return {**found, **said, "opinion": row.opinion, "state": str(row.state)}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    playwright, running = browsers.chromium()
    yield running
    running.close()
    playwright.stop()  # type: ignore[attr-defined]


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    world.bind()
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), reviews_required=1)
        for criterion in call.criteria:
            criterion.anchors = ANCHORS
            criterion.question = "Qu’en dites-vous ?"
        call.criteria[-1].optional = True
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        reader = builders.an_account(session, role=Role.REVIEWER, call_id=call.id, name="Awa Diop")
        files = [
            builders.an_application(
                session,
                call=call,
                state=ApplicationState.IN_REVIEW,
                number=f"2027-00{n}",
                title=f"Projet {n}",
                answers={"summary": "Relier deux côtes par <img src=https://evil.invalid/x.png> des ateliers."},
            )
            for n in (1, 2, 3)
        ]
        sheets = [
            builders.a_review(session, application=file, reviewer=reader, position=n) for n, file in enumerate(files)
        ]
        for file in files:
            builders.an_interest(session, application=file, account=reader)
        token = builders.a_session(session, reader)
    with served(world):
        yield Desk(world, call, manager, reader, sheets, token)


def window(chromium: Browser, desk: Desk, width: int = 1280, **more: Any) -> BrowserContext:
    made = chromium.new_context(
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
        **more,
    )
    name = desk.world.app.config["SIGN_IN_COOKIE"]
    made.add_cookies([{"name": name, "value": desk.token, "url": desk.world.base_url}])
    return made


def opened(made: BrowserContext, address: str) -> Page:
    page = made.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(address)
    return page


def words(page: Page, selector: str) -> str:
    return re.sub(r"\s+", " ", page.locator(selector).first.inner_text()).strip()


def eventually(ask: Callable[[], bool]) -> None:
    for _ in range(60):
        if ask():
            return
        time.sleep(0.1)
    assert ask()


def test_a_sheet_is_marked_given_and_followed_by_the_next_with_the_keyboard_alone(
    desk: Desk, chromium: Browser
) -> None:
    made = window(chromium, desk)
    page = opened(made, desk.address())
    for _ in range(60):  # from the top of the page to the first mark
        if page.evaluate("document.activeElement.name") == "C1":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "C1"
    for typed in ("4", "3,", "2", "3.", "4", "3"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    assert words(page, "#C2 [data-anchor]") == "3,5 · entre correct et bon"
    page.keyboard.press("s")  # the last one does not apply
    assert words(page, "[data-score-total]").endswith("/ 100")
    page.keyboard.press("Delete")
    assert words(page, "[data-score-total]") == "6 / 7 critères"
    page.keyboard.press("5")
    page.keyboard.press("c")  # a mark at the end of the scale asks for words
    assert page.locator("#comment_C7").is_visible()
    page.keyboard.type("Remarquable : tout y est.")
    page.focus("#opinion")
    page.keyboard.type("Un avis 4,5 et S : ces touches écrivent ici.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(desk.address(1))
    assert desk.kept() == {
        **dict(zip((f"C{n}" for n in range(1, 8)), (8, 7, 4, 7, 8, 6, 10), strict=True)),
        "comment_C7": "Remarquable : tout y est.",
        "opinion": "Un avis 4,5 et S : ces touches écrivent ici.",
        "state": "given",
    }
    page.keyboard.type("4cs")  # outside the grid, keys do nothing
    assert words(page, "[data-score-total]") == "0 / 7 critères"
    for key in ("0", "5", ",", "S", "C", "Suppr", "Entrée", "Ctrl"):
        assert page.locator(".keys kbd", has_text=key).count(), f"{key} is not told on the page"
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_sheet_is_saved_while_it_is_filled_in_and_found_again_where_it_was_left(
    desk: Desk, chromium: Browser
) -> None:
    made = window(chromium, desk)
    page = opened(made, desk.address())
    page.locator("#C1 label", has_text="4").first.click()
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    page.focus("#C2-6")
    page.keyboard.press("3")
    page.fill("#opinion", "Commencé.")
    eventually(lambda: desk.kept()["opinion"] == "Commencé.")
    assert desk.kept() == {"C1": 8, "C2": 6, "opinion": "Commencé.", "state": "draft"}
    page.goto(f"{desk.world.base_url}/evaluations")
    page.click("text=Reprendre le dossier 2027-001")
    page.wait_for_url(f"{desk.address()}#C2")
    assert page.input_value("#opinion") == "Commencé."
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_a_line_the_sheet_stays_on_the_device_and_is_sent_when_it_is_back(
    desk: Desk, chromium: Browser
) -> None:
    made = window(chromium, desk)
    page = opened(made, desk.address())
    made.set_offline(True)
    page.locator("#C1 label", has_text="4").first.click()
    page.fill("#opinion", "Écrit dans le train.")
    expect(page.locator("[data-saved]")).to_contain_text("gardée sur cet appareil")
    page.evaluate("window.onbeforeunload = null")
    made.set_offline(False)
    eventually(lambda: desk.kept()["opinion"] == "Écrit dans le train.")
    assert desk.kept()["C1"] == 8

    made.set_offline(True)
    page.fill("#opinion", "Écrit, puis l’onglet fermé.")
    expect(page.locator("[data-saved]")).to_contain_text("gardée sur cet appareil")
    page.close(run_before_unload=False)
    made.set_offline(False)
    again = opened(made, desk.address())
    expect(again.locator("[data-panels]")).to_contain_text("Écrit, puis l’onglet fermé.")
    again.click("text=La reprendre")
    eventually(lambda: desk.kept()["opinion"] == "Écrit, puis l’onglet fermé.")


def test_two_windows_lose_nothing_of_each_other(desk: Desk, chromium: Browser) -> None:
    made = window(chromium, desk)
    first, second = opened(made, desk.address()), opened(made, desk.address())
    first.fill("#opinion", "Du premier écran.")
    eventually(lambda: desk.kept()["opinion"] == "Du premier écran.")
    second.locator("#C1 label", has_text="2").first.click()
    second.fill("#opinion", "Du second écran.")
    expect(second.locator("[data-panels]")).to_contain_text("ici « Du second écran. », ailleurs « Du premier écran. »")
    assert desk.kept()["opinion"] == "Du premier écran.", "nothing is written over"
    second.click("text=Garder la mienne")
    eventually(lambda: desk.kept()["opinion"] == "Du second écran.")
    first.fill("#opinion", "Encore le premier.")
    expect(first.locator("[data-panels]")).to_contain_text("ailleurs « Du second écran. »")
    first.click("text=Prendre l’autre version")
    assert first.input_value("#opinion") == "Du second écran."
    assert first.is_checked("#C1-4")
    assert desk.kept()["opinion"] == "Du second écran."


def test_rv_12_a_file_taken_back_while_typing_stops_and_offers_the_text(desk: Desk, chromium: Browser) -> None:
    made = window(chromium, desk)
    page = opened(made, desk.address())
    page.fill("#opinion", "Gardé comme brouillon.")
    eventually(lambda: desk.kept()["opinion"] == "Gardé comme brouillon.")
    with reading() as session:
        manager = actor_for(session, desk.manager.id)
    service.unassign(actor=manager, review=desk.sheets[0].public_id)
    page.fill("#opinion", "Tapé après le retrait.")
    expect(page.locator("[data-saved]")).to_contain_text("retirée")
    assert "Tapé après le retrait." in page.input_value("#copie")
    assert desk.kept()["opinion"] == "Gardé comme brouillon."


def test_rv_14_two_clicks_give_one_review(desk: Desk, chromium: Browser) -> None:
    made = window(chromium, desk)
    page = opened(made, desk.address())
    for n in range(1, 8):
        page.focus(f"#C{n}-0")
        page.keyboard.press("3")
    page.dblclick("text=Valider, suivant")
    page.wait_for_url(desk.address(1))
    assert desk.kept()["state"] == "given"
    assert desk.kept(1)["state"] == "assigned", "the second click does not reach the next file"
    with reading() as session:
        own = select(Review).where(Review.application_id == desk.sheets[0].application_id)
        assert [row.state for row in session.scalars(own)] == [ReviewState.GIVEN]


def test_rv_06_what_an_applicant_typed_sends_nothing_outside(desk: Desk, chromium: Browser) -> None:
    made = window(chromium, desk)
    asked: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    page = opened(made, desk.address())
    page.wait_for_load_state("networkidle")
    assert "<img src=https://evil.invalid/x.png>" in page.inner_text("#lire"), "shown as it was typed"
    assert page.locator("#lire img").count() == 0
    assert asked
    assert [url for url in asked if not url.startswith(desk.world.base_url)] == []
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://evil.invalid/y.png'}))")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in said for said in page.complaints), "were it there, it would not load"  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_workspace_is_readable_by_all_and_whole_on_a_phone(desk: Desk, chromium: Browser, width: int) -> None:
    with transaction() as session:
        session.get_one(Call, desk.call.id).others_reviews = "always"
        other = builders.an_account(session, role=Role.REVIEWER, call_id=desk.call.id)
        file = desk.sheets[0].application_id
        builders.an_interest(session, application=session.get_one(Review, desk.sheets[0].id).application, account=other)
        given = builders.a_review(
            session,
            application=session.get_one(Review, desk.sheets[0].id).application,
            reviewer=other,
            halves=9,
            opinion="Solide.",
        )
        assert given.application_id == file
    made = window(chromium, desk, width, has_touch=width < 1000)
    page = opened(made, desk.address())
    page.locator("#C1 label", has_text="5").last.click()
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    assert page.locator("#comment_C1").is_visible(), "a mark at the end of the scale opens its comment"
    assert page.locator("#autres").is_visible()
    assert other.name not in page.content()
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0
    if width < 1000:
        page.click("text=Aller à ma notation")
        assert page.locator("#grille").is_visible()
    found = Axe().run(page)
    assert found.response["violations"] == []
    dock = page.locator("form .dock").bounding_box()
    assert dock is not None
