"""Execute the notebooks from a clean kernel and store them with their outputs: ``python -m tests.notebooks.renew``.

A second execution gives the same file to the byte: of what a kernel leaves behind, only what a reader sees is kept.
Names of notebooks may be given; by default all are executed. ``--check`` says which would change, and writes nothing.
"""

from __future__ import annotations

import base64
import io
import os
import re
import sys
from pathlib import Path
from unittest.mock import patch

import nbformat
from nbformat import NotebookNode
from nbmake.nb_run import NotebookRun
from PIL import Image

DIRECTORY = Path(__file__).parents[2] / "notebooks"
#: A live widget cannot be stored; the picture and the words beside it can.
LIVE_ONLY = ("application/vnd.jupyter.widget-view+json",)
#: Where an object lies in the memory differs from run to run.
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
#: Enough for figures of flat colours, at a third of the size.
COLOURS = 128
SECONDS = 300


def execute(path: Path) -> NotebookNode:
    """Return a notebook as a clean kernel leaves it, without what differs from one execution to the next."""
    with patch.dict(os.environ):
        os.environ.pop("MPLBACKEND", None)  # the kernel inherits it, and would then show no figure by itself
        done = NotebookRun(path, SECONDS, kernel="python3").execute()
    if done.error is not None:
        raise RuntimeError(f"{path.name}: {done.error.summary}\n{done.error.trace}")
    return normalised(done.nb)


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with the metadata, identifiers and outputs that every execution has in common."""
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(display_name="Python 3", language="python", name="python3"),
        language_info=NotebookNode(name="python"),
    )
    for place, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{place:02}", NotebookNode()
        if cell.cell_type == "code":
            cell.outputs = [_output(output) for output in _joined(cell.outputs)]
    return notebook


def text(notebook: NotebookNode) -> str:
    """Return a notebook as it is stored."""
    return str(nbformat.writes(notebook)) + "\n"


def words(notebook: NotebookNode) -> list[list[str]]:
    """Return what each cell prints, pictures left out: those depend on the fonts of a machine."""
    return [
        [
            output["text"] if output["output_type"] == "stream" else output["data"].get("text/plain", "")
            for output in cell.get("outputs", [])
            if output["output_type"] != "error"
        ]
        for cell in notebook.cells
    ]


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream, which a kernel cuts where it pleases."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before is not None and "name" in output and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def _output(output: NotebookNode) -> NotebookNode:
    if "text" in output:
        output["text"] = ADDRESS.sub("", output["text"])
    if "data" in output:
        output["metadata"] = NotebookNode()
        for kind in LIVE_ONLY:
            output["data"].pop(kind, None)
        if "text/plain" in output["data"]:
            output["data"]["text/plain"] = ADDRESS.sub("", output["data"]["text/plain"])
        if "image/png" in output["data"]:
            output["data"]["image/png"] = _fewer_colours(output["data"]["image/png"])
    return output


def _fewer_colours(picture: str) -> str:
    """Return a PNG, base64, with a palette in place of full colour, if it has none yet."""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        if image.mode == "P":  # as it is stored
            return picture
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    small.save(buffer, format="PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def main(arguments: list[str]) -> int:
    """Execute the notebooks named, or all; return 1 if one differs and nothing is to be written."""
    check = "--check" in arguments
    names = [name for name in arguments if name != "--check"]
    stale = 0
    for path in [Path(name).resolve() for name in names] or sorted(DIRECTORY.glob("*.ipynb")):
        new = text(execute(path))
        if check:
            same = new == path.read_text("utf-8")
            stale += not same
            print(f"{path.name}: {'as stored' if same else 'differs'}")
        else:
            path.write_text(new, "utf-8")
            print(f"{path.name}: {len(new) / 1000:.0f} kB")
    return int(stale > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
