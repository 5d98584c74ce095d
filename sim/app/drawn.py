"""The figures of the explorer: which there are, what each says, and how one becomes bytes."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """A figure that can be asked for: its title, and what it shows in a sentence."""

    title: str
    explained: str


#: Every figure, by name, in the order in which they are offered.
FIGURES: dict[str, Figure] = {
    "incidence": Figure(
        "Ceasefires over time",
        "The share of runs in which a ceasefire that holds has begun by each date, with 95 % bands.",
    ),
    "outcomes": Figure(
        "Where the runs stand", "What has become of the war in each run at the deadline and at the horizon."
    ),
    "territory": Figure(
        "Land lost and conceded", "Land that Ukraine loses in war, beside land that it hands over at the table."
    ),
}
