"""From scenarios to results: cut into chunks, run on all cores, compared, stored."""

from __future__ import annotations

from sim.experiment.batch import run_batch, simulate
from sim.experiment.comparing import Comparison, Experiment, compare
from sim.experiment.store import check_output, default_directory

__all__ = ["Comparison", "Experiment", "check_output", "compare", "default_directory", "run_batch", "simulate"]
