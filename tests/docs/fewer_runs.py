"""The pages' blocks with fewer runs: enough to see that they work, where a reader wants numbers to rely on.

``python -m tests.docs.fewer_runs WORDS`` is the command ``truce`` with a tenth of the runs, or with those of `ENOUGH`,
also where the words give no number; `lowered` does the same to Python.
"""

from __future__ import annotations

import ast
import sys

import typer

from sim.cli import app, main

#: Runs, by the keyword in Python; of a batch, of the answer of a search, of a batch with a precision to reach.
ENOUGH = {"runs": 50, "fresh_runs": 100, "max_runs": 2000}


def fewer(name: str, runs: int) -> int:
    """Return how many runs to carry out in the place of those that a page asks for.

    Examples
    --------
    >>> fewer("runs", 20), fewer("runs", 2000), fewer("runs", 20000)
    (20, 200, 2000)
    """
    return min(runs, max(ENOUGH[name], runs // 10))


def lowered_words(words: list[str]) -> list[str]:
    """Return the words after ``truce`` with fewer runs.

    Examples
    --------
    >>> lowered_words(["run", "hardball", "--runs", "2000", "--out", "mine"])
    ['run', 'hardball', '--out', 'mine', '--runs', '200']
    >>> lowered_words(["run", "hardball", "--precision", "0.01"])
    ['run', 'hardball', '--precision', '0.01', '--max-runs', '2000']
    >>> lowered_words(["list"])
    ['list']
    """
    commands = typer.main.get_command(app).commands
    found = list(words)
    if found and found[0] in commands and "--run" not in found:  # which is one run of many, by its number
        accepted = {option for parameter in commands[found[0]].params for option in parameter.opts}
        for name in ("max_runs",) if "--precision" in found else ("runs", "fresh_runs"):
            option, runs = f"--{name.replace('_', '-')}", ENOUGH[name]
            if option in found:
                at = found.index(option)
                runs = fewer(name, int(found[at + 1]))
                del found[at : at + 2]
            if option in accepted:
                found += [option, str(runs)]
    return found


def lowered(code: str, name: str) -> ast.Module:
    """Return Python code in which every call asks for fewer runs."""
    tree = ast.parse(code, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ENOUGH and isinstance(node.value, ast.Constant):
            node.value.value = fewer(node.arg, node.value.value)
    return tree


if __name__ == "__main__":
    main(lowered_words(sys.argv[1:]))
