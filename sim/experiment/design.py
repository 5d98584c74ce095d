"""Designs: tables of parameter values, a row for each point at which a scenario is run."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, SupportsIndex, TextIO, get_args

import numpy as np

from sim.arrays import FloatArray
from sim.distributions import Distribution, Uniform
from sim.draws import Draws
from sim.errors import ScenarioError, UsageError, nearest, whole_number
from sim.experiment.files import reason
from sim.ordinary_files import open_ordinary
from sim.parameters import ISSUES, OBLASTS
from sim.scenario import messages

if TYPE_CHECKING:
    import pandas as pd

    from sim.parameters import Parameter
    from sim.scenario import Scenario

Method = Literal["sobol", "lhs", "random"]

#: What a parameter may take: some values (a grid has every combination), a law, or its own law (None).
Variation = Sequence[float] | Distribution | None

#: More points than this are a mistake in a grid rather than a wish.
MOST_POINTS = 1_000_000

#: Longest line of a table of points, in characters.
MOST_CHARACTERS = 100_000

_EDGE = 2.0**-53  # keeps quantiles finite
_LONGEST_NAME = 100  # that is shown whole
_DIGITS = 12  # of the values of a grid: 0.3 and not 0.30000000000000004


@dataclass(frozen=True, eq=False)
class Design:
    """Values of some parameters at every point.

    Attributes
    ----------
    names
        Dotted names of the parameters.
    values
        In their units, shape (points, names).
    """

    names: tuple[str, ...]
    values: FloatArray

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.values)

    def part(self, points: range) -> dict[str, FloatArray]:
        """Return the values of some consecutive points by name, each of shape (points,)."""
        rows = self.values[points.start : points.stop]
        return {name: rows[:, k] for k, name in enumerate(self.names)}

    def frame(self) -> pd.DataFrame:
        """Return the design as a table with a column ``point`` and one for each name."""
        import pandas as pd

        table = pd.DataFrame(self.values, columns=list(self.names))
        table.insert(0, "point", np.arange(len(self)))
        return table

    def to_csv(self) -> str:
        """Return the design as CSV from which `read_design` gets the same numbers back."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["point", *self.names])
        writer.writerows([point, *map(repr, row)] for point, row in enumerate(self.values.tolist()))
        return text.getvalue()

    def digest(self) -> str:
        """Return the SHA-256 of names and values, as hexadecimal digits."""
        return hashlib.sha256(self.to_csv().encode()).hexdigest()


def grid(levels: Mapping[str, Sequence[float]]) -> Design:
    """Return every combination of the levels of some parameters; the last one changes fastest."""
    points = math.prod(len(values) for values in levels.values())
    _check_count(points)
    axes = np.meshgrid(*(np.asarray(values, dtype=np.float64) for values in levels.values()), indexing="ij")
    return Design(tuple(levels), np.column_stack([axis.ravel() for axis in axes]))


def sample(
    laws: Mapping[str, tuple[Distribution, Parameter]], points: int, method: Method = "sobol", seed: int = 1
) -> Design:
    """Return points drawn from laws, each truncated at the bounds of its parameter.

    Parameters
    ----------
    laws
        Law and parameter by dotted name.
    points
        Number of points. The balance of a Sobol sequence needs a power of two.
    method
        "sobol" (scrambled Sobol sequence), "lhs" (Latin hypercube) or "random".
    seed
        Seed; the points are drawn from streams of their own, so runs of the same seed keep their luck.

    Notes
    -----
    The sequences are those of `scipy.stats.qmc`, driven by the same generator as all other draws.
    """
    _check_count(points)
    if method == "random":
        draws = Draws(seed, points)
        uniform = np.column_stack([draws.uniform(f"design: {name}") for name in laws])
    else:
        from scipy.stats import qmc

        source = np.random.default_rng(int(Draws(seed, 1).uniform(f"design: {method}")[0] * 2**53))
        if method == "sobol":
            # The first points of a balanced set: asked for another number, SciPy warns.
            uniform = qmc.Sobol(d=len(laws), rng=source).random_base2((points - 1).bit_length())[:points]
        else:
            uniform = qmc.LatinHypercube(d=len(laws), rng=source).random(points)
    return through_laws(laws, uniform)


def through_laws(laws: Mapping[str, tuple[Distribution, Parameter]], uniform: FloatArray) -> Design:
    """Return the design whose points lie at given quantiles of laws, each truncated at the bounds of its parameter.

    Parameters
    ----------
    laws
        Law and parameter by dotted name.
    uniform
        Quantiles, 0-1, shape (points, laws).
    """
    uniform = np.clip(uniform, _EDGE, 1 - _EDGE)
    columns = [law.quantile(uniform[:, k], to.low, to.high) for k, (law, to) in enumerate(laws.values())]
    return Design(tuple(laws), np.column_stack(columns))


