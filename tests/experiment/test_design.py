"""Points of a design: where they lie, that they can be drawn again, and what is said of a bad one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.distributions import Distribution, Normal, Uniform
from sim.errors import ScenarioError, UsageError
from sim.experiment import Design
from sim.experiment.design import grid, make_design, read_design, read_variation

METHODS = ("sobol", "lhs", "random")


@pytest.fixture
def read(tmp_path, hardball):
    def read(text: str) -> Design:
        (tmp_path / "points.csv").write_text(text, encoding="utf-8")
        return read_design(tmp_path / "points.csv", hardball)

    return read


# ---- grids


def test_a_grid_has_every_combination_and_the_last_name_changes_fastest():
    design = grid({"russia.stall": [0.1, 0.9], "russia.confidence": [0.2, 0.3, 0.4]})
    assert design.names == ("russia.stall", "russia.confidence") and len(design) == 6
    assert design.values.tolist() == [[0.1, 0.2], [0.1, 0.3], [0.1, 0.4], [0.9, 0.2], [0.9, 0.3], [0.9, 0.4]]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.2:0.4:3", [0.2, 0.3, 0.4]), ("0.1:0.7:7", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]), ("0.5,0.4", [0.5, 0.4]),
        (" 0.5 , .25 ", [0.5, 0.25]), ("0.5", [0.5]), ("0:1:1", [0.0]), ("-1:1:3", [-1.0, 0.0, 1.0]),
        ("1:0:3", [1.0, 0.5, 0.0]),
    ],
)  # fmt: skip
def test_values_are_read_and_come_out_neat(text, values):
    name, given_values = read_variation(f"russia.stall={text}")
    assert name == "russia.stall" and [*map(repr, given_values)] == [repr(float(value)) for value in values]


def test_a_range_is_a_uniform_law_and_a_name_alone_its_own():
    assert read_variation("russia.stall=0.2:0.4") == ("russia.stall", Uniform(uniform=(0.2, 0.4)))
    assert read_variation("russia.stall") == ("russia.stall", None)
    assert read_variation("russia.*") == ("russia.*", None)


@pytest.mark.parametrize(
    "text", ["", "a", "0.1:", ":0.1", "0.1:a", "0:1:2:3", "0:1:0", "0:1:2.5", "0.1,,0.2", "1:0", "0:inf:2", "nan:1:2"]
)
def test_what_cannot_be_read_is_answered_with_the_ways_to_say_it(text):
    ways = r"give values as x\.y=low:high:count or x\.y=a,b,c, or a range as x\.y=low:high"
    with pytest.raises(UsageError, match=ways):
        read_variation(f"x.y={text}")


def test_more_points_than_anybody_wants_are_refused():
    with pytest.raises(UsageError, match="the design has 4,000,000 points; at most 1,000,000"):
        grid({"a": [0.0] * 2000, "b": [0.0] * 2000})


# ---- samples


@pytest.mark.parametrize("method", METHODS)
def test_a_sample_lies_within_its_laws_and_can_be_drawn_again(hardball, method):
    vary = {"russia.stall": Uniform(uniform=(0.2, 0.4)), "russia.confidence": None}
    one, again = (make_design(hardball, vary, points=50, method=method, seed=3) for _ in range(2))
    assert one.values.tobytes() == again.values.tobytes() and len(one) == 50
    stall, confidence = one.values.T
    assert ((stall >= 0.2) & (stall <= 0.4)).all() and len(set(stall)) == 50
    known = hardball.parameters()["russia.confidence"]
    assert ((confidence >= known.low) & (confidence <= known.high)).all() and len(set(confidence)) > 40
    assert not np.array_equal(make_design(hardball, vary, points=50, method=method, seed=4).values, one.values)


def test_the_methods_differ(hardball):
    drawn = {make_design(hardball, ["russia.stall"], points=8, method=method).values.tobytes() for method in METHODS}
    assert len(drawn) == 3


def test_a_latin_hypercube_has_a_point_in_every_slice(hardball):
    vary = {"russia.stall": Uniform(uniform=(0, 1)), "russia.confidence": Uniform(uniform=(0, 0.5))}
    stall, confidence = make_design(hardball, vary, points=20, method="lhs").values.T
    assert sorted(np.floor(stall * 20)) == sorted(np.floor(confidence * 40)) == [*range(20)]


def test_a_sobol_sequence_is_balanced_at_a_power_of_two(hardball):
    values = make_design(hardball, {"russia.stall": Uniform(uniform=(0, 1))}, points=16).values[:, 0]
    assert sorted(np.floor(values * 16)) == [*range(16)]


@pytest.mark.parametrize("points", [1, 2, 3, 31])
def test_a_sample_has_as_many_points_as_asked_for(hardball, points):
    for method in METHODS:
        assert len(make_design(hardball, ["russia.stall"], points=points, method=method)) == points


def test_a_law_is_cut_off_at_the_bounds_of_its_parameter(hardball):
    """Of a law without ends; one whose ends lie outside is a mistake, and refused."""
    wide = make_design(hardball, {"russia.stall": Normal(normal=(0.5, 5.0))}, points=64).values
    assert wide.min() >= 0 and wide.max() <= 1 and np.unique(wide).size == 64


def test_nothing_named_means_all_that_is_uncertain(hardball):
    uncertain = {name for name, law in hardball.resolve().items() if isinstance(law, Distribution)}
    design = make_design(hardball, points=4)
    assert set(design.names) == uncertain and len(uncertain) > 30


def test_a_scenario_without_uncertainty_can_be_sampled_too(hardball):
    certain = dataclasses.replace(hardball, uncertainty=False)
    assert make_design(certain, points=4).names == make_design(hardball, points=4).names


def test_a_group_stands_for_all_that_is_uncertain_in_it(hardball):
    everything = make_design(hardball, points=4).names
    russian = make_design(hardball, ["russia.*"], points=4).names
    assert russian == tuple(name for name in everything if name.startswith("russia.")) and len(russian) > 3
    two = make_design(hardball, ["russia.*", "ukraine.*"], points=4).names
    assert two == tuple(name for group in ("russia.", "ukraine.") for name in everything if name.startswith(group))


def test_the_points_take_no_luck_from_the_runs(hardball):
    """Drawn from streams of their own: a sweep over a parameter's only value changes nothing."""
    value = hardball.vary({"russia.stall": 0.5})
    design = make_design(value, {"russia.stall": Uniform(uniform=(0.4, 0.6))}, points=3)
    swept = sim.sweep(value, design=Design(design.names, np.full((1, 1), 0.5)), runs=4, workers=1).outcomes
    assert swept.drop(columns="point").equals(sim.compare(value, runs=4, workers=1).outcomes)


