from __future__ import annotations

import pickle
from importlib import import_module
from xml.etree import ElementTree

import pytest

import sim
from sim.analysis.blocking import who_blocks
from sim.app.drawn import FIGURES, draw
from sim.app.explorer import explore, traced
from sim.app.state import State
from sim.app.words import COLUMNS
from sim.errors import UsageError
from sim.plots import streams
from sim.scenario import list_scenarios

SHORT = State(runs=40, deadline="2025-08-01", horizon="2025-10-06")


@pytest.fixture(scope="module")
def changed():
    return explore(SHORT.changed("russia.confidence", 0.3), list(FIGURES))


@pytest.fixture(scope="module")
def unchanged():
    return explore(SHORT.with_(runs=3))


def test_the_headline_tells_chance_and_change_with_their_intervals(changed):
    row = changed.comparison.differences("ceasefire_by_deadline").iloc[0]
    told = changed.headline
    assert told.share == row["value"] == changed.comparison.summary["ceasefire_by_deadline"].iloc[-1]
    assert (told.difference, told.difference_low, told.difference_high) == (row["difference"], row["low"], row["high"])
    chance, change, sure = told.sentences
    assert f"{100 * told.share:.0f} %" in chance
    assert "1 August 2025" in chance
    assert f"{100 * told.difference:.1f} percentage points more" in change
    assert "same luck" in change
    assert "40 runs with seed 1" in sure
    assert "not forecasts" in sure


def test_what_cannot_be_told_apart_is_called_that():
    told = explore(SHORT.changed("russia.gesture", 0.4).changed("table.mediator_noise", 0.06)).headline
    assert not told.distinguishable
    assert told.difference_low <= 0 <= told.difference_high
    assert "cannot be told apart" in told.sentences[1] or "No run differs" in told.sentences[1]


def test_fewer_than_the_baseline_is_said_with_the_right_sign():
    told = explore(
        SHORT.with_(scenario="sober_kremlin", baseline="unchanged").with_(
            changes={"russia.confidence": 0.9, "russia.breakthrough_decides": 0.99}
        )
    )
    assert told.headline.difference < 0
    assert "percentage points fewer" in told.headline.sentences[1]


def test_the_baseline_itself_is_compared_with_nothing(unchanged):
    assert "is the baseline itself" in unchanged.headline.sentences[1]
    assert unchanged.numbers["baseline"].tolist() == [""] * len(unchanged.numbers)
    assert len(unchanged.blockers) == 1


def test_a_change_that_means_nothing_is_called_that():
    told = explore(SHORT.with_(runs=2).changed("russia.optimism", 1.5)).headline
    assert "means the same as the baseline" in told.sentences[1]


def test_a_single_run_is_told_but_not_compared():
    result = explore(SHORT.with_(runs=1).changed("russia.confidence", 0.3))
    assert "two runs at least" in result.headline.sentences[1]
    assert result.numbers["change"].tolist() == [""] * len(result.numbers)
    assert "differences" not in result.tables()


def test_the_numbers_are_text_of_the_summary_and_the_differences(changed):
    assert list(changed.numbers) == list(COLUMNS)
    first = changed.numbers.iloc[0]
    assert first["scenario"].startswith(f"{100 * changed.headline.share:.1f} (")
    assert first["change"].startswith(f"+{100 * changed.headline.difference:.1f} (")
    assert "1 Aug 2025" in first["quantity"]


def test_who_blocks_is_said_of_the_scenario_first_then_of_the_baseline(changed):
    assert [sentence.split(":")[0] for sentence in changed.blockers] == ["“Hardball, changed”", "“Hardball”"]
    table = who_blocks(changed.comparison, changed.comparison.scenarios).set_index(["scenario", "quantity"])["value"]
    assert f"in {100 * table['hardball', 'no_zone']:.0f} % of the weeks of war" in changed.blockers[1]
    assert f"Russia’s by {table['hardball', 'gap_russia']:.3f}" in changed.blockers[1]


