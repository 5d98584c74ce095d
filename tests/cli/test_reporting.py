"""The command that writes a report."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Truce

WORDS = ("--runs", "6", "--out", "out", "--quiet")


@pytest.fixture
def stored(here: Truce, scenario):
    assert here("run", scenario, *WORDS).returncode == 0
    return "out"


def test_it_says_where_the_report_is(here, stored, tmp_path):
    done = here("report", stored, "--no-simulation", "--title", "Of Mine", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "out/report/report.html\n", "")
    assert "<h1 dir=\"auto\">Of Mine</h1>" in (tmp_path / "out" / "report" / "report.html").read_text("utf-8")


def test_an_experiment_goes_on_beside_its_report_and_begins_anew_without_it(here, scenario, stored, tmp_path):
    assert here("report", stored, "--no-simulation", "--quiet").returncode == 0
    assert here("run", scenario, *WORDS).returncode == 0
    assert (tmp_path / "out" / "report" / "report.html").exists()
    (tmp_path / "out" / "report" / "notes.txt").write_text("mine")
    for more in ((), ("--fresh",)):
        done = here("run", scenario, *WORDS, *more)
        assert done.returncode == 2 and "'report/notes.txt'" in done.stderr
    (tmp_path / "out" / "report" / "notes.txt").unlink()
    assert here("run", scenario, *WORDS, "--fresh").returncode == 0
    assert not (tmp_path / "out" / "report").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "there is no such directory"),
        (["."], "holds no experiment"),
        (["nowhere", "--format", "hmtl"], "did you mean 'html'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(here, words, told):
    done = here("report", *words)
    assert done.returncode == 2 and told in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_report_does_not_go_among_the_files_of_an_experiment(here, stored):
    done = here("report", stored, "--no-simulation", "--out", "out/other")
    assert done.returncode == 2 and "'report'" in done.stderr
