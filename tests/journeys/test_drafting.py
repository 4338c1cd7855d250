"""Writing a file in a real browser: every kind of question, saved while it is typed, by two people, on a line that breaks."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Page, expect
from sqlalchemy import Engine

from grants.services import keeper, relay
from tests import builders, letters
from tests.every_kind import ANSWERS
from tests.journeys.browser import Browser, chromium
from tests.journeys.desk import Desk, desk
from tests.journeys.drafting import BUDGET, IDENTITY, STORY, budget_fields
from tests.slow_line import slow_line

pytestmark = [pytest.mark.db, pytest.mark.slow]
VECTORS = Path(__file__).parents[1] / "domain" / "condition_vectors.json"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    playwright, running = chromium()
    yield running
    running.close()
    playwright.stop()


@pytest.fixture
def at_desk(database: Engine, tmp_path: Path) -> Iterator[Desk]:
    with desk(database, tmp_path, dict(ANSWERS)) as found:
        yield found


def opened(page: Page, at_desk: Desk, key: str) -> Page:
    page.goto(f"/candidatures/{at_desk.file}/rubriques/{key}")
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à", timeout=10_000)


def nothing_waits(page: Page, seconds: float = 20) -> None:
    """Everything typed was sent and kept."""
    deadline = monotonic() + seconds
    while page.evaluate("Object.keys(localStorage).length"):
        assert monotonic() < deadline, page.evaluate("JSON.stringify(localStorage)")
        page.wait_for_timeout(50)


def test_the_script_answers_conditions_and_formulas_as_the_server_does(browser: Chromium, at_desk: Desk) -> None:
    page = at_desk.context(browser, at_desk.lead).new_page()
    opened(page, at_desk, "final")
    vectors = json.loads(VECTORS.read_text("utf-8"))
    found = page.evaluate(
        """async (v) => { const m = await import("/static/js/conditions.js");
        return [v.conditions.map(([one]) => m.holds(one, v.answers)), v.formulas.map(([one]) => m.value(one, v.answers))]; }""",
        vectors,
    )
    assert found == [[one[1] for one in vectors["conditions"]], [one[1] for one in vectors["formulas"]]]


def test_an_answer_is_saved_while_it_is_typed_and_stands_after_a_reload(browser: Chromium, at_desk: Desk) -> None:
    page = opened(at_desk.context(browser, at_desk.lead).new_page(), at_desk, "project")
    text = "Un résumé écrit d’une traite 🌊."
    page.fill("#summary", text)
    with page.expect_response(lambda answer: "/champs/summary" in answer.url) as told:
        page.press("#summary", "End")
    assert told.value.status == 200
    saved(page)
    assert at_desk.answers()["summary"] == text
    assert f"{len(text)} / 400 caractères" in page.inner_text("#summary-c").replace("\u202f", " ")
    page.reload()
    assert page.input_value("#summary") == text
    assert page.evaluate("Object.keys(localStorage)") == []


def test_questions_show_and_compute_at_once_and_the_server_agrees(browser: Chromium, at_desk: Desk) -> None:
    page = opened(at_desk.context(browser, at_desk.lead).new_page(), at_desk, "partnership")
    assert page.is_hidden("#postcode")
    assert page.is_visible("#rna")
    page.check("#kind-1")
    assert page.is_visible("#postcode")
    assert page.is_hidden("#rna")
    assert page.inner_text("#hours [data-value]") == "110,5"
    page.fill("#people-1-hours", "2")
    assert page.inner_text("#hours [data-value]") == "72"
    assert page.is_hidden("#big")
    page.locator("[data-question=people] button[name=add]").click()
    page.keyboard.type("Fatou Sow")
    page.fill("#people-2-hours", "100")
    assert page.inner_text("#hours [data-value]") == "172"
    assert page.is_visible("#big")
    with page.expect_response(lambda answer: "/champs/people" in answer.url):
        page.press("#people-2-hours", "Tab")
    nothing_waits(page)
    assert at_desk.answers()["kind"] == "town"
    assert [row["name"] for row in at_desk.answers()["people"]] == ["Awa Diop", "Ibou Fall", "Fatou Sow"]
    page.reload()
    assert page.is_visible("#postcode")
    assert page.is_hidden("#rna")
    assert page.input_value("#rna") == "W751234567"
    page.locator("[data-question=people] button[name=remove]").first.click()
    nothing_waits(page)
    assert [row["name"] for row in at_desk.answers()["people"]] == ["Ibou Fall", "Fatou Sow"]
    page.goto(f"/candidatures/{at_desk.file}")
    assert "Pour les communes" in page.inner_text("main")


def test_two_people_in_two_fields_never_meet_and_in_one_field_both_texts_are_kept(
    browser: Chromium, at_desk: Desk
) -> None:
    awa = opened(at_desk.context(browser, at_desk.lead).new_page(), at_desk, "project")
    mamadou = opened(at_desk.context(browser, at_desk.member).new_page(), at_desk, "project")
    expect(mamadou.locator("[data-presence]")).to_contain_text("Awa Diop rédige aussi cette rubrique.")
    awa.fill("#summary", "Le texte d’Awa")
    awa.press("#summary", "Tab")
    saved(awa)
    mamadou.fill("#team", "14")
    with mamadou.expect_response(lambda answer: "/champs/team" in answer.url) as told:
        mamadou.press("#team", "Tab")
    assert told.value.status == 200
    mamadou.fill("#summary", "Le texte de Mamadou")
    mamadou.press("#summary", "Tab")
    notice = mamadou.locator("[data-question=summary] > .notice")
    expect(notice).to_contain_text("Awa Diop a changé cette réponse à")
    expect(notice).to_contain_text("Le texte d’Awa")
    assert mamadou.input_value("#summary") == "Le texte de Mamadou"
    notice.get_by_role("button", name="Garder le mien").click()
    nothing_waits(mamadou)
    assert at_desk.answers() | {"summary": "", "team": ""} == {**ANSWERS, "summary": "", "team": ""}
    assert at_desk.answers()["summary"] == "Le texte de Mamadou"
    assert at_desk.answers()["team"] == "14"
    mamadou.locator('button[data-action="application.edit"]').click()
    mamadou.wait_for_url(f"**/candidatures/{at_desk.file}")
    assert "« Le projet » est enregistré." in mamadou.inner_text("main").replace("\u202f", " ").replace("\u00a0", " ")


def test_what_could_not_be_sent_is_offered_again_after_a_reload(browser: Chromium, at_desk: Desk) -> None:
    context = at_desk.context(browser, at_desk.lead)
    page = opened(context.new_page(), at_desk, "project")
    page.on("dialog", lambda asked: asked.accept())
    context.set_offline(True)
    page.fill("#summary", "Écrit dans le train")
    expect(page.locator("[data-saved]")).to_contain_text("Votre texte est gardé sur cet appareil", timeout=10_000)
    page.route("**/champs/**", lambda route: route.abort())
    context.set_offline(False)
    page.reload()
    assert page.input_value("#summary") == ANSWERS["summary"]
    page.unroute("**/champs/**")
    notice = page.locator("[data-question=summary] > .notice")
    expect(notice).to_contain_text("Écrit dans le train")
    notice.get_by_role("button", name="Reprendre ce texte").click()
    nothing_waits(page)
    assert at_desk.answers()["summary"] == "Écrit dans le train"


def test_a_session_that_ends_loses_nothing(browser: Chromium, at_desk: Desk) -> None:
    """DL-10."""
    context = at_desk.context(browser, at_desk.lead)
    page = opened(context.new_page(), at_desk, "project")
    cookies = context.cookies()
    context.clear_cookies()
    page.fill("#summary", "Écrit après minuit")
    expect(page.locator("[data-saved]")).to_contain_text("Votre session a expiré", timeout=10_000)
    context.add_cookies([one for one in cookies if one["name"] == at_desk.app.config["SIGN_IN_COOKIE"]])
    nothing_waits(page)
    assert at_desk.answers()["summary"] == "Écrit après minuit"


BITS = 64_000
RARE = 40_000  # bytes between two cuts, on average, while pages are read
OFTEN = 4_000  # while answers are sent
TYPED = {
    "title": "Deux rives, un même filet",
    "summary": "Relier les pêcheurs de deux côtes par des filières courtes. " * 5,
    "team": "17",
    "hectares": "4,25",
    "cost": "31 000",
    "asked": "15 500",
    "starts_on": "01/05/2027",
}


def reached(page: Page, address: str, wanted: str) -> None:
    """Open an address on a line that breaks, as often as it takes: a person presses reload."""
    deadline = monotonic() + 45
    while True:
        with contextlib.suppress(Error):
            page.goto(address, wait_until="load", timeout=15_000)
            if page.locator(wanted).count() and page.evaluate("!!document.styleSheets.length"):
                return
        assert monotonic() < deadline, f"{address} was never reached"


def alive(page: Page) -> bool:
    """Whether the page's script came through, or the line was cut before."""
    return bool(
        page.evaluate(
            "performance.getEntriesByType('resource').filter((one) => /drafting|questions|conditions/.test(one.name) && one.responseEnd && one.decodedBodySize).length >= 3"
        )
    )


