"""What a draft still lacks: one computation for the task list, the percentage and the check page."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.budget import NO_BUDGET, Bounds, Totals
from grants.domain.completeness import (
    Extras,
    Problem,
    Requirements,
    SectionState,
    completeness,
    field_problem,
    missing,
    other_actor_kinds,
    percent,
)
from grants.domain.default_form import DEFAULT_FORM, REQUIRED_DOCUMENTS
from grants.domain.forms import Field, FieldKind, Form, Section
from grants.domain.period import Window

pytestmark = pytest.mark.pure

ANSWERS = {
    "signatory_name": "Aïssatou Diop",
    "signatory_function": "Présidente",
    "contact_name": "Mamadou Ndiaye",
    "contact_phone": "+33 3 20 42 83 11",
    "title": "Pêche artisanale",
    "theme": "Alimentation",
    "summary": "Résumé",
    "context": "Contexte",
    "activities": "Activités",
    "alliance": "Alliance",
    "learning": "Apprentissages",
    "effects": "Effets",
    "equality_climate": "Égalité",
    "starts_on": "2027-03-01",
    "ends_on": "31/08/2027",
    "exact": "yes",
    "republican_commitment": "yes",
}
CALL = Requirements(
    bounds=Bounds(800_000, 1_600_000, 7000, 2500, 3000),
    window=Window(date(2027, 3, 1), date(2028, 2, 29), 6, 12),
)
BUDGET = Totals(2_250_000, 2_250_000, 0, 0, 1_500_000)
EXTRAS = Extras("ngo", ("company", "local_authority"), 1, 1, BUDGET, frozenset(REQUIRED_DOCUMENTS), CALL)


def judged(answers=ANSWERS, extras=EXTRAS, form=DEFAULT_FORM):
    return {status.key: status for status in completeness(form, answers, extras)}


def states(statuses):
    return {key: status.state.value for key, status in statuses.items()}


def test_an_empty_draft_is_all_to_do():
    statuses = judged({}, Extras())
    assert set(states(statuses).values()) == {"todo"}
    assert percent(statuses.values()) == 0
    assert all(problem.blocking for status in statuses.values() for problem in status.problems)


def test_a_full_draft_is_all_done_and_lacks_nothing():
    statuses = judged()
    assert set(states(statuses).values()) == {"done"}
    assert (percent(statuses.values()), missing(statuses.values())) == (100, ())


def test_a_section_begun_counts_what_is_there():
    statuses = judged({**ANSWERS, "contact_name": " ", "contact_phone": ""})
    identity = statuses["identity"]
    assert (identity.state, identity.done, identity.total) == (SectionState.DOING, 2, 4)
    assert missing(statuses.values()) == (
        ("identity", Problem("missing", "contact_name")),
        ("identity", Problem("missing", "contact_phone")),
    )
    assert percent(statuses.values()) == 92  # 23 of 25


def test_a_hundred_percent_means_that_nothing_is_missing():
    assert percent(judged({**ANSWERS, "theme": ""}).values()) == 96


def test_nothing_asked_is_complete():
    assert percent(()) == 100


def test_a_text_of_exactly_the_limit_is_kept():
    assert judged({**ANSWERS, "summary": "x" * 1000})["project"].state is SectionState.DONE


def test_a_text_too_long_is_to_mend_and_says_by_how_much():
    status = judged({**ANSWERS, "summary": "x" * 1001})["project"]
    assert (status.state, status.done, status.total) == (SectionState.FIX, 10, 11)
    assert status.problems == (Problem("too_long", "summary", {"limit": 1000, "length": 1001}),)


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        (FieldKind.DAY, "30/02/2027", "not_a_date"),
        (FieldKind.DAY, "12 mars 2027", None),
        (FieldKind.PHONE, "à demander", "not_a_phone"),
        (FieldKind.PHONE, "0690 12 34 56", None),
        (FieldKind.EMAIL, "a@b", "not_an_email"),
        (FieldKind.EMAIL, "a@exemple.invalid", None),
        (FieldKind.LINE, "x", None),
        (FieldKind.DECLARATION, "no", "missing"),
        (FieldKind.DECLARATION, "yes", None),
    ],
)
def test_an_answer_of_the_wrong_shape_says_so(kind, answer, code):
    problem = field_problem(Field("asked", kind, "?", limit=40), answer)
    assert (problem.code if problem else None) == code


def test_an_optional_field_may_stay_empty_but_not_be_wrong():
    optional = Field("since", FieldKind.DAY, "?", required=False)
    assert field_problem(optional, "") is None
    assert field_problem(optional, "?") == Problem("not_a_date", "since")


def test_an_optional_section_is_said_to_be_so_until_it_is_begun():
    form = Form("1", (Section("needs", "?", (Field("needs", FieldKind.TEXT, "?", limit=10, required=False),)),))
    assert states(judged({}, form=form)) == {"needs": "optional"}
    assert states(judged({"needs": "x"}, form=form)) == {"needs": "done"}
    assert states(judged({"needs": "x" * 11}, form=form)) == {"needs": "fix"}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code", "field"),
    [
        ("2027-02-28", "2027-09-30", "starts_too_early", "starts_on"),
        ("2027-10-01", "2028-03-31", "ends_too_late", "ends_on"),
        ("2027-10-01", "2027-09-30", "ends_before_start", "ends_on"),
        ("2027-03-01", "2027-08-30", "duration_too_short", "ends_on"),
    ],
)
def test_the_days_of_the_project_are_held_against_the_window(starts_on, ends_on, code, field):
    status = judged({**ANSWERS, "starts_on": starts_on, "ends_on": ends_on})["project"]
    assert status.state is SectionState.FIX
    assert [(problem.code, problem.field) for problem in status.problems] == [(code, field)]


def test_a_section_of_two_days_alone_is_held_against_the_window():
    section = DEFAULT_FORM.section("project")
    form = Form("1", (Section("calendar", "?", section.fields[-2:]),))
    status = judged({"starts_on": "2027-01-01", "ends_on": "2027-12-31"}, form=form)["calendar"]
    assert [problem.code for problem in status.problems] == ["starts_too_early"]


def test_days_that_cannot_be_read_are_not_held_against_the_window():
    status = judged({**ANSWERS, "starts_on": "bientôt"})["project"]
    assert [problem.code for problem in status.problems] == ["not_a_date"]


def test_partners_count_by_the_kinds_they_bring_beside_the_lead():
    assert other_actor_kinds("ngo", ("ngo", "company", "company", "")) == 1
    begun = judged(extras=Extras("ngo", ("ngo", "company"), requirements=CALL))["partners"]
    assert (begun.state, begun.done, begun.total) == (SectionState.DOING, 1, 2)
    assert begun.problems == (Problem("too_few_actor_kinds", "partners", {"there": 1, "asked": 2}),)


def test_a_call_without_partners_makes_the_section_optional():
    extras = Extras(requirements=Requirements(min_actor_kinds=0))
    assert judged(extras=extras)["partners"].state is SectionState.OPTIONAL


def test_territories_are_asked_for_on_each_side():
    asked = Requirements(min_territories_here=1, min_territories_there=1)
    status = judged(extras=Extras(territories_there=2, requirements=asked))["territories"]
    assert (status.state, status.done, status.total) == (SectionState.DOING, 1, 2)
    assert [problem.code for problem in status.problems] == ["too_few_territories_here"]


def test_a_budget_that_does_not_balance_is_to_mend():
    status = judged(extras=Extras(budget=Totals(2_250_000, 2_165_000, 0, 0, 1_500_000), requirements=CALL))["budget"]
    assert (status.state, status.done, status.total) == (SectionState.FIX, 0, 1)
    assert status.problems == (Problem("unbalanced", "budget", {"gap": -85_000}),)


def test_an_empty_budget_is_to_mend_and_none_is_to_do():
    assert judged(extras=Extras(budget=NO_BUDGET))["budget"].state is SectionState.FIX
    none = judged(extras=Extras())["budget"]
    assert (none.state, none.done, none.total) == (SectionState.TODO, 0, 1)


TOO_MUCH = Totals(2_195_100, 2_195_100, 0, 0, 1_800_000)


def test_amounts_out_of_bounds_are_said_and_left_to_the_screening():
    status = judged(extras=Extras(budget=TOO_MUCH, requirements=CALL))["budget"]
    assert (status.state, status.done) == (SectionState.DONE, 1)
    codes = [problem.code for problem in status.problems]
    assert codes == ["above_ceiling", "rate_above_maximum", "other_cash_below_minimum"]
    assert missing((status,)) == ()


def test_amounts_out_of_bounds_block_where_the_call_says_so():
    strict = Requirements(bounds=CALL.bounds, bounds_block=True)
    status = judged(extras=Extras(budget=TOO_MUCH, requirements=strict))["budget"]
    assert (status.state, len(missing((status,)))) == (SectionState.FIX, 3)


def test_documents_are_asked_for_by_kind():
    status = judged(extras=Extras(documents=frozenset({"statutes", "other"})))["documents"]
    assert (status.state, status.done, status.total) == (SectionState.DOING, 1, 4)
    assert [problem.field for problem in status.problems] == ["accounts", "bank_statement", "partner_letters"]


@given(
    st.dictionaries(st.sampled_from([*ANSWERS, "unknown"]), st.text(max_size=60)),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(st.sampled_from(["ngo", "company", "union", ""])),
)
def test_a_draft_never_refuses_anything(answers, here, there, partners):
    extras = Extras("ngo", tuple(partners), here, there, BUDGET, frozenset(), CALL)
    statuses = completeness(DEFAULT_FORM, answers, extras)
    assert 0 <= percent(statuses) < 100
    assert all(0 <= status.done <= status.total for status in statuses)
    assert all((status.done == status.total) or status.problems for status in statuses)
    complete = {SectionState.DONE, SectionState.OPTIONAL}
    assert all((status.state in complete) is (not missing((status,))) for status in statuses)
