"""What the explorer is asked for: one immutable, valid state, and the way there and back."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple

from sim.app.drawn import FIGURES
from sim.errors import ScenarioError, UsageError, nearest, whole_number
from sim.scenario import Scenario, builtin_names, checks, date_of, load_builtin, load_text, messages

#: Name of a scenario that was uploaded, and of the baseline that is the scenario without the changes.
UPLOADED, UNCHANGED = "uploaded", "unchanged"


class Limits(NamedTuple):
    """What a face may ask for, so that it cannot exhaust the machine."""

    runs: int = 5000
    seed: int = 2**32 - 1
    horizon: date = date_of(260)
    text: int = 20_000
    link: int = 16_000
    states: int = 40
    events: int = 100


LIMITS = Limits()

#: The numbers of runs that the faces offer; a link may give any up to the limit.
OFFERED_RUNS = (200, 500, 1000, 2000, LIMITS.runs)


class Listing(NamedTuple):
    """A scenario to pick: its name, and what it is called and asks."""

    name: str
    title: str
    question: str


@dataclass(frozen=True)
class State:
    """Everything that decides what the explorer shows; made only if it is valid.

    Attributes
    ----------
    scenario
        Name of a scenario that comes with Truce, or `UPLOADED`.
    baseline
        Name of one that comes with Truce, or `UNCHANGED`.
    changes
        New numbers by dotted name, in the parameters' units, certain where the scenario has a law.
    runs, seed
        Runs, and the seed of their luck: run i meets the same luck as in ``truce run``.
    deadline, horizon
        Dates in place of those of the scenario, and of the baseline too; None leaves both their own.
    run
        Number of the run whose history is told.
    view
        The figure that is looked at: a name of `sim.app.drawn.FIGURES`.
    text
        What the uploaded scenario file holds; None if the scenario comes with Truce.

    Raises
    ------
    TruceError
        One sentence on what is wrong, if anything is.

    Examples
    --------
    >>> state = State().changed("russia.confidence", 0.4)
    >>> state.to_link()
    'russia.confidence=0.4'
    >>> State.from_link("?russia.confidence=0.4") == state
    True
    """

    scenario: str = "hardball"
    baseline: str = "hardball"
    changes: Mapping[str, float] = field(default_factory=dict)
    runs: int = 1000
    seed: int = 1
    deadline: date | None = None
    horizon: date | None = None
    run: int = 0
    view: str = "incidence"
    text: str | None = None

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("runs", whole_number("runs", self.runs, lowest=1, highest=LIMITS.runs))
        put("seed", whole_number("seed", self.seed, lowest=0, highest=LIMITS.seed))
        put("run", whole_number("the number of the run told", self.run, lowest=0, highest=LIMITS.runs - 1))
        put("deadline", _day("deadline", self.deadline))
        put("horizon", _day("horizon", self.horizon))
        put("changes", MappingProxyType({name: _number(name, self.changes[name]) for name in sorted(self.changes)}))
        _known("view", self.view, tuple(FIGURES))
        _known("baseline", self.baseline, (*builtin_names(), UNCHANGED))
        _known("scenario", self.scenario, (*builtin_names(), *([UPLOADED] if self.text is not None else [])))
        if self.text is not None and self.scenario != UPLOADED:
            raise UsageError(f"a text belongs to the scenario '{UPLOADED}', not to '{self.scenario}'")
        if self.text is not None and len(self.text) > LIMITS.text:
            raise ScenarioError(f"the scenario is longer than {LIMITS.text:,} characters; it is a page of YAML")
        self.resolved(), self.reference()

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, ...]:
        values = [getattr(self, one.name) for one in dataclasses.fields(self)]
        return State, tuple(dict(value) if isinstance(value, Mapping) else value for value in values)

    @classmethod
    def uploaded(cls, content: str | bytes, **others: Any) -> State:
        """Return the state of a scenario from the content of a file, other attributes as given.

        Raises
        ------
        ScenarioError
            If it is no scenario that may be used.
        """
        if len(content) > LIMITS.text:
            raise ScenarioError(f"the file is longer than {LIMITS.text:,} characters; a scenario is a page of YAML")
        if isinstance(content, bytes):
            try:
                content = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ScenarioError("this is not a text file in UTF-8; write the scenario as YAML text") from None
        return cls(scenario=UPLOADED, text=content, **others)

    def with_(self, **values: Any) -> State:
        """Return the state with other attributes; another scenario drops the text, and changes it has no place for.

        Raises
        ------
        TruceError
            If the state would not be valid.
        """
        if values.get("scenario", UPLOADED) != UPLOADED:
            values.setdefault("text", None)
        if "scenario" in values and "changes" not in values:
            known = _base(values["scenario"], values.get("text", self.text)).parameters()
            values["changes"] = {name: value for name, value in self.changes.items() if name in known}
        for name in values:
            _known("attribute", name, tuple(one.name for one in dataclasses.fields(self)))
        return dataclasses.replace(self, **values)

    def changed(self, name: str, value: float) -> State:
        """Return the state with one parameter at another number.

        Raises
        ------
        ScenarioError
            If there is no such parameter, or the number is out of its range or does not fit the others.
        """
        return self.with_(changes={**self.changes, name: value})

    def unchanged(self, name: str | None = None) -> State:
        """Return the state with one parameter, or all of them, back at what the scenario says of it."""
        kept = {key: value for key, value in self.changes.items() if name is not None and key != name}
        return self.with_(changes=kept)

    def base(self) -> Scenario:
        """Return the scenario as it comes, without the changes: what sliders stand at while nobody moves them."""
        return _base(self.scenario, self.text)

    def resolved(self) -> Scenario:
        """Return the scenario with the changes; another name and title tell it from the one it comes from."""
        return _resolved(self.scenario, self.text, tuple(self.changes.items()), self.deadline, self.horizon)

    def reference(self) -> Scenario | None:
        """Return the baseline; None if it means the same as the scenario."""
        name, text = (self.scenario, self.text) if self.baseline == UNCHANGED else (self.baseline, None)
        found = _resolved(name, text, (), self.deadline, self.horizon, named=False)
        return None if found.digest() == self.resolved().digest() else found

    @property
    def file_name(self) -> str:
        """Name of the file for `as_scenario_file`: never that of the file it extends."""
        name = self.resolved().name
        return f"{name}_copy.yaml" if name == self.scenario else f"{name}.yaml"

    @property
    def command(self) -> str:
        """The command that carries out the runs shown, beside that file."""
        return f"truce run {self.file_name} --runs {self.runs} --seed {self.seed}"

    def as_scenario_file(self) -> str:
        """Return a scenario file with which ``truce run`` gives the numbers shown."""
        from sim.app.copies import scenario_file

        return scenario_file(self)

    def as_python(self) -> str:
        """Return Python code that computes the numbers shown."""
        from sim.app.copies import python_code

        return python_code(self)

    def to_link(self) -> str:
        """Return the state as the query of a link, without ``?``; what is as at first is left out.

        Raises
        ------
        UsageError
            If an uploaded scenario is too long for a link.
        """
        from sim.app.links import to_link

        return to_link(self)

    @classmethod
    def from_link(cls, query: str) -> State:
        """Return the state that a link stands for; nothing of it is evaluated or used as a path.

        Raises
        ------
        TruceError
            One sentence on the first thing in it that makes no sense.
        """
        from sim.app.links import from_link

        return from_link(query)

    def _key(self) -> tuple[object, ...]:
        values = (getattr(self, one.name) for one in dataclasses.fields(self))
        return tuple(tuple(value.items()) if isinstance(value, Mapping) else value for value in values)


class History:
    """The states of a session, to go back and forth.

    Parameters
    ----------
    first
        The state to begin with, and to reset to.

    Examples
    --------
    >>> history = History(State())
    >>> history.go(State(runs=200)).runs, history.undo().runs, history.redo().runs, history.reset().runs
    (200, 1000, 200, 1000)
    """

    #: States that are kept.
    MOST = 200

    def __init__(self, first: State) -> None:
        self._first, self._states, self._place = first, [first], 0

    @property
    def state(self) -> State:
        """The current state."""
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        """There is a state before this one."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """A step back was taken."""
        return self._place + 1 < len(self._states)

    def go(self, state: State) -> State:
        """Go to another state; what had been undone is forgotten. The same state again is no step."""
        if state != self.state:
            self._states = [*self._states[: self._place + 1], state][-self.MOST :]
            self._place = len(self._states) - 1
        return self.state

    def undo(self) -> State:
        """Go one step back, if there is one."""
        self._place = max(self._place - 1, 0)
        return self.state

    def redo(self) -> State:
        """Take back one step back, if there was one."""
        self._place = min(self._place + 1, len(self._states) - 1)
        return self.state

    def reset(self) -> State:
        """Go to the first state; this can be undone."""
        return self.go(self._first)


@lru_cache(maxsize=1)
def builtin() -> tuple[Listing, ...]:
    """Return the scenarios that come with Truce, the default one first."""
    found = [load_builtin(name) for name in builtin_names()]
    found.sort(key=lambda scenario: (scenario.name != State.scenario, scenario.title))
    return tuple(Listing(scenario.name, scenario.title, scenario.question) for scenario in found)


@lru_cache(maxsize=64)
def _base(name: str, text: str | None) -> Scenario:
    """Return a scenario as it comes, within the limits."""
    scenario = load_builtin(name) if text is None else load_text(text, UPLOADED)
    if len(scenario.states) > LIMITS.states or len(scenario.events) > LIMITS.events:
        raise ScenarioError(f"at most {LIMITS.states} states and {LIMITS.events} events can be explored")
    return scenario


@lru_cache(maxsize=256)
def _resolved(
    name: str, text: str | None, changes: tuple[tuple[str, float], ...], deadline: date | None, horizon: date | None,
    *, named: bool = True,
) -> Scenario:  # fmt: skip
    scenario = _base(name, text)
    if deadline is not None or horizon is not None:
        scenario = dataclasses.replace(
            scenario, deadline=deadline or scenario.deadline, horizon=horizon or scenario.horizon
        )
        checks.check(scenario, {})
    if scenario.horizon > LIMITS.horizon:
        raise ScenarioError(f"{scenario.horizon} is too late to explore; the latest is {LIMITS.horizon}", key="horizon")
    known = scenario.parameters()
    for key, _ in changes:
        if key not in known:
            raise ScenarioError(messages.unknown_parameter(key, list(known)), key=key)
    if named and (changes or deadline is not None or horizon is not None):
        title = f"{scenario.title}, changed"
        scenario = dataclasses.replace(scenario, name=f"{scenario.name}_changed", title=title)
    return scenario.vary(dict(changes)) if changes else scenario


def _known(what: str, value: object, known: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in known:
        shown = repr(value if not isinstance(value, str) or len(value) <= 60 else f"{value[:57]}...")
        hint = nearest(value[:60], known) if isinstance(value, str) else ""
        raise UsageError(f"there is no {what} {shown[:80]}{hint or '; there are ' + ', '.join(known)}")


def _number(name: object, value: object) -> float:
    """Return a number that is one, whatever a face or a link hands over."""
    if not isinstance(name, str) or len(name) > 200:
        raise UsageError("a change names a parameter such as russia.confidence")
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            if math.isfinite(number := float(value)):
                return number
        except OverflowError:
            pass
    raise ScenarioError(f"write a finite number, not {str(value)[:40]!r}", key=name)


def _day(what: str, value: object) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-" and value.isascii():
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UsageError(f"{what}: {str(value)[:40]!r} is not a date; write it as 2025-12-31")


def attributes(state: State) -> Iterator[tuple[str, object]]:
    """Yield the attributes in which a state differs from the first one, text and changes left out."""
    for one in dataclasses.fields(state):
        value = getattr(state, one.name)
        if one.name not in ("changes", "text") and value != one.default:
            yield one.name, value