def test_at_64_kbit_with_cuts_nothing_typed_is_lost(browser: Chromium, at_desk: Desk) -> None:
    with slow_line(at_desk.port, bits=BITS, every=RARE) as line:
        context = at_desk.context(browser, at_desk.lead, port=line.port)
        page = context.new_page()
        page.on("dialog", lambda asked: asked.accept())
        address = f"/candidatures/{at_desk.file}/rubriques/project"
        reached(page, address, "#title")
        while not alive(page):
            reached(page, address, "#title")
        line.every = OFTEN
        for key, text in TYPED.items():
            page.fill(f"#{key}", text)
            page.wait_for_timeout(300)
        line.every = RARE
        reached(page, address, "#title")
        while not alive(page):
            reached(page, address, "#title")
        page.wait_for_timeout(300)
        line.every = OFTEN
        while page.get_by_role("button", name="Reprendre ce texte").count():
            page.get_by_role("button", name="Reprendre ce texte").first.click()
        nothing_waits(page, 40)
        kept = at_desk.answers()
        assert {key: kept[key] for key in TYPED} == {key: text.strip() for key, text in TYPED.items()}
        assert line.broken >= 3, line.broken
        context.close()


def test_without_script_at_64_kbit_with_cuts_nothing_typed_is_lost(browser: Chromium, at_desk: Desk) -> None:
    with slow_line(at_desk.port, bits=BITS, every=RARE) as line:
        context = at_desk.context(browser, at_desk.lead, port=line.port, script=False)
        page = context.new_page()
        address = f"/candidatures/{at_desk.file}/rubriques/project"
        deadline = monotonic() + 50
        while not _loaded(page, address):
            assert monotonic() < deadline
        for key, text in TYPED.items():
            page.fill(f"#{key}", text)
        line.every, line.broken, sent = OFTEN, 0, False
        while not sent:
            assert monotonic() < deadline, f"{line.broken} cuts"
            with contextlib.suppress(Error):
                page.locator('button[data-action="application.edit"]').click(timeout=8_000)
                page.wait_for_load_state(timeout=8_000)
            sent = all(at_desk.answers().get(key) == text.strip() for key, text in TYPED.items())
            if not sent:
                with contextlib.suppress(Error):
                    page.go_back(timeout=8_000)
                assert not page.locator("#title").count() or page.input_value("#title") == TYPED["title"], "lost"
        assert line.broken >= 1
        context.close()


