"""Which names of the package are described, section by section, and how: Sphinx reads their docstrings."""

from __future__ import annotations

import inspect
from importlib import import_module

import sim
import sim.analysis
import sim.plots
from reference.markdown import plain, table

#: Names by section, in the order of the pages. Classes are described with their members, modules name by name.
SECTIONS: dict[str, tuple[str, ...]] = {
    "experiments": (
        "sim.compare", "sim.sweep", "sim.open", "sim.Comparison", "sim.Sweep", "sim.experiment.Results",
        "sim.Design", "sim.Precision", "sim.experiment.Execution", "sim.experiment.replay.History",
        "sim.experiment.replay.Week",
    ),
    "scenarios": (
        "sim.load", "sim.list_scenarios", "sim.Scenario", "sim.scenario.Event", "sim.scenario.Listing",
        "sim.parameters.Parameter", "sim.distributions.Distribution", "sim.distributions.Uniform",
        "sim.distributions.Triangular", "sim.distributions.Beta", "sim.distributions.Normal",
        "sim.distributions.Lognormal", "sim.distributions.Choice",
    ),
    "model": (
        "sim.CeasefireModel",
        *(f"sim.actors.{name}" for name in sim.actors.__all__),
    ),
    "reports": ("sim.write_report", "sim.explore"),
    "questions": (
        "sim.inquiry.explanation.explain", "sim.inquiry.explanation.Explanation", "sim.inquiry.one_run.explain_run",
        "sim.inquiry.one_run.RunExplained", "sim.inquiry.frictions.frictions", "sim.inquiry.frictions.Friction",
        "sim.inquiry.bargaining.bargaining_picture",
        "sim.inquiry.reach.reach", "sim.inquiry.reach.Reach", "sim.inquiry.levers.Lever",
        "sim.inquiry.sensitivity.sensitivity", "sim.inquiry.discovery.discover", "sim.inquiry.tipping.tipping_map",
        "sim.inquiry.forecasting.score", "sim.inquiry.forecasting.mean_scores",
        "sim.inquiry.forecasting.load_question", "sim.inquiry.forecasting.list_questions",
        "sim.inquiry.questions.Question", "sim.inquiry.questions.Forecast",
        "sim.inquiry.updating.update", "sim.inquiry.updating.Update",
        "sim.inquiry.observations.Observation",
    ),
    "analysis": (
        *(f"sim.analysis.{name}" for name in sim.analysis.__all__ if inspect.isfunction(getattr(sim.analysis, name))),
        "sim.analysis.outcomes.ScenarioDates", "sim.analysis.outcomes.Outcomes",
        "sim.analysis.spread.UncertainScenario",
    ),
    "plots": (*(f"sim.plots.{name}" for name in sim.plots.__all__), "sim.plots.colours.Look"),
    "errors": tuple(
        f"sim.errors.{name}"
        for name, thing in vars(sim.errors).items()
        if inspect.isclass(thing) and issubclass(thing, sim.errors.TruceError)
    ),
}  # fmt: skip


def find(name: str) -> object:
    """Return what a dotted name means."""
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def overview() -> str:
    """Return a table of what `import sim` offers."""
    modules = {"sim.actors": "model.md#actors", "sim.errors": "../errors.md"}
    rows = []
    for name in (f"sim.{short}" for short in sim.__all__ if short != "__version__"):
        link = f"[`{name}`]({modules[name]})" if name in modules else f"{{py:obj}}`{name}`"
        rows.append((link, plain((inspect.getdoc(find(name)) or "").split("\n")[0].replace("`", ""))))
    rows.append(("`sim.__version__`", "The version, as text."))
    return table(("name", "what it is"), rows)


def markdown(section: str) -> str:
    """Return a heading and the directive that describes it for each name of a section."""
    return "\n".join(_described(name) for name in SECTIONS[section])


def _described(name: str) -> str:
    thing = find(name)
    if not inspect.isclass(thing):
        return f"```{{eval-rst}}\n.. autofunction:: {name}\n```\n"
    # What it inherits within the package is described there, and what others made is described by them.
    named = any(base.__module__.split(".")[0] in ("sim", "mesa") for base in thing.__bases__)
    options = ["   :members:", *(["   :show-inheritance:"] if named else [])]
    return "\n".join(["```{eval-rst}", f".. autoclass:: {name}", *options, "```\n"])
