"""What a side believes: fighting opens the zone when theory says, and a belief that is the true law comes true."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import gammaincinv

import sim
from sim.arrays import BoolArray, FloatArray
from sim.draws import Draws
from sim.parameters import PARAMETERS
from sim.verification.cases import set_by_run
from sim.verification.check import Check, Result, between, close
from sim.verification.worlds import ONE_ISSUE, QUIET, quiet

CONVERGENCE, CALIBRATION = "convergence", "calibration"
SLANTCHEV = "Slantchev 2003, Smith, Stam 2004"

#: Weeks that a stated confidence looks ahead, from the start to 2025-12-31.
AHEAD = 32
WEEKS = 104

# ----------------------------------------------------------------------------------------------------------------------
# Convergence

DECIDES, PLAN, COST = 0.9, 13.0, 0.1

#: One planned length of war and a front that does not move: Russia's only hope is a breakthrough that never comes.
STANDSTILL = ONE_ISSUE | {
    "front.pace": 0.0, "russia.horizon": PLAN, "russia.war_cost": COST, "ukraine.war_cost": 2.0,
    "russia.breakthrough_decides": DECIDES, "ukraine.red_line_growth": 0.0,
}  # fmt: skip

#: Confidence by 2025-12-31 and the weeks of evidence that it is worth.
PRIORS = ((0.65, 40.0), (0.65, 80.0), (0.7, 30.0), (0.75, 40.0), (0.75, 60.0), (0.8, 20.0))
RATES = (1.0, 0.73, 0.5)
OFFERS = (0.31, 0.36)  # the most that Ukraine would hand over


def opening_week(confidence: float, prior: float, rate: float, on_offer: float) -> int:
    """Return the week in which Russia's war value first falls to what Ukraine would give.

    V(b) = q (1 - (b / (b + 13))^a) - c / 4 with b = b0 + l (t + 1) in week t, because Russia observes before it talks.
    """
    shape = math.log(1 - confidence / DECIDES) / math.log(prior / (prior + AHEAD))
    chance = (on_offer + COST / 4) / DECIDES
    weight: float = PLAN / ((1 - chance) ** (-1 / shape) - 1)
    return math.ceil((weight - prior) / rate) - 1


def zones(confidence: FloatArray, prior: FloatArray, rate: FloatArray, on_offer: FloatArray) -> BoolArray:
    """Return whether there is a zone of agreement, week by week in the whole model, shape (weeks, cases)."""
    model = quiet(base=STANDSTILL, weeks=WEEKS, runs=len(confidence))
    set_by_run(
        model,
        {
            "russia.confidence": confidence, "russia.prior_weight": prior, "russia.learning_rate": rate,
            "ukraine.red_line": on_offer,
        },
    )  # fmt: skip
    found = np.zeros((WEEKS, model.runs), dtype=bool)
    for week in range(WEEKS):
        model.step()
        found[week] = model.table.zone
    return found


def zone_opens_on_time(runs: int) -> Iterator[Result]:
    """Check that the zone opens in the week of the closed form: without breakthroughs, Gamma beliefs fall as known."""
    cases = [(*prior, rate, offer) for prior, rate, offer in itertools.product(PRIORS, RATES, OFFERS)]
    found = zones(*np.array(cases).T)
    weeks = {case: _opened(found[:, run]) for run, case in enumerate(cases)}
    settings = f"learning rates {_listed(RATES)}, offers {_listed(OFFERS)}"
    for confidence, prior in PRIORS:
        of_prior = [case for case in cases if case[:2] == (confidence, prior)]
        expected = [str(opening_week(*case)) for case in of_prior]
        got = [weeks[case] for case in of_prior]
        yield Result(
            CONVERGENCE, f"zone opens in week: confidence {confidence:g} worth {prior:g} weeks, {settings}",
            _listed(expected), _listed(got), "none", SLANTCHEV, got == expected,
        )  # fmt: skip


def who_does_not_learn(runs: int) -> Iterator[Result]:
    """Check that without learning the zone stays shut in all the cases in which learning opens it."""
    cases = np.array([(*prior, 0.0, offer) for prior, offer in itertools.product(PRIORS, OFFERS)])
    open_weeks = int(zones(*cases.T).sum())
    yield Result(
        CONVERGENCE, f"who does not learn never comes round: weeks with a zone, {len(cases)} cases of {WEEKS} weeks",
        "0", str(open_weeks), "none", SLANTCHEV, open_weeks == 0,
    )  # fmt: skip


def _opened(zone: BoolArray) -> str:
    """Return the first week with a zone as text, and say so if it shuts again."""
    if not zone.any():
        return "never"
    week = int(zone.argmax())
    return f"{week}" if zone[week:].all() else f"{week} (shuts again)"


def _listed(values: Sequence[object]) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


# ----------------------------------------------------------------------------------------------------------------------
# Calibration

HAZARDS = (0.005, 0.01, 0.02, 0.04, 0.06)
#: Confidence at the start, weeks it is worth, and the week in which it is asked again.
LEARNERS = ((0.75, 40.0, (8, 16, 24, 40)), (0.5, 80.0, (16, 40)), (0.9, 20.0, (8, 24)))
ERRORS = 3.0  # standard errors within which a share must lie

#: One breakthrough gives everything within the week: 50 km² a week a thousand times over.
DECISIVE = QUIET | {
    "front.pace": 50.0, "front.breakthrough_multiplier": 1000.0, "russia.breakthrough_decides": 1.0,
    "russia.learning_rate": 1.0, "russia.optimism": 1.0,
}  # fmt: skip


def stated_confidence(runs: int) -> Iterator[Result]:
    """Check that a firm belief in the true hazard comes true in the stated share of runs."""
    runs *= 2
    for hazard in HAZARDS:
        truth = 1 - math.exp(-hazard * AHEAD)
        changes = {"front.breakthrough_hazard": hazard, "russia.confidence": truth, "russia.prior_weight": 1000.0}
        model = quiet(changes, base=DECISIVE, runs=runs, weeks=AHEAD)
        stated = float(model.russia.confidence.mean())
        share = float(model.run().front.full_control.mean())
        error = math.sqrt(truth * (1 - truth) / runs)
        yield close(
            CALIBRATION, f"Russia sure of the true hazard, {hazard:g} a week: full control as often as it says "
            f"({runs:,} runs, {ERRORS:g} s.e.)", share, stated, ERRORS * error, "law of the front",
        )  # fmt: skip


def learner(confidence: float, prior: float, runs: int) -> tuple[sim.CeasefireModel, FloatArray, BoolArray]:
    """Let Russia learn where each run has its own hazard, drawn from Russia's prior.

    Returns
    -------
    tuple
        The model at the end; what Russia stated before each week (NaN once the war is over), and whether it was over
        after it, both of shape (weeks, runs).
    """
    changes = {"russia.confidence": confidence, "russia.prior_weight": prior}
    model = quiet(changes, base=DECISIVE, runs=runs, weeks=WEEKS)
    shape = float(model.russia.belief.shape[0])
    hazards = gammaincinv(shape, Draws(1, runs).uniform("true hazards")) / prior
    # Only the front knows the hazard; what Russia believes does not depend on it.
    model.values["front"].set("breakthrough_hazard", hazards)
    stated, over = np.full((WEEKS, runs), np.nan), np.zeros((WEEKS, runs), dtype=bool)
    for week in range(WEEKS):
        stated[week] = np.where(model.front.full_control, np.nan, model.russia.confidence)
        model.step()
        over[week] = model.front.full_control
    return model, stated, over


def calibrated_learner(runs: int) -> Iterator[Result]:
    """Check that with the true prior, what Russia says in any later week of war comes true as often as it says."""
    runs *= 2
    for confidence, prior, weeks in LEARNERS:
        _, stated, over = learner(confidence, prior, runs)
        for week in weeks:
            fighting = ~np.isnan(stated[week])
            said, came = stated[week][fighting], over[week + AHEAD - 1][fighting]
            share, expected = float(came.mean()), float(said.mean())
            error = math.sqrt(expected * (1 - expected) / fighting.sum())
            yield close(
                CALIBRATION, f"learner, {confidence:g} worth {prior:g} weeks: what it says in week {week} comes true "
                f"as often ({fighting.sum():,} runs still at war, {ERRORS:g} s.e.)", share, expected, ERRORS * error,
                "Bayes",
            )  # fmt: skip
        start, later = float(np.nanmean(stated[0])), float(np.nanmean(stated[weeks[-1]]))
        yield Result(
            CALIBRATION, f"the quiet weeks have taught it: said in week {weeks[-1]}, at the start {start:.2g}",
            f"below {start - 0.1:.2g}", f"{later:.3g}", "0.1", "Bayes", later < start - 0.1,
        )  # fmt: skip


def belief_is_not_the_front(runs: int) -> Iterator[Result]:
    """Check that the confidence of the article is a belief: by the front's own law it comes true far less often."""
    own = {f"front.{key}": PARAMETERS[f"front.{key}"].default for key in ("pace_spread", "breakthrough_hazard")}
    model = quiet(own, base=QUIET, runs=runs, weeks=AHEAD)
    stated = float(model.russia.confidence.mean())
    share = float(model.run().front.full_control.mean())
    yield between(
        CALIBRATION, f"at the defaults of the front, full control by the date; Russia says {stated:.2g}", share, 0.0,
        stated / 2, "C2, front data",
    )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    Check(CONVERGENCE, zone_opens_on_time, fast=True),
    Check(CONVERGENCE, who_does_not_learn, fast=True),
    Check(CALIBRATION, stated_confidence, fast=True),
    Check(CALIBRATION, calibrated_learner, fast=True),
    Check(CALIBRATION, belief_is_not_the_front, fast=True),
)
