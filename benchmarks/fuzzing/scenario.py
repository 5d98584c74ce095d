"""Hostile scenario files, from the real ones, from the table of parameters, and from what files can be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from sim.distributions import DISTRIBUTIONS, Distribution
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS, STATES, state_parameters
from sim.scenario import Scenario, builtin_folder, load, load_text
from sim.scenario.schema import ACTIONS
from sim.scenario.writing import as_file

from .pieces import DATES, NUMBERS, WORDS, Tree, soup, spoilt, written

#: What a case of the fuzzer is: its kind, the file's content or None if it is one that lies there, and its path.
Case = tuple[str, bytes | None, str]

_FILE, _CHAIN = "case.yaml", 400
_REAL = [path.read_bytes() for path in sorted(builtin_folder().glob("*.yaml"))]
_NAMES = list(PARAMETERS)
_CHANGING = [name for name, parameter in PARAMETERS.items() if not parameter.at_start]


def prepare() -> None:
    """Lay out, in the working directory, what cases refer to: chains, circles, links, pipes, devices, odd names."""
    for path in builtin_folder().glob("*.yaml"):
        shutil.copy(path, path.name)
    for place in range(_CHAIN):
        Path(f"chain{place}.yaml").write_text(f"extends: chain{place + 1}\nrussia: {{stall: 0.5}}\n")
    Path(f"chain{_CHAIN}.yaml").write_text("title: The end\n")
    for here, there in (("a", "b"), ("b", "c"), ("c", "a"), ("self", "self")):
        Path(f"circle_{here}.yaml").write_text(f"extends: circle_{there}\n")
    os.mkfifo("pipe.yaml")
    Path("folder.yaml").mkdir()
    links = {"link": "hardball.yaml", "dangling": "nowhere.yaml", "loop": "loop.yaml", "device": "/dev/zero"}
    links |= {"link_to_pipe": "pipe.yaml", "link_to_folder": "/", "memory": "/proc/self/mem"}
    for name, target in links.items():
        os.symlink(target, f"{name}.yaml")
    Path("odd \u202e\x1b[31m\nname.yaml").write_text("title: 5\nrussia: {stal: 1}\n")
    Path(os.fsdecode(b"latin\xe9.yaml")).write_text("rusia: {}\n")
    Path("large.yaml").write_bytes(b"title: x\n" * 1_200_000)
    Path("unreadable.yaml").write_text("title: x\n")
    Path("unreadable.yaml").chmod(0)


def case(random: Random) -> Case:
    """Return one hostile file."""
    kinds = list(KINDS)
    kind = random.choices(kinds, [KINDS[kind][0] for kind in kinds])[0]
    made = KINDS[kind][1](random)
    return (kind, None, made) if isinstance(made, str) else (kind, made, _FILE)


def carry_out(given: Case) -> None:
    """Do what ``truce check`` does with the file; what is accepted has to be of use, too."""
    _, content, path = given
    if content is not None:
        Path(path).write_bytes(content)
    try:
        check_use(load(path))
    except ScenarioError as error:
        assert error.file or content is None, f"the error names no file: {error}"
        raise


def check_use(scenario: Scenario) -> None:
    """Make sure that an accepted scenario has finite values within bounds, and is the same once written and read."""
    uniform = np.array([2.0**-53, 0.25, 0.5, 0.75, 1 - 2.0**-53])
    parameters = scenario.parameters()
    for name, value in scenario.resolve().items():
        low, high = parameters[name].low, parameters[name].high
        if name in scenario.values and isinstance(value, Distribution):
            value = value.quantile(uniform, low, high)
        elif isinstance(value, Distribution):
            continue  # the model's own
        assert np.all(np.isfinite(value)) and np.all((low <= value) & (value <= high)), (name, value, low, high)
    again = load_text(as_file(scenario), scenario.name)
    assert again.digest() == scenario.digest(), "written and read again, the scenario is another one"


def _number(random: Random, name: str) -> Tree:
    parameter = PARAMETERS[name]
    inside = repr(random.uniform(parameter.low, min(parameter.high, parameter.low + 10)))
    return random.choice((inside, inside, inside, repr(parameter.low), repr(parameter.high), random.choice(NUMBERS)))


def _law(random: Random, name: str) -> Tree:
    law = random.choice([*DISTRIBUTIONS, *DISTRIBUTIONS, "gamma", random.choice(WORDS[:8])])
    count = {"triangular": 3, "choice": random.randrange(5)}.get(law, 2)
    count += random.choice((0, 0, 0, 0, 0, 1, -1))
    numbers = [random.choice(NUMBERS) if random.random() < 0.5 else str(_number(random, name)) for _ in range(count)]
    if random.random() < 0.6:
        numbers.sort(key=_as_number)
    return {law: list[Tree](numbers)} if random.random() < 0.95 else {law: list[Tree](numbers), "normal": ["0", "1"]}


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _value(random: Random, name: str) -> Tree:
    way = random.random()
    if way < 0.6:
        return _number(random, name)
    if way < 0.9:
        return _law(random, name)
    return random.choice((random.choice(WORDS), [], {}, ["1"], {"a": "1"}))


def _key(random: Random, key: str) -> str:
    way = random.random()
    if way < 0.95:
        return key
    return random.choice((key[1:], key + "s", key.upper(), f"'{key}'", random.choice(WORDS), random.choice(NUMBERS)))


def _event(random: Random) -> Tree:
    event: dict[str, Tree] = {"date": random.choice((*DATES, *["2025-10-06"] * 60))}
    actions = (*ACTIONS, *ACTIONS, *ACTIONS, random.choice(WORDS))
    event |= {"do": random.choice(actions)} if random.random() < 0.8 else {}
    event |= {"size": random.choice((*NUMBERS, *["0.2"] * 40)), "do": "aid_cut"} if random.random() < 0.2 else {}
    if "do" not in event or random.random() < 0.3:
        names = random.sample(_NAMES if random.random() < 0.1 else _CHANGING, random.choice((1, 1, 2)))
        event["set"] = {_key(random, name): _number(random, name) for name in names}
    if random.random() < 0.1:
        return random.choice((random.choice(WORDS), {_key(random, key): value for key, value in event.items()}))
    return event


def _tree(random: Random, count: int) -> dict[str, Tree]:
    tree: dict[str, Tree] = {"title": random.choice(WORDS) if random.random() < 0.2 else "Mine"}
    for key in ("deadline", "horizon"):
        tree |= {key: random.choice(DATES)} if random.random() < 0.1 else {}
    tree |= {"uncertainty": random.choice(("on", "off", "true", "None", "1"))} if random.random() < 0.1 else {}
    tree |= {"extends": random.choice(("hardball", "moves_on", "chain390"))} if random.random() < 0.1 else {}
    for name in random.sample(_NAMES, count):
        branch, *inner, last = name.split(".")
        node = tree.setdefault(branch, {})
        for key in inner:
            node = node.setdefault(_key(random, key), {}) if isinstance(node, dict) else {}
        if isinstance(node, dict):
            node[_key(random, last)] = _value(random, name)
    if random.random() < 0.15:
        numbers = {p.key.rsplit(".", 1)[1]: random.choice(NUMBERS[:6]) for p in state_parameters("x", STATES["poland"])}
        europe = tree.setdefault("europe", {})
        europe |= {random.choice(("ruritania", "Ruritania", "x" * 64, "x" * 65, "é")): numbers, "poland": "null"}
    return tree


def _with_events(random: Random) -> bytes:
    names = ("a", "b", "moves_on", "call_of_19_may", "x" * 64)
    wild = ("A", "x" * 65, *WORDS)
    events = {random.choice(names if random.random() < 0.95 else wild): _event(random) for _ in range(3)}
    return written(_tree(random, random.choice((0, 0, 1))) | {"events": events}, random)


def _anchored(random: Random) -> bytes:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    texts = (
        bomb, bomb.replace("[x, x]", "{x: 1}"), "russia: &r {stall: 0.5}\nukraine: *r\n", "title: &t x\n",
        "title: *t\n", "russia: {<<: {stall: 0.5}}\n", "<<: [{title: x}]\n",
        "base: &b {stall: 1}\nrussia: {<<: *b}\n", "a: &a [*a]\n", "russia: {<<: 1, <<: 2}\n", "? &k stall\n: 1\n",
        "? !!null x\n: 1\n",
    )  # fmt: skip
    return spoilt(random.choice(texts).encode(), random) if random.random() < 0.5 else random.choice(texts).encode()


def _tagged(random: Random) -> bytes:
    tag = random.choice((
        "!!python/object/apply:os.system", "!!python/object/new:subprocess.Popen", "!!python/name:os.system",
        "!!python/module:os", "!!binary", "!!float", "!!int", "!!set", "!!omap", "!!timestamp", "!!null", "!", "!<x>",
        "!<tag:yaml.org,2002:str>", "!x!y", "!!", "!%ff", "!<", "!!merge",
    ))  # fmt: skip
    places = ("title: {} x", "russia: {} {{stall: 1}}", "{} title: x", "russia: {{stall: {} 0.5}}", "? {} a\n: 1")
    return (random.choice(places).format(tag) + "\n").encode()


def _deep(random: Random) -> bytes:
    depth = random.choice((19, 20, 21, 22, 25, 50, 100, 1000, 10_000))
    pairs = (("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("- - ", ""), ("[{a: ", "}]"), ("((", "))"))
    opening, closing = random.choice(pairs)
    text = opening * depth + random.choice(("", "x")) + random.choice(("", closing * depth))
    if random.random() < 0.3:
        text = "".join(f"{' ' * place}a:\n" for place in range(min(depth, 300)))
    return (random.choice(("", "russia: ", "russia:\n  stall: ", "title: ", "a:\n  ")) + text).encode()


def _large(random: Random) -> bytes:
    size = random.choice((20_000, 50_000, 63_990, 63_990, 64_000, 64_001, 200_000, 1_000_000, 10_000_000))
    piece = random.choice((
        "title: x\n", "#\n", "\n", " ", "- 1\n", "[", "{a: ", "k{}: 1\n", "russia: {{stall: 1}}\n", "0.5, ", "x", "'",
        '"', "\\n", "a:", "é", "\U0001f600", "%", "---\n", "? a\n", "&a ", "!t ", "\t", "|\n", "a b ", "''",
        "s{}: {{threat: 1}}\n", "e{}: {{date: 2025-10-06, do: round}}\n",
        "e{}: {{date: 1, set: {{russia.stal: 1}}}}\n", "\r", "\u2028", ",", ":\n",
    ))  # fmt: skip
    heads = ("", "title: ", 'title: "', "title: |\n  ", "russia: {stall: {choice: [", "events:\n ", "europe: {")
    count = size // max(1, len(piece.encode())) + 1
    body = "".join(piece.format(n) for n in range(count)) if "{}" in piece and size < 100_000 else piece * count
    indented = body.replace("\n", "\n  ") if random.random() < 0.3 and size < 100_000 else body
    return (random.choice(heads) + indented).encode()[:size]


def _encoded(random: Random) -> bytes:
    text = random.choice(_REAL).decode() + random.choice(("", "title: é\n", "# \U0001f600\n"))
    encodings = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "utf-8-sig", "koi8-r")
    content = text.encode(random.choice(encodings), "replace")
    marked = b"\xef\xbb\xbf" * 2 + content
    return random.choice((content, content, spoilt(content, random), marked, random.randbytes(300)))


def _many(random: Random) -> bytes:
    count = random.choice((11, 11, 50, 50, 100, 100, 650, 900, 1900, 1999, 2001, 3000))
    line = random.choice((
        "k{}: 1", "  stal{}: 0.5", "  s{}: {{threat: 0.5}}", "  s{}: {{threat: 1, aid_share: 0, guarantee_share: 0}}",
        "  e{}: {{date: 2025-10-06, do: round}}", "  e{}: {{date: 2024-10-06}}",
        "  e{}: {{date: 2025-10-06, do: rond}}", "  e{}: {{date: 2025-10-06, set: {{russia.stal: 1}}}}",
        "  e{}: null", "  e{}: {{date: 2025-10-06, set: {{europe.x.threat: 1}}}}",
    ))  # fmt: skip
    head = "" if line.startswith("k") else random.choice(("russia:", "europe:", "events:", "events:"))
    return "\n".join([head, *(line.format(n) for n in range(count))]).encode() + b"\n"


def _extending(random: Random) -> bytes:
    target = random.choice((
        "circle_a", "circle_b.yaml", "self", "chain0", f"chain{_CHAIN - 5}", f"chain{_CHAIN - 55}", "chain370.yaml",
        "nowhere", "pipe.yaml", "folder.yaml", "link.yaml", "dangling.yaml", "loop.yaml", "device.yaml",
        "link_to_pipe.yaml", "memory.yaml", "large.yaml", "case.yaml", "case", "../case", "./case.yaml", "/dev/zero",
        "/dev/stdin", "/etc/passwd", "/", ".", "..", "unreadable.yaml", "/root/x.yaml", "a/" * 2000, "x" * 300,
        "x" * 5000 + ".yaml", "hardball.yaml/x", "~root/x.yaml", "hardball", "hardbal", "[hardball]", "{a: b}", "5",
        "null", "file:///etc/passwd", "http://localhost/x.yaml", "*.yaml", random.choice(WORDS),
    ))  # fmt: skip
    rest = random.choice((b"", b"title: x\n", b"russia: {stall: 0.5}\n"))
    return f"extends: {target}\n".encode("utf-8", "surrogatepass") + rest


def _path(random: Random) -> str:
    return random.choice((
        *(f"{name}.yaml" for name in ("pipe", "folder", "link", "dangling", "loop", "device", "memory", "large")),
        "link_to_folder.yaml", "unreadable.yaml", "circle_a.yaml", "circle_self.yaml", "chain0.yaml", "chain399.yaml",
        "/dev/zero", "/dev/null", "/dev/stdin", "/proc/self/environ", "/proc/self/mem", "/etc/passwd", "/etc/shadow",
        "/", ".", "..", "", "x" * 300, "odd \u202e\x1b[31m\nname.yaml", os.fsdecode(b"latin\xe9.yaml"),
        "a/" * 3000 + "x.yaml", "hardball.yaml/x.yaml", "nul\0.yaml", "\ud800.yaml", "hardbal",
        "https://example.org/x.yaml", "-", "--help", *WORDS,
    ))  # fmt: skip


Maker = Callable[[Random], bytes | str]

#: Every kind of case with its weight and what makes it.
KINDS: dict[str, tuple[float, Maker]] = {
    "a real file, spoilt": (22, lambda random: spoilt(random.choice(_REAL), random)),
    "values and laws of a few parameters": (
        18, lambda random: written(_tree(random, random.choice((1, 1, 2, 3))), random),
    ),
    "values of many parameters": (4, lambda random: written(_tree(random, random.choice((10, 40))), random)),
    "such a file, spoilt": (10, lambda random: spoilt(written(_tree(random, 3), random), random)),
    "events and dates": (14, _with_events),
    "anchors, aliases, merge keys": (3, _anchored),
    "tags": (3, _tagged),
    "deep nesting": (3, _deep),
    "20 kB to 10 MB": (2, _large),
    "encodings and binary files": (4, _encoded),
    "many faults or entries": (2, _many),
    "extends": (7, _extending),
    "paths, links, pipes, devices": (4, _path),
    "tokens of YAML in any order": (4, soup),
}  # fmt: skip
