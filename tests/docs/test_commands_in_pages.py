"""A command in a page's cell prints what it prints into a file, and fails the build if it fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from commands_in_pages import STARTUP


@pytest.fixture
def shell() -> SimpleNamespace:
    made = SimpleNamespace()
    exec(STARTUP, {"get_ipython": lambda: made})
    return made


def test_progress_is_left_out_and_there_is_no_terminal(shell, capsys):
    shell.system("echo 3 of 8 runs >&2; test -t 1 || echo into a file")
    assert "into a file" in capsys.readouterr().out
    shell.system("echo 3 of 8 runs >&2; echo a table")
    assert capsys.readouterr().out == "a table\n"


def test_a_command_that_fails_ends_the_build(shell, capsys):
    with pytest.raises(RuntimeError, match="exit code 2"):
        shell.system("echo misspelt >&2; exit 2")
    assert "misspelt" in capsys.readouterr().out


def test_where_failing_is_shown_so_is_what_it_says(shell, capsys):
    shell.system('sh -c "echo misspelt >&2; exit 2" || echo "exit code $?"')
    assert capsys.readouterr().out == "misspelt\nexit code 2\n"


def test_no_colours_are_asked_for(shell, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    exec(STARTUP, {"get_ipython": lambda: shell})
    shell.system("env | grep -c COLOR; echo $TERM; true")
    assert capsys.readouterr().out == "0\ndumb\n"
