"""What a state gives: the answer in words, numbers, figures, one history; ready to be shown and taken along."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.app.drawn import Form, draw, known_figure
from sim.app.words import Headline, blockers, headline, numbers, shown_in
from sim.errors import UsageError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from sim.app.pool import Told
    from sim.app.state import State
    from sim.experiment import Comparison
    from sim.experiment.chunk import Block
    from sim.experiment.chunk import Result as Part
    from sim.experiment.replay import History
    from sim.scenario import Scenario


#: Figures by name, format, and whether they are to be kept as a file.
Drawn = dict[tuple[str, Form, bool], bytes]


@dataclass(eq=False)
class Result:
    """What is known of a state.

    Attributes
    ----------
    state
        What was asked for.
    generation
        Which call of `Explorer.submit` asked for it.
    coarse
        It rests on fewer runs than wanted; a refined one follows.
    complete
        Nothing more follows.
    parts
        The blocks of runs it is made of; their scenarios count from 0, the baseline first if there is one.
    traces
        What was followed from week to week; for figures of anything else, runs are carried out again.
    told
        The run that is told; None as long as it is not.
    """

    state: State
    generation: int
    coarse: bool
    complete: bool
    parts: Sequence[tuple[Block, Part]]
    traces: tuple[str, ...] = ()
    told: Told | None = None
    _drawn: Drawn = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in ("comparison", "bargaining")}

    @property
    def runs(self) -> int:
        """Runs of each scenario that it rests on."""
        return max(block.runs.stop for block, _ in self.parts)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the changes."""
        return self.state.resolved()

    @property
    def history(self) -> History | None:
        """The run that is told, in words; None as long as it is not."""
        return None if self.told is None else self.told.history

    @cached_property
    def bargaining(self) -> pd.DataFrame:
        """The bargaining of that run, week by week: `sim.inquiry.bargaining.COLUMNS`; carried out if it is not told."""
        from sim.app.pool import tell

        return (self.told or tell(self.scenario, self.state.seed, self.state.run)).bargaining

    @cached_property
    def comparison(self) -> Comparison:
        """The scenario, and the baseline if that is another, as `sim.compare` would give them."""
        from sim.experiment.comparing import Comparison
        from sim.experiment.experiment import Experiment
        from sim.experiment.results import Held

        scenario, reference = self.state.resolved(), self.state.reference()
        given = [scenario] if reference is None else [reference, scenario]
        experiment = Experiment.of(
            given, runs=self.runs, seed=self.state.seed, baseline=given[0].name, traces=self.traces
        )
        held = Held(experiment)
        for block, part in self.parts:
            followed = part.traces  # perhaps of more, if they were followed for another figure
            if followed is not None:
                part = part._replace(traces=followed[followed["variable"].isin(self.traces)])
            held.keep(block, part if self.traces else part._replace(traces=None))
        return Comparison(experiment, held.tables(), held=held)

    @cached_property
    def headline(self) -> Headline:
        """The answer, in sentences and as numbers."""
        return headline(self)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """The main numbers as text to be shown: one row per quantity, `sim.app.words.COLUMNS`."""
        return numbers(self)

    @cached_property
    def blockers(self) -> tuple[str, ...]:
        """Who blocks, and by how much, in sentences."""
        return blockers(self)

    def figure(self, name: str, form: Form = "svg", *, to_keep: bool = False) -> bytes:
        """Return a figure, drawn when it is first asked for; `sim.app.drawn.draw` has the parameters."""
        key = name, form, to_keep
        if key not in self._drawn:
            self._drawn[key] = draw(self, name, form, to_keep=to_keep)
        return self._drawn[key]

    def drawn(self, name: str, form: Form = "svg") -> bytes | None:
        """Return a figure for the screen if it has been drawn already."""
        known_figure(name)
        return self._drawn.get((name, form, False))

    def keep(self, drawn: Drawn) -> None:
        """Take over figures that were drawn elsewhere."""
        self._drawn |= drawn

    def take(self, derived: Mapping[str, Any]) -> None:
        """Take over headline, numbers and blockers that were derived elsewhere."""
        self.__dict__ |= derived

    def completed(self, told: Told) -> Result:
        """Return the same, with what was derived and drawn, and with the run that is told."""
        other = copy.copy(self)
        other.complete, other.told = True, told
        return other

    def described(self, name: str) -> str:
        """Return in words what a figure shows, for those who cannot see it."""
        figure = known_figure(name)
        return " ".join((f"{figure.title}.", figure.explained, *shown_in(self, name)))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables, by name: the numbers shown, and those that ``truce compare`` stores."""
        from sim.analysis.blocking import who_blocks

        comparison = self.comparison
        found = {"summary": comparison.summary, "who_blocks": who_blocks(comparison, self.comparison.scenarios)}
        if len(comparison.scenarios) > 1 and self.runs > 1:
            found["differences"] = comparison.differences()
        if self.told is not None:
            found["bargaining"] = self.bargaining
        return found | {"outcomes": comparison.outcomes}

    def csv(self, name: str) -> str:
        """Return a table as comma-separated values.

        Raises
        ------
        UsageError
            If there is no table of that name.
        """
        from sim.experiment.products import as_csv

        found = self.tables()
        if name not in found:
            raise UsageError(f"there is no table '{name}'{nearest(name, found) or '; there are ' + ', '.join(found)}")
        return as_csv(found[name])
