"""Where Chromium is, which prints the report and carries out the tests in a browser."""

from __future__ import annotations

import os
import shutil

#: Names under which Chromium is installed, the first one found is taken.
NAMES = ("chromium", "chromium-browser", "google-chrome")

#: The environment variable that names another one.
VARIABLE = "TRUCE_CHROMIUM"

#: What to do where there is none.
REMEDY = f"install Chromium (on Debian and Ubuntu: apt-get install chromium), or name the program in {VARIABLE}"


def find_chromium() -> str | None:
    """Return the path of Chromium, or None if there is none.

    The variable ``TRUCE_CHROMIUM`` goes before everything on the PATH; if it names nothing that can be run, there is
    none: a wish that cannot be met is not met by something else.

    Examples
    --------
    >>> find_chromium() is None or find_chromium() == shutil.which(find_chromium())
    True
    """
    wanted = os.environ.get(VARIABLE)
    if wanted:
        return shutil.which(wanted)
    return next(filter(None, map(shutil.which, NAMES)), None)
