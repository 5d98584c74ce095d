"""The claims of the article, C1 to C14: each shows in the baseline and is gone with its mechanism switched off.

A claim is measured in a world: the baseline, what the measure itself changes, and on top of both the switch that
takes the mechanism away. The mechanism carries the claim if the measure lies in its range as the model is, and outside
that range with the switch thrown. A range says what the article's words need ("most", "sizeable", "little"), not what
the baseline happens to give. Where a measure is a mean of paired differences, the range must hold three standard
errors too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

import sim
from sim.actors import Russia, UnitedStates
from sim.actors.united_states import DISENGAGE
from sim.arrays import BoolArray, FloatArray
from sim.parameters import ISSUES, PARAMETERS
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA
from sim.verification.check import Check, Result
from sim.verification.ensembles import (
    BASELINE,
    DEADLINE_WEEK,
    Estimate,
    Measure,
    World,
    by_deadline,
    ever,
    mean,
    model,
    number,
    outcomes,
    paired,
    world,
)
from sim.verification.signs import CEASEFIRE, CUTS
from sim.verification.worlds import after, everywhere

GROUP = "article"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, how it is measured, and what takes its mechanism away.

    Attributes
    ----------
    id
        C1 to C14, as in ``docs/evidence.md``; some claims have several parts.
    statement
        What is measured, in words.
    measure
        Takes a world and a number of runs.
    low, high
        The range that the claim needs, bounds included.
    off, switch
        The world without the mechanism, and what that means in words.
    """

    id: str
    statement: str
    measure: Callable[[World, int], Estimate]
    low: float
    high: float
    off: World
    switch: str

    def holds(self, estimate: Estimate) -> bool:
        """Say whether an estimate lies in the range with three standard errors to spare."""
        margin = 3 * estimate.error
        return bool(self.low <= estimate.value - margin and estimate.value + margin <= self.high)

    def is_gone(self, estimate: Estimate) -> bool:
        """Say whether an estimate lies outside the range with three standard errors to spare."""
        margin = 3 * estimate.error
        return bool(estimate.value + margin < self.low or estimate.value - margin > self.high)

    def result(self, runs: int) -> Result:
        """Measure the claim as the model is and with its mechanism switched off."""
        got, gone = self.measure(BASELINE, runs), self.measure(self.off, runs)
        expected = f"at least {self.low:g}" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"
        return Result(
            GROUP, f"{self.statement} (off: {self.switch})", expected, f"{_words(got)} (off: {_words(gone)})",
            "3 s.e." if got.error else "range", self.id, self.holds(got) and self.is_gone(gone),
        )  # fmt: skip


def _words(estimate: Estimate) -> str:
    return f"{estimate.value:.3g}" + (f" ± {estimate.error:.2g}" if estimate.error else "")


# --- Measures ---------------------------------------------------------------------------------------------------------

Test = Callable[[sim.CeasefireModel], BoolArray]


def in_first_week(test: Test) -> Callable[[World, int], Estimate]:
    """Return the share of runs that pass a test after the week of the call."""
    return lambda what, runs: Estimate(float(test(after(model(what, max(runs, 2000)), 1)).mean()))


def share(measure: Measure) -> Callable[[World, int], Estimate]:
    """Return the share of runs of which something is true."""
    return lambda what, runs: Estimate(mean(measure, what, runs))


def change(measure: Measure, before: World, then: World, least: int = 0) -> Callable[[World, int], Estimate]:
    """Return the mean paired difference that a change makes, over at least so many runs."""
    return lambda what, runs: paired(measure, before.but(what), then.but(what), max(runs, least))


