"""Names beside lines and bands, in place of a legend: moved apart where they would overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from sim.arrays import FloatArray
from sim.plots.colours import Look
from sim.plots.sheet import NO_BREAK, readable

_FONT = 7.0
_LINE_POINTS = _FONT * 1.28
#: By how many points the names may rise above the axes and fall below them.
_OVERHANG = 8.0


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> FloatArray:
    """Move labels as little as possible so that none overlaps another.

    Parameters
    ----------
    wanted
        Where the centres of the labels would best be, shape (labels,).
    heights
        Heights of the labels in the same unit, shape (labels,).
    low, high
        Room for the labels; if it is too small, they are pressed together evenly.

    Returns
    -------
    NDArray
        Centres in the order given: the least squares solution of the problem without the bounds, then moved
        inside them.

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0, 2.0], 0.0, 20.0).tolist()
    [4.0, 6.0, 9.0]
    """
    order = np.argsort(np.asarray(wanted, dtype=np.float64), kind="stable")
    sizes = np.asarray(heights, dtype=np.float64)[order]
    if sizes.sum() > high - low:
        sizes *= (high - low) / sizes.sum()
    # With the room below each label taken off, "no overlap" means "in order": an isotonic regression.
    below = np.cumsum(sizes) - sizes / 2
    blocks: list[tuple[float, int]] = []
    for target in np.asarray(wanted, dtype=np.float64)[order] - below:
        mean, size = float(target), 1
        while blocks and blocks[-1][0] > mean:
            previous, number = blocks.pop()
            mean, size = (mean * size + previous * number) / (size + number), size + number
        blocks.append((mean, size))
    origin = np.repeat([mean for mean, _ in blocks], [size for _, size in blocks])
    centres = np.empty(len(order))
    centres[order] = np.clip(origin, low, high - sizes.sum()) + below
    return centres


def in_lines(text: str, *, bold: bool = False) -> str:
    """Break a name into lines that fit into the 62 mm right of the axes of a sheet; bold letters are wider."""
    return textwrap.fill(readable(text), 30 if bold else 34)


def heights(texts: Sequence[str]) -> list[float]:
    """Height of each label with the space below it, in points."""
    return [_LINE_POINTS * (text.count("\n") + 1) + 2.0 for text in texts]


def name_lines(
    axes: Axes, ends: Sequence[tuple[float, float]], texts: Sequence[str], styles: Sequence[Look], edge: float, *,
    first_bold: bool = True,
) -> None:  # fmt: skip
    """Write the scenarios' names right of the axes, each beside the end of its line or joined to it by a thin one.

    Parameters
    ----------
    axes
        Axes whose limits are set.
    ends
        Where each line ends, in data.
    texts, styles
        Name and look of each line.
    edge
        Right end of the x axis.
    first_bold
        The first line is the baseline's.
    """
    points = axes.bbox.height / axes.figure.dpi * 72
    bottom, top = axes.get_ylim()
    wanted = [(share - bottom) / (top - bottom) * points for _, share in ends]
    places = spread(wanted, heights(texts), -_OVERHANG, points + _OVERHANG)
    anchor = axes.get_yaxis_transform()
    for i, ((day, share), text, look, place) in enumerate(zip(ends, texts, styles, places, strict=True)):
        height = bottom + place / points * (top - bottom)
        axes.plot([day, edge], [share, share], color=look.colour, linewidth=0.5, alpha=0.6)
        axes.plot([1.0, 1.03], [share, height], color=look.colour, linewidth=0.5, transform=anchor, clip_on=False)
        axes.plot([1.03, 1.075], [height, height], color=look.colour, linestyle=look.line, clip_on=False,
                  linewidth=2.4 if i == 0 and first_bold else 1.6, transform=anchor)  # fmt: skip
        axes.annotate(
            text, (1.085, height), xycoords=anchor, fontsize=_FONT, va="center", ha="left", linespacing=1.1,
            fontweight="bold" if i == 0 and first_bold else "normal", annotation_clip=False,
        )  # fmt: skip


def percent(share: float) -> str:
    """Write a share in per cent; the space before the sign does not break.

    Examples
    --------
    >>> percent(0.256).split()
    ['26', '%']
    """
    return f"{100 * share:.0f}{NO_BREAK}%"


def percent_axis(axes: Axes, label: str) -> None:
    """Let the y axis of shares count in per cent, with a grid."""
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=None))
    axes.set_ylabel(label)
    axes.grid(axis="y")


def name_bands(
    axes: Axes, middles: Sequence[float], texts: Sequence[str], colours: Sequence[str], hatches: Sequence[str | None]
) -> None:
    """Write the names of stacked bands right of the axes, each joined by a thin line to the end of its band."""
    points = axes.bbox.height / axes.figure.dpi * 72
    bottom, top = axes.get_ylim()
    wanted = [(middle - bottom) / (top - bottom) * points for middle in middles]
    places = spread(wanted, heights(texts), -_OVERHANG, points + _OVERHANG)
    anchor = axes.get_yaxis_transform()
    swatch = 6.5 / points * (top - bottom)
    for middle, text, colour, hatch, place in zip(middles, texts, colours, hatches, places, strict=True):
        height = bottom + place / points * (top - bottom)
        axes.plot([1.0, 1.03], [middle, height], color="#777777", linewidth=0.5, transform=anchor, clip_on=False)
        axes.add_patch(
            Rectangle((1.03, height - swatch / 2), 0.045, swatch, facecolor=colour, edgecolor="white", linewidth=0,
                      hatch=hatch, transform=anchor, clip_on=False)
        )  # fmt: skip
        axes.add_patch(
            Rectangle((1.03, height - swatch / 2), 0.045, swatch, fill=False, edgecolor="#777777", linewidth=0.5,
                      transform=anchor, clip_on=False)
        )  # fmt: skip
        axes.annotate(
            text, (1.085, height), xycoords=anchor, fontsize=_FONT, va="center", ha="left", linespacing=1.1,
            annotation_clip=False,
        )  # fmt: skip