# ---- files


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0.0, 0.5)), min_size=1, max_size=8,
    )
)  # fmt: skip
def test_a_design_comes_back_from_its_file_bit_for_bit(tmp_path_factory, hardball, rows):
    design = Design(("russia.stall", "russia.confidence"), np.array(rows))
    path = tmp_path_factory.getbasetemp() / "design.csv"
    path.write_text(design.to_csv(), encoding="utf-8")
    again = read_design(path, hardball)
    assert again.names == design.names and again.values.tobytes() == design.values.tobytes()
    assert again.digest() == design.digest()


def test_other_values_have_another_digest():
    one, other = (Design(("russia.stall",), np.array([[value]])) for value in (0.5, np.nextafter(0.5, 1)))
    named = Design(("russia.confidence",), np.array([[0.5]]))
    assert len({one.digest(), other.digest(), named.digest()}) == 3


def test_a_spreadsheet_may_have_its_mark_blank_lines_and_numbered_points(read):
    design = read("\ufeffpoint, russia.stall\r\n7,0.1\r\n\r\n9,0.2\r\n")
    assert design.names == ("russia.stall",) and design.values.tolist() == [[0.1], [0.2]]


BAD = {
    "an unknown name": ("russia.stal\n1\n", r"points\.csv:1: russia\.stal: .*did you mean 'russia\.stall'"),
    "no name": ("russia.stall,\n1,2\n", r"points\.csv:1: an empty name"),
    "a name twice": ("russia.stall,russia.stall\n1,1\n", r"points\.csv:1: the column russia\.stall is there twice"),
    "points alone": ("point\n0\n", r"points\.csv:1: no column names a parameter"),
    "too few values": ("russia.stall,russia.confidence\n\n1\n", r"points\.csv:3: has 1 values for 2 columns"),
    "a word": ("russia.stall\n0.1\noften\n", r"points\.csv:3: russia\.stall: 'often' is not a number"),
    "no number": ("russia.stall\n0.1\nnan\n", r"points\.csv:3: russia\.stall: nan is out of range"),
    "out of range": (
        "russia.stall\n0.1\n-0.1\n", r"points\.csv:3: russia\.stall: -0\.1 is out of range; give a number from 0 to 1",
    ),
    "no line": ("russia.stall\n", r"points\.csv: needs a line with names of parameters and at least one line"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_its_line(read, text, words):
    with pytest.raises(UsageError, match=words):
        read(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path, hardball):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    cases = {"nowhere.csv": "no such file or directory", "binary": "can't decode", ".": "is a directory"}
    for name, words in cases.items():
        with pytest.raises(UsageError, match=f"{name}: cannot be read .*{words}"):
            read_design(tmp_path / name, hardball)


# ---- what is refused


REFUSED = {
    "nothing": ((), {}, "nothing varies"),
    "an unknown name": ({"russia.stal": [1]}, {}, r"russia\.stal: .*did you mean 'russia\.stall'"),
    "a bare name": ({"stall": [1]}, {}, r"stall: .*did you mean 'russia\.stall'"),
    "no values": ({"russia.stall": []}, {}, r"russia\.stall: has no value; give at least one"),
    "a word": ({"russia.stall": ["often"]}, {}, r"russia\.stall: \['often'\] is not a list of numbers"),
    "one number": ({"russia.stall": 0.5}, {}, r"russia\.stall: 0\.5 is not a list of numbers"),
    "a law in a grid": ({"russia.stall": Uniform(uniform=(0, 1))}, {}, r"russia\.stall: a grid needs values"),
    "a name in a grid": (["russia.stall"], {}, r"russia\.stall: a grid needs values"),
    "values in a sample": ({"russia.stall": [0.1]}, {"sample": 4}, r"russia\.stall: a sample draws from a law"),
    "no own law": (["front.grace_weeks"], {"sample": 4}, r"front\.grace_weeks"),
    "an unknown group": (["rusia.*"], {"sample": 4}, r"rusia\.\*: stands for the uncertain parameters of a group"),
    "values for a group": ({"russia.*": [0.1]}, {"sample": 4}, r"russia\.\*: stands for the uncertain parameters"),
    "an unknown method": (
        ["russia.stall"], {"sample": 4, "method": "halton"}, "no method 'halton'; there are sobol, lhs, random",
    ),
    "a misspelt method": (["russia.stall"], {"sample": 4, "method": "sobel"}, "did you mean 'sobol'"),
    "no points": (["russia.stall"], {"sample": 0}, "the number of points must be a whole number from 1 upwards, not 0"),
    "half a point": (["russia.stall"], {"sample": 1.5}, "the number of points must be a whole number"),
    "a seed that is none": (["russia.stall"], {"sample": 2, "seed": -1}, "seed must be a whole number from 0 upwards"),
    "a seed in words": ({"russia.stall": [0.1]}, {"seed": "1"}, "seed must be a whole number from 0 upwards, not '1'"),
    "out of range": ({"russia.stall": [0.1, 2]}, {}, r"point 1 of the design: russia\.stall: 2 is out of range"),
    "not a number": ({"russia.stall": [float("nan")]}, {}, r"point 0 of the design: russia\.stall: nan is out"),
    "too sure": ({"russia.confidence": [0.1, 0.999]}, {}, r"point 1 of the design: .*confidence"),
    "an empty table": ((), {"design": pd.DataFrame({"russia.stall": []})}, "the table of the design is empty"),
    "a table of words": ((), {"design": pd.DataFrame({"russia.stall": ["often"]})}, "does not hold numbers alone"),
    "an unknown column": ((), {"design": pd.DataFrame({"russia.stal": [1.0]})}, r"did you mean 'russia\.stall'"),
    "a bad point": ((), {"design": Design(("russia.stall",), np.array([[0.1], [2.0]]))}, "point 1 of the design: "),
    "two ways at once": (
        ["russia.stall"], {"design": pd.DataFrame({"russia.stall": [0.1]})}, "a design says all by itself",
    ),
    "a design and a sample": ((), {"design": "x.csv", "sample": 4}, "a design says all by itself"),
}  # fmt: skip


@pytest.mark.parametrize(("vary", "named", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused_in_one_sentence(hardball, vary, named, words):
    with pytest.raises(UsageError, match=words) as told:
        sim.sweep(hardball, vary, runs=2, **named)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("where", [0, 500, 999])
def test_the_one_point_in_a_thousand_that_cannot_be_is_found(hardball, where):
    """What must hold between values, too: weights of issues that add up to nothing."""
    names = [name for name in hardball.parameters() if name.startswith("russia.weight_")]
    values = np.full((1000, len(names)), 0.25)
    values[where] = 0.0
    with pytest.raises((UsageError, ScenarioError), match=rf"point {where} of the design: "):
        sim.sweep(hardball, design=Design(tuple(names), values), runs=1)


def test_a_number_of_points_and_runs_beyond_any_machine_is_refused(hardball):
    with pytest.raises(UsageError, match=r"2 points of 600,000,000 runs are more than 1,000,000,000 runs"):
        sim.sweep(hardball, {"russia.stall": [0.1, 0.2]}, runs=600_000_000)
