"""What the files around the package say agrees with the package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import sim
from sim.parameters import PARAMETERS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text("utf-8")
GROUPS = {parameter.group for parameter in PARAMETERS.values()}


def named_in(text: str) -> set[str]:
    """Dotted names in backquotes whose first part is a group; an asterisk stands for any name."""
    return {name for name in re.findall(r"`([a-z_]+\.[a-z_.*]+)`", text) if name.split(".")[0] in GROUPS}


def pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\*", "[a-z_]+"))


def test_the_version_is_written_once():
    assert sim.__version__ == PROJECT["version"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(r"^version: (\S+)$", citation, re.MULTILINE)[1] == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-lowest.txt"])
def test_constraints_pin_exact_versions_and_name_no_host(file):
    lines = (ROOT / file).read_text("utf-8").splitlines()
    pinned = re.compile(r"[a-z0-9.-]+==[^\s;,*]+( ; .+)?")
    assert [line for line in lines if not pinned.fullmatch(line)] == []


def test_constraints_pin_every_library_asked_for():
    pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    asked = sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])
    names = {canonicalize_name(Requirement(line).name) for line in asked}
    assert names - pinned == {PROJECT["name"]}  # dev asks for the other extras


def test_the_lowest_constraints_pin_the_lower_bounds_of_the_project():
    lines = (ROOT / "constraints-lowest.txt").read_text("utf-8").splitlines()
    pinned = {name: Version(pin.split(" ")[0]) for name, pin in (line.split("==", 1) for line in lines)}
    for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]:
        library = Requirement(line)
        bound = next(Version(each.version) for each in library.specifier if each.operator == ">=")
        assert pinned[canonicalize_name(library.name)] == bound, f"{library.name}: run make constraints"


def test_the_evidence_names_only_parameters_that_exist():
    unknown = [name for name in named_in(EVIDENCE) if not any(pattern(name).fullmatch(known) for known in PARAMETERS)]
    assert unknown == []


@pytest.mark.parametrize("claim", [f"C{number}" for number in range(1, 15)])
def test_the_evidence_lists_each_claim_with_parameters_that_cite_it(claim):
    row = next(line for line in EVIDENCE.splitlines() if line.startswith(f"| {claim} |"))
    citing = [parameter for parameter in PARAMETERS.values() if re.search(rf"\b{claim}\b", parameter.source)]
    named = set(re.findall(r"`([a-z_.*]+)`", row))
    if citing:
        assert any(pattern(name).fullmatch(known) for name in named for p in citing for known in (p.name, p.key))
    else:
        assert "no parameter" in row


def test_the_evidence_accounts_for_each_number_graded_data():
    described = EVIDENCE.split("## Numbers from data")[1].split("\n## ")[0]
    keys = set(re.findall(r"`([a-z_.*]+)`", described))
    for parameter in PARAMETERS.values():
        if parameter.grade == "data":
            assert any(pattern(key).fullmatch(known) for key in keys for known in (parameter.name, parameter.key)), (
                f"{parameter.name} is graded data, but docs/evidence.md does not say where it comes from"
            )


def test_the_readme_presents_each_scenario():
    readme = (ROOT / "README.md").read_text("utf-8")
    presented = set(re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE))
    assert presented == {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
