"""Print the front's own law: how often it cracks and how often Russia gets everything, with no talks at all.

The numbers in ``scenarios/sober_kremlin.yaml`` come from here: ``python benchmarks/front_law.py``.
"""

from __future__ import annotations

import numpy as np

import sim


def main(runs: int = 20_000, weeks: int = 104) -> None:
    """Run the front of the baseline for `weeks` weeks in `runs` runs and count."""
    scenario = sim.load("hardball").vary({"table.round_engaged": 0.0, "table.round_disengaged": 0.0})
    model = sim.CeasefireModel(scenario, runs=runs, seed=1)
    first, breakthroughs = np.full(runs, np.inf), np.zeros(runs)
    while model.week < weeks:
        model.step()
        first = np.where(model.front.began & np.isinf(first), model.week - 1, first)
        breakthroughs += model.front.began
    deadline, over = model.look_ahead, model.front.full_control
    print(f"runs                                               {runs}")
    print(f"breakthrough begins within {deadline} weeks                 {np.mean(first < deadline):.3f}")
    print(f"breakthrough begins within {weeks} weeks                {np.mean(first < weeks):.3f}")
    print(f"full control per breakthrough, within {weeks} weeks     {over.sum() / breakthroughs.sum():.3f}")
    print(f"full control within {weeks} weeks                       {over.mean():.3f}")


if __name__ == "__main__":
    main()
