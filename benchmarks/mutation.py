"""How many small errors in the rules, the draws and the store the tests notice: a mutation run with Cosmic Ray.

    python benchmarks/mutation.py [NAME ...] [--out FILE]

NAME picks modules of the table below by a part of their path. A line a module is printed, and below it the change in
every mutant that no test noticed; `docs/robustness/mutation.md` says what became of each. The tree is copied first, so
nothing is changed in place.

Cosmic Ray makes the mutants. Its way of testing one is replaced: it would start an interpreter for each, which takes
longer than the tests; here a process with the libraries loaded is forked instead. Rules run uncompiled.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ |= {"NUMBA_DISABLE_JIT": "1", "OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

import cosmic_ray.mutating
from cosmic_ray.commands.init import init
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome

ROOT = Path(__file__).parents[1]

#: The tests of each module; a mutant has to fall to these alone.
TESTS = {
    "sim/draws.py": ["tests/test_draws.py"],
    "sim/rules/bargaining.py": ["tests/rules/test_bargaining.py"],
    "sim/rules/beliefs.py": ["tests/rules/test_beliefs.py"],
    "sim/rules/choice.py": ["tests/rules/test_choice.py"],
    "sim/rules/front.py": ["tests/rules/test_front.py"],
    "sim/rules/truce.py": ["tests/rules/test_truce.py"],
    "sim/rules/war.py": ["tests/rules/test_war.py"],
    "sim/experiment/files.py": ["tests/experiment/test_files.py", "tests/experiment/test_store.py"],
    "sim/experiment/parts.py": ["tests/experiment/test_store.py"],
    "sim/experiment/store.py": ["tests/experiment/test_store.py"],
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


def forked(command: str, timeout: float) -> tuple[TestOutcome, str]:
    """Run the tests in a child of this process; what takes too long counts as noticed, as does what cannot start."""
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.alarm(int(timeout))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = 1
        try:
            import pytest

            code = int(pytest.main(shlex.split(command)))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return (TestOutcome.SURVIVED if status == 0 else TestOutcome.KILLED), ""


def is_wanted(mutation: MutationSpec) -> bool:
    """Tell the mutants that are tested; of numbers, each second is the one that is one less."""
    if mutation.operator_name == "core/NumberReplacer":
        return mutation.occurrence % 2 == 0
    return OPERATORS.fullmatch(mutation.operator_name) is not None


def survivors_of(module: str, session: Path, timeout: float) -> tuple[int, list[str]]:
    """Return the number of mutants of a module, and the change in each that was not noticed."""
    command = shlex.join(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *TESTS[module]])
    sys.dont_write_bytecode = False
    if forked(command, timeout)[0] is not TestOutcome.SURVIVED:
        sys.exit(f"The tests of {module} fail without any mutant")
    sys.dont_write_bytecode = True
    database = WorkDB(session, WorkDB.Mode.create)
    init([Path(module)], database, {})
    mutants = [item for item in database.work_items if is_wanted(item.mutations[0])]
    database.close()
    unnoticed = []
    for mutant in mutants:
        result = cosmic_ray.mutating.mutate_and_test(mutant.mutations, command, timeout)
        if not result.is_killed:
            line, name = mutant.mutations[0].start_pos[0], mutant.mutations[0].operator_name.removeprefix("core/")
            changed = [text for text in (result.diff or "").splitlines() if re.match(r"[-+](?![-+])", text)]
            unnoticed.append("\n".join([f"{module}:{line} {name}", *changed]))
            print(unnoticed[-1], flush=True)
    return len(mutants), unnoticed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of the paths of modules; by default all")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for the tests of one mutant")
    asked = parser.parse_args()
    modules = [module for module in TESTS if not asked.names or any(name in module for name in asked.names)]
    cosmic_ray.mutating.run_tests = forked
    for library in LIBRARIES:
        importlib.import_module(library)
    from hypothesis import Phase, settings

    settings.register_profile("mutation", phases=[Phase.generate], database=None)  # found is enough: no shrinking
    settings.load_profile("mutation")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "truce"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "results", "notebooks"))
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        for module in modules:
            begun = time.process_time() + sum(os.times()[2:4])
            number, unnoticed = survivors_of(module, Path(folder) / f"{Path(module).stem}.sqlite", asked.timeout)
            spent = time.process_time() + sum(os.times()[2:4]) - begun
            print(f"{module}: {number} mutants, {len(unnoticed)} not noticed ({spent:.0f} CPU s)", flush=True)


if __name__ == "__main__":
    main()
