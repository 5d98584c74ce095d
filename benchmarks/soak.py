"""Soak the store: runs of every scenario, interrupted and damaged again and again, must end as if nothing had been.

The runs are carried out by the ordinary command, ``truce compare``, on a disk of their own where one can be mounted.
The first half of the batch is disturbed by the faults of `FAULTS` in turn; after each the command is given again. Meanwhile
memory and open files of the command and of its workers are sampled. At the end every tenth part is carried out once
more, undisturbed and with the invariants looked at, and compared byte for byte.

    python benchmarks/soak.py [--runs 1000000] [--faults 32] [--workers 2] [--chunk 1024] [--report soak.json]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tables import markdown

import sim
from sim.experiment import Experiment
from sim.experiment.batch import blocks_of
from sim.experiment.chunk import simulate
from sim.experiment.directory import read_manifest
from sim.experiment.products import digest_of
from sim.experiment.store import Store

#: Faults come while less than this share of the parts is there; the rest is one long undisturbed stretch.
DISTURBED = 0.5
#: One part of so many is carried out again.
AGAIN = 10
#: Flat: from the first to the last quarter of the longest stretch, the median of the memory grows by no more than this,
#: MiB, and that of the open files not at all.
FLAT_MEMORY = 16.0
_PARTS = ("outcomes", "repeats")


class Batch:
    """The command and its directory.

    Parameters
    ----------
    place
        An empty directory.
    runs
        Runs of each scenario.
    chunk
        Most runs that advance together and are stored as one part.
    """

    def __init__(self, place: Path, runs: int, chunk: int, seed: int, workers: int) -> None:
        self.place, self.directory, self.chunk = place, place / "out", chunk
        self.names = [listing.name for listing in sim.list_scenarios()]
        self.experiment = Experiment.of(self.names, runs=runs, seed=seed)
        words = ["compare", *self.names, "--runs", str(runs), "--seed", str(seed), "--chunk", str(chunk)]
        self.command = [sys.executable, "-m", "sim", *words, "--workers", str(workers), "--quiet"]
        self.command += ["--max-failures", "0", "--out", str(self.directory)]
        again = blocks_of(self.experiment, range(self.experiment.spread_runs), chunk=chunk, replication=1)
        self.blocks = [*again, *blocks_of(self.experiment, range(runs), chunk=chunk)]
        self.samples: list[dict[str, float]] = []
        self.lives = 0

    def start(self) -> subprocess.Popen[str]:
        """Give the command once more."""
        process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM)],
        )  # fmt: skip
        self.lives += 1
        self.running = process
        threading.Thread(target=self._watch, args=(process, self.lives), daemon=True).start()
        return process

    def end(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(AttributeError, ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)

    def parts(self) -> list[Path]:
        """Return the parts that are done."""
        return [path for table in _PARTS for path in sorted(self.directory.glob(f"{table}/[0-9]*.parquet"))]

    def wait_for(self, parts: int, process: subprocess.Popen[str]) -> None:
        """Return when there are so many parts, or the command has ended."""
        while len(self.parts()) < parts and process.poll() is None:
            time.sleep(0.05)

    def path(self, place: int) -> Path:
        """Return where the part of a block is."""
        block = self.blocks[place]
        return self.directory / _PARTS[bool(block.replication)] / f"{block.name}.parquet"

    def _watch(self, process: subprocess.Popen[str], life: int) -> None:
        while process.poll() is None:
            parts = len(self.parts())
            for role, number in [("command", process.pid), *(("worker", pid) for pid in children_of(process.pid))]:
                with contextlib.suppress(OSError, TypeError):
                    status = Path(f"/proc/{number}/status").read_text()
                    memory = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
                    handles = len(os.listdir(f"/proc/{number}/fd"))
                    sample = {"life": life, "pid": number, "parts": parts, "memory": memory, "handles": handles}
                    self.samples.append({"role": role, **sample})
            time.sleep(1)


def children_of(process: int) -> list[int]:
    """Return the worker processes of the command."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            words = (path.parent / "cmdline").read_bytes()
            if int(path.read_text().rpartition(")")[2].split()[1]) == process and b"spawn_main" in words:
                found.append(int(path.parent.name))
    return found


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the command, and return its exit code and the last that it said itself."""
    lines = process.communicate()[1].splitlines()
    return process.returncode, next((line for line in reversed(lines) if line.startswith(("truce:", "Traceback"))), "")


# ---- faults: each leaves the command ended, and says how


def sent(number: signal.Signals) -> Callable[[Batch, subprocess.Popen[str]], tuple[int, str]]:
    def fault(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
        os.kill(process.pid, number)
        return ended(process)

    return fault


def worker_killed(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    before = len(batch.parts())
    for worker in children_of(process.pid)[:1]:
        os.kill(worker, signal.SIGKILL)
    batch.wait_for(before + 4, process)  # it goes on with new workers by itself
    return sent(signal.SIGKILL)(batch, process)


def asleep(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    os.killpg(process.pid, signal.SIGSTOP)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGCONT)
    batch.wait_for(len(batch.parts()) + 4, process)
    return sent(signal.SIGKILL)(batch, process)


def no_handles(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    import resource

    hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[1]
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (3, hard))
    return ended(process)


def files_limited(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    import resource

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    return ended(process)


def second_writer(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    other = subprocess.run(batch.command, capture_output=True, text=True)
    sent(signal.SIGKILL)(batch, process)
    return other.returncode, other.stderr.splitlines()[-1]


def disk_full(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    filling = batch.place / "filling"
    room = os.statvfs(batch.place)
    with contextlib.suppress(OSError), filling.open("wb") as file:
        for _ in range(room.f_bavail * room.f_frsize // 2**20 + 1):
            file.write(bytes(2**20))
    how = ended(process)
    filling.unlink()
    return how


def read_only(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
    sent(signal.SIGKILL)(batch, process)
    subprocess.run(["mount", "-o", "remount,ro", str(batch.place)], check=True)
    try:
        return ended(batch.start())
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(batch.place)], check=True)


def damaged(damage: Callable[[Path], object]) -> Callable[[Batch, subprocess.Popen[str]], tuple[int, str]]:
    """Return the fault of a part that is found damaged when the command, killed, is given again."""

    def fault(batch: Batch, process: subprocess.Popen[str]) -> tuple[int, str]:
        how = sent(signal.SIGKILL)(batch, process)
        damage(random.choice(batch.parts()))
        return how

    return fault


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)


def leave_unfinished(path: Path) -> None:
    path.with_name(f".{path.name}.1.part").write_bytes(path.read_bytes()[:1000])


def move_into_place_of_another(path: Path) -> None:
    others = [other for other in path.parent.glob("[0-9]*.parquet") if other != path]
    path.write_bytes(random.choice(others).read_bytes())


#: The faults, by what happens; those of a disk only where one was mounted.
FAULTS: dict[str, Callable[[Batch, subprocess.Popen[str]], tuple[int, str]]] = {
    "killed (SIGKILL)": sent(signal.SIGKILL),
    "a worker killed": worker_killed,
    "stopped by hand (SIGINT)": sent(signal.SIGINT),
    "terminated (SIGTERM)": sent(signal.SIGTERM),
    "asleep (SIGSTOP, SIGCONT)": asleep,
    "no more open files": no_handles,
    "no larger files": files_limited,
    "a second writer": second_writer,
    "a torn part": damaged(lambda path: os.truncate(path, path.stat().st_size // 2)),
    "an empty part": damaged(lambda path: os.truncate(path, 0)),
    "a flipped bit": damaged(flip),
    "a part gone": damaged(Path.unlink),
    "a part in the place of another": damaged(move_into_place_of_another),
    "an unfinished part left": damaged(leave_unfinished),
}
OF_DISKS = {"the disk full": disk_full, "the disk read-only": read_only}


@contextlib.contextmanager
def disk(mebibytes: int) -> Iterator[tuple[Path, bool]]:
    """Give a disk of its own, or where none can be mounted a directory."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-o", f"size={mebibytes}m"]
        command = ["mount", "-t", "tmpfs", *options, "tmpfs", folder]
        try:
            mounted = subprocess.run(command, capture_output=True).returncode == 0
        except OSError:
            mounted = False
        try:
            yield Path(folder), mounted
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=True)


