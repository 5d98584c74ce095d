"""The numbers of every scenario are those of the last deliberate change.

After a deliberate one, ``python -m tests.test_baseline`` writes ``tests/baseline.json`` anew; say in the changelog why.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim

FILE = Path(__file__).with_name("baseline.json")
RUNS, SEED = 200, 1
NAMES = [listing.name for listing in sim.list_scenarios()]
#: Libraries may round the last digits of exp and log differently; a change of the model moves far more than this.
TOLERANCE = 1e-6


def numbers(name: str) -> dict[str, object]:
    """What 200 runs of a scenario give: for every column how often it has a value, and the mean of the values."""
    scenario = sim.load(name)
    table = sim.CeasefireModel(scenario, runs=RUNS, seed=SEED).run().outcomes()
    told: dict[str, object] = {"digest": scenario.digest()}
    for column in table.columns.drop(["scenario", "run", "first_event"]):
        values = table[column].dropna().astype(float)
        told[column] = [len(values), float(f"{values.mean():.9g}") if len(values) else 0.0]
    told["first_event"] = {key: int(count) for key, count in table["first_event"].value_counts().sort_index().items()}
    return told


def recorded() -> dict[str, dict[str, object]]:
    return json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_results_have_not_moved(name):
    before, now = recorded()[name], numbers(name)
    if before.pop("digest") != now.pop("digest"):
        pytest.fail(f"{name} or a default changed: `python -m tests.test_baseline`, and a line in CHANGELOG.md")
    moved = [column for column in now if now[column] != pytest.approx(before.get(column), rel=TOLERANCE)]
    assert not moved, (
        "results of an unchanged scenario moved: "
        + "; ".join(f"{column} {before.get(column)} -> {now[column]}" for column in moved[:4])
        + ". If that is meant: `python -m tests.test_baseline`, and *results change* in CHANGELOG.md"
    )


def test_the_record_is_of_these_scenarios():
    assert sorted(recorded()) == sorted(NAMES)


def main() -> None:
    rows = (f" {json.dumps(name)}: {json.dumps(numbers(name))}" for name in sorted(NAMES))
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    print(f"{FILE.name}: {len(NAMES)} scenarios, {RUNS} runs each, seed {SEED}")


if __name__ == "__main__":
    main()
