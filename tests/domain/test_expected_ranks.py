"""Expected ranks: the published table, the coverage, an independent computation, and inputs that say little."""

import json
from itertools import product, starmap

import numpy as np
import pytest

from grants.domain.expected_ranks import expected_ranks
from grants.domain.rank_report import CAUTIONS, Grade, rank_report
from tests.proofs import ranks
from tests.proofs.panels import Design, published_grades, simulated

pytestmark = pytest.mark.pure


def panel(**grades_by_file):
    return [
        Grade(file, f"r{seat}", grade)
        for file, grades in grades_by_file.items()
        for seat, grade in enumerate(grades)
        if grade != "-"
    ]


def codes(report):
    return {caution.code for caution in report.cautions}


def by_name(report):
    return {one.application: one for one in report.standings}


def test_the_published_table_is_reproduced_and_the_published_group_is_cut():
    claims = list(ranks.the_published_table(range(2)))
    assert [claim for claim in claims if not claim.holds] == []
    group = expected_ranks(published_grades(), 5).line_group
    assert sorted(group) == ["#2", "#3", "#4", "#5", "#6"]


def test_intervals_hold_the_true_rank_as_often_as_they_say():
    assert [claim for claim in ranks.the_coverage(40) if not claim.holds] == []


def by_brute_force(grades, draws, generator):
    """The same model without any shortcut: the whole covariance of the grades, on a grid, then dense normal draws."""
    files, seats = (sorted({row[place] for row in grades}) for place in (0, 1))
    y = np.array([row.grade for row in grades])
    scale, y = y.std(), y - y.mean()
    z = np.array([[row.application == name for name in files] for row in grades], dtype=float)
    w = np.array([[row.reviewer == name for name in seats] for row in grades], dtype=float)
    wide, noisy = (np.arange(24) + 0.5) / 24 * 2 * scale, (np.arange(40) + 0.5) / 40 * 2 * scale
    cells, weights, means, covariances = list(product(wide, wide, noisy)), [], [], []
    for a, r, s in cells:
        whole = a**2 * z @ z.T + r**2 * w @ w.T + s**2 * np.eye(len(y)) + 1e4 * np.ones((len(y), len(y)))
        inverse = np.linalg.inv(whole)
        weights.append(np.log(s) - np.linalg.slogdet(whole)[1] / 2 - y @ inverse @ y / 2)
        means.append(a**2 * z.T @ inverse @ y)
        covariances.append(a**2 * np.eye(len(files)) - a**4 * z.T @ inverse @ z)
    chances = np.exp(np.array(weights) - max(weights))
    chosen = generator.choice(len(cells), draws, p=chances / chances.sum())
    worth = np.array(
        [means[c] + np.linalg.cholesky(covariances[c]) @ generator.standard_normal(len(files)) for c in chosen]
    )
    return dict(zip(files, (-worth).argsort(axis=1).argsort(axis=1).mean(axis=0) + 1, strict=True))


@pytest.mark.parametrize(
    "grades",
    [
        panel(a=(5, 4, "-"), b=(3, "-", 4), c=("-", 5, 3), d=(2, 2, 1), e=(4, 3, 3)),
        panel(a=(5, 4, "-", 6, 3, 5), b=(3, "-", 4, 4, 2, "-"), c=("-", 5, 3, 5, 1, 4)),  # more reviewers than files
    ],
)
def test_an_independent_computation_finds_the_same(grades):
    found = by_name(expected_ranks(grades, 2))
    slow = by_brute_force(grades, 30_000, np.random.default_rng(3))
    for name, rank in slow.items():
        assert found[name].expected_rank == pytest.approx(rank, abs=0.04)


def test_the_probabilities_are_those_of_one_set_of_ranks():
    _, grades = simulated(Design(17, 6, 3), np.random.default_rng(5))
    report = expected_ranks(grades, 4)
    assert sum(one.expected_rank for one in report.standings) == pytest.approx(17 * 18 / 2)
    assert sum(one.probability_first for one in report.standings) == pytest.approx(1)
    assert sum(one.probability_above for one in report.standings) == pytest.approx(4)
    for one in report.standings:
        assert sum(one.rank_distribution) == pytest.approx(1, abs=1e-3)
        assert one.probability_above == pytest.approx(sum(one.rank_distribution[:4]), abs=1e-3)
        assert one.sucra == pytest.approx((17 - one.expected_rank) / 16)
        assert one.interval_90.low <= one.interval_50.low <= one.interval_50.high <= one.interval_90.high
    assert [one.expected_rank for one in report.standings] == sorted(one.expected_rank for one in report.standings)
    assert report.line == report.standings[3].expected_rank