def disturb(batch: Batch, faults: dict[str, Callable[..., tuple[int, str]]], count: int) -> list[dict[str, object]]:
    """Carry out the batch to its end, with so many faults in its first half; return how the command ended each time."""
    rows: list[dict[str, object]] = []
    step = max(1, int(DISTURBED * len(batch.blocks) / max(count, 1)))
    for turn in range(count):
        name, fault = list(faults.items())[turn % len(faults)]
        there = len(batch.parts())
        process = batch.start()
        batch.wait_for(max(there + 2, step * (turn + 1)), process)
        if process.poll() is not None:
            code, told = ended(process)
            raise SystemExit(f"the command ended before the fault '{name}': {code} {told}")
        at = len(batch.parts())
        code, told = fault(batch, process)
        rows.append({"fault": name, "parts": at, "exit code": code, "told": told})
        print(f"{time.strftime('%H:%M:%S')} {at:,} parts: {name}: exit code {code} {told}", file=sys.stderr, flush=True)
    code, told = ended(batch.start())
    rows.append({"fault": "none: to the end", "parts": len(batch.parts()), "exit code": code, "told": told})
    return rows


def differences(batch: Batch, every: int = AGAIN) -> tuple[int, int, list[str]]:
    """Carry out one part of `every` again; return how many parts and runs, and the names of those that differ."""
    differ, runs = [], 0
    chosen = range(0, len(batch.blocks), every)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store(Path(folder) / "again", batch.experiment, batch.chunk, check=True) as store,
    ):
        for place in chosen:
            block = batch.blocks[place]
            store.keep(block, simulate(batch.experiment.task(block, check=True)))
            runs += block.size
            if store.path(block).read_bytes() != batch.path(place).read_bytes():
                differ.append(batch.path(place).name)
    return len(chosen), runs, differ


