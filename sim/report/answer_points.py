"""The answer of a sweep: where a ceasefire is most and least frequent, and whether that is more than luck."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.plots.sheet import plain_date
from sim.report.document import Block, Paragraph
from sim.report.measures import Row, measured
from sim.report.numbers import Measured, area, chance, in_brackets
from sim.report.wording import quoted, titles

if TYPE_CHECKING:
    from sim.experiment import Sweep

#: Parameters whose values name a point in a sentence; with more, its number does.
MOST_VALUES = 3


class Point(NamedTuple):
    """A point of a design.

    Attributes
    ----------
    row
        Its row in the summary.
    share
        Runs with a ceasefire by the deadline, with the 95 % interval of this point.
    low, high
        Bounds that hold for all points at once with 95 % (Bonferroni).
    """

    row: Row
    share: Measured
    low: float
    high: float


def points_answer(results: Sweep) -> tuple[Block, ...]:
    """Write question and sentences of a sweep; its points are in a table of their own.

    Examples
    --------
    >>> import sim
    >>> blocks = points_answer(sim.sweep("hardball", {"russia.confidence": [0.4, 0.7]}, runs=8))
    >>> blocks[0].text.startswith("How often does a ceasefire begin by 31 December 2025 in “Hardball” when")
    True
    """
    (scenario,) = results.scenarios
    name = quoted(titles(results.scenarios)[scenario.name])
    points = _points(results)
    varied = _varied(results)
    question = f"How often does a ceasefire begin by {plain_date(scenario.deadline)} in {name} when {varied}?"
    told = [
        f"A ceasefire that holds for at least 30 days begins by {plain_date(scenario.deadline)} most often "
        f"{_said(results, points, highest=True)}, and least often {_said(results, points, highest=False)}.",
        *_apart(points),
    ]
    if len(results.experiment.design.names) == 1 and len(points) > 2:  # type: ignore[union-attr]
        told.append(_direction(results, points))
    elif len(points) > 1:
        told.append(_land(results, points))
    if len(points) == 1:
        told[:1] = [
            f"A ceasefire that holds for at least 30 days begins by {plain_date(scenario.deadline)} in "
            f"{_chance(points[0])}, at the only point of which there are runs."
        ]
    return Paragraph(question, lead=True), Paragraph(" ".join(filter(None, told)))


def _points(results: Sweep) -> list[Point]:
    """Return the points of which there are runs, in the order of the design."""
    from sim.analysis.intervals import wilson

    rows = [{str(key): value for key, value in row.items()} for row in results.summary.to_dict("records")]
    rows = [row for row in rows if row["runs"]]
    found = []
    for row in rows:
        share = measured(row, "ceasefire_by_deadline")
        low, high = wilson(round(share.value * row["runs"]), row["runs"], 1 - 0.05 / len(rows))
        found.append(Point(row, share, float(low), float(high)))
    return found


def _varied(results: Sweep) -> str:
    from sim.parameter_table import as_text

    (scenario,), design = results.scenarios, results.design
    parameters, names = scenario.parameters(), list(design.columns[1:])
    if len(names) > MOST_VALUES:
        return f"{len(names)} parameters vary over {len(design):,} points"
    told = [
        f"{name} ({parameters[name].meaning}) goes from {as_text(design[name].min())} to {as_text(design[name].max())}"
        if design[name].nunique() > 1
        else f"{name} ({parameters[name].meaning}) is {as_text(design[name].iloc[0])}"
        for name in names
    ]
    return " and ".join(told)


def _said(results: Sweep, points: Sequence[Point], *, highest: bool) -> str:
    point = _end(points, highest=highest)
    same = sum(other.share.value == point.share.value for other in points)
    also = f" (and {same - 1} other{'s' if same > 2 else ''})" if same > 1 else ""
    return f"at {_where(results, point)}{also}, in {_chance(point)}"


def _chance(point: Point) -> str:
    return chance(point.share, int(point.row["runs"]), "model runs")


def _where(results: Sweep, point: Point) -> str:
    from sim.parameter_table import as_text

    names = list(results.design.columns[1:])
    if len(names) > MOST_VALUES:
        return f"point {point.row['point']} of the design"
    return ", ".join(f"{name} {as_text(float(point.row[name]))}" for name in names)


def _end(points: Sequence[Point], *, highest: bool) -> Point:
    return (max if highest else min)(points, key=lambda point: point.share.value)


def _apart(points: Sequence[Point]) -> list[str]:
    """Say whether the two ends can be told apart although they were picked from all points."""
    if len(points) < 2:
        return []
    top, bottom = (_end(points, highest=highest) for highest in (True, False))
    if top.share.value == bottom.share.value:
        return ["It is as frequent at every point, so the runs show no difference between them."]
    picked = (
        f" even allowing for their having been picked from {len(points):,} points (by intervals that hold for all of "
        "them at once, after Bonferroni)"
        if len(points) > 2
        else ""
    )
    if top.low > bottom.high:
        return [f"These two can be told apart{picked}."]
    picked = picked.replace(" even", ",")
    return [f"These two cannot be told apart{picked}; that does not show that all points are alike."]


def _direction(results: Sweep, points: Sequence[Point]) -> str:
    """Say whether the share moves in one direction, with one parameter."""
    name = str(results.design.columns[1])
    ordered = sorted(points, key=lambda point: float(point.row[name]))
    shares = [point.share.value for point in ordered]
    if len(set(shares)) == 1:
        return ""
    steps = [later - earlier for earlier, later in pairwise(shares)]
    for verb, holds in (("rises", min(steps) >= 0), ("falls", max(steps) <= 0)):
        if holds:
            return f"In these runs the share {verb} or stays as it is from each value of {name} to the next higher one."
    pairs = [(a, b) for k, a in enumerate(ordered) for b in ordered[k + 1 :]]  # not neighbours alone
    rises, falls = [(a, b) for a, b in pairs if b.low > a.high], [(a, b) for a, b in pairs if b.high < a.low]
    if rises and falls:
        up, down = (_between(results, max(found, key=_size)) for found in (rises, falls))
        return f"It does not move in one direction: it rises {up} and falls {down}, both by more than luck may do."
    if not rises and not falls:
        return f"Whether it rises or falls with {name} cannot be told."
    verb, other = ("rises", "falls") if rises else ("falls", "rises")
    return (
        f"As far as can be told, the share {verb} with {name}; where it {other} from one value to a higher one, that "
        "is no more than luck may do."
    )


def _between(results: Sweep, pair: tuple[Point, Point]) -> str:
    return f"from {_where(results, pair[0])} to {_where(results, pair[1])}"


def _size(pair: tuple[Point, Point]) -> float:
    return abs(pair[0].share.value - pair[1].share.value)


def _land(results: Sweep, points: Sequence[Point]) -> str:
    (scenario,) = results.scenarios
    top, bottom = (_end(points, highest=highest) for highest in (True, False))
    if top is bottom:
        return ""
    first, second = (in_brackets(area(measured(point.row, "territory_lost_km2"))) for point in (top, bottom))
    return (
        f"By {plain_date(scenario.horizon)} Russia has taken in war {first} at the first of these points and {second} "
        "at the second."
    )
