import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from sim.analysis.significance import detectable_mean, detectable_share, holm, normal_p_value


def test_holm_agrees_with_statsmodels_and_leaves_out_what_is_no_test() -> None:
    p = np.random.default_rng(1).random(20) ** 3
    assert np.allclose(holm(p), multipletests(p, method="holm")[1])
    mixed = np.insert(p, 4, np.nan)
    assert np.isnan(holm(mixed)[4])
    assert np.array_equal(np.delete(holm(mixed), 4), holm(p))


def test_p_values_are_those_of_the_normal_law() -> None:
    assert normal_p_value(-2.5, 1.3) == pytest.approx(2 * norm.sf(2.5 / 1.3))
    assert (normal_p_value(0, 0), normal_p_value(0.1, 0)) == (1.0, 0.0)


@pytest.mark.parametrize(("discordant", "pairs"), [(40, 400), (3, 400), (0, 400), (600, 2000), (0, 5), (2, 5)])
def test_the_detectable_share_solves_connors_equation(discordant: int, pairs: int) -> None:
    delta = detectable_share(discordant, pairs)
    psi = max((discordant + 2) / (pairs + 2), delta)
    needed = (norm.ppf(0.975) * np.sqrt(psi) + norm.ppf(0.8) * np.sqrt(psi - delta**2)) ** 2 / delta**2
    assert needed == pytest.approx(pairs)


def test_no_difference_is_detectable_with_three_runs() -> None:
    assert [detectable_share(0, pairs) for pairs in (1, 2, 3)] == [1.0, 1.0, 1.0]
    assert detectable_share(0, 4) < 1


def test_a_detectable_difference_is_found_in_80_of_100_experiments() -> None:
    pairs, psi = 1000, 0.1
    delta = detectable_share(round(psi * pairs), pairs)
    rng = np.random.default_rng(2)
    cells = rng.multinomial(pairs, [(psi + delta) / 2, (psi - delta) / 2, 1 - psi], size=4000)
    gained, lost = cells[:, 0], cells[:, 1]
    found = np.abs(gained - lost) / np.sqrt(gained + lost) > norm.ppf(0.975)  # McNemar's test
    assert found.mean() == pytest.approx(0.80, abs=0.03)
    means = rng.normal(detectable_mean(1.0), 1.0, size=4000)
    assert (np.abs(means) > norm.ppf(0.975)).mean() == pytest.approx(0.80, abs=0.03)
