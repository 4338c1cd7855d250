"""The budget page as people use it: by keyboard alone, with a block pasted from a spreadsheet, without a script, and as
a workbook that goes out, is changed and comes back."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from grants.db import reading, transaction
from grants.models import Account, Application, BudgetLine, Call
from tests import builders
from tests.delivery import samples
from tests.journeys import browser as browsers
from tests.journeys import place as places
from tests.journeys import world as worlds
from tests.journeys.place import Place

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Built and served once: every test brings files of its own."""
    place = places.built(tmp_path_factory.mktemp("budget") / "data")
    with worlds.served(place.world):
        yield place
    place.world.close()


@pytest.fixture
def place(town: Place) -> Place:
    """The same, bound again."""
    town.world.bind()
    return town


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    playwright, running = browsers.chromium()
    yield running
    running.close()
    playwright.stop()  # type: ignore[attr-defined]


def window(chromium: Browser, place: Place, account: Account, **options: object) -> BrowserContext:
    """A window in which this person is signed in."""
    with transaction() as session:
        token = builders.a_session(session, account)
    made = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, **options)  # type: ignore[arg-type]
    name = place.world.app.config["SIGN_IN_COOKIE"]
    made.add_cookies([{"name": name, "value": token, "url": place.world.base_url}])
    return made


def opened(made: BrowserContext, place: Place, application: Application) -> Page:
    """The budget page of a file; whatever the page complains of fails the test."""
    page = made.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(f"{place.world.base_url}/candidatures/{application.public_id}/budget")
    return page


def emptied(place: Place) -> Application:
    """A draft whose budget is not begun."""
    row = place.draft()
    with transaction() as session:
        session.get_one(Application, row.id).budget_lines = []
    return row


def kept(application: Application) -> list[tuple[str, str, int]]:
    """The lines that the file holds."""
    with reading() as session:
        rows = session.scalars(
            select(BudgetLine).where(BudgetLine.application_id == application.id).order_by(BudgetLine.position)
        )
        return [(row.key, row.label, row.amount_cents) for row in rows]


def said(page: Page, selector: str) -> str:
    """The words of a part of the page, with plain spaces."""
    return re.sub(r"\s+", " ", page.locator(selector).first.inner_text()).strip()


def to(page: Page, key: str, column: str = "amount") -> None:
    """Put the caret into the first line of an account."""
    number = page.locator(f'input[value="{key}"]').first.get_attribute("name")
    page.focus(f"[name='{str(number).replace('-key', f'-{column}')}']")


def test_a_budget_is_typed_with_the_keyboard_alone(place: Place, chromium: Browser) -> None:  # noqa: PLR0915 -- one story
    application = emptied(place)
    made = window(chromium, place, place.lead)
    page = opened(made, place, application)
    to(page, "purchases.services")
    for amount in ("3 200", "", "1 000,50"):
        page.keyboard.type(amount)
        page.keyboard.press("Enter")
    assert said(page, "[data-balance]") == "Il manque 4 200,50 €. Ajoutez une ressource ou réduisez une dépense."
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+Enter")  # one more line of the same account
    page.keyboard.type("99,50")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Enter")
    assert said(page, "#expense [data-total=expense]") == "4 300 €"
    assert said(page, "#expense [data-total=of-other_services]") == "1 100 €"
    to(page, "grants.this_fund")
    page.keyboard.type("3000")
    page.keyboard.press("Enter")
    page.keyboard.type("1.300")
    page.keyboard.press("Enter")
    assert "Écriture ambiguë" in page.locator("#income .error").inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+a")
    page.keyboard.type("1 300")
    page.keyboard.press("Enter")
    assert page.locator("#income .error").count() == 0
    assert said(page, "[data-balance]") == "Budget équilibré."
    assert "Taux demandé : 69,77 %, 70 % au plus" in said(page, ".checks")
    assert [sign.is_visible() for sign in page.locator(".checks [data-when=warn]").all()] == [True, False, False, False]
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert kept(application) == [
        ("purchases.services", "", 320_000),
        ("other_services.fees", "", 100_050),
        ("grants.this_fund", "", 300_000),
        ("grants.department", "", 130_000),
        ("other_services.fees", "", 9_950),
    ]
    assert page.complaints == []  # type: ignore[attr-defined]
    made.close()


PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_block_copied_from_a_spreadsheet_is_pasted_onto_the_table(place: Place, chromium: Browser) -> None:
    application = emptied(place)
    made = window(chromium, place, place.lead)
    page = opened(made, place, application)
    to(page, "purchases.services")
    block = (
        "Poste\tQuoi\tMontant\r\n613\tSalle des fêtes\t1 250,50 €\r\nDéplacements, missions\tTrain\t800\r\n"
        "\tTraiteur\t300\r\nAssurance\t\t1.500\r\nTotal\t\t3 850,50\r\n"
    )
    page.evaluate(PASTE, block)
    expect(page.locator("#expense [data-total=expense]").first).to_have_text(re.compile(r"^2"))
    assert said(page, "#expense [data-total=expense]") == "2 350,50 €"
    assert "Écriture ambiguë" in page.locator("#expense .error").inner_text()
    page.locator("[data-said]", has_text="Lignes collées : 4.").wait_for(state="attached")
    page.locator("#expense .error").locator("xpath=../input").fill("1500")
    page.keyboard.press("Tab")
    to(page, "grants.this_fund")
    page.evaluate(PASTE, "2700\n850,50\n300\n")  # one column fills down
    expect(page.locator("#income [data-total=income]").first).to_have_text(re.compile(r"^3"))
    assert said(page, "[data-balance]") == "Budget équilibré."
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    assert sorted(kept(application)) == [
        ("external_services.insurance", "", 150_000),
        ("external_services.rent", "Salle des fêtes", 125_050),
        ("grants.department", "", 85_050),
        ("grants.private", "", 30_000),
        ("grants.this_fund", "", 270_000),
        ("other_services.travel", "Train", 80_000),
        ("purchases.services", "Traiteur", 30_000),
    ]
    assert page.complaints == []  # type: ignore[attr-defined]
    made.close()


@pytest.mark.parametrize("scripted", [True, False], ids=["with a script", "without a script"])
def test_lines_are_added_and_taken_out_and_what_is_typed_stays(  # noqa: PLR0915 -- one story
    place: Place,
    chromium: Browser,
    scripted: bool,  # noqa: FBT001
) -> None:
    """The same buttons with and without a script, and the same budget in the end."""
    application = emptied(place)
    made = window(chromium, place, place.lead, java_script_enabled=scripted)
    page = opened(made, place, application)
    page.select_option("#new-expense", "external_services.insurance")
    page.locator("#expense button[value=expense]").click()
    page.locator("#expense tbody[data-heading=external_services] tr", has_text="616 Assurance").wait_for()
    row = page.locator("#expense tr", has_text="616 Assurance").first
    row.locator("[name$=-label]").fill("Responsabilité civile")
    row.locator("[name$=-amount]").fill("12,5.0")
    rent = page.locator("#expense tr", has_text="613 Locations").first
    rent.locator("[name$=-amount]").fill("400")
    page.locator("#expense tr", has_text="641 ").first.locator("[name=retirer]").click()
    if not scripted:
        page.get_by_text("Un problème sur cette page").wait_for()
        page.locator("#expense tr", has_text="613 Locations").first.locator("[name$=-amount]").fill("400,00")
    assert page.locator("#expense tr", has_text="641 ").count() == 0
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    page.get_by_text("Un problème sur cette page").wait_for()
    insurance = page.locator("#expense tr", has_text="616 Assurance").first
    assert insurance.locator("[name$=-amount]").input_value() == "12,5.0"
    assert insurance.locator("[name$=-label]").input_value() == "Responsabilité civile"
    assert "Écriture ambiguë" in insurance.locator(".error").inner_text()
    insurance.locator("[name$=-amount]").fill("12,50")
    if scripted:
        assert said(page, "[data-balance]").startswith("Il manque 412,50 €.")
    else:
        page.get_by_role("button", name="Enregistrer et recalculer").click()
        page.wait_for_url("**/budget?suite=1#equilibre")
        assert said(page, "[data-balance]").startswith("Il manque 412,50 €.")
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    page.wait_for_url(f"**/{application.public_id}")
    lines = {key: cents for key, _label, cents in kept(application) if cents}
    assert lines == {"external_services.insurance": 1_250, "external_services.rent": 40_000}
    made.close()


