"""Numbers graded data follow from the tables in sim/evidence, and the simulated world looks like those tables."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import lru_cache

import numpy as np
import pytest

from sim.evidence import FOLDER, collapse_hazards, derive, numbers, read
from sim.evidence.__main__ import main
from sim.parameters import PARAMETERS
from sim.verification.worlds import QUIET, quiet, sign
from sim.world.truce import weekly_log_hazards

TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
CUT_OFF = "2025-05-19"
RUNS, WEEKS = 400, 100
# The front alone: its luck is back, and Washington neither presses nor leaves.
FRONT = QUIET | {"front.pace_spread": PARAMETERS["front.pace_spread"].default} | {
    f"united_states.{move}_base": -10.0 for move in ("press_russia", "press_ukraine", "disengage")
}  # fmt: skip


# ----------------------------------------------------------------------------------------------------------------------
# The tables


def head(table: str) -> dict[str, str]:
    lines = (FOLDER / f"{table}.csv").read_text("utf-8").splitlines()
    return dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("#"))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_what_it_holds_where_it_comes_from_and_on_what_terms(table: str):
    assert list(head(table)) == ["what", "source", "licence", "method", "cut-off"]
    assert all(len(text) >= 8 for text in head(table).values())
    assert head(table)["cut-off"].startswith(CUT_OFF)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_in_a_table_is_dated_after_the_article(table: str):
    columns = read(table)
    assert all(date <= CUT_OFF for date in columns.get("date", []))
    # A month counts as known once it has ended, so the month of the article is not in a monthly table.
    assert all(month < CUT_OFF[:7] for month in columns.get("month", []))
    years = re.findall(r"\b(?:19|20)\d\d\b", " ".join(head(table).values()))
    assert max(years) <= CUT_OFF[:4]


@pytest.mark.parametrize("table", TABLES)
def test_every_cell_of_a_table_is_a_number_but_for_names_and_dates(table: str):
    for column in read(table):
        if column not in ("date", "month", "oblast"):
            assert np.isfinite(numbers(table, column)).sum() >= 0.8 * len(read(table)[column])


def test_the_weeks_run_from_monday_to_monday_without_a_gap():
    days = np.array(read("oblast_areas_weekly")["date"], dtype="datetime64[D]")
    assert (days[0], days[-1]) == (np.datetime64("2024-01-01"), np.datetime64(CUT_OFF))
    assert (np.diff(days) == np.timedelta64(7, "D")).all()


# ----------------------------------------------------------------------------------------------------------------------
# From tables to parameters


@pytest.mark.parametrize("finding", derive.defaults(), ids=lambda finding: finding.name)
def test_a_number_graded_data_is_the_computed_one_to_the_digits_written(finding: derive.Finding):
    assert finding.rounded == finding.written


def test_every_parameter_graded_data_is_computed():
    computed = {finding.name for finding in derive.defaults()}
    assert {name for name, parameter in PARAMETERS.items() if parameter.grade == "data"} <= computed


def test_rounding_goes_by_the_digits_written():
    assert derive.Finding("x", 51.944, "t", 51.9).rounded == 51.9
    assert derive.Finding("x", 9473.9, "t", 9474).rounded == 9474
    assert derive.Finding("x", 51.96, "t", 51.9).rounded != 51.9


def test_the_command_prints_each_number_beside_the_one_in_use(capsys: pytest.CaptureFixture[str]):
    main()
    out = capsys.readouterr().out
    assert all(finding.name in out for finding in derive.defaults() + derive.beside_judgements())
    assert "DIFFERS" not in out


def test_the_documentation_tells_the_figures_as_computed():
    text = " ".join((FOLDER.parents[1] / "docs" / "evidence.md").read_text("utf-8").split())
    gap = derive.monthly_gap()
    beside = {finding.name: finding.value for finding in derive.beside_judgements()}
    for figure in (
        f"{len(derive.weekly_advance())} weeks",
        f"{100 * derive.share_of_negative_weeks():.1f} %",
        f"{derive.pace_sampling_error():.1f} km²",
        f"{derive.pace_measurement_error():.1f} km²",
        f"{beside['pace since 2023-01, km² a week']:.1f} km² a week",
        f"{gap.mean():.0f} km² a month",
        f"{gap.std(ddof=1):.0f} km²",
        f"{sum(derive.land_left().values()):,.1f} km²",
        f"{100 * beside['American share of military aid since 2024-01']:.0f} % of the military aid",
        f"{numbers('claimed_losses_monthly', 'claimed_losses').sum():,.0f}",
        *(f"{area:,.0f}" for area in derive.effective_areas().values()),
        *(f"{ready:.0f} %" for ready in numbers("polls_on_land", "ready_pct")[[3, -1]]),
        *(f"{share:.2f}" for share in numbers("ceasefire_survival", "in_force")[[0, 2, 3]]),
    ):
        assert figure in text


# ----------------------------------------------------------------------------------------------------------------------
# The simulated front against the observed one


@lru_cache
def advances(offset: float = PARAMETERS["front.pace_skew_offset"].default) -> np.ndarray:
    model = quiet(FRONT | {"front.pace_skew_offset": offset}, weeks=WEEKS, runs=RUNS)
    rows = []
    for _ in range(WEEKS):
        model.step()
        rows.append(model.front.advance)
    assert np.allclose(model.front.balance, 1)
    return np.array(rows)


def moments(advance: np.ndarray) -> dict[str, float]:
    """What the evidence says of one stretch of weeks, over all stretches together."""
    centred = advance - advance.mean()
    return {
        "mean": advance.mean(),
        "spread": advance.std(),
        "persistence": (centred[1:] * centred[:-1]).mean() / (centred**2).mean(),
        "negative": (advance < 0).mean(),
    }


OBSERVED = {
    "mean": derive.pace(),
    "spread": derive.pace_spread(),
    "persistence": derive.pace_persistence(),
    "negative": derive.share_of_negative_weeks(),
}


def of_blocks(statistic: str) -> np.ndarray:
    """The statistic of 20 blocks of 20 runs each, to see by how much luck moves it."""
    return np.array([moments(block)[statistic] for block in np.split(advances(), 20, axis=1)])


@pytest.mark.parametrize("statistic", OBSERVED)
def test_the_simulated_front_has_the_observed_statistic(statistic: str):
    blocks = of_blocks(statistic)
    error = blocks.std(ddof=1) / np.sqrt(len(blocks))
    # Four standard errors, and the rounding of the parameters.
    assert moments(advances())[statistic] == pytest.approx(OBSERVED[statistic], abs=4 * error + 0.002)
    assert error < 0.05 * OBSERVED[statistic]


def test_the_observed_weeks_would_not_stand_out_among_simulated_ones():
    """Each observed statistic within the middle 95 % of those of single simulated runs of the same length."""
    runs = [moments(run[:, None]) for run in advances()[:72].T]
    for statistic, observed in OBSERVED.items():
        low, high = np.quantile([run[statistic] for run in runs], (0.025, 0.975))
        assert low <= observed <= high


def test_without_skew_ukraine_would_gain_too_often():
    assert moments(advances(offset=500.0))["negative"] > 3 * OBSERVED["negative"]


# ----------------------------------------------------------------------------------------------------------------------
# Simulated ceasefires against observed ones

REFERENCE = QUIET | {"truce.donbas_likeness": 0.0, "truce.dissatisfaction_effect": 0.0, "truce.guarantee_effect": 0.0}
_YEAR = 53


@lru_cache
def in_force(donbas_likeness: float = 0.0, runs: int = 4000) -> np.ndarray:
    """Share of simulated ceasefires still in force by age in weeks, shape (weeks + 1,)."""
    model = quiet(REFERENCE | {"truce.donbas_likeness": donbas_likeness}, weeks=_YEAR, runs=runs)
    sign(model)
    shares = [1.0]
    for _ in range(_YEAR):
        model.step()
        shares.append(model.truce.in_force.mean())
    return np.array(shares)


def implied(hazards: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Survival at an age in months under hazards that are constant within bands."""
    starts = collapse_hazards()[0]
    spent = np.clip(months[:, None] - starts, 0, np.append(np.diff(starts), np.inf))
    return np.exp(-spent @ hazards)


