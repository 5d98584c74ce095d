"""From scenarios to results: designs, blocks of runs on any executor, stored part by part, compared."""

from __future__ import annotations

from sim.experiment.comparing import Comparison, compare
from sim.experiment.design import Design
from sim.experiment.experiment import Experiment
from sim.experiment.opening import open_results
from sim.experiment.precision import Precision
from sim.experiment.results import Results
from sim.experiment.running import Execution, run_experiment
from sim.experiment.store import default_directory
from sim.experiment.sweeping import Sweep, sweep

__all__ = [
    "Comparison",
    "Design",
    "Execution",
    "Experiment",
    "Precision",
    "Results",
    "Sweep",
    "compare",
    "default_directory",
    "open_results",
    "run_experiment",
    "sweep",
]
