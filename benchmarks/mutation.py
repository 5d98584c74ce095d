"""How many small errors in the rules, the draws and the store the tests notice: a mutation run with Cosmic Ray.

``python benchmarks/mutation.py [NAME ...] [--out docs/robustness/mutation.md]``, with ``pip install cosmic-ray``; NAME
picks modules of `TESTS` by a part of their path. Mutants that no test notices are held against `mutation.toml`, which
says of those that are known why they change nothing; any other makes the run fail. The tree is copied first, so nothing
is changed in place.

Cosmic Ray makes the mutants. Its way of testing one is replaced: it would start an interpreter for each, which takes
longer than the tests; here a process that has the libraries loaded is forked instead. Rules run uncompiled.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import re
import shlex
import shutil
import signal
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

import cosmic_ray.mutating
from cosmic_ray.commands.init import init
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome
from tables import markdown

ROOT = Path(__file__).parents[1]
UNEXPLAINED = "**not explained**"

_HEAD = """\
# Mutation: which small errors the tests notice

Written by `make mutation` on {day} with Python {python} and Cosmic Ray {tool}.

A mutant is a module with one small error put in: an operation turned into its inverse, a comparison negated or its
bound moved in or out, a condition negated, `and` and `or` exchanged, a number raised by one, a loop that does nothing,
an exception that is no longer caught. A mutant is noticed if a test of its module fails (`TESTS` in
`benchmarks/mutation.py`); the rest of the suite may notice more. Some mutants compute the same as the module itself, or
the same but slower; `benchmarks/mutation.toml` names each with its reason.