@pytest.mark.parametrize("curve", [0, 1], ids=["general", "Donbas"])
def test_simulated_ceasefires_survive_as_the_hazards_imply(curve: int):
    months = np.array([1.0, 6.0, 12.0])
    weeks = months * derive.WEEKS_A_MONTH
    share = np.interp(weeks, np.arange(_YEAR + 1), in_force(float(curve)))
    expected = implied(collapse_hazards()[1 + curve], months)
    # Weeks do not end where months do: at an edge up to half a week has the hazard of the next band.
    jumps = np.abs(np.diff(np.exp(weekly_log_hazards(_YEAR)[curve]))).max() / 2
    assert np.abs(share - expected) == pytest.approx(0, abs=4 * 0.5 / np.sqrt(4000) + jumps * expected.max())


@pytest.mark.parametrize(("row", "months"), [(0, 1), (2, 6), (3, 12)])
def test_simulated_ceasefires_survive_as_those_of_1989_to_2020_did(row: int, months: int):
    assert read("ceasefire_survival")["age_months"][row] == str(months)
    observed = numbers("ceasefire_survival", "in_force")[row]
    share = np.interp(months * derive.WEEKS_A_MONTH, np.arange(_YEAR + 1), in_force())
    error = np.sqrt(observed * (1 - observed) * (1 / 420 + 1 / 4000))
    assert share == pytest.approx(observed, abs=2 * error)


def test_ceasefires_like_those_of_the_donbas_do_not_last():
    assert in_force(1.0)[26] < 0.2 < 0.5 < in_force(0.0)[26]


def test_the_last_observed_hazard_is_carried_on():
    _, general, donbas = collapse_hazards()
    assert len(general) == len(donbas)
    assert (donbas[3:] == donbas[2]).all()
    assert np.isfinite(weekly_log_hazards(600)).all()


def test_the_model_does_not_need_what_derives_its_numbers():
    code = "import sys, sim; sim.CeasefireModel(sim.load('hardball')); print('sim.evidence.derive' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
