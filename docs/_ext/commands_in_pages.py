"""What ``!command`` prints in a page's cell: what it prints into a file, so neither colours nor bars of progress.

IPython gives commands a terminal, which a page is not. Here a command that fails ends the build. What it says on
standard error is shown where it may fail, as in ``!command || echo "exit code $?"``; elsewhere that is how far it is.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

#: Executed by every kernel when it starts.
STARTUP = """
def _plain_commands(shell):
    import os, subprocess

    plain = {name: value for name, value in os.environ.items() if "COLOR" not in name} | {"TERM": "dumb"}

    def system(command):
        done = subprocess.run(command, shell=True, text=True, stdin=subprocess.DEVNULL, capture_output=True, env=plain)
        shown = done.stdout if done.returncode == 0 and "||" not in command else done.stderr + done.stdout
        print("\\n".join(line.rstrip() for line in shown.splitlines()))
        if done.returncode:
            raise RuntimeError(f"exit code {done.returncode}: {command}")

    shell.system = system

_plain_commands(get_ipython())
del _plain_commands
"""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Have kernels begin with `STARTUP`, from a directory of IPython's that goes with the build."""
    folder = tempfile.TemporaryDirectory(prefix="ipython-")
    startup = Path(folder.name) / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "commands.py").write_text(STARTUP, encoding="utf-8")
    os.environ["IPYTHONDIR"] = folder.name
    app.connect("build-finished", lambda app, error: folder.cleanup())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