def _loaded(page: Page, address: str) -> bool:
    with contextlib.suppress(Error):
        page.goto(address, timeout=15_000)
        return page.locator('button[data-action="application.edit"]').count() > 0
    return False


def test_a_section_is_written_and_saved_by_keyboard_alone(browser: Chromium, at_desk: Desk) -> None:
    page = opened(at_desk.context(browser, at_desk.lead).new_page(), at_desk, "partnership")
    reach(page, "kind-0")
    page.keyboard.press("ArrowDown")
    reach(page, "postcode")
    page.keyboard.type("29200")
    reach(page, "themes-2")
    page.keyboard.press("Space")
    reach(page, "country")
    page.keyboard.type("Mali")
    reach(page, "people-1-hours")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "add"
    page.keyboard.press("Enter")
    page.keyboard.type("Fatou Sow")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.action") == "application.edit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/candidatures/{at_desk.file}")
    kept = at_desk.answers()
    assert (kept["kind"], kept["postcode"], kept["country"]) == ("town", "29200", "ML")
    assert kept["themes"] == ["c1", "c2", "c3"]
    assert [row["name"] for row in kept["people"]] == ["Awa Diop", "Ibou Fall", "Fatou Sow"]


def reach(page: Page, wanted: str) -> None:
    """Tab until the control with this id has the focus."""
    for _ in range(120):
        if page.evaluate("document.activeElement.id") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(wanted)


