import numpy as np
import pytest

from sim.analysis.medians import SAMPLES, MedianPairs
from tests.synthetic import NAN


def pairs_of(first: object, second: object, last: int = 100) -> MedianPairs:
    pairs = MedianPairs(last)
    pairs.add(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    return pairs


def weeks(runs: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    luck = rng.exponential(size=runs)
    return np.floor(luck * 40), np.floor(luck * 50 + rng.exponential(size=runs) * 10)


def test_medians_by_hand() -> None:
    assert pairs_of([1, 2, 3, NAN], [5, 7, 7, 9]).medians() == (2.0, 7.0)
    first, second = pairs_of([1, NAN, NAN], [100, 101, 100]).medians()
    assert np.isnan(first) and second == 100  # week 101 no longer counts


def test_the_bootstrap_agrees_with_one_that_resamples_run_by_run() -> None:
    first, second = weeks(300)
    found = pairs_of(first, second, last=2000).bootstrap()
    chosen = np.random.default_rng(7).integers(0, 300, size=(4000, 300))
    medians = [np.sort(values[chosen], axis=1)[:, 149] for values in (first, second)]  # the 150th of 300 is half
    change = medians[0] - medians[1]
    assert found.error == pytest.approx(change.std(), rel=0.08)
    assert [found.low, found.high] == pytest.approx(np.percentile(change, [2.5, 97.5]), abs=1.01)
    saved = 1 - change.var() / (medians[0].var() + medians[1].var())
    assert found.variance_saved == pytest.approx(saved, abs=0.05)


def test_leaving_weeks_together_that_cannot_be_the_median_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = weeks(1500)
    near = pairs_of(first, second, last=600).bootstrap()
    monkeypatch.setattr("sim.analysis.medians._FAR", 1e9)
    whole = pairs_of(first, second, last=600).bootstrap()
    # Other cells meet other random numbers, so they agree as two bootstraps do.
    assert near.error == pytest.approx(whole.error, rel=0.08)
    assert abs(near.low - whole.low) <= 1 and abs(near.high - whole.high) <= 1


def test_parts_and_repetitions_give_the_same_numbers() -> None:
    first, second = weeks(500)
    parts = pairs_of(first[:100], second[:100])
    parts.add(first[100:], second[100:])
    assert parts.bootstrap() == pairs_of(first, second).bootstrap()


def test_the_interval_excludes_0_exactly_if_p_is_at_most_5_percent() -> None:
    seen = set()
    for shift in range(12):
        first, second = weeks(200, seed=11)
        found = pairs_of(first, first + np.where(second % 2 == 0, shift, 0), last=600).bootstrap()
        assert (found.high < 0 or found.low > 0) == (found.p_value <= 0.05)
        seen.add(found.p_value <= 0.05)
    assert seen == {True, False}


def test_the_bounds_are_percentiles_of_the_samples() -> None:
    pairs = pairs_of(*weeks(300), last=2000)
    medians = pairs._resampled()
    ends = np.quantile(medians[:, 0] - medians[:, 1], [0.025, 0.975], method="inverted_cdf")
    assert [pairs.bootstrap().low, pairs.bootstrap().high] == ends.tolist()
    assert len(np.unique(medians)) > 20  # fine enough to tell the bounds from their neighbours


def test_equal_weeks_are_the_same_and_clear_ones_have_the_smallest_p() -> None:
    first, second = weeks(400)
    same = pairs_of(first, first)
    assert same.same and not pairs_of(first, second).same
    assert (same.bootstrap().low, same.bootstrap().high, same.bootstrap().p_value) == (0, 0, 1)
    assert pairs_of(first, first + 30, last=600).bootstrap().p_value == 2 / (SAMPLES + 1)


@pytest.mark.slow
def test_the_interval_of_a_difference_of_medians_covers_it_95_times_in_100() -> None:
    # Medians of floor(40 E) and floor(50 E + 10 E'): by a large sample.
    one, two = weeks(1_000_001, seed=1)
    truth = np.median(one) - np.median(two)
    covered = []
    for seed in range(100):
        found = pairs_of(*weeks(400, seed=100 + seed), last=1000).bootstrap()
        covered.append(found.low <= truth <= found.high)
    assert 0.91 <= np.mean(covered) <= 1.0
