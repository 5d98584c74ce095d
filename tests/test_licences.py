"""Nothing that comes along with Truce asks more of its users than Truce does."""

from __future__ import annotations

import re

import pytest

from tests.licences import Licence, licences


def test_no_library_of_the_core_or_of_an_extra_is_copyleft_or_silent() -> None:
    assert [licence for licence in licences() if licence.copyleft or not licence.words] == []


def test_libraries_of_libraries_are_looked_at() -> None:
    named = {re.sub(r"[._]", "-", licence.library).lower() for licence in licences()}
    assert {"numpy", "llvmlite", "markupsafe", "networkx", "mesa"} <= named
    assert not {"pytest", "hypothesis", "mypy", "truce-sim"} & named


@pytest.mark.parametrize(
    ("words", "copyleft"),
    [
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", False),
        ("LGPL-2.1-or-later", False),
        ("BSD-3-Clause", False),
    ],
)
def test_copyleft_is_recognised(words: str, copyleft: bool) -> None:
    assert Licence("any", "1", words).copyleft is copyleft