def test_a_long_distribution_is_told_by_steps_of_ranks():
    _, grades = simulated(Design(250, 10, 2), np.random.default_rng(5))
    first = expected_ranks(grades, 20).standings[0]
    assert first.rank_step == 3
    assert len(first.rank_distribution) == 84
    assert sum(first.rank_distribution) == pytest.approx(1, abs=1e-2)


def test_the_order_of_the_grades_and_their_scale_change_nothing_and_the_seed_little():
    grades = published_grades()
    report = expected_ranks(grades, 5, seed=7)
    assert expected_ranks(list(reversed(grades)), 5, seed=7) == report
    percent = expected_ranks([row._replace(grade=20 * row.grade - 20) for row in grades], 5, seed=7)
    assert [one.expected_rank for one in percent.standings] == [one.expected_rank for one in report.standings]
    other = by_name(expected_ranks(grades, 5, seed=8))
    assert all(
        other[one.application].expected_rank == pytest.approx(one.expected_rank, abs=0.05) for one in report.standings
    )


def test_a_report_comes_back_from_json_as_it_was():
    grades = [*panel(a=(1, 2, 3), b=(2, 4, 4), c=(None, None, None), d=(5, 5, 4))]
    report = expected_ranks(grades, 2)
    assert rank_report(json.loads(json.dumps(report.as_json()))) == report


