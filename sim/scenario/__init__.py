"""Scenarios: what a file says, checked, inherited and resolved.

Examples
--------
>>> from sim.scenario import date_of, week_of
>>> week_of(date_of(12))
12
"""

from sim.scenario.calendar import START, date_of, week_of
from sim.scenario.loading import Listing, builtin_folder, builtin_names, list_scenarios, load, load_builtin, load_text
from sim.scenario.scenario import Event, Scenario
from sim.scenario.schema import json_schema

__all__ = [
    "START",
    "Event",
    "Listing",
    "Scenario",
    "builtin_folder",
    "builtin_names",
    "date_of",
    "json_schema",
    "list_scenarios",
    "load",
    "load_builtin",
    "load_text",
    "week_of",
]
