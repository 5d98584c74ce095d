import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff

from sim.analysis.estimators import aalen_johansen, kaplan_meier, logrank, restricted_mean
from sim.analysis.intervals import wilson

WEEKS = 30


def lives(runs: int = 80, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Weeks with many ties, and what happened then: 0 nothing more is known, 1 or 2 an event."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, WEEKS, runs), rng.integers(0, 3, runs)


def counted(time: np.ndarray, status: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    events = np.stack([np.bincount(time[status == kind], minlength=WEEKS) for kind in (1, 2)])
    out = np.bincount(time, minlength=WEEKS)
    return events, out[::-1].cumsum()[::-1]


def test_cumulative_incidence_by_hand() -> None:
    # Ten runs: two ceasefires in week 0, two runs end after it, of the six left one event of each kind in week 1.
    found = aalen_johansen(np.array([[2, 1], [0, 1]]), np.array([10, 6]))
    assert found.share.tolist() == pytest.approx(np.array([[0.2, 0.2 + 0.8 / 6], [0, 0.8 / 6]]))


def test_cumulative_incidence_agrees_with_statsmodels_with_ties_and_censoring() -> None:
    time, status = lives()
    events, at_risk = counted(time, status)
    found, theirs = aalen_johansen(events, at_risk), CumIncidenceRight(time.astype(float), status)
    for kind in (0, 1):
        assert found.share[kind][theirs.times.astype(int)] == pytest.approx(theirs.cinc[kind])


def test_one_event_alone_is_one_minus_kaplan_meier() -> None:
    time, status = lives()
    events, at_risk = counted(time, status)
    either = events.sum(axis=0)
    assert aalen_johansen(either[None], at_risk).share[0] == pytest.approx(1 - kaplan_meier(either, at_risk).share)


def test_without_censoring_it_is_a_count_with_wilsons_interval() -> None:
    time, status = lives()
    time, status = time[status > 0], status[status > 0]
    events, at_risk = counted(time, status)
    found = aalen_johansen(events, at_risk)
    low, high = wilson(events.cumsum(axis=1), len(time))
    assert np.array_equal(found.share, events.cumsum(axis=1) / len(time))
    assert np.array_equal(found.low, low) and np.array_equal(found.high, high)


def test_a_run_too_many_that_is_censored_at_the_end_changes_the_formula_but_hardly_the_interval() -> None:
    # The general formula in a case in which the exact one is almost right: one of 1,000 runs is censored at once.
    rng = np.random.default_rng(4)
    time, status = rng.integers(1, WEEKS, 1000), rng.integers(1, 3, 1000)
    exact = aalen_johansen(*counted(time, status))
    general = aalen_johansen(*counted(np.append(time, 0), np.append(status, 0)))
    assert general.share == pytest.approx(exact.share, abs=1e-12)
    assert general.low[:, 5:] == pytest.approx(exact.low[:, 5:], rel=1e-6)
    assert general.high[:, 5:] == pytest.approx(exact.high[:, 5:], rel=1e-6)


def test_the_interval_of_a_censored_incidence_covers_it_95_times_in_100() -> None:
    covered, rng = [], np.random.default_rng(6)
    for _ in range(600):
        event, kind, end = rng.geometric(0.05, 200) - 1, rng.integers(1, 3, 200), rng.integers(5, 60, 200)
        seen = (event <= end) & (event < WEEKS)
        time = np.minimum(np.where(seen, event, end), WEEKS - 1)
        found = aalen_johansen(*counted(time, np.where(seen, kind, 0)))
        covered.append(found.low[0, 19] <= (1 - 0.95**20) / 2 <= found.high[0, 19])
    assert 0.93 <= np.mean(covered) <= 0.97


def test_survival_and_its_error_agree_with_statsmodels() -> None:
    time, status = lives()
    events, at_risk = counted(time, status)
    found = kaplan_meier(events.sum(axis=0), at_risk)
    theirs = SurvfuncRight(time.astype(float), (status > 0).astype(int))
    at = theirs.surv_times.astype(int)
    assert found.share[at] == pytest.approx(theirs.surv_prob)
    inside = (theirs.surv_prob > 0) & (theirs.surv_prob < 1)
    prob, error = theirs.surv_prob[inside], theirs.surv_prob_se[inside]
    stretch = np.exp(1.959963985 * error / (prob * -np.log(prob)))
    assert found.low[at][inside] == pytest.approx(prob**stretch, rel=1e-6)
    assert found.high[at][inside] == pytest.approx(prob ** (1 / stretch), rel=1e-6)


def test_survival_by_hand_at_its_ends() -> None:
    found = kaplan_meier(np.array([0, 1, 1]), np.array([2, 2, 1]))
    assert found.share.tolist() == [1, 0.5, 0]
    assert found.low[0] == wilson(2, 2)[0] and found.high[0] == 1
    assert found.low[2] == 0 and found.high[2] == found.high[1] < 1


def test_the_restricted_mean_is_the_mean_while_nobody_is_censored() -> None:
    time = np.array([1, 1, 4, 7])
    ended = np.bincount(time, minlength=10)
    at_risk = ended[::-1].cumsum()[::-1]
    mean, low, high = restricted_mean(ended[:6], at_risk[:6])
    cut = np.minimum(time, 6)
    half = 1.959964 * cut.std() / 2
    assert (mean, low, high) == pytest.approx((cut.mean(), cut.mean() - half, min(cut.mean() + half, 6)), abs=1e-5)


@pytest.mark.parametrize("groups", [2, 3])
def test_the_logrank_test_agrees_with_statsmodels(groups: int) -> None:
    time, status = lives(120)
    group = np.arange(120) % groups
    parts = [counted(time[group == k], status[group == k]) for k in range(groups)]
    own = logrank(np.stack([events.sum(axis=0) for events, _ in parts]), np.stack([risk for _, risk in parts]))
    assert own == pytest.approx(survdiff(time.astype(float), (status > 0).astype(int), group)[1], rel=1e-9)


def test_an_empty_group_is_left_out_of_the_logrank_test_and_one_alone_has_none() -> None:
    time, status = lives(120)
    group = np.arange(120) % 2
    parts = [counted(time[group == k], status[group == k]) for k in range(2)]
    ended, risk = np.stack([events.sum(axis=0) for events, _ in parts]), np.stack([risk for _, risk in parts])
    none = np.zeros((1, WEEKS), dtype=np.int64)
    assert logrank(np.concatenate([ended, none]), np.concatenate([risk, none])) == logrank(ended, risk)
    assert np.isnan(logrank(ended[:1], risk[:1])) and np.isnan(logrank(0 * ended, risk))
