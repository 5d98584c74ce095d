"""The model beside crowds and base rates: the chance that a scenario, or a mixture of scenarios, gives a question.

The interval of such a chance is about the number of runs, not about the truth of the model. Once an outcome is known,
forecasts are scored: by Brier's score (the squared error) and by the logarithmic score, each 0 at best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.analysis.weighted import Estimate, mixture_share
from sim.arrays import FloatArray
from sim.errors import UsageError, whole_number
from sim.experiment.batch import CHUNK
from sim.experiment.experiment import DEFAULT_BASELINE, MOST_RUNS
from sim.inquiry.following import follow, long_enough
from sim.inquiry.questions import Question, list_questions, load_question
from sim.inquiry.references import base_rates
from sim.inquiry.resolution import RULES, answers
from sim.scenario import Scenario, load
from sim.scenario.calendar import START

__all__ = ["COLUMNS", "MEAN_COLUMNS", "Question", "list_questions", "load_question", "mean_scores", "score"]

#: Runs of each scenario, unless asked otherwise.
RUNS = 4000

#: A chance below this counts as this in the logarithmic score, and one above 1 minus this likewise: no forecast can
#: then lose more than 6.9, and one of 0 or 1 that failed does not lose without limit.
FLOOR = 0.001

#: Name of the forecaster that several scenarios make together.
MIXTURE = "mixture"

#: Kinds of forecasters, in the order of the table.
KINDS = ("model", "scenario", "crowd", "base rate")

_CHANCE = "probability"

#: The table of forecasts, column by column, in its order; one row per question and forecast.
COLUMNS: dict[str, Column] = {
    "question": Column("name", "name of the question"),
    "title": Column("text", "its title"),
    "rule": Column("category", "how it resolves, one of sim.inquiry.resolution.RULES"),
    "by": Column("ISO date", "the date that the rule looks at"),
    "as_of": Column("ISO date", "the day on which the question stands"),
    "forecaster": Column("name", "scenario, mixture, crowd, or cases of the past"),
    "kind": Column("category", "model: what was asked for; scenario: a part of a mixture by itself; crowd; base rate"),
    "date": Column("ISO date", "day of the forecast; of the model, the last day of which it knows anything"),
    "probability": Column(_CHANCE, "the chance that the answer is yes"),
    "low": Column(_CHANCE, "lower bound of the 95 % interval that a finite number of runs leaves; NaN for others"),
    "high": Column(_CHANCE, "upper bound of that interval; NaN for others"),
    "runs": Column("count", "runs that the question asks about, of all scenarios together; NaN for others"),
    "weight": Column("share 0-1", "share of the scenario in the mixture; 1 for the model, NaN for others"),
    "outcome": Column("true or false", "the answer; missing if it is not known"),
    "brier": Column("squared probability", "(probability - outcome)², 0 best, 1 worst; NaN without an outcome"),
    "brier_low": Column("squared probability", "the least that it can be within the interval of the chance"),
    "brier_high": Column("squared probability", "the most that it can be within the interval of the chance"),
    "log_score": Column(
        "nats", "-log of the chance given to what happened, no less than the floor; 0 best; NaN without an outcome"
    ),
    "log_score_low": Column("nats", "the least that it can be within the interval of the chance"),
    "log_score_high": Column("nats", "the most that it can be within the interval of the chance"),
    "note": Column("text", "what has to be known of the forecast"),
    "url": Column("address", "where it was published"),
}

#: The table of mean scores, column by column.
MEAN_COLUMNS: dict[str, Column] = {
    "forecaster": Column("name", "as in the table of forecasts"),
    "kind": Column("category", "as in the table of forecasts"),
    "questions": Column("count", "questions with an outcome of which it has a forecast; its latest counts"),
    "brier": Column("squared probability", "its mean Brier score over them"),
    "log_score": Column("nats", "its mean logarithmic score over them"),
    "model_brier": Column("squared probability", "that of the model over the same questions"),
    "model_log_score": Column("nats", "that of the model over the same questions"),
}


def score(
    questions: Iterable[Question | str | Path] | Question | str | Path,
    scenario: Scenario | str | Path | None = None,
    *,
    mixture: Mapping[str, float] | Sequence[tuple[Scenario | str | Path, float]] | None = None,
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    extend: bool = False,
    floor: float = FLOOR,
    chunk: int = CHUNK,
) -> pd.DataFrame:
    """Set the chances that the model gives to questions beside those of crowds and base rates, and score them.

    Parameters
    ----------
    questions
        Questions, their names or their files.
    scenario
        The scenario that answers; by default ``hardball``.
    mixture
        In its place, several scenarios with the probability of each, sum 1. All meet the same luck, run by run.
    runs
        Runs of each scenario.
    seed
        Seed of all random numbers.
    extend
        Where a question looks farther than a scenario goes, let the scenario go on. No week before changes.
    floor
        Chance that the logarithmic score credits a forecast with at least, above 0 and at most 0.5.
    chunk
        Most runs that advance together.

    Returns
    -------
    DataFrame
        One row per question and forecast; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    ScenarioError
        A file cannot be used.
    UsageError
        A scenario ends before a question is decided, no run is one that a question asks about, the probabilities of a
        mixture do not add up, or a number is out of range.

    Notes
    -----
    G. W. Brier (1950), *Verification of forecasts expressed in terms of probability*, Monthly Weather Review 78;
    I. J. Good (1952), *Rational decisions*, Journal of the Royal Statistical Society B 14, for the logarithmic score.

    Examples
    --------
    >>> table = score("ceasefire_in_2025", "hardball", runs=20)
    >>> table["kind"].value_counts()["crowd"], int(table["runs"].max())
    (np.int64(6), 20)
    """
    asked = _asked(questions)
    parts = _parts(scenario, mixture)
    count = whole_number("runs", runs, lowest=2, highest=MOST_RUNS)
    start = whole_number("seed", seed, lowest=0)
    if not 0 < floor <= 0.5:
        raise UsageError(f"the floor must be above 0 and at most 0.5, not {floor!r}")
    readings = [RULES[question.rule].reading(question.name, question.by) for question in asked]
    long = []
    for part, _ in parts:
        for question, reading in zip(asked, readings, strict=True):
            part = long_enough(
                part, reading.last_step(), f"question '{question.name}' (by {question.by})", extend=extend,
                offer="give --extend (in Python extend=True) to let it go on, or set a later horizon in its file",
            )  # fmt: skip
        long.append(part)
    read = [_read(part, count, start, readings, chunk) for part in long]
    shares = np.array([share for _, share in parts])
    names = [part.name for part, _ in parts]
    records = []
    for question in asked:
        values = np.stack([values[question.name] for values in read])
        records += _of_model(question, values, names, shares)
        records += [
            _record(question, forecast.source, "crowd", forecast.day, forecast.probability, note=forecast.note,
                    url=forecast.url)
            for forecast in question.forecasts
        ]  # fmt: skip
        records += [
            _record(question, rate.source, "base rate", rate.day, rate.probability, note=rate.note)
            for rate in base_rates(question)
        ]
    table = pd.DataFrame(records)
    table["outcome"] = table["outcome"].astype("boolean")
    return _scored(table, floor)[list(COLUMNS)]


def mean_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of every forecaster over the questions that have an outcome.

    Forecasters answer different questions, some easier than others, so the model's means over the same questions stand
    beside each. Of several forecasts of one forecaster the latest counts.

    Parameters
    ----------
    table
        From `score`.

    Returns
    -------
    DataFrame
        One row per forecaster, in the order of the table; `MEAN_COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If no question has an outcome.
    """
    known = table[table["outcome"].notna()]
    if known.empty:
        raise UsageError("no question has an outcome, so there is nothing to score; add `outcome: true` or `false`")
    scores = ["brier", "log_score"]
    latest = known.sort_values("date", kind="stable").groupby(["kind", "forecaster", "question"], sort=False).tail(1)
    model = latest[latest["kind"] == "model"].set_index("question")[scores].add_prefix("model_")
    beside = latest.join(model, on="question")
    grouped = beside.groupby(["kind", "forecaster"], sort=False)
    means = grouped[[*scores, *model.columns]].mean().join(grouped.size().rename("questions")).reset_index()
    place = means["kind"].map({kind: k for k, kind in enumerate(KINDS)})
    return means.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)[list(MEAN_COLUMNS)]


