"""The geometry of the drawings."""

from datetime import date

import pytest

from grants.web.kit import charts

pytestmark = pytest.mark.pure

AXES = ["Gouvernance", "Modèle économique", "Partenariats", "Utilité sociale", "Communication", "Numérique"]


def test_the_first_direction_points_up_and_the_others_turn_clockwise() -> None:
    assert charts.polar((200, 145), 100, 0, 4) == (200, 45)
    assert charts.polar((200, 145), 100, 1, 4) == (300, 145)
    assert charts.polar((200, 145), 100, 2, 4) == (200, 245)


def test_a_radar_has_a_ring_for_each_mark_and_a_spoke_for_each_axis() -> None:
    drawn = charts.radar(AXES, [1] * 6, [5] * 6)
    assert len(drawn.rings) == 5
    assert len(drawn.spokes) == len(drawn.labels) == 6
    assert drawn.after == drawn.rings[4]
    assert drawn.before == drawn.rings[0]


def test_a_radar_at_one_date_draws_nothing_for_the_other() -> None:
    drawn = charts.radar(AXES, None, [3] * 6)
    assert drawn.before == ""
    assert drawn.before_marks == ()
    assert len(drawn.after_marks) == 6


def test_a_radar_refuses_a_date_that_misses_an_axis() -> None:
    with pytest.raises(ValueError, match="one mark for each axis"):
        charts.radar(AXES, [1, 2], None)


def test_names_hang_on_the_side_of_their_axis_and_long_ones_take_two_lines() -> None:
    labels = charts.radar(AXES, None, None).labels
    assert [label.anchor for label in labels] == ["middle", "start", "start", "middle", "end", "end"]
    assert labels[1].lines == ("Modèle", "économique")
    assert labels[3].lines == ("Utilité sociale",)


def test_dots_stand_in_order_between_the_ends_of_the_scale() -> None:
    drawn = charts.dots([74, 42, 58])
    assert drawn.marks == tuple(sorted(drawn.marks))
    assert (drawn.x1, drawn.x2) == (drawn.marks[0], drawn.marks[-1])
    assert drawn.x1 < drawn.xm < drawn.x2
    assert charts.dots([30, 100]).marks == (6, 122)


def test_a_score_under_the_scale_stands_at_its_left_end() -> None:
    assert charts.dots([12]).marks == (6,)


def test_dots_refuse_an_empty_strip() -> None:
    with pytest.raises(ValueError, match="needs a score"):
        charts.dots([])


def test_a_summary_says_what_the_dots_show() -> None:
    assert charts.summary([42, 58, 74]) == charts.Summary(mean=58, spread=32, low=42, high=74, count=3)


def test_months_run_across_years() -> None:
    shown = charts.months(date(2026, 11, 20), date(2027, 2, 1))
    assert shown == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2026, 3, 12), date(2026, 3, 12), charts.Bar(0, 1)),
        (date(2026, 9, 1), date(2026, 11, 30), charts.Bar(6, 3)),
        (date(2025, 1, 1), date(2026, 4, 2), charts.Bar(0, 2)),
        (date(2027, 1, 1), date(2028, 1, 1), charts.Bar(10, 2)),
        (date(2030, 1, 1), date(2031, 1, 1), charts.Bar(11, 1)),
        (date(2020, 1, 1), date(2020, 2, 1), charts.Bar(0, 1)),
    ],
)
def test_a_bar_stays_inside_the_months_shown(starts_on: date, ends_on: date, expected: charts.Bar) -> None:
    assert charts.bar(starts_on, ends_on, charts.months(date(2026, 3, 1), date(2027, 2, 1))) == expected


def test_a_strip_places_a_figure_and_its_intervals_on_one_scale() -> None:
    drawn = charts.strip(3, (2, 4), (1, 9), (1, 11), (6, 40))
    assert drawn.value == 6 + 188 * 0.2
    assert drawn.inner == (6 + 188 * 0.1, 6 + 188 * 0.3)
    assert drawn.outer == (6, 6 + 188 * 0.8)
    assert drawn.marks == (6 + 188 * 0.5, 194), "what lies beyond the scale stands at its end"
    assert charts.strip(None, None, None, (0, 0)).value is None


def test_a_histogram_fills_its_height_and_names_some_of_its_columns() -> None:
    drawn = charts.histogram([0.1, 0.4, 0.2] + [0.0] * 18, 1, 7)
    assert len(drawn.columns) == 21
    assert max(one.height for one in drawn.columns) == drawn.columns[1].height == 120
    assert drawn.columns[0].height == 30
    assert [one.foot for one in drawn.columns if one.foot] == ["1", "4", "7", "10", "13", "16", "19"]
    assert drawn.mark == drawn.columns[6].middle
    assert charts.histogram([], 1).columns == ()
