"""The table of parameters as rows of text, as CSV and as Markdown, for the command line and the documentation."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import groupby

from sim.distributions import Distribution
from sim.errors import UsageError, nearest
from sim.parameters import PARAMETERS, Parameter
from sim.scenario import Scenario
from sim.scenario.schema import GROUPS

Row = dict[str, str]


def rows(actor: str | None = None, scenario: Scenario | None = None) -> list[Row]:
    """Return one row per parameter, everything as text.

    Parameters
    ----------
    actor
        A group ("russia", "front", ...) or one European state ("poland"); None takes all.
    scenario
        If given, the parameters are those of this scenario, with two more columns: the value at the start, and the
        file and line that set it.

    Returns
    -------
    list[dict[str, str]]
        In reading order; laws are written as in a scenario file, ``uniform: [0.15, 0.3]``.

    Raises
    ------
    UsageError
        If nothing is called `actor`.

    Examples
    --------
    >>> row = rows("truce")[0]
    >>> row["name"], row["uncertainty"], row["grade"]
    ('truce.donbas_likeness', 'uniform: [0, 0.6]', 'judgement')
    """
    parameters = PARAMETERS if scenario is None else scenario.parameters()
    found = [_row(parameter) for parameter in _of(actor, parameters.values())]
    if scenario is not None:
        resolved = scenario.resolve()
        for row in found:
            row["value"] = as_text(resolved[row["name"]])
            row["set_in"] = scenario.origins.get(row["name"], "not set")
    return found


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV with a line of column names."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_markdown(rows: Iterable[Row]) -> str:
    """Return rows as Markdown, a heading and a table for each group."""
    return "\n".join(_markdown_section(group, members) for group, members in by_group(rows))


def by_group(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return rows by the first part of their names."""
    return [(group, list(members)) for group, members in groupby(rows, lambda row: row["name"].split(".")[0])]


def as_text(value: float | Distribution | None) -> str:
    """Return a number or a law as a scenario file writes it; None is empty.

    Examples
    --------
    >>> as_text(26082.0), as_text(1.4 * 0.35), as_text(None)
    ('26082', '0.49', '')
    """
    if isinstance(value, Distribution):
        ((law, numbers),) = value.model_dump().items()
        return f"{law}: [{', '.join(map(as_text, numbers))}]"
    return "" if value is None else f"{value:.10g}"  # ten digits hide the noise of binary fractions


def _of(actor: str | None, parameters: Iterable[Parameter]) -> list[Parameter]:
    parameters = list(parameters)
    if actor is None:
        return parameters
    found = [parameter for parameter in parameters if parameter.name.startswith((f"{actor}.", f"europe.{actor}."))]
    if not found:
        names = [parameter.name.split(".") for parameter in parameters]
        known = [*GROUPS, *dict.fromkeys(name[1] for name in names if len(name) == 3)]
        raise UsageError(f"no actor is called {actor!r}; there are {', '.join(known)}{nearest(actor, known)}")
    return found


def _row(parameter: Parameter) -> Row:
    return {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "default": as_text(parameter.default),
        "uncertainty": as_text(parameter.uncertainty),
        "low": as_text(parameter.low),
        "high": as_text(parameter.high),
        "grade": parameter.grade,
        "source": parameter.source,
    }


def _markdown_section(group: str, members: list[Row]) -> str:
    columns = list(members[0])
    lines = [
        _markdown_line(column.replace("_", " ") for column in columns),
        _markdown_line("---" for _ in columns),
        *(_markdown_line((f"`{row['name']}`", *list(row.values())[1:])) for row in members),
    ]
    return f"## {group}\n\n{GROUPS[group]}\n\n" + "".join(f"{line}\n" for line in lines)


def _markdown_line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
