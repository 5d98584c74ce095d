import numpy as np
import pytest

from sim.analysis.intervals import mean_interval, paired_difference, wilson
from sim.analysis.moments import Moments


@pytest.mark.parametrize(
    ("count", "runs", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(count: int, runs: int, low: float, high: float) -> None:
    # The four examples of R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    assert wilson(count, runs) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_solves_its_own_equation() -> None:
    # A bound is a share from which the observed one lies exactly 1.96 standard errors away.
    for bound in wilson(7, 40):
        assert abs(7 / 40 - bound) / np.sqrt(bound * (1 - bound) / 40) == pytest.approx(1.959964, abs=1e-6)


def test_wilson_ends_exactly_at_shares_of_0_and_1() -> None:
    low, high = wilson([0, 2000], 2000)
    assert low[0] == 0.0 and high[1] == 1.0
    assert 0 < high[0] < 0.002 and 0.998 < low[1] < 1


def test_mean_interval_by_hand() -> None:
    # Deviations -3, -1, 1, 3: variance 20/3, standard error of the mean sqrt(20/3/4) = 1.29099.
    mean, low, high = (float(bound[0]) for bound in mean_interval(Moments.of([1, 3, 5, 7])))
    assert (mean, low, high) == (4.0, pytest.approx(4 - 1.959964 * 1.290994), pytest.approx(4 + 1.959964 * 1.290994))


def test_the_mean_of_one_run_has_no_interval() -> None:
    mean, low, high = (float(bound[0]) for bound in mean_interval(Moments.of([5.0])))
    assert mean == 5.0 and np.isnan(low) and np.isnan(high)


def test_paired_difference_by_hand() -> None:
    # Bonett and Price with 20 and 10 discordant of 100: shares 21/102 and 11/102, centre 10/102,
    # variance (32/102 - (10/102)^2) / 102.
    result = paired_difference(both=40, only_first=20, only_second=10, pairs=100)
    half = 1.959964 * np.sqrt((32 / 102 - (10 / 102) ** 2) / 102)
    assert result.difference == pytest.approx(0.1)
    assert result.low == pytest.approx(10 / 102 - half, abs=1e-6)
    assert result.high == pytest.approx(10 / 102 + half, abs=1e-6)
    # Independent runs: (0.6 * 0.4 + 0.5 * 0.5) / 100; pairs: (0.3 - 0.01) / 100.
    assert result.variance_saved == pytest.approx(1 - 0.29 / 0.49)


def test_pairs_that_agree_in_every_run_leave_a_narrow_interval_around_0() -> None:
    result = paired_difference(both=500, only_first=0, only_second=0, pairs=2000)
    assert result.difference == 0 and result.variance_saved == 1
    assert -0.0015 < result.low < 0 < result.high < 0.0015


def test_pairs_without_any_variation_save_nothing_that_can_be_measured() -> None:
    for both in (0, 50):
        assert np.isnan(paired_difference(both, 0, 0, 50).variance_saved)


def test_pairing_can_hurt() -> None:
    assert paired_difference(both=0, only_first=50, only_second=50, pairs=100).variance_saved == pytest.approx(-1.0)


def test_the_interval_of_opposite_outcomes_stays_within_its_limits() -> None:
    result = paired_difference(both=0, only_first=3, only_second=0, pairs=3)
    assert -1 <= result.low < result.high <= 1


@pytest.mark.parametrize("pairs", [100, 1000])
@pytest.mark.parametrize(
    ("both", "first", "second"),
    [(0.20, 0.05, 0.05), (0.05, 0.10, 0.01), (0.40, 0.02, 0.10), (0.01, 0.03, 0.03), (0.0, 0.30, 0.25)],
)
def test_the_paired_interval_covers_the_truth_95_times_in_100(
    pairs: int, both: float, first: float, second: float
) -> None:
    rng = np.random.default_rng(20250519)
    counts = rng.multinomial(pairs, [both, first, second, 1 - both - first - second], size=20_000)
    result = paired_difference(counts[:, 0], counts[:, 1], counts[:, 2], pairs)
    covered = np.mean((result.low <= first - second) & (first - second <= result.high))
    # With six discordant runs expected, the added pair of runs makes it cautious.
    assert 0.94 < covered < (0.98 if pairs > 100 else 0.99)
