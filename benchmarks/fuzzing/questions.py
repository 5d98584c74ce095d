"""Hostile question files, read as ``truce score FILE`` reads them."""

from __future__ import annotations

from random import Random

from sim.inquiry.questions import FOLDER, load_question
from sim.inquiry.resolution import RULES

from . import forms
from .forms import Case, day, one_of, thinned
from .pieces import Tree

_REAL = [path.read_bytes() for path in sorted(FOLDER.glob("*.yaml"))]


def prepare() -> None:
    """Lay out nothing."""


def case(random: Random) -> Case:
    """Return one file."""
    return forms.case(random, _REAL, _tree)


def carry_out(given: Case) -> None:
    """Read it; what is accepted has to be of use, too."""
    question = load_question(forms.put(given[1]))
    assert question.by > question.as_of and all(0 <= forecast.probability <= 1 for forecast in question.forecasts)
    question.notes()


def _tree(random: Random) -> Tree:
    tree: dict[str, Tree] = {
        "title": one_of(random, ["Mine"]), "wording": one_of(random, ["Will it?"]), "rule": one_of(random, list(RULES)),
        "by": day(random), "as_of": one_of(random, ["2025-05-19", "2025-09-01"]),
    }  # fmt: skip
    tree |= {"territory_km2": one_of(random, ["500", "0.5"])} if random.random() < 0.3 else {}
    tree |= {"outcome": one_of(random, ["true", "false"])} if random.random() < 0.3 else {}
    tree |= {"forecasts": [_forecast(random) for _ in range(random.randrange(4))]} if random.random() < 0.5 else {}
    tree |= {"published": [_published(random)]} if random.random() < 0.3 else {}
    return thinned(random, tree)


def _forecast(random: Random) -> Tree:
    return thinned(random, {
        "source": one_of(random, ["A crowd"]), "date": one_of(random, ["2025-05-19"]),
        "probability": one_of(random, ["0.2", "1"]), "note": one_of(random, ["none"]),
    })  # fmt: skip


def _published(random: Random) -> Tree:
    names: Tree = [one_of(random, ["metaculus", "polymarket", "gjopen"])]
    return thinned(random, {
        "column": one_of(random, ["probability", "ceasefire_2025", "forecaster", "date"]), "forecasters": names,
        "times_not": one_of(random, ["probability"]),
    })  # fmt: skip
