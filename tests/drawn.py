"""What stands in a figure, and whether it can be read."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text


def words(figure: Figure) -> str:
    """All text of a figure, with every space alike."""
    return " | ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def overlaps(axes: Axes, texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Pairs of texts of which one runs into the other."""
    axes.figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [(a, b) for i, (a, one) in enumerate(boxes) for b, other in boxes[i + 1 :] if one.overlaps(other)]


def shown_texts(figure: Figure) -> list[Text]:
    """The texts that a reader sees."""
    hidden: set[Text] = set()
    for axes in figure.axes:
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            # Matplotlib keeps, and does not draw, the label of one tick beyond each end of an axis.
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)  # a shared axis may have no labels
            hidden |= {text for place, text in ticks if not low <= place <= high}
    every = figure.findobj(Text)
    return [text for text in every if text.get_text().strip() and text.get_visible() and text not in hidden]


def cut_off(figure: Figure) -> list[str]:
    """Texts that do not lie on the page as a whole."""
    figure.draw_without_rendering()
    page = figure.bbox
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown_texts(figure)]
    return [
        text for text, box in boxes
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]  # fmt: skip