LIGHT = 300_000
DAYS = {"starts_on": "01/03/2027", "ends_on": "31/08/2027"}


def test_a_whole_application_weighs_less_than_300_kb_on_the_wire(
    browser: Chromium, database: Engine, tmp_path: Path
) -> None:
    """From the sign-in page to the receipt, written in the browser, everything but the attachments; each byte counted."""
    with desk(database, tmp_path, ordinary=True) as found, slow_line(found.port) as line:
        album = tmp_path / "album"
        album.mkdir()
        base = f"http://127.0.0.1:{line.port}"
        person = Browser(browser, base, found.lead.name, found.lead.email, builders.PASSWORD, album)
        person.enter()
        person.open(f"/candidatures/{found.file}")
        long = {key: f"{text} " * 12 for key, text in STORY.items() if key not in ("title", "theme")}
        for title, answers in (
            ("Signature et contact", IDENTITY),
            ("Le projet", {**STORY, **long, **DAYS}),
            ("Engagements", {"exact": True, "republican_commitment": True}),
        ):
            person.follow(title)
            person.do("application.edit", answers, near="Enregistrer et revenir au dossier")
        person.follow("Partenaires du projet")
        for name, kind, country in (("Ville de Nort", "local_authority", "FR"), ("Coop Marée", "company", "SN")):
            values = {"name": name, "actor_kind": kind, "country": country, "role": "Décide et agit avec nous."}
            person.do("application.edit", values, near="Ajouter un partenaire")
        person.follow("Revenir au dossier")
        person.follow("Territoires")
        person.do("application.edit", {"here": "REG-53", "there": "SN", "place": "Joal"})
        person.follow("Dépenses et ressources")
        fields = budget_fields(person, BUDGET)
        person.do("application.edit", fields, near="Enregistrer et revenir au dossier")
        person.follow("Vérifier et déposer")
        person.do("application.submit", {"consent": True})
        assert "Numéro 2027-001" in person.text, person.text[:2000]
        assert line.carried < LIGHT, line.carried
        person.close()


def test_the_paper_copy_opens_by_itself_when_it_is_drawn(browser: Chromium, at_desk: Desk, tmp_path: Path) -> None:
    page = at_desk.context(browser, at_desk.lead, accept_downloads=True).new_page()
    page.goto(f"/candidatures/{at_desk.file}/apercu.pdf")
    assert "Le PDF se prépare." in page.inner_text("main")
    doors = replace(letters.doors(tmp_path), store=at_desk.app.config["STORE"])
    with page.expect_download(timeout=30_000) as opened_by_itself:
        assert relay.keep_all_due(keeper.handlers(doors)) == 1
    assert opened_by_itself.value.suggested_filename.startswith("dossier-")