def read_mixture(text: str) -> list[tuple[str, float]]:
    """Return the scenarios of a mixture with their probabilities, from ``hardball=0.6,swift_deal=0.4``.

    Examples
    --------
    >>> read_mixture("hardball=0.6,swift_deal=0.4")
    [('hardball', 0.6), ('swift_deal', 0.4)]
    """
    found = []
    for part in text.split(","):
        name, sign, share = (word.strip() for word in part.partition("="))
        try:
            number = float(share)
        except ValueError:
            number = float("nan")
        if not (name and sign) or not np.isfinite(number):
            raise UsageError(f"'{part.strip()}' is no part of a mixture; write NAME=probability, such as hardball=0.6")
        found.append((name, number))
    return found


def _asked(questions: Iterable[Question | str | Path] | Question | str | Path) -> list[Question]:
    given = [questions] if isinstance(questions, Question | str | Path) else list(questions)
    if not given:
        raise UsageError(f"no question was given; name at least one, such as {list_questions()[0]}")
    asked = [item if isinstance(item, Question) else load_question(item) for item in given]
    names = [question.name for question in asked]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two questions are named '{name}'; give it once, or rename one of the files")
    return asked


def _parts(
    scenario: Scenario | str | Path | None,
    mixture: Mapping[str, float] | Sequence[tuple[Scenario | str | Path, float]] | None,
) -> list[tuple[Scenario, float]]:
    """Return the scenarios that answer, each with its probability."""
    if scenario is not None and mixture is not None:
        raise UsageError("a scenario and a mixture exclude each other; give one of them")
    if mixture is None:
        chosen = DEFAULT_BASELINE if scenario is None else scenario
        return [(chosen if isinstance(chosen, Scenario) else load(chosen), 1.0)]
    items = list(mixture.items()) if isinstance(mixture, Mapping) else list(mixture)
    parts = [(item if isinstance(item, Scenario) else load(item), float(share)) for item, share in items]
    names = [part.name for part, _ in parts]
    for part, share in parts:
        if names.count(part.name) > 1:
            raise UsageError(f"scenario '{part.name}' is in the mixture twice; add up its probabilities")
        if not 0 < share <= 1:
            raise UsageError(
                f"the probability of '{part.name}' in the mixture must be above 0 and at most 1, not {share:g}"
            )
    total = sum(share for _, share in parts)
    if not abs(total - 1) < 1e-6:
        raise UsageError(f"the probabilities of the mixture must add up to 1, not to {total:g}")
    return [(part, share / total) for part, share in parts]


