"""Look for hostile input by coverage: libFuzzer, through atheris, keeps whatever takes a new way through a parser.

``python benchmarks/fuzz_coverage.py [--target scenario] [--seconds 600] [--corpus FOLDER]``

It begins with the files that come with Truce, or with what an earlier run left in the folder, and stops at the first
input that ends in anything but an answer. atheris is a tool for development: ``pip install atheris`` (Linux).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from importlib import import_module
from pathlib import Path

#: What is followed: the parsers. The model is not, because what is compiled cannot be.
FOLLOWED = (
    "sim.scenario", "sim.distributions", "sim.errors", "sim.inquiry.forms", "sim.inquiry.questions",
    "sim.inquiry.observations", "sim.experiment.design", "ruamel.yaml",
)  # fmt: skip

#: Longest input, in bytes.
_LONGEST = 4096

_TARGETS = {"scenario": "case.yaml", "design": "case.csv", "questions": "case.yaml", "observations": "case.yaml"}


def main() -> None:
    """Fuzz until the time is over; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--target", choices=_TARGETS, default="scenario")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="folder that inputs are kept in  [default: a temporary one]")
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        sys.exit("this needs atheris, which is no dependency of Truce: pip install atheris")
    with atheris.instrument_imports(include=list(FOLLOWED)):
        import ruamel.yaml  # noqa: F401  before sim, which imports it inside

        module = import_module(f"fuzzing.{given.target}")
        from sim.errors import TruceError
    corpus = (given.corpus or Path(tempfile.mkdtemp())).resolve()
    corpus.mkdir(parents=True, exist_ok=True)
    for place, content in enumerate(_beginning(given.target)):
        (corpus / f"real{place}").write_bytes(content)
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    words = Path("words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in _words() if word), "utf-8")
    module.prepare()
    warnings.simplefilter("error")  # a user would see them beside the answer

    def one_input(data: bytes) -> None:
        try:
            module.carry_out(("coverage", data, _TARGETS[given.target]))
        except TruceError as error:
            assert 0 < len(str(error)) < 8000, "no error of bounded length"

    options = [f"-max_total_time={given.seconds}", f"-max_len={_LONGEST}", "-timeout=20", "-rss_limit_mb=1000"]
    options += [f"-dict={words}", "-print_final_stats=1", f"-artifact_prefix={corpus.parent}/", str(corpus)]
    atheris.Setup([sys.argv[0], *options], one_input)
    atheris.Fuzz()


def _beginning(target: str) -> list[bytes]:
    root = Path(__file__).parents[1]
    folders = {"scenario": root / "scenarios"} | {name: root / "sim" / name for name in ("questions", "observations")}
    if target == "design":
        return [b"russia.stall,russia.confidence\n0.5,0.6\n0.1,0.2\n", b"point,front.kherson_share\n0,0.25\n"]
    return [path.read_bytes() for path in sorted(folders[target].glob("*.yaml"))]


def _words() -> list[str]:
    from fuzzing.pieces import DATES, NUMBERS, WORDS

    from sim.distributions import DISTRIBUTIONS
    from sim.parameters import PARAMETERS
    from sim.scenario.schema import ACTIONS

    keys = ("title", "question", "extends", "events", "date", "do", "size", "set", "uncertainty", "horizon", "deadline")
    return [*keys, *ACTIONS, *DISTRIBUTIONS, *PARAMETERS, *DATES, *NUMBERS, *WORDS]


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass")[:100])


if __name__ == "__main__":
    main()
