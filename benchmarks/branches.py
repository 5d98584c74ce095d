"""Hold the share of the branches of `sim/` that the tests take against the bar.

``python benchmarks/branches.py coverage.json [--out docs/robustness/coverage.md]`` reads what ``coverage json`` wrote;
`make coverage` does both. It fails below the bar.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tables import markdown

BAR = 0.95

_HEAD = """\
# Coverage: which branches the tests take

Written by `make coverage` on {day} with Python {python} and coverage {version}: the whole suite but for the browser,
the notebooks, the pages and the wheel, processes that tests start included, and the rules once more uncompiled, as
compiled code cannot be followed.

**Of {branches:,} branches in `sim/`, {taken:.1%} are taken**; the bar is {bar:.0%}. Of {lines:,} lines {reached:.1%}
are reached. Files of which a branch is missed, the worst first; a branch is named by the lines, as they were that day,
that it leads from and to, where a negative number is the end of what begins there.
"""


def rows(files: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return a row for each file of which a branch is missed."""
    missed = [(name, file) for name, file in files.items() if file["missing_branches"]]
    table = [
        {
            "file": f"`{name}`", "branches": file["summary"]["num_branches"], "missed": len(file["missing_branches"]),
            "taken": 1.0 - len(file["missing_branches"]) / file["summary"]["num_branches"],
            "which": ", ".join(f"{start}→{end}" for start, end in file["missing_branches"]),
        }
        for name, file in missed
    ]  # fmt: skip
    return sorted(table, key=lambda row: (row["taken"], row["file"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", type=Path)
    parser.add_argument("--out", type=Path, help="write the result there, as Markdown")
    asked = parser.parse_args()
    measured = json.loads(asked.json.read_text("utf-8"))
    totals = measured["totals"]
    taken = totals["covered_branches"] / totals["num_branches"]
    head = _HEAD.format(
        day=date.today().isoformat(), python=platform.python_version(), version=measured["meta"]["version"],
        branches=totals["num_branches"], taken=taken, bar=BAR, lines=totals["num_statements"],
        reached=totals["covered_lines"] / totals["num_statements"],
    )  # fmt: skip
    table = rows(measured["files"])
    text = f"{head}\n{markdown(table)}\n" if table else head
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text, "utf-8")
    print(text)
    if taken < BAR:
        sys.exit(f"{taken:.1%} of the branches are taken, less than {BAR:.0%}")


if __name__ == "__main__":
    main()
