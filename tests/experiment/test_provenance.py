from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sim.experiment.provenance import checkout

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(directory), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "sim"
    package.mkdir()
    (package / "model.py").write_text("x = 1\n")
    return package


@pytest.fixture
def committed(package: Path) -> Path:
    git(package.parent, "init", "--quiet")
    git(package.parent, "add", ".")
    git(package.parent, "commit", "--quiet", "-m", "All")
    return package


def test_outside_a_checkout_there_is_no_commit(package):
    assert checkout(package) is None


def test_before_the_first_commit_there_is_no_commit(package):
    git(package.parent, "init", "--quiet")
    assert checkout(package) is None


def test_a_checkout_names_its_commit(committed):
    assert checkout(committed) == {"commit": git(committed, "rev-parse", "HEAD"), "dirty": False}


def test_changed_code_makes_it_dirty_and_other_files_do_not(committed):
    (committed.parent / "notes.txt").write_text("a note")
    assert checkout(committed)["dirty"] is False
    (committed / "model.py").write_text("x = 2\n")
    assert checkout(committed)["dirty"] is True


def test_a_package_installed_inside_another_checkout_does_not_borrow_its_commit(committed):
    installed = committed.parent / ".venv" / "lib" / "sim"
    installed.mkdir(parents=True)
    assert checkout(installed) is None


def test_the_environment_of_a_hook_does_not_mislead(committed, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert checkout(committed)["commit"]


def test_without_git_there_is_no_commit(committed, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert checkout(committed) is None
