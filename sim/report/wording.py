"""Words that several sections share: lists, numbers of things, names of scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sim.analysis.outcomes import ScenarioDates


def listed(words: Iterable[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def counted(number: int, what: str, several: str | None = None) -> str:
    """Return a number of things, in the singular or the plural.

    Examples
    --------
    >>> counted(1, "run"), counted(2000, "run"), counted(2, "has", "have")
    ('1 run', '2,000 runs', '2 have')
    """
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def titles(scenarios: Sequence[ScenarioDates]) -> dict[str, str]:
    """Return what each scenario is called, by its name: its title, with the name where two have the same title.

    Examples
    --------
    >>> import dataclasses, sim
    >>> hardball = sim.load("hardball")
    >>> titles([hardball, dataclasses.replace(hardball, name="mine")])
    {'hardball': 'Hardball (hardball)', 'mine': 'Hardball (mine)'}
    """
    times = Counter(scenario.title for scenario in scenarios)
    return {
        scenario.name: (scenario.title if times[scenario.title] == 1 else f"{scenario.title} ({scenario.name})".strip())
        if scenario.title else scenario.name
        for scenario in scenarios
    }  # fmt: skip


def quoted(title: str) -> str:
    """Return a title in quotation marks, for a sentence.

    Examples
    --------
    >>> quoted("Hardball")
    '“Hardball”'
    """
    return f"“{title}”"


def sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop.

    Examples
    --------
    >>> sentence("none of 20 runs")
    'None of 20 runs.'
    """
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
