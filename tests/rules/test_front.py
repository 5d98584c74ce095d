"""Land is neither made nor lost when it changes hands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.front import attack_on_axes, lagged, move_front, open_axis

WHOLE = np.array([100.0, 100.0, 100.0, 100.0])
SHARES = np.array([0.5, 0.3, 0.2, 0.0])


def test_an_advance_is_shared_by_axis():
    # 10 km² by 0.5, 0.3, 0.2, 0
    after = move_front(np.full(4, 50.0), WHOLE, SHARES, 10.0)
    np.testing.assert_allclose(after, [45.0, 47.0, 48.0, 50.0])


def test_what_an_empty_oblast_cannot_take_goes_to_the_others():
    # Luhansk has 2 of its 5; the rest, 8, is shared 0.3 : 0.2 = 4.8 : 3.2.
    after = move_front(np.array([2.0, 50.0, 50.0, 50.0]), WHOLE, SHARES, 10.0)
    np.testing.assert_allclose(after, [0.0, 45.2, 46.8, 50.0])


def test_overflow_may_cascade():
    # 5, 3, 2 empty Luhansk (1) and Donetsk (1); 8 left for Zaporizhzhia.
    after = move_front(np.array([1.0, 1.0, 50.0, 50.0]), WHOLE, SHARES, 10.0)
    np.testing.assert_allclose(after, [0.0, 0.0, 42.0, 50.0])


def test_without_a_share_left_the_open_oblasts_share_equally():
    after = move_front(np.array([0.0, 0.0, 0.0, 50.0]), WHOLE, SHARES, 10.0)
    np.testing.assert_allclose(after, [0.0, 0.0, 0.0, 40.0])


def test_ukraine_gains_along_the_same_axes_and_never_more_than_an_oblast():
    after = move_front(np.array([50.0, 99.0, 50.0, 50.0]), WHOLE, SHARES, -10.0)
    # 5, 3, 2: Donetsk has room for 1, its other 2 go 0.5 : 0.2 to Luhansk and Zaporizhzhia.
    np.testing.assert_allclose(after, [55.0 + 2 * 5 / 7, 100.0, 52.0 + 2 * 2 / 7, 50.0])


def test_full_control_is_exactly_zero():
    left = np.array([190.1, 7891.5, 7254.7, 7100.5])
    assert (move_front(left, np.full(4, 3e4), SHARES, 1e9) == 0.0).all()
    assert (move_front(left, np.full(4, 3e4), np.array([0.04, 0.92, 0.03, 0.01]), left.sum() + 1e-6) == 0.0).all()


def test_nothing_moves_without_an_advance():
    left = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(move_front(left, WHOLE, SHARES, 0.0), left)


areas = st.lists(st.floats(0, 100), min_size=4, max_size=4).map(np.array)
shares = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(left=areas, axes=shares, advance=st.floats(-500, 500))
def test_every_square_kilometre_is_accounted_for(left, axes, advance):
    after = move_front(left, WHOLE, axes, advance)
    assert ((after >= 0) & (after <= WHOLE)).all()
    possible = min(advance, left.sum()) if advance > 0 else -min(-advance, (WHOLE - left).sum())
    assert left.sum() - after.sum() == pytest.approx(possible, abs=1e-9)
    assert ((left - after) * np.sign(advance) >= 0).all()


def test_runs_do_not_mix():
    left = np.array([[50.0] * 4, [10.0] * 4])
    both = move_front(left, WHOLE, np.stack([SHARES, SHARES]), np.array([10.0, 30.0]))
    for run, advance in enumerate((10.0, 30.0)):
        np.testing.assert_array_equal(both[run], move_front(left[run], WHOLE, SHARES, advance))


def test_a_stock_follows_its_flow():
    # Flow halves, lag 10 weeks: 1 + (0.5 - 1) / 10 = 0.95, then 0.95 - 0.45 / 10 = 0.905
    assert lagged(1.0, 0.5, 10.0, 1.0) == pytest.approx(0.95)
    assert lagged(0.95, 0.5, 10.0, 1.0) == pytest.approx(0.905)


def test_a_stock_with_the_shortest_lag_is_its_flow():
    assert lagged(1.0, 0.5, 1.0, 1.0) == 0.5
    assert lagged(1.0, 0.5, 0.5, 1.0) == 0.5  # never beyond it


def test_the_last_square_kilometres_count_as_land():
    """An oblast is attacked until it is exactly empty, and has nothing to attack only then."""
    left, none, one = np.array([0.5, 0.0, 0.0, 0.0]), np.zeros(4, dtype=bool), np.array([True] + [False] * 3)
    assert open_axis(left, none, True, 0.5).tolist() == one.tolist()
    assert attack_on_axes(left, one, SHARES, 0.25)[1] == 1.25
    np.testing.assert_allclose(move_front(left, WHOLE, SHARES, 0.25), [0.25, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(move_front(WHOLE - left, WHOLE, SHARES, -0.25), WHOLE - [0.25, 0.0, 0.0, 0.0])


def test_a_new_axis_opens_where_land_is_left_and_none_is_open():
    left, axes = np.array([0.0, 5.0, 5.0, 5.0]), np.array([False, True, False, False])
    places = [open_axis(left, axes, True, luck).tolist() for luck in (1e-9, 0.5, 0.5 + 1e-9, 1 - 1e-9)]
    assert places == [[False, True, True, False]] * 2 + [[False, True, False, True]] * 2


@pytest.mark.parametrize(("opens", "axes"), [(False, [False] * 4), (True, [True] * 4)])
def test_no_axis_opens_without_cause_or_place(opens, axes):
    assert open_axis(np.ones(4), np.array(axes), opens, 0.5).tolist() == axes


def test_an_axis_adds_to_the_attack_as_long_as_land_is_left():
    left, axes = np.array([0.0, 5.0, 5.0, 5.0]), np.array([True, True, True, False])
    shares, wider = attack_on_axes(left, axes, SHARES, 0.25)
    np.testing.assert_allclose(shares, [0.5, 0.55, 0.45, 0.0])
    assert wider == 1.5
