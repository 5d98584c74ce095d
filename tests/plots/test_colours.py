import itertools
import os
import subprocess
import sys

import numpy as np
import pytest

from sim.analysis.outcomes import STATES
from sim.plots.colours import ACTOR_COLOURS, BUILT_IN, SPARE, STATE_COLOURS, STATE_HATCHES, looks, luminance
from sim.plots.streams import TALKS, WASHINGTON, Band
from tests.synthetic import TEN

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes (2009): complete loss of one kind of cone, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, deficiency: str) -> np.ndarray:
    """CIELAB coordinates of a colour as someone with the deficiency sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ linear, 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / TO_XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_built_in_scenarios_differ_in_colour_or_else_in_line_style_for_every_eye(deficiency: str) -> None:
    for (first, a), (second, b) in itertools.combinations(BUILT_IN.items(), 2):
        distance = np.linalg.norm(lab(a.colour, deficiency) - lab(b.colour, deficiency))
        assert distance > 20 or a.line != b.line, (first, second, distance)


def test_every_scenario_that_comes_with_truce_has_a_look_of_its_own() -> None:
    assert list(BUILT_IN) == [case.name for case in TEN]
    assert len({look.colour for look in (*BUILT_IN.values(), *SPARE)}) == len(BUILT_IN) + len(SPARE)


def test_a_scenario_keeps_its_look_whichever_others_are_shown() -> None:
    alone = looks(["my_own"])["my_own"]
    assert looks(["hardball", "my_own", "moves_on"])["my_own"] == alone
    assert looks(["moves_on"])["moves_on"] == looks([case.name for case in TEN])["moves_on"]


def test_unknown_scenarios_of_one_figure_do_not_clash_whatever_their_order() -> None:
    names = [f"variant_{i}" for i in range(len(SPARE))]
    found = looks(names)
    assert len(set(found.values())) == len(SPARE)
    assert looks(names[::-1]) == found


def test_with_more_scenarios_than_colours_line_styles_tell_them_apart() -> None:
    found = looks([f"variant_{i}" for i in range(3 * len(SPARE))])
    assert len(set(found.values())) == 3 * len(SPARE)


def test_the_look_of_an_unknown_scenario_does_not_depend_on_the_process() -> None:
    code = "from sim.plots.colours import looks; print(looks(['one', 'two', 'three']))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(printed) == 1


def test_neighbouring_states_in_a_bar_can_be_told_apart_without_colour() -> None:
    assert list(STATE_COLOURS) == list(STATES)
    light = [luminance(colour) for colour in STATE_COLOURS.values()]
    for lower, upper in itertools.pairwise(light):
        assert (max(lower, upper) + 0.05) / (min(lower, upper) + 0.05) > 1.6
    assert set(STATE_HATCHES) <= set(STATES)


@pytest.mark.parametrize("bands", [TALKS, WASHINGTON], ids=["talks", "washington"])
def test_neighbouring_bands_of_a_stream_can_be_told_apart_without_colour(bands: tuple[Band, ...]) -> None:
    light = [luminance(band.colour) for band in bands]
    for lower, upper in itertools.pairwise(light):
        assert (max(lower, upper) + 0.05) / (min(lower, upper) + 0.05) > 1.6


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("bands", [TALKS, WASHINGTON], ids=["talks", "washington"])
def test_bands_of_a_stream_differ_in_colour_or_else_in_hatch_for_every_eye(
    bands: tuple[Band, ...], deficiency: str
) -> None:
    for a, b in itertools.combinations(bands, 2):
        distance = np.linalg.norm(lab(a.colour, deficiency) - lab(b.colour, deficiency))
        assert distance > 20 or a.hatch != b.hatch, (a.label, b.label, distance)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_belligerents_differ_for_every_eye_and_without_colour(deficiency: str) -> None:
    russia, ukraine = ACTOR_COLOURS["Russia"], ACTOR_COLOURS["Ukraine"]
    assert np.linalg.norm(lab(russia, deficiency) - lab(ukraine, deficiency)) > 20
    assert (luminance(ukraine) + 0.05) / (luminance(russia) + 0.05) > 1.6


def test_a_state_or_an_actor_has_one_colour_in_all_figures() -> None:
    talks, washington = ({band.label: band.colour for band in bands} for bands in (TALKS, WASHINGTON))
    for label in ("ceasefire in force", "full Russian control"):
        assert talks[label] == washington[label] == STATE_COLOURS[label]
    assert washington["Washington mediates"] == STATE_COLOURS["war, Washington engaged"]
    assert washington["Washington has left the talks"] == STATE_COLOURS["war, Washington gone"]
    for side, colour in ACTOR_COLOURS.items():
        assert talks[f"no zone: {side} alone would have to yield"] == washington[f"Washington presses {side}"] == colour
