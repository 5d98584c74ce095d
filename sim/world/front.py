"""The front over the four claimed oblasts: balance of forces, advance, breakthroughs (model.md, section 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import BoolArray, FloatArray, Remembered, total
from sim.parameters import OBLAST_AREAS, OBLASTS
from sim.rules.front import attack_on_axes, lagged, move_front, open_axis

if TYPE_CHECKING:
    from sim.model import CeasefireModel

WEEKS_A_PACKAGE = 4  # aid is allocated in packages, about one a month


class Front:
    """Land left, momentum and breakthroughs, and the stocks that set the balance of forces.

    Attributes
    ----------
    gap
        Land that Russia does not hold, km², shape (runs, oblasts) in the order of ``sim.parameters.OBLASTS``.
    land_left
        The same over all four oblasts, km², shape (runs,).
    balance
        Russia's strength over Ukraine's, 1 in May 2025, shape (runs,).
    expected_pace, expected_tempo
        Pace and hazard of a breakthrough over those of May 2025, as foreseen: aid without its lumps, shape (runs,).
    axes
        A new axis of attack is open in an oblast, shape (runs, oblasts).
    breakthrough, began
        A breakthrough is on; one began this week. Shape (runs,).
    advance
        Land taken this week, km², negative if Ukraine gains, shape (runs,).
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model, self.p, runs = model, model.values["front"], model.runs
        self.gap: FloatArray = np.stack([getattr(self.p, f"{oblast}_left") for oblast in OBLASTS], axis=1)
        self.whole = np.array(list(OBLAST_AREAS.values()))
        self.land_left: FloatArray = total(self.gap)
        self.conceded: FloatArray = np.zeros(runs)
        self.start_left: FloatArray = self.land_left
        self.breakthrough: BoolArray = np.zeros(runs, dtype=bool)
        self.began: BoolArray = np.zeros(runs, dtype=bool)
        self.decreed = False
        self.advance: FloatArray = np.zeros(runs)
        self.axes: BoolArray = np.zeros(self.gap.shape, dtype=bool)
        self.us_aid: FloatArray = np.ones(runs)
        self.european_aid: FloatArray = np.ones(runs)
        self.us_lumps: FloatArray = np.zeros(runs)
        self.european_lumps: FloatArray = np.zeros(runs)
        self.strain: FloatArray = model.values["united_states"].sanctions_start.copy()
        self.strain_start = self.strain.copy()
        self.russian_rearmament: FloatArray = np.zeros(runs)
        self.ukrainian_rearmament: FloatArray = np.zeros(runs)
        self.momentum = model.draws.normal("front momentum")
        self.prepare()

    def prepare(self) -> None:
        """Derive what depends on parameters only; called again when an event changes one."""
        p = self.p
        self.shares = np.stack([getattr(p, f"{oblast}_share") for oblast in OBLASTS], axis=1)
        self.us_dependence = p.aid_dependence * p.us_share
        self.european_dependence = p.aid_dependence - self.us_dependence
        self.lump_variance = np.log1p(p.aid_lumpiness**2)
        self._packages: dict[str, tuple[int, FloatArray]] = {}
        # The weekly advance is a shifted lognormal: skewed as in the data, with their mean, spread and correlations.
        self.scale = p.pace + p.pace_skew_offset
        variance = np.log1p((p.pace_spread / self.scale) ** 2)
        self.sigma = np.sqrt(variance)
        self.lasting = _on_log_scale(p.pace_lasting, variance)
        lag_one = _on_log_scale(p.pace_lasting * p.pace_persistence, variance)
        self.persistence = lag_one / np.where(self.lasting > 0, self.lasting, 1.0)
        self._news, self._of_week = np.sqrt(1 - self.persistence**2), np.sqrt(1 - self.lasting)
        self._of_months, self._mean_of_log = np.sqrt(self.lasting), -(self.sigma**2) / 2
        self._ratios_after = Remembered(self._ratios)
        self._weigh_forces()

    @property
    def full_control(self) -> BoolArray:
        """Russia holds all four oblasts, shape (runs,)."""
        return self.land_left <= 0

    @property
    def lost(self) -> FloatArray:
        """Land lost in the war since the start, km², shape (runs,)."""
        return self.start_left - self.land_left - self.conceded

    def move(self) -> None:
        """Advance one week wherever there is war."""
        model, p, draws, week = self.model, self.p, self.model.draws, self.model.week
        at_war = model.at_war
        self._supply()
        ends = draws.uniform("breakthrough ends", week) < 1 / p.breakthrough_duration
        self.breakthrough = self.breakthrough & ~ends & at_war
        starts = draws.exponential("breakthrough begins", week) < p.breakthrough_hazard * self.tempo
        self.began = (starts | self.decreed) & ~self.breakthrough & at_war
        self.decreed = False
        self.breakthrough |= self.began
        self.momentum = self.persistence * self.momentum + self._news * draws.normal("front momentum", week)
        swing = self._of_months * self.momentum + self._of_week * draws.normal("front week", week)
        luck = self.scale * np.expm1(self.sigma * swing + self._mean_of_log)
        self._open_axes(at_war)
        shares, wider = attack_on_axes(self.gap, self.axes, self.shares, p.new_axis_pace)
        pace = p.pace * wider * self.force_ratio * np.where(self.breakthrough, p.breakthrough_multiplier, 1.0)
        advance = np.where(at_war, pace + luck, 0.0)
        self.advance = self._take(move_front(self.gap, self.whole, shares, advance))

    def crack(self) -> None:
        """Let the line crack this week by decree of the scenario, wherever there is war."""
        self.decreed = True

    def hand_over(self, where: BoolArray, share: FloatArray) -> None:
        """Hand over a share of the land left in every oblast, in the runs `where`."""
        self.conceded = self.conceded + self._take(self.gap * (1 - np.where(where, share, 0.0))[:, None])

    def expected_after(self, weeks: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return pace and hazard of a breakthrough, over those of May 2025, after `weeks` of rearming, each (runs,)."""
        model, years = self.model, weeks / 52
        russia = self._russia() + model.russia.p.rearming * years
        ukraine = self._ukraine(0.0, 0.0) + model.ukraine.p.rearming * years
        return self._ratios_after(russia / ukraine)

    def _open_axes(self, at_war: BoolArray) -> None:
        """Now and then Russia opens another axis where land is left; the more easily, the better the balance."""
        p, draws, week = self.p, self.model.draws, self.model.week
        opens = at_war & (draws.exponential("new axis", week) < p.new_axis_hazard * self.tempo)
        if opens.any():
            self.axes = open_axis(self.gap, self.axes, opens, draws.uniform("place of the new axis", week))

    def _take(self, gap: FloatArray) -> FloatArray:
        """Put a new gap in place and return the land that changed hands, km², shape (runs,)."""
        before, self.gap = self.land_left, gap
        self.land_left = total(gap)
        taken: FloatArray = before - self.land_left
        return taken

    def _supply(self) -> None:
        """Let stocks follow flows: aid to Ukraine, strain on Russia, rearmament during a ceasefire."""
        model, p, truce = self.model, self.p, self.model.truce.in_force
        american, european = model.united_states.aid_flow, model.europe.aid_flow
        self.us_aid, self.us_lumps = self._delivered("american", self.us_aid, self.us_lumps, american)
        self.european_aid, self.european_lumps = self._delivered(
            "european", self.european_aid, self.european_lumps, european
        )
        self.strain = lagged(self.strain, model.united_states.sanctions, p.sanctions_lag, 1.0)
        self.russian_rearmament = self.russian_rearmament + truce * model.russia.p.rearming / 52
        self.ukrainian_rearmament = self.ukrainian_rearmament + truce * model.ukraine.p.rearming / 52
        self._weigh_forces()

    def _delivered(
        self, donor: str, stock: FloatArray, lumps: FloatArray, flow: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the stock that a flow of aid keeps up, and what its lumps add to it: a package a month, some large."""
        surprise = flow * self._surprise(donor, self.model.week // WEEKS_A_PACKAGE)
        return lagged(stock, flow, self.p.aid_lag, 1.0), lagged(lumps, surprise, self.p.aid_lag, 1.0)

    def _surprise(self, donor: str, month: int) -> FloatArray:
        """Return by what share a month's package is larger than the flow of aid."""
        known = self._packages.get(donor)
        if known is None or known[0] != month:
            size = np.sqrt(self.lump_variance) * self.model.draws.normal(f"{donor} package", month)
            known = self._packages[donor] = month, np.expm1(size - self.lump_variance / 2)
        return known[1]

    def _russia(self) -> FloatArray:
        return 1 - self.p.sanctions_attrition * (self.strain - self.strain_start) + self.russian_rearmament

    def _ukraine(self, us_lumps: FloatArray | float, european_lumps: FloatArray | float) -> FloatArray:
        missing = self.us_dependence * (1 - self.us_aid - us_lumps)
        missing = missing + self.european_dependence * (1 - self.european_aid - european_lumps)
        strength: FloatArray = 1 - missing + self.ukrainian_rearmament
        return strength

    def _ratios(self, balance: FloatArray) -> tuple[FloatArray, FloatArray]:
        return balance**self.p.balance_exponent, balance**self.p.breakthrough_exponent

    def _weigh_forces(self) -> None:
        russia, ukraine = self._russia(), self._ukraine(self.us_lumps, self.european_lumps)
        # The bounds of their parameters keep either side's strength from falling to nothing.
        self.balance: FloatArray = russia / ukraine
        #: Pace and hazard of a breakthrough at this balance, over those of May 2025.
        self.force_ratio, self.tempo = self._ratios(self.balance)
        self.expected_pace, self.expected_tempo = self._ratios(russia / self._ukraine(0.0, 0.0))


def _on_log_scale(correlation: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the correlation of two normal numbers of this variance whose exponentials have the given one."""
    some = np.where(variance > 0, variance, 1.0)
    found = np.where(variance > 0, np.log1p(correlation * np.expm1(some)) / some, correlation)
    return np.minimum(found, 1.0)  # rounding may put a correlation of one above it
