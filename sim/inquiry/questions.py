"""Forecast questions: what is asked, how it resolves, what crowds said, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.evidence import numbers
from sim.evidence import read as read_table
from sim.inquiry import forms
from sim.inquiry.following import after_the_start
from sim.inquiry.forms import Entry, Form, ListOf, Record
from sim.inquiry.resolution import RULES
from sim.scenario.calendar import START

#: Folder of the questions that come with Truce.
FOLDER = Path(__file__).parents[1] / "questions"

#: Table of published forecasts, in `sim.evidence`.
TABLE = "forecasts"


class Forecast(NamedTuple):
    """What somebody said on a day: the chance that the answer is yes."""

    source: str
    day: date
    probability: float
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Question:
    """A question with a date and a rule by which it resolves.

    Attributes
    ----------
    name
        Stem of the file's name.
    title, wording
        For people.
    rule
        One of `sim.inquiry.resolution.RULES`.
    by
        The date that the rule looks at.
    as_of
        The day on which the question stands; no forecast is later.
    territory_km2
        For the rule ``territory_lost``: the land from which on the answer is yes.
    forecasts
        What others said, in the order of time.
    outcome
        The answer, if it is known.
    """

    name: str
    title: str
    wording: str
    rule: str
    by: date
    as_of: date
    territory_km2: float | None = None
    forecasts: tuple[Forecast, ...] = ()
    outcome: bool | None = None

    def notes(self) -> tuple[str, ...]:
        """Return what a reader has to know of this question, each as a sentence."""
        notes = []
        if self.outcome is not None:
            notes.append(
                f"{self.name} has its outcome: scores say how good forecasts were; whoever chooses scenarios or "
                "parameters by them has used what was not known on 2025-05-19."
            )
        if self.as_of > START:
            notes.append(
                f"{self.name} stands as of {self.as_of}, but the model knows nothing after {START}; `truce update` "
                "takes in what was observed since."
            )
        return tuple(notes)


_PROBABILITY = forms.number(0, 1, "probability")

_FORECAST = Form("a forecast", {
    "source": Entry(forms.text, required=True), "date": Entry(forms.day, required=True),
    "probability": Entry(_PROBABILITY, required=True), "note": Entry(forms.text, default=""),
    "url": Entry(forms.text, default=""),
})  # fmt: skip

_FROM_TABLE = Form("an entry of published forecasts", {
    "column": Entry(forms.text, required=True), "forecasters": Entry(forms.names, required=True),
    "times_not": Entry(forms.text), "note": Entry(forms.text, default=""), "url": Entry(forms.text, default=""),
})  # fmt: skip

_QUESTION = Form("a question", {
    "title": Entry(forms.text, required=True), "wording": Entry(forms.text, required=True),
    "rule": Entry(forms.one_of(RULES, "a rule"), required=True), "by": Entry(forms.day, required=True),
    "as_of": Entry(forms.day, required=True),
    "territory_km2": Entry(forms.number(0, 150_000, "km²", above=True)),
    "forecasts": Entry(ListOf(_FORECAST), default=()), "published": Entry(ListOf(_FROM_TABLE), default=()),
    "outcome": Entry(forms.flag),
})  # fmt: skip


def load_question(name_or_path: str | Path) -> Question:
    """Read a question.

    Parameters
    ----------
    name_or_path
        A path, if it has a suffix or a separator; otherwise the name of a question that comes with Truce.

    Raises
    ------
    ScenarioError
        If there is no such file, or it cannot be used. The message names file, line, key and remedy.

    Examples
    --------
    >>> load_question("ceasefire_in_2025").by
    datetime.date(2025, 12, 31)
    """
    path = forms.find_file(name_or_path, FOLDER, "question")
    record = forms.read_form(path, _QUESTION, "question")
    _check(record)
    published = [forecast for entry in record["published"] for forecast in _published(entry)]
    own = [_forecast(entry, record["as_of"]) for entry in record["forecasts"]]
    found = sorted([*own, *published], key=lambda forecast: forecast.day)
    values = {key: record[key] for key in ("title", "wording", "rule", "by", "as_of", "territory_km2", "outcome")}
    return Question(path.stem, forecasts=tuple(found), **values)


def list_questions() -> list[str]:
    """Return the names of the questions that come with Truce.

    Examples
    --------
    >>> "ceasefire_in_2025" in list_questions()
    True
    """
    return [file.stem for file in forms.packaged(FOLDER)]


def _check(record: Record) -> None:
    rule, threshold = record["rule"], RULES[record["rule"]].threshold
    if record["as_of"] < START:
        raise record.fault("as_of", f"{record['as_of']} is before the start of all runs, {START}, so no run can answer")
    if wrong := after_the_start(record["by"]):
        raise record.fault("by", wrong)
    if record["by"] <= record["as_of"]:
        raise record.fault("by", f"{record['by']} is not after `as_of`, {record['as_of']}; give a later day")
    if threshold and record[threshold] is None:
        raise record.fault("rule", f"the rule {rule} needs `{threshold}`; add it")
    if not threshold and record["territory_km2"] is not None:
        raise record.fault("territory_km2", f"the rule {rule} has no such threshold; remove the line")


def _forecast(record: Record, as_of: date) -> Forecast:
    if record["date"] > as_of:
        raise record.fault("date", f"{record['date']} is after `as_of`, {as_of}; this forecast knew more than is asked")
    return Forecast(record["source"], record["date"], record["probability"], record["note"], record["url"])


def _published(record: Record) -> list[Forecast]:
    """Return forecasts of the table in `sim.evidence`, whose numbers are not repeated in question files."""
    table = read_table(TABLE)
    columns = [name for name in table if name not in ("date", "forecaster")]
    for key in ("column", "times_not"):
        if record[key] is not None and record[key] not in columns:
            hint = nearest(record[key], columns) or f"; there are {', '.join(columns)}"
            raise record.fault(key, f"there is no column '{record[key]}' of published forecasts{hint}")
    for name in record["forecasters"]:
        if name not in table["forecaster"]:
            hint = nearest(name, table["forecaster"]) or f"; there are {', '.join(dict.fromkeys(table['forecaster']))}"
            raise record.fault("forecasters", f"no forecaster is called '{name}'{hint}")
    chances = numbers(TABLE, record["column"])
    if record["times_not"] is not None:
        chances = chances * (1 - numbers(TABLE, record["times_not"]))
    rows: Any = zip(table["date"], table["forecaster"], chances.tolist(), strict=True)
    found = [
        Forecast(source, date.fromisoformat(day), chance, record["note"], record["url"])
        for day, source, chance in rows
        if source in record["forecasters"] and np.isfinite(chance)
    ]
    if not found:
        raise record.fault("forecasters", "these forecasters have nothing in that column; take others")
    return found


__all__ = ["FOLDER", "Forecast", "Question", "ScenarioError", "list_questions", "load_question"]