def smaller_part(what: World, runs: int) -> Estimate:
    """Share of drafts that split a shortfall in which Russia bears the smaller part, at a table without limits."""
    # Where the box ends before Russia is satisfied, the mediator offers all there is and power decides nothing.
    open_table = world(
        {"table.mediator_noise": 0, "table.recognition_limit": 1, "ukraine.red_line": 1, "ukraine.security_limit": 1,
         "united_states.sanctions_relief": 1}
    )  # fmt: skip
    first = after(model(open_table.but(what), max(runs, 2000)), 1)
    table = first.table
    split = (table.blocker == BOTH) & (table.russian_gap > 0) & (table.ukrainian_gap > 0)
    borne = -first.russia.gain(table.draft)[split] / table.russian_gap[split]
    return Estimate(float((borne < 0.5 - 1e-9).mean()))


def overconfidence(what: World, runs: int) -> Estimate:
    """Russia's stated chance of full control by the deadline, less the share of runs in which that comes about."""
    stated = model(what, max(runs, 2000)).russia.confidence.mean()
    return Estimate(float(stated) - mean(by_deadline("full_control_week"), what, runs))


def land_by_deadline(what: World, runs: int) -> Estimate:
    """Return the median land lost in the war by the deadline, km²."""
    return Estimate(float(outcomes(what, runs, DEADLINE_WEEK)["territory_lost_km2"].median()))


def lag_of_europe(what: World, runs: int) -> Estimate:
    """Weeks from the first American cut to the first European answer: two worlds, run by run, one with the cut."""
    bases = (world({"united_states.press_ukraine_base": base}) for base in (-10, 10))
    spared, pressed = (model(each.but(what), min(runs, 400)) for each in bases)
    cut, answer = (np.full(spared.runs, np.nan) for _ in range(2))
    for week in range(6):
        spared.step()
        pressed.step()
        decided = pressed.united_states.pressure_on_ukraine > spared.united_states.pressure_on_ukraine
        cut[np.isnan(cut) & decided] = week
        answered = np.zeros(spared.runs, dtype=bool)
        for one, other in zip(spared.europe.states, pressed.europe.states, strict=True):
            answered |= (one.aid != other.aid) | (one.lobbies != other.lobbies)
        answer[np.isnan(answer) & answered] = week
    return Estimate(float(np.nanmean(answer - cut)))


def planned_weeks(what: World, runs: int) -> Estimate:
    """Return the mean length of the war that Russia plans at the start, weeks."""
    return Estimate(float(after(model(what, max(runs, 2000)), 1).russia.planned_length.mean()))


def at_odds(first: sim.CeasefireModel) -> BoolArray:
    """Whether any signature helps Washington while Moscow, offered all there is, would rather fight."""
    welcome = everywhere(first)
    for terms in (first.table.low, first.table.high):
        welcome = welcome & (_impatience(first, terms) < _impatience(first, None))
    return welcome & (first.russia.gain(first.table.high) < 0)


def _impatience(model: sim.CeasefireModel, signed: FloatArray | None) -> FloatArray:
    """Return the score of moving on after one more week, with a deal of these terms signed or with nothing done."""
    us, table = model.united_states, model.table
    clock, in_force = us.clock, model.truce.in_force
    table.held = table.stalled = table.russia_accepts = table.ukraine_accepts = everywhere(model, False)
    table.signed = everywhere(model, signed is not None)
    if signed is not None:
        model.truce.begin(table.signed, signed)
    us.assign_blame()
    score: FloatArray = us.scores()[:, DISENGAGE]
    us.clock = clock
    model.truce.in_force = in_force
    return score


def stalled_share(what: World, runs: int) -> Estimate:
    """Share of stalls in the rounds to which Russia does not say yes."""
    table = outcomes(what, runs)
    stalled, refused = (float(table[name].sum()) for name in ("rounds_stalled", "rounds_refused_by_russia"))
    return Estimate(stalled / (stalled + refused))


def talks_beside_advance(what: World, runs: int) -> Estimate:
    """Share of the runs at war up to the deadline with three stalled rounds or more, and land taken."""
    table = outcomes(what, runs, DEADLINE_WEEK)
    table = table[table["weeks_of_war"] == DEADLINE_WEEK]
    return Estimate(float(((table["rounds_stalled"] >= 3) & (table["territory_lost_km2"] > 0)).mean()))


