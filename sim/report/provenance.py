"""Where the results come from: what made them, how to make them again, how to check that, how to cite them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.report.document import Block, Cell, Code, Paragraph, Section, Table
from sim.report.wording import counted, listed, quoted
from sim.scenario.writing import as_file

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep
    from sim.scenario import Scenario

#: Title and licence, as in CITATION.cff.
TITLE = "Truce: a simulator of ceasefire talks between Russia and Ukraine after May 2025"
AUTHORS, LICENCE = "The Truce developers", "BSD-3-Clause"

#: Scenario files and points of a design that are printed whole.
MOST_FILES, MOST_POINTS = 12, 40


def provenance(results: Comparison | Sweep) -> Section:
    """Tell what made the results and how to make them again.

    Examples
    --------
    >>> import sim
    >>> section = provenance(sim.compare("hardball", runs=8))
    >>> [block.text for block in section.blocks if isinstance(block, Code)]
    ['truce run hardball --runs 8 --seed 1 --out again']
    """
    about = _about(results)
    others = [scenario for scenario in results.scenarios if not _comes_with_truce(scenario, about["truce"])]
    blocks: list[Block] = [
        Paragraph(_made(results, about)),
        _facts(results, about),
        _scenarios(results, others, about["truce"]),
    ]
    blocks += [Paragraph(_again(results, about, others)), Code(command(results, others))]
    blocks += _files(results, others)
    blocks += _check(results, about)
    blocks += _cite(about)
    return Section("provenance", "Where this comes from", tuple(blocks))


def command(results: Comparison | Sweep, files: Sequence[Scenario] = ()) -> str:
    """Return the command that makes the results again in a directory ``again``.

    Parameters
    ----------
    results
        The results.
    files
        The scenarios that are given as files ``NAME.yaml``; the others come with Truce.
    """
    experiment = results.experiment
    named = [f"{scenario.name}.yaml" if scenario in files else scenario.name for scenario in results.scenarios]
    named = [f"./{name}" if name.startswith("-") else name for name in named]  # or it would be taken for an option
    kind = "sweep" if experiment.design is not None else "compare" if len(named) > 1 else "run"
    words = ["truce", kind, *named]
    words += ["--design", "design.csv"] if experiment.design is not None else []
    if experiment.precision is None:
        words += ["--runs", str(experiment.runs)]
    else:
        wanted = experiment.precision
        words += ["--precision", f"{wanted.half_width:g}", "--outcome", wanted.outcome]
        words += ["--min-runs", str(wanted.fewest), "--max-runs", str(wanted.most)]
    words += ["--seed", str(experiment.seed)]
    words += ["--baseline", experiment.baseline] if kind == "compare" else []
    words += ["--independent"] if experiment.independent and kind != "run" else []
    words += ["--trace", ",".join(experiment.traces)] if experiment.traces else []
    words += ["--trace-runs", ",".join(map(str, experiment.trace_runs))] if experiment.trace_runs else []
    return shlex.join([*words, "--out", "again"])


def _about(results: Comparison | Sweep) -> Mapping[str, Any]:
    """Return the manifest; of results in memory, the one that they would be stored with now."""
    from sim.experiment.batch import CHUNK
    from sim.experiment.provenance import manifest

    return results.manifest if results.directory is not None else manifest(results.experiment, CHUNK, None)


def _made(results: Comparison | Sweep, about: Mapping[str, Any]) -> str:
    if results.directory is None:
        return (
            "These results are held in memory and were made from Python by the version told here; nothing is stored. "
            "Saving them (save) keeps every run, with a manifest that holds all of this."
        )
    where = f"All runs and a manifest, manifest.json, are in the directory {quoted(results.directory.resolve().name)}"
    if about["ended"] is None:
        return f"{where}. The experiment is not complete; the command that began it goes on where it stopped."
    return f"{where}. The manifest holds every scenario with all of its values; what follows is taken from it."


def _facts(results: Comparison | Sweep, about: Mapping[str, Any]) -> Table:
    git, stored = about.get("git"), results.directory is not None
    commit = "" if git is None else f", commit {git['commit']}{' with changes to the code' if git['dirty'] else ''}"
    design = about["design"]
    facts = {
        "Made by": f"Truce {about['truce']}{commit}",
        "Python": f"{about['python']}, {about['platform']}",
        "Libraries": ", ".join(f"{name} {version}" for name, version in about["libraries"].items()),
        "Seed": f"{about['seed']}{', each scenario or point on luck of its own' if about['independent'] else ''}",
        "Runs asked for": f"{'at most ' if about['precision'] else ''}{about['runs']:,} of each "
        f"{'point' if design else 'scenario'}",
        "Runs repeated with other luck, to tell it from parameters": f"{about['spread_runs']:,} of each scenario"
        if about["spread_runs"]
        else "",
        "Design": f"{design['points']:,} points over {listed(design['parameters'])}" if design else "",
        "Replaced actors": ", ".join(f"{key} by {name}" for key, name in about["actors"].items()),
        "Begun": str(about["started"]) if stored else "",
        "Ended": str(about["ended"] or "not yet") if stored else "",
        "Command": str(about["command"] or "from Python") if stored else "",
        "Digest of the experiment": str(about["experiment"]),
        "Digest of the model's code": str(about["model"]),
        "Digest of the design": str(design["digest"]) if design else "",
    }
    rows = tuple((Cell(what), Cell(text)) for what, text in facts.items() if text)
    return Table(
        "provenance", "What made these results", ("What", "Which"), rows,
        "Digests are SHA-256 of what decides the numbers, the same on every machine. Times are UTC.",
    )  # fmt: skip


def _scenarios(results: Comparison | Sweep, others: Sequence[Scenario], version: str) -> Table:
    rows = tuple(
        (
            Cell(scenario.name), Cell(scenario.title),
            Cell("own file" if scenario in others else f"comes with Truce {version}"), Cell(scenario.digest()),
        )
        for scenario in results.scenarios
    )  # fmt: skip
    return Table(
        "digests", "The scenarios and their digests", ("Name", "Title", "From", "Digest"), rows,
        "Two scenarios with the same digest give the same runs for the same seed, whatever their titles.",
    )  # fmt: skip


def _comes_with_truce(scenario: Scenario, version: str) -> bool:
    """Tell whether this very scenario comes, by its name, with the version of Truce that made the results.

    Of another version than the one that is running this cannot be told; the file is then printed.
    """
    import sim
    from sim.scenario import builtin_folder, load

    if version != sim.__version__:
        return False

    path = builtin_folder() / f"{scenario.name}.yaml"
    try:
        return path.parent == builtin_folder() and path.is_file() and load(path).digest() == scenario.digest()
    except (ScenarioError, OSError, ValueError):
        return False


def _again(results: Comparison | Sweep, about: Mapping[str, Any], others: Sequence[Scenario]) -> str:
    text = f"To make them again, install Truce {about['truce']} with the libraries told above"
    needed = [f"the {counted(len(others), 'scenario file')} below"] if others else []
    if results.experiment.design is not None:
        needed.append("the file of the design below" if _few_points(results) else "design.csv from the directory")
    if needed:
        text += f", put {listed(needed)} into an empty directory"
    actors = ""
    if about["actors"]:
        actors = (
            " That alone does not do: the classes that replaced built-in actors have to be handed over from Python "
            "(actors=...), and only their author has them."
        )
    return f"{text} and give this command. It gives the same numbers, whatever the number of processes.{actors}"


def _files(results: Comparison | Sweep, others: Sequence[Scenario]) -> list[Block]:
    """Return the scenario files and the design that the command needs."""
    blocks: list[Block] = []
    for scenario in others[:MOST_FILES]:
        blocks += [Paragraph(f"The file {scenario.name}.yaml:"), Code(as_file(scenario))]
    if len(others) > MOST_FILES and results.directory is not None:
        blocks.append(Paragraph("The other scenario files are written from the manifest by these lines of Python:"))
        blocks.append(Code(_WRITE.format(directory=results.directory.resolve().name)))
    elif len(others) > MOST_FILES:
        rest = listed(scenario.name for scenario in others[MOST_FILES:])
        blocks.append(Paragraph(f"The files of {rest} are told by sim.scenario.writing.as_file(scenario)."))
    design = results.experiment.design
    if design is not None and _few_points(results):
        blocks += [Paragraph("The file design.csv:"), Code(design.to_csv().rstrip())]
    return blocks


_WRITE = """\
import sim
from pathlib import Path
from sim.scenario.writing import as_file

