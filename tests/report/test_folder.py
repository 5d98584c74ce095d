from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import OutputError
from sim.report.folder import list_contents, replaced_whole


def write(folder, text):
    with replaced_whole(folder) as draft:
        (draft / "report.html").write_text(text)
        list_contents(draft, {"title": "Mine"})


def test_a_report_takes_the_place_of_an_earlier_one_as_a_whole(tmp_path):
    write(tmp_path / "report", "first")
    (tmp_path / "report" / "report.html").write_text("changed by hand")
    write(tmp_path / "report", "second")
    assert (tmp_path / "report" / "report.html").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_failure_leaves_the_earlier_report_as_it_was(tmp_path):
    write(tmp_path / "report", "first")
    with pytest.raises(ZeroDivisionError), replaced_whole(tmp_path / "report") as draft:
        (draft / "report.html").write_text("half")
        raise ZeroDivisionError
    assert (tmp_path / "report" / "report.html").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_foreign_file_is_named_and_never_touched(tmp_path):
    write(tmp_path / "report", "first")
    (tmp_path / "report" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds 'notes\.txt', which no report of Truce put there"):
        write(tmp_path / "report", "second")
    assert (tmp_path / "report" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "report" / "report.html").read_text() == "first"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "something else", "files": {}}'])
def test_a_folder_of_somebody_else_is_not_used(tmp_path, content):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.json").write_text(content)
    with pytest.raises(OutputError, match=r"holds 'report\.json'"):
        write(tmp_path / "report", "first")


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "report").write_text("mine")
    with pytest.raises(OutputError, match="not a directory"):
        write(tmp_path / "report", "first")


def test_in_the_directory_of_an_experiment_a_report_has_one_name_only(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(OutputError, match="keeps a report only as 'report'"):
        write(tmp_path / "other", "first")


def test_the_directory_that_one_is_in_may_become_the_folder(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write(Path("."), "first")
    assert (tmp_path / "here" / "report.html").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_a_place_that_cannot_be_written_is_an_error_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write there"):
        write(tmp_path / "file" / "report", "first")
