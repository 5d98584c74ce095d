"""Hostile command lines, carried out as ``truce`` does; those that run something are given few runs."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

from sim.cli.entry import main
from sim.errors import UsageError

from .pieces import DATES, NUMBERS, WORDS

#: Kind, words.
Case = tuple[str, list[str]]

#: A command that runs something, rather than refuse, may take longer.
SECONDS = 30.0

_OUT = "out"
_DIRECTORIES = ("stored", "stored", "nowhere", "empty", "mine.yaml", "", "/dev/null", "/", "x" * 300)
_SCENARIOS = (*("hardball", "moves_on", "mine.yaml") * 4, "bad.yaml", "hardbal", "empty", "")
_PARAMETERS = (
    "russia.stall=0.1,0.2", "russia.stall=0:1:2", "russia.stall", "russia.*", "russia.stal=1", "=", "a=1:2:3:4",
    "russia.stall=0:1:99999999999", "russia.stall=nan", "front.kherson_share=0", "russia.stall=0:1",
)  # fmt: skip
_RUN = ["--runs", "4", "--workers", "1", "--out", _OUT, "--quiet", "--fresh"]

#: What each command takes: words before hostile ones, options, and for the options right values.
_COMMANDS: dict[str, tuple[tuple[str, ...], int, dict[str, tuple[str, ...]], list[str]]] = {
    "check": (_SCENARIOS, 2, {}, []),
    "schema": ((), 0, {"--out": ("schema.json", "", "empty", "/dev/full", "/nowhere/x")}, []),
    "list": ((), 0, {}, []),
    "parameters": (
        (), 0, {"--actor": ("russia", "poland", "rusia"), "--format": ("csv", "pdf"), "--scenario": _SCENARIOS}, [],
    ),
    "status": (_DIRECTORIES, 1, {}, []),
    "differences": (
        _DIRECTORIES, 1, {"--outcome": ("ceasefire_by_deadline", "peace"), "--out": ("a.csv", "a.png")}, [],
    ),
    "risks": (
        _DIRECTORIES, 1,
        {"--every": ("month", "year"), "--by": ("agreed_security", "peace"), "--groups": ("2", "9"),
         "--cuts": ("0.5", "0.5,0.2", "nan", "1e999", ",")}, [],
    ),
    "replay": (
        _DIRECTORIES, 1, {"--scenario": ("hardball", "moves_on"), "--run": ("0", "3", "4"), "--point": ("0", "1")}, [],
    ),
    "report": (("nowhere", "empty", "mine.yaml", ""), 1, {"--format": ("html", "doc"), "--out": ("stored", "")}, []),
    "run": (_SCENARIOS, 1, {
        "--seed": ("1", "0"), "--chunk": ("1", "2"), "--trace": ("confidence", "peace", ","),
        "--trace-runs": ("0", "9", "a"), "--precision": ("nan", "0", "-1", "x"), "--outcome": ("peace",),
        "--out": _DIRECTORIES,
    }, _RUN),
    "compare": (_SCENARIOS, 2, {"--baseline": ("hardball", "hardbal"), "--seed": ("7",), "--independent": ()}, _RUN),
    "sweep": (_SCENARIOS, 1, {
        "--vary": _PARAMETERS, "--sample": ("2", "0"), "--method": ("lhs", "sobel"),
        "--design": ("points.csv", "empty", "mine.yaml"),
    }, _RUN),
    "score": (("ceasefire_in_2025", "question.yaml", "peace"), 1, {
        "--scenario": _SCENARIOS, "--mixture": ("hardball=0.5,moves_on=0.5", "hardball=2", "=", "hardball=nan"),
        "--floor": ("0.1", "1"), "--extend": (), "--out": ("b.csv", "b.txt"),
    }, ["--runs", "4"]),
    "update": (
        _SCENARIOS, 1, {"--observed": ("made_up", "mine.yaml", "peace"), "--out": ("c.csv", "stored/summary.csv")},
        ["--runs", "4", "--observed", "made_up"],
    ),
    "verify": ((), 0, {"--group": ("peace", "rules"), "--format": ("pdf",)}, ["--group", "nothing"]),
    "sensitivity": (("nowhere", "empty", "bad.yaml"), 1, {"--runs": ("0", "-1")}, ["--seed", "-1"]),
    "frobnicate": (("x",), 1, {"--help": ()}, []),
}  # fmt: skip


def prepare() -> None:
    """Lay out files, and store a small experiment."""
    Path("empty").mkdir()
    Path("mine.yaml").write_text("title: Mine\nextends: hardball\n")
    Path("bad.yaml").write_text("rusia: {stal: 1}\n")
    Path("question.yaml").write_text("title: x\n")
    Path("points.csv").write_text("russia.stall\n0.1\n0.2\n")
    _call(["compare", "hardball", "moves_on", "--runs", "4", "--workers", "1", "--quiet", "--out", "stored"])


def case(random: Random) -> Case:
    """Return one command line."""
    name = random.choice(list(_COMMANDS))
    places, most, options, fixed = _COMMANDS[name]
    words = [_word(random, places) for _ in range(random.randrange(most + 1) if random.random() < 0.2 else most)]
    for option in random.sample(list(options), random.randrange(min(3, len(options)) + 1)):
        words += [option, _word(random, options[option])] if options[option] else [option]
    words += fixed
    if random.random() < 0.15:
        at = random.randrange(len(words) + 1)
        words[at:at] = [random.choice(("--", "-x", "--runs", "--seed=-1", "--help", "-q", *WORDS, *NUMBERS, *DATES))]
    if random.random() < 0.1 and "--runs" in words[:-1]:
        words[words.index("--runs") + 1] = random.choice([number for number in NUMBERS if number != "1_000"])
    return name, [name, *words]


def carry_out(given: Case) -> None:
    """Carry it out; what it refuses is raised as an error."""
    shutil.rmtree(_OUT, ignore_errors=True)
    code, told = _call(given[1])
    assert code in (0, 1, 2), f"exit code {code}: {told[:300]}"
    if code == 2:
        lines = told.splitlines()
        assert lines and all(line.startswith("truce: ") and line.isprintable() for line in lines), told[:500]
        error = UsageError("; ".join(lines))
        error.refuser = given[0]  # type: ignore[attr-defined]
        raise error


def _call(words: list[str]) -> tuple[object, str]:
    told = io.StringIO()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(told):
            main(words)
    except SystemExit as end:
        return end.code, told.getvalue()


def _word(random: Random, right: tuple[str, ...]) -> str:
    hostile = not right or random.random() < 0.08
    return random.choice((*WORDS, *NUMBERS)) if hostile else random.choice(right)
