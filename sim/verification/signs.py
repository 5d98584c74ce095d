"""What should rise or fall does: the stylised facts of the model, on runs that meet the same luck in both worlds.

A sign counts if the mean paired difference exceeds three standard errors. Facts about the baseline that are no signs
(what is frequent, what is rare, what goes with what) are shares of its runs with a range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from sim.verification.check import Check, Result, between, rises
from sim.verification.ensembles import (
    BASELINE,
    WEEKS,
    Estimate,
    Measure,
    World,
    by_deadline,
    ever,
    mean,
    mean_of,
    model,
    number,
    outcomes,
    paired,
    world,
)  # fmt: skip
from sim.verification.worlds import after

GROUP = "signs"

CEASEFIRE = by_deadline("ceasefire_week")
#: Cuts that add up to nearly all American aid by the deadline, although pressure fades.
CUTS = tuple((week, "aid_cut", 0.5) for week in (2, 6, 10, 15, 19, 24))
_CUT = world(events=CUTS)
_SLOW_FRONT = world({"front.breakthrough_hazard": 0.0, "front.pace": 20.0})
_HALF_A_YEAR = 26


@dataclass(frozen=True, slots=True)
class Sign:
    """One stylised fact: what a change does to a measure.

    Attributes
    ----------
    statement
        The fact in words.
    measure
        What is compared, from the table of outcomes.
    before, after
        The two worlds.
    direction
        Whether the measure rises or falls from the first world to the second.
    source
        Claim or literature.
    runs
        Least number of runs that show it.
    """

    statement: str
    measure: Measure
    before: World
    after: World
    direction: Literal["rises", "falls"]
    source: str
    runs: int = 1000

    def result(self, runs: int) -> Result:
        """Compare the two worlds, over at least as many runs as the sign needs."""
        runs = max(runs // 2, self.runs)  # a paired difference is known better than a share
        change = paired(self.measure, self.before, self.after, runs)
        means = mean(self.measure, self.before, runs), mean(self.measure, self.after, runs)
        return _signed(self.statement, self.direction, means, change, self.source)


def _turn(
    name: str, low: float, high: float, measure: Measure, direction: Literal["rises", "falls"], statement: str,
    source: str, *, within: World = BASELINE, runs: int = 1000,
) -> Sign:  # fmt: skip
    """Return the sign of turning one parameter up."""
    turned = within.but(world({name: low})), within.but(world({name: high}))
    return Sign(f"{statement} ({name} {low:g} to {high:g})", measure, *turned, direction, source, runs)


def _cut(measure: Measure, statement: str) -> Sign:
    """Return the sign of cuts of American aid all through the first half-year, which raise the measure."""
    return Sign(statement, measure, BASELINE, _CUT, "rises", "C7")


_LEFT, _PRESSED = by_deadline("us_disengaged_week"), by_deadline("pressed_russia_week")
#: Of the runs that have a ceasefire.
_UNBROKEN = Measure(
    lambda table: table["ceasefire_end_week"].isna().astype(float).where(table["ceasefire_week"].notna())
)

#: Strong enough to show in a few hundred runs.
PLAIN = (
    _turn("russia.confidence", 0.6, 0.8, ever("ceasefire_week"), "falls",
          "Russian confidence keeps a ceasefire away", "C2", runs=400),
    _turn("russia.war_cost", 0.02, 0.15, CEASEFIRE, "rises",
          "war that costs Russia more brings a ceasefire by the deadline nearer", "C11", runs=400),
    _turn("united_states.urgency", 0.2, 1.0, number("pressure_steps_russia"), "rises",
          "American urgency means more pressure on Russia", "C5", runs=400),
    _turn("united_states.urgency", 0.2, 1.0, number("pressure_steps_ukraine"), "rises",
          "American urgency means more pressure on Ukraine", "C5", runs=400),
    _turn("united_states.urgency", 0.2, 1.0, ever("us_disengaged_week"), "rises",
          "American urgency means more walking away", "C5, C9", runs=400),
)  # fmt: skip

#: The rest of the signs.
FINER = (
    # Russia
    _turn("russia.confidence", 0.6, 0.8, CEASEFIRE, "falls",
          "Russian confidence makes a ceasefire by the deadline less likely", "C2"),
    _turn("russia.horizon", 52, 156, ever("ceasefire_week"), "falls",
          "a longer Russian horizon does not bring a ceasefire nearer", "C11"),
    _turn("russia.sanctions_sensitivity", 0.1, 0.6, CEASEFIRE, "rises",
          "a Russia that minds sanctions signs sooner", "C12"),
    _turn("united_states.press_russia_base", -10, 0, CEASEFIRE, "rises",
          "American pressure on Russia brings a ceasefire nearer", "C9"),
    _turn("russia.learning_rate", 0.1, 0.9, CEASEFIRE, "rises",
          "a Russia that learns signs sooner when the front is slow", "C2, C6", within=_SLOW_FRONT),
    _turn("russia.stall", 0, 1, _LEFT, "falls", "stalling keeps Washington at the table", "C14"),
    _turn("russia.stall", 0, 1, _PRESSED, "falls", "stalling spares Russia American pressure", "C14"),
    _turn("russia.stall", 0, 1, number("rounds_held"), "rises", "stalling keeps the talks going", "C14"),
    # The United States
    _turn("united_states.urgency", 0.2, 1.0, _LEFT, "rises",
          "American urgency means more walking away by the deadline", "C5, C9"),
    _turn("united_states.disengage_base", -10, 0, CEASEFIRE, "falls",
          "when Washington moves on a ceasefire is less likely", "C9"),
    _turn("united_states.disengage_base", -10, 0, number("territory_lost_km2"), "rises",
          "when Washington moves on more land is lost", "C7, C9"),
    _turn("united_states.sanctions_relief", 0.2, 0.9, CEASEFIRE, "rises",
          "relief of sanctions buys a ceasefire", "C5"),
    _turn("united_states.re_engagement", 0, 0.5, ever("ceasefire_week"), "rises",
          "a Washington that comes back brings a ceasefire nearer", "C9"),
    _cut(number("agreed_territory"), "pressure on Ukraine brings worse terms"),
    _cut(number("territory_conceded_km2"), "pressure on Ukraine has it hand over more land"),
    # Europe
    _turn("europe.lobbying_threshold", 0, 2, number("pressure_steps_ukraine"), "rises",
          "without European lobbying aid is cut more often", "C3"),
    _turn("united_states.lobbying_weight", 0, 3, number("pressure_steps_ukraine"), "falls",
          "a Washington that listens to Europe cuts aid less often", "C3"),
    Sign("European aid holds the front", number("territory_lost_km2"), world({"europe.backfill": 0.0}),
         world({"europe.backfill": 1.5, "europe.headroom": 2.0}), "falls", "C3, C7"),
    _turn("truce.guarantee_effect", 0, 2, number("settlement"), "rises",
          "guarantees make more ceasefires last to the horizon", "Fortna 2004"),
    _turn("truce.guarantee_effect", 0, 2, _UNBROKEN, "rises", "guarantees keep ceasefires from collapsing",
          "Fortna 2004", runs=3000),
    _turn("europe.pledge_threshold", 0.5, 3.0, ever("ceasefire_week"), "falls",
          "a pledged force opens the way to a ceasefire", "Powell 2006"),
    _turn("europe.pledge_threshold", 0.5, 3.0, number("settlement"), "falls",
          "a pledged force opens the way to a settlement", "Powell 2006; Fortna 2004"),
    _turn("europe.relief_quorum", 0.5, 1, ever("ceasefire_week"), "falls",
          "unanimity in Europe keeps relief, and with it a ceasefire, away", "Treaty on European Union, Article 31"),
    _turn("europe.veto_use", 0, 0.5, ever("ceasefire_week"), "falls",
          "sanctions that lapse by a veto can no longer buy a ceasefire", "Treaty on European Union, Article 31"),
    # The table, the truce, the front
    _turn("ukraine.rearming", 0, 0.1, ever("ceasefire_week"), "falls",
          "a Ukraine that a truce makes stronger finds Russia less ready for one", "Powell 2006"),
    _turn("ukraine.red_line", 0, 0.3, CEASEFIRE, "rises",
          "a Ukraine that gives more land gets a ceasefire sooner", "C7"),
    _turn("ukraine.red_line", 0, 0.3, number("territory_conceded_km2"), "rises",
          "a Ukraine that gives more land loses more of it at the table", "C7"),
    _turn("table.bargaining_power", 0.3, 0.7, number("agreed_territory"), "rises",
          "the stronger side gets better terms", "C1; Nash 1950"),
    _turn("truce.donbas_likeness", 0, 1, _UNBROKEN, "falls",
          "ceasefires like those in the Donbas do not last", "ETH/PRIO ceasefires", runs=2000),
    _turn("truce.dissatisfaction_effect", 0, 12, _UNBROKEN, "falls", "a dissatisfied side breaks the peace",
          "Werner 1999", runs=2000),
    _turn("front.breakthrough_hazard", 0, 0.02, number("territory_lost_km2"), "rises",
          "breakthroughs cost land", "C2, C6"),
    _turn("front.new_axis_hazard", 0, 0.01, number("territory_lost_km2"), "rises",
          "new axes of attack cost land", "C6"),
)  # fmt: skip

SIGNS = (*PLAIN, *FINER)


def plain_signs(runs: int) -> Iterator[Result]:
    """Check the signs that a few hundred runs show."""
    return (sign.result(runs) for sign in PLAIN)


def finer_signs(runs: int) -> Iterator[Result]:
    """Check the signs that need some thousand runs."""
    return (sign.result(runs) for sign in FINER)


def peace_under_pressure(runs: int, cuts: World = _CUT) -> Iterator[Result]:
    """Check that peace made under pressure on Ukraine lasts half a year less often, where there was time for it."""
    # Other runs make peace in the two worlds, so luck is hardly shared: more runs, and two standard errors.
    runs = max(runs, 6000)
    unpressed = world({"united_states.press_ukraine_base": -10.0})
    shares, variance = [], 0.0
    for each in (unpressed, unpressed.but(cuts)):
        table = outcomes(each, runs)
        table = table[table["ceasefire_week"] <= WEEKS - _HALF_A_YEAR]
        lasted = ~(table["ceasefire_end_week"] - table["ceasefire_week"] < _HALF_A_YEAR)
        shares.append(float(lasted.mean()))
        variance += float(lasted.var()) / len(lasted)
    yield _signed(
        "peace made under pressure on Ukraine holds less long", "falls", (shares[0], shares[1]),
        Estimate(shares[1] - shares[0], float(np.sqrt(variance))), "C7; Werner 1999", errors=2.0,
    )  # fmt: skip


def unmoved_by_sanctions(runs: int, changes: World = BASELINE) -> Iterator[Result]:
    """Check that further sanctions, a fifth of all there can be, move an unfazed Russia less than half as much."""
    runs = max(runs, 1500)
    more, minding = world({"united_states.sanctions_start": 0.7}), world({"russia.sanctions_sensitivity": 1.0})
    little = paired(CEASEFIRE, changes, changes.but(more), runs)
    much = paired(CEASEFIRE, minding, minding.but(more), runs)
    twice = Estimate(much.value - 2 * little.value, float(np.hypot(much.error, 2 * little.error)))
    yield _signed("a Russia that minds them answers more than twice as much", "rises", (little.value, much.value),
                  twice, "C12")  # fmt: skip


def any_signature_will_do(runs: int) -> Iterator[Result]:
    """Check that Washington wants a truce whatever its terms: a bad deal stops its clock as a good one does."""
    # Answers by the toss of a coin and a mediator who sees nothing clearly put deals of all kinds on paper.
    anything = world({"table.precision": 0, "table.mediator_noise": 0.3, "ukraine.red_line": 1, "russia.stall": 0})
    first = after(model(anything, max(runs, 2000)), 1)
    land, signed = first.table.draft[:, 0], first.table.signed
    yield between(GROUP, "least land handed over in a deal signed in the first week", float(land[signed].min()), 0, 0.1,
                  "C13")  # fmt: skip
    yield between(GROUP, "most land handed over in a deal signed in the first week", float(land[signed].max()), 0.5, 1,
                  "C13")  # fmt: skip
    same = float(((first.united_states.clock == 0) == signed).mean())
    yield between(GROUP, "the American clock stands still exactly where a deal was signed", same, 1, 1, "C13")


def along_the_way(runs: int, changes: World = BASELINE) -> Iterator[Result]:
    """Check talks beside the offensive, a Washington in two minds, and three kinds of peace of different frequency."""
    table = outcomes(changes, max(runs, 1500))
    pressed, left = _PRESSED.read(table) > 0, _LEFT.read(table) > 0
    kinds = {"presses Russia and stays": pressed & ~left, "moves on and never pressed": ~pressed & left,
             "does both": pressed & left}  # fmt: skip
    for name, kind in kinds.items():
        yield between(GROUP, f"Washington {name} by the deadline", float(kind.mean()), 0.03, 0.9, "C9")
    yield _more("stalled rounds outnumber those that Russia refuses", table["rounds_refused_by_russia"],
                table["rounds_stalled"], "C14")  # fmt: skip
    fighting = table[table["weeks_of_war"] == WEEKS]
    a_month = float(fighting["rounds_held"].mean()) / (WEEKS / 52 * 12)
    yield between(GROUP, "rounds a month in runs that stay at war", a_month, 0.25, 5, "C14")
    taken = float(by_deadline("full_control_week").read(table).mean())
    yield between(GROUP, "full control by the deadline", taken, 0, 0.05, "C6: the advance is slow")
    together = (fighting["rounds_stalled"] > 0) & (fighting["territory_lost_km2"] > 0)
    yield between(GROUP, "talks and advance go side by side in runs that stay at war", float(together.mean()), 0.9, 1,
                  "C6, C14")  # fmt: skip
    short, ceasefire = ever("short_truce_week").read(table), ever("ceasefire_week").read(table)
    settled = number("settlement").read(table)
    yield _more("short truces are more frequent than ceasefires", ceasefire, short, "design: three kinds of peace")
    yield _more("ceasefires are more frequent than settlements", settled, ceasefire, "design: three kinds of peace")
    yield _more("settlements happen", settled * 0, settled, "design: three kinds of peace")


#: The front does not follow the balance of forces, so that aid moves nothing there.
_DEAF_FRONT = world({"front.balance_exponent": 0, "front.breakthrough_exponent": 0})


def through_the_front_only(runs: int, idle: World = _DEAF_FRONT) -> Iterator[Result]:
    """Check that European aid works through the front only: where the front does not follow it, nothing changes."""
    tables = [outcomes(idle.but(world({"europe.backfill": value})), min(runs, 1500)) for value in (0, 1.5)]
    differing = int(((tables[0] != tables[1]) & (tables[0].notna() | tables[1].notna())).any(axis=1).sum())
    yield between(GROUP, "runs that European aid changes where the front does not follow it", differing, 0, 0, "C3, C7")


def _more(statement: str, fewer: pd.Series[float], more: pd.Series[float], source: str) -> Result:
    """Compare two measures of the same runs."""
    change = mean_of((more - fewer).to_numpy(dtype=float))
    return _signed(statement, "rises", (float(fewer.mean()), float(more.mean())), change, source)


def _signed(
    statement: str, direction: Literal["rises", "falls"], means: tuple[float, float], change: Estimate, source: str,
    errors: float = 3.0,
) -> Result:  # fmt: skip
    """Say whether a change has its sign, and print it as what it was and what it became."""
    sign = 1.0 if direction == "rises" else -1.0
    result = rises(GROUP, statement, sign * change.value, change.error, source, errors)
    got = f"{means[0]:.4g} to {means[1]:.4g} (s.e. {change.error:.2g})"
    return replace(result, expected=direction, got=got)


CHECKS = (
    Check(GROUP, any_signature_will_do, fast=True),
    Check(GROUP, plain_signs, fast=True),
    Check(GROUP, along_the_way),
    Check(GROUP, finer_signs),
    Check(GROUP, peace_under_pressure),
    Check(GROUP, unmoved_by_sanctions),
    Check(GROUP, through_the_front_only),
)
