"""From a name or a path to a scenario: finding the file, following `extends`, merging, validating."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from sim.errors import ScenarioError, nearest
from sim.parameters import PARAMETERS, STATES
from sim.scenario import checks, messages, schema
from sim.scenario.reading import MAXIMUM_BYTES, MAXIMUM_FILES, Node, Place, read, read_text, shown
from sim.scenario.scenario import Event, Scenario

SUFFIXES = (".yaml", ".yml")


class Listing(NamedTuple):
    """One line of the list of scenarios."""

    name: str
    title: str
    question: str
    path: Path


def load(name_or_path: str | Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path
        A path, if it has a suffix or a separator; otherwise a name, looked up in ``scenarios/`` of the
        working directory and then among the scenarios that come with Truce.

    Returns
    -------
    Scenario
        Validated, with what it inherits.

    Raises
    ------
    ScenarioError
        If there is no such file, or it cannot be used. The message names file, line, key and remedy.

    Examples
    --------
    >>> load("hardball").title
    'Hardball'
    """
    path = Path(name_or_path)
    if not path.suffix and path.name == str(name_or_path):
        path = _by_name(str(name_or_path))
    merged, own = _merged(path, read(path))
    return _built(path.stem, merged, own)


def load_text(text: str | bytes, name: str = "uploaded") -> Scenario:
    """Read a scenario from text of unknown origin: like a file, but that it may extend only what comes with Truce.

    Parameters
    ----------
    text
        What a scenario file would hold.
    name
        Name of the scenario; messages call the text by it, as the file that it could be.

    Returns
    -------
    Scenario
        Validated, with what it inherits. No other file than those that come with Truce was looked for.

    Raises
    ------
    ScenarioError
        If it cannot be used.

    Examples
    --------
    >>> load_text("{extends: hardball, russia: {confidence: 0.4}}").values["russia.confidence"]
    0.4
    """
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    tree = read_text(content, f"{name}.yaml")
    assert isinstance(tree.value, dict)
    entry, known = tree.value.get("extends"), builtin_names()
    if entry is not None and entry.value not in known:
        hint = nearest(str(entry.value)[:60], known) or f"; there are {', '.join(known)}"
        message = f"an uploaded scenario may extend one that comes with Truce, by its name, and no other{hint}"
        raise _refused(message, entry.place)
    merged, own = _merged(builtin_folder() / f"{name}.yaml", tree, alone=True)
    return _built(name, merged, own)


def builtin_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with Truce, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in builtin_folder().iterdir() if path.suffix in SUFFIXES))


def load_builtin(name: str) -> Scenario:
    """Return a scenario that comes with Truce; the name is looked up among theirs and never used as a path.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    known = builtin_names()
    if name not in known:
        hint = nearest(name, known) or f"; there are {', '.join(known)}"
        raise ScenarioError(f"no scenario that comes with Truce has the name {name[:60]!r}{hint}")
    return load(builtin_folder() / f"{name}.yaml")


def list_scenarios() -> list[Listing]:
    """List the scenarios of the working directory's ``scenarios/`` and those that come with Truce.

    Returns
    -------
    list[Listing]
        Name, title, question and path, by name. A file that cannot be used is listed with its error in
        the place of the question.
    """
    listings = []
    for name, path in sorted(_available().items()):
        try:
            scenario = load(path)
            listings.append(Listing(name, scenario.title, scenario.question, path))
        except ScenarioError as error:
            listings.append(Listing(name, "(cannot be used)", str(error).splitlines()[0], path))
    return listings


def builtin_folder() -> Path:
    """Return the folder of the scenarios that come with Truce, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def _available() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in (builtin_folder(), Path("scenarios")):  # the later one wins
        if folder.is_dir():
            found |= {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES}
    return found


def _by_name(name: str) -> Path:
    available = _available()
    if name in available:
        return available[name]
    hint = nearest(name, available) or f"; there are {', '.join(sorted(available))}" if available else ""
    hint = hint or "; name a file with its suffix, such as my_scenario.yaml"
    raise ScenarioError(f"there is no scenario '{name}'{hint}")


def _merged(path: Path, tree: Node, *, alone: bool = False) -> tuple[Node, Node]:
    """Return a file merged with all that it extends, and the file alone; `alone` if there is no file of that path."""
    trees = [tree]
    chain = {Path() if alone else path.resolve(): path}
    while (parent := _parent(trees[-1], chain)) is not None:
        trees.append(read(parent))
        chain[parent.resolve()] = parent
        too_many, too_large = len(trees) > MAXIMUM_FILES, _size(chain) > MAXIMUM_BYTES
        if too_many or too_large:
            what = f"more than {MAXIMUM_FILES} files" if too_many else f"files of more than {MAXIMUM_BYTES // 1000} kB"
            raise _refused(f"{what} extend each other; write together what differs", _place_of_extends(trees[-2]))
    merged = Node({}, trees[-1].place)
    for tree in reversed(trees):
        merged = Node(_merge(merged, tree, ()), tree.place)
    return merged, trees[0]


