"""The whole report: its sections in their order, its title, and what has to be known before anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from sim.report.basis import Basis
from sim.report.document import Document, Section
from sim.report.extent import what_is_missing
from sim.report.wording import counted

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep
    from sim.experiment.progress import Progress


def assemble(basis: Basis, title: str | None = None, bar: Progress | None = None) -> Document:
    """Return the report on some results.

    Parameters
    ----------
    basis
        The results.
    title
        Title; by default one that names the scenarios.
    bar
        Told of every section.
    """
    makers = sections_of(basis)
    if bar is not None:
        bar.expect(len(makers))
    sections = []
    for make in makers:
        sections.append(make())
        if bar is not None:
            bar.advance(1)
    filled = tuple(section for section in sections if section.blocks)
    notices = tuple(what_is_missing(basis.results, basis.extent))
    return Document(title or title_of(basis), subtitle_of(basis), filled, notices)


def sections_of(basis: Basis) -> list[Callable[[], Section]]:
    """Return what makes each section, in their order."""
    from sim.report.answer import answer
    from sim.report.assumptions import assumptions
    from sim.report.certainty import how_sure
    from sim.report.limits import limits
    from sim.report.provenance import provenance
    from sim.report.scenarios import side_by_side
    from sim.report.sections.matters import matters
    from sim.report.sections.obstacles import obstacles
    from sim.report.sections.outcomes import outcomes
    from sim.report.sections.points import points
    from sim.report.sections.terms import terms
    from sim.report.sections.time import time

    results = cast("Comparison | Sweep", basis.results)
    own = [points] if results.experiment.design is not None else [outcomes, time, terms, obstacles, matters]
    return [
        *(partial(make, results) for make in (answer, side_by_side)),
        *(partial(make, basis) for make in own),
        *(partial(make, results) for make in (how_sure, assumptions, limits, provenance)),
    ]


def title_of(basis: Basis) -> str:
    """Return the title of a report that was given none."""
    name = basis.names[basis.results.baseline]
    design = basis.results.experiment.design
    if design is not None:
        varied = " and ".join(design.names) if len(design.names) < 3 else counted(len(design.names), "parameter")
        return f"{name}, over {varied}"
    others = [scenario for scenario in basis.results.scenarios if scenario.name != basis.results.baseline]
    if not others:
        return name
    if len(others) == 1:
        return f"{name}, beside {basis.names[others[0].name]}"
    return f"{name}, beside {len(others)} other scenarios"


def subtitle_of(basis: Basis) -> str:
    """Return what was computed, in a line."""
    import sim

    experiment = basis.results.experiment
    most = "up to " if experiment.precision is not None else ""
    runs = f"{most}{counted(experiment.runs, 'run')}"
    if experiment.design is not None:
        what = f"{runs} at each of {counted(experiment.points, 'point')}"
    elif len(experiment.scenarios) > 1:
        what = f"{runs} of each of {len(experiment.scenarios)} scenarios"
    else:
        what = runs
    many = experiment.points > 1 or len(experiment.scenarios) > 1
    luck = "" if not many else ", each with luck of its own" if experiment.independent else ", all on the same luck"
    return f"{what}{luck}, from 19 May 2025. Seed {experiment.seed}, Truce {sim.__version__}."
