"""Why no deal: who stands in the way, by how much, and which frictions keep runs from a ceasefire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.basis import by_scenario
from sim.report.document import Block, Cell, Paragraph, Section, Table
from sim.report.numbers import Measured, cell
from sim.report.sections.phrases import INTERVALS
from sim.report.wording import counted, quoted

if TYPE_CHECKING:
    from sim.report.basis import Basis

#: Runs of the baseline that are carried out again without each friction, at most.
FRICTION_RUNS = 1000

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
            "Terms that both sides prefer to fighting on form a zone of possible agreement. Without one, somebody would "
            "have to ask for less before anything can be signed; with one, it is something else that keeps them from "
            "a deal: an answer that errs, an offer that misses the zone, a side that stalls."
        ),
        _blocking(basis),
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


def _frictions(basis: Basis) -> list[Block]:
    from sim.analysis.causes import ALL, LUCK
    from sim.errors import UsageError
    from sim.inquiry.explanation import explain
    from sim.inquiry.frictions import frictions

    if basis.why_not_simulated:
        return [Paragraph(basis.why_not_simulated)]
    runs = min(FRICTION_RUNS, basis.extent.done[basis.reference.name])
    name = basis.names[basis.reference.name]
    if runs < 2:
        return []
    try:
        found = explain(basis.reference, runs=runs, seed=basis.results.seed, progress=False)
    except UsageError as error:  # no run failed: nothing is to be explained
        return [Paragraph(f"Which frictions keep runs of {quoted(name)} from a ceasefire cannot be told: {error}.")]
    meanings = {friction.name: friction.meaning for friction in frictions().values()}
    meanings |= {ALL: "all of these taken away at once", LUCK: "nothing taken away, but the luck dealt anew"}
    rows = []
    for row in sorted(found.causes.to_dict("records"), key=lambda row: (row["friction"] in (ALL, LUCK), -row["mended"])):
        if not row["present"]:
            continue
        rows.append((
            Cell(_sentence(meanings[row["friction"]])),
            cell(Measured(row["mended_share"], row["mended_low"], row["mended_high"]), 100, 100),
            Cell("") if row["friction"] in (ALL, LUCK) else Cell(f"{row['mended_by_no_other']:,}", row["mended_by_no_other"]),
            cell(Measured(row["difference"], row["low"], row["high"]), 100),
        ))  # fmt: skip
    first = found.causes.iloc[0]
    return [
        Paragraph(
            f"{counted(len(found.ceasefires), 'run')} of {quoted(name)} were carried out again for this report, on the same "
            f"luck, with one friction taken away at a time. {int(first['failed']):,} of them have no ceasefire by the "
            "deadline; the table says how many of these have one once a friction is gone."
        ),
        Table(
            "frictions", f"What keeps runs of {quoted(name)} from a ceasefire by the deadline",
            ("Without this friction", "Failed runs mended, %", "Mended by no other", "Change of the chance, points"),
            tuple(rows),
            f"{INTERVALS} Shares of causes do not add up to 100, since several removals may mend the same run. The last "
            "row is the yardstick: so many of these runs fail or succeed by luck alone.", found.causes,
        ),
    ]  # fmt: skip


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
