"""From tables of figures to the numbers of ``sim.parameters``; the model itself never imports this.

Weeks run from Monday to Monday, 2024-01-01 to 2025-05-19. `docs/evidence.md` walks through the same steps.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from scipy.linalg import cho_factor, cho_solve, toeplitz
from scipy.optimize import brentq, minimize
from scipy.special import expit
from scipy.stats import norm

from sim.arrays import FloatArray
from sim.distributions import Distribution
from sim.evidence import WEEKS_A_MONTH, collapse_hazards, numbers, read
from sim.parameters import OBLASTS, PARAMETERS
from sim.rules.beliefs import total_variance

_AREAS = "oblast_areas_weekly"
_EFFECTIVE = "oblast_effective_areas"
_HELD = "held_areas_monthly"
_LOSSES = "claimed_losses_monthly"
_AID = "aid_monthly"
_POLLS = "polls_on_land"
_COLLAPSES = "ceasefire_collapses"
_FORECASTS = "forecasts"
_ENDINGS = "war_endings"
_DURATIONS = "war_durations"


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that follows from tables.

    Attributes
    ----------
    name
        The parameter it sets, with ``law.sd`` or ``high`` for the deviation of its law or its upper bound; or, if it
        sets none, what it is.
    value
        As computed, in the unit of the parameter.
    tables
        The tables it comes from.
    written
        What ``sim.parameters`` says, ``None`` if the number sets nothing there.
    """

    name: str
    value: float
    tables: str
    written: float | None = None

    @property
    def rounded(self) -> float:
        """The value with as many digits behind the point as the written number has."""
        if self.written is None:
            return self.value
        return round(self.value, len(f"{self.written}".partition(".")[2]))


def held() -> FloatArray:
    """Return the area held by Russia in each oblast on each Monday, km², shape (mondays, oblasts)."""
    return np.stack([numbers(_AREAS, oblast) for oblast in OBLASTS], axis=1)


def weekly_advance() -> FloatArray:
    """Return the Russian advance in the four oblasts week by week, km², negative if Ukraine gained, shape (weeks,)."""
    advance: FloatArray = np.diff(held().sum(axis=1))
    return advance


def effective_areas() -> dict[str, float]:
    """Return the area of each oblast that was ever in play, km²."""
    return dict(zip(read(_EFFECTIVE)["oblast"], numbers(_EFFECTIVE, "effective_km2").tolist(), strict=True))


def land_left() -> dict[str, float]:
    """Return the land in each oblast that Russia does not hold on the last Monday, km²."""
    areas, last = effective_areas(), held()[-1]
    return {oblast: areas[oblast] - float(area) for oblast, area in zip(OBLASTS, last, strict=True)}


def axis_shares() -> FloatArray:
    """Return the share of each oblast in the whole advance, shape (oblasts,)."""
    gained = held()[-1] - held()[0]
    shares: FloatArray = gained / gained.sum()
    return shares


def pace() -> float:
    """Return the mean weekly advance, km²."""
    return float(weekly_advance().mean())


def pace_spread() -> float:
    """Return the standard deviation of the weekly advance, km²."""
    return float(weekly_advance().std(ddof=1))


def correlation(weeks: int = 1) -> float:
    """Return the correlation of the weekly advance with that of some weeks before."""
    centred = weekly_advance() - pace()
    return float((centred[weeks:] * centred[:-weeks]).mean() / (centred**2).mean())


@cache
def _lasting_part() -> tuple[float, float]:
    """Return share of the variance that lasts and its weekly correlation, by maximum likelihood.

    The advance is taken as a Gaussian AR(1) and white noise on top, with unknown mean. An AR(1) alone has one
    number less and fits far worse: its correlations fall off within weeks, those observed within months.
    """
    advance, weeks = weekly_advance(), np.arange(len(weekly_advance()))

    def minus_log_likelihood(values: FloatArray) -> float:
        mean, log_deviation, share, persistence = values[0], values[1], expit(values[2]), expit(values[3])
        covariance = toeplitz(share * persistence**weeks)
        np.fill_diagonal(covariance, 1.0)
        factor = cho_factor(np.exp(2 * log_deviation) * covariance, lower=True)
        residual = advance - mean
        return float(residual @ cho_solve(factor, residual) / 2 + np.log(np.diag(factor[0])).sum())

    start = [advance.mean(), np.log(advance.std()), 1.0, 2.0]
    found = minimize(minus_log_likelihood, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-10})
    return float(expit(found.x[2])), float(expit(found.x[3]))


def pace_lasting() -> float:
    """Return the share of the variance of the weekly advance that lasts beyond the week."""
    return _lasting_part()[0]


def pace_persistence() -> float:
    """Return the correlation of the lasting part of the advance with that of the week before."""
    return _lasting_part()[1]


def share_of_negative_weeks() -> float:
    """Return the share of weeks in which Ukraine gained."""
    return float(np.mean(weekly_advance() < 0))


