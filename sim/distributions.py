"""Probability distributions that a scenario file may put in the place of a number.

Each is given by its inverse cumulative distribution function alone, so that the same uniform draw
gives the same quantile in every scenario. Inside the bounds of a parameter an unbounded law is
truncated, not clipped: the quantile is taken of the law given that it lies within the bounds.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import override

from sim.arrays import FloatArray

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]

#: Of a beta law; near 1e100 its quantiles can no longer be computed, and at 1e9 it is a number already.
Shape = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1e9)]


class Distribution(BaseModel, ABC):
    """A law for one parameter. Written in YAML as a mapping with one key, its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value (may be infinite)."""

    @property
    def within(self) -> tuple[float, float]:
        """The part of the support that must lie inside a parameter's bounds.

        An unbounded law is truncated at the bounds; only its location must lie inside them.
        """
        return self.support

    @abstractmethod
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        """Inverse cumulative distribution function, truncated to [low, high].

        Parameters
        ----------
        u
            Uniform numbers in (0, 1), shape (runs,).
        low, high
            Bounds of the parameter.

        Returns
        -------
        NDArray
            One value per run, shape (runs,), in the parameter's unit.
        """

    @property
    def central(self) -> float:
        """The median, used where ``uncertainty: off`` asks for central values."""
        return float(self.quantile(np.array([0.5]))[0])


class Uniform(Distribution):
    """``{uniform: [low, high]}``."""

    uniform: tuple[Number, Number]

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if not self.uniform[0] < self.uniform[1]:
            raise ValueError("uniform needs [low, high] with low < high")
        return self

    @property
    @override
    def support(self) -> tuple[float, float]:
        return self.uniform

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        a, b = self.uniform
        return a + (b - a) * u


class Triangular(Distribution):
    """``{triangular: [low, mode, high]}``."""

    triangular: tuple[Number, Number, Number]

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        a, c, b = self.triangular
        if not (a <= c <= b and a < b):
            raise ValueError("triangular needs [low, mode, high] with low <= mode <= high and low < high")
        return self

    @property
    @override
    def support(self) -> tuple[float, float]:
        return self.triangular[0], self.triangular[2]

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        a, c, b = self.triangular
        rising = a + np.sqrt(u * (b - a) * (c - a))
        falling = b - np.sqrt((1 - u) * (b - a) * (b - c))
        return np.where(u < (c - a) / (b - a), rising, falling)


class Beta(Distribution):
    """``{beta: [alpha, beta]}`` on [0, 1]."""

    beta: tuple[Shape, Shape]

    @property
    @override
    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    @property
    @override
    def within(self) -> tuple[float, float]:
        mean = self.beta[0] / sum(self.beta)
        return mean, mean

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        from scipy.special import betainc, betaincinv

        a, b = self.beta
        bottom, top = (betainc(a, b, np.clip(x, 0.0, 1.0)) for x in (low, high))
        values = betaincinv(a, b, bottom + u * (top - bottom))
        return np.asarray(np.clip(values, low, high), dtype=np.float64)  # against rounding at the bounds


class Normal(Distribution):
    """``{normal: [mean, standard deviation]}``, truncated at the parameter's bounds."""

    normal: tuple[Number, Positive]

    @property
    @override
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @property
    @override
    def within(self) -> tuple[float, float]:
        return self.normal[0], self.normal[0]

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        from scipy.special import ndtr, ndtri

        mean, deviation = self.normal
        bottom, top = ndtr((low - mean) / deviation), ndtr((high - mean) / deviation)
        with np.errstate(over="ignore"):  # of a huge deviation; infinity lies outside the bounds, too
            values = mean + deviation * ndtri(bottom + u * (top - bottom))
        return np.asarray(np.clip(values, low, high), dtype=np.float64)


class Lognormal(Distribution):
    """``{lognormal: [median, sigma]}``, truncated at the parameter's bounds; sigma is that of the logarithm."""

    lognormal: tuple[Positive, Positive]

    @property
    @override
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    @property
    @override
    def within(self) -> tuple[float, float]:
        return self.lognormal[0], self.lognormal[0]

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        median, sigma = self.lognormal
        logarithm = Normal(normal=(math.log(median), sigma))
        bottom = math.log(low) if low > 0 else -math.inf
        top = math.log(high) if 0 < high < math.inf else math.inf
        values = np.exp(logarithm.quantile(u, bottom, top))
        return np.asarray(np.clip(values, low, high), dtype=np.float64)  # against rounding at the bounds


class Choice(Distribution):
    """``{choice: [a, b, c]}``: each value equally likely; repeat a value to give it more weight."""

    choice: Annotated[tuple[Number, ...], Field(min_length=1)]

    @property
    @override
    def support(self) -> tuple[float, float]:
        return min(self.choice), max(self.choice)

    @override
    def quantile(self, u: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
        values = np.sort(np.asarray(self.choice, dtype=np.float64))
        chosen: FloatArray = values[np.minimum((u * len(values)).astype(np.intp), len(values) - 1)]
        return chosen


DISTRIBUTIONS: dict[str, type[Distribution]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "beta": Beta,
    "normal": Normal,
    "lognormal": Lognormal,
    "choice": Choice,
}
