from __future__ import annotations

from sim.report.chromium import VARIABLE, find_chromium


def test_a_named_program_goes_before_all_others(tmp_path, monkeypatch):
    program = tmp_path / "other"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(program))
    assert find_chromium() == str(program)


def test_a_name_without_a_program_finds_none(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nothing"))
    assert find_chromium() is None


def test_without_a_name_the_path_is_searched(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() is None
    (tmp_path / "google-chrome").write_text("#!/bin/sh\n")
    (tmp_path / "google-chrome").chmod(0o755)
    assert find_chromium() == str(tmp_path / "google-chrome")
