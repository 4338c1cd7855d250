"""Lists that are taken away hold no formula."""

import pytest

from grants.exchange.tables import guarded

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33", "-2", "@SUM(A1)", "|cmd", "%x", "  =1", "\u00a0=1", "\u3000=1", "＝1", "＠x", "\t=1", "\rx", "\nx"],
)
def test_what_a_spreadsheet_would_compute_is_written_as_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Association", "3 – 4", "« =1 »"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
