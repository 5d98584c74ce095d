"""What matters: how much of the spread comes from not knowing the parameters, and from which."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sim.analysis.summary import is_share
from sim.errors import UsageError
from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.measures import spread_table
from sim.report.numbers import Measured, cell
from sim.report.sections.phrases import CAVEAT, INTERVALS, deadline_of, whole_percent
from sim.report.wording import counted, listed, quoted

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.experiment import Comparison
    from sim.report.basis import Basis

#: The outcome whose spread is drawn.
_MAIN = "ceasefire_by_deadline"

#: Outcomes in the table of spread.
_OUTCOMES = {
    "ceasefire_by_deadline": "Ceasefire by the deadline, %",
    "settlement_at_horizon": "In force at the horizon, %",
    "territory_lost_km2": "Land lost in war, %",
    "territory_conceded_km2": "Land conceded, %",
}

#: Parameters that the alternative text of the tornado names.
_NAMED = 5


def matters(basis: Basis) -> Section:
    """Write the section on what matters.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> matters(basis_of(sim.compare("hardball", runs=8), simulate=False)).heading
    'What matters'
    """
    uncertain = [scenario for scenario in basis.scenarios if scenario.uncertainty]
    if not uncertain:
        text = (
            "Uncertainty is off in every scenario, so all runs of one have the same parameters and differ by luck "
            "alone."
        )
        return Section("matters", "What matters", (Paragraph(text),))
    blocks: list[Block] = [
        Paragraph(
            "Runs of one scenario differ for two reasons: their uncertain parameters were drawn anew, and their luck "
            "was. More knowledge would make the first part smaller; the second would stay if every number were known."
        ),
        *_spread(basis),
        *_tornado(basis),
    ]
    return Section("matters", "What matters", tuple(blocks))


def _spread(basis: Basis) -> list[Block]:
    from sim.plots import spread

    table = spread_table(cast("Comparison", basis.results), basis.scenarios)
    shown = [scenario for scenario in basis.scenarios if scenario.name in set(table["scenario"])]
    if not shown:
        return []

    def draw() -> Sheet:
        return cast("Sheet", spread(table, shown, shown[0].name, _MAIN).figure)

    main = table[table["outcome"] == _MAIN].set_index("scenario")["from_parameters"]
    told = [f"{basis.names[name]} {whole_percent(share)}" for name, share in main.dropna().items()]
    rows = []
    for scenario in shown:
        own = table[table["scenario"] == scenario.name].set_index("outcome").loc[list(_OUTCOMES)]
        cells = (
            cell(Measured(row["from_parameters"], row["low"], row["high"]), 100, 100)
            for row in own.to_dict("records")
        )
        rows.append((Cell(basis.names[scenario.name]), *cells))
    pairs = sorted({int(count) for count in table["pairs"]} - {0})
    twice = f"{pairs[0]:,}" if pairs and pairs[0] == pairs[-1] else f"up to {pairs[-1]:,}" if pairs else "no"
    return [
        Figure(
            "spread",
            "How much of the variance between runs comes from not knowing the parameters, and how much is luck: "
            f"whether a ceasefire begins by {deadline_of(shown)}, with 95 % intervals from {twice} runs of each "
            f"scenario carried out twice. {CAVEAT}",
            f"Bars of two parts. From not knowing the parameters: {'; '.join(told) or 'cannot be told'}.",
            draw,
            table,
        ),
        Table(
            "spread_by_outcome", "Share of the variance between runs that comes from not knowing the parameters",
            ("Scenario", *_OUTCOMES.values()), tuple(rows),
            f"{INTERVALS} The rest is luck. Empty: the runs do not differ in this, or too few do to tell. It is about "
            "the ranges given to the parameters: wider ranges would make it larger.", table,
        ),
    ]  # fmt: skip


def _tornado(basis: Basis) -> list[Block]:
    from sim.plots import tornado

    results, reference = cast("Comparison", basis.results), basis.reference
    name = quoted(basis.names[reference.name])
    if not reference.uncertainty:
        return [Paragraph(f"Uncertainty is off in {name}: no parameter of it varies from run to run.")]
    try:
        table = results.tornado(reference.name, _MAIN)
    except UsageError as error:
        return [Paragraph(f"Which parameters move the outcome cannot be told: {error}.")]

    def draw() -> Sheet:
        return cast("Sheet", tornado(table).figure)

    sure = table[table["distinguishable_holm"]]
    told = [
        f"{row['parameter']} from {_value(row['lowest'])} to {_value(row['highest'])}"
        for row in table.head(_NAMED).to_dict("records")
    ]
    tested = int(table["p_value"].notna().sum())
    reading = (
        f"Of {counted(tested, 'uncertain parameter')}, {len(sure)} can be told to move the chance of a ceasefire by "
        f"the deadline in {name}" + (
            f": most of all {listed(_named(row) for row in sure.head(3).to_dict('records'))}." if len(sure) else "."
        )
    )  # fmt: skip
    return [
        Paragraph(reading),
        Figure(
            "tornado",
            f"What a single uncertain parameter moves: the share of runs of {name} with a ceasefire by "
            f"{deadline_of([reference])} where the parameter lies in the lowest and in the highest fifth of its range, "
            f"all others varying as ever; {counted(int(table['runs'].iloc[0]), 'run')}, 95 % intervals. {CAVEAT}",
            f"Bars to both sides of the overall share, the longest on top: {'; '.join(told)}.",
            draw,
            table,
        ),
    ]  # fmt: skip


def _named(row: dict[str, object]) -> str:
    return f"{str(row['meaning']).split(';')[0]} ({row['parameter']})"  # what follows is a remark


def _value(number: float) -> str:
    assert is_share(_MAIN)
    return "unknown" if number != number else whole_percent(number)
