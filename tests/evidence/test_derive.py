"""The tables in sim/evidence say what they are, and figures are derived from them as documented."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from sim.evidence import FOLDER, collapse_hazards, derive, numbers, read
from sim.evidence.__main__ import main
from sim.world.truce import weekly_log_hazards

TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
CUT_OFF = "2025-05-19"


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
        if column not in ("date", "month", "oblast", "forecaster", "series"):
            known = np.isfinite(numbers(table, column)).mean()
            # Of a forecaster one of the two questions is known, sometimes both; elsewhere gaps are rare.
            assert known >= (0.3 if table == "forecasts" else 0.8)


def test_the_weeks_run_from_monday_to_monday_without_a_gap():
    days = np.array(read("oblast_areas_weekly")["date"], dtype="datetime64[D]")
    assert (days[0], days[-1]) == (np.datetime64("2024-01-01"), np.datetime64(CUT_OFF))
    assert (np.diff(days) == np.timedelta64(7, "D")).all()


# ----------------------------------------------------------------------------------------------------------------------
# From tables to parameters


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
        f"{100 * derive.us_share():.0f} % of the military aid",
        f"{100 * derive.us_share('2022-02'):.0f} %, the upper bound of the law",
        f"{derive.correlation(1):.2f}, but with the advance of four weeks before still {derive.correlation(4):.2f}, "
        f"and of eight {derive.correlation(8):.2f}",
        f"deviation of {derive.aid_lumpiness():.2f} of their mean",
        f"{100 * min(derive.base_rates().values()):.0f} to {100 * max(derive.base_rates().values()):.0f} %",
        ", ".join(
            f"{name} {100 * derive.forecasts_of_30_days()[name]:.1f} %" for name in ("RAND", "Glimt", "Metaculus")
        ),
        f"{numbers('claimed_losses_monthly', 'claimed_losses').sum():,.0f}",
        *(f"{area:,.0f}" for area in derive.effective_areas().values()),
        *(f"{ready:.0f} %" for ready in numbers("polls_on_land", "ready_pct")[[3, -1]]),
        *(f"{share:.2f}" for share in numbers("ceasefire_survival", "in_force")[[0, 2, 3]]),
    ):
        assert figure in text


def test_the_last_observed_hazard_is_carried_on():
    _, general, donbas = collapse_hazards()
    assert len(general) == len(donbas)
    assert (donbas[3:] == donbas[2]).all()
    assert np.isfinite(weekly_log_hazards(600)).all()


def test_the_model_does_not_need_what_derives_its_numbers():
    code = "import sys, sim; sim.CeasefireModel(sim.load('hardball')); print('sim.evidence.derive' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
