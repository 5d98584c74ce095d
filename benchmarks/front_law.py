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
    first, over = np.full(runs, np.inf), np.full(runs, np.inf)
    while model.week < weeks:
        model.step()
        first = np.where(model.front.began & np.isinf(first), model.week - 1, first)
        over = np.where(model.front.full_control & np.isinf(over), model.week - 1, over)
    deadline = model.look_ahead
    cracked, conquered = np.isfinite(first), np.isfinite(over)
    with_one, without = conquered[cracked].mean(), conquered[~cracked].mean()
    print(f"runs                                                        {runs}")
    print(f"breakthrough begins within {deadline} weeks                          {np.mean(first < deadline):.3f}")
    print(f"breakthrough begins within {weeks} weeks                         {np.mean(first < weeks):.3f}")
    print(f"full control within {deadline} weeks                                 {np.mean(over < deadline):.4f}")
    print(f"full control within {weeks} weeks                                {conquered.mean():.3f}")
    print(f"the same, runs with a breakthrough                          {with_one:.3f}")
    print(f"the same, runs without                                      {without:.3f}")
    print(f"chance that a breakthrough decides a war that goes on else  {(with_one - without) / (1 - without):.3f}")


if __name__ == "__main__":
    main()
