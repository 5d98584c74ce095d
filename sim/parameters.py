"""Every parameter of the model, once: name, meaning, unit, default, uncertainty, bounds, source, grade.

The scenario schema, the documentation and the actors read this table; nothing else holds a default.
C1 to C14 are the claims of the article of May 2025, listed in ``docs/evidence.md``. Nothing known
only after 2025-05-19 sets a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sim.distributions import Distribution, Lognormal, Normal, Triangular, Uniform

Grade = Literal["data", "article", "literature", "judgement"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model and where it comes from.

    Attributes
    ----------
    name
        Dotted path, the same in scenario files, Python, tables and documentation.
    default
        Central value, used when the scenario is silent and uncertainty is off.
    uncertainty
        Law from which each run draws its own value when uncertainty is on; ``None`` if it is fixed.
    low, high
        Bounds; a scenario outside them is refused.
    at_start
        True if the value matters at week 0 only, so that an event cannot change it.
    """

    name: str
    meaning: str
    unit: str
    default: float
    low: float
    high: float
    source: str
    grade: Grade
    uncertainty: Distribution | None = None
    at_start: bool = False

    @property
    def group(self) -> str:
        """The first part of the name: ``russia``, ``europe``, ``front``, ..."""
        return self.name.split(".", 1)[0]

    @property
    def key(self) -> str:
        """The name within its group: ``confidence``, ``poland.threat``, ..."""
        return self.name.split(".", 1)[1]


@dataclass(frozen=True, slots=True)
class State:
    """A European state of the default scenario: its label and its three numbers."""

    label: str
    threat: float
    aid_share: float
    guarantee_share: float


#: Shares of European aid and of a guarantee force as in the design of May 2025 (judgement, after the
#: Kiel Institute's Ukraine Support Tracker for aid).
STATES: dict[str, State] = {
    "united_kingdom": State("United Kingdom", 0.80, 0.16, 0.25),
    "france": State("France", 0.70, 0.10, 0.25),
    "germany": State("Germany", 0.65, 0.24, 0.15),
    "poland": State("Poland", 0.90, 0.08, 0.05),
    "italy": State("Italy", 0.40, 0.05, 0.05),
    "nordic_baltic": State("Nordic and Baltic states", 0.95, 0.30, 0.20),
    "hungary": State("Hungary", 0.05, 0.00, 0.00),
    "rest_of_eu": State("Rest of the EU", 0.50, 0.07, 0.05),
}

#: Area that the war is about in each claimed oblast, km² (borders and coasts never in play left out).
OBLAST_AREAS = {"luhansk": 26082.0, "donetsk": 26483.0, "zaporizhzhia": 27001.0, "kherson": 25939.0}
OBLASTS = tuple(OBLAST_AREAS)
ISSUES = ("territory", "sanctions", "security", "recognition")

_DEEPSTATE = "DeepStateMap daily areas, 2024-01-01 to 2025-05-19"
_SHARE = "share 0-1"


