"""Why no deal: who stands in the way, by how much, and which frictions keep runs from a ceasefire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from sim.analysis.causes import ALL, LUCK
from sim.report.basis import by_scenario
from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.numbers import Measured, cell, week_date
from sim.report.sections.phrases import CAVEAT, INTERVALS, traced_runs, whole_percent
from sim.report.wording import counted, quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

    from sim.plots.streams import Band
    from sim.report.basis import Basis
    from sim.scenario import Scenario

#: Runs of the baseline that are carried out again without each friction, at most.
FRICTION_RUNS = 1000

#: Removals that stand at the end of the table of frictions: not single ones.
_LAST = (ALL, LUCK)

#: Weeks of war before a ceasefire that make a run worth looking at.
_SOME_TALKS = 12

#: Columns of the table of who blocks, and the factor of each.
_BLOCKING = {
    "no_zone": ("Weeks of war without a zone, %", 100.0),
    "blocked_by_russia": ("of these, Russia alone blocks, %", 100.0),
    "blocked_by_ukraine": ("Ukraine alone, %", 100.0),
    "blocked_by_both": ("both, %", 100.0),
    "gap_russia": ("Russia short of a deal by", 1.0),
    "gap_ukraine": ("Ukraine short of a deal by", 1.0),
}


def obstacles(basis: Basis) -> Section:
    """Write the section on why there is no deal.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> section = obstacles(basis_of(sim.compare("hardball", runs=8), simulate=False))
    >>> section.blocks[1].name
    'blocking'
    """
    blocks: list[Block] = [
        Paragraph(
            "Terms that both sides prefer to fighting on form a zone of possible agreement. Without one, somebody "
            "would have to ask for less before anything can be signed; with one, it is something else that keeps them "
            "from a deal: an answer that errs, an offer that misses the zone, a side that stalls."
        ),
        _blocking(basis),
        *_zone(basis),
        *_american_choices(basis),
        *_one_run(basis),
        *_frictions(basis),
    ]
    return Section("obstacles", "Why no deal", tuple(blocks))


def _blocking(basis: Basis) -> Table:
    from sim.analysis.blocking import who_blocks

    table, rows = who_blocks(basis.results, basis.scenarios), []
    for scenario, own in by_scenario(table, basis.scenarios):
        found = {row["quantity"]: Measured(row["value"], row["low"], row["high"]) for row in own.to_dict("records")}
        cells = (
            cell(found[name], scale, *((100.0,) if scale == 100 else ())) for name, (_, scale) in _BLOCKING.items()
        )
        rows.append((Cell(basis.names[scenario.name]), *cells))
    return Table(
        "blocking", "Who stands in the way of a deal, weeks of war up to the horizon",
        ("Scenario", *(heading for heading, _ in _BLOCKING.values())), tuple(rows),
        f"{INTERVALS} Short of a deal: by how much the least that a side accepts would have had to fall, on average of "
        "the weeks in which it had to; 1 is all that is at stake. Empty: no such week.", table,
    )  # fmt: skip


def _zone(basis: Basis) -> list[Block]:
    from sim.plots import zone
    from sim.plots.streams import TALKS

    return _stream(
        basis, "zone", zone, TALKS,
        "What the talks could bring, week by week: the share of {runs} in which there is a zone of possible agreement, "
        "or in which somebody would have to yield for there to be one.",
    )  # fmt: skip


def _american_choices(basis: Basis) -> list[Block]:
    from sim.plots import american_choices
    from sim.plots.streams import WASHINGTON

    return _stream(
        basis, "american_choices", american_choices, WASHINGTON,
        "What Washington does, week by week: the share of {runs} in which it mediates, presses a side, or has left the "
        "talks.",
    )  # fmt: skip


def _stream(
    basis: Basis, name: str, plot: Callable[[pd.DataFrame, Scenario], Axes], bands: Sequence[Band], text: str
) -> list[Block]:
    from sim.plots.streams import variables_of

    reference, names = basis.reference, variables_of(bands)
    table = basis.weekly(names, reference.name)
    if table is None:
        return []

    def draw() -> Sheet:
        return cast("Sheet", plot(table, reference).figure)

    told = []
    for week, when in ((reference.deadline_week, "deadline"), (table["week"].max(), "end")):
        shares = table[table["week"] == week].set_index("variable")["share"]
        parts = [(band.label, 1 - shares.sum() if band.variable is None else shares[band.variable]) for band in bands]
        said = "; ".join(f"{label} {whole_percent(share)}" for label, share in parts if share > 0.0005)
        told.append(f"At the {when}: {said}.")
    runs = f"{traced_runs(table)} of {quoted(basis.names[reference.name])}"
    return [Figure(
        name, f"{text.format(runs=runs)} {CAVEAT}", f"Bands that add up to all runs. {' '.join(told)}", draw, table
    )]  # fmt: skip


def _one_run(basis: Basis) -> list[Block]:
    from sim.inquiry.bargaining import bargaining_picture
    from sim.plots import bargaining

    reference = basis.reference
    # The luck of a run that nobody shares follows from its place in the experiment, not from its number.
    if basis.why_not_simulated or basis.results.experiment.independent:
        return []
    run, why = _telling_run(basis)
    table = bargaining_picture(reference, run, basis.results.seed)

    def draw() -> Sheet:
        return cast("Sheet", bargaining(table).figure)

    war, rounds = table[table["war"]], table[table["held"]]
    signed = table[table["signed"]]
    told = (
        f"Of {counted(len(war), 'week')} of war, {int(war['zone'].sum())} have a zone of agreement; "
        f"{counted(len(rounds), 'round')} of talks, {int((rounds['russia_answer'] == 'accepts').sum())} of them "
        f"accepted by Russia and {int((rounds['ukraine_answer'] == 'accepts').sum())} by Ukraine"
    )
    ends = f"; first signature in {week_date(signed['week'].iloc[0])}" if len(signed) else "; no signature"
    return [Figure(
        "bargaining",
        f"Bargaining in one run of {quoted(basis.names[reference.name])} (run {run}, {why}): the least that a deal "
        "must be worth to Russia, and the most that it can get while Ukraine still prefers the deal to fighting on; "
        f"rounds of talks are marked by their answers. One history of many. {CAVEAT}",
        f"Two lines over time, with a gap between them where there is no zone of agreement. {told}{ends}.",
        draw,
        table,
    )]  # fmt: skip


def _telling_run(basis: Basis) -> tuple[int, str]:
    """Return a run that has both talks and a ceasefire, or the first there is; and in words why this one."""
    first = -1
    for rows in basis.results.frames(basis.reference.name, ["ceasefire_week"]):
        first = int(rows.index[0]) if first < 0 and len(rows) else first
        late = rows.index[rows["ceasefire_week"] >= _SOME_TALKS]
        if len(late):
            return int(late[0]), f"the first with a ceasefire after {_SOME_TALKS} weeks or more"
    return first, "the first"


def _frictions(basis: Basis) -> list[Block]:
    from sim.errors import UsageError
    from sim.inquiry.explanation import explain
    from sim.inquiry.frictions import frictions

    if basis.why_not_simulated:
        return [Paragraph(basis.why_not_simulated)]
    runs = min(FRICTION_RUNS, basis.extent.done[basis.reference.name])
    name = quoted(basis.names[basis.reference.name])
    if runs < 2:
        return []
    try:
        found = explain(basis.reference, runs=runs, seed=basis.results.seed, progress=False)
    except UsageError as error:  # no run failed: nothing is to be explained
        return [Paragraph(f"Which frictions keep runs of {name} from a ceasefire cannot be told: {error}.")]
    meanings = {friction.name: friction.meaning for friction in frictions().values()}
    meanings |= {ALL: "all of these taken away at once", LUCK: "nothing taken away, but the luck dealt anew"}
    rows = []
    for row in sorted(found.causes.to_dict("records"), key=lambda row: (row["friction"] in _LAST, -row["mended"])):
        if not row["present"]:
            continue
        only = row["mended_by_no_other"]
        alone = Cell("") if row["friction"] in _LAST else Cell(f"{only:,}", only)
        rows.append((
            Cell(_sentence(meanings[row["friction"]])),
            cell(Measured(row["mended_share"], row["mended_low"], row["mended_high"]), 100, 100),
            alone,
            cell(Measured(row["difference"], row["low"], row["high"]), 100),
        ))  # fmt: skip
    first = found.causes.iloc[0]
    return [
        Paragraph(
            f"{counted(len(found.ceasefires), 'run')} of {name} were carried out again for this report, on the same "
            f"luck, with one friction taken away at a time. {int(first['failed']):,} of them have no ceasefire by the "
            "deadline; the table says how many of these have one once a friction is gone."
        ),
        Table(
            "frictions", f"What keeps runs of {name} from a ceasefire by the deadline",
            ("Friction taken away", "Failed runs mended, %", "Mended by no other", "Change of the chance, points"),
            tuple(rows),
            f"{INTERVALS} Shares of causes do not add up to 100, since several removals may mend the same run. The "
            "last row is the yardstick: so many of these runs failed by luck alone.", found.causes,
        ),
    ]  # fmt: skip


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
