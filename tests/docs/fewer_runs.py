"""The pages' blocks with fewer runs: enough to see that they work, where a reader wants numbers to rely on.

``python -m tests.docs.fewer_runs WORDS`` is the command ``truce`` with no more runs than `MOST`, also where the words
give no number; `lowered` does the same to Python.
"""

from __future__ import annotations

import ast
import sys

import typer

from sim.cli import app, main

#: Runs at most, by the keyword in Python; of a batch, of the answer of a search, of a batch with a precision to reach.
MOST = {"runs": 50, "fresh_runs": 100, "max_runs": 2000}


def lowered_words(words: list[str]) -> list[str]:
    """Return the words after ``truce`` with no more runs than `MOST`.

    Examples
    --------
    >>> lowered_words(["run", "hardball", "--runs", "2000", "--out", "mine"])
    ['run', 'hardball', '--out', 'mine', '--runs', '50']
    >>> lowered_words(["run", "hardball", "--precision", "0.01"])
    ['run', 'hardball', '--precision', '0.01', '--max-runs', '2000']
    >>> lowered_words(["list"])
    ['list']
    """
    commands = typer.main.get_command(app).commands
    found = list(words)
    if found and found[0] in commands:
        accepted = {option for parameter in commands[found[0]].params for option in parameter.opts}
        for name in ("max_runs",) if "--precision" in found else ("runs", "fresh_runs"):
            option, most = f"--{name.replace('_', '-')}", MOST[name]
            if option in found:
                at = found.index(option)
                most = min(most, int(found[at + 1]))
                del found[at : at + 2]
            if option in accepted:
                found += [option, str(most)]
    return found


def lowered(code: str, name: str) -> ast.Module:
    """Return Python code in which no call asks for more runs than `MOST`."""
    tree = ast.parse(code, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in MOST and isinstance(node.value, ast.Constant):
            node.value.value = min(node.value.value, MOST[node.arg])
    return tree


if __name__ == "__main__":
    main(lowered_words(sys.argv[1:]))
