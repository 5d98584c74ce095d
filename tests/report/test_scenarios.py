from __future__ import annotations

import dataclasses
from datetime import date

import pandas as pd

from sim.experiment import Design
from sim.report.document import Paragraph, Section, Table
from sim.report.scenarios import departures, side_by_side
from sim.scenario import Event, Scenario, load
from tests.made_up_results import comparison, sweep
from tests.synthetic import outcomes_of

HARDBALL = load("hardball")


def of(*scenarios: Scenario) -> Section:
    return side_by_side(comparison(scenarios, pd.concat([outcomes_of(each.name, 5) for each in scenarios])))


def table(section: Section, name: str) -> Table:
    (found,) = (block for block in section.blocks if isinstance(block, Table) and block.name == name)
    return found


def told(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def test_each_parameter_that_differs_has_a_row_with_meaning_unit_and_both_values() -> None:
    doubting = HARDBALL.vary({"russia.confidence": 0.4, "russia.gesture": 0.2}, name="doubting")
    rows = [[cell.text for cell in row] for row in table(of(HARDBALL, doubting), "settings").rows]
    assert [row[1] for row in rows] == ["russia.confidence", "russia.gesture"]
    assert rows[0][3:] == ["probability", "triangular: [0.65, 0.75, 0.85]", "0.4"]
    assert rows[1][2] == "chance that a stall comes with a short truce"


def test_dates_states_and_events_are_settings_too() -> None:
    other = dataclasses.replace(
        HARDBALL, name="other", deadline=date(2025, 9, 1), horizon=date(2026, 5, 18),
        states=tuple(state for state in HARDBALL.states if state != "hungary"),
        events=(*HARDBALL.events, Event("cut", date(2025, 7, 1), "aid_cut", 0.25, {"front.pace": 60.0})),
    )  # fmt: skip
    found = {departure.setting: departure for departure in departures(other, HARDBALL)}
    assert list(found) == ["deadline", "horizon", "europe.hungary", "event cut"]
    assert found["deadline"][3:] == ("31 December 2025", "1 September 2025")
    assert found["europe.hungary"][3:] == ("there", "not there")
    assert found["event cut"].here == "on 1 July 2025: aid_cut, size 0.25, front.pace becomes 60"
    assert [departure.here for departure in departures(HARDBALL, other)][-1] == "not there"


def test_a_new_state_is_told_with_its_numbers() -> None:
    spain = {"europe.spain.threat": 0.5, "europe.spain.aid_share": 0.03, "europe.spain.guarantee_share": 0.05}
    other = dataclasses.replace(
        HARDBALL, name="spain", states=(*HARDBALL.states, "spain"), values={**HARDBALL.values, **spain}
    )
    found = {departure.setting: departure for departure in departures(other, HARDBALL)}
    assert found["europe.spain"].here == "there"
    assert found["europe.spain.threat"][3:] == ("not there", "0.5")


def test_uncertainty_switched_off_is_one_setting_and_not_fifty() -> None:
    certain = dataclasses.replace(HARDBALL, name="certain", uncertainty=False)
    assert [departure[3:] for departure in departures(certain, HARDBALL)] == [("on", "off")]
    moved = certain.vary({"russia.gesture": 0.2})
    assert [departure.setting for departure in departures(moved, HARDBALL)] == ["uncertainty", "russia.gesture"]
    assert [departure.setting for departure in departures(HARDBALL, moved)] == ["uncertainty", "russia.gesture"]


def test_a_scenario_from_a_manifest_differs_as_the_one_from_its_file() -> None:
    for name in ("swift_deal", "long_war", "front_stalls", "sober_kremlin"):
        scenario = load(name)
        again = Scenario.from_dict(scenario.to_dict())
        assert departures(again, Scenario.from_dict(HARDBALL.to_dict())) == departures(scenario, HARDBALL), name


def test_scenarios_that_differ_in_nothing_are_said_to() -> None:
    section = of(HARDBALL, dataclasses.replace(HARDBALL, name="twin", title="Twin"))
    assert "“Twin” and the baseline, “Hardball”, differ in nothing." in told(section)
    assert not any(block.name == "settings" for block in section.blocks if isinstance(block, Table))


def test_of_several_the_numbers_of_differences_are_told() -> None:
    section = of(HARDBALL, load("breakthrough"), load("grand_bargain"))
    assert "2 scenarios stand beside the baseline, “Hardball”. They differ from it in 1 to 4 settings." in told(section)
    assert [row[4].text for row in table(section, "scenarios").rows] == ["baseline", "1", "4"]


def test_a_single_scenario_is_held_against_the_defaults() -> None:
    section = of(HARDBALL.vary({"russia.gesture": 0.2}, name="mine"))
    rows = [[cell.text for cell in row] for row in table(section, "own_settings").rows]
    assert ["russia.gesture", "0.5", "0.2"] in [[row[0], row[3], row[4]] for row in rows]
    silent = dataclasses.replace(HARDBALL, name="silent", values={}, events=())
    assert "leaves everything at the model's defaults" in told(of(silent))


def test_laws_are_explained_where_one_is_shown() -> None:
    assert "equally likely" in table(of(HARDBALL, load("long_war")), "settings").note
    assert table(of(HARDBALL, load("breakthrough")), "settings").note == ""


def test_a_sweep_lists_what_varies() -> None:
    design = Design(("russia.gesture",), pd.DataFrame({"x": [0.1, 0.9]}).to_numpy())
    outcomes = pd.concat([outcomes_of("hardball", 5).assign(point=point) for point in (0, 1)], ignore_index=True)
    (row,) = table(side_by_side(sweep(HARDBALL, design, outcomes)), "varied").rows
    assert [cell.text for cell in row[3:]] == ["0.5", "0.1, 0.9"]