def test_the_history_told_is_the_run_of_that_number(changed):
    again = changed.comparison.replay("hardball_changed", run=0)
    assert again.weeks == changed.history.weeks
    assert len(changed.bargaining) == len(changed.history.weeks) == changed.scenario.horizon_week


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_a_picture_that_names_itself_in_words(changed, name):
    svg = changed.drawn(name)
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert b"Verdana" in svg  # letters stay letters on a screen
    assert FIGURES[name].title in changed.described(name)
    assert FIGURES[name].explained in changed.described(name)
    assert len(changed.described(name)) > len(FIGURES[name].title) + len(FIGURES[name].explained) + 20


def test_figures_are_described_by_what_they_show(changed):
    assert changed.blockers[0] in changed.described("zone")
    assert changed.headline.sentences[0] in changed.described("incidence")
    assert f"of {int(changed.bargaining['held'].sum())} round" in changed.described("bargaining")
    assert changed.numbers["scenario"].iloc[8] in changed.described("territory")
    assert changed.numbers["quantity"].iloc[8] == "land lost in war by 6 Oct 2025"


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_drawn_of_the_baseline_alone_and_of_few_runs(unchanged, name):
    assert ElementTree.fromstring(unchanged.figure(name)).tag.endswith("svg")


def test_a_figure_to_keep_has_its_letters_drawn_out_and_other_forms(changed):
    assert b"Verdana" not in changed.figure("territory", to_keep=True)
    assert changed.figure("territory", "png", to_keep=True).startswith(b"\x89PNG")
    assert changed.figure("territory", "pdf", to_keep=True).startswith(b"%PDF")


def test_a_figure_is_drawn_once(changed, monkeypatch):
    drawn = changed.figure("incidence")
    monkeypatch.setattr("sim.app.result.draw", lambda *_, **__: pytest.fail("drawn again"))
    assert changed.figure("incidence") is drawn


def test_a_figure_that_has_nothing_to_show_says_why(unchanged, monkeypatch):
    def nothing(_):
        raise UsageError("no run has any")

    monkeypatch.setitem(FIGURES, "incidence", FIGURES["incidence"]._replace(drawn=nothing))
    assert b"no run has any" in draw(unchanged, "incidence")


def test_what_figures_need_is_followed_while_the_runs_are_made(changed):
    assert set(traced(["zone"])) == set(streams.variables_of(streams.TALKS))
    assert set(traced(["washington"])) == set(streams.variables_of(streams.WASHINGTON))
    assert set(traced(["front"])) == set(import_module("sim.plots.front").VARIABLES)
    assert set(traced(["confidence"])) == set(import_module("sim.plots.confidence").VARIABLES)
    needed = {name for figure in FIGURES for name in traced([figure])}
    assert set(changed.comparison.traces["variable"]) == needed


def test_figures_of_runs_that_were_followed_are_those_of_runs_that_were_not(changed):
    later = explore(changed.state)
    assert later.traces == ()
    assert later.figure("zone") == changed.drawn("zone")


def test_tables_are_those_of_the_library_as_files(changed):
    assert changed.csv("differences").startswith("scenario,baseline,outcome,")
    assert changed.csv("outcomes").count("\n") == 81
    assert set(changed.tables()) == {"summary", "who_blocks", "differences", "bargaining", "outcomes"}
    with pytest.raises(UsageError, match="did you mean 'summary'"):
        changed.csv("sumary")


def test_a_result_survives_the_way_to_another_process(changed):
    again = pickle.loads(pickle.dumps(changed))
    assert again.headline == changed.headline
    assert again.comparison.outcomes.equals(changed.comparison.outcomes)


@pytest.mark.slow
def test_every_scenario_that_comes_with_truce_can_be_explored():
    for listing in list_scenarios():
        result = explore(State(scenario=listing.name, runs=4))
        assert result.comparison.scenarios[-1].digest() == sim.load(listing.name).digest()
        assert result.headline.share >= 0