def _front() -> Iterable[Parameter]:
    left = {"luhansk": 190.1, "donetsk": 7891.5, "zaporizhzhia": 7254.7, "kherson": 7100.5}
    for oblast, area in left.items():
        yield Parameter(f"front.{oblast}_left", f"land in {oblast.title()} not held by Russia at the start", "km²",
                        area, 0, OBLAST_AREAS[oblast], "DeepStateMap, 2025-05-19, against the oblast's effective area", "data",
                        at_start=True)  # fmt: skip
    gained = {"luhansk": 0.0425, "donetsk": 0.9228, "zaporizhzhia": 0.0308, "kherson": 0.0039}
    for oblast, share in gained.items():
        yield Parameter(f"front.{oblast}_share", f"share of the advance that falls to {oblast.title()} while it lasts",
                        _SHARE, share, 0, 1, _DEEPSTATE, "data")  # fmt: skip
    yield Parameter("front.pace", "mean Russian advance in the four oblasts with forces as in May 2025", "km² a week",
                    51.9, 0, 1000, f"C6; {_DEEPSTATE}; law: standard error of the mean and the other "
                    "measurement (ISW, The Economist)", "data",
                    Normal(normal=(51.9, 22.1)))  # fmt: skip
    yield Parameter("front.pace_spread", "standard deviation of the weekly advance", "km² a week", 45.1, 0, 1000,
                    _DEEPSTATE, "data")  # fmt: skip
    yield Parameter("front.pace_lasting", "share of the variance of the advance that lasts beyond the week", _SHARE,
                    0.697, 0, 1, _DEEPSTATE, "data")  # fmt: skip
    yield Parameter("front.pace_persistence", "correlation of this lasting part with that of the week before", "correlation",
                    0.925, 0, 0.99, _DEEPSTATE, "data")  # fmt: skip
    yield Parameter("front.pace_skew_offset", "largest weekly loss that a pace of zero could turn into; sets how often "
                    "Ukraine gains (2.8 % of the weeks in the data)", "km² a week", 20.6, 1, 500, _DEEPSTATE, "data")  # fmt: skip
    yield Parameter("front.balance_exponent", "how strongly the pace follows the balance of forces", "exponent",
                    2.0, 0, 6, "Lanchester's square law as an upper guide", "judgement",
                    Uniform(uniform=(1.0, 3.0)))  # fmt: skip
    yield Parameter("front.breakthrough_hazard", "chance per week that a breakthrough begins, at the balance of May 2025",
                    "per week", 0.003, 0, 1, "C2, C6; none in the 72 weeks of slow advance before the article",
                    "judgement", Lognormal(lognormal=(0.003, 0.7)))  # fmt: skip
    yield Parameter("front.breakthrough_exponent", "how strongly breakthroughs follow the balance of forces", "exponent",
                    4.0, 0, 8, "threshold-like collapse of a defence", "judgement",
                    Uniform(uniform=(2.0, 6.0)))  # fmt: skip
    yield Parameter("front.breakthrough_multiplier", "pace during a breakthrough over the normal pace", "ratio",
                    12.0, 1, 1000, "March 2022 against 2024", "judgement", Lognormal(lognormal=(12.0, 0.4)))  # fmt: skip
    yield Parameter("front.breakthrough_duration", "mean length of a breakthrough", "weeks", 6.0, 1, 520,
                    "September to November 2022", "judgement", Lognormal(lognormal=(6.0, 0.3)))  # fmt: skip
    yield Parameter("front.new_axis_hazard", "chance per week that Russia opens an axis of attack in an oblast, at the "
                    "balance of May 2025", "per week", 0.005, 0, 1, "none in the 72 weeks before the article, in these "
                    "oblasts; one elsewhere (Kharkiv, May 2024)", "judgement", Uniform(uniform=(0.0, 0.01)))  # fmt: skip
    yield Parameter("front.new_axis_pace", "pace on a new axis over the whole pace of May 2025", "ratio", 0.25, 0, 10,
                    "less than the axis already chosen as the best", "judgement", Uniform(uniform=(0.1, 0.4)))  # fmt: skip
    yield Parameter("front.aid_dependence", "share of Ukraine's strength that rests on foreign aid", _SHARE, 0.6, 0, 0.9,
                    "C7; military allocations are of the order of Ukraine's own outlay on arms", "judgement",
                    Uniform(uniform=(0.45, 0.75)))  # fmt: skip
    yield Parameter("front.us_share", "American share of military aid", _SHARE, 0.38, 0, 1,
                    "Kiel Institute, military allocations since January 2024; law: later and earlier beginnings",
                    "data", Uniform(uniform=(0.28, 0.48)))  # fmt: skip
    yield Parameter("front.aid_lumpiness", "standard deviation of a month's aid over its mean", "ratio", 0.72, 0, 5,
                    "Kiel Institute, European military allocations since January 2024", "data")  # fmt: skip
    yield Parameter("front.aid_lag", "time in which stocks follow the flow of aid", "weeks", 12.0, 1, 104,
                    "from allocation to the front", "judgement")  # fmt: skip
    yield Parameter("front.sanctions_lag", "time in which strain on Russia follows sanctions", "weeks", 26.0, 1, 260,
                    "from sanctions to the budget", "judgement")  # fmt: skip
    yield Parameter("front.sanctions_attrition", "strength Russia would lose if strain rose by one", _SHARE, 0.10, 0, 0.9,
                    "C12", "judgement")  # fmt: skip
    yield Parameter("front.claimed_losses", "Russian losses as claimed by Ukraine's General Staff, January to April 2025",
                    "killed and wounded a week", 9474, 0, 100000, "General Staff claims; a party to the war", "data",
                    at_start=True)  # fmt: skip


