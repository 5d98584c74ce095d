"""Quantile functions against SciPy's, truncation and support."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from sim.distributions import DISTRIBUTIONS, Beta, Choice, Distribution, Lognormal, Normal, Triangular, Uniform

U = np.linspace(0.0005, 0.9995, 1001)

CASES = {
    "uniform": (Uniform(uniform=(-2, 3)), stats.uniform(-2, 5)),
    "triangular": (Triangular(triangular=(1, 2, 5)), stats.triang(0.25, 1, 4)),
    "triangular, rising only": (Triangular(triangular=(0, 1, 1)), stats.triang(1, 0, 1)),
    "triangular, falling only": (Triangular(triangular=(0, 0, 1)), stats.triang(0, 0, 1)),
    "beta": (Beta(beta=(2, 5)), stats.beta(2, 5)),
    "normal": (Normal(normal=(51.9, 12)), stats.norm(51.9, 12)),
    "lognormal": (Lognormal(lognormal=(0.003, 0.7)), stats.lognorm(0.7, scale=0.003)),
}


@pytest.mark.parametrize(("law", "reference"), CASES.values(), ids=CASES)
def test_a_quantile_is_the_inverse_of_the_distribution_function(law: Distribution, reference):
    np.testing.assert_allclose(law.quantile(U), reference.ppf(U), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("law", "reference"), CASES.values(), ids=CASES)
def test_the_central_value_is_the_median(law: Distribution, reference):
    assert law.central == pytest.approx(reference.median())


@pytest.mark.parametrize(
    ("law", "low", "high"),
    [
        (Normal(normal=(51.9, 12)), 40, 60),
        (Normal(normal=(0.5, 3)), 0, 1),
        (Normal(normal=(0, 1)), 0, math.inf),
        (Lognormal(lognormal=(0.003, 0.7)), 0, 1),
        (Lognormal(lognormal=(40, 0.4)), 30, 45),
        (Beta(beta=(2, 5)), 0.1, 0.4),
    ],
)
def test_a_law_without_limits_is_truncated_and_not_clipped(law: Distribution, low: float, high: float):
    """Truncated: the law given that it lies within the bounds, so that no weight piles up on a bound."""
    values = law.quantile(U, low, high)
    assert np.all((values > low) & (values < high)) and np.all(np.diff(values) > 0)
    reference = next(reference for other, reference in _frozen(law) if type(other) is type(law))
    bottom, top = reference.cdf(low), reference.cdf(high)
    np.testing.assert_allclose((reference.cdf(values) - bottom) / (top - bottom), U, rtol=1e-7, atol=1e-9)


def _frozen(law: Distribution):
    if isinstance(law, Normal):
        return [(law, stats.norm(*law.normal))]
    if isinstance(law, Lognormal):
        return [(law, stats.lognorm(law.lognormal[1], scale=law.lognormal[0]))]
    assert isinstance(law, Beta)
    return [(law, stats.beta(*law.beta))]


def test_a_choice_gives_each_value_its_share_in_order():
    values = Choice(choice=(3, 1, 1, 2)).quantile(np.array([0.0, 0.2, 0.499, 0.5, 0.74, 0.75, 0.9999999]))
    assert values.tolist() == [1, 1, 1, 2, 2, 3, 3]
    assert Choice(choice=(7,)).quantile(U).tolist() == [7.0] * len(U)


@pytest.mark.parametrize(
    ("law", "support", "within"),
    [
        (Uniform(uniform=(1, 2)), (1, 2), (1, 2)),
        (Triangular(triangular=(1, 2, 4)), (1, 4), (1, 4)),
        (Choice(choice=(5, 3, 4)), (3, 5), (3, 5)),
        (Beta(beta=(1, 3)), (0, 1), (0.25, 0.25)),
        (Normal(normal=(3, 1)), (-math.inf, math.inf), (3, 3)),
        (Lognormal(lognormal=(3, 1)), (0, math.inf), (3, 3)),
    ],
)
def test_what_must_lie_within_bounds_is_the_support_or_the_centre_of_a_law_without_limits(law, support, within):
    assert (law.support, law.within) == (support, within)


@given(st.sampled_from(sorted(CASES)), st.floats(1e-9, 1 - 1e-9))
def test_every_quantile_lies_in_the_support(name: str, u: float):
    law = CASES[name][0]
    low, high = law.support
    assert low <= law.quantile(np.array([u]))[0] <= high


@pytest.mark.parametrize(
    "arguments",
    [
        {"uniform": [1, 1]}, {"uniform": [2, 1]}, {"uniform": [1]}, {"uniform": [0, math.inf]}, {"uniform": ["0", 1]},
        {"uniform": [True, 2]}, {"triangular": [0, 2, 1]}, {"triangular": [1, 1, 1]}, {"triangular": [0, 1]},
        {"beta": [0, 1]}, {"beta": [1, -1]}, {"normal": [0, 0]}, {"normal": [math.nan, 1]}, {"lognormal": [-1, 1]},
        {"lognormal": [1, 0]}, {"choice": []}, {"choice": [1, math.nan]}, {"uniform": [0, 1], "beta": [1, 1]},
    ],
)  # fmt: skip
def test_impossible_arguments_are_refused(arguments):
    law = DISTRIBUTIONS[next(iter(arguments))]
    with pytest.raises(ValidationError):
        law.model_validate(arguments)


def test_each_law_is_known_by_the_name_of_its_only_field():
    for name, law in DISTRIBUTIONS.items():
        assert list(law.model_fields) == [name]
