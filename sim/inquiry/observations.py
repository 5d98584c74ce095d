"""What was observed up to a date, and how likely a run makes it.

Every observation may be wrong. The front is measured with a normal error of a stated standard deviation; a report that
something happened or not is false with a small probability, so that no run is ruled out by one report; counts have a
normal error, by default of the size that a Poisson count has. Errors of different observations are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, pi, sqrt
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.arrays import BoolArray, FloatArray
from sim.inquiry import forms
from sim.inquiry.following import TOTAL, Reading, Sight, after_the_start
from sim.inquiry.forms import Entry, Form, ListOf, Record
from sim.parameters import OBLASTS
from sim.scenario.calendar import week_of

#: Folder of the example that comes with Truce.
FOLDER = Path(__file__).parents[1] / "observations"

#: Probability that a report is false, unless the file says otherwise.
MISREPORTING = 0.01

Kind = Literal["front", "event", "count"]


def _by(column: str) -> Callable[[Sight, int], BoolArray]:
    def read(sight: Sight, week: int) -> BoolArray:
        happened: BoolArray = sight.model.record.weeks[column] <= week
        return happened

    return read


def _number_of(name: str) -> Callable[[Sight, int], NDArray[Any]]:
    return lambda sight, week: sight.model.record.counts[name]


#: What can be reported of a run at the end of a week: its meaning and how it is read.
EVENTS: dict[str, tuple[str, Callable[[Sight, int], BoolArray]]] = {
    "short_truce": ("a short truce has been announced by the date", _by("short_truce_week")),
    "signature": ("a general ceasefire has been signed by the date", _by("signature_week")),
    "ceasefire": (
        "a general ceasefire has held for 30 days by the date",
        lambda sight, week: np.isfinite(sight.model.record.weeks["ceasefire_week"]),
    ),
    "ceasefire_in_force": (
        "a general ceasefire is in force on the date", lambda sight, week: sight.model.truce.in_force,
    ),
    "full_control": ("Russia holds all of the four oblasts by the date", _by("full_control_week")),
    "us_engaged": (
        "Washington takes part in the talks on the date", lambda sight, week: sight.model.united_states.engaged,
    ),
    "us_disengaged": ("Washington has walked away at least once by the date", _by("us_disengaged_week")),
    "pressed_russia": ("Washington has pressed Russia at least once by the date", _by("pressed_russia_week")),
    "pressed_ukraine": ("Washington has pressed Ukraine at least once by the date", _by("pressed_ukraine_week")),
}  # fmt: skip

#: What can be counted in a run up to the end of a week: its meaning and how it is read.
COUNTS: dict[str, tuple[str, Callable[[Sight, int], NDArray[Any]]]] = {
    "rounds_held": ("rounds of talks up to the date", _number_of("rounds_held")),
    "pressure_steps_russia": (
        "American steps of pressure on Russia (sanctions) up to the date", _number_of("pressure_steps_russia"),
    ),
    "pressure_steps_ukraine": (
        "American steps of pressure on Ukraine (aid) up to the date", _number_of("pressure_steps_ukraine"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Observation:
    """Something that was observed.

    Attributes
    ----------
    kind
        ``front``, ``event`` or ``count``.
    what
        ``lost_km2`` or ``left_km2`` of the front, a key of `EVENTS`, or a key of `COUNTS`.
    day
        The date.
    observed
        Land in km², 1 or 0 for what was reported to be so or not, or a number.
    error
        Standard deviation of the error, in the same unit; of a report the probability that it is false.
    area
        Of the front, an oblast or ``total``.
    """

    kind: Kind
    what: str
    day: date
    observed: float
    error: float
    area: str = ""

    @property
    def name(self) -> str:
        """What it is about, with the date; no two of a set have the same."""
        return " ".join(filter(None, [self.what, self.area, self.day.isoformat()]))

    def reading(self) -> Reading:
        """Return what reads the same off a run."""
        if self.kind == "front":
            of_area = Sight.lost if self.what == "lost_km2" else Sight.left
            return Reading(self.name, self.day, lambda sight: of_area(sight, self.area), between=True)
        week = week_of(self.day)
        _, read = EVENTS[self.what] if self.kind == "event" else COUNTS[self.what]
        return Reading(self.name, self.day, lambda sight: np.asarray(read(sight, week), dtype=np.float64))

    def log_likelihood(self, values: FloatArray) -> FloatArray:
        """Return the logarithm of how likely each run makes what was observed.

        Parameters
        ----------
        values
            What was read off the runs, shape (runs,).

        Returns
        -------
        NDArray
            Shape (runs,); minus infinity only where a report that cannot be false contradicts the run.

        Examples
        --------
        >>> report = Observation("event", "signature", date(2025, 9, 1), observed=0.0, error=0.2)
        >>> np.exp(report.log_likelihood(np.array([0.0, 1.0]))).round(3).tolist()
        [0.8, 0.2]
        """
        if self.kind == "event":
            wrong = log(self.error) if self.error > 0 else -np.inf
            return np.where(values == self.observed, log(1 - self.error), wrong)
        distance = (self.observed - values) / self.error
        return np.asarray(-(distance**2) / 2 - log(self.error * sqrt(2 * pi)), dtype=np.float64)

    def chance(self, values: FloatArray) -> float:
        """Return the chance, by all runs alike, of a report like this one.

        Of a report, that it is made; of a number, that it lies at least as far out on either side, errors included.

        Parameters
        ----------
        values
            What was read off the runs, shape (runs,).
        """
        if self.kind == "event":
            return float(np.exp(self.log_likelihood(values)).mean())
        below = float(ndtr((self.observed - values) / self.error).mean())
        return 2 * min(below, 1 - below)


#: Smallest standard deviation of an error; nearer to none, the weight of a run could no longer be computed.
_SMALLEST = 0.001

_LEFT = forms.number(0, 150_000, "km²")
_FRONT = Form("an observation of the front", {
    "date": Entry(forms.day, required=True),
    "area": Entry(forms.one_of([TOTAL, *OBLASTS], "an area"), default=TOTAL),
    "lost_km2": Entry(forms.number(-50_000, 150_000, "km²")), "left_km2": Entry(_LEFT),
    "sd_km2": Entry(forms.number(_SMALLEST, 50_000, "km²"), required=True),
})  # fmt: skip

_MISREPORTING = forms.number(0, 0.49, "probability")
_EVENT = Form("a report", {
    "event": Entry(forms.one_of(EVENTS, "an event"), required=True), "date": Entry(forms.day, required=True),
    "observed": Entry(forms.flag, required=True), "misreporting": Entry(_MISREPORTING),
})  # fmt: skip

_COUNT = Form("a count", {
    "count": Entry(forms.one_of(COUNTS, "a count"), required=True), "date": Entry(forms.day, required=True),
    "number": Entry(forms.number(0, 1000, "count", whole=True), required=True),
    "sd": Entry(forms.number(_SMALLEST, 1000, "count")),
})  # fmt: skip

_FILE = Form("a file of observations", {
    "title": Entry(forms.text, required=True), "misreporting": Entry(_MISREPORTING, default=MISREPORTING),
    "front": Entry(ListOf(_FRONT), default=()), "events": Entry(ListOf(_EVENT), default=()),
    "counts": Entry(ListOf(_COUNT), default=()),
})  # fmt: skip


def load_observations(name_or_path: str | Path) -> tuple[Observation, ...]:
    """Read a file of observations.

    Parameters
    ----------
    name_or_path
        A path, if it has a suffix or a separator; otherwise the name of an example that comes with Truce.

    Returns
    -------
    tuple[Observation, ...]
        In the order of the file; none if the file has a title only.

    Raises
    ------
    ScenarioError
        If there is no such file, or it cannot be used. The message names file, line, key and remedy.

    Examples
    --------
    >>> [observation.kind for observation in load_observations("made_up")][:2]
    ['front', 'front']
    """
    record = forms.read_form(forms.find_file(name_or_path, FOLDER, "file of observations"), _FILE, "observation")
    found = [(_front(item), item) for item in record["front"]]
    found += [(_event(item, record["misreporting"]), item) for item in record["events"]]
    found += [(_count(item), item) for item in record["counts"]]
    seen: set[str] = set()
    for observation, item in found:
        if wrong := after_the_start(observation.day):
            raise item.fault("date", wrong)
        if observation.name in seen:
            raise item.fault("", f"'{observation.name}' is observed twice; keep one, or their mean")
        seen.add(observation.name)
    return tuple(observation for observation, _ in found)


def log_likelihood(observations: Sequence[Observation], values: dict[str, FloatArray], runs: int) -> FloatArray:
    """Return the logarithm of how likely each run makes all that was observed.

    Parameters
    ----------
    observations
        What was observed; none leaves every run as likely as any other.
    values
        What was read off the runs for each observation, by its name, each of shape (runs,).
    runs
        Number of runs.

    Returns
    -------
    NDArray
        Shape (runs,).
    """
    total = np.zeros(runs)
    for observation in observations:
        total += observation.log_likelihood(values[observation.name])
    return total


def _front(item: Record) -> Observation:
    given = [key for key in ("lost_km2", "left_km2") if item[key] is not None]
    if len(given) != 1:
        raise item.fault("", "an observation of the front has either `lost_km2` or `left_km2`; give one of them")
    return Observation("front", given[0], item["date"], item[given[0]], item["sd_km2"], item["area"])


def _event(item: Record, misreporting: float) -> Observation:
    error = misreporting if item["misreporting"] is None else item["misreporting"]
    return Observation("event", item["event"], item["date"], float(item["observed"]), error)


def _count(item: Record) -> Observation:
    number = item["number"]
    error = max(1.0, sqrt(number)) if item["sd"] is None else item["sd"]
    return Observation("count", item["count"], item["date"], float(number), error)