def _beliefs(group: str, who: str, confidence: float, decides: float, rate: float, source: str, grade: Grade,
              confidence_law: Distribution | None, rate_law: Distribution | None = None) -> Iterable[Parameter]:  # fmt: skip
    yield Parameter(f"{group}.confidence", f"{who} belief at the start that Russia will control all four oblasts by "
                    "2025-12-31", "probability", confidence, 0, 0.99, source, grade, confidence_law, at_start=True)  # fmt: skip
    yield Parameter(f"{group}.prior_weight", f"{who} experience before the start, in weeks of war; the more, the slower "
                    "it learns", "weeks", 40.0, 1, 1000, "a season of fighting", "judgement",
                    Lognormal(lognormal=(40.0, 0.4)), at_start=True)  # fmt: skip
    yield Parameter(f"{group}.breakthrough_decides", f"{who} belief that one breakthrough gives everything", "probability",
                    decides, 0.01, 1, source, "judgement")  # fmt: skip
    yield Parameter(f"{group}.learning_rate", f"weight of a week seen in {who} beliefs; below one, bad news travels "
                    "slowly upward", "ratio", rate, 0, 1, "tempered Bayesian updating (Grünwald 2012)", "judgement",
                    rate_law)  # fmt: skip


def _optimism(group: str, who: str, optimism: float, source: str) -> Parameter:
    return Parameter(f"{group}.optimism", f"{who} expected normal pace at the start over the true one", "ratio", optimism,
                     0, 10, source, "judgement", at_start=True)  # fmt: skip


def _weights(group: str, who: str, values: tuple[float, float, float, float]) -> Iterable[Parameter]:
    for issue, value in zip(ISSUES, values, strict=True):
        yield Parameter(f"{group}.weight_{issue}", f"{who} weight of {issue} at the table; the four are scaled to sum "
                        "to one", "weight", value, 0, 1, "stated war aims of 2022-2025", "judgement",
                        Triangular(triangular=(0.6 * value, value, min(1.0, 1.4 * value))))  # fmt: skip


def _russia() -> Iterable[Parameter]:
    yield from _beliefs("russia", "Russia's", 0.75, 0.90, 0.5, "C1, C2", "article",
                        Triangular(triangular=(0.65, 0.75, 0.85)), Uniform(uniform=(0.25, 0.75)))  # fmt: skip
    yield _optimism("russia", "Russia's", 1.5, "C1, C2")
    yield from _weights("russia", "Russia's", (0.35, 0.15, 0.35, 0.15))
    for issue, value in zip(ISSUES, (1.0, 0.0, 0.8, 0.6), strict=True):
        yield Parameter(f"russia.victory_{issue}", f"what Russia expects to dictate on {issue} after full control",
                        "position 0-1", value, 0, 1, "C2; Istanbul terms of 2022", "judgement")  # fmt: skip
    yield Parameter("russia.war_cost", "cost of war to Russia without sanctions", "war aims a year", 0.07, 0, 2,
                    "C11: ready for a long war", "judgement", Uniform(uniform=(0.04, 0.10)))  # fmt: skip
    yield Parameter("russia.sanctions_cost", "cost of full sanctions to a fully sensitive Russia", "war aims a year",
                    0.12, 0, 2, "C12", "judgement")  # fmt: skip
    yield Parameter("russia.sanctions_sensitivity", "how much of the cost of sanctions the leadership minds", _SHARE,
                    0.225, 0, 1, "C12: unfazed by further sanctions", "article", Uniform(uniform=(0.15, 0.30)))  # fmt: skip
    yield Parameter("russia.horizon", "longest war Russia plans for", "weeks", 104.0, 4, 520, "C11", "judgement",
                    Uniform(uniform=(78.0, 130.0)))  # fmt: skip
    yield Parameter("russia.discount_rate", "Russia's discount rate", "per year", 0.03, 0, 1, "C11", "judgement")
    yield Parameter("russia.audience_cost", "what signing costs the leadership at home", "utility", 0.015, 0, 1,
                    "Fearon 1994; low in an autocracy, not nothing after stated war aims", "judgement")  # fmt: skip
    yield Parameter("russia.stall", "chance that Russia, when it does not accept, keeps the talks going instead of "
                    "refusing", "probability", 0.75, 0, 1, "C14", "article", Uniform(uniform=(0.6, 0.9)))  # fmt: skip
    yield Parameter("russia.gesture", "chance that a stall comes with a short truce", "probability", 0.5, 0, 1,
                    "C14; the Easter and Victory Day truces of 2025: two in ten weeks", "judgement")  # fmt: skip
    yield Parameter("russia.rearming", "strength Russia gains in a year of ceasefire", "strength a year", 0.06, 0, 1,
                    "commitment problem (Powell 2006)", "judgement", Uniform(uniform=(0.02, 0.10)))  # fmt: skip


