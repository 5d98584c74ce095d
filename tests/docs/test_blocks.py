"""Every block of code in the documentation runs: what a reader copies works.

All blocks of a page share one directory, and those in Python one namespace, in the order of the page,
with fewer runs than a reader would carry out (`tests/docs/fewer_runs.py`):

- ``python`` is executed; ``python not-run``, which needs a cluster, is compiled and its names of Truce are looked up;
- ``console`` holds commands, which have to succeed;
- ``yaml`` is a scenario file, or a question or observations, and has to be valid;
- ``yaml`` or ``text`` whose first line is a comment with the name of a file is written under that name;
- ``shell`` holds what no test can do (install, serve, submit): only known programs, and commands that exist;
- ``text`` otherwise, and some other languages, are shown only.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

import sim
from sim.cli import app
from tests.docs.fewer_runs import lowered
from tests.docs.pages import ROOT, Block, blocks, indented, notebooks, pages

#: Languages that are run or checked, and those that are shown only.
RUN = ("python", "console", "yaml", "shell")
SHOWN = ("text", "json", "toml", "r", "sql", "bibtex", "html")

#: Programs that ``shell`` blocks may name.
PROGRAMS = {
    ".", "apt-get", "cd", "dask", "duckdb", "export", "git", "make", "mpiexec", "pip", "python", "sbatch", "scancel",
    "source", "squeue", "srun", "truce",
}  # fmt: skip

NAMED = re.compile(r"# ([\w./-]+\.(?:ya?ml|csv))")

each = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


beside_cells = pytest.mark.parametrize("page", notebooks(), ids=lambda page: str(page.relative_to(ROOT)))


@each
def test_every_block_is_fenced_and_tells_its_language(page):
    text = page.read_text("utf-8")
    assert indented(text) == []
    languages = {block.language for block in blocks(text) if not block.language.startswith("{")}
    assert languages <= {*RUN, *SHOWN}


@each
def test_what_is_not_run_names_only_what_there_is(page):
    check_not_run(blocks(page.read_text("utf-8")))


def check_not_run(found: list[Block]) -> None:
    for block in found:
        if block.language == "shell":
            check_shell(block)
        elif block.language == "python" and block.mark:
            assert block.mark == "not-run"
            check_names(block)


@beside_cells
def test_in_a_notebook_what_is_to_run_is_a_cell_and_the_rest_names_only_what_there_is(page):
    found = [block for block in blocks(page.read_text("utf-8")) if not block.language.startswith("{")]
    assert {block.language for block in found} <= {"python", "shell", *SHOWN}
    assert all(block.mark == "not-run" for block in found if block.language == "python")
    check_not_run(found)


@pytest.mark.docs
@each
def test_blocks_run_in_order(page, tmp_path, monkeypatch):
    found = blocks(page.read_text("utf-8"))
    if not any(block.language in RUN for block in found):
        return
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    commands = tmp_path / ".bin"
    commands.mkdir()
    (commands / "truce").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.docs.fewer_runs "$@"\n')
    (commands / "truce").chmod(0o755)
    (commands / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    for block in reversed(found):  # a command may come before the file that it reads
        write(block, tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for block in found:
        if block.language == "python" and not block.mark:
            code = "\n" * (block.line - 1) + block.text
            exec(compile(lowered(code, str(page)), page, "exec"), namespace)
        elif block.language == "console":
            run_console(block, page)
        else:
            path = write(block, tmp_path)
            if block.language == "yaml":
                check_yaml(path or unnamed(block, tmp_path))


def write(block: Block, directory: Path) -> Path | None:
    """Write a block that names a file; the path, or nothing if it names none."""
    name = NAMED.fullmatch(block.text.partition("\n")[0])
    if block.language not in ("yaml", "text") or name is None:
        return None
    path = directory / name[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text.partition("\n")[2] + "\n", "utf-8")
    return path


def unnamed(block: Block, directory: Path) -> Path:
    path = directory / "unnamed.yaml"
    path.write_text(block.text + "\n", "utf-8")
    return path


def run_console(block: Block, page: Path) -> None:
    command = ["bash", "-euo", "pipefail", "-c", block.text]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, f"{page.name}, line {block.line}:\n{block.text}\n{done.stdout}{done.stderr}"


def check_yaml(path: Path) -> None:
    """Read a file as what it is: a question has a wording, observations have lists, all else is a scenario."""
    from sim.inquiry.forecasting import load_question
    from sim.inquiry.observations import load_observations

    text = path.read_text("utf-8")
    if re.search(r"^wording:", text, re.MULTILINE):
        load_question(path)
    elif re.search(r"^(front|events|counts):.*\n\s*- ", text, re.MULTILINE):
        load_observations(path)
    else:
        sim.load(path)


def check_shell(block: Block) -> None:
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(re.sub(r"\$\{?\w+\}?", "1", line), comments=True)
        if words:
            program = words[0] if "=" not in words[0] else "export"
            assert (Path(program).name or program) in PROGRAMS, f"line {block.line}: {program}"
            if "truce" in words:
                check_command(words[words.index("truce") + 1 :])


def check_command(words: list[str]) -> None:
    """Read a command line as the command does, and stop there."""
    end = next((place for place, word in enumerate(words) if word in ("|", "||", "&&", "&", ";", ">")), len(words))
    root = typer.main.get_command(app)
    name, *arguments = words[:end] or ["--help"]
    if not name.startswith("-"):
        root.commands[name].make_context(name, arguments)


def check_names(block: Block) -> None:
    """Look up what a block imports of Truce, and what it takes of it."""
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            for name in node.names:
                assert hasattr(import_module(node.module), name.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sim":
            assert hasattr(sim, node.attr)