def test_progress_goes_from_little_to_all():
    told = []
    _, grades = simulated(Design(60, 10, 3), np.random.default_rng(1))
    expected_ranks(grades, 5, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 10


def test_a_severe_reviewer_is_told_and_does_not_pull_down_the_files_that_were_met():
    """Two files of the same worth: one was read by the severe reviewer, the other by the kind one."""
    generator = np.random.default_rng(2)
    rows = []
    for file in range(30):
        rows += [
            Grade(f"f{file:02}", f"r{seat}", 4 + (-2, 0, 1)[seat] + float(generator.normal(0, 0.6)))
            for seat in ((0, 1), (1, 2), (0, 2))[file % 3]
        ]
    report = expected_ranks(rows, 5)
    assert [one.reviewer for one in report.reviewers] == ["r0", "r1", "r2"]
    assert report.reviewers[0].severity == pytest.approx(2 - 1 / 3, abs=0.4)
    assert report.reviewers[0].interval_95.low > 1
    unlucky = [one for one in report.standings if int(one.application[1:]) % 3 == 0]
    lucky = [one for one in report.standings if int(one.application[1:]) % 3 == 1]
    assert np.mean([one.mean for one in lucky]) - np.mean([one.mean for one in unlucky]) > 1
    difference = np.mean([one.expected_rank for one in unlucky]) - np.mean([one.expected_rank for one in lucky])
    assert abs(difference) < 5


def test_a_missing_grade_is_missing_and_not_a_zero():
    full = panel(a=(5, 4, 5), b=(4, 4, 4), c=(2, 3, 2), d=(3, 3, 4))
    holed = [row._replace(grade=None) if row[:2] == ("a", "r0") else row for row in full]
    absent = [row for row in full if row[:2] != ("a", "r0")]
    with_none, without = by_name(expected_ranks(holed, 2)), by_name(expected_ranks(absent, 2))
    assert with_none["a"].expected_rank == without["a"].expected_rank
    assert (with_none["a"].mean, with_none["a"].n, with_none["a"].coverage) == (4.5, 2, pytest.approx(2 / 3))
    assert without["a"].coverage == 1


def test_a_file_without_grades_has_no_rank_and_moves_nobody():
    some = panel(a=(5, 4, 5), b=(4, 4, 4), c=(2, 3, 2))
    more = [*some, Grade("z", "r0", None)]
    report = expected_ranks(more, 2)
    last = report.standings[-1]
    assert (last.application, last.n, last.mean, last.spread, last.coverage) == ("z", 0, None, None, 0)
    assert (last.expected_rank, last.interval_50, last.sucra, last.probability_above) == (None,) * 4
    assert report.standings[:-1] == expected_ranks(some, 2).standings
    assert "ungraded" in codes(report)


def test_equal_grades_leave_every_rank_as_likely_as_every_other():
    report = expected_ranks(panel(a=(3, 3), b=(3, 3), c=(3, 3), d=(3, 3), e=(3, 3)), 2)
    for one in report.standings:
        assert one.expected_rank == 3
        assert one.sucra == 0.5
        assert one.rank_distribution == (0.2,) * 5
    assert report.line_group == ("a", "b", "c", "d", "e")
    assert "all_equal" in codes(report)


def test_what_the_writing_of_numbers_alone_tells_apart_is_equal():
    report = expected_ranks(panel(a=(0.3, 0.3), b=(0.1 + 0.2, 0.3)), 1)
    assert "all_equal" in codes(report)


@pytest.mark.parametrize("seed", range(40))
def test_small_strange_panels_get_finite_answers(seed):
    die = np.random.default_rng(seed)
    scale, far = 10.0 ** die.integers(-9, 10), float(die.choice([0, 0, 1e6]))
    grades = [
        Grade(f"a{file}", f"r{seat}", far + scale * float(die.integers(0, 3)))
        for file in range(int(die.integers(1, 7)))
        for seat in range(int(die.integers(1, 8)))
        if die.random() < 0.7 or (file, seat) == (0, 0)
    ]
    report = expected_ranks(grades, 1, seed=seed)
    files = len(report.standings)
    assert sum(one.expected_rank for one in report.standings) == pytest.approx(files * (files + 1) / 2, abs=1e-4)
    assert all(1 <= one.interval_90.low <= one.interval_90.high <= files for one in report.standings)


def test_one_application_is_first_and_one_reviewer_is_warned_about():
    alone = expected_ranks(panel(a=(3, 4, 2)), 1)
    assert alone.standings[0].expected_rank == 1
    assert alone.standings[0].interval_90 == (1, 1)
    assert "one_application" in codes(alone)
    taste = expected_ranks(panel(a=(1,), b=(2,), c=(3,), d=(5,)), 2)
    assert {"one_reviewer", "few_grades"} <= codes(taste)
    assert [one.application for one in taste.standings] == ["d", "c", "b", "a"]
    assert taste.standings[0].interval_90.high > 3  # nobody knows how much of a grade is noise


def test_perfect_agreement_leaves_little_doubt_where_grades_differ_and_all_where_they_do_not():
    report = by_name(expected_ranks(panel(a=(6,) * 5, b=(5,) * 5, c=(5,) * 5, d=(3,) * 5, e=(1,) * 5), 2))
    assert report["a"].expected_rank == pytest.approx(1, abs=0.05)
    assert report["e"].expected_rank == pytest.approx(5, abs=0.05)
    assert report["b"].expected_rank == pytest.approx(2.5, abs=0.05)
    assert report["c"].expected_rank == pytest.approx(2.5, abs=0.05)


def test_groups_without_a_common_reviewer_are_found_and_warned_about():
    apart = [*starmap(Grade, [("a", "x", 5), ("b", "x", 4), ("c", "y", 2), ("d", "y", 3), ("d", "z", 3)])]
    report = expected_ranks(apart, 2)
    assert report.groups == (("a", "b"), ("c", "d"))
    assert "disconnected" in codes(report)
    joined = expected_ranks([*apart, Grade("b", "z", 4)], 2)
    assert joined.groups == (("a", "b", "c", "d"),)
    assert "disconnected" not in codes(joined)


def test_every_caution_has_its_words():
    assert {"disconnected", "one_reviewer", "one_application", "all_equal", "ungraded", "few_grades"} == set(CAUTIONS)


@pytest.mark.parametrize(
    ("grades", "places", "words"),
    [
        ([], 1, "no grade"),
        ([Grade("a", "r", None)], 1, "no grade"),
        (panel(a=(1, 2), b=(2, 3)), 0, "between 1 and 2"),
        (panel(a=(1, 2), b=(2, 3)), 3, "between 1 and 2"),
        (panel(a=(1, 2), b=(float("nan"), 3)), 1, "a grade lies between"),
        (panel(a=(1, 2), b=(float("inf"), 3)), 1, "a grade lies between"),
        ([Grade("a", "r", 1), Grade("a", "r", 2), Grade("b", "r", 2)], 1, "'a' is graded twice by 'r'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(grades, places, words):
    with pytest.raises(ValueError, match=words):
        expected_ranks(grades, places)