def _ukraine() -> Iterable[Parameter]:
    yield from _beliefs("ukraine", "Ukraine's", 0.12, 0.60, 1.0, "C7", "judgement",
                        Triangular(triangular=(0.05, 0.12, 0.19)))  # fmt: skip
    yield _optimism("ukraine", "Ukraine's", 1.0, "C7")
    yield from _weights("ukraine", "Ukraine's", (0.40, 0.05, 0.40, 0.15))
    yield Parameter("ukraine.war_cost", "cost of war to Ukraine with full American aid", "war aims a year", 0.14, 0, 2,
                    "population and economy carried by the war", "judgement", Uniform(uniform=(0.09, 0.19)))  # fmt: skip
    yield Parameter("ukraine.aid_cost", "further cost of war if American aid ends", "war aims a year", 0.10, 0, 2,
                    "C7", "judgement")  # fmt: skip
    yield Parameter("ukraine.horizon", "length of war Ukraine reckons with", "weeks", 78.0, 4, 520,
                    "KIIS: 54 % would endure as long as necessary (2025-03)", "judgement")  # fmt: skip
    yield Parameter("ukraine.discount_rate", "Ukraine's discount rate", "per year", 0.05, 0, 1,
                    "public discount rates in wartime", "judgement")  # fmt: skip
    yield Parameter("ukraine.audience_cost", "what signing costs the government at home", "utility", 0.05, 0, 1,
                    "Fearon 1994; KIIS: half against any concession (2025-02)", "judgement")  # fmt: skip
    yield Parameter("ukraine.red_line", "largest share of the land left that Ukraine would hand over at the start",
                    _SHARE, 0.05, 0, 1, "KIIS: 39 % ready to give up some territory (2025-02)", "judgement",
                    Triangular(triangular=(0.0, 0.05, 0.10)))  # fmt: skip
    yield Parameter("ukraine.red_line_growth", "how fast weariness moves the red line, over that of the start",
                    "per year of war", 0.43, 0, 10, "KIIS: trend of those ready to give up some territory, 2023-05 to "
                    "2025-02", "data")  # fmt: skip
    yield Parameter("ukraine.red_line_pressure", "how far full American pressure moves the red line", _SHARE, 0.15, 0, 1,
                    "C7", "judgement", Uniform(uniform=(0.05, 0.25)))  # fmt: skip
    yield Parameter("ukraine.security_limit", "furthest position on security that Ukraine can sign", "position 0-1",
                    0.70, 0, 1, "Istanbul 2022", "judgement", Uniform(uniform=(0.6, 0.8)))  # fmt: skip
    yield Parameter("ukraine.rearming", "strength Ukraine gains in a year of ceasefire", "strength a year", 0.06, 0, 1,
                    "commitment problem (Powell 2006)", "judgement", Uniform(uniform=(0.02, 0.10)))  # fmt: skip