# --- Worlds without a mechanism ---------------------------------------------------------------------------------------

#: Russia believes of the front what is true of it: the beliefs of that scenario.
SOBER = world(
    {
        name: float(value)
        for name, value in sim.load("sober_kremlin").values.items()
        if name.startswith("russia.") and isinstance(value, int | float)  # and not the laws of the baseline
    }
)
NOTHING_TO_WIN = world({f"russia.victory_{issue}": 0 for issue in ISSUES})
COSTLY_WAR = world({"russia.war_cost": 0.6})
WITHOUT_CALL = world(calendar=False)


class NoWayBack(Russia):
    """A Russia that fights as long as its horizon or not at all."""

    def plan_lengths(self) -> FloatArray:
        """Return the horizon as the only length of war, weeks."""
        return np.asarray(self.p.horizon[:, None])


class BriefsAtOnce(UnitedStates):
    """A Washington that tells its allies in the hour in which it decides."""

    def review(self) -> None:
        """Decide, and let the European states decide once more in the same week."""
        super().review()
        self.model.europe.decide()


def _urgent(measure: Measure) -> Callable[[World, int], Estimate]:
    return change(measure, world({"united_states.urgency": 0.2}), world({"united_states.urgency": 1.0}))


_UNHURRIED = world({"united_states.blame_weight": 0, "united_states.patience": 520, "united_states.re_engagement": 0})


def _pace_by_deadline() -> tuple[float, float]:
    """Land that the data's pace takes by the deadline, km², less and plus a fifth: the median run is near it."""
    taken = DEADLINE_WEEK * PARAMETERS["front.pace"].default
    return 0.8 * taken, 1.2 * taken


# --- The claims -------------------------------------------------------------------------------------------------------

