"""Small tables of figures: what numbers graded *data* are computed from, and how ceasefires age.

Each table says in lines that begin with ``#`` what it holds, its source, licence, method and cut-off.
``python -m sim.evidence`` sets what follows from them beside what ``sim.parameters`` says.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from sim.arrays import FloatArray

#: Where the tables are.
FOLDER = Path(__file__).parent

#: Tables count in months, the model in weeks.
WEEKS_A_MONTH = 365.25 / 12 / 7


def read(table: str) -> dict[str, list[str]]:
    """Return a table as text, column by column.

    Examples
    --------
    >>> read("oblast_effective_areas")["oblast"]
    ['luhansk', 'donetsk', 'zaporizhzhia', 'kherson']
    """
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def numbers(table: str, column: str) -> FloatArray:
    """Return a column as numbers, shape (rows,); an empty cell is NaN."""
    return np.array([float(cell) if cell else np.nan for cell in read(table)[column]])


def collapse_hazards() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how ceasefires die by age: failures over exposure in bands.

    Returns
    -------
    tuple of three arrays of shape (bands,)
        The age in months at which a band begins; the hazard per month of full bilateral ceasefires in general;
        that of the Donbas, whose last observed rate is carried on to ages that none of them reached.
    """
    table = "ceasefire_collapses"
    general = numbers(table, "general_failures") / numbers(table, "general_exposure")
    failures, exposure = numbers(table, "donbas_failures"), numbers(table, "donbas_exposure")
    reached = np.minimum(np.arange(len(exposure)), np.flatnonzero(exposure)[-1])
    return numbers(table, "from_month"), general, failures[reached] / exposure[reached]