def flatness(samples: list[dict[str, float]]) -> list[dict[str, object]]:
    """Return, for the command and a worker, what the longest stretch held in its first and in its last quarter."""
    rows = []
    for role in ("command", "worker"):
        own = [sample for sample in samples if sample["role"] == role]
        if not own:
            continue
        longest = max({sample["pid"] for sample in own}, key=lambda pid: sum(s["pid"] == pid for s in own))
        stretch = [sample for sample in own if sample["pid"] == longest]
        # Where parts are counted it works; before, it imports; after the last, the command makes tables and figures.
        most = max(sample["parts"] for sample in samples)
        stretch = [s for s in stretch if stretch[0]["parts"] + 4 < s["parts"] < most]
        quarter = max(1, len(stretch) // 4)
        row: dict[str, object] = {"process": role, "samples": len(stretch)}
        for what in ("memory", "handles"):
            for when, some in (("first", stretch[:quarter]), ("last", stretch[-quarter:])):
                row[f"{what}, {when}"] = statistics.median([s[what] for s in some]) if some else float("nan")
        rows.append(row | {"memory, most": max((s["memory"] for s in own), default=float("nan"))})
    return rows


def main() -> None:
    """Soak, and print what happened; the exit code is 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000, help="runs of all scenarios together")
    parser.add_argument("--faults", type=int, default=2 * (len(FAULTS) + len(OF_DISKS)), help="number of faults")
    parser.add_argument("--chunk", type=int, default=1024, help="runs of a part")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of the command")
    parser.add_argument("--seed", type=int, default=1, help="seed of the runs, and of where faults strike")
    parser.add_argument("--report", type=Path, help="file for all that was noted, as JSON")
    given = parser.parse_args()
    random.seed(given.seed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that nothing is left mounted or running
    started = time.monotonic()
    with disk(64 + given.runs // 2000) as (place, mounted):
        batch = Batch(place, given.runs // len(sim.list_scenarios()), given.chunk, given.seed, given.workers)
        try:
            rows = disturb(batch, FAULTS | (OF_DISKS if mounted else {}), given.faults)
        finally:
            batch.end()
        manifest = read_manifest(batch.directory)
        results = sim.open(batch.directory)
        done = {name: sum(len(rows) for rows in results.frames(name, [])) for name in batch.names}
        digests = {name: digest_of(batch.directory / name) for name in manifest["files"]}
        again, again_runs, differ = differences(batch)
        seconds = time.monotonic() - started
    level = flatness(batch.samples)
    flat = all(
        row["memory, last"] <= row["memory, first"] + FLAT_MEMORY and row["handles, last"] <= row["handles, first"]
        for row in level
    )  # fmt: skip
    checks = {
        "every run of every scenario is there, and none failed": set(done.values()) == {batch.experiment.runs}
        and results.failed == 0 and results.complete,
        "every file is the one that the manifest names": digests == manifest["files"],
        "parts carried out again, undisturbed, have the same bytes": not differ,
        "the last command ended well": rows[-1]["exit code"] == 0,
        "memory and open files are flat": flat,
    }  # fmt: skip
    print(
        f"{sum(done.values()):,} runs of {len(done)} scenarios in {len(batch.blocks):,} parts; {given.faults} faults, "
        f"{batch.lives} commands, {seconds / 60:,.0f} minutes; {again:,} parts, {again_runs:,} runs, done again\n"
    )
    print(markdown([{key: value for key, value in row.items() if key != "told"} for row in rows]), end="\n\n")
    print(markdown(level), end="\n\n")
    for what, holds in checks.items():
        print(f"{'yes' if holds else 'NO '}  {what}")
    if given.report is not None:
        noted = {"runs": done, "faults": rows, "flat": level, "checks": checks, "samples": batch.samples}
        given.report.write_text(json.dumps(noted, indent=1))
    sys.exit(0 if all(checks.values()) else 1)


if __name__ == "__main__":
    main()
