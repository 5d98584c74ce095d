"""Scenarios that end as soon as what is asked about can be seen: the same runs, in less time."""

from __future__ import annotations

import dataclasses

from sim.analysis.outcomes import When, week_of_date
from sim.scenario import Scenario
from sim.scenario.calendar import HOLDING_WEEKS, date_of


def seen_to(scenario: Scenario, by: When) -> Scenario:
    """Return the scenario, ending once every ceasefire that begins by a date has held long enough to count.

    Raises
    ------
    UsageError
        If the date is neither ``"deadline"`` nor ``"horizon"``.
    """
    week = week_of_date(scenario, by)
    return scenario if by == "horizon" else _ending(scenario, week + HOLDING_WEEKS)


def up_to(scenario: Scenario, by: When) -> Scenario:
    """Return the scenario, ending with the week of a date.

    Raises
    ------
    UsageError
        If the date is neither ``"deadline"`` nor ``"horizon"``.
    """
    week = week_of_date(scenario, by)
    return scenario if by == "horizon" else _ending(scenario, week + 1)


def _ending(scenario: Scenario, weeks: int) -> Scenario:
    """Return the scenario with so many weeks, if it has more; events after them are left out."""
    if scenario.horizon_week <= weeks:
        return scenario
    events = tuple(event for event in scenario.events if event.week < weeks)
    return dataclasses.replace(scenario, horizon=date_of(weeks), events=events)