def _united_states() -> Iterable[Parameter]:
    us = "united_states"
    yield from _beliefs(us, "Washington's", 0.30, 0.75, 1.0, "C9", "judgement",
                        Triangular(triangular=(0.15, 0.30, 0.45)))  # fmt: skip
    yield Parameter(f"{us}.urgency", "how much Washington wants a signature soon, whatever its terms", _SHARE, 0.8, 0, 1,
                    "C5", "article", Uniform(uniform=(0.6, 1.0)))  # fmt: skip
    yield Parameter(f"{us}.review_interval", "time between two reviews of the American line", "weeks", 4.0, 1, 104, "C9",
                    "judgement")  # fmt: skip
    yield Parameter(f"{us}.press_russia_base", "score of pressing Russia, beside mediating at 0, with no blame", "logit",
                    -3.2, -10, 10, "C9", "judgement", Uniform(uniform=(-3.8, -2.6)))  # fmt: skip
    yield Parameter(f"{us}.press_ukraine_base", "score of pressing Ukraine with no blame and no lobbying", "logit",
                    -2.8, -10, 10, "C3, C7", "judgement", Uniform(uniform=(-3.4, -2.2)))  # fmt: skip
    yield Parameter(f"{us}.disengage_base", "score of moving on right after progress", "logit", -4.1, -10, 10, "C9",
                    "judgement", Uniform(uniform=(-4.7, -3.5)))  # fmt: skip
    yield Parameter(f"{us}.blame_weight", "effect of full blame on pressing that side, at full urgency", "logit", 3.0,
                    0, 20, "C9", "judgement")  # fmt: skip
    yield Parameter(f"{us}.lobbying_weight", "effect of full European lobbying against pressing Ukraine", "logit", 1.5,
                    0, 20, "C3", "judgement", Uniform(uniform=(0.8, 2.2)))  # fmt: skip
    yield Parameter(f"{us}.realism", "effect of its own belief in a Russian victory on pressing Ukraine", "logit", 1.0,
                    0, 20, "C5, C7", "judgement")  # fmt: skip
    yield Parameter(f"{us}.patience", "time without progress that adds one to the score of moving on, at full urgency",
                    "weeks", 12.0, 1, 520, "C9; threat to move on, 2025-04-18", "judgement",
                    Uniform(uniform=(8.0, 16.0)))  # fmt: skip
    yield Parameter(f"{us}.stall_credit", "time without progress that a Russian stall takes off the American clock",
                    "weeks", 2.0, 0, 52, "C14", "judgement")  # fmt: skip
    yield Parameter(f"{us}.russia_blame", "blame of Russia for the lack of peace at the start", _SHARE, 0.5, 0, 1,
                    "C9; 13 March 2025: yes in principle, with conditions", "judgement", at_start=True)  # fmt: skip
    yield Parameter(f"{us}.ukraine_blame", "blame of Ukraine for the lack of peace at the start", _SHARE, 0.4, 0, 1,
                    "C9; Ukraine accepted a 30-day ceasefire on 2025-03-11", "judgement", at_start=True)  # fmt: skip
    yield Parameter(f"{us}.blame_memory", "answers that the blame at the start is worth", "answers", 4.0, 0.1, 1000,
                    "C9", "judgement", at_start=True)  # fmt: skip
    yield Parameter(f"{us}.stall_blame", "blame for a stall over that for a refusal", "ratio", 0.35, 0, 1, "C14",
                    "judgement")  # fmt: skip
    yield Parameter(f"{us}.sanctions_start", "sanctions on Russia in May 2025, full sanctions on it and its buyers "
                    "being one", _SHARE, 0.5, 0, 1, "C12", "judgement", at_start=True)  # fmt: skip
    yield Parameter(f"{us}.sanctions_step", "step by which Washington raises sanctions", _SHARE, 0.2, 0, 1, "C9, C12",
                    "judgement")  # fmt: skip
    yield Parameter(f"{us}.aid_step", "step by which Washington cuts the flow of aid", _SHARE, 0.25, 0, 1,
                    "C7; the pause of March 2025", "judgement")  # fmt: skip
    yield Parameter(f"{us}.pressure_fade", "share of the pressure on either side that fades in a week", "per week", 0.02,
                    0, 1, "C9", "judgement")  # fmt: skip
    yield Parameter(f"{us}.exit_aid", "flow of American aid after moving on, that of May 2025 being one", _SHARE, 0.5,
                    0, 1, "Kiel Institute: no new allocation since January 2025", "judgement",
                    Uniform(uniform=(0.2, 0.8)))  # fmt: skip
    yield Parameter(f"{us}.re_engagement", "chance that a Washington of full urgency comes back at a review after moving "
                    "on", "probability", 0.125, 0, 1, "C5, C9", "judgement")  # fmt: skip
    yield Parameter(f"{us}.sanctions_relief", "relief of sanctions Washington would grant for a signature, mediated or not",
                    "position 0-1", 0.6, 0, 1, "C5, C13", "judgement")  # fmt: skip
    yield Parameter(f"{us}.guarantee_backing", "how far Washington backs a European guarantee force while engaged",
                    _SHARE, 0.3, 0, 1, "C3", "judgement")  # fmt: skip