def test_a_granted_funding_gets_its_proof_and_amounts_typed_meanwhile_are_kept(place: Place, chromium: Browser) -> None:
    application = place.draft()
    made = window(chromium, place, place.lead)
    page = opened(made, place, application)
    assert "Financements acquis sans justificatif : 1." in said(page, "#justificatifs")
    page.locator("#expense tr", has_text="625 ").locator("[name$=-amount]").fill("15 100")
    page.set_input_files(
        "#justificatif", {"name": "region.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
    )
    page.get_by_role("button", name="Joindre").click()
    page.get_by_text("region.pdf est reçu.").wait_for()
    assert "sans justificatif" not in said(page, "#justificatifs")
    chosen = page.locator("#income tr", has_text="Conseil régional").locator("[name$=-proof]")
    assert chosen.locator("option:checked").inner_text() == "region.pdf"
    assert said(page, "#expense [data-total=expense]") == "15 100 €"
    page.set_input_files("#justificatif", {"name": "virus.exe", "mimeType": "x/y", "buffer": b"MZ"})
    page.get_by_role("button", name="Joindre").click()
    page.locator("#justificatifs .error-summary").wait_for()
    made.close()


def test_who_spends_and_who_brings_how_much_adds_up(place: Place, chromium: Browser) -> None:
    application = place.draft()
    made = window(chromium, place, place.lead)
    page = opened(made, place, application)
    page.locator("#expense tr", has_text="625 ").locator("[name$=-partner]").select_option(label="Coop Marée")
    page.locator("#income tr", has_text="Conseil régional").locator("[name$=-partner]").select_option(
        label="Ville de Nort"
    )
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    page.wait_for_url(f"**/{application.public_id}")
    page.go_back()
    page.reload()
    shares = page.locator("table", has_text="Part de chaque partenaire")
    rows = [re.sub(r"\s+", " ", row.inner_text()).strip() for row in shares.locator("tbody tr, tfoot tr").all()]
    assert rows == [
        "Association Rives Communes 0 € 0 % 2 000 € 0 €",
        "Ville de Nort 0 € 0 % 3 000 € 0 €",
        "Coop Marée 15 000 € 100 % 0 € 0 €",
        "Total 15 000 € 100 % 5 000 € 0 €",
    ]
    made.close()


def test_a_workbook_goes_out_is_changed_and_comes_back(place: Place, chromium: Browser) -> None:
    application = place.draft()
    made = window(chromium, place, place.lead)
    page = opened(made, place, application)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger (.xlsx)").click()
    book = load_workbook(BytesIO(taken.value.path().read_bytes()))
    sheet = book["Budget"]
    travel = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("625 "))
    travel[4].value = "14 500,00"
    staff = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("641 "))
    staff[4].value = 500
    page.get_by_role("link", name="Importer un tableur").click()
    brought = BytesIO()
    book.save(brought)
    as_file = {"name": "budget.xlsx", "mimeType": "application/x", "buffer": brought.getvalue()}
    page.set_input_files("#file", as_file)
    page.get_by_role("button", name="Voir ce qui change").click()
    table = page.locator("table", has_text="Ce que le tableur change")
    assert [re.sub(r"\s+", " ", row.inner_text()).strip() for row in table.locator("tbody tr").all()] == [
        "625 Déplacements, missions Changée Voyages, 15 000 € Voyages, 14 500 €",
        "641 Rémunération des personnels Ajoutée – 500 €",
    ]
    assert ("other_services.travel", "Voyages", 1_500_000) in kept(application)
    page.get_by_role("button", name="Enregistrer ces changements").click()
    page.wait_for_url(f"**/{application.public_id}")
    assert {("other_services.travel", "Voyages", 1_450_000), ("staff.wages", "", 50_000)} < set(kept(application))
    made.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_is_readable_by_all_on_every_screen(place: Place, chromium: Browser, width: int) -> None:
    made = window(chromium, place, place.lead, reduced_motion="reduce")
    page = opened(made, place, place.draft())
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    if width == 1280:
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in found] == []
    made.close()


def test_a_call_in_whole_euros_with_a_short_chart(place: Place, chromium: Browser) -> None:
    with transaction() as session:
        call = session.get_one(Call, place.call.id)
        before = call.chart, call.whole_euros
        call.chart, call.whole_euros = "by-activity-1", True
    try:
        application = emptied(place)
        made = window(chromium, place, place.lead)
        page = opened(made, place, application)
        to(page, "activities.meetings")
        page.keyboard.type("100,50")
        page.keyboard.press("Enter")
        assert "euros entiers" in page.locator("#expense .error").inner_text()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Control+a")
        page.keyboard.type("100")
        page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
        page.wait_for_url(f"**/{application.public_id}")
        assert kept(application) == [("activities.meetings", "", 10_000)]
        made.close()
    finally:
        with transaction() as session:
            call = session.get_one(Call, place.call.id)
            call.chart, call.whole_euros = before
