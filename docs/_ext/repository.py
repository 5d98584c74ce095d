"""What the site takes from the rest of the repository: the notebooks, and the digest of the package it shows."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

ROOT = Path(__file__).parents[2]


def package_digest() -> str:
    """Return a digest of the package and its scenarios; when it changes, every page is made again."""
    digest = hashlib.sha256()
    for folder in ("sim", "scenarios"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".yaml", ".csv", ".mplstyle"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _copy_notebooks(app: Sphinx, config: Config) -> None:
    """Copy the notebooks beside the pages, since Sphinx reads nothing outside its directory."""
    folder = Path(app.srcdir) / "notebooks"
    folder.mkdir(exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy = folder / path.name
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            shutil.copyfile(path, copy)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect both."""
    app.add_config_value("package_digest", package_digest(), "env", types=frozenset({str}))
    app.connect("config-inited", _copy_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