def make_design(
    scenario: Scenario,
    vary: Mapping[str, Variation] | Iterable[str] = (),
    *,
    points: int | None = None,
    method: Method = "sobol",
    seed: SupportsIndex = 1,
) -> Design:
    """Return a grid, or with `points` a sample, of parameters of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    vary
        Values or laws by dotted name, or names alone, which take their own laws. ``russia.*`` stands for all uncertain
        parameters of a group; nothing at all, if there is a number of points, for all uncertain ones.
    points
        Number of points of a sample; None for a grid.
    method, seed
        Those of `sample`.

    Raises
    ------
    UsageError
        A name is unknown, a law is missing where one is needed, or a number makes no sense.
    ScenarioError
        A value is out of range or does not fit the others.
    """
    if points is None:
        known = scenario.parameters()
        wanted = dict(vary) if isinstance(vary, Mapping) else dict.fromkeys(vary)
        if not wanted:
            raise UsageError("nothing varies; name a parameter and its values, or the number of points of a sample")
        levels = {name: _levels(name, given, known) for name, given in wanted.items()}
        return checked(grid(levels), scenario)
    if method not in get_args(Method):
        known_methods = get_args(Method)
        hint = nearest(method, known_methods) or f"; there are {', '.join(known_methods)}"
        raise UsageError(f"there is no method '{method}'{hint}")
    points = whole_number("the number of points", points, lowest=1, highest=MOST_POINTS)
    source = whole_number("seed", seed, lowest=0)
    return checked(sample(laws_of(scenario, vary), points, method, source), scenario)


def laws_of(
    scenario: Scenario, vary: Mapping[str, Variation] | Iterable[str] = ()
) -> dict[str, tuple[Distribution, Parameter]]:
    """Return law and parameter by dotted name of what varies in a sample.

    Parameters
    ----------
    scenario
        The scenario.
    vary
        As in `make_design`: laws by name, names alone, ``russia.*``, or nothing for all uncertain parameters.

    Raises
    ------
    UsageError
        A name is unknown, or a law is missing.
    """
    known = scenario.parameters()
    wanted = dict(vary) if isinstance(vary, Mapping) else dict.fromkeys(vary)
    own = dataclasses.replace(scenario, uncertainty=True).resolve()
    uncertain = [name for name, value in own.items() if isinstance(value, Distribution)]
    laws = {name: own[name] for name in uncertain} if not wanted else {}
    for name, given in wanted.items():
        if name.endswith(".*"):
            members = [other for other in uncertain if other.startswith(name[:-1])]
            if not members or given is not None:
                raise UsageError(f"{name}: stands for the uncertain parameters of a group with their own laws")
            laws |= {member: own[member] for member in members}
        else:
            _check_name(name, known)
            laws[name] = own[name] if given is None else _law(name, given)
    fixed = [name for name, law in laws.items() if not isinstance(law, Distribution)]
    if fixed:
        raise UsageError(f"{fixed[0]}: has no law of its own; give a range, such as {fixed[0]}=low:high")
    return {name: (law, known[name]) for name, law in laws.items() if isinstance(law, Distribution)}


def read_variation(text: str) -> tuple[str, Variation]:
    """Read what the command line says of one parameter.

    ``NAME=low:high:count`` and ``NAME=a,b,c`` are values, ``NAME=low:high`` is a uniform law, and ``NAME`` alone the
    parameter's own.

    Examples
    --------
    >>> read_variation("russia.confidence=0.2:0.4:3")
    ('russia.confidence', [0.2, 0.3, 0.4])
    """
    name, equals, given = (part.strip() for part in text.partition("="))
    if not equals:
        return name, None
    hint = f"{name}={given}: give values as {name}=low:high:count or {name}=a,b,c, or a range as {name}=low:high"
    try:
        if ":" not in given:
            return name, [float(value) for value in given.split(",")]
        low, high, *count = given.split(":")
        if not count:
            return name, Uniform(uniform=(float(low), float(high)))
        (number,) = count
        if not math.isfinite(float(low) + float(high)):
            raise ValueError("no end")
        values = np.linspace(float(low), float(high), whole_number("count", int(number), lowest=1, highest=MOST_POINTS))
        return name, [float(f"{value:.{_DIGITS}g}") for value in values]
    except (ValueError, UsageError):  # pydantic's error is a ValueError
        raise UsageError(hint) from None