for scenario in sim.open({directory!r}).scenarios:
    Path(f"{{scenario.name}}.yaml").write_text(as_file(scenario), encoding="utf-8")
"""


def _few_points(results: Comparison | Sweep) -> bool:
    design = results.experiment.design
    return design is not None and len(design) <= MOST_POINTS


def _check(results: Comparison | Sweep, about: Mapping[str, Any]) -> list[Block]:
    digest = about["files"].get("summary.csv")
    text = (
        'To check that it is the same experiment, look for "experiment" in again/manifest.json: it has to begin with '
        f"{about['experiment'][:12]}"
    )
    text += "."
    if digest:
        text += f" To check the numbers, compare what sha256sum again/summary.csv prints with {digest}."
    if results.directory is None:
        return [Paragraph(text)]
    text += (
        " The following command carries out one run once more, tells it week by week and holds it against the row that "
        "is stored; any other run likewise, by its number."
    )
    words = ["truce", "replay", results.directory.resolve().name, "--scenario", results.baseline, "--run", "0"]
    return [Paragraph(text), Code(shlex.join(words))]


def _cite(about: Mapping[str, Any]) -> list[Block]:
    reference = f"{AUTHORS}. {TITLE}. Version {about['truce']}. {LICENCE}. Experiment {about['experiment'][:12]}."
    return [Paragraph("To cite it, with the first digits of the digest of the experiment:"), Code(reference)]
