"""Base rates as forecasters: what wars between states and ceasefires have done, for the questions that they answer."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.evidence import WEEKS_A_MONTH, collapse_hazards, numbers
from sim.inquiry.questions import Question
from sim.scenario.calendar import START

#: Rules to which the end of a war comes nearest.
_ENDS = ("signature", "ceasefire_30_days", "settlement")

#: An age of 30 days, in the months of the tables.
_HELD = 30 / 7 / WEEKS_A_MONTH

_WAR = "share of interstate wars as old as this one that end within the time, by whatever end, victory included"
_GENERAL = "ETH/PRIO: full bilateral ceasefires of 1989-2020 that broke within 30 days"
_DONBAS = "ETH/PRIO: the 14 ceasefires of 2014-2020 in eastern Ukraine"


class BaseRate(NamedTuple):
    """A chance that follows from cases of the past."""

    source: str
    day: date
    probability: float
    note: str


def base_rates(question: Question) -> list[BaseRate]:
    """Return the base rates that answer a question, none for most.

    Wars between states stand for a signature, a ceasefire of 30 days and a settlement: three hazards of wars of this
    age and ten fitted laws of duration (`sim.evidence.derive.base_rates`). The collapses of ceasefires by age stand for
    one that breaks within 30 days.

    Examples
    --------
    >>> from sim.inquiry.questions import load_question
    >>> [(rate.source, round(rate.probability, 2)) for rate in base_rates(load_question("ceasefire_breaks_early"))]
    [('ceasefires in general', 0.14), ('ceasefires in Donbas', 0.74)]
    """
    if question.rule in _ENDS:
        from sim.evidence import derive

        found = derive.base_rates(question.by)
        return [BaseRate(f"wars: {name}", START, rate, _WAR) for name, rate in found.items()]
    if question.rule == "breaks_within_30_days":
        starts, *curves = collapse_hazards()
        ends = numbers("ceasefire_collapses", "to_month")
        within = np.clip(_HELD - starts, 0.0, ends - starts)
        general, donbas = (float(-np.expm1(-(hazards * within).sum())) for hazards in curves)
        return [
            BaseRate("ceasefires in general", START, general, _GENERAL),
            BaseRate("ceasefires in Donbas", START, donbas, _DONBAS),
        ]
    return []
