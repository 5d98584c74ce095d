"""One look per scenario, colour and line style, the same in every figure; and one per state of the war.

The ten scenarios that come with Truce have fixed looks. Any other name gets one of the spare looks by a hash of
the name, so it keeps it from figure to figure and from machine to machine. Colours follow the sets of
Okabe and Ito and of Paul Tol; two scenarios whose colours a colour-blind reader may confuse differ in line style.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

SOLID = (0.0, None)
DASHED = (0.0, (5.0, 1.5))
DOTTED = (0.0, (1.2, 1.2))
DASH_DOT = (0.0, (6.0, 1.4, 1.2, 1.4))

LineStyle = tuple[float, tuple[float, ...] | None]
_LINES: tuple[LineStyle, ...] = (SOLID, DASHED, DOTTED, DASH_DOT)


class Look(NamedTuple):
    """Colour (hexadecimal) and line style (as Matplotlib wants it) of one scenario."""

    colour: str
    line: LineStyle


BUILT_IN: dict[str, Look] = {
    "hardball": Look("#000000", SOLID),
    "swift_deal": Look("#D55E00", SOLID),
    "maximum_pressure": Look("#0072B2", SOLID),
    "moves_on": Look("#E69F00", DASHED),
    "european_shield": Look("#332288", DASHED),
    "front_stalls": Look("#009E73", DOTTED),
    "breakthrough": Look("#882255", DASH_DOT),
    "long_war": Look("#88862A", DASH_DOT),
    "sober_kremlin": Look("#CC79A7", SOLID),
    "grand_bargain": Look("#56B4E9", DASH_DOT),
}

SPARE: tuple[Look, ...] = (
    Look("#8C510A", DOTTED),
    Look("#6B6B6B", DASHED),
    Look("#44AA99", DOTTED),
    Look("#AA4499", DOTTED),
    Look("#117733", DASH_DOT),
    Look("#CC6677", SOLID),
    Look("#4477AA", DOTTED),
    Look("#B2182B", DASHED),
    Look("#A6A6A6", SOLID),
    Look("#5A3E9B", DASH_DOT),
)

#: Colour of each state of `sim.analysis.STATES`; neighbours in a bar differ in luminance, for black and white.
STATE_COLOURS: dict[str, str] = {
    "ceasefire in force": "#0B4F8A",
    "ceasefire broken, war again": "#8DBBE0",
    "war, Washington engaged": "#F4EBD0",
    "war, Washington gone": "#D9A441",
    "full Russian control": "#7A1F2B",
}

#: Hatch of the states that need one besides their colour.
STATE_HATCHES: dict[str, str] = {"ceasefire broken, war again": "////"}

#: Colour of each belligerent, wherever a line, dot or band is about what it does or stands in the way of.
ACTOR_COLOURS: dict[str, str] = {"Russia": "#D1495B", "Ukraine": "#3DAFA8"}

#: Colour of what concerns both belligerents alike; with `BOTH_HATCH` where it is a band.
BOTH_COLOUR = "#3A3A3A"
BOTH_HATCH = "////"

#: Colour of a zone of possible agreement.
ZONE_COLOUR = "#DDEFC8"

#: Colour of what was measured and is no model run.
DATA_COLOUR = "#444444"


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return the look of every scenario of a figure.

    Parameters
    ----------
    names
        Names of the scenarios shown together. A name that does not come with Truce leaves its own look only if
        another one of them has the same; then the alphabetically later moves to the next free one.

    Returns
    -------
    dict
        Look by name, in the order given.

    Examples
    --------
    >>> looks(["hardball", "my_own"])["hardball"].colour
    '#000000'
    """
    wanted = list(dict.fromkeys(names))
    found = {name: BUILT_IN[name] for name in wanted if name in BUILT_IN}
    taken: set[int] = set()
    homeless: list[tuple[str, int]] = []
    for name in sorted(set(wanted) - set(found)):
        place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % len(SPARE)
        if place in taken:
            homeless.append((name, place))
        else:
            taken.add(place)
            found[name] = SPARE[place]
    for number, (name, place) in enumerate(homeless):
        free = [(place + step) % len(SPARE) for step in range(len(SPARE)) if (place + step) % len(SPARE) not in taken]
        if free:
            taken.add(free[0])
            found[name] = SPARE[free[0]]
        else:  # More scenarios than looks: colours return with other line styles.
            colour, line = SPARE[number % len(SPARE)]
            found[name] = Look(colour, _LINES[(_LINES.index(line) + 1 + number // len(SPARE)) % len(_LINES)])
    return {name: found[name] for name in wanted}


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour.

    Examples
    --------
    >>> ink_on("#0B4F8A"), ink_on("#F4EBD0")
    ('white', 'black')
    """
    return "white" if luminance(colour) < 0.25 else "black"


def luminance(colour: str) -> float:
    """Relative luminance of a hexadecimal colour, 0 (black) to 1 (white), as WCAG 2 defines it.

    Examples
    --------
    >>> luminance("#FFFFFF"), luminance("#000000")
    (1.0, 0.0)
    """
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# -- the table, and what matters ----------------------------------------------

#: Shade of a zone, or of a gap by who would have to yield: pale tints of `ACTOR_COLOURS`, told apart by their hatches.
YIELD_COLOURS: dict[str, str] = {"nobody": ZONE_COLOUR, "russia": "#F3CDD2", "both": "#DCDCDC", "ukraine": "#CBE9E7"}
YIELD_HATCHES: dict[str, str | None] = {"nobody": None, "russia": "////", "both": "xxxx", "ukraine": "\\\\\\\\"}

#: Marker of what Russia and Ukraine answer in a round; it is hollow where Ukraine refuses.
ANSWER_MARKERS: dict[str, str] = {"accepts": "*", "stalls": "o", "refuses": "s"}

#: Colour of runs in which a parameter is low, and in which it is high.
LOW_COLOUR, HIGH_COLOUR = "#8DBBE0", "#0B4F8A"

#: Colour of the model among forecasters, of crowds and of base rates.
FORECASTER_COLOURS: dict[str, str] = {
    "model": "#000000", "scenario": "#6B6B6B", "crowd": "#D55E00", "base rate": "#0072B2"
}  # fmt: skip
FORECASTER_MARKERS: dict[str, str] = {"model": "D", "scenario": "d", "crowd": "o", "base rate": "|"}
