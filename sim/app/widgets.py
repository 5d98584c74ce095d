"""The explorer in a notebook: `explore`, and what it needs to be installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.app.explorer_box import ExplorerBox


def explore(
    scenario: str | Path = "hardball",
    *,
    baseline: str = "hardball",
    changes: Mapping[str, float] | None = None,
    runs: SupportsIndex = 1000,
    seed: SupportsIndex = 1,
    deadline: date | None = None,
    horizon: date | None = None,
    view: str = "incidence",
) -> ExplorerBox:
    """Return sliders and figures for a notebook: turn a parameter, and see at once what it does.

    Parameters
    ----------
    scenario
        Name of a scenario that comes with Truce, or the path of a scenario file.
    baseline
        Name of the scenario to compare with, or ``"unchanged"``: the scenario without the changes.
    changes
        Parameters that are turned already, by dotted name, in their units.
    runs, seed
        Runs, at most 5,000, and the seed of their luck, as in `sim.compare`.
    deadline, horizon
        Dates in place of the scenario's own.
    view
        The figure that is shown first: a name of `sim.app.drawn.FIGURES`.

    Returns
    -------
    ExplorerBox
        An `ipywidgets.VBox`. Its ``state``, ``result``, ``headline`` and ``sliders`` can be read from Python.

    Raises
    ------
    UsageError
        If ipywidgets is not installed, or a value makes no sense.
    ScenarioError
        If the scenario cannot be used, or a change does not fit it.

    Examples
    --------
    >>> box = explore(runs=20)
    >>> box.state.scenario, box.result.runs
    ('hardball', 20)
    >>> box.close()
    """
    try:
        import ipywidgets  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        raise UsageError(
            "sim.explore needs ipywidgets, which is not installed: pip install 'truce-sim[notebooks]'"
        ) from None

    from sim.app.explorer_box import ExplorerBox
    from sim.app.state import State

    settings: dict[str, Any] = {
        "baseline": baseline, "changes": dict(changes or {}), "runs": runs, "seed": seed, "deadline": deadline,
        "horizon": horizon, "view": view,
    }  # fmt: skip
    path = Path(scenario)
    if not path.suffix and path.name == str(scenario):
        return ExplorerBox(State(scenario=str(scenario), **settings))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"cannot be read ({error.strerror})", file=str(path)) from None
    return ExplorerBox(State.uploaded(content, **settings))
