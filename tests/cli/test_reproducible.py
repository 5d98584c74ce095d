"""The same experiment gives the same bytes, whatever the machine does around it."""

from __future__ import annotations

from pathlib import Path

import pytest

SETTINGS = {
    "another hash seed": (["--workers", "1"], {"PYTHONHASHSEED": "2"}),
    "two workers": (["--workers", "2"], {"PYTHONHASHSEED": "1"}),
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference")


@pytest.mark.parametrize(("words", "environment"), SETTINGS.values(), ids=SETTINGS.keys())
def test_files_are_equal_to_the_byte(truce, reference, tmp_path, words, environment):
    compare = ["compare", "hardball", "grand_bargain", "breakthrough", "--runs", "64", "--quiet"]
    if not (reference / "out").exists():
        assert truce(*compare, "--workers", "1", "--out", reference / "out", PYTHONHASHSEED="1").returncode == 0
    assert truce(*compare, *words, "--out", "out", **environment).returncode == 0
    names = {path.name for path in (reference / "out").iterdir()} - {"manifest.json"}
    assert names == {path.name for path in (tmp_path / "out").iterdir()} - {"manifest.json"}
    for name in sorted(names):
        assert (tmp_path / "out" / name).read_bytes() == (reference / "out" / name).read_bytes(), name
