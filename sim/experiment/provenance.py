"""Where a result comes from: versions, commit, settings, files; enough to repeat it."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.comparing import Comparison

#: Tells a manifest of Truce from any other file of that name.
FORMAT = "truce result 1"

#: Distributions whose version can change a number or a figure.
LIBRARIES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic", "ruamel.yaml")


def manifest(comparison: Comparison, files: Sequence[Path], command: Sequence[str] | None) -> dict[str, Any]:
    """Return the manifest of a result, ready for JSON.

    Parameters
    ----------
    comparison
        The result.
    files
        The files written.
    command
        Words of the command line; ``None`` if the result was made from Python.
    """
    import shlex

    import sim

    experiment = comparison.experiment
    return {
        "format": FORMAT,
        "experiment": experiment.digest,
        "command": None if command is None else shlex.join(command),
        "started": _utc(comparison.started),
        "ended": _utc(comparison.ended),
        "runs": experiment.runs,
        "spread_runs": experiment.spread_runs,
        "seed": experiment.seed,
        "baseline": experiment.baseline,
        "actors": experiment.actor_names,
        "truce": sim.__version__,
        "git": checkout(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "scenarios": [{"digest": scenario.digest(), **scenario.to_dict()} for scenario in experiment.scenarios],
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)},
    }


def checkout(package: Path | None = None) -> dict[str, Any] | None:
    """Return the commit of the checkout that holds the package, and whether its code was changed since.

    Returns ``None`` for an installed package, even one inside somebody else's checkout, and where Git
    is missing or silent.

    Parameters
    ----------
    package
        Directory of the package; by default that of `sim`.
    """
    package = Path(__file__).resolve().parents[1] if package is None else package.resolve()
    top = _git(package, "rev-parse", "--show-toplevel")
    commit = _git(package, "rev-parse", "--verify", "HEAD")
    if not top or not commit or Path(top).resolve() != package.parent:
        return None
    return {"commit": commit, "dirty": _git(package, "status", "--porcelain", "--", str(package)) != ""}


def _git(directory: Path, *arguments: str) -> str | None:
    # A hook sets GIT_DIR and the like, which would name another repository than the directory's own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "-C", str(directory), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, env=environment, check=True)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
