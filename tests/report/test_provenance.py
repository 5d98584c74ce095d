from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiment import Comparison, Design, Experiment, Precision
from sim.report.answer import answer
from sim.report.assumptions import assumptions
from sim.report.certainty import how_sure
from sim.report.document import Code, Paragraph, Section, Table
from sim.report.extent import extent_of, what_is_missing
from sim.report.limits import limits
from sim.report.provenance import AUTHORS, LICENCE, TITLE, command, provenance
from sim.report.scenarios import side_by_side
from sim.scenario import load
from tests.batches import StopsAfter, carried_out
from tests.made_up_results import comparison, scenario, sweep
from tests.synthetic import outcomes_of

CITATION = (Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8")


def codes(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Code)]


def told(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def facts(section: Section) -> dict[str, str]:
    (table,) = (block for block in section.blocks if isinstance(block, Table) and block.name == "provenance")
    return {row[0].text: row[1].text for row in table.rows}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of two scenarios, one of them from Python, stored."""
    directory = tmp_path_factory.mktemp("results") / "mine"
    doubting = load("hardball").vary({"russia.confidence": 0.4}, name="doubting")
    experiment = Experiment.of(["hardball", doubting], runs=3)
    carried_out(experiment, directory=directory, command=["truce", "compare", "a b"])
    return directory


def test_facts_are_those_of_the_manifest(stored: Path) -> None:
    about = json.loads((stored / "manifest.json").read_text())
    found = facts(provenance(sim.open(stored)))
    assert found["Digest of the experiment"] == about["experiment"]
    assert found["Digest of the model's code"] == about["model"]
    assert found["Command"] == about["command"] == "truce compare 'a b'"
    assert (found["Begun"], found["Ended"], found["Seed"]) == (about["started"], about["ended"], "1")
    assert all(f"{name} {version}" in found["Libraries"] for name, version in about["libraries"].items())


def test_the_command_names_what_has_to_be_there_and_the_files_follow(stored: Path, tmp_path: Path) -> None:
    results = sim.open(stored)
    words, text = codes(provenance(results))[:2]
    assert words == "truce compare hardball doubting.yaml --runs 3 --seed 1 --baseline hardball --out again"
    (tmp_path / "doubting.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "doubting.yaml").digest() == results.scenarios[1].digest()


def test_the_command_and_the_files_make_the_same_experiment_again(stored: Path, tmp_path: Path) -> None:
    results = sim.open(stored)
    words, text = codes(provenance(results))[:2]
    (tmp_path / "doubting.yaml").write_text(text, encoding="utf-8")
    given = shlex.split(words)
    names = given[2 : given.index("--runs")]
    paths = [tmp_path / name if name.endswith(".yaml") else name for name in names]
    again = Experiment.of(paths, runs=int(given[given.index("--runs") + 1]), seed=int(given[given.index("--seed") + 1]))
    assert again.digest == results.experiment.digest


def test_how_to_check_is_told_with_digests(stored: Path) -> None:
    section = provenance(sim.open(stored))
    about = json.loads((stored / "manifest.json").read_text())
    assert about["files"]["summary.csv"] in told(section)
    assert "truce replay mine --scenario hardball --run 0" in codes(section)


def test_no_path_of_the_machine_is_told_but_in_the_command_that_was_given(stored: Path) -> None:
    section = provenance(sim.open(stored))
    assert str(stored.parent) not in told(section) + " ".join(codes(section)) + " ".join(facts(section).values())


def test_of_another_version_every_scenario_is_printed(stored: Path) -> None:
    path = stored / "manifest.json"
    before = path.read_text()
    path.write_text(json.dumps(json.loads(before) | {"truce": "0.0.1"}))
    try:
        section = provenance(sim.open(stored))
    finally:
        path.write_text(before)
    assert "hardball.yaml doubting.yaml" in codes(section)[0] and "install Truce 0.0.1" in told(section)


def missing(results: Comparison) -> str:
    return " ".join(what_is_missing(results, extent_of(results)))


def test_what_is_not_complete_has_every_section(tmp_path: Path) -> None:
    experiment, directory = Experiment.of(["hardball", "moves_on"], runs=12), tmp_path / "half"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(6))
    results = sim.open(directory)
    section = provenance(results)
    assert facts(section)["Ended"] == "not yet" and "goes on where it stopped" in told(section)
    for make in (answer, side_by_side, how_sure, assumptions, limits):
        assert make(results).blocks
    assert "none of its 24 runs has an outcome yet" in missing(results)  # those repeated come first
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(4))
    later = sim.open(directory)
    done = sum(len(rows) for scenario in later.scenarios for rows in later.frames(scenario.name, []))
    assert 0 < done < 24 and f"not complete: {done} of 24 runs are there" in missing(later)
    assert how_sure(later).blocks


def test_what_is_held_in_memory_says_so() -> None:
    section = provenance(comparison([load("hardball")], outcomes_of("hardball", 5)))
    assert "held in memory" in told(section) and "Begun" not in facts(section)
    assert codes(section)[0] == "truce run hardball --runs 5 --seed 1 --out again"


def test_a_sweep_comes_with_its_design() -> None:
    design = Design(("russia.gesture",), pd.DataFrame({"x": [0.1, 0.9]}).to_numpy())
    outcomes = pd.concat([outcomes_of("hardball", 5).assign(point=point) for point in (0, 1)], ignore_index=True)
    found = codes(provenance(sweep(load("hardball"), design, outcomes)))
    assert found[0] == "truce sweep hardball --design design.csv --runs 5 --seed 1 --out again"
    assert found[1] == "point,russia.gesture\n0,0.1\n1,0.9"


def test_a_precision_is_part_of_the_command() -> None:
    results = comparison([load("hardball")], outcomes_of("hardball", 5), precision=Precision(0.01, fewest=5, most=500))
    assert "--precision 0.01 --outcome ceasefire_by_deadline --min-runs 5 --max-runs 500" in command(results)


def test_a_hostile_name_is_quoted_for_the_shell() -> None:
    results = comparison(
        [scenario("$(date)"), scenario("--out")], pd.concat([outcomes_of("$(date)", 3), outcomes_of("--out", 3)])
    )
    assert shlex.split(codes(provenance(results))[0])[2:4] == ["$(date).yaml", "./--out.yaml"]


def test_the_citation_is_that_of_the_project() -> None:
    assert f'title: "{TITLE}"' in CITATION and f'name: "{AUTHORS}"' in CITATION and f"license: {LICENCE}" in CITATION
    version = re.search(r"^version: (.*)$", CITATION, re.MULTILINE)
    assert version and version[1] == sim.__version__
