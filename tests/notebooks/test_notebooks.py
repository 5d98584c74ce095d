"""The notebooks as they are stored, and that executing them again gives the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.renew import DIRECTORY, execute, normalised, text, words

NOTEBOOKS = sorted(DIRECTORY.glob("*.ipynb"))
#: What may be read on a code host without waiting.
MOST_BYTES = 300_000
#: A path of somebody's machine, whichever system it runs.
MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|usr|opt|private|Users)/\w|[A-Z]:\\\\|file://")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def test_there_are_seven_in_order() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number}_" for number in range(1, 8)]


@each
def test_it_is_stored_as_an_execution_from_a_clean_kernel_leaves_it(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert text(normalised(notebook)) == path.read_text("utf-8")


@each
def test_it_shows_results_and_no_error_or_warning(path: Path) -> None:
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    assert len(outputs) > 5
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result", "stream"}
    assert {output.name for output in outputs if output.output_type == "stream"} <= {"stdout"}


@each
def test_it_is_small_and_names_no_path_of_a_machine(path: Path) -> None:
    stored = path.read_text("utf-8")
    assert len(stored.encode()) < MOST_BYTES
    without_pictures = re.sub(r'"image/png": "[^"]*"', "", stored)
    assert MACHINE.findall(without_pictures) == []


@each
def test_it_says_first_what_one_will_know_and_ends_with_questions_and_space_to_answer(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert "At the end you will know" in notebook.cells[0].source
    places = [place for place, cell in enumerate(notebook.cells) if "## Questions for a seminar" in cell.source]
    assert len(places) == 1
    after = notebook.cells[places[0] + 1 :]
    assert any(cell.cell_type == "code" for cell in after) and after[-1].source == "*Your notes:*"


@pytest.mark.notebook
@each
def test_it_runs_from_a_clean_kernel_and_prints_what_is_stored(path: Path) -> None:
    assert words(execute(path)) == words(nbformat.read(path, as_version=4))


@pytest.mark.notebook
def test_figures_are_shown_whatever_backend_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])")]
    path = tmp_path / "figure.ipynb"
    nbformat.write(notebook, path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    assert ["image/png" in output["data"] for output in execute(path).cells[0].outputs] == [True]
    assert os.environ["MPLBACKEND"] == "Agg"
