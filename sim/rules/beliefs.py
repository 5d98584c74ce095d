"""What a side believes about the front, and how a week of war changes it (model.md, section 3.2)."""

from __future__ import annotations

import math

from sim.rules.compiled import elementwise


@elementwise("float64(float64, float64, float64)")
def breakthrough_probability(shape: float, weight: float, exposure: float) -> float:
    """Chance of a breakthrough within `exposure` weeks under a Gamma(shape, weight) belief on its hazard.

    P = 1 - (b / (b + tau))^a, the Pareto survival function that mixing exponentials over a Gamma gives.
    """
    if shape <= 0.0 or exposure <= 0.0:
        return 0.0
    return 1.0 - math.pow(weight / (weight + exposure), shape)


@elementwise("float64(float64, float64, float64, float64)")
def total_variance(spread: float, lasting: float, persistence: float, weeks: float) -> float:
    """Variance of the advance over some weeks, of which a share of the variance lasts as an AR(1), the rest not.

    s^2 tau (1 - w) + s^2 w (tau (1 + phi) / (1 - phi) - 2 phi (1 - phi^tau) / (1 - phi)^2), exact for whole weeks.
    """
    rest = 1.0 - persistence
    edges = 2.0 * persistence * (1.0 - math.pow(persistence, weeks)) / (rest * rest)
    together = weeks * (1.0 + persistence) / rest - edges
    return spread * spread * (weeks * (1.0 - lasting) + lasting * together)


@elementwise("float64(float64, float64, float64, float64, float64, float64)")
def pace_suffices(
    land_left: float, pace: float, pace_weight: float, spread: float, luck: float, weeks: float
) -> float:
    """Chance that the normal pace alone takes the land left within `weeks`.

    The total advance is Normal with mean m tau; its variance adds the doubt about m, (s tau)^2 / k, and the luck of
    tau weeks (`total_variance`).
    """
    if land_left <= 0.0:
        return 1.0
    if weeks <= 0.0:
        return 0.0
    doubt = spread * spread * weeks * weeks / pace_weight
    deviation = math.sqrt(luck + doubt)
    surplus = pace * weeks - land_left
    if deviation <= 0.0:
        return 1.0 if surplus >= 0.0 else 0.0
    return 0.5 * math.erfc(-surplus / (deviation * math.sqrt(2.0)))


@elementwise("float64(float64, float64, float64, float64, float64)")
def prior_shape(confidence: float, by_pace: float, decides: float, weight: float, exposure: float) -> float:
    """Gamma shape a with which the stated confidence holds at the start.

    Solves confidence = B + (1 - B) by_pace with B = q (1 - (b / (b + tau))^a).
    """
    if by_pace >= confidence:
        return 0.0
    by_breakthrough = (confidence - by_pace) / (1.0 - by_pace)
    share = min(by_breakthrough / decides, 1.0 - 1e-12)
    return math.log(1.0 - share) / math.log(weight / (weight + exposure))


@elementwise("float64(float64, float64, float64)")
def either(first: float, second: float, decides: float) -> float:
    """Chance of full control: by a breakthrough that decides, or else by the normal pace."""
    by_breakthrough = decides * first
    return by_breakthrough + (1.0 - by_breakthrough) * second


@elementwise("float64(float64, float64, float64, float64)")
def revised_mean(mean: float, weight: float, seen: float, rate: float) -> float:
    """Mean of a Normal belief after one observation of weight `rate` (tempered Bayes)."""
    return (weight * mean + rate * seen) / (weight + rate)
