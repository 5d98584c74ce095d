"""What single assumptions do to the baseline: the chance of a ceasefire that holds 30 days, by the deadline.

``python benchmarks/assumptions.py`` prints the numbers that docs/evidence.md and docs/model.md quote, each with its
paired difference to the baseline and a 95 % interval.
"""

from __future__ import annotations

import dataclasses

import sim
from sim.actors import Russia, Ukraine

RUNS, SEED = 20_000, 1

#: Assumptions that are parameters: label, changes.
PARAMETERS = {
    "consent of all states to European relief": {"europe.relief_quorum": 1.0},
    "no veto on European sanctions": {"europe.veto_use": 0.0},
    "a deal is expected to hold": {"truce.foresight": 0.0},
    "no rearming": {"russia.rearming": 0.0, "ukraine.rearming": 0.0},
    "aid comes evenly": {"front.aid_lumpiness": 0.0},
    "no new axes": {"front.new_axis_hazard": 0.0},
    "Washington does not come back": {"united_states.re_engagement": 0.0},
    "no American relief of sanctions": {"united_states.sanctions_relief": 0.0},
    "Russian confidence 0.5": {"russia.confidence": 0.5},
    "Russian cost of war 0.12": {"russia.war_cost": 0.12},
    "answers half as sharp": {"table.precision": 30.0},
    "exact answers": {"table.precision": 100_000.0},
    "twice as many rounds": {"table.round_engaged": 0.5},
}


class PaysAtOnce:
    """A side whose audience cost is paid at the signature, however short the peace."""

    def assess(self) -> None:
        """Work out what a deal must be worth, the whole cost shared out over the time of peace expected."""
        super().assess()  # type: ignore[misc]
        self.reservation = self.reservation + self.p.audience_cost * (1 / self.peace - 1)


class RussiaPaysAtOnce(PaysAtOnce, Russia):
    """Russia so."""


class UkrainePaysAtOnce(PaysAtOnce, Ukraine):
    """Ukraine so."""


def signed_without_zone(scenario: sim.Scenario) -> float:
    """Return the share of first signatures by the deadline that came in a week without a zone of agreement."""
    model = sim.CeasefireModel(scenario, runs=RUNS, seed=SEED)
    signed, without = 0, 0
    while model.week <= scenario.deadline_week:
        model.step()
        first = model.table.signed & (model.record.weeks["signature_week"] == model.week - 1)
        signed, without = signed + int(first.sum()), without + int((first & ~model.table.zone).sum())
    return without / signed


def main() -> None:
    """Print one line per assumption."""
    base = sim.load("hardball")
    others = [base.vary(changes, name=label) for label, changes in PARAMETERS.items()]
    comparison = sim.compare([base, *others], runs=RUNS, seed=SEED, progress=False)
    row = comparison.summary.iloc[0]
    print(f"{RUNS:,} runs, seed {SEED}; in per cent")
    for name in ("ceasefire_by_deadline", "ceasefire_by_horizon", "settlement_at_horizon", "short_truce_by_deadline"):
        print(f"{name:42} {100 * row[name]:5.1f} [{100 * row[f'{name}_low']:.1f}, {100 * row[f'{name}_high']:.1f}]")
    signed = comparison.outcomes.query("scenario == 'hardball'")["signature_week"] <= base.deadline_week
    print(f"{'signature_by_deadline':42} {100 * signed.mean():5.1f}\n")
    table = comparison.comparison.query("outcome == 'ceasefire_by_deadline'")
    for label, share, difference, low, high in table[["scenario", "share", "difference", "low", "high"]].to_numpy():
        print(f"{label:42} {100 * share:5.1f} ({100 * difference:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}])")
    certain = dataclasses.replace(base, name="all parameters at their central values", uncertainty=False)
    both = dataclasses.replace(certain.vary(PARAMETERS["exact answers"]), name="both: exact answers, central values")
    for scenario in (certain, both):
        share = sim.compare([scenario], runs=RUNS, seed=SEED, progress=False).summary.iloc[0]["ceasefire_by_deadline"]
        print(f"{scenario.name:42} {100 * share:5.1f}")
    without = signed_without_zone(base)
    print(f"{'signatures by then in weeks without a zone':42} {100 * without:5.1f}")
    actors = {"russia": RussiaPaysAtOnce, "ukraine": UkrainePaysAtOnce}
    at_once = sim.compare([base], runs=RUNS, seed=SEED, actors=actors, progress=False).summary.iloc[0]
    print(f"{'the audience cost is paid at once':42} {100 * at_once['ceasefire_by_deadline']:5.1f}")


if __name__ == "__main__":
    main()