def _europe() -> Iterable[Parameter]:
    yield Parameter("europe.backfill", "share of an American cut that a fully threatened state makes good", _SHARE, 0.6,
                    0, 2, "C3; European allocations of March and April 2025", "judgement",
                    Uniform(uniform=(0.3, 0.9)))  # fmt: skip
    yield Parameter("europe.headroom", "largest rise of a state's aid over that of May 2025", _SHARE, 0.5, 0, 5,
                    "Kiel Institute, best four months in a row over the mean month", "judgement")  # fmt: skip
    yield Parameter("europe.precision", "how sharply states answer to their interest", "per utility", 8.0, 0, 1000,
                    "quantal response (McKelvey and Palfrey 1995)", "judgement")  # fmt: skip
    yield Parameter("europe.lobbying_threshold", "alarm, weighed by threat, from which a state lobbies Washington",
                    _SHARE, 0.5, 0, 2, "C3", "judgement")  # fmt: skip
    yield Parameter("europe.blame_shield", "share of the blame of Ukraine that full lobbying takes away", _SHARE, 0.5,
                    0, 1, "C3", "judgement")  # fmt: skip
    yield Parameter("europe.pledge_threshold", "gain from which a state pledges troops to a guarantee", "utility", 1.25,
                    -1, 3, "coalition of the willing, March 2025: talked of, not yet pledged", "judgement",
                    Uniform(uniform=(1.05, 1.45)))  # fmt: skip
    yield Parameter("europe.pledge_coordination", "how much the pledges of the others count", "utility", 0.5, 0, 3,
                    "threshold games (Granovetter 1978)", "judgement")  # fmt: skip
    yield Parameter("europe.reconsideration", "chance per week that a state takes up its pledge anew", "per week", 0.125,
                    0, 1, "cabinets and summits", "judgement")  # fmt: skip
    yield Parameter("europe.sanctions_relief", "relief of sanctions the Europeans could grant together", "position 0-1",
                    0.2, 0, 1, "frozen assets, financial messaging", "judgement")  # fmt: skip
    yield Parameter("europe.relief_quorum", "share of the states that must agree before any sanctions are lifted", _SHARE,
                    0.5, 0, 1, "C3; lifting them at once takes every state, not prolonging them takes one (Treaty on "
                    "European Union, Article 31)", "judgement", Uniform(uniform=(0.25, 0.75)))  # fmt: skip
    yield Parameter("europe.veto_use", "chance that states that would lift sanctions veto a half-yearly renewal",
                    "probability", 0.05, 0, 1, "renewed every half year since 2015, at times after threats of a veto",
                    "judgement", Uniform(uniform=(0.0, 0.10)))  # fmt: skip
    yield Parameter("europe.relief_threshold", "threat, unguarded, above which a state holds on to its sanctions",
                    _SHARE, 0.35, 0, 2, "C3", "judgement")  # fmt: skip
    for key, state in STATES.items():
        yield from state_parameters(key, state)


