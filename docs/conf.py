"""The site of Truce: ``python -m sphinx -n -W --keep-going -b html docs build/docs``."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

import sim  # noqa: E402

logging.getLogger("MESA").setLevel(logging.WARNING)  # it would tell every week of every run

project = "Truce"
author = "The Truce developers"
copyright = f"2025, {author}"
release = version = sim.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "commands_in_pages",
    "figures",
    "mathml",
    "reference",
    "repository",
]
exclude_patterns = ["_ext"]
smartquotes = False  # options begin with two hyphens, and what is quoted can be typed

# --- Markdown and notebooks -------------------------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4

# Pages that are notebooks are executed by every build, in a directory of their own, and an error in one ends the build.
# The seminar's notebooks are shown as they are stored; `make test-notebooks` executes them.
nb_execution_mode = "force"
nb_execution_excludepatterns = ["notebooks/*"]
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}  # they would come from another host

# The kernels find the command `truce` and the package of this very tree, and print for the width of a page.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
os.environ["COLUMNS"] = "92"

# --- The package ------------------------------------------------------------------------------------------------------

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
napoleon_google_docstring = False
napoleon_custom_sections = [("Attributes", "params_style")]
python_maximum_signature_line_length = 92

# Words between single backquotes in docstrings are names: a link where the site describes them, else in a code font.
default_role = "py:obj"
nitpick_ignore_regex = [("py:obj", ".*"), ("py:.*", r"(?!sim\.).*")]

# --- HTML: everything lies beside the pages, nothing is asked of another host -----------------------------------------

html_theme = "furo"
html_title = f"Truce {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False

# Cells that write a file hold another language than that of their page.
suppress_warnings = ["misc.highlighting_failure"]
