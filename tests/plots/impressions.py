"""Impressions of figures: small grey pictures in which words are bars, so that no font can change them.

A figure is drawn by Matplotlib's own Agg renderer, but text is measured and drawn by rule: every letter is as wide as
every other, and a word is a bar. What is left is what a picture must not lose (lines, bands, bars, marks, and where
something is written), and it is the same with any font and any version of the library that sets type.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray
from PIL import Image

#: Dots per inch of an impression: a figure of 180 mm is 425 pixels wide.
DPI = 60

#: Pixels by which something may move (0.8 mm in print), and over whose square differences are averaged.
SHIFT, BLUR = 2, 3

_LETTER, _ASCENT, _DESCENT = 0.58, 0.76, 0.24  # of the size of the font
_BAR = 0.52


class WordsAsBars(RendererAgg):
    """Draws a bar for each word; all else as Matplotlib does."""

    def get_text_width_height_descent(self, s: str, prop: object, ismath: object) -> tuple[float, float, float]:
        """Return how large a text is, in pixels, as if all letters were alike."""
        size = self.points_to_pixels(prop.get_size_in_points())
        return _LETTER * size * len(s), (_ASCENT + _DESCENT) * size, _DESCENT * size

    def _get_font_height_metrics(self, prop: object) -> tuple[None, None, None]:
        """Say that the font tells nothing of its height, so that it is measured (Matplotlib from 3.11)."""
        return None, None, None

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:
        """Draw the bars of a line of text; `x` and `y` are those of its beginning, `y` from the top."""
        size = self.points_to_pixels(prop.get_size_in_points())
        ink = self.new_gc()
        ink.copy_properties(gc)
        ink.set_linewidth(0)
        place = 0
        for word in s.replace("\N{NO-BREAK SPACE}", " ").split(" "):
            bar = Affine2D().scale(_LETTER * size * len(word), _BAR * size).translate(_LETTER * size * place, 0)
            self.draw_path(ink, Outline.unit_rectangle(), bar.rotate_deg(angle).translate(x, self.height - y),
                           gc.get_rgb())  # fmt: skip
            place += len(word) + 1
        ink.restore()


def impression(figure: Figure) -> NDArray[np.uint8]:
    """Return the impression of a figure: luminance from 0 to 255, shape (height, width)."""
    for text in figure.findobj(Text):
        text.set_path_effects([])  # they would draw the letters themselves
    before = figure.dpi
    figure.set_dpi(DPI)
    try:
        renderer = WordsAsBars(*(round(float(side)) for side in figure.bbox.size), DPI)
        figure.draw(renderer)
        colours = np.asarray(renderer.buffer_rgba(), dtype=np.float64)
    finally:
        figure.set_dpi(before)
    opaque = colours[..., 3:] / 255
    grey = (colours[..., :3] * opaque + 255 * (1 - opaque)) @ [0.299, 0.587, 0.114]
    return np.rint(grey).astype(np.uint8)


def distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return by how much two impressions differ at the place where they differ most, 0 to 255.

    A pixel differs by as much as it lies outside all shades that the other impression has within `SHIFT` of it, and
    these differences are averaged over the pixels next to each other. So a line of text that another version of
    Matplotlib sets a pixel lower does not count, nor does the grain of a hatch, but anything that is not there does.
    """
    from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

    if one.shape != other.shape:
        return 255.0
    window, found = 2 * SHIFT + 1, 0.0
    for picture, beside in ((one, other), (other, one)):
        here = picture.astype(np.float64)
        outside = np.maximum(here - maximum_filter(beside, window), minimum_filter(beside, window) - here)
        found = max(found, float(uniform_filter(np.maximum(outside, 0.0), BLUR).max()))
    return found


def read(path: Path) -> NDArray[np.uint8]:
    """Read an impression."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


def write(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write an impression as a small PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, optimize=True)
