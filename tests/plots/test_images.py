"""Every figure looks as it did: each is held against a small picture in ``tests/plots/images``.

The pictures are impressions, with bars in place of words (`tests/plots/impressions.py`): they are the same with any
font, and differ as soon as a line, a band, a bar, a mark or a label is lost or moves.

*A new figure* takes one line in `FIGURES`: its name, and how it is drawn from a made-up table
(`tests/plots/tables.py`).

*If a test here fails*, look at the two pictures that it names. Where the new one is what is wanted, renew::

    python -m tests.plots.test_images              # all pictures that differ
    python -m tests.plots.test_images terms sobol  # only these

then look at what has changed, and commit the pictures with the change that made them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim import plots
from sim.analysis import cumulative_incidence, state_shares, summarise
from sim.analysis.contrasts import differences as contrasts
from sim.analysis.survival import survival_curve
from sim.plots import (
    american_choices,
    bargaining,
    ceasefire_incidence,
    confidence,
    differences,
    forecasts,
    front,
    outcome_shares,
    response,
    sobol,
    spread,
    survival,
    terms,
    territory,
    tipping,
    tornado,
    zone,
)
from sim.plots.streams import TALKS, WASHINGTON
from tests.plots import tables
from tests.plots.impressions import distance, impression, read, write
from tests.synthetic import TEN

#: Every figure, by the name of its picture, and how it is drawn.
FIGURES: dict[str, Callable[[], Figure]] = {
    "american_choices": lambda: american_choices(tables.stream(WASHINGTON), TEN[0]).figure,
    "bargaining": lambda: bargaining(tables.talked()).figure,
    "ceasefire_incidence": lambda: ceasefire_incidence(cumulative_incidence(tables.OUTCOMES, TEN), TEN).figure,
    "confidence": lambda: confidence(tables.beliefs(), TEN).figure,
    "differences": lambda: differences(contrasts(tables.OUTCOMES, TEN), TEN).figure,
    "forecasts": lambda: forecasts(tables.answered()).figure,
    "front": lambda: front(tables.land(), TEN[0])[0].figure,
    "outcomes": lambda: outcome_shares(state_shares(tables.OUTCOMES, TEN), TEN)[0].figure,
    "response": lambda: response(tables.points()).figure,
    "sobol": lambda: sobol(tables.indices()).figure,
    "spread": lambda: spread(tables.split(), TEN).figure,
    "survival": lambda: survival(survival_curve(tables.OUTCOMES, TEN), TEN).figure,
    "terms": lambda: terms(tables.agreed(), TEN)[0].figure,
    "territory": lambda: territory(summarise(tables.OUTCOMES, TEN), TEN).figure,
    "tipping": lambda: tipping(tables.mapped(), 0.5).figure,
    "tornado": lambda: tornado(tables.moved()).figure,
    "zone": lambda: zone(tables.stream(TALKS), TEN[0]).figure,
}

IMAGES = Path(__file__).with_name("images")

#: Two impressions differ if their `distance` is more than this. Matplotlib 3.9 and 3.11 differ by 11.4 at most (in
#: the grain of a hatch); the loss of any one of `parts_of` makes 17 at least.
TOLERANCE = 12.0

MOST_BYTES = 20_000

drawn = cache(lambda name: FIGURES[name]())


def without(figure: Figure, artist: Artist) -> np.ndarray:
    """Return the impression of a figure without one thing."""
    artist.set_visible(False)
    try:
        return impression(figure)
    finally:
        artist.set_visible(True)


def size_of(artist: Artist) -> tuple[float, float]:
    """Return the shorter and the longer side of what is seen on the page, in pixels of 110 to an inch."""
    box, page = artist.get_window_extent(), artist.get_figure().bbox
    if not (artist.get_visible() and box.overlaps(page)):
        return 0.0, 0.0
    return min(box.width, box.height), max(box.width, box.height)


def parts_of(figure: Figure) -> Iterator[tuple[str, Artist]]:
    """Yield the smallest line (from 10 mm), band, bar (from 3 by 4 mm), words and title of a figure that has them."""
    figure.draw_without_rendering()
    axes = figure.axes
    lines = [
        line for panel in axes for line in panel.lines
        if line.get_linewidth() >= 1 and line.get_linestyle() != "None" and to_rgb(line.get_color()) != (1, 1, 1)
    ]  # fmt: skip
    titles = [*figure.texts, *(axis.label for panel in axes for axis in (panel.xaxis, panel.yaxis))]
    found = {
        "line": [line for line in lines if size_of(line)[1] >= 43],
        "band": [
            band for panel in axes for band in panel.collections
            if isinstance(band, PolyCollection) and size_of(band)[0] >= 8
        ],
        "bar": [bar for panel in axes for bar in panel.patches if size_of(bar)[0] >= 14 and size_of(bar)[1] >= 17],
        "words": [text for panel in axes for text in panel.texts if size_of(text)[1] and len(text.get_text()) > 1],
        "title": [text for text in titles if size_of(text)[1] and text.get_text()],
    }  # fmt: skip
    for kind, artists in found.items():
        if artists:
            yield kind, min(artists, key=lambda artist: (np.prod(size_of(artist)), size_of(artist)[1]))


def test_every_figure_has_a_picture() -> None:
    has_one = {name for draw in FIGURES.values() for name in draw.__code__.co_names}
    assert set(plots.__all__) - {"looks", "save_figure"} <= has_one


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_looks_as_it_did(name: str, tmp_path: Path) -> None:
    now = tmp_path / f"{name}.png"
    write(now, impression(drawn(name)))
    was = IMAGES / f"{name}.png"
    assert was.exists(), f"there is no picture of {name}: python -m tests.plots.test_images {name}"
    apart = distance(read(was), read(now))
    assert apart <= TOLERANCE, f"look at {was} (before) and {now} (now)"


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_that_loses_a_line_a_band_a_bar_or_words_does_not(name: str) -> None:
    was = read(IMAGES / f"{name}.png")
    lost = dict(parts_of(drawn(name)))
    assert {"title"} < set(lost), "there is something to lose besides the title"
    for kind, artist in lost.items():
        apart = distance(was, without(drawn(name), artist))
        assert apart > TOLERANCE, f"{kind}: {artist}"


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_in_another_font_does(name: str) -> None:
    texts = drawn(name).findobj(Text)
    before = [text.get_fontfamily() for text in texts]
    for text in texts:
        text.set_fontfamily("DejaVu Serif")
    apart = distance(read(IMAGES / f"{name}.png"), impression(drawn(name)))
    for text, family in zip(texts, before, strict=True):
        text.set_fontfamily(family)
    assert apart <= TOLERANCE


def test_pictures_are_small_and_each_belongs_to_a_figure() -> None:
    files = {path.stem: path.stat().st_size for path in IMAGES.iterdir()}
    assert set(files) == set(FIGURES)
    assert max(files.values()) <= MOST_BYTES


def renew(names: list[str]) -> None:
    """Write the pictures of these figures, or of all, where they differ from those that are there."""
    for name in names or sorted(FIGURES):
        path, picture = IMAGES / f"{name}.png", impression(drawn(name))
        if path.exists() and distance(read(path), picture) <= TOLERANCE:
            continue
        write(path, picture)
        print(path)


if __name__ == "__main__":
    renew(sys.argv[1:])