def state_parameters(key: str, state: State) -> tuple[Parameter, Parameter, Parameter]:
    """Return the three parameters of one European state."""
    name, label = f"europe.{key}", state.label
    return (
        Parameter(f"{name}.threat", f"threat perceived by {label}", _SHARE, state.threat, 0, 1, "C3, C7", "judgement"),
        Parameter(f"{name}.aid_share", f"share of {label} in European aid in May 2025", _SHARE, state.aid_share, 0, 1,
                  "Kiel Institute Ukraine Support Tracker", "judgement"),
        Parameter(f"{name}.guarantee_share", f"share of {label} in a guarantee force", _SHARE, state.guarantee_share, 0,
                  1, "coalition of the willing, March 2025", "judgement"),
    )  # fmt: skip


def _table() -> Iterable[Parameter]:
    yield Parameter("table.round_engaged", "chance per week of a round while Washington is engaged", "per week", 0.25,
                    0, 1, "rounds of February to May 2025", "judgement")  # fmt: skip
    yield Parameter("table.round_disengaged", "chance per week of a round after Washington has moved on", "per week",
                    0.06, 0, 1, "rounds of 2023 and 2024", "judgement")  # fmt: skip
    yield Parameter("table.bargaining_power", "Russia's bargaining power", _SHARE, 0.55, 0.05, 0.95,
                    "C1: he has the upper hand", "article", Uniform(uniform=(0.5, 0.6)))  # fmt: skip
    yield Parameter("table.pressure_on_power", "how far full American pressure on one side moves bargaining power",
                    _SHARE, 0.25, 0, 1, "C7, C9", "judgement")  # fmt: skip
    yield Parameter("table.mediator_noise", "standard error with which the mediator sees what war is worth to a side",
                    "utility", 0.05, 0, 1, "private information (Fearon 1995)", "judgement")  # fmt: skip
    yield Parameter("table.precision", "how sharply the warring sides answer to their interest", "per utility", 60.0,
                    0, 100000, "quantal response (McKelvey and Palfrey 1995)", "judgement")  # fmt: skip
    yield Parameter("table.recognition_limit", "furthest recognition of the annexation that can be written down",
                    "position 0-1", 0.35, 0, 1, "C7", "judgement")  # fmt: skip


def _truce() -> Iterable[Parameter]:
    yield Parameter("truce.donbas_likeness", "how far collapse follows the Donbas ceasefires of 2014-2020 (1) and not "
                    "bilateral full ceasefires in general (0)", _SHARE, 0.3, 0, 1,
                    "two curves from ETH/PRIO ceasefires (Clayton et al. 2022); their mixture is ours", "judgement",
                    Uniform(uniform=(0.0, 0.6)))  # fmt: skip
    yield Parameter("truce.foresight", "how far ahead both sides reckon with collapse when they weigh a deal; at 0 they "
                    "expect it to hold", "weeks", 104.0, 0, 1040, "both expect the hazard they face (Powell 2006)",
                    "judgement", Uniform(uniform=(52.0, 156.0)))  # fmt: skip
    yield Parameter("truce.dissatisfaction_effect", "effect on the hazard of collapse of what the sides would gain by war",
                    "log hazard per utility", 4.0, 0, 50, "Werner 1999", "judgement",
                    Uniform(uniform=(2.0, 6.0)))  # fmt: skip
    yield Parameter("truce.guarantee_effect", "effect on the hazard of collapse of a full guarantee", "log hazard", 1.0,
                    0, 10, "Fortna 2004: peacekeeping and demilitarised zones", "literature",
                    Uniform(uniform=(0.4, 1.6)))  # fmt: skip


#: Every parameter of the default scenario, by dotted name, in reading order.
PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for table in (_front(), _russia(), _ukraine(), _united_states(), _europe(), _table(), _truce())
    for parameter in table
}

assert all(p.low <= p.default <= p.high and math.isfinite(p.default) for p in PARAMETERS.values())