def chance_of_a_negative_week(mean: float, spread: float, offset: float) -> float:
    """Return the probability below zero of a lognormal shifted down by `offset`, with this mean and spread."""
    variance = np.log1p((spread / (mean + offset)) ** 2)
    return float(norm.cdf((np.log(offset / (mean + offset)) + variance / 2) / np.sqrt(variance)))


def pace_skew_offset() -> float:
    """Return the offset, km² a week, with which the law of the advance has the observed share of negative weeks."""
    mean, spread, observed = pace(), pace_spread(), share_of_negative_weeks()
    return float(brentq(lambda offset: chance_of_a_negative_week(mean, spread, offset) - observed, 0.1, 500.0))


def monthly_gap() -> FloatArray:
    """Return by how much more Russia gained by the second measurement (ISW, The Economist), km², shape (months,).

    From January 2024 on, over all of Ukraine, since the second measurement is not published by oblast.
    """
    since_2024 = slice(read(_HELD)["month"].index("2023-12"), None)
    second, first = numbers(_HELD, "isw_economist_total"), numbers(_HELD, "deepstate_total")
    return np.diff(second[since_2024]) - np.diff(first[since_2024])


def pace_sampling_error() -> float:
    """Return the standard error of the mean weekly advance, km², given how its weeks are correlated."""
    weeks = len(weekly_advance())
    return float(np.sqrt(total_variance(pace_spread(), pace_lasting(), pace_persistence(), weeks)) / weeks)


def pace_measurement_error() -> float:
    """Return the standard deviation of the mean pace between the two measurements, km² a week."""
    return float(abs(monthly_gap().mean()) / WEEKS_A_MONTH / np.sqrt(2))


def pace_uncertainty() -> float:
    """Return the standard deviation of what is known of the pace, km² a week: sampling and measurement."""
    return float(np.hypot(pace_sampling_error(), pace_measurement_error()))


def claimed_losses() -> float:
    """Return the claimed losses a week, killed and wounded."""
    months = (map(int, month.split("-")) for month in read(_LOSSES)["month"])
    days = sum(calendar.monthrange(year, month)[1] for year, month in months)
    return float(numbers(_LOSSES, "claimed_losses").sum() / days * 7)


def _aid_since(month: str, column: str) -> FloatArray:
    return numbers(_AID, column)[read(_AID)["month"].index(month) :]


def us_share(since: str = "2024-01") -> float:
    """Return the American share of the military aid of America and Europe, allocated from a month on."""
    american, european = (_aid_since(since, f"{donor}_military").sum() for donor in ("us", "europe"))
    return float(american / (american + european))


def aid_lumpiness() -> float:
    """Return the standard deviation of a month's European military aid over its mean, since January 2024."""
    flow = _aid_since("2024-01", "europe_military")
    return float(flow.std(ddof=1) / flow.mean())


def red_line_growth() -> float:
    """Return the yearly growth of those ready to give up some land, over the last fitted level, since May 2023."""
    months = read(_POLLS)["month"]
    ready = numbers(_POLLS, "ready_pct")[months.index("2023-05") :]
    years = np.array([int(m[:4]) + int(m[5:]) / 12 for m in months[months.index("2023-05") :]])
    slope, level = np.polyfit(years - years[-1], ready, 1)
    return float(slope / level)


def base_rates(until: date = date(2025, 12, 31)) -> dict[str, float]:
    """Return the chance that an interstate war as old as this one ends by a day, by source of the hazard.

    Hazards counted for wars up to some age are left out where the war would be older on that day.
    """
    now, then = ((day - date(2022, 2, 24)).days / 7 / WEEKS_A_MONTH for day in (date(2025, 5, 19), until))
    hazard = numbers(_ENDINGS, "ends") / numbers(_ENDINGS, "exposure_months")
    reached = numbers(_ENDINGS, "to_month") >= then
    rates = {
        name: rate
        for name, rate, known in zip(read(_ENDINGS)["series"], -np.expm1(-hazard * (then - now)), reached, strict=True)
        if known
    }
    rho, scale, mu, sigma = (
        numbers(_DURATIONS, name) for name in ("weibull_rho", "weibull_lambda", "lognormal_mu", "lognormal_sigma")
    )
    weibull = -np.expm1((now / scale) ** rho - (then / scale) ** rho)
    lognormal = 1 - norm.sf(np.log(then), mu, sigma) / norm.sf(np.log(now), mu, sigma)
    for name, first, second in zip(read(_DURATIONS)["series"], weibull, lognormal, strict=True):
        rates |= {f"{name}, Weibull": first, f"{name}, lognormal": second}
    return {name: float(rate) for name, rate in rates.items()}


