"""What the commands that ask why print: at most 100 columns wide, each table with its legend."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from sim.cli.table import WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sim.inquiry.explanation import Explanation
    from sim.inquiry.one_run import RunExplained
    from sim.inquiry.reach import Reach

#: Pairs that are printed, at most.
MOST_PAIRS = 12

_WHO = {
    "zone": "a zone of agreement existed", "no_zone": "no zone of agreement",
    "blocked_by_russia": "  Russia alone blocked", "blocked_by_ukraine": "  Ukraine alone blocked",
    "blocked_by_both": "  both blocked",
    "gap_russia": "Russia short of a deal by", "gap_ukraine": "Ukraine short of a deal by",
}  # fmt: skip


def print_explanation(found: Explanation) -> None:
    """Print who blocked, the causes, what it takes, and the strongest interactions."""
    console = _console()
    console.print(_blockers(found))
    _say(console, _blockers_legend(found))
    console.print(_causes(found))
    _say(console, _causes_legend(found))
    console.print(_remainders(found))
    _say(
        console,
        "What it takes to mend a failed run, each counted once. 'All together' removes every friction above at once; "
        "'none of these': not even that mends it.",
    )
    if len(found.interactions):
        console.print(_interactions(found))
        _say(console, _interactions_legend(found))


def print_run(told: RunExplained) -> None:
    """Print one run, how it ended, and what would have changed that."""
    from sim.scenario.calendar import date_of

    print(told)
    rows = told.removals.to_dict("records")
    own, others = rows[0], rows[1:]

    def ending(row: Mapping[Any, Any]) -> str:
        if not row["ceasefire"]:
            return f"no ceasefire by the {told.by}"
        return f"a ceasefire from week {row['ceasefire_week']:.0f}, {date_of(int(row['ceasefire_week'])).isoformat()}"

    print(f"\nThis run has {ending(own)}.")
    changed = [row for row in others if row["changes_the_end"]]
    same = [str(row["removed"]) for row in others if not row["changes_the_end"]]
    if changed:
        print("It would have ended otherwise with one of these taken away, all else and its luck being the same:")
        for row in changed:
            print(f"    {row['removed']}: {ending(row)}")
    if same:
        start = "Taking away any of these changes" if changed else "None of the removals changes"
        print(textwrap.fill(f"{start} nothing of that: {', '.join(same)}.", WIDTH))


def print_reach(found: Reach) -> None:
    """Print the frontier, what it means, and the sentence that answers the question."""
    console = _console()
    console.print(_frontier(found))
    _say(console, _frontier_legend(found))
    print(textwrap.fill(found.sentence, WIDTH))


def print_levers() -> None:
    """Print the levers that have a name."""
    from sim.inquiry.levers import LEVERS

    table = _table("lever", "what moves", "a unit of effort is", "units")
    for lever in LEVERS.values():
        moves = ", ".join(f"{name} by {step:+g}" for name, step in lever.steps.items())
        table.add_row(lever.name, f"{lever.meaning} ({moves})", lever.unit, f"{lever.highest:g}")
    console = _console()
    console.print(table)
    _say(
        console,
        "Units: how far it goes, if the scenario leaves that much room. Any parameter can be a lever with bounds, "
        "NAME=low:high; its whole range is then one unit, or NAME=low:high@unit says what one is.",
    )


def _blockers(found: Explanation) -> Table:
    table = _table("weeks of war", right=("all runs", "failed runs"))
    for quantity, words in _WHO.items():
        rows = found.blockers[found.blockers["quantity"] == quantity].to_dict("records")
        form = _gap if str(rows[0]["unit"]) == "utility" else _share
        table.add_row(words, *(form(row, "value", "low", "high") for row in rows))
    return table


def _blockers_legend(found: Explanation) -> str:
    weeks = int(found.blockers["weeks"].max())
    return (
        f"{found.scenario.name}, {len(found.ceasefires):,} runs, seed {found.seed}; the {weeks} weeks to the "
        f"{found.by} ({getattr(found.scenario, found.by)}). % of weeks of war, below that of weeks without a zone; in "
        "brackets 95 % intervals by run. Short of a deal: by how much that side's reservation value would have had to "
        "fall, in utility (1 is all that is at stake), mean of the weeks in which it had to."
        f"{f' {found.left_out:,} runs failed and are left out.' if found.left_out else ''}"
    )


def _causes(found: Explanation) -> Table:
    from sim.analysis.causes import ALL, LUCK

    right = ("failed runs\nmended", "by no\nother", "ceasefires\nlost", "chance", "change of\nthe chance")
    table = _table("\nwithout", right=right)
    rows = found.causes.to_dict("records")
    extra = (ALL, LUCK)
    single = sorted((row for row in rows if row["friction"] not in extra), key=lambda row: -row["mended"])
    for row in [*single, *(row for row in rows if row["friction"] in extra)]:
        if not row["present"]:
            table.add_row(str(row["friction"]), "not in this scenario")
            continue
        lost = _share(row, "lost_share", "lost_low", "lost_high") if row["succeeded"] else "none to lose"
        own = "" if row["friction"] in extra else str(row["mended_by_no_other"])
        change = _points(row, "difference")
        table.add_row(
            str(row["friction"]), _share(row, "mended_share", "mended_low", "mended_high"), own, lost,
            _percent(row["chance"]), change,
        )  # fmt: skip
    return table


def _causes_legend(found: Explanation) -> str:
    first = found.causes.iloc[0]
    return (
        f"The same runs again, on the same luck, with one friction taken away at a time: of {first['failed']:,} runs "
        f"without a ceasefire by the {found.by}, the % that then have one; how many of them no other single removal "
        f"mends; of {first['succeeded']:,} runs with one, the % that then have none; the chance of a ceasefire in %, "
        "and its change in percentage points. In brackets 95 % intervals; * is distinguishable from none, ~ is not. "
        "Shares of causes do not sum to 100. 'Other luck' takes nothing away but deals the luck anew: so many of these "
        "runs, with the same parameters, failed or succeeded by luck."
    )


def _remainders(found: Explanation) -> Table:
    table = _table("failed runs mended by", right=("runs", "%"))
    for row in found.remainders.to_dict("records"):
        table.add_row(str(row["mended_by"]), f"{row['count']:,}", _share(row, "share", "low", "high"))
    return table


def _interactions(found: Explanation) -> Table:
    table = _table("\npair", right=("either\nalone", "\nboth", "only\ntogether", "\nundone", "\ninteraction"))
    rows = found.interactions.sort_values("interaction", key=abs, ascending=False, kind="stable").head(MOST_PAIRS)
    for row in rows.to_dict("records"):
        numbers = _points(row, "interaction")
        table.add_row(
            f"{row['first']} + {row['second']}", str(row["by_either"]), str(row["by_both"]), str(row["only_together"]),
            str(row["undone"]), numbers,
        )  # fmt: skip
    return table


def _interactions_legend(found: Explanation) -> str:
    pairs = len(found.interactions)
    shown = f"The {MOST_PAIRS} strongest of {pairs} pairs" if pairs > MOST_PAIRS else "Pairs"
    return (
        f"{shown}: failed runs that at least one of the two mends alone, that both removed at once mend, that only "
        "both at once mend, and that one mends alone but both at once do not. Interaction: both beyond either alone, "
        "in % of failed runs, with 95 % intervals that are not adjusted for the number of pairs."
    )


def _frontier(found: Reach) -> Table:
    right = ("effort", "searched", "ceasefire\non fresh runs", "target", "km²\nceded", "\nsettled")
    names = list(found.levers.origin)
    table = _table("\npoint", right=right)
    table.add_column("\nmoved to", overflow="fold")
    for row in found.frontier.to_dict("records"):
        point = f"budget {row['budget']:.3g}" if row["point"] == "budget" else str(row["point"])
        moved = [
            f"{name.split('.', 1)[1]} {row[name]:.3g}"
            for name in names
            if not math.isnan(row[name]) and abs(row[name] - found.levers.origin[name]) > 1e-6
        ]
        limits = {"yes": "", "no": " !", "cannot be told": " ?"}[str(row["within_limits"])]
        table.add_row(
            point, f"{row['effort']:.3g}", "" if math.isnan(row["searched"]) else _percent(row["searched"]),
            _share(row, "chance", "chance_low", "chance_high"),
            {"yes": "yes", "no": "no", "cannot be told": "?"}[str(row["reaches"])] + limits,
            f"{row['territory_conceded_km2']:,.0f}", _percent(row["settlement_at_horizon"]), ", ".join(moved),
        )  # fmt: skip
    return table


def _frontier_legend(found: Reach) -> str:
    units = "; ".join(f"{lever.name}, {lever.unit}" for lever in found.levers.levers)
    limits = " ! breaks a limit, ? may break one." if found.limits else ""
    return (
        f"{found.scenario.name}, {len(found.trials):,} combinations tried with {found.runs:,} runs each on the luck of "
        f"seed {found.seed}; the chance of a ceasefire by the {found.by} there and, with 95 % intervals, on "
        f"{found.fresh_runs:,} fresh runs of seed {found.seed + 1}, in %; whether it reaches {found.target:.0%} (? "
        f"cannot be told).{limits} Km² ceded at the table and % settled at the horizon are means of the fresh runs. "
        f"Units of effort: {units}. The scenario as it is keeps its uncertainty about the levers; all other points "
        "hold them in every run."
    )


def _table(*left: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in left:
        table.add_column(heading, overflow="fold")
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def _say(console: Console, text: str) -> None:
    console.print(textwrap.fill(text, WIDTH), style="dim", soft_wrap=True)
    console.print()


def _share(row: Mapping[Any, Any], value: str, low: str, high: str) -> str:
    if math.isnan(row[value]):
        return "no such week"
    return f"{_percent(row[value])} [{_percent(row[low])}, {_percent(row[high])}]"


def _points(row: Mapping[Any, Any], name: str) -> str:
    """Return a difference in percentage points with its interval, and whether it can be told from none."""
    difference, low, high = (_rounded(100 * row[key], 1) for key in (name, "low", "high"))
    return f"{difference:+.1f} [{low:.1f}, {high:.1f}] {'*' if row['distinguishable'] else '~'}"


def _gap(row: Mapping[Any, Any], value: str, low: str, high: str) -> str:
    if math.isnan(row[value]):
        return "no such week"
    bounds = "" if math.isnan(row[low]) else f" [{row[low]:.3f}, {row[high]:.3f}]"
    return f"{row[value]:.3f}{bounds}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share in (0.0, 1.0) else f"{100 * share:.1f}"


def _rounded(value: float, digits: int) -> float:
    return round(value, digits) + 0.0  # no "-0.0"
