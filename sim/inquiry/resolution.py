"""How a question resolves: what each rule looks at in a run, and how long the run must be for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import BoolArray, FloatArray
from sim.inquiry.following import TOTAL, Reading, Sight
from sim.scenario.calendar import HOLDING_WEEKS, week_of

if TYPE_CHECKING:
    from sim.inquiry.questions import Question


@dataclass(frozen=True)
class Rule:
    """A way to resolve a question.

    Attributes
    ----------
    meaning
        When the answer is yes.
    reading
        What to read off a run for it: 1 for yes, 0 for no, NaN if the run is not one that the question asks about; or
        for a threshold, the value.
    threshold
        Key of the question with the value from which on the answer is yes, empty if there is none.
    """

    meaning: str
    reading: Callable[[str, date], Reading]
    threshold: str = ""


def answers(question: Question, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what the runs answer to a question.

    Parameters
    ----------
    question
        The question.
    values
        What was read off the runs for its rule, shape (runs,).

    Returns
    -------
    yes, among
        1 where the answer is yes, and 1 where the run is one that the question asks about; each of shape (runs,).
    """
    among = np.isfinite(values)
    if question.territory_km2 is not None:
        return np.asarray(values >= question.territory_km2, dtype=np.float64), among.astype(np.float64)
    return np.where(among, values, 0.0), among.astype(np.float64)


def _by(*columns: str, weeks_after: int = 0) -> Callable[[str, date], Reading]:
    """Return what reads whether the first of some events happened by the week of a day."""

    def reading(name: str, day: date) -> Reading:
        last = week_of(day)

        def read(sight: Sight) -> BoolArray:
            weeks = sight.model.record.weeks
            happened: BoolArray = np.any([weeks[column] <= last for column in columns], axis=0)
            return happened

        return Reading(name, day, _as_numbers(read), weeks_after=weeks_after)

    return reading


def _settlement(name: str, day: date) -> Reading:
    def read(sight: Sight) -> BoolArray:
        truce = sight.model.truce
        in_force: BoolArray = truce.in_force & (truce.age >= HOLDING_WEEKS)
        return in_force

    return Reading(name, day, _as_numbers(read))


def _territory(name: str, day: date) -> Reading:
    return Reading(name, day, lambda sight: sight.lost(TOTAL), between=True)


def _breaks(name: str, day: date) -> Reading:
    last = week_of(day)

    def read(sight: Sight) -> FloatArray:
        weeks = sight.model.record.weeks
        signed = weeks["signature_week"] <= last
        # One that is still young at the end of the reading has held: the reading is HOLDING_WEEKS after the last day.
        held = weeks["ceasefire_week"] == weeks["signature_week"]
        return np.where(signed, np.where(held, 0.0, 1.0), np.nan)

    return Reading(name, day, read, weeks_after=HOLDING_WEEKS - 1)


def _as_numbers(read: Callable[[Sight], BoolArray]) -> Callable[[Sight], FloatArray]:
    return lambda sight: read(sight).astype(np.float64)


#: Every rule by its name in a question file.
RULES: dict[str, Rule] = {
    "announced_truce": Rule(
        "a truce of any kind is announced by the date: a short one of days, also by one side, or a signature",
        _by("short_truce_week", "signature_week"),
    ),
    "signature": Rule(
        "both sides sign a general ceasefire by the date, however long it holds", _by("signature_week"),
    ),
    "ceasefire_30_days": Rule(
        "a general ceasefire begins by the date that holds at least 30 days",
        _by("ceasefire_week", weeks_after=HOLDING_WEEKS - 1),
    ),
    "breaks_within_30_days": Rule(
        "the first general ceasefire lasts less than 30 days, given that one is signed by the date", _breaks,
    ),
    "settlement": Rule("a general ceasefire is in force on the date and has held for 30 days", _settlement),
    "territory_lost": Rule(
        "the land lost in war since 2025-05-19 is `territory_km2` or more on the date", _territory, "territory_km2",
    ),
    "full_control": Rule("Russia holds all of the four oblasts by the date", _by("full_control_week")),
    "us_disengaged": Rule("Washington walks away from the talks at least once by the date", _by("us_disengaged_week")),
}  # fmt: skip
