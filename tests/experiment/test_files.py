"""A file is whole or not there, and is on the disk before it takes its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.experiment.files import reason, target_of, write_text, written_whole


def test_a_file_is_on_the_disk_before_it_takes_its_name_and_its_name_after(tmp_path, monkeypatch):
    """Else a power cut could leave a name that stands for an empty file."""
    seen = []
    flush, replace = os.fsync, Path.replace

    def flushing(descriptor: int) -> None:
        seen.append("directory" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        flush(descriptor)

    def replacing(path: Path, target: Path) -> Path:
        seen.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flushing)
    monkeypatch.setattr(Path, "replace", replacing)
    write_text(tmp_path / "a.txt", "one\ntwo\n")
    assert seen == ["file", "name", "directory"] if Path("/proc/self/fd").is_dir() else len(seen) == 3
    assert (tmp_path / "a.txt").read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("begun", [False, True])
def test_a_failure_leaves_the_file_that_was_there_and_nothing_beside_it(tmp_path, begun):
    (tmp_path / "a.txt").write_text("before")
    with pytest.raises(KeyboardInterrupt), written_whole(tmp_path / "a.txt") as temporary:
        if begun:
            temporary.write_text("half of")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


def test_an_unfinished_file_tells_what_it_was_to_become(tmp_path):
    with written_whole(tmp_path / "a.b.csv") as temporary:
        temporary.touch()
        assert target_of(temporary) == "a.b.csv"
    for other in ("a.b.csv", "a.b.csv.7.part", ".a.b.csv.part", ".a.b.csv.7.partial"):
        assert target_of(Path(other)) is None


def test_a_refusal_is_told_in_the_words_of_the_operating_system_if_it_has_any():
    assert reason(OSError(28, "No space left on device")) == "no space left on device"
    assert reason(OSError("Lost")) == "lost"
    assert reason(ValueError("Embedded null byte")) == "embedded null byte"