def _read(scenario: Scenario, runs: int, seed: int, readings: Sequence[Any], chunk: int) -> dict[str, FloatArray]:
    """Return what the readings give for all runs of a scenario, each of shape (runs,)."""
    blocks = [values for _, values in follow(scenario, range(runs), seed, readings, chunk=chunk)]
    return {reading.name: np.concatenate([block[reading.name] for block in blocks]) for reading in readings}


def _of_model(
    question: Question, values: FloatArray, names: Sequence[str], shares: FloatArray
) -> list[dict[str, object]]:
    """Return the forecasts of the model: of the scenario, or of the mixture and of its parts."""
    yes, among = answers(question, values)
    several = len(names) > 1
    try:
        whole, _ = mixture_share(yes, among, shares)
    except UsageError:
        raise UsageError(
            f"question '{question.name}' asks about runs with a signature by {question.by}, and of {yes.shape[1]:,} "
            "runs none has one; take more runs"
        ) from None
    made_of = " + ".join(f"{share:g} {name}" for name, share in zip(names, shares, strict=True)) if several else ""
    counted, forecaster = int(among.sum()), MIXTURE if several else names[0]
    records = [_record(question, forecaster, "model", START, *whole, runs=counted, weight=1.0, note=made_of)]
    for place, name in enumerate(names if several else ()):
        counted = int(among[place].sum())
        part, note = Estimate(np.nan, np.nan, np.nan), "no run is one that the question asks about"
        if counted:
            part, note = mixture_share(yes[[place]], among[[place]], np.ones(1))[0], ""
        records.append(
            _record(question, name, "scenario", START, *part, runs=counted, weight=float(shares[place]), note=note)
        )
    return records


def _record(
    question: Question, forecaster: str, kind: str, day: object, probability: float, low: float = np.nan,
    high: float = np.nan, *, runs: float = np.nan, weight: float = np.nan, note: str = "", url: str = "",
) -> dict[str, object]:  # fmt: skip
    return {
        "question": question.name, "title": question.title, "rule": question.rule, "by": question.by.isoformat(),
        "as_of": question.as_of.isoformat(), "forecaster": forecaster, "kind": kind, "date": str(day),
        "probability": probability, "low": low, "high": high, "runs": runs, "weight": weight,
        "outcome": question.outcome, "note": note, "url": url,
    }  # fmt: skip


def _scored(table: pd.DataFrame, floor: float) -> pd.DataFrame:
    """Add the scores; each falls as the chance of what happened rises, so bounds of that are bounds of the score."""
    happened = table["outcome"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    for name, ends in (("brier", ("low", "high")), ("log_score", ("low", "high"))):
        at = {end: _points(name, table[end].to_numpy(), happened, floor) for end in ("probability", *ends)}
        table[name] = at["probability"]
        table[f"{name}_low"] = np.minimum(at["low"], at["high"])
        table[f"{name}_high"] = np.maximum(at["low"], at["high"])
    return table


def _points(name: str, chance: FloatArray, happened: FloatArray, floor: float) -> FloatArray:
    if name == "brier":
        return np.asarray((chance - happened) ** 2, dtype=np.float64)
    given = np.where(happened == 1, chance, 1 - chance)
    return np.where(np.isnan(happened), np.nan, -np.log(np.clip(given, floor, 1.0)))
