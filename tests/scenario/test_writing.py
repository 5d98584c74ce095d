from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from sim.distributions import Choice, Uniform
from sim.scenario import Event, Scenario, list_scenarios, load
from sim.scenario.writing import as_file

NAMES = sorted(listing.name for listing in list_scenarios())


def again(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / f"{scenario.name}.yaml"
    path.write_text(as_file(scenario), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_that_comes_with_truce_survives(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    from_manifest = Scenario.from_dict(scenario.to_dict())
    for each in (scenario, from_manifest):
        found = again(each, tmp_path)
        assert found.digest() == scenario.digest()
        assert (found.name, found.title, found.question) == (scenario.name, scenario.title, scenario.question)


def test_everything_a_file_can_hold_survives(tmp_path: Path) -> None:
    spain = {"europe.spain.threat": 0.0, "europe.spain.aid_share": 0.03, "europe.spain.guarantee_share": 0.0}
    base = load("hardball")
    odd = dataclasses.replace(
        base, name="odd", title='A "title": with #signs', question="Größe? 'yes'",
        deadline=date(2025, 9, 1), horizon=date(2026, 2, 2), states=(*base.states[1:], "spain"),
        values={
            **spain, "russia.confidence": 0.1 + 0.2, "russia.war_cost": Uniform(uniform=(1e-05, 0.1)),
            "europe.germany.threat": 0.123456789012345, "russia.stall": Choice(choice=(0.5, 0.5, 1.0)),
        },
        events=(
            Event("cut", date(2025, 7, 1), "aid_cut", 0.25, {"front.pace": 60.0}),
            Event("talks", date(2025, 8, 1), "round"),
        ),
    )  # fmt: skip
    found = again(odd, tmp_path)
    assert found.digest() == odd.digest() and found.title == odd.title and found.question == odd.question


def test_parameters_held_at_their_centres_survive(tmp_path: Path) -> None:
    certain = dataclasses.replace(load("long_war"), uncertainty=False)
    for each in (certain, Scenario.from_dict(certain.to_dict())):
        assert again(each, tmp_path).digest() == certain.digest()


def test_what_is_left_at_its_default_is_not_written() -> None:
    text = as_file(load("moves_on"))
    assert "confidence" not in text and "re_engagement: 0" in text
