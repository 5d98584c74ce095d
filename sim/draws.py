"""All randomness of Truce: named streams of uniform numbers, one per run and week.

A number depends on the seed, the name of its stream, the week and the run, and on nothing else. So run i
of two scenarios meets the same luck (common random numbers); adding an actor or a week shifts nobody
else's luck; and any cut of an ensemble into chunks, on any machine, gives the same runs.

An ensemble can be repeated with other luck: the streams of parameters stay what they are, all others are
drawn anew. So what comes from not knowing the parameters can be told from luck (`sim.analysis.spread`).

NumPy's Philox is the generator: its key comes from (seed, stream name, replication), its counter from (run, week).
Every other law is an inverse cumulative distribution function of these uniforms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import FloatArray

_BLOCK = 4  # Philox yields four numbers per counter value
_SMALLEST = 2.0**-54  # keeps log(u) finite; half of the generator's own step
_START = 2**63  # counter word of draws made once, before week 0

#: How the names of the streams begin that give the uncertain parameters their values.
PARAMETER = "parameter: "


class Draws:
    """Random numbers for the runs ``first_run .. first_run + runs - 1`` of one seed.

    Parameters
    ----------
    seed
        Any non-negative integer.
    runs
        Number of runs.
    first_run
        Index of the first run within the whole ensemble.
    replication
        Which repetition of the ensemble this is, from 0: the same parameters in all of them, other luck in each.
    copies
        How often the runs are laid one after another, for designs whose points share their luck. Every array that
        is returned then has ``copies * runs`` numbers along its first axis, called *runs* below.

    Examples
    --------
    >>> whole, part = Draws(1, runs=8), Draws(1, runs=3, first_run=5)
    >>> bool((whole.uniform("front", 2)[5:] == part.uniform("front", 2)).all())
    True
    """

    def __init__(self, seed: int, runs: int, first_run: int = 0, replication: int = 0, copies: int = 1) -> None:
        self.seed, self.runs, self.first_run, self.replication, self.copies = seed, runs, first_run, replication, copies
        self._keys: dict[str, tuple[int, ...]] = {}
        # One Philox is put into the state of every draw; to make one anew takes longer than to draw a thousand runs.
        self._bits = np.random.Philox(key=0)
        self._state: Any = self._bits.state
        self._state["buffer_pos"] = _BLOCK  # nothing is left over from the draw before

    def uniform(self, stream: str, week: int | None = None) -> FloatArray:
        """Return uniform numbers in (0, 1), shape (runs,).

        Parameters
        ----------
        stream
            Name of the stream, by its meaning ("front momentum").
        week
            Week of the draw; ``None`` for what is drawn once per run.
        """
        return self._for_all_copies(self._uniform(stream, week))

    def normal(self, stream: str, week: int | None = None) -> FloatArray:
        """Return standard normal numbers, shape (runs,)."""
        from scipy.special import ndtri

        u = self._uniform(stream, week)
        return self._for_all_copies(np.asarray(ndtri(u, out=u), dtype=np.float64))

    def logistic(self, stream: str, week: int | None = None) -> FloatArray:
        """Return standard logistic numbers: ``score > -noise`` is a logit choice. Shape (runs,)."""
        u = self._uniform(stream, week)
        numbers = np.log(u)
        numbers -= np.log1p(np.negative(u, out=u), out=u)
        return self._for_all_copies(numbers)

    def exponential(self, stream: str, week: int | None = None) -> FloatArray:
        """Return standard exponential numbers: an event with hazard h happens if ``noise < h``. Shape (runs,)."""
        return self._for_all_copies(_minus_log(self._uniform(stream, week)))

    def gumbel(self, stream: str, options: tuple[str, ...], week: int | None = None) -> FloatArray:
        """Return standard Gumbel numbers, one stream per option, shape (runs, options).

        The largest of score + noise is a multinomial logit choice (McFadden 1974).
        """
        numbers = np.empty((self.runs, len(options)))
        for k, name in enumerate(options):
            numbers[:, k] = _minus_log(_minus_log(self._uniform(f"{stream}: {name}", week)))
        return self._for_all_copies(numbers)

    def _uniform(self, stream: str, week: int | None) -> FloatArray:
        """Return the numbers of one copy, in an array that nobody else holds."""
        key = self._keys.get(stream)
        if key is None:
            key = self._keys[stream] = tuple(map(int, self._key(stream)))
        block, skip = divmod(self.first_run, _BLOCK)
        self._state["state"] = {"counter": (block, _START if week is None else week, 0, 0), "key": key}
        self._bits.state = self._state
        numbers = np.random.Generator(self._bits).random(skip + self.runs)[skip:]
        return np.maximum(numbers, _SMALLEST, out=numbers)

    def _for_all_copies(self, numbers: FloatArray) -> FloatArray:
        if self.copies == 1:
            return numbers
        return np.tile(numbers, (self.copies,) + (1,) * (numbers.ndim - 1))

    def _key(self, stream: str) -> NDArray[np.uint64]:
        name = int.from_bytes(stream.encode(), "little")
        luck_again = self.replication > 0 and not stream.startswith(PARAMETER)
        entropy, spawned = [self.seed, len(stream), name], (self.replication,) if luck_again else ()
        state = np.random.SeedSequence(entropy, spawn_key=spawned).generate_state(2, np.uint64)
        return state.astype(np.uint64)


def _minus_log(numbers: FloatArray) -> FloatArray:
    """Return the negative logarithm, in the place of the numbers."""
    np.log(numbers, out=numbers)
    return np.negative(numbers, out=numbers)
