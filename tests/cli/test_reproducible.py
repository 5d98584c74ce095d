"""The same experiment gives the same bytes, whatever the machine does around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batches import files_in

SETTINGS = {
    "another hash seed": (["--workers", "1"], {"PYTHONHASHSEED": "2"}),
    "two workers": (["--workers", "2"], {"PYTHONHASHSEED": "1"}),
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference")


@pytest.mark.slow
@pytest.mark.parametrize(("words", "environment"), SETTINGS.values(), ids=SETTINGS.keys())
def test_files_are_equal_to_the_byte(truce, reference, tmp_path, words, environment):
    compare = ["compare", "hardball", "grand_bargain", "--runs", "64", "--chunk", "30", "--quiet"]
    if not (reference / "out").exists():
        assert truce(*compare, "--workers", "1", "--out", reference / "out", PYTHONHASHSEED="1").returncode == 0
    assert truce(*compare, *words, "--out", "out", **environment).returncode == 0
    expected, found = (files_in(place / "out", "manifest.json") for place in (reference, tmp_path))
    assert set(found) == set(expected) and len(expected) > 20
    for name, content in expected.items():
        assert found[name] == content, name