CLAIMS = (
    Claim("C1", "share of drafts in which Russia bears the smaller part of a shortfall", smaller_part, 0.9, 1,
          world({"table.bargaining_power": 0.5}), "equal power"),
    Claim("C1", "share of runs in which talks are held on 19 May", in_first_week(lambda first: first.table.held), 1, 1,
          WITHOUT_CALL, "no call"),
    Claim("C2", "stated confidence of full control by year-end minus its frequency", overconfidence, 0.5, 1, SOBER,
          "Russia sees the front as it is"),
    Claim("C2", "ceasefires by the deadline that this belief forestalls, share of runs",
          change(CEASEFIRE, BASELINE, SOBER), 0.1, 1, NOTHING_TO_WIN, "victory is worth nothing"),
    Claim("C3", "aid cuts a run that European lobbying averts",
          change(number("pressure_steps_ukraine"), BASELINE, world({"europe.lobbying_threshold": 2})), 0.1, math.inf,
          world({"united_states.lobbying_weight": 0, "europe.blame_shield": 0}), "Washington does not listen"),
    Claim("C4", "share of first calls that end with a signature", in_first_week(lambda first: first.table.signed), 0,
          0.02, world({"table.precision": 0}), "answers by chance, not interest"),
    Claim("C5", "steps of pressure on Russia a run that urgency adds", _urgent(number("pressure_steps_russia")), 0.1,
          math.inf, _UNHURRIED, "neither blame nor waiting moves Washington"),
    Claim("C5", "steps of pressure on Ukraine a run that urgency adds", _urgent(number("pressure_steps_ukraine")), 0.1,
          math.inf, _UNHURRIED, "neither blame nor waiting moves Washington"),
    Claim("C5", "share of runs in which urgency has Washington move on by the deadline",
          _urgent(by_deadline("us_disengaged_week")), 0.02, 1, _UNHURRIED,
          "neither blame nor waiting moves Washington"),
    Claim("C5", "share of runs in which the leaders' call is signed or has Washington review its line",
          in_first_week(lambda first: (first.united_states.weeks_since_review == 0) | first.table.signed), 1, 1,
          WITHOUT_CALL, "no call"),
    Claim("C6", "median land lost in the war by the deadline, km²", land_by_deadline, *_pace_by_deadline(),
          world({"front.pace": 0}), "no pace"),
    Claim("C6", "share of runs with no zone of agreement at the start",
          in_first_week(lambda first: first.table.blocker != NOBODY), 0.5, 1, SOBER, "Russia sees the front as it is"),
    Claim("C7", "land handed over a run that cuts of aid add, km²",
          change(number("territory_conceded_km2"), BASELINE, world(events=CUTS)), 100, math.inf,
          world({"ukraine.red_line_pressure": 0, "ukraine.red_line_growth": 0, "table.pressure_on_power": 0,
                 "ukraine.aid_cost": 0, "front.balance_exponent": 0, "front.breakthrough_exponent": 0}),
          "aid moves neither front, costs, red line nor power"),
    Claim("C8", "share of runs in which Russia alone blocks at the start",
          in_first_week(lambda first: first.table.blocker == RUSSIA), 0.5, 1, NOTHING_TO_WIN,
          "victory is worth nothing"),
    Claim("C9", "share of runs in which Washington presses Russia by the deadline",
          share(by_deadline("pressed_russia_week")), 0.1, 0.9, world({"united_states.press_russia_base": -10}),
          "no such option"),
    Claim("C9", "share of runs in which Washington moves on by the deadline",
          share(by_deadline("us_disengaged_week")), 0.1, 0.9, world({"united_states.disengage_base": -10}),
          "no such option"),
    Claim("C10", "weeks from an American decision to the first European answer", lag_of_europe, 1, 1,
          world(united_states=BriefsAtOnce), "allies are told at once"),
    Claim("C11", "share of runs in which Russia, offered all on the table, would rather fight",
          in_first_week(lambda first: first.russia.gain(first.table.high) < 0), 0.5, 1, COSTLY_WAR,
          "war costs it dear"),
    Claim("C11", "mean length of the war that Russia plans at the start, weeks", planned_weeks, 26, 520, COSTLY_WAR,
          "war costs it dear"),
    Claim("C11", "share of ceasefires that a horizon of three years adds to one of one year",
          change(ever("ceasefire_week"), world({"russia.horizon": 52}), world({"russia.horizon": 156})), -1, 0.02,
          world(russia=NoWayBack), "it fights to its horizon or not at all"),
    Claim("C12", "share of ceasefires by the deadline that a fifth of all possible sanctions adds",
          change(CEASEFIRE, BASELINE, world({"united_states.sanctions_start": 0.7}), least=2000), -0.03,
          0.03,
          world({"russia.sanctions_sensitivity": 1}), "the leadership minds sanctions in full"),
    Claim("C13", "share of runs in which any signature helps Washington and none helps Moscow",
          in_first_week(at_odds), 0.5, 1, world({"united_states.urgency": 0}), "no urgency"),
    Claim("C14", "share of stalls in the rounds to which Russia does not agree", stalled_share, 0.5, 1,
          world({"russia.stall": 0}), "no stalling"),
    Claim("C14", "share of runs at war up to the deadline with three stalled rounds or more beside the advance",
          talks_beside_advance, 0.5, 1, world({"russia.stall": 0}), "no stalling"),
)  # fmt: skip

#: Claims whose measures need ensembles of whole histories.
_LONG = {"C3", "C5", "C7", "C12"}


def _check(claim: str) -> Check:
    """Return the check of one claim, all its parts together."""

    def carry_out(runs: int) -> Iterator[Result]:
        return (part.result(runs) for part in CLAIMS if part.id == claim)

    carry_out.__name__ = claim
    return Check(GROUP, carry_out, fast=claim not in _LONG)


CHECKS = tuple(_check(claim) for claim in dict.fromkeys(part.id for part in CLAIMS))
