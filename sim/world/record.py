"""What happened in each run: what model.md calls observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arrays import BoolArray, FloatArray
from sim.parameters import ISSUES
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE
from sim.scenario.calendar import HOLDING_WEEKS

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CeasefireModel

FIRST_EVENTS = ("ceasefire", "full_control", "us_disengaged")
_WEEKS = (
    "signature_week", "short_truce_week", "ceasefire_week", "ceasefire_end_week", "full_control_week",
    "us_disengaged_week", "pressed_russia_week", "pressed_ukraine_week",
)  # fmt: skip
_STEPS = ("pressure_steps_russia", "pressure_steps_ukraine")
_TALKS = (
    "rounds_held", "rounds_stalled", "rounds_refused_by_russia", "rounds_refused_by_ukraine", "weeks_without_zone",
    "weeks_blocked_by_russia", "weeks_blocked_by_ukraine", "weeks_blocked_by_both",
)  # fmt: skip


class Record:
    """Adds up each week what the outcomes table needs; looks, never touches.

    Weeks are counted from the start; NaN means never. The meaning and unit of every column is in
    ``sim.analysis.outcomes.COLUMNS``.
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model, runs = model, model.runs
        self.weeks = {name: np.full(runs, np.nan) for name in _WEEKS}
        self.counts = {name: np.zeros(runs, dtype=np.int64) for name in (*_STEPS, "weeks_of_war", *_TALKS)}
        self.gaps = {"gap_russia": np.zeros(runs), "gap_ukraine": np.zeros(runs)}
        self.terms: FloatArray = np.full((runs, len(ISSUES)), np.nan)
        self.in_first: BoolArray = np.zeros(runs, dtype=bool)
        self.in_force_at_deadline: BoolArray = np.zeros(runs, dtype=bool)
        self.pending_at_deadline: BoolArray = np.zeros(runs, dtype=bool)
        self.us_engaged_at_deadline: BoolArray = np.ones(runs, dtype=bool)

    def note(self) -> None:
        """Note the week that has just passed."""
        model, table, us = self.model, self.model.table, self.model.united_states
        self._first("signature_week", table.signed)
        self._first("short_truce_week", table.gesture)
        self._first("full_control_week", model.front.full_control & model.at_war_this_week)
        self._first("us_disengaged_week", us.left)
        self._first("pressed_russia_week", us.pressed_russia)
        self._first("pressed_ukraine_week", us.pressed_ukraine)
        self._count("pressure_steps_russia", us.pressed_russia)
        self._count("pressure_steps_ukraine", us.pressed_ukraine)
        self._count("weeks_of_war", model.at_war_this_week)
        self._count("rounds_held", table.held)
        self._count("rounds_stalled", table.stalled)
        self._count("rounds_refused_by_russia", table.held & ~table.russia_accepts & ~table.stalled)
        self._count("rounds_refused_by_ukraine", table.held & ~table.ukraine_accepts)
        self._note_zone()
        self._note_truce()

    def outcomes(self) -> pd.DataFrame:
        """Return the outcomes table, one row per run."""
        import pandas as pd

        model = self.model
        front, draws = model.front, model.draws
        without = self.counts["weeks_without_zone"]
        columns: dict[str, object] = {
            "scenario": np.full(model.runs, model.inputs.name, dtype=object),
            "run": np.tile(np.arange(draws.first_run, draws.first_run + draws.runs), draws.copies),
            **self.weeks,
            "settlement": model.truce.in_force & (model.truce.age >= HOLDING_WEEKS),
            "in_force_at_deadline": self.in_force_at_deadline,
            "us_engaged_at_deadline": self.us_engaged_at_deadline,
            "us_engaged_at_horizon": model.united_states.engaged,
            **{f"agreed_{issue}": self.terms[:, k] for k, issue in enumerate(ISSUES)},
            **{name: self.counts[name] for name in _STEPS},
            "territory_lost_km2": front.lost,
            "territory_conceded_km2": front.conceded,
            "weeks_of_war": self.counts["weeks_of_war"],
            "losses_claimed": self.counts["weeks_of_war"] * front.p.claimed_losses,
            **{name: self.counts[name] for name in _TALKS},
            **{name: np.where(without > 0, gap / np.maximum(without, 1), np.nan) for name, gap in self.gaps.items()},
            "first_event": self._first_events(),
            "weeks_simulated": np.full(model.runs, model.week),
        }
        table = pd.DataFrame(columns)
        table["scenario"] = table["scenario"].astype("str")
        table["first_event"] = table["first_event"].astype("str")
        return table

    def _note_zone(self) -> None:
        model, table = self.model, self.model.table
        # As it was when the table met: a ceasefire that collapsed this week was then still in force.
        negotiable = model.at_war_this_week & ~model.front.full_control
        self._count("weeks_without_zone", negotiable & (table.blocker != NOBODY))
        for name, code in (("russia", RUSSIA), ("ukraine", UKRAINE), ("both", BOTH)):
            self._count(f"weeks_blocked_by_{name}", negotiable & (table.blocker == code))
        self.gaps["gap_russia"] += np.where(negotiable, table.russian_gap, 0.0)
        self.gaps["gap_ukraine"] += np.where(negotiable, table.ukrainian_gap, 0.0)

    def _note_truce(self) -> None:
        model, truce, weeks = self.model, self.model.truce, self.weeks
        first = truce.counts_now & np.isnan(weeks["ceasefire_week"])
        weeks["ceasefire_week"][first] = model.week + 1 - HOLDING_WEEKS
        self.terms[first] = truce.terms[first]
        self.in_first |= first
        over = self.in_first & truce.collapsed
        weeks["ceasefire_end_week"][over] = model.week
        self.in_first &= ~over
        # Whether a ceasefire young at the deadline is of the 30-day kind shows only later.
        self.in_force_at_deadline |= self.pending_at_deadline & truce.counts_now
        self.pending_at_deadline &= truce.in_force
        if model.week == min(model.inputs.deadline_week, model.weeks - 1):
            self.in_force_at_deadline = truce.in_force & (truce.age >= HOLDING_WEEKS)
            self.pending_at_deadline = truce.in_force & ~self.in_force_at_deadline
            self.us_engaged_at_deadline = model.united_states.engaged.copy()

    def _first(self, name: str, happened: BoolArray) -> None:
        weeks = self.weeks[name]
        weeks[happened & np.isnan(weeks)] = self.model.week

    def _count(self, name: str, happened: BoolArray) -> None:
        self.counts[name] += happened

    def _first_events(self) -> NDArray[np.object_]:
        """Name the first of the competing events; a tie goes to the one named first."""
        weeks = np.stack([self.weeks[f"{event}_week"] for event in FIRST_EVENTS], axis=1)
        weeks = np.where(np.isnan(weeks), np.inf, weeks)
        names = np.array([*FIRST_EVENTS, "none"], dtype=object)
        return np.asarray(names[np.where(np.isinf(weeks).all(axis=1), len(FIRST_EVENTS), weeks.argmin(axis=1))])
