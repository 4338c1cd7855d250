"""The fairness lens: silent on nothing, heard on something, and saying little of few."""

import json
from dataclasses import replace

import numpy as np
import pytest

from grants.domain.fairness import MINIMUM, File, Lens, Reading, fairness_report
from grants.domain.fairness_lens import fairness
from tests.proofs import fair_panels
from tests.proofs.fair_panels import Wrong

pytestmark = pytest.mark.pure


def panel(wrong=None, shape=(60, 12, 3), seed=6):
    return fair_panels.panel(shape, np.random.default_rng(seed), wrong or Wrong())


def found(report, lens, about=""):
    return next(one for one in report.findings if one.lens is lens and one.about == about)


def test_where_nothing_is_wrong_few_panels_ring_any_alarm():
    assert fair_panels.the_silence(100).holds


def test_where_something_is_wrong_it_is_heard():
    assert [claim for claim in fair_panels.the_alarms(10) if not claim.holds] == []


def test_severity_is_the_difference_of_means_when_all_read_all():
    grades = {"kind": (5, 4, 5, 3, 4, 5), "fair": (4, 4, 3, 3, 4, 3), "hard": (2, 3, 2, 2, 1, 2)}
    readings = [Reading(f"f{i}", who, grade) for who, row in grades.items() for i, grade in enumerate(row)]
    report = fairness(readings)
    mean = np.mean(list(grades.values()))
    for who, row in grades.items():
        one = found(report, Lens.SEVERITY, who)
        assert one.estimate == pytest.approx(mean - np.mean(row), abs=1e-6)
        assert one.low < one.estimate < one.high
        assert one.n == 6
    assert report.findings[0].about == "hard"
    assert {one.about for one in report.alarms} == {"hard", "kind"}


def test_every_lens_speaks_when_it_has_enough_to_look_at():
    report = fairness(*panel())
    assert {one.lens for one in report.findings} == set(Lens)
    assert found(report, Lens.TERRITORY, "territory 0").n >= MINIMUM[Lens.TERRITORY]
    assert all(one.low <= one.estimate <= one.high for one in report.findings)


def test_a_drift_is_told_in_points_from_the_first_to_the_last_reading():
    drift = found(fairness(*panel(Wrong(drift=-1.5), shape=(120, 12, 3))), Lens.DRIFT)
    assert drift.estimate == pytest.approx(-1.4, abs=0.3)
    assert drift.alarm


def test_when_all_read_in_the_same_order_drift_and_worth_cannot_be_told_apart():
    readings, files = panel(shape=(30, 5, 5))
    same = [replace(row, order=float(row.application.split()[1])) for row in readings]
    report = fairness(same, files)
    assert Lens.DRIFT not in {one.lens for one in report.findings if not one.about}
    assert (Lens.DRIFT, "", 150) in {one[:3] for one in report.silences}


def test_without_orders_criteria_or_facts_those_lenses_do_not_exist():
    readings, _ = panel()
    bare = [replace(row, order=None, criteria={}) for row in readings]
    report = fairness(bare)
    assert {one.lens for one in report.findings} == {Lens.SEVERITY}


def test_under_the_minimum_a_lens_is_silent_and_says_so():
    readings, files = panel(shape=(8, 4, 2))
    report = fairness(readings, files)
    said = {(one.lens, one.about) for one in report.findings}
    silent = {(one.lens, one.about): one for one in report.silences}
    assert not said & set(silent)
    for lens in (Lens.REQUESTED_SIZE, Lens.FIRST_TIME, Lens.TERRITORY):
        assert lens not in {one for one, _ in said}
        assert lens in {one for one, _ in silent}
    assert silent[Lens.REQUESTED_SIZE, ""].needed == 20


def test_one_reader_a_file_says_nothing_of_anybody():
    readings = [
        Reading(f"f{i}", f"r{i % 3}", float(i % 5), float(i), {"a": 1.0 * (i % 5), "b": 2.0}) for i in range(60)
    ]
    assert not [one for one in fairness(readings).findings if one.lens in (Lens.SEVERITY, Lens.DRIFT)]


def test_one_reviewer_and_no_reading_at_all_are_no_error():
    assert fairness([]).findings == ()
    alone = fairness([Reading(f"f{i}", "r", float(i % 4)) for i in range(30)], [File(f"f{i}", "x") for i in range(30)])
    assert alone.alarms == ()


def test_equal_grades_ring_no_alarm():
    readings, files = panel()
    flat = [replace(row, grade=3.0, criteria=dict.fromkeys(row.criteria, 3.0)) for row in readings]
    assert fairness(flat, files).alarms == ()


def test_a_territory_read_by_its_own_reviewers_alone_cannot_be_told_from_them():
    readings = [
        Reading(f"f{i}", f"{'north' if i % 2 else 'south'} {j}", 3.0 + (i % 2) + ((i * j) % 3) / 3)
        for i in range(40)
        for j in range(3)
    ]
    files = [File(f"f{i}", "north" if i % 2 else "south") for i in range(40)]
    report = fairness(readings, files)
    assert Lens.TERRITORY in {one.lens for one in report.silences}
    assert Lens.TERRITORY not in {one.lens for one in report.findings}


def test_the_order_of_the_arguments_changes_nothing():
    readings, files = panel()
    assert fairness(readings[::-1], files[::-1]) == fairness(readings, files)


def test_a_report_comes_back_from_json_as_it_was():
    report = fairness(*panel(shape=(24, 8, 2)))
    assert fairness_report(json.loads(json.dumps(report.as_json()))) == report


def test_a_file_read_twice_by_one_person_is_refused():
    with pytest.raises(ValueError, match="twice"):
        fairness([Reading("f", "r", 1), Reading("f", "r", 2)])
