"""Hostile files of observations, read and held against runs as ``truce update`` does."""

from __future__ import annotations

from random import Random

import numpy as np

from sim.inquiry.observations import COUNTS, EVENTS, FOLDER, load_observations, log_likelihood
from sim.parameters import OBLASTS

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
    found = load_observations(forms.put(given[1]))
    values = np.array([0.0, 1.0, 20_000.0])
    weights = log_likelihood(found, {observation.name: values for observation in found}, len(values))
    assert not np.isnan(weights).any() and (weights < np.inf).all()
    assert all(0 <= observation.chance(values) <= 1 + 1e-9 for observation in found)


def _tree(random: Random) -> Tree:
    tree: dict[str, Tree] = {"title": one_of(random, ["Mine"])}
    tree |= {"misreporting": one_of(random, ["0.05", "0", "0.49"])} if random.random() < 0.3 else {}
    for key, made in (("front", _front), ("events", _event), ("counts", _count)):
        tree |= {key: [made(random) for _ in range(random.randrange(4))]} if random.random() < 0.6 else {}
    return thinned(random, tree)


def _front(random: Random) -> Tree:
    return thinned(random, {
        "date": day(random), "area": one_of(random, ["total", *OBLASTS]), "lost_km2": one_of(random, ["1200", "-50"]),
        "sd_km2": one_of(random, ["300", "5e-324", "50000"]),
    })  # fmt: skip


def _event(random: Random) -> Tree:
    return thinned(random, {
        "event": one_of(random, list(EVENTS)), "date": day(random), "observed": one_of(random, ["true", "false"]),
        "misreporting": one_of(random, ["0", "0.1"]),
    })  # fmt: skip


def _count(random: Random) -> Tree:
    return thinned(random, {
        "count": one_of(random, list(COUNTS)), "date": day(random), "number": one_of(random, ["0", "3", "1000"]),
        "sd": one_of(random, ["1", "5e-324", "0.1"]),
    })  # fmt: skip
