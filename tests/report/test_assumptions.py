from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment import Design
from sim.parameters import PARAMETERS
from sim.report.assumptions import CLAIMS, assumptions
from sim.report.document import Paragraph, Section, Table
from sim.scenario import Scenario, load
from tests.made_up_results import comparison, sweep
from tests.synthetic import outcomes_of

HARDBALL = load("hardball")
EVIDENCE = Path(__file__).parents[2] / "docs" / "evidence.md"


def of(*scenarios: Scenario) -> Section:
    return assumptions(comparison(scenarios, pd.concat([outcomes_of(each.name, 5) for each in scenarios])))


def rows(section: Section) -> dict[str, list[str]]:
    """The rows of all parameters, by name."""
    tables = [block for block in section.blocks if isinstance(block, Table) and block.name != "claims"]
    return {row[0].text: [cell.text for cell in row] for table in tables for row in table.rows}


def told(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def test_every_parameter_has_a_row_with_unit_grade_and_source() -> None:
    found = rows(of(HARDBALL))
    assert set(found) == set(PARAMETERS)
    for name, row in found.items():
        parameter = PARAMETERS[name]
        assert row[1:3] + row[5:] == [parameter.meaning, parameter.unit, parameter.grade, parameter.source]


def test_grades_are_counted() -> None:
    grades = Counter(parameter.grade for parameter in PARAMETERS.values())
    text = told(of(HARDBALL))
    assert f"uses {len(PARAMETERS)} parameters, of which {grades['data']} are computed from data" in text
    assert f"{grades['judgement']} are judgements" in text


def test_what_a_scenario_sets_is_marked_with_its_value() -> None:
    found = rows(of(HARDBALL, load("grand_bargain"), load("front_stalls")))
    assert found["table.recognition_limit"][4] == "“Grand bargain”: 0.7"
    assert found["front.pace"][4] == "“The front stalls”: 5 from 2 June 2025"
    assert [name for name, row in found.items() if row[4]] == sorted(
        ["europe.sanctions_relief", "europe.relief_threshold", "front.pace", "front.pace_spread",
         "front.breakthrough_hazard", "table.recognition_limit", "united_states.sanctions_relief"],
        key=list(found).index,
    )  # fmt: skip
    text = told(of(HARDBALL, load("grand_bargain"), load("front_stalls")))
    assert "7 parameters are set here otherwise than by default" in text


def test_of_many_scenarios_that_set_one_some_are_named_and_the_file_has_all() -> None:
    many = [HARDBALL.vary({"russia.gesture": k / 10}, name=f"s{k}") for k in range(5)]
    section = of(HARDBALL, *many)
    assert rows(section)["russia.gesture"][4].endswith("; 1 more")
    data = next(
        block.data for block in section.blocks if isinstance(block, Table) and block.name == "assumptions_russia"
    )
    assert data is not None and data.set_index("name").loc["russia.gesture", "set_by"].count(";") == 4


def test_a_state_that_a_scenario_adds_is_among_the_assumptions() -> None:
    spain = {"europe.spain.threat": 0.5, "europe.spain.aid_share": 0.03, "europe.spain.guarantee_share": 0.05}
    other = dataclasses.replace(
        HARDBALL, name="spain", title="Spain", states=(*HARDBALL.states, "spain"), values={**HARDBALL.values, **spain}
    )
    assert rows(of(HARDBALL, other))["europe.spain.threat"][3:5] == ["not there", "“Spain”: 0.5"]


def test_without_uncertainty_every_value_is_one_number() -> None:
    section = of(dataclasses.replace(HARDBALL, uncertainty=False))
    assert not any(":" in row[3] for row in rows(section).values())
    assert "none varies from run to run" in told(section)


def test_what_a_sweep_varies_is_marked() -> None:
    design = Design(("russia.gesture",), pd.DataFrame({"x": [0.1, 0.9]}).to_numpy())
    outcomes = pd.concat([outcomes_of("hardball", 5).assign(point=point) for point in (0, 1)], ignore_index=True)
    assert rows(assumptions(sweep(HARDBALL, design, outcomes)))["russia.gesture"][4] == "varied: 0.1 to 0.9"


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_claims_are_those_of_the_evidence(claim: str) -> None:
    found = re.search(rf"^\| {claim} \| (.*?) \| ", EVIDENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found and found[1] == CLAIMS[claim]
