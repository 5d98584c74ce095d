"""What may keep two sides from a deal that both prefer to war, each as a change of a scenario that takes it away."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.errors import UsageError, nearest
from sim.scenario import Scenario, load

#: The scenario that says what Russia would believe of the front if it were right about it.
SOBER = "sober_kremlin"

_SIDES = ("russia", "ukraine")


@dataclass(frozen=True)
class Friction:
    """Something that may prevent a deal.

    Attributes
    ----------
    name
        Its key in tables and on the command line.
    meaning
        What it is, in a clause.
    changes
        Values of parameters, by dotted name and in their units, with which it is gone.
    source
        Theory that names it, or claims of the article.
    actions
        What events of the scenario may not do any more, from `sim.scenario.schema.ACTIONS`.
    """

    name: str
    meaning: str
    changes: Mapping[str, float]
    source: str
    actions: tuple[str, ...] = field(default=())


def _seen_as_it_is(side: str) -> dict[str, float]:
    """Return the beliefs of a side that is right about the front: those that `SOBER` gives Russia."""
    sober = load(SOBER).values
    keys = ("breakthrough_decides", "confidence", "learning_rate", "optimism")
    return {f"{side}.{key}": float(sober[f"russia.{key}"]) for key in keys}  # type: ignore[arg-type]


def frictions() -> dict[str, Friction]:
    """Return every friction of the model, by name, in reading order.

    Notes
    -----
    `fragile_peace` contains `shifting_power`: who expects a deal to hold does not ask what comes after its collapse.
    The limits of the box stand for indivisible stakes; the model has no others.
    """
    table = (
        Friction(
            "russian_optimism", "Russia believes of the front more than is true of it", _seen_as_it_is("russia"),
            "Blainey 1988; Wittman 1979; Smith and Stam 2004; C1, C2",
        ),
        Friction(
            "ukrainian_beliefs", "Ukraine believes of the front what is not true of it", _seen_as_it_is("ukraine"),
            "Blainey 1988; Wittman 1979; Smith and Stam 2004; C7",
        ),
        Friction(
            "mediator_noise", "the mediator sees reservation values with error", {"table.mediator_noise": 0.0},
            "private information: Fearon 1995",
        ),
        Friction(
            "noisy_answers", "answers to a draft err, so that good ones are refused (and bad ones signed)",
            {"table.precision": 100_000.0}, "quantal response: McKelvey and Palfrey 1995",
        ),
        Friction(
            "shifting_power", "a pause changes the balance, since both rearm in it",
            {f"{side}.rearming": 0.0 for side in _SIDES}, "commitment problem: Fearon 1995; Powell 2006",
        ),
        Friction(
            "fragile_peace", "both reckon with the collapse of a ceasefire", {"truce.foresight": 0.0},
            "commitment problem: Fearon 1995; Powell 2006; Fortna 2004",
        ),
        Friction(
            "no_guarantee", "states wait for one another before they pledge a guarantee force",
            {"europe.pledge_threshold": -1.0, "europe.reconsideration": 1.0},
            "threshold games: Granovetter 1978; Fortna 2004; C3",
        ),
        Friction(
            "red_line", "Ukraine hands over no more than a part of the land left", {"ukraine.red_line": 1.0},
            "indivisible stakes: Fearon 1995; C7",
        ),
        Friction(
            "security_limit", "Ukraine signs no full neutrality and limits", {"ukraine.security_limit": 1.0},
            "indivisible stakes: Fearon 1995",
        ),
        Friction(
            "recognition_limit", "the annexation cannot be recognised in writing", {"table.recognition_limit": 1.0},
            "indivisible stakes: Fearon 1995; C7",
        ),
        Friction(
            "sanctions_limit", "third parties do not lift all sanctions", {"united_states.sanctions_relief": 1.0},
            "indivisible stakes: Fearon 1995; C5, C13",
        ),
        Friction(
            "audience_costs", "signing costs both leaderships at home",
            {f"{side}.audience_cost": 0.0 for side in _SIDES}, "domestic audiences: Fearon 1994",
        ),
        Friction(
            "stalling", "Russia keeps talks going that it does not mean to conclude", {"russia.stall": 0.0}, "C14",
        ),
        Friction(
            "american_impatience", "Washington moves on when nothing is signed",
            {"united_states.disengage_base": -10.0, "united_states.patience": 520.0}, "C9", ("disengage",),
        ),
        Friction(
            "few_rounds", "offers are exchanged in some weeks only",
            {"table.round_engaged": 1.0, "table.round_disengaged": 1.0}, "delay between offers: Rubinstein 1982",
        ),
    )  # fmt: skip
    return {friction.name: friction for friction in table}


def chosen(wanted: Iterable[str | Friction] | None) -> tuple[Friction, ...]:
    """Return the frictions asked for, by name or ready-made; by default all.

    Raises
    ------
    UsageError
        If there is none of that name, none is given, or one is given twice.
    """
    known = frictions()
    if wanted is None:
        return tuple(known.values())
    found: dict[str, Friction] = {}
    for item in [wanted] if isinstance(wanted, str | Friction) else wanted:
        if isinstance(item, str) and item not in known:
            hint = nearest(item, known) or f"; there are {', '.join(known)}"
            raise UsageError(f"there is no friction '{item}'{hint}")
        friction = known[item] if isinstance(item, str) else item
        if friction.name in found:
            raise UsageError(f"the friction '{friction.name}' is given twice; give it once")
        found[friction.name] = friction
    if not found:
        raise UsageError(f"no friction is given; there are {', '.join(known)}")
    return tuple(found.values())


def without(scenario: Scenario, removed: Sequence[Friction], name: str) -> Scenario:
    """Return a scenario without some frictions: their parameters changed, for good, and all else as it was.

    What events of the scenario would set of these parameters later, they set no longer; nor do they what the frictions
    forbid. Every run keeps its luck and its values of all other parameters.

    Parameters
    ----------
    scenario
        The scenario.
    removed
        The frictions taken away.
    name
        Name of the copy.

    Raises
    ------
    UsageError
        If two of the frictions want different values of one parameter.
    ScenarioError
        If a parameter is unknown, or a value does not fit the scenario.
    """
    changes: dict[str, float] = {}
    for friction in removed:
        for key, value in friction.changes.items():
            if changes.get(key, value) != value:
                raise UsageError(f"two of the frictions set {key}; they cannot be taken away together")
            changes[key] = value
    forbidden = {action for friction in removed for action in friction.actions}
    events = []
    for event in scenario.events:
        action = None if event.action in forbidden else event.action
        kept = {key: value for key, value in event.changes.items() if key not in changes}
        size = event.size if action is not None else None
        if action is not None or kept:
            events.append(dataclasses.replace(event, action=action, size=size, changes=kept))
    return dataclasses.replace(scenario, events=tuple(events)).vary(changes, name=name)
