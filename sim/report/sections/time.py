"""Time: by when a ceasefire comes, what comes first, how long ceasefires hold, what Russia expects meanwhile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import pandas as pd

from sim.plots.sheet import short_date
from sim.report.basis import by_scenario
from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.numbers import Measured, cell, day_cell
from sim.report.sections.phrases import CAVEAT, CEASEFIRE, INTERVALS, runs_of, traced_runs, whole_percent
from sim.report.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.report.basis import Basis

#: Quarters that the ladder of dates shows, at most.
MOST_RUNGS = 6

#: First events as the table names them.
_EVENTS = {
    "ceasefire": "A ceasefire, %",
    "full_control": "Full Russian control, %",
    "us_disengaged": "Washington gone, %",
    "none": "None of these, %",
}


def time(basis: Basis) -> Section:
    """Write the section on time.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> section = time(basis_of(sim.compare("hardball", runs=8), simulate=False))
    >>> section.heading
    'Time'
    """
    blocks: list[Block] = [
        Paragraph(
            "Talks take time, and what happens first changes what can happen next. Dates are those on which a "
            "ceasefire begins, not those on which it is known to have held."
        ),
        _incidence(basis), _ladder(basis), _first_events(basis), *_lasting(basis), *_confidence(basis),
    ]  # fmt: skip
    return Section("time", "Time", tuple(blocks))


def _incidence(basis: Basis) -> Figure:
    from sim.analysis.risks import cumulative_incidence
    from sim.plots import ceasefire_incidence

    table = cumulative_incidence(basis.results, basis.scenarios)

    def draw() -> Sheet:
        return cast("Sheet", ceasefire_incidence(table, basis.scenarios, basis.reference.name).figure)

    told = []
    for scenario, rows in by_scenario(table, basis.scenarios):
        by_week = rows.set_index("week")["share"]
        deadline = by_week[by_week.index <= scenario.deadline_week].iloc[-1]
        told.append(
            f"{basis.names[scenario.name]}: {whole_percent(deadline)} by the deadline, "
            f"{whole_percent(by_week.iloc[-1])} by the horizon"
        )
    return Figure(
        "ceasefire_incidence",
        f"Share of runs in which a first ceasefire has begun by each date, with 95 % bands; {runs_of(basis)}. "
        f"{CEASEFIRE} {CAVEAT}",
        f"Rising lines, one for each scenario. {'; '.join(told)}.",
        draw,
        table,
    )


def _ladder(basis: Basis) -> Table:
    from sim.analysis.risks import ladder

    table = ladder(basis.results, basis.scenarios, "quarter")
    days = sorted(day for day in table["by"].unique() if day <= basis.reference.horizon.isoformat())[:MOST_RUNGS]
    rows = []
    for scenario, own in by_scenario(table, basis.scenarios):
        shares = {row["by"]: Measured(row["share"], row["low"], row["high"]) for row in own.to_dict("records")}
        cells = (cell(shares[day], 100, most=100) if day in shares else Cell("") for day in days)
        rows.append((Cell(basis.names[scenario.name]), *cells))
    return Table(
        "ladder", "Chance of a ceasefire by the end of each quarter, %", ("Scenario", *map(_month, days)), tuple(rows),
        f"{INTERVALS} {CEASEFIRE} The week of a quarter’s last day counts whole. Later quarters, if there are any, are "
        "in the file.", table,
    )  # fmt: skip


def _month(day: str) -> str:
    return short_date(date.fromisoformat(day)).split(" ", 1)[1]


def _first_events(basis: Basis) -> Table:
    from sim.analysis.risks import competing_risks

    table = competing_risks(basis.results, basis.scenarios)
    rows, kept = [], []
    for scenario, own in by_scenario(table, basis.scenarios):
        for when, week, day in (
            ("deadline", scenario.deadline_week, scenario.deadline),
            ("horizon", scenario.horizon_week, scenario.horizon),
        ):
            at = own[own["week"] == week]
            kept.append(at.assign(when=when, by=day.isoformat()))
            shares = {row["event"]: Measured(row["share"], row["low"], row["high"]) for row in at.to_dict("records")}
            cells = (cell(shares[event], 100, most=100) for event in _EVENTS)
            rows.append((Cell(basis.names[scenario.name]), day_cell(day), *cells))
    return Table(
        "first_events", "What comes first", ("Scenario", "By", *_EVENTS.values()), tuple(rows),
        f"{INTERVALS} What comes first takes the others’ place: a ceasefire after Washington has gone is not counted "
        "here, but is in the ladder of dates.", pd.concat(kept, ignore_index=True),
    )  # fmt: skip


def _lasting(basis: Basis) -> list[Block]:
    from sim.analysis.survival import MONTHS, survival_summary
    from sim.errors import UsageError

    try:
        table = survival_summary(basis.results, basis.scenarios)
    except UsageError:  # names and runs are in order, or there would be no ladder
        return [Paragraph("No run has a ceasefire that held for 30 days, so there is none whose end could be told.")]
    rows = []
    if not table["ceasefires"].sum():
        return [Paragraph("No run has a ceasefire that held for 30 days, so there is none whose end could be told.")]
    for scenario, own in by_scenario(table, basis.scenarios):
        (row,) = own.to_dict("records")
        numbers = [_number(row, "held_30_days", 100), Cell(f"{row['ceasefires']:,}", float(row["ceasefires"]))]
        numbers += [_number(row, f"after_{months}_months", 100) for months in MONTHS]
        rows.append((Cell(basis.names[scenario.name]), *numbers, _number(row, "mean_weeks_of_52", 1)))
    return [
        _survival(basis, table),
        Table(
            "lasting", "How long ceasefires last",
            ("Scenario", "First signatures that hold 30 days, %", "Ceasefires",
             *(f"Of these still hold after {counted(months, 'month')}, %" for months in MONTHS),
             "Mean weeks held of the first 52"),
            tuple(rows),
            f"{INTERVALS} Ceasefires in force when their run ends are followed no further (Kaplan-Meier). Empty: not "
            "followed so long, or no ceasefire.", table,
        )
    ]  # fmt: skip


def _survival(basis: Basis, summary: pd.DataFrame) -> Figure:
    from sim.analysis.survival import survival_curve
    from sim.plots import survival
    from sim.plots.survival import MOST_BANDS

    table = survival_curve(basis.results, basis.scenarios)

    def draw() -> Sheet:
        return cast("Sheet", survival(table, basis.scenarios, basis.reference.name).figure)

    told = [
        f"{basis.names[str(row['scenario'])]}: {whole_percent(row['after_12_months'])} of {row['ceasefires']:,}"
        for row in summary.to_dict("records")
        if row["after_12_months"] == row["after_12_months"]
    ]
    year = f" Still in force after a year: {'; '.join(told)}." if told else ""
    return Figure(
        "survival",
        "Share of ceasefires still in force by their age (Kaplan-Meier), of all that held for at least 30 days, with "
        f"95 % bands{' of the baseline' if len(basis.scenarios) > MOST_BANDS else ''}; {runs_of(basis)}. {CAVEAT}",
        f"Falling lines, one for each scenario.{year}",
        draw,
        table,
    )


def _confidence(basis: Basis) -> list[Block]:
    from sim.plots import confidence
    from sim.plots.confidence import VARIABLES

    table = basis.weekly(VARIABLES)
    if table is None:
        return []

    def draw() -> Sheet:
        return cast("Sheet", confidence(table, basis.scenarios, basis.reference.name).figure)

    several = len(basis.scenarios) > 1
    told = [
        f"{basis.names[scenario.name]}: {whole_percent(rows['q50'].iloc[0])} at the start, "
        f"{whole_percent(rows['q50'].iloc[-1])} at the end"
        for scenario, rows in by_scenario(table[table["variable"] == VARIABLES[0]], basis.scenarios)
    ]
    return [Figure(
        "confidence",
        "How sure Russia is, from week to week, that it will control all four oblasts: the median of "
        f"{traced_runs(table)}{' of each scenario' if several else ''}, and{' for the baseline' if several else ''} "
        f"the middle half and nine in ten of them. {CAVEAT}",
        f"Lines over time. Medians: {'; '.join(told)}.",
        draw,
        table,
    )]  # fmt: skip


def _number(row: dict[str, float], name: str, scale: float) -> Cell:
    most = 100.0 if scale == 100 else 52.0
    return cell(Measured(row[name], row[f"{name}_low"], row[f"{name}_high"]), scale, most)
