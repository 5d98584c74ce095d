"""The table of parameters says what `sim.parameters` says, in every form, and the documentation keeps up."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.distributions import DISTRIBUTIONS, Lognormal
from sim.errors import UsageError
from sim.parameter_table import as_csv, as_markdown, as_text, rows
from sim.parameters import PARAMETERS, STATES
from sim.scenario.schema import GROUPS

ROOT = Path(__file__).parents[1]


def truce(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_there_is_a_row_for_each_parameter_with_every_cell_that_must_not_be_empty():
    table = rows()
    assert [row["name"] for row in table] == list(PARAMETERS)
    assert all(text for row in table for column, text in row.items() if column != "uncertainty")


def test_a_law_can_be_copied_into_a_scenario_file():
    for row in rows():
        law = PARAMETERS[row["name"]].uncertainty
        assert (law is None) == (row["uncertainty"] == "")
        if law is not None:
            ((name, numbers),) = YAML(typ="safe").load(f"{{{row['uncertainty']}}}").items()
            ((_, exact),) = law.model_dump().items()
            assert type(law) is DISTRIBUTIONS[name]
            assert numbers == pytest.approx(list(exact))


@pytest.mark.parametrize("value", [0.0, 0.0004, -2.6, 7891.5, 100_000.0, 12345678.0])
def test_numbers_stay_what_they_are(value: float):
    assert float(as_text(value)) == value


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_can_be_chosen(group: str):
    assert {row["name"] for row in rows(group)} == {name for name, p in PARAMETERS.items() if p.group == group}


@pytest.mark.parametrize("state", STATES)
def test_a_european_state_can_be_chosen(state: str):
    names = [f"europe.{state}.{key}" for key in ("threat", "aid_share", "guarantee_share")]
    assert [row["name"] for row in rows(state)] == [row["name"] for row in rows(f"europe.{state}")] == names


@pytest.mark.parametrize("actor", ["", "rus", "confidence", "russia.confidence"])
def test_half_a_name_is_no_actor(actor: str):
    with pytest.raises(UsageError, match="there are russia, ukraine"):
        rows(actor)


def test_a_scenario_adds_its_values_and_who_set_them(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: hardball\nrussia: {horizon: 90}\neurope:\n  hungary: null\n"
        "  spain: {threat: .5, aid_share: .03, guarantee_share: {uniform: [0, .1]}}\n"
    )
    mine = sim.load(str(file))
    found = {row["name"]: (row["value"], row["set_in"]) for row in rows(scenario=mine)}
    assert list(found) == list(mine.parameters())
    assert found["russia.horizon"] == ("90", "mine.yaml:2")
    assert found["europe.spain.guarantee_share"] == ("uniform: [0, 0.1]", "mine.yaml:5")
    assert re.fullmatch(r"hardball\.yaml:\d+", found["russia.confidence"][1])
    assert found["russia.optimism"] == ("1.5", "not set")
    assert rows("spain", mine)[0]["name"] == "europe.spain.threat"
    with pytest.raises(UsageError, match="'hungary'"):
        rows("hungary", mine)


def test_csv_reads_back_as_the_same_rows():
    assert read(as_csv(rows())) == rows()


def test_markdown_has_a_table_for_each_group_and_as_many_cells_in_each_line(monkeypatch: pytest.MonkeyPatch):
    odd = dataclasses.replace(
        PARAMETERS["front.pace"], meaning="a | b", unit="|", uncertainty=Lognormal(lognormal=(1, 2))
    )
    monkeypatch.setitem(PARAMETERS, "front.pace", odd)
    text = as_markdown(rows())
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(dict.fromkeys(p.group for p in PARAMETERS.values()))
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == len(PARAMETERS) + 2 * len(GROUPS)
    assert {len(re.split(r"(?<!\\)\|", line)) for line in lines} == {11}
    assert r"| `front.pace` | a \| b | \| | 51.9 | lognormal: [1, 2] |" in text


def test_the_page_in_the_documentation_is_up_to_date():
    head, mark, tables = (ROOT / "docs" / "parameters.md").read_text("utf-8").partition("`make parameters`. -->\n\n")
    assert head.startswith("# The parameters") and mark
    assert tables == as_markdown(rows()), "sim/parameters.py has changed; run `make parameters`"


def test_the_command_prints_all_parameters_in_a_hundred_columns_without_escape_codes():
    done = truce("parameters")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "\x1b" not in done.stdout
    for parameter in PARAMETERS.values():
        assert all(re.search(rf"^{part}\b", done.stdout, re.MULTILINE) for part in parameter.key.split("."))
    assert re.findall(r"^(\w+): [A-Z]", done.stdout, re.MULTILINE) == list(dict.fromkeys(
        parameter.group for parameter in PARAMETERS.values()
    ))  # fmt: skip


def test_the_command_prints_one_actor_and_the_origin_of_its_values():
    done = truce("parameters", "--actor", "russia", "--scenario", "hardball")
    assert "hardball.yaml:" in done.stdout and "not set" in done.stdout
    assert "ukraine:" not in done.stdout


def test_the_command_prints_csv_and_markdown_as_the_functions_give_them():
    assert len(read(truce("parameters", "--format", "csv").stdout)) == len(PARAMETERS)
    assert truce("parameters", "--format", "markdown", "--actor", "poland").stdout == as_markdown(rows("poland"))
    assert truce("parameters", "--format", "csv", "--scenario", "hardball").stdout == as_csv(
        rows(scenario=sim.load("hardball"))
    )


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["--actor", "polnd"], "did you mean 'poland'"),
        (["--actor", "xyzzy"], "there are russia, ukraine"),
        (["--format", "html"], "markdown"),
        (["--scenario", "hardbal"], "hardball"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(words: list[str], remedy: str):
    done = truce("parameters", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("truce: ") and len(done.stderr.splitlines()) == 1
    assert remedy in done.stderr


def test_the_command_loads_nothing_heavy():
    heavy = "{'matplotlib', 'mesa', 'numba', 'pandas', 'pyarrow', 'scipy.stats'}"
    code = (
        "import sys\nfrom sim.cli import main\ntry:\n    main(['parameters', '--scenario', 'hardball'])\n"
        f"except SystemExit:\n    pass\nprint(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"
