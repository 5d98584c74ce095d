"""Whatever stands on the command line: an answer, or one line that a terminal can show."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzzing.pieces import DATES, NUMBERS, WORDS

#: Commands that answer at once; none of them is given anything that it could run.
COMMANDS = (
    "check", "schema", "parameters", "status", "differences", "risks", "replay", "report", "run", "compare", "sweep",
    "score", "update", "verify", "frobnicate",
)  # fmt: skip
OPTIONS = (
    "--runs", "--seed", "--out", "--vary", "--sample", "--design", "--baseline", "--precision", "--outcome", "--trace",
    "--observed", "--mixture", "--floor", "--every", "--by", "--cuts", "--group", "--format", "--scenario", "--run",
    "--",
)  # fmt: skip
SAFE = [word for word in (*WORDS, *NUMBERS, *DATES) if word not in ("hardball", "/dev/zero")]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(COMMANDS), st.lists(st.sampled_from(SAFE) | st.sampled_from(OPTIONS), max_size=5))
def test_hostile_words_are_refused_in_one_line_each(here, command, words):
    done = here(command, "no such thing", *words)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines and all(line.startswith("truce: ") and line.isprintable() for line in lines)


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "two\nlines", "\udce9.yaml", "nul\0.yaml"])
def test_a_name_is_shown_without_what_a_terminal_would_obey(here, name):
    done = here("check", name)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("truce: ") and line.isprintable()
