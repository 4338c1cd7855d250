"""The two-sided budget, with the budget of the first file of the demonstration."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.budget import NO_BUDGET, Bounds, Line, Totals, balance_problems, problems, shares, totals
from grants.domain.chart import BY_ACTIVITY_1, CERFA_12156_06, THIS_FUND, FundingStatus, Side
from grants.errors import Reason

pytestmark = pytest.mark.pure

CALL = Bounds(800_000, 1_600_000, 7000, 2500, 3000)


def expense(key, euros):
    return Line(Side.EXPENSE, key, "", euros * 100)


def income(key, euros, status=None):
    return Line(Side.INCOME, key, "", euros * 100, status, proof="letter" if status is FundingStatus.GRANTED else "")


BOCAGE = (
    expense("purchases.supplies", 600),
    expense("purchases.services", 3200),
    expense("external_services.rent", 900),
    expense("external_services.insurance", 150),
    expense("other_services.fees", 2400),
    expense("other_services.publicity", 1150),
    expense("other_services.travel", 3650),
    expense("taxes.payroll", 380),
    expense("staff.wages", 6900),
    expense("staff.social_charges", 2760),
    expense("management", 250),
    expense("financial_charges", 60),
    expense("indirect.fixed_costs", 500),
    expense("in_kind_uses.volunteering", 2100),
    expense("in_kind_uses.goods", 900),
    income(THIS_FUND, 15_500, FundingStatus.REQUESTED),
    income("grants.department", 3000, FundingStatus.GRANTED),
    income("grants.commune", 900, FundingStatus.REQUESTED),
    income("grants.private", 1500, FundingStatus.GRANTED),
    income("other_income.membership_fees", 300),
    income("other_income.donations", 700),
    income("own_funds", 1000),
    income("in_kind_contributions.volunteering", 2100),
    income("in_kind_contributions.services", 900),
)


def codes(found):
    return [reason.code for reason in found]


def simple(requested, expenses, other=None):
    """A balanced budget in euros, without anything in kind."""
    rest = expenses - requested if other is None else other
    return Totals(expenses * 100, (requested + rest) * 100, 0, 0, requested * 100)


def test_the_sums_of_a_whole_budget():
    sums = totals(BOCAGE)
    assert (sums.cash_expenses, sums.cash_income) == (2_290_000, 2_290_000)
    assert (sums.in_kind_expenses, sums.in_kind_income) == (300_000, 300_000)
    assert (sums.gap, sums.in_kind_gap, sums.grand_total) == (0, 0, 2_590_000)
    assert (sums.requested, sums.other_cash) == (1_550_000, 740_000)


def test_its_rates_in_basis_points():
    sums = totals(BOCAGE)
    assert (sums.rate_bp, sums.rate_with_in_kind_bp, sums.in_kind_bp, sums.other_cash_bp) == (6769, 5985, 1158, 3231)


def test_a_good_budget_has_no_problem_on_either_base():
    assert problems(totals(BOCAGE), CALL) == ()
    assert problems(totals(BOCAGE), Bounds(max_rate_bp=6000, rate_with_in_kind=True)) == ()


def test_a_refused_funder_counts_for_nothing():
    refused = (*BOCAGE[:16], income("grants.department", 3000, FundingStatus.REFUSED), *BOCAGE[17:])
    assert Reason("unbalanced", {"gap": -300_000}) in problems(totals(refused), CALL)


@pytest.mark.parametrize("key", ["purchases.nothing", "nothing", THIS_FUND])
def test_a_line_out_of_the_chart_is_refused(key):
    with pytest.raises(ValueError, match=f"{key} is no expense"):
        totals([expense(key, 1)])


def test_an_empty_budget_lacks_both_sides():
    assert codes(problems(NO_BUDGET, CALL)) == ["no_expense", "nothing_requested"]
    assert (NO_BUDGET.rate_bp, NO_BUDGET.in_kind_bp, NO_BUDGET.other_cash_bp) == (None, None, None)


def test_the_gap_is_said_to_the_cent_for_cash_and_in_kind_apart():
    sums = Totals(1000_01, 1000_00, 50, 75, 500_00)
    found = problems(sums, Bounds())
    assert [(r.code, r.params) for r in found] == [("unbalanced", {"gap": -1}), ("in_kind_unbalanced", {"gap": 25})]
    assert balance_problems(sums) == found


@pytest.mark.parametrize(
    ("requested", "code"), [(7_999, "below_floor"), (8_000, None), (16_000, None), (16_001, "above_ceiling")]
)
def test_the_floor_and_the_ceiling_themselves_are_allowed(requested, code):
    found = codes(problems(simple(requested, 30_000), CALL))
    assert found == ([code] if code else [])


def test_the_file_of_the_demonstration_that_asks_too_much_is_told_both_reasons():
    found = problems(simple(18_000, 21_951), CALL)
    assert [(r.code, r.params) for r in found] == [
        ("above_ceiling", {"requested": 1_800_000, "limit": 1_600_000}),
        ("rate_above_maximum", {"rate_bp": 8200, "limit_bp": 7000}),
        ("other_cash_below_minimum", {"rate_bp": 1800, "limit_bp": 3000}),
    ]


def test_a_rate_of_no_expense_at_all_is_the_whole():
    found = problems(Totals(0, 100, 0, 0, 100), Bounds(max_rate_bp=7000))
    assert ("rate_above_maximum", {"rate_bp": 10_000, "limit_bp": 7000}) in [(r.code, r.params) for r in found]


def test_too_much_in_kind_is_told():
    found = problems(Totals(7_500, 7_500, 2_501, 2_501, 5_000), Bounds(max_in_kind_bp=2500))
    assert codes(found) == ["in_kind_above_maximum"]
    assert problems(Totals(7_500, 7_500, 2_500, 2_500, 5_000), Bounds(max_in_kind_bp=2500)) == ()


def test_other_cash_of_no_income_is_not_below_its_minimum():
    assert codes(problems(Totals(100, 0, 0, 0, 0), Bounds(min_other_cash_bp=3000))) == [
        "nothing_requested",
        "unbalanced",
    ]


def test_a_call_without_bounds_asks_for_balance_alone():
    assert problems(simple(1, 1), Bounds()) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from([a.key for h in CERFA_12156_06.headings for a in h.accounts]), st.integers(0, 10**9))
    )
)
def test_every_line_counts_once(rows):
    lines = []
    for key, cents in rows:
        heading = CERFA_12156_06.heading(key)
        lines.append(Line(heading.side, key, "", cents))
    sums = totals(lines)
    counted = sums.cash_expenses + sums.cash_income + sums.in_kind_expenses + sums.in_kind_income
    assert counted == sum(cents for _, cents in rows)
    assert sums.requested == sum(cents for key, cents in rows if key == THIS_FUND)


def test_a_granted_funding_without_its_document_is_a_remark_and_blocks_where_the_call_says_so():
    bare = Line(Side.INCOME, "grants.region", "Région", 100, FundingStatus.GRANTED)
    own = Line(Side.INCOME, THIS_FUND, "", 100, FundingStatus.GRANTED)
    empty = Line(Side.INCOME, "grants.commune", "", 0, FundingStatus.GRANTED)
    sums = totals([bare, own, empty, Line(Side.EXPENSE, "staff.wages", "", 200)])
    assert sums.unproved == 1
    assert problems(sums, Bounds()) == (Reason("proof_missing", {"count": 1}),)
    assert problems(sums, Bounds(require_proof=True)) == (Reason("proof_required", {"count": 1}),)


def test_every_partner_spends_and_brings_what_its_lines_say():
    lines = [
        Line(Side.EXPENSE, "staff.wages", "", 200, None, "a"),
        Line(Side.EXPENSE, "staff.wages", "", 100),
        Line(Side.INCOME, "grants.region", "", 50, FundingStatus.REQUESTED, "b"),
        Line(Side.INCOME, THIS_FUND, "", 250),
        Line(Side.EXPENSE, "in_kind_uses.goods", "", 7, None, "gone"),
    ]
    found = shares(lines, ["a", "b"])
    assert [(one.partner, one.spends, one.spends_bp, one.brings) for one in found] == [
        ("", 100, 3333, 0),
        ("a", 200, 6667, 0),
        ("b", 0, 0, 50),
    ]
    assert found[0].totals.in_kind_expenses == 7


@given(
    st.lists(
        st.tuples(
            st.sampled_from([a.key for h in BY_ACTIVITY_1.headings for a in h.accounts]),
            st.integers(0, 10**9),
            st.sampled_from(["", "a", "b", "c"]),
            st.sampled_from([None, FundingStatus.REFUSED]),
        )
    )
)
def test_the_shares_of_the_partners_add_up_to_the_budget(rows):
    lines = []
    for key, cents, partner, status in rows:
        heading = BY_ACTIVITY_1.heading(key)
        lines.append(Line(heading.side, key, "", cents, status if heading.per_funder else None, partner))
    found, sums = shares(lines, ["a", "b"], BY_ACTIVITY_1), totals(lines, BY_ACTIVITY_1)
    for name in ("cash_expenses", "cash_income", "in_kind_expenses", "in_kind_income", "requested"):
        assert sum(getattr(one.totals, name) for one in found) == getattr(sums, name)
    assert sum(one.spends_bp for one in found) == (10_000 if sums.cash_expenses else 0)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10_000))
def test_the_rate_is_judged_exactly_and_shown_rounded(requested, expenses, limit):
    sums = Totals(expenses, requested, 0, 0, requested)
    above = "rate_above_maximum" in codes(problems(sums, Bounds(max_rate_bp=limit)))
    assert above == (requested * 10_000 > limit * expenses)
    if expenses:
        assert abs(sums.rate_bp * expenses - requested * 10_000) * 2 <= expenses


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=6), st.lists(st.integers(0, 10**10), max_size=6))
def test_the_gap_is_what_one_line_more_would_close(expenses, incomes):
    lines = [Line(Side.EXPENSE, "staff.wages", "", cents) for cents in expenses]
    lines += [Line(Side.INCOME, "other_income.donations", "", cents) for cents in incomes]
    gap = totals(lines).gap
    side, key = (Side.INCOME, "own_funds.other") if gap < 0 else (Side.EXPENSE, "management.other")
    assert totals([*lines, Line(side, key, "", abs(gap))]).gap == 0
