"""``truce verify``: what it prints, and what it says by its exit code."""

from __future__ import annotations

import csv
import io
import re

import pytest

import sim.verification
from sim.cli import main
from sim.verification import GROUPS, Check, Result

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed, \d+\.\d s$", re.MULTILINE)


def holds(runs):
    yield Result(
        "theory", "the range, p = 0.6 | costs known", "0.5 to 0.8", "0.5 to 0.8", "±1e-09", "Fearon 1995", True
    )


def fails(runs):
    yield Result("article", "it advances and a long statement follows " * 4, "above zero", "-1", "3 s.e.", "C6", False)


def breaks_down(runs):
    raise ValueError("[red]no\nsuch thing[/]")
    yield


@pytest.fixture
def verify(monkeypatch, capsys):
    """Run the command in this process with some checks; return exit code, standard output and standard error."""

    def run(*checks, words=()):
        monkeypatch.setattr(sim.verification, "CHECKS", checks)
        with pytest.raises(SystemExit) as end:
            main(["verify", *words])
        return end.value.code, *capsys.readouterr()

    return run


HOLDS, FAILS, BREAKS = Check("theory", holds, fast=True), Check("article", fails), Check("signs", breaks_down)


def test_all_is_well(verify):
    code, out, err = verify(HOLDS)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"theory: {GROUPS['theory']}"
    assert re.search(
        r"^ok +the range, p = 0.6 \| costs known +0.5 to 0.8 +0.5 to 0.8 +±1e-09 +Fearon 1995 *$", out, re.M
    )
    assert SUMMARY.search(out).groups() == ("1", "0")


def test_a_failure_is_marked_and_gives_exit_code_1(verify):
    code, out, _ = verify(HOLDS, FAILS)
    assert code == 1
    assert re.search(r"^FAILED it advances and .* above zero +-1 +3 s.e. +C6 *$", out, re.M)
    assert SUMMARY.search(out).groups() == ("1", "1")


def test_a_check_that_breaks_down_is_a_failure_without_a_traceback(verify):
    code, out, err = verify(BREAKS, HOLDS)
    assert (code, err) == (1, "")
    assert re.search(r"^FAILED breaks down: broke down +no error +ValueError:", out, re.M)
    assert "Traceback" not in out
    assert SUMMARY.search(out).groups() == ("1", "1")


def test_lines_fit_a_log_and_carry_no_colour(verify):
    _, out, _ = verify(HOLDS, FAILS, BREAKS)
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "\x1b" not in out


def test_each_result_is_printed_before_the_next_check_runs(monkeypatch, capsys):
    def looks(runs):
        nonlocal seen
        seen = capsys.readouterr().out
        yield Result("article", "later", "1", "1", "none", "C1", True)

    seen = ""
    monkeypatch.setattr(sim.verification, "CHECKS", (HOLDS, Check("article", looks)))
    with pytest.raises(SystemExit):
        main(["verify"])
    assert "ok     the range" in seen


def test_as_csv_it_is_a_table_and_nothing_else(verify):
    code, out, err = verify(HOLDS, FAILS, BREAKS, words=("--format", "csv"))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["passed"] for row in rows] == ["true", "false", "false"]
    assert rows[0]["statement"] == "the range, p = 0.6 | costs known"
    assert rows[2]["got"] == "ValueError: [red]no such thing[/]"
    assert code == 1 and SUMMARY.search(err)


def test_as_markdown_every_row_has_the_same_cells(verify):
    _, out, _ = verify(HOLDS, FAILS, words=("--format", "markdown"))
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert len(rows) == 6  # a head of two lines in either group
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}


def test_groups_and_fast_choose(verify):
    assert "FAILED" not in verify(HOLDS, FAILS, words=("--fast",))[1]
    code, out, _ = verify(HOLDS, FAILS, BREAKS, words=("--group", "signs", "--group", "theory"))
    assert code == 1 and "theory:" in out and "article:" not in out


def test_a_group_that_does_not_exist_is_bad_input(verify):
    code, out, err = verify(HOLDS, words=("--group", "theroy"))
    assert (code, out) == (2, "")
    assert err == "truce: no group of checks is called 'theroy'; did you mean 'theory'?\n"


def test_the_help_names_every_group_and_the_exit_code(truce):
    text = " ".join(truce("verify", "--help").stdout.split())
    assert all(group in text for group in GROUPS)
    assert "Exit code 1 if anything failed" in text


def test_the_command_verifies_the_model_itself(truce):
    done = truce("verify", "--fast", "--group", "convergence")
    assert (done.returncode, done.stderr) == (0, "")
    assert SUMMARY.search(done.stdout).group(2) == "0"