**Score: {score}** of the mutants that change anything were noticed ({plain} of all).
"""

# Tests that need figures, which take seconds to draw, come last.
_FIGURES = "(these_files or may_read or python_holds or six_digits or how_to_repeat or every_other_file)"
_STORE = (
    "tests/experiment/test_files.py",
    f"tests/experiment/test_store.py -k 'not {_FIGURES}'",
    f"tests/experiment/test_store.py -k '{_FIGURES}'",
)

#: The tests of each module, one call of pytest after another; a mutant has to fall to these alone.
TESTS = {
    "sim/draws.py": ("tests/test_draws.py",),
    "sim/rules/bargaining.py": ("tests/rules/test_bargaining.py",),
    "sim/rules/beliefs.py": ("tests/rules/test_beliefs.py",),
    "sim/rules/choice.py": ("tests/rules/test_choice.py",),
    "sim/rules/front.py": ("tests/rules/test_front.py",),
    "sim/rules/truce.py": ("tests/rules/test_truce.py",),
    "sim/rules/war.py": ("tests/rules/test_war.py",),
    "sim/experiment/files.py": _STORE,
    "sim/experiment/parts.py": _STORE,
    "sim/experiment/store.py": _STORE,
}

#: Of the operators of Cosmic Ray those whose mutants differ: each operation against its inverse, each comparison
#: against its negation and with its bound moved in or out, conditions negated, numbers one more. (Of numbers one less
#: too many change nothing: `shape[-1]` is `shape[0]` of an array of one axis.)
OPERATORS = re.compile(
    r"core/(ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Pow_Mul|LShift_RShift|BitAnd_BitOr)"
    r"|ReplaceComparisonOperator_(Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt|Eq_NotEq|NotEq_Eq"
    r"|Is_IsNot|IsNot_Is)"
    r"|ReplaceUnaryOperator_(USub_UAdd|Delete_Not)|ReplaceTrueWithFalse|ReplaceFalseWithTrue|ReplaceAndWithOr"
    r"|ReplaceOrWithAnd|ReplaceBreakWithContinue|ReplaceContinueWithBreak|ZeroIterationForLoop|AddNot"
    r"|ExceptionReplacer)"
)

#: What every test needs and no mutant changes.
LIBRARIES = ("hypothesis", "mesa", "numba", "pandas", "pyarrow.parquet", "pytest", "scipy.integrate", "scipy.stats")


def tested(module: str, timeout: float) -> tuple[TestOutcome, str]:
    """Run the tests of a module as it now is; those that take too long count as failed, as do those that cannot start.

    In the form in which Cosmic Ray asks for it.
    """
    for tests in TESTS[module]:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = _run_tests(tests, timeout)
            finally:
                os._exit(code)
        if os.waitpid(child, 0)[1] != 0:
            return TestOutcome.KILLED, ""
    return TestOutcome.SURVIVED, ""


def _run_tests(tests: str, timeout: float) -> int:
    import pytest

    signal.alarm(int(timeout))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *shlex.split(tests)]))


def is_wanted(mutation: MutationSpec) -> bool:
    """Tell the mutants that are tested; of numbers, each second is the one that is one less."""
    if mutation.operator_name == "core/NumberReplacer":
        return mutation.occurrence % 2 == 0
    return OPERATORS.fullmatch(mutation.operator_name) is not None


def mutants(module: str, session: Path, timeout: float) -> Iterator[tuple[int, str, str, str, bool]]:
    """Try every mutant of a module: its line, the function, what stood there, what does now, and if it was noticed."""
    from numba.core import config

    config.DISABLE_JIT = int("rules" in module)  # a child reads it as it imports the rules
    sys.dont_write_bytecode = False
    if tested(module, timeout)[0] is not TestOutcome.SURVIVED:
        sys.exit(f"The tests of {module} fail without any mutant")
    sys.dont_write_bytecode = True  # a mutant may be as old and as long as the file itself
    database = WorkDB(session, WorkDB.Mode.create)
    init([Path(module)], database, {})
    for item in database.work_items:
        (mutation,) = item.mutations
        if is_wanted(mutation):
            result = cosmic_ray.mutating.mutate_and_test([mutation], module, timeout)
            lines = (result.diff or "").splitlines()
            was, becomes = (
                " ".join(line[1:].strip() for line in lines if re.match(rf"[{sign}](?![-+]{{2}})", line))
                for sign in "-+"
            )
            yield mutation.start_pos[0], mutation.definition_name or "", was, becomes, result.is_killed
    database.close()


def reasons() -> dict[tuple[str, str, str], str]:
    """Return why a mutant changes nothing, by its module, its function and its line without spaces."""
    known = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["equal"]
    return {
        (entry["module"], entry["function"], _squeezed(line)): entry["because"]
        for entry in known
        for line in entry["lines"]
    }


def _squeezed(code: str) -> str:
    return re.sub(r"\s", "", code)


def _cell(code: str) -> str:
    return f"`{code}`".replace("|", r"\|")


def measure(modules: list[str], timeout: float) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return a row for each module, and one for each mutant that was not noticed."""
    known, counts, unnoticed = reasons(), [], []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "truce"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "results", "notebooks", "build"))
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        for module in modules:
            rows = [
                {
                    "where": f"{module}:{line}", "there": _cell(was), "in the mutant": _cell(becomes),
                    "why it changes nothing": known.get((module, function, _squeezed(becomes)), UNEXPLAINED),
                    "noticed": noticed,
                }
                for line, function, was, becomes, noticed in mutants(module, Path(folder) / "session.sqlite", timeout)
            ]  # fmt: skip
            (Path(folder) / "session.sqlite").unlink()
            left = [{name: row[name] for name in list(row)[:-1]} for row in rows if not row["noticed"]]
            explained = sum(row["why it changes nothing"] != UNEXPLAINED for row in left)
            counts.append({
                "module": module, "mutants": len(rows), "noticed": len(rows) - len(left), "change nothing": explained,
                "not explained": len(left) - explained,
            })  # fmt: skip
            unnoticed += left
            print(markdown(counts[-1:]), *([markdown(left)] if left else []), sep="\n", flush=True)
    return counts, unnoticed


def page(counts: list[dict[str, object]], unnoticed: list[dict[str, object]]) -> str:
    """Return the page on what was measured."""
    sums = [sum(int(str(row[name])) for row in counts) for name in list(counts[0])[1:]]
    total = dict(zip(counts[0], ["together", *sums], strict=True))
    made, noticed, equal, _ = sums
    head = _HEAD.format(
        day=date.today().isoformat(), python=platform.python_version(), tool=version("cosmic-ray"),
        score=f"{noticed / (made - equal):.1%}", plain=f"{noticed / made:.1%}",
    )  # fmt: skip
    parts = [head, markdown([*counts, total])]
    if unnoticed:
        parts += ["\n## What no test noticed\n", markdown(unnoticed)]
    return "\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of the paths of modules; by default all")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for a call of pytest")
    parser.add_argument("--out", type=Path, help="write the result there, as Markdown")
    asked = parser.parse_args()
    cosmic_ray.mutating.run_tests = tested
    for library in LIBRARIES:
        importlib.import_module(library)
    from hypothesis import Phase, settings

    settings.register_profile("mutation", phases=[Phase.generate], database=None)  # found is enough: no shrinking
    settings.load_profile("mutation")
    out = asked.out and asked.out.resolve()
    modules = [module for module in TESTS if not asked.names or any(name in module for name in asked.names)]
    counts, unnoticed = measure(modules, asked.timeout)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page(counts, unnoticed), "utf-8")
    sys.exit(any(row["not explained"] for row in counts))


if __name__ == "__main__":
    main()