def read_design(path: str | Path, scenario: Scenario) -> Design:
    """Read a table of comma-separated values whose columns are dotted names of parameters.

    A column ``point``, as in the ``design.csv`` of an experiment, is left out.

    Raises
    ------
    UsageError
        The file cannot be read, is not such a table, or holds a value out of range; named with its line.
    """
    try:
        with io.TextIOWrapper(open_ordinary(path), encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(_lines(file))
            filled = ((reader.line_num, row) for row in reader if any(row))
            rows = list(islice(filled, MOST_POINTS + 2))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read ({reason(error)})") from None
    if len(rows) < 2:
        raise UsageError(f"{path}: needs a line with names of parameters and at least one line with values")
    (first, heads), *body = rows
    names = [head.strip() for head in heads]
    for name in names:
        if name != "point":
            _check_name(name, scenario.parameters(), f"{path}:{first}: ")
        if names.count(name) > 1:
            raise UsageError(f"{path}:{first}: the column {name} is there twice")
    kept = [k for k, name in enumerate(names) if name != "point"]
    if not kept:
        raise UsageError(f"{path}:{first}: no column names a parameter")
    _check_count(len(body))
    values = np.empty((len(body), len(kept)))
    for place, (line, row) in enumerate(body):
        if len(row) != len(names):
            raise UsageError(f"{path}:{line}: has {len(row)} values for {len(names)} columns")
        for column, k in enumerate(kept):
            try:
                values[place, column] = float(row[k])
            except ValueError:
                told = messages.quoted(row[k])
                raise UsageError(f"{path}:{line}: {names[k]}: {told} is not a number") from None
    return checked(Design(tuple(names[k] for k in kept), values), scenario, [f"{path}:{line}: " for line, _ in body])


def _lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file; of a file without line ends no more than a line may have."""
    while line := file.readline(MOST_CHARACTERS + 1):
        if len(line) > MOST_CHARACTERS:
            raise ValueError(f"a line of more than {MOST_CHARACTERS:,} characters")
        yield line


def checked(design: Design, scenario: Scenario, places: Sequence[str] | None = None) -> Design:
    """Return the design if every point makes a valid scenario.

    Parameters
    ----------
    design
        The design.
    scenario
        The scenario that it varies.
    places
        Where each point is written, for messages.

    Raises
    ------
    UsageError
        Names point (or place), parameter and remedy.
    """
    known = scenario.parameters()

    def refuse(point: int, message: str) -> UsageError:
        return UsageError((places[point] if places else f"point {point} of the design: ") + message)

    for k, name in enumerate(design.names):
        _check_name(name, known)
        column, parameter = design.values[:, k], known[name]
        outside = np.flatnonzero(~((parameter.low <= column) & (column <= parameter.high)))
        if outside.size:
            value = messages.quoted(float(column[outside[0]]))
            bounds = messages.bounds(parameter)
            raise refuse(int(outside[0]), f"{name}: {value} is out of range; give a number {bounds}")
    # What must hold between values holds everywhere if it holds where they come nearest to breaking it.
    for point in sorted(_extreme_points(design)):
        try:
            scenario.vary(dict(zip(design.names, design.values[point].tolist(), strict=True)))
        except ScenarioError as error:
            raise refuse(point, str(error)) from None
    return design


def _extreme_points(design: Design) -> set[int]:
    columns = dict(zip(design.names, design.values.T, strict=True))
    points: set[int] = set()
    for group in ("russia", "ukraine", "united_states"):
        belief, decides = (columns.get(f"{group}.{key}") for key in ("confidence", "breakthrough_decides"))
        if belief is not None or decides is not None:
            highest = np.zeros(len(design)) if belief is None else belief
            points.add(int((highest - (0.0 if decides is None else decides)).argmax()))
    for names in ([f"{side}.weight_{issue}" for issue in ISSUES] for side in ("russia", "ukraine")):
        points |= _least(columns, names)
    return points | _least(columns, [f"front.{oblast}_share" for oblast in OBLASTS])


def _least(columns: Mapping[str, FloatArray], names: Sequence[str]) -> set[int]:
    varied = [columns[name] for name in names if name in columns]
    return {int(np.sum(varied, axis=0).argmin())} if varied else set()


def _levels(name: str, given: Variation, known: Mapping[str, Parameter]) -> list[float]:
    _check_name(name, known)
    if given is None or isinstance(given, Distribution):
        raise UsageError(f"{name}: a grid needs values, such as {name}=low:high:count; a range goes with a sample")
    try:
        values = [float(value) for value in given]
    except (TypeError, ValueError):
        raise UsageError(f"{name}: {given!r} is not a list of numbers") from None
    if not values:
        raise UsageError(f"{name}: has no value; give at least one")
    return values


def _law(name: str, given: Sequence[float] | Distribution) -> Distribution:
    if isinstance(given, Distribution):
        return given
    raise UsageError(f"{name}: a sample draws from a law; give a range, such as {name}=low:high, or the name alone")


def _check_name(name: str, known: Mapping[str, Parameter], place: str = "") -> None:
    if name not in known:
        shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        raise UsageError(f"{place}{shown or 'an empty name'}: {messages.unknown_parameter(name, list(known))}")


def _check_count(points: int) -> None:
    if points > MOST_POINTS:
        raise UsageError(f"the design has {points:,} points; at most {MOST_POINTS:,} can be run at once")
