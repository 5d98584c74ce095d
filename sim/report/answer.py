"""The question of an experiment and its answer, in three sentences written by rules from the tables.

Each sentence says what some rows of a table say and no more: a difference is called one only where Holm's method finds
it, an interval stands beside every number, and what a scenario does is told of the runs, not of the world.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plots.sheet import plain_date
from sim.report.document import Block, Bullets, Cell, Paragraph, Section, Table
from sim.report.extent import extent_of, scenarios_with_runs
from sim.report.measures import Row, difference, difference_rows, measured, rows_by, summary_rows
from sim.report.numbers import (
    Measured,
    area,
    area_difference,
    cell,
    chance,
    in_brackets,
    odds,
    percent,
    points,
    rounded,
)
from sim.report.wording import counted, listed, quoted, titles

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep
    from sim.scenario import Scenario

#: What every answer ends with.
CAVEAT = (
    "These are shares of model runs under stated assumptions, not forecasts. An interval says how far the number of "
    "runs lets a share be known; it says nothing about how far the model is from the world."
)

#: Scenarios that a sentence names in one direction; the table has all.
MOST_NAMED = 3


def answer(results: Comparison | Sweep) -> Section:
    """Write the question and the answer.

    Parameters
    ----------
    results
        Results, complete or not, in memory or stored; outcomes are read part by part.

    Returns
    -------
    Section
        The question, three sentences, what else the runs say, and the table behind them.

    Examples
    --------
    >>> import sim
    >>> section = answer(sim.compare("hardball", runs=8))
    >>> section.blocks[0].text
    'What happens if everybody acts as the article of May 2025 describes?'
    """
    from sim.report.answer_points import points_answer

    there = scenarios_with_runs(results, extent_of(results))
    blocks: tuple[Block, ...]
    if not there:
        blocks = (Paragraph("No run of this experiment is there yet, so there is nothing to answer from."),)
    elif results.experiment.design is not None:
        blocks = points_answer(results)  # type: ignore[arg-type]  # only a Sweep has a design
    else:
        blocks = _Answer(results, there).blocks()  # type: ignore[arg-type]
    return Section("answer", "The question and the answer", (*blocks, Paragraph(CAVEAT)))


class _Answer:
    """The answer of a comparison, or of a single scenario."""

    def __init__(self, results: Comparison, there: Sequence[Scenario]) -> None:
        self.results, self.there = results, there
        self.title = titles(results.scenarios)
        (self.baseline,) = (scenario for scenario in results.scenarios if scenario.name == results.baseline)
        self.reference = there[0]  # the baseline, unless none of its runs is there yet
        self.names = {name: quoted(title) for name, title in self.title.items()}
        self.summary = summary_rows(results, there)
        self.differences = difference_rows(results, there)
        self.others = [scenario for scenario in there if scenario.name in self.differences]

    def blocks(self) -> tuple[Block, ...]:
        """Return question, sentences, list and table."""
        third, rest = self._third()
        told = " ".join([self._first(), self._second(), third])
        blocks: list[Block] = [Paragraph(self._question(), lead=True), Paragraph(told)]
        if rest := [*rest, *self._land()]:
            blocks.append(Bullets(tuple(rest)))
        if len(self.results.scenarios) > 1:
            blocks.append(self._table())
        return tuple(blocks)

    def _question(self) -> str:
        baseline, day = self.baseline, plain_date(self.baseline.deadline)
        others = [scenario for scenario in self.results.scenarios if scenario.name != baseline.name]
        if not others:
            return baseline.question or f"How often does a ceasefire begin by {day} in {self.names[baseline.name]}?"
        if len(others) == 1:
            asked = f"{others[0].question} " if others[0].question not in ("", baseline.question) else ""
            other, base = self.names[others[0].name], self.names[baseline.name]
            return f"{asked}How often does a ceasefire begin by {day} in {other}, beside {base}?"
        return (
            f"How often does a ceasefire begin by {day} in each of {len(others)} scenarios, beside the baseline "
            f"{self.names[baseline.name]}?"
        )

    def _first(self) -> str:
        """Return the chance in the baseline."""
        name, row = self.reference.name, self.summary[self.reference.name]
        said = _chance(measured(row, "ceasefire_by_deadline"), int(row["runs"]))
        is_baseline = len(self.results.scenarios) > 1 and name == self.results.baseline
        of = f"the baseline, {self.names[name]}" if is_baseline else self.names[name]
        return (
            f"Under the assumptions of {of}, a ceasefire that holds for at least 30 days begins by "
            f"{plain_date(self.reference.deadline)} in {said}."
        )

    def _second(self) -> str:
        if len(self.results.scenarios) == 1:
            return self._later()
        if not self.differences:
            return "Nothing can be compared with the baseline yet, for lack of runs that both have."
        if len(self.others) == 1:
            return self._beside(self.others[0])
        return self._against()

    def _later(self) -> str:
        """Return what there is at the horizon of a single scenario."""
        row, runs = self.summary[self.reference.name], int(self.summary[self.reference.name]["runs"])
        begun, lasting = (measured(row, name) for name in ("ceasefire_by_horizon", "settlement_at_horizon"))
        day = plain_date(self.reference.horizon)
        return (
            f"By {day}, when the runs end, one has begun in {chance(begun, runs)}, and on that day one is in force in "
            f"{chance(lasting, runs)}."
        )

    def _beside(self, other: Scenario) -> str:
        """Return how the only other scenario compares."""
        row, name = self.differences[other.name], self.names[other.name]
        until = f" by {_day(row['until'])}, the earlier of the two deadlines," if self._dates_differ() else ""
        share = _share(row)
        start = f"In {name} it does so{until} in {_chance(share, int(row['pairs']))}"
        if row["distinguishable_holm"]:
            then = f"; the baseline has {100 * row['baseline_value']:.1f} % by that day" if until else ""
            return f"{start}: {points(difference(row))}{then}."
        if row["verdict"].startswith("the same"):
            return f"{start}, namely in the very same runs."
        return (
            f"{start}, which cannot be told apart from the baseline with so many runs (difference: "
            f"{points(difference(row))}); that does not show that the two are alike."
        )

    def _against(self) -> str:
        """Return which of several scenarios can be told apart from the baseline, the biggest difference first."""
        told = [row for row in self.differences.values() if row["distinguishable_holm"]]
        told.sort(key=lambda row: -abs(row["difference"]))
        more, fewer = ([row for row in told if sign * row["difference"] > 0] for sign in (1, -1))
        with_runs = "" if len(self.others) == len(self.results.scenarios) - 1 else " that have runs"
        number, pairs = len(self.others), _number_of([int(row["pairs"]) for row in self.differences.values()])
        if not told:
            return (
                f"None of the {number} other scenarios{with_runs} can be told apart from it in {pairs} runs; that does "
                "not show that they are alike, since so many runs find a difference of "
                f"{self._detectable()} percentage points, looked at by itself, only four times in five, and smaller "
                "ones less often."
            )
        kinds = [(word, rows) for word, rows in (("more", more), ("less", fewer)) if rows]
        parts = [f"{word} frequent in {self._named(rows, first=not k)}" for k, (word, rows) in enumerate(kinds)]
        rest = number - len(told)
        by = ", counted to the earlier deadline where two differ" if self._dates_differ() else ""
        others = f"other scenarios{with_runs}"
        every = "Both" if number == 2 else f"All {number}"
        start = f"Of the {number} {others}, {len(told)}" if rest else f"{every} {others}"
        start = f"{start} can be told apart from it{by}: a ceasefire is {', and '.join(parts)}"
        if not rest:
            return f"{start}."
        names = [self.names[name] for name, row in self.differences.items() if not row["distinguishable_holm"]]
        which = listed(names) if rest <= MOST_NAMED else f"the other {rest}"
        return f"{start}; {which} cannot be told apart from it in {pairs} runs."

    def _named(self, rows: Sequence[Row], *, first: bool) -> str:
        """Return the scenarios of some rows with their differences; the first says what the numbers are."""
        told = []
        for k, row in enumerate(rows[:MOST_NAMED]):
            text = points(difference(row))
            if k or not first:
                text = text.replace(" percentage points", "").replace("95 % interval ", "")
            told.append(f"{self.names[row['scenario']]} ({text})")
        left = len(rows) - len(told)
        return listed([*told, f"{left} more"] if left else told)

    def _third(self) -> tuple[str, list[str]]:
        """Return who blocks, or what a ceasefire lasts: the one as a sentence, the other for the list."""
        blocked, lasting = self._blocks(), self._lasting()
        often = self.summary[self.reference.name]["ceasefire_by_deadline"] >= 0.5
        first, second = (lasting, blocked) if often else (blocked, lasting)
        return (first, [second]) if first and second else (first or second, [])

    def _blocks(self) -> str:
        from sim.analysis.blocking import who_blocks

        table = rows_by(who_blocks(self.results, [self.reference]), "quantity")
        empty = _value(table["no_zone"])
        if math.isnan(empty.value) or empty.value == 0:
            return ""
        sides = {side: _value(table[f"blocked_by_{side}"]) for side in ("russia", "ukraine", "both")}
        side = max(sides, key=lambda name: sides[name].value)
        who = {
            "russia": "Russia alone would have to ask for less",
            "ukraine": "Ukraine alone would have to ask for less",
            "both": "both sides would have to ask for less",
        }[side]
        return (
            f"In {_plain(empty)} of the weeks of war in {self.names[self.reference.name]}, nothing that is on the "
            f"table is worth more to both sides than fighting on; in {_plain(sides[side])} of those weeks {who}."
        )

    def _lasting(self) -> str:
        from sim.analysis.survival import MONTHS, survival_summary

        name = self.reference.name
        if not self.summary[name]["ceasefire_by_horizon"]:
            return ""
        (row,) = survival_summary(self.results, [self.reference]).to_dict("records")
        number = int(row["ceasefires"])
        for months in sorted(MONTHS, reverse=True):
            share = measured({str(key): value for key, value in row.items()}, f"after_{months}_months")
            if not math.isnan(share.value):
                span = "a year" if months == 12 else f"{months} months"
                return (
                    f"Of the {counted(number, 'ceasefire')} in {self.names[name]}, {_plain(share)} hold for {span} or "
                    "longer, as far as the runs follow them."
                    if number > 1
                    else ""
                )
        return ""

    def _land(self) -> list[str]:
        """Return what the baseline costs in land, and which scenarios can be told apart in it."""
        row, day = self.summary[self.reference.name], plain_date(self.reference.horizon)
        lost, ceded = (measured(row, f"territory_{what}_km2") for what in ("lost", "conceded"))
        found = [
            f"In {self.names[self.reference.name]}, Russia takes {in_brackets(area(lost))} in war by {day}, and is "
            f"handed {in_brackets(area(ceded))} at the table: means of all runs, with and without a ceasefire."
        ]
        for outcome, what in (("territory_lost_km2", "lost in war"), ("territory_conceded_km2", "handed over")):
            told = [row for row in self._compared(outcome) if row["distinguishable_holm"]]
            if told:
                found.append(_extremes(told, what, self.names))
        return found

    def _compared(self, outcome: str) -> list[Row]:
        if len(self.there) < 2:
            return []
        return list(difference_rows(self.results, self.there, outcome).values())

    def _table(self) -> Table:
        rows, records = [], []
        for scenario in self.there:
            row, other = self.summary[scenario.name], self.differences.get(scenario.name)
            share = measured(row, "ceasefire_by_deadline")
            rows.append((
                Cell(self.title[scenario.name]),
                Cell(odds(share, int(row["runs"])), share.value),
                cell(share, 100, most=100),
                Cell("") if other is None else cell(difference(other), 100),
                Cell(self._verdict(scenario, other)),
            ))  # fmt: skip
            told = {key: other[key] for key in _COMPARED} if other is not None else {}
            records.append({key: row[key] for key in _COLUMNS} | told)
        import pandas as pd

        allowed = f" with allowance for {len(self.others)} comparisons (Holm's method)" if len(self.others) > 1 else ""
        luck = "" if self.results.experiment.independent else ", run against run on the same luck"
        dates = " Where deadlines differ, a difference counts up to the earlier one." if self._dates_differ() else ""
        day = "its deadline" if self._dates_differ() else plain_date(self.reference.deadline)
        return Table(
            "answer", f"Runs with a ceasefire by {day}",
            ("Scenario", "Runs with a ceasefire", "%", "Difference, percentage points", "Beside the baseline"),
            tuple(rows),
            "Small print below a number: its 95 % interval. Differences are to "
            f"{self.names[self.reference.name]}{luck}; they are judged at the 5 % level{allowed}.{dates}",
            pd.DataFrame(records),
        )  # fmt: skip

    def _verdict(self, scenario: Scenario, row: Row | None) -> str:
        if scenario.name == self.results.baseline:
            return "baseline"
        if row is None:
            return "not compared"
        if row["distinguishable_holm"]:
            return "more frequent" if row["difference"] > 0 else "less frequent"
        return "the same runs" if row["verdict"].startswith("the same") else "cannot be told apart"

    def _dates_differ(self) -> bool:
        return len({scenario.deadline for scenario in self.there}) > 1

    def _detectable(self) -> str:
        most = max(100 * float(row["detectable"]) for row in self.differences.values())
        return rounded(most, most / 2)


_COLUMNS = ("scenario", "runs", "ceasefire_by_deadline", "ceasefire_by_deadline_low", "ceasefire_by_deadline_high")

_COMPARED = ("until", "pairs", "difference", "low", "high", "p_holm", "verdict")


def _chance(share: Measured, runs: int) -> str:
    return f"{odds(share, runs, 'model runs')} ({percent(share)}{'' if _counted(share, runs) else f'; {runs:,} runs'})"


def _counted(share: Measured, runs: int) -> bool:
    """Tell whether `odds` names the number of runs itself."""
    return f"{runs:,}" in odds(share, runs)


def _share(row: Row) -> Measured:
    """Return the share of the scenario in a row of differences, up to the date of the comparison."""
    from sim.analysis.intervals import wilson

    low, high = wilson(round(row["value"] * row["pairs"]), row["pairs"])
    return Measured(float(row["value"]), float(low), float(high))


def _value(row: Row) -> Measured:
    return Measured(*(float(row[key]) for key in ("value", "low", "high")))


def _plain(share: Measured) -> str:
    return in_brackets(percent(share))


def _extremes(rows: Sequence[Row], what: str, names: dict[str, str]) -> str:
    """Return the largest differences in land, of those that can be told from none."""
    high, low = (pick(rows, key=lambda row: row["difference"]) for pick in (max, min))
    ends = [row for row in (high, low) if (row["difference"] > 0) == (row is high)]
    if len(rows) == 1:
        alone = ", as far as can be told," if len(names) > 2 else ""
        only = " alone" if len(names) > 2 else ""
        return (
            f"Land {what} differs from the baseline{alone} in {names[rows[0]['scenario']]}{only}: "
            f"{in_brackets(area_difference(difference(rows[0])))}."
        )
    told = [f"{in_brackets(area_difference(difference(row)))} in {names[row['scenario']]}" for row in ends]
    return (
        f"Land {what} differs from the baseline, as far as can be told, in {len(rows)} scenarios; the largest of these "
        f"differences {'are' if len(told) > 1 else 'is'} {listed(told)}."
    )


def _number_of(runs: Sequence[int]) -> str:
    return f"{min(runs):,}" if min(runs) == max(runs) else f"{min(runs):,} to {max(runs):,}"


def _day(text: str) -> str:
    from datetime import date

    return plain_date(date.fromisoformat(text))
