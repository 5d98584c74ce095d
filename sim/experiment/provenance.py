"""Where a result comes from: versions, commit, settings, scenarios; enough to repeat it, and to refuse to mix."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment

#: Tells a manifest of Truce from any other file of that name.
FORMAT = "truce experiment 1"

#: Distributions whose version can change a number.
NUMERIC = ("mesa", "numba", "numpy", "scipy")

#: Distributions whose version can change a table or a figure.
LIBRARIES = (*NUMERIC, "pandas", "pyarrow", "matplotlib", "pydantic", "ruamel.yaml")

#: What decides the numbers of a run, in the package's folder.
_MODEL = (
    "model.py", "draws.py", "values.py", "arrays.py", "distributions.py", "parameters.py", "actors", "world", "rules",
    "evidence", "scenario/calendar.py", "experiment/chunk.py", "experiment/traces.py",
)  # fmt: skip


def manifest(
    experiment: Experiment, chunk: int, command: Sequence[str] | None, check: bool = False
) -> dict[str, Any]:
    """Return the manifest of an experiment that begins now, ready for JSON.

    Parameters
    ----------
    experiment
        What will be computed.
    chunk
        Most runs that advance together, by which the tables are cut into parts.
    command
        Words of the command line; ``None`` if the experiment was started from Python.
    check
        Whether invariants are looked at in every week.
    """
    import sim

    return {
        "format": FORMAT,
        "experiment": experiment.digest,
        "command": None if command is None else shlex.join(command),
        "started": now(),
        "ended": None,
        **experiment.settings(),
        "spread_runs": experiment.spread_runs,
        "chunk": chunk,
        "check": check,
        "truce": sim.__version__,
        "model": model_digest(),
        "git": checkout(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "scenarios": [{"digest": scenario.digest(), **scenario.to_dict()} for scenario in experiment.scenarios],
        "files": {},
    }


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Return what keeps two manifests from being of one experiment by one model, in words; nothing if nothing does."""
    found = [*_different_scenarios(there, here)]
    for key in ("runs", "seed", "baseline", "independent", "actors", "traces", "trace_runs", "precision", "design"):
        if there.get(key) != here[key]:
            what = "the design" if key == "design" else key.replace("_", " ")
            shown = f"is {_shown(there.get(key))} there, {_shown(here[key])} here"
            if key in ("design", "actors"):
                shown = "differs"
            found.append(f"{what} {shown}")
    if there.get("truce") != here["truce"]:
        found.append(f"the version of Truce is {there.get('truce')} there, {here['truce']} here")
    elif there.get("model") != here["model"]:
        found.append("the code of the model has changed")
    if here["check"] and not there.get("check"):
        found.append("it was begun without looking at invariants (--check, check=True)")
    for name in NUMERIC:
        versions = [manifest.get("libraries", {}).get(name) for manifest in (there, here)]
        if versions[0] != versions[1]:
            found.append(f"{name} is {versions[0]} there, {versions[1]} here")
    return found


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@cache
def model_digest() -> str:
    """Return the SHA-256 of the code and the tables that decide the numbers of a run."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in _MODEL:
        path = package / name
        files = sorted(file for file in path.rglob("*") if file.suffix in (".py", ".csv")) if path.is_dir() else [path]
        for file in files:
            digest.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


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


def _different_scenarios(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({entry["name"]: entry for entry in manifest["scenarios"]} for manifest in (there, here))
    if list(old) != list(new):
        yield f"the scenarios are {', '.join(old)} there, {', '.join(new)} here"
        return
    for name, entry in new.items():
        if entry["digest"] == old[name]["digest"]:
            continue
        before, after = old[name]["parameters"], entry["parameters"]
        changed = [key for key in before | after if before.get(key) != after.get(key)]
        if changed:
            key = changed[0]
            more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
            yield f"{key} of '{name}' is {_shown(before.get(key))} there, {_shown(after.get(key))} here{more}"
        else:
            words = ("title", "question", "digest")
            keys = [key for key in entry if key not in words and entry[key] != old[name].get(key)]
            yield f"{' and '.join(keys)} of '{name}' differ"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


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
