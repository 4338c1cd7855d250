"""The browser reads, divides and writes amounts as the server does: one table of texts, two readers, the same answers."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from grants.delivery import typography
from grants.domain.money import AmountError, parse_amount, rate_bp
from tests.journeys import browser as browsers

pytestmark = [pytest.mark.slow]

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "data/money.json").read_text("utf-8"))
SCRIPT = Path(__file__).parents[2] / "grants/static/js/money.js"
ALPHABET = "0123456789 .,-€\u00a0\u202feEURur\t"
SEED = 20270112


def as_the_server_reads(text: str, *, whole: bool) -> int | str:
    try:
        return parse_amount(text, whole_euros=whole, allow_zero=True)
    except AmountError as refused:
        return str(refused.reason)


def amounts() -> list[str]:
    """The table, and texts that nobody thought of (the same at every run)."""
    chance = random.Random(SEED)  # noqa: S311 -- no secret
    made = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 14))) for _ in range(3000)]
    figures = ["".join(chance.choices("0123456789 .,", k=chance.randint(1, 12))) for _ in range(3000)]
    return [*VECTORS["amounts"], *made, *figures, "9" * 64, "9" * 65, "é" * 65]


@pytest.fixture(scope="module", params=["fr", "en"])
def page(request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """A page in this language that has loaded the module."""
    playwright, chromium = browsers.chromium()
    window = chromium.new_page()
    source = json.dumps(SCRIPT.read_text("utf-8"))
    window.set_content(f'<!DOCTYPE html><html lang="{request.param}"><body></body></html>')
    window.evaluate(
        f"async () => {{ window.money = await import(URL.createObjectURL(new Blob([{source}], {{type: 'text/javascript'}}))); }}"
    )
    yield window, request.param
    chromium.close()
    playwright.stop()  # type: ignore[attr-defined]


@pytest.mark.parametrize("whole", [False, True], ids=["with cents", "whole euros"])
def test_every_text_is_read_alike(page: tuple[Page, str], *, whole: bool) -> None:
    texts = amounts()
    found = page[0].evaluate("([texts, whole]) => texts.map((text) => window.money.read(text, whole))", [texts, whole])
    wanted = [as_the_server_reads(text, whole=whole) for text in texts]
    assert [(text, one) for text, one, other in zip(texts, found, wanted, strict=True) if one != other] == []
    assert sum(isinstance(one, int) for one in wanted) > 300


def test_every_rate_is_the_same_integer(page: tuple[Page, str]) -> None:
    pairs = VECTORS["rates"]
    found = page[0].evaluate("(pairs) => pairs.map(([part, whole]) => window.money.rate(part, whole))", pairs)
    assert found == [rate_bp(part, whole) for part, whole in pairs]


def test_amounts_and_rates_are_written_alike(page: tuple[Page, str]) -> None:
    window, language = page
    cents, rates = VECTORS["cents"], VECTORS["basis_points"]
    found = window.evaluate("(values) => values.map((value) => window.money.euros(value))", cents)
    assert found == [typography.euros(value, language=language) for value in cents]
    found = window.evaluate("(values) => values.map((value) => window.money.percent(value))", rates)
    assert found == [typography.percent(value, language=language) for value in rates]


def test_the_scripts_of_the_budget_stay_small() -> None:
    """3 kB for the sheet itself, as it travels; what reads a pasted block comes only when one is pasted."""
    folder = SCRIPT.parent
    weights = {name: len(gzip.compress((folder / name).read_bytes())) for name in ("budget.js", "money.js", "paste.js")}
    assert weights["budget.js"] <= 3_000
    assert sum(weights.values()) <= 4_700
