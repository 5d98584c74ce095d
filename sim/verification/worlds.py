"""Worlds to check the model in: the baseline as it is, or one in which nothing happens that a check does not ask for.

They are scenarios of the same model, with the same rules: a limit of theory is reached by parameters alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

import sim
from sim.parameters import ISSUES, OBLASTS
from sim.scenario import Event, Scenario, date_of

#: No round of talks, no review in Washington, no breakthrough, no luck at the front: only what a test adds.
QUIET: dict[str, float] = {
    "front.pace_spread": 0.0,
    "front.breakthrough_hazard": 0.0,
    "front.new_axis_hazard": 0.0,
    "front.aid_lumpiness": 0.0,
    "europe.veto_use": 0.0,
    "table.round_engaged": 0.0,
    "table.round_disengaged": 0.0,
    "table.mediator_noise": 0.0,
    "united_states.review_interval": 104.0,
}

#: One issue, territory; what Russia's pace promises is the whole chance of winning, and it is known for good.
#: Belief ``optimism`` is then a side's chance of full control in a year, and ``war_cost`` what a year costs.
ONE_ISSUE: dict[str, float] = (
    QUIET
    | {f"{side}.weight_{issue}": 0.0 for side in ("russia", "ukraine") for issue in ISSUES[1:]}
    | {f"{side}.weight_territory": 1.0 for side in ("russia", "ukraine")}
    | {f"{side}.audience_cost": 0.0 for side in ("russia", "ukraine")}
    | {f"{side}.discount_rate": 0.0 for side in ("russia", "ukraine")}
    | {f"{side}.horizon": 52.0 for side in ("russia", "ukraine")}
    | {f"{side}.learning_rate": 0.0 for side in ("russia", "ukraine", "united_states")}
    | {f"{side}.confidence": 0.0 for side in ("russia", "ukraine", "united_states")}
    | {f"front.{oblast}_left": 0.0 for oblast in OBLASTS}
    # 100 km² a week take 5200 km² in a year; one week has passed when the table first meets.
    | {"front.donetsk_left": 5300.0, "front.pace": 100.0}
    | {"truce.foresight": 0.0}
    | {"russia.sanctions_cost": 0.0, "ukraine.aid_cost": 0.0, "ukraine.red_line": 1.0}
)


@lru_cache
def hardball() -> Scenario:
    """Return the baseline as its file says."""
    return sim.load("hardball")


def event(week: int, action: str | None = None, size: float | None = None, **changes: float) -> Event:
    """Return an event of that week; changes as ``russia__stall=1``."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return Event(f"{action or 'change'}_in_{week}", date_of(week), action, size, named)


def scenario(
    changes: Mapping[str, Any] | None = None, *, weeks: int = 104, certain: bool = False,
    events: Iterable[Event] | None = None, states: tuple[str, ...] | None = None,
) -> Scenario:  # fmt: skip
    """Return the baseline with changes; `certain` puts central values in the place of laws."""
    base = hardball().vary(changes or {})
    horizon = date_of(weeks)
    return dataclasses.replace(
        base, horizon=horizon, deadline=min(base.deadline, horizon), uncertainty=not certain,
        events=base.events if events is None else tuple(events), states=base.states if states is None else states,
    )  # fmt: skip


def quiet(
    changes: Mapping[str, Any] | None = None, *, weeks: int = 52, events: Iterable[Event] = (), runs: int = 1,
    seed: int = 1, states: tuple[str, ...] | None = None, base: Mapping[str, float] = QUIET, **actors: type[Any],
) -> sim.CeasefireModel:  # fmt: skip
    """Return a model of the quiet world at week 0, certain but for what is changed."""
    what = scenario({**base, **(changes or {})}, weeks=weeks, certain=True, events=events, states=states)
    return sim.CeasefireModel(what, runs=runs, seed=seed, actors=actors)


def after(model: sim.CeasefireModel, weeks: int) -> sim.CeasefireModel:
    """Return the same model some weeks later."""
    for _ in range(weeks):
        model.step()
    return model


def everywhere(model: sim.CeasefireModel, value: float | bool = True) -> np.ndarray:
    """Return an array with the same entry for every run."""
    return np.full(model.runs, value)


def sign(model: sim.CeasefireModel, **terms: float) -> None:
    """Put a ceasefire in force in all runs, on terms by issue, zero where none is given."""
    row = [terms.get(issue, 0.0) for issue in ISSUES]
    model.truce.begin(everywhere(model), np.tile(row, (model.runs, 1)))
