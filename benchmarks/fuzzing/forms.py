"""Hostile files of a fixed form: questions and observations, from the real ones and from their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from .pieces import DATES, NUMBERS, WORDS, Tree, soup, spoilt, written

#: Kind, content.
Case = tuple[str, bytes]


def case(random: Random, real: Sequence[bytes], tree: Callable[[Random], Tree]) -> Case:
    """Return one file."""
    way = random.random()
    if way < 0.4:
        return "a real file, spoilt", spoilt(random.choice(real), random)
    if way < 0.8:
        return "keys and values", written(tree(random), random)
    if way < 0.9:
        return "such a file, spoilt", spoilt(written(tree(random), random), random)
    if way < 0.95:
        encoding = random.choice(("utf-16", "utf-32", "latin-1", "utf-7"))
        return "encodings", random.choice(real).decode().encode(encoding, "replace")
    return "tokens of YAML in any order", soup(random)


def put(content: bytes) -> Path:
    """Write a case where it can be read."""
    path = Path("case.yaml")
    path.write_bytes(content)
    return path


def day(random: Random) -> Tree:
    """Return a date, mostly one that makes sense."""
    return random.choice((*DATES, *["2025-10-06"] * 60))


def one_of(random: Random, right: Sequence[str]) -> Tree:
    """Return something right, or now and then something wrong."""
    return random.choice((*WORDS, *NUMBERS) if random.random() < 0.05 else right)


def thinned(random: Random, tree: dict[str, Tree]) -> dict[str, Tree]:
    """Return a mapping as it is, or now and then with a key missing or misspelt."""
    if random.random() < 0.1:
        key = random.choice(list(tree))
        value = tree.pop(key)
        if random.random() < 0.5:
            tree[random.choice((key + "s", key.upper(), *WORDS))] = value
    return tree
