"""Feed hostile input to what Truce reads, and count what is answered; exit code 1 if a bar is broken.

``python benchmarks/fuzz.py [--target scenario] [--files 100000] [--seed 1] [--only NUMBER]``

Each case is made from the seed and its number, so that ``--only`` shows one again. Bars of every case: an answer (the
input is accepted, or refused with one error of bounded length), no traceback, no warning, at most 2 seconds of
processor time, and a process that never passes 500 MB.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter

from fuzzing.watch import BROKEN, CHARACTERS, MEGABYTES, SECONDS, Answer, alone, answers
from tables import markdown

TARGETS = ("scenario", "design", "questions", "observations", "directory", "command")

#: Broken cases that are printed whole.
_SHOWN = 20


def main() -> int:
    """Carry out what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--target", choices=TARGETS, default="scenario")
    parser.add_argument("--files", type=int, default=1000, help="number of cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="show this case alone")
    given = parser.parse_args()
    if given.only is not None:
        case, answer = alone(given.target, given.seed, given.only)
        print(repr(case)[:5000], answer, answer.detail, sep="\n")
        return int(answer.answer in BROKEN)
    found: list[Answer] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for answer in answers(given.target, given.seed, range(given.first, given.first + given.files)):
            _note(answer, found)
    except KeyboardInterrupt:
        print("Stopped; this is about the cases that were carried out.")
    print(_report(given.target, given.seed, found))
    return int(any(answer.answer in BROKEN for answer in found))


def _note(answer: Answer, found: list[Answer]) -> None:
    if answer.answer in BROKEN:
        print(f"case {answer.number} ({answer.kind}): {answer.answer}, {answer.seconds:.1f} s", file=sys.stderr)
        if sum(one.answer in BROKEN for one in found) < _SHOWN:
            print(answer.detail, file=sys.stderr)
    else:
        answer = answer._replace(detail="")
    found.append(answer)
    if len(found) % 1000 == 0:
        print(f"{len(found):,} cases", file=sys.stderr)


def _report(target: str, seed: int, found: list[Answer]) -> str:
    broken = [answer for answer in found if answer.answer in BROKEN]
    accepted = sum(answer.answer == "accepted" for answer in found)
    slowest, largest = max(found, key=lambda one: one.seconds), max(found, key=lambda one: one.megabytes)
    kinds = Counter(answer.kind for answer in found)
    by_kind = [
        {"input": kind, "cases": f"{count:,}", **{
            title: f"{sum(a.kind == kind and test(a) for a in found):,}" for title, test in {
                "accepted": lambda a: a.answer == "accepted", "refused": lambda a: a.answer.startswith("refused"),
                "broken": lambda a: a.answer in BROKEN}.items()},
         "longest (s)": f"{max(a.seconds for a in found if a.kind == kind):.2f}"}
        for kind, count in kinds.most_common()
    ]  # fmt: skip
    by_answer = [{"answer": answer, "cases": f"{n:,}"} for answer, n in Counter(a.answer for a in found).most_common()]
    return "\n\n".join((
        f"{len(found):,} cases of `{target}`, seed {seed}: {accepted:,} accepted, "
        f"{len(found) - accepted - len(broken):,} refused, {len(broken):,} broke a bar "
        f"({SECONDS:g} s, {MEGABYTES} MB, {CHARACTERS:,} characters).",
        f"Longest: {slowest.seconds:.2f} s of processor time ({slowest.kind}); peak of the process: "
        f"{largest.megabytes:.0f} MB.",
        markdown(by_kind), markdown(by_answer),
    ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
