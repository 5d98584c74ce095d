from __future__ import annotations

import re
from pathlib import Path

from sim.parameters import PARAMETERS
from sim.report.document import Bullets, Paragraph, Table
from sim.report.limits import BESIDE, CANNOT, CHANGED, EXPECTED, HANGS_ON, limits
from tests.made_up_results import comparison, scenario
from tests.synthetic import outcomes_of

EVIDENCE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")


def test_every_number_of_the_comparison_with_others_is_in_the_evidence() -> None:
    for _, _, chance in EXPECTED:
        for number in re.findall(r"[\d.]+", chance):
            assert re.search(rf"\b{re.escape(number)}( %| to \d+ %)?", EVIDENCE), number
    for number in ("28 %", "40 %", "53 %", "11.8 %", "12.4 %", "35.5 %", "50.5 %", "10 to 25 %", "10.6 %", "93 %"):
        assert number in EVIDENCE and any(number in chance for _, _, chance in EXPECTED), number


def test_every_assumption_that_is_changed_has_the_share_that_was_measured() -> None:
    measured = {f"{float(share)}" for share in re.findall(r"^\| [^|]+ \| ([\d.]+) % \|$", EVIDENCE, re.MULTILINE)}
    measured |= {"8.9", "1.4"}  # those of the text: the baseline, and all at central values
    assert "chance is 4.2 %, with all parameters at their central values 1.4 %" in EVIDENCE.replace("\n", " ")
    for what, share, name in CHANGED:
        assert f"{share}" in measured, what
        assert not name or name in PARAMETERS


def test_what_the_text_takes_from_the_evidence_is_there() -> None:
    plain = EVIDENCE.replace("\n", " ")
    assert "20,000" in HANGS_ON and "20,000 runs" in plain
    assert "Seven in ten of the signatures by the deadline" in plain and "Seven in ten" in HANGS_ON
    assert "No number was fitted to the following" in plain and "No number was fitted" in BESIDE
    assert "it is no independent test" in plain and "it is no independent test" in BESIDE


def test_the_section_says_what_the_model_must_not_be_used_for() -> None:
    section = limits(comparison([scenario("hardball")], outcomes_of("hardball", 5)))
    items = [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
    assert set(CANNOT) <= set(items) and "It cannot forecast the war" in " ".join(items)
    assert [block.name for block in section.blocks if isinstance(block, Table)] == [
        "one_assumption_changed",
        "others_expected",
    ]
    assert all(block.text.endswith((".", ":")) for block in section.blocks if isinstance(block, Paragraph))
