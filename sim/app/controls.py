"""What can be turned, as descriptions from which a face makes sliders: every parameter of a scenario, once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.app.leading import LEADING
from sim.distributions import Distribution, Lognormal
from sim.parameter_table import as_text
from sim.parameters import OBLASTS, PARAMETERS, STATES, Grade, Parameter
from sim.scenario import Scenario
from sim.scenario.schema import GROUPS

#: What a group is called above its controls.
HEADINGS: dict[str, str] = {
    "russia": "Russia", "ukraine": "Ukraine", "united_states": "United States", "europe": "Europe",
    "front": "The front", "table": "The table", "truce": "The ceasefire",
}  # fmt: skip

#: Steps of a slider, at most.
STEPS = 200

#: A law spans what lies between this quantile and its counterpart; as much is added at either end.
_TAIL = 0.01

#: The whole legal range is shown if it is no more than this many times what the law spans.
_ABSURD = 10.0

#: Without a law, the slider goes up to this many times the default.
_FACTOR = 4.0

#: A lognormal law whose ends differ by this factor is walked in equal ratios.
_DECADES = 10.0

#: Labels that the name of the parameter does not give, by name or by what comes after the group.
_LABELS: dict[str, str] = {
    "russia.confidence": "confidence in full control", "confidence": "belief in full Russian control",
    "prior_weight": "experience before the start", "breakthrough_decides": "belief that a breakthrough decides",
    "optimism": "optimism about the advance", "stall": "stalling rather than refusing", "gesture": "short truces",
    "press_russia_base": "readiness to press Russia", "press_ukraine_base": "readiness to press Ukraine",
    "disengage_base": "readiness to move on", "blame_weight": "weight of blame",
    "lobbying_weight": "weight of lobbying",
    "russia_blame": "blame of Russia at the start", "ukraine_blame": "blame of Ukraine at the start",
    "exit_aid": "aid after moving on", "re_engagement": "return after moving on", "stall_credit": "credit for stalling",
    "stall_blame": "blame for stalling", "sanctions_start": "sanctions at the start",
    "us_share": "American share of aid",
    "backfill": "making good American cuts", "veto_use": "use of the veto", "pace": "pace of the advance",
    "pace_spread": "spread of the pace", "pace_lasting": "lasting part of the pace",
    "pace_persistence": "persistence of the pace", "pace_skew_offset": "largest loss in a week",
    "new_axis_hazard": "hazard of a new axis", "new_axis_pace": "pace on a new axis",
    "breakthrough_hazard": "hazard of a breakthrough", "breakthrough_duration": "length of a breakthrough",
    "breakthrough_multiplier": "pace in a breakthrough", "aid_dependence": "dependence on aid",
    "aid_lumpiness": "unevenness of aid", "claimed_losses": "Russian losses claimed",
    "round_engaged": "rounds while Washington mediates", "round_disengaged": "rounds without Washington",
    "donbas_likeness": "likeness to the Donbas of 2014", "recognition_limit": "limit of recognition",
    "table.precision": "sharpness of answers", "europe.precision": "sharpness of answers",
    "pressure_on_power": "effect of pressure on power",
}  # fmt: skip

_GRADES: dict[Grade, str] = {
    "data": "measured", "article": "a claim of the article", "literature": "from the literature",
    "judgement": "a judgement",
}  # fmt: skip


@dataclass(frozen=True)
class Control:
    """One parameter as something to turn.

    Attributes
    ----------
    name, meaning, unit, source, grade
        As in the table of parameters.
    label
        What it is called below the heading of its group, some words.
    low, high
        Ends of the slider, in the unit: the useful range, within the bounds of the parameter.
    step
        Distance of two positions; of a logarithmic slider the first.
    logarithmic
        The positions stand in equal ratios.
    value
        Where the slider stands as long as nothing is changed: the scenario's number, or the median of its law.
    law
        The law that the scenario has in place of a number, as a scenario file writes it; empty if it has none.
    group
        Key of the actor or part of the world; `HEADINGS` names it.
    rank
        Place among those that matter most, from 1; None for all others.
    """

    name: str
    label: str
    meaning: str
    unit: str
    low: float
    high: float
    step: float
    logarithmic: bool
    value: float
    law: str
    source: str
    grade: Grade
    group: str
    rank: int | None

    @property
    def heading(self) -> str:
        """What its group is called."""
        return HEADINGS[self.group]

    @property
    def full_label(self) -> str:
        """What it is called where it stands among those of others: "Russia: war cost"."""
        proper = self.name.count(".") > 1 or self.label.startswith(("American", "Russian"))
        return f"{self.heading}: {self.label if proper else self.label[0].lower() + self.label[1:]}"

    @property
    def options(self) -> tuple[float, ...]:
        """Every position of the slider, in order, that at which it stands untouched among them."""
        if self.logarithmic:
            count = max(2, min(STEPS, round(math.log(self.high / self.low) / math.log1p(self.step / self.low)) + 1))
            found = np.geomspace(self.low, self.high, count).tolist()
        else:
            found = [self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)]
        grid = {float(f"{min(max(value, self.low), self.high):.6g}") for value in found}
        return tuple(sorted(grid | {self.low, self.high, self.value}))

    @property
    def help(self) -> str:
        """All there is to know of it, in sentences."""
        return " ".join((
            f"{self.meaning[0].upper()}{self.meaning[1:]}, in {self.unit}.",
            f"The scenario lets every run draw its own value ({self.law}); moving the slider puts one number, certain, "
            "in its place, and leaving it alone keeps the law." if self.law else
            f"The scenario sets {self.shown(self.value)}, the same in all runs.",
            f"The slider goes from {self.shown(self.low)} to {self.shown(self.high)}{self._beyond}.",
            f"Source: {self.source} ({_GRADES[self.grade]}).",
        ))  # fmt: skip

    def shown(self, value: float) -> str:
        """Return a number as it stands beside the slider.

        Examples
        --------
        >>> from sim.scenario import load
        >>> leading(load("hardball"))[0].shown(0.35)
        '0.35'
        """
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

    @property
    def _beyond(self) -> str:
        parameter = PARAMETERS.get(self.name) or PARAMETERS[f"europe.france.{self.name.rsplit('.', 1)[1]}"]
        low, high = parameter.low, parameter.high
        return "" if (low, high) == (self.low, self.high) else f"; a file may go from {as_text(low)} to {as_text(high)}"


def controls(scenario: Scenario) -> tuple[Control, ...]:
    """Return a control for every parameter of a scenario, by actor.

    Parameters
    ----------
    scenario
        The scenario without changes: what it sets is where the sliders stand at first.

    Examples
    --------
    >>> from sim.scenario import load
    >>> found = controls(load("hardball"))[0]
    >>> found.name, found.low, found.high, found.value, found.law
    ('russia.confidence', 0.0, 0.89, 0.75, 'triangular: [0.65, 0.75, 0.85]')
    """
    resolved, groups = scenario.resolve(), list(GROUPS)
    ordered = sorted(scenario.parameters().values(), key=lambda parameter: groups.index(parameter.group))
    return tuple(_control(parameter, resolved) for parameter in ordered)


def leading(scenario: Scenario) -> tuple[Control, ...]:
    """Return the controls that matter most, in their measured order; fewer if the scenario lacks some."""
    ranked = [control for control in controls(scenario) if control.rank is not None]
    return tuple(sorted(ranked, key=lambda control: control.rank or 0))


def by_actor(scenario: Scenario) -> dict[str, tuple[Control, ...]]:
    """Return the other controls, by the heading of their group, for the folds."""
    found: dict[str, tuple[Control, ...]] = {}
    for control in controls(scenario):
        if control.rank is None:
            found[control.heading] = (*found.get(control.heading, ()), control)
    return found


def _control(parameter: Parameter, resolved: Mapping[str, float | Distribution]) -> Control:
    now = resolved[parameter.name]
    value = min(max(now.central, parameter.low), parameter.high) if isinstance(now, Distribution) else now
    low, high, logarithmic = _range(parameter, now, value)
    step = low * (_round((high / low) ** (1 / 60) - 1)) if logarithmic else _round((high - low) / 100)
    if not logarithmic:  # ends on the steps, but for those that are bounds
        low = max(parameter.low, math.floor(low / step + 1e-9) * step)
        high = min(parameter.high, math.ceil(high / step - 1e-9) * step)
    low, high = _apart(parameter, low, high, step, resolved)
    low, high = min(low, value), max(high, value)
    return Control(
        parameter.name, _label(parameter), parameter.meaning, parameter.unit, _six(low), _six(high), _six(step),
        logarithmic, value, as_text(now) if isinstance(now, Distribution) else "", parameter.source, parameter.grade,
        parameter.group, LEADING.index(parameter.name) + 1 if parameter.name in LEADING else None,
    )  # fmt: skip


def _range(parameter: Parameter, now: float | Distribution, value: float) -> tuple[float, float, bool]:
    """Return the useful range of a parameter, and whether it is walked in equal ratios."""
    laws = [law for law in (parameter.uncertainty, now) if isinstance(law, Distribution)]
    least, most = parameter.low, parameter.high
    if not laws:
        wide = most - least > _FACTOR * abs(value) and most > 1
        return (least, min(most, _FACTOR * value), False) if wide and value > 0 else (least, most, False)
    ends = [law.quantile(np.array([_TAIL, 1 - _TAIL]), least, most) for law in laws]
    low, high = float(min(end[0] for end in ends)), float(max(end[1] for end in ends))
    if most - least <= _ABSURD * (high - low):
        return least, most, False
    if isinstance(laws[0], Lognormal) and high / low > _DECADES:
        ratio = math.sqrt(high / low)
        return max(least, low / ratio), min(most, high * ratio), True
    return max(least, 2 * low - high), min(most, 2 * high - low), False


def _apart(
    parameter: Parameter, low: float, high: float, step: float, resolved: Mapping[str, float | Distribution]
) -> tuple[float, float]:
    """Keep a belief in full control below the belief that a breakthrough decides, as every scenario has to."""
    names = {"confidence": "breakthrough_decides", "breakthrough_decides": "confidence"}
    other = resolved.get(f"{parameter.group}.{names.get(parameter.key)}")
    if other is None:
        return low, high
    ends = other.support if isinstance(other, Distribution) else (other, other)
    if parameter.key == "confidence":
        return low, min(high, math.ceil(ends[0] / step - 1e-9) * step - step)
    return max(low, math.floor(ends[1] / step + 1e-9) * step + step), high


def _round(width: float) -> float:
    """Return the number of 1, 2 or 5 times a power of ten that is nearest below."""
    power = 10.0 ** math.floor(math.log10(width) + 1e-9)
    return power * max(digit for digit in (1, 2, 5) if digit * power <= width * (1 + 1e-9))


def _six(value: float) -> float:
    """Drop the noise of binary fractions."""
    return float(f"{value:.6g}")


def _label(parameter: Parameter) -> str:
    *state, key = parameter.key.split(".")
    words = key.split("_")
    if words[0] in ("weight", "victory"):
        words.insert(1, "of" if words[0] == "weight" else "on")
    elif words[0] in OBLASTS:
        oblast = words[0].capitalize()
        words = ["land left in", oblast] if words[1] == "left" else ["share of", oblast, "in the advance"]
    text = _LABELS.get(parameter.name) or _LABELS.get(key) or " ".join(words)
    if not state:
        return text[0].upper() + text[1:]
    name = STATES[state[0]].label if state[0] in STATES else state[0].replace("_", " ").capitalize()
    return f"{name}: {text}"
