"""What is handed out: the sources, the wheel made from them, and Truce installed from that and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[2]
#: An environment as a user has it: nothing of this checkout is found by accident.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

Truce = Callable[..., str]


def succeed(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def tracked(*folders: str) -> set[str]:
    """Files under version control in some folders, by path."""
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked: what somebody has who never saw the repository."""
    folder = tmp_path_factory.mktemp("sdist")
    succeed(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel made from the source distribution, not from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=sources)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel, with what it needs and nothing more."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    succeed(*pip, "--constraint", ROOT / "constraints.txt", wheel, cwd=folder)
    return commands


@pytest.fixture
def truce(installed: Path, tmp_path: Path) -> Truce:
    return lambda *words: succeed(installed / "truce", *words, cwd=tmp_path)


def test_the_wheel_holds_the_package_and_the_scenarios_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert names == {f"sim/{path}" if path.startswith("scenarios/") else path for path in tracked("sim", "scenarios")}


def test_the_source_distribution_holds_what_its_tests_need(sources: Path) -> None:
    held = {path.relative_to(sources).as_posix() for path in sources.rglob("*") if path.is_file()}
    asked = tracked("sim", "scenarios", "tests", "docs", "notebooks", "benchmarks", "*.toml", "*.txt", "Makefile")
    assert asked - held == set()


def test_the_package_is_the_installed_one_and_works_without_any_extra(installed: Path, tmp_path: Path) -> None:
    where = succeed(installed / "python", "-c", "import sim; print(sim.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    listed = succeed(installed / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path)
    assert not {"pytest", "panel", "scikit-learn", "dask"} & {line.split("==")[0] for line in listed.splitlines()}


def test_packaged_scenarios_are_compared_and_reported_in_another_directory(truce: Truce, tmp_path: Path) -> None:
    packaged = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    assert packaged <= set(truce("list").split())
    assert "hardball" in truce("compare", "hardball", "sober_kremlin", "--runs", "40", "--out", "mine")
    truce("report", "mine", "--no-simulation", "--quiet")
    page = (tmp_path / "mine" / "report" / "report.html").read_text("utf-8")
    assert "<style>" in page and "sober_kremlin" in page


def test_questions_and_observations_come_along(truce: Truce) -> None:
    assert "ceasefire_in_2025" in truce("score", "ceasefire_in_2025", "--runs", "40")
    truce("update", "hardball", "--observed", "made_up", "--runs", "500")
