"""The chart of accounts: what the form prints, under keys that never change."""

import pytest

from grants.domain.chart import CERFA_12156_06, CHARTS, OWN_FUNDS, THIS_FUND, Side, heading_of_any

pytestmark = pytest.mark.pure


def test_the_expenses_run_from_60_to_86_with_the_indirect_ones_before_the_last():
    numbers = [heading.number for heading in CERFA_12156_06.of(Side.EXPENSE)]
    assert numbers == ["60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "", "86"]


def test_the_income_runs_from_70_to_87_with_own_funds_before_the_last():
    numbers = [heading.number for heading in CERFA_12156_06.of(Side.INCOME)]
    assert numbers == ["70", "73", "74", "75", "76", "77", "78", "79", "", "87"]


def test_only_the_last_heading_of_each_side_is_in_kind():
    assert [h.number for h in CERFA_12156_06.headings if h.in_kind] == ["86", "87"]


def test_only_grants_are_named_funder_by_funder():
    assert [h.key for h in CERFA_12156_06.headings if h.per_funder] == ["grants"]


def test_no_key_stands_twice():
    keys = [a.key for h in CERFA_12156_06.headings for a in h.accounts] + [h.key for h in CERFA_12156_06.headings]
    assert len(set(keys)) == len(keys)


def test_an_account_is_found_by_its_key_and_has_its_number_and_french_label():
    account = CERFA_12156_06.account("purchases.services")
    assert account is not None
    assert (account.number, account.label) == ("604", "Prestations de services")
    assert CERFA_12156_06.account("purchases.nothing") is None


def test_a_heading_is_found_by_its_own_key_or_by_an_account_of_it():
    heading = CERFA_12156_06.heading(THIS_FUND)
    assert heading is not None
    assert heading == CERFA_12156_06.heading("grants")
    assert CERFA_12156_06.heading("grants.nothing") is None


def test_the_version_is_remembered_by_budgets():
    assert CHARTS["cerfa-12156-06"] is CERFA_12156_06


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_chart_is_fit_for_a_budget(chart):
    """Both sides in cash and in kind, the request and the own funds, what is offered at first; keys begin by their heading."""
    assert {(h.side, h.in_kind) for h in chart.headings} == {(s, k) for s in Side for k in (False, True)}
    assert chart.heading(THIS_FUND).per_funder
    assert chart.account(OWN_FUNDS)
    assert {THIS_FUND, OWN_FUNDS} <= set(chart.offered)
    assert all(chart.account(key) for key in chart.offered)
    assert all(a.key.split(".")[0] == h.key for h in chart.headings for a in h.accounts)
    keys = [key for h in chart.headings for key in (h.key, *(a.key for a in h.accounts))]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 40 for key in keys)
    assert chart.name


def test_the_short_chart_has_no_french_numbers():
    assert {a.number for h in CHARTS["by-activity-1"].headings for a in h.accounts} == {""}


def test_a_label_and_a_number_are_read_by_key_and_a_strange_key_stays_itself():
    assert (CERFA_12156_06.label_of("purchases"), CERFA_12156_06.number_of("purchases.services")) == ("Achats", "604")
    assert (CERFA_12156_06.label_of("nothing"), CERFA_12156_06.number_of("nothing")) == ("nothing", "")
    assert heading_of_any("activities").label == "Activités"
    assert heading_of_any("nothing") is None