def _parent(tree: Node, chain: dict[Path, Path]) -> Path | None:
    """Return the file that the last one of the chain extends, or None."""
    assert isinstance(tree.value, dict)
    entry = tree.value.get("extends")
    if entry is None:
        return None
    place = _place_of_extends(tree)
    if not isinstance(entry.value, str) or not entry.value.strip():
        raise _refused("write the name or the path of a scenario file", place)
    wanted, folder = entry.value.strip(), next(reversed(chain.values())).parent
    parent = folder / wanted
    folders = [parent.parent]
    if not parent.suffix:
        folders += [builtin_folder()] if parent.name == wanted else []
        files = [base / f"{parent.name}{suffix}" for base in folders for suffix in SUFFIXES]
        parent = next((file for file in files if os.path.isfile(file)), files[0])
    if not os.path.exists(parent):  # unlike the method of a path it takes any text for a name that may be
        files_there = (Path(file) for base in folders for file in _files_in(base))
        there = sorted({file.stem for file in files_there if file.suffix in SUFFIXES})
        hint = nearest(parent.stem, there) or "; give a name, or a path from the folder of this file"
        raise _refused(f"there is no scenario file {shown(parent)}{hint}", place)
    if parent.resolve() in chain:
        circle = [*list(chain.values())[list(chain).index(parent.resolve()) :], parent]
        names = " -> ".join(file.name for file in circle)
        raise _refused(f"the files extend each other in a circle, {names}; remove one of these lines", place)
    return parent


def _place_of_extends(tree: Node) -> Place:
    assert isinstance(tree.value, dict)
    return tree.value["extends"].place


def _size(files: Iterable[Path]) -> int:
    return sum(os.path.getsize(file) for file in files if os.path.isfile(file))


def _files_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _refused(message: str, place: Place, key: str = "extends") -> ScenarioError:
    return ScenarioError(message, file=place.file, line=place.line, key=key)


def _merge(parent: Node, child: Node, path: tuple[str, ...]) -> dict[str, Node]:
    assert isinstance(parent.value, dict) and isinstance(child.value, dict)
    # Each title belongs to its own file, and so does the question it asks.
    merged = {key: node for key, node in parent.value.items() if path or key not in ("title", "question", "extends")}
    for key, node in child.value.items():
        here, old = (*path, key), merged.get(key)
        if node.value is None and _removable(here):
            # A state that comes with the model must be remembered as taken out; anything else just goes.
            if key in STATES and path == ("europe",):
                merged[key] = node
            elif old is None:
                what, known = ("state", [*merged, *STATES]) if path == ("europe",) else ("event", [*merged])
                raise _refused(f"there is no such {what} to remove{nearest(key, known)}", node.place, ".".join(here))
            else:
                del merged[key]
        elif isinstance(node.value, dict) and _mergeable(here):
            inherited = old if old is not None and isinstance(old.value, dict) else Node({}, node.place)
            merged[key] = Node(_merge(inherited, node, here), node.place)
        else:
            merged[key] = node
    return merged


def _removable(path: tuple[str, ...]) -> bool:
    if len(path) != 2:
        return False
    return path[0] == "events" or (path[0] == "europe" and ".".join(path) not in PARAMETERS)


def _mergeable(path: tuple[str, ...]) -> bool:
    """Tell groups, states and events, which are merged, from distributions, which are replaced whole."""
    return len(path) == 1 or _removable(path) or (len(path) == 3 and path[0] == "events" and path[2] == "set")


def _built(name: str, merged: Node, own: Node) -> Scenario:
    places = merged.places() | {(): own.place}
    try:
        model = schema.file_model().model_validate(merged.plain())
    except ValidationError as error:
        raise messages.explain(error, places) from None
    scenario = _scenario(name, model, {path: place for path, place in places.items() if path})
    checks.check(scenario, places)
    return scenario


def _scenario(name: str, model: BaseModel, places: dict[messages.Path, Place]) -> Scenario:
    content = dict(model)
    removed = schema.removed_states(model)
    events = [
        Event(key, entry.date, entry.do, entry.size, schema.changes_of(entry))
        for key, entry in content["events"].items()
    ]
    values = schema.settings(model)
    added = [key for key in (name.split(".")[1] for name in values if name.count(".") == 2) if key not in STATES]
    return Scenario(
        name=name,
        title=content["title"] or name.replace("_", " ").capitalize(),
        question=content["question"] or "",
        deadline=content["deadline"],
        horizon=content["horizon"],
        uncertainty=content["uncertainty"],
        values=values,
        states=tuple(dict.fromkeys([*(key for key in STATES if key not in removed), *added])),
        events=tuple(sorted(events, key=lambda event: (event.week, event.name))),
        origins={
            ".".join(str(part) for part in path): f"{Path(place.file).name}:{place.line}"
            for path, place in places.items()
            if ".".join(str(part) for part in path) in values or (path[0] not in schema.GROUPS and len(path) == 1)
        },
    )
