"""Parameters as the rows of a figure name them."""

from __future__ import annotations

import textwrap

from sim.parameters import PARAMETERS


def parameter_label(name: str, width: int, meaning: str | None = None, unit: str | None = None) -> str:
    """Return what a parameter means, in two lines at most, over its dotted name with the unit.

    Parameters
    ----------
    name
        Dotted name.
    width
        Letters to a line.
    meaning, unit
        What it means and its unit; by default those of `sim.parameters`. Of one that is not known the name must do.

    Examples
    --------
    >>> print(parameter_label("front.pace_spread", 60))
    standard deviation of the weekly advance
    front.pace_spread (km² a week)
    """
    known = PARAMETERS.get(name)
    if meaning is None and known is not None:
        meaning, unit = known.meaning, known.unit
    if meaning is None:
        return name
    lines = textwrap.wrap(meaning, width, max_lines=2, placeholder=" …")
    return "\n".join([*lines, f"{name} ({unit})" if unit and len(name) + len(unit) + 3 <= width else name])
