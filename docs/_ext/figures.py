"""A text in the place of every figure that a cell has drawn and said nothing about: the code that drew it."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def _describe(app: Sphinx, tree: nodes.document) -> None:
    for cell in tree.findall(lambda node: isinstance(node, nodes.container) and "cell" in node["classes"]):
        code = next(iter(cell.findall(nodes.literal_block)), None)
        for image in cell.findall(nodes.image):
            if code is not None and "alt" not in image:
                image["alt"] = f"Figure drawn by the code above: {code.astext().strip().splitlines()[-1].strip()}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect it before pages are written, when the outputs of cells have become images."""
    app.connect("doctree-read", _describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