def forecasts_of_30_days() -> dict[str, float]:
    """Return what forecasters of May 2025 imply for a ceasefire in 2025 that lasts 30 days or more, by forecaster."""
    chance = numbers(_FORECASTS, "by_2025_12_31") * (1 - numbers(_FORECASTS, "under_30_days"))
    found = zip(read(_FORECASTS)["forecaster"], chance, strict=True)
    return {name: float(value) for name, value in found if np.isfinite(value)}


def defaults() -> list[Finding]:
    """Return what the tables say of every parameter graded *data*."""
    front = [_default(f"front.{oblast}_left", left, f"{_AREAS}, {_EFFECTIVE}") for oblast, left in land_left().items()]
    front += [
        Finding(f"front.{oblast}_left high", area, _EFFECTIVE, PARAMETERS[f"front.{oblast}_left"].high)
        for oblast, area in effective_areas().items()
    ]
    front += [
        _default(f"front.{oblast}_share", float(share), _AREAS)
        for oblast, share in zip(OBLASTS, axis_shares(), strict=True)
    ]
    ((_, written),) = _law("front.pace").model_dump().items()
    return [
        *front,
        _default("front.pace", pace(), _AREAS),
        Finding("front.pace law.mean", pace(), _AREAS, written[0]),
        Finding("front.pace law.sd", pace_uncertainty(), f"{_AREAS}, {_HELD}", written[1]),
        _default("front.pace_spread", pace_spread(), _AREAS),
        _default("front.pace_lasting", pace_lasting(), _AREAS),
        _default("front.pace_persistence", pace_persistence(), _AREAS),
        _default("front.pace_skew_offset", pace_skew_offset(), _AREAS),
        _default("front.claimed_losses", claimed_losses(), _LOSSES),
        _default("front.us_share", us_share(), _AID),
        Finding(
            "front.us_share law.low", 2 * us_share() - us_share("2022-02"), _AID, _law("front.us_share").support[0]
        ),
        Finding("front.us_share law.high", us_share("2022-02"), _AID, _law("front.us_share").support[1]),
        _default("front.aid_lumpiness", aid_lumpiness(), _AID),
        _default("ukraine.red_line_growth", red_line_growth(), _POLLS),
    ]


def beside_judgements() -> list[Finding]:
    """Return figures that no parameter is set to, but that stand beside judgements in ``docs/evidence.md``."""
    europe = _aid_since("2024-01", "europe_total")
    four_months = np.convolve(europe, np.full(4, 1 / 4), mode="valid")
    four = numbers(_HELD, "deepstate_four_oblasts")
    months = read(_POLLS)["month"]
    starts, general, donbas = collapse_hazards()
    return [
        *(Finding(f"correlation of the advance over {weeks} weeks", correlation(weeks), _AREAS) for weeks in (1, 4, 8)),
        Finding("share of weeks in which Ukraine gained", share_of_negative_weeks(), _AREAS),
        Finding("pace since 2023-01, km² a week", (four[-1] - four[0]) / (len(four) - 1) / WEEKS_A_MONTH, _HELD),
        Finding("standard error of the pace, km² a week", pace_sampling_error(), _AREAS),
        Finding("deviation between two measurements of the pace, km² a week", pace_measurement_error(), _HELD),
        Finding("mean monthly gap between them, km²", float(monthly_gap().mean()), _HELD),
        Finding("standard deviation of the monthly gap, km²", float(monthly_gap().std(ddof=1)), _HELD),
        Finding("American share of military aid since 2022-02", us_share("2022-02"), _AID),
        Finding("months since the last American allocation", _months_since_the_last_us_allocation(), _AID),
        Finding(
            "Europe's best four months of aid in a row over its mean", float(four_months.max() / europe.mean()), _AID
        ),
        *(
            Finding(f"ready to give up some land in {month}, per cent", ready, _POLLS)
            for month, ready in zip(months, numbers(_POLLS, "ready_pct"), strict=True)
            if month in ("2023-05", "2025-02")
        ),
        *(
            Finding(f"{curve} hazard of collapse a month, from month {start:g}", hazard, _COLLAPSES)
            for curve, hazards in (("general", general), ("Donbas", donbas))
            for start, hazard in zip(starts, hazards, strict=True)
        ),
        *(
            Finding(f"war ends by 2025-12-31, {name}", rate, f"{_ENDINGS}, {_DURATIONS}")
            for name, rate in base_rates().items()
        ),
        *(
            Finding(f"ceasefire of 30 days in 2025, {name}", chance, _FORECASTS)
            for name, chance in forecasts_of_30_days().items()
        ),
    ]


def _months_since_the_last_us_allocation() -> float:
    given = np.flatnonzero(numbers(_AID, "us_total"))
    return float(len(read(_AID)["month"]) - 1 - given[-1])


def _law(name: str) -> Distribution:
    law = PARAMETERS[name].uncertainty
    assert law is not None
    return law


def _default(name: str, value: float, tables: str) -> Finding:
    return Finding(name, value, tables, PARAMETERS[name].default)
