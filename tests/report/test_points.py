"""What a report says of the points of a design."""

from __future__ import annotations

import pandas as pd
import pytest

import sim
from sim.parameters import PARAMETERS
from sim.report.basis import Basis, basis_of
from sim.report.document import Figure, Paragraph, Table
from sim.report.sections.points import MOST_POINTS, points

CONFIDENCE, PACE, STALL = "russia.confidence", "front.pace", "russia.stall"


def basis(vary=(), **how) -> Basis:
    how = {"runs": 2, "workers": 1, "progress": False} | how
    return basis_of(sim.sweep("hardball", vary, **how), simulate=False)


def parts(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def test_of_many_points_those_with_most_and_fewest_ceasefires_are_shown():
    found = basis({CONFIDENCE: [0.1 + 0.01 * place for place in range(MOST_POINTS + 8)]})
    (table,) = parts(points(found).blocks, Table)
    assert f"Of {MOST_POINTS + 8} points, those with the most and the fewest" in table.note
    shown = [int(row[0].value) for row in table.rows]
    assert shown == sorted(set(shown)) and len(shown) == MOST_POINTS
    assert len(table.data) == MOST_POINTS + 8
    shares = table.data.set_index("point")["ceasefire_by_deadline"]
    left_out = shares.drop(shown)
    assert shares[shown].max() == shares.max() and shares[shown].min() == shares.min()
    assert left_out.between(shares.min(), shares.max()).all()


def test_of_many_parameters_the_first_are_in_the_table_and_all_in_its_file():
    names = [name for name, parameter in PARAMETERS.items() if (parameter.low, parameter.high) == (0, 1)][:7]
    found = basis(design=pd.DataFrame([{name: PARAMETERS[name].default for name in names}]))
    section = points(found)
    (table,) = parts(section.blocks, Table)
    assert "The first 4 of 7 parameters are shown" in table.note
    assert set(names) <= set(table.data)
    assert ", and 1 more." in parts(section.blocks, Paragraph)[0].text


def test_two_parameters_that_form_no_grid_have_no_map():
    design = pd.DataFrame({CONFIDENCE: [0.2, 0.5, 0.8], PACE: [20.0, 40.0, 30.0]})
    blocks = points(basis(design=design)).blocks
    assert "do not form a grid" in parts(blocks, Paragraph)[1].text
    assert parts(blocks, Figure) == []
    assert len(parts(blocks, Table)) == 1


def test_a_map_waits_for_all_of_its_points(tmp_path):
    vary = {CONFIDENCE: [0.2, 0.8], PACE: [20.0, 80.0]}
    how = {"runs": 2, "workers": 1, "chunk": 2, "progress": False, "directory": tmp_path}
    sim.sweep("hardball", vary, **how)
    sorted((tmp_path / "outcomes").glob("*.parquet"))[-1].unlink()
    blocks = points(basis_of(sim.open(tmp_path), simulate=False)).blocks
    assert "Points without runs are left" in parts(blocks, Paragraph)[1].text
    (table,) = parts(blocks, Table)
    assert len(table.rows) == 3


@pytest.mark.parametrize("text", ["", "outcome,parameter\n", "outcome,parameter,total\nno_outcome,front.pace,0.1\n"])
def test_indices_changed_by_hand_are_left_out(tmp_path, text):
    vary = {CONFIDENCE: [0.2, 0.8], PACE: [20.0, 80.0], STALL: [0.1, 0.3]}
    sim.sweep("hardball", vary, runs=2, workers=1, progress=False, directory=tmp_path)
    (tmp_path / "sensitivity.csv").write_text(text)
    blocks = points(basis_of(sim.open(tmp_path), simulate=False)).blocks
    assert parts(blocks, Figure) == []
    assert len(parts(blocks, Paragraph)) == 1
    assert len(parts(blocks, Table)) == 1
