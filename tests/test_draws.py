"""Common random numbers: a draw depends on seed, stream, week, run and replication, and on nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.draws import PARAMETER, Draws

MANY = 20_000


def test_more_runs_leave_the_first_ones_as_they_were():
    few, many = Draws(1, runs=7), Draws(1, runs=100)
    np.testing.assert_array_equal(few.uniform("front", 3), many.uniform("front", 3)[:7])


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4, 5, 7, 8, 1023])
@pytest.mark.parametrize("week", [None, 0, 1, 103])
def test_a_chunk_is_a_part_of_the_whole_wherever_it_begins(first, week):
    whole, part = Draws(5, runs=1040), Draws(5, runs=9, first_run=first)
    np.testing.assert_array_equal(part.uniform("talks", week), whole.uniform("talks", week)[first : first + 9])


def test_a_run_far_out_can_be_drawn_alone():
    first = 10**12 + 3
    np.testing.assert_array_equal(
        Draws(1, 1, first).uniform("front", 0), Draws(1, 6, first - 3).uniform("front", 0)[3:4]
    )


@pytest.mark.parametrize(("week", "counter"), [(None, 2**63), (0, 0), (103, 103)])
def test_the_numbers_are_those_of_a_philox_generator_of_their_own(week, counter):
    draws = Draws(3, runs=11, replication=2)
    draws.uniform("talks", 5)  # leaves three numbers over
    own = np.random.Philox(key=draws._key("front"), counter=[0, counter, 0, 0])
    np.testing.assert_array_equal(draws.uniform("front", week), np.random.Generator(own).random(11))


@pytest.mark.parametrize(
    ("stream", "week", "replication", "numbers"),
    [
        ("front", 0, 0, [0.2849111965919501, 0.6238469721514246, 0.3087137690445456]),
        ("front", 0, 1, [0.9105725166516033, 0.7907815761980981, 0.9407917723504422]),
        ("talks", None, 0, [0.0029548928861832247, 0.24163298603063132, 0.5998589822828504]),
        (f"{PARAMETER}front.pace", None, 1, [0.8309952184167241, 0.31863927320883534, 0.9920285547162219]),
    ],
)
def test_the_luck_of_a_seed_is_the_same_for_ever(stream, week, replication, numbers):
    """Results that were published can be computed again only as long as this holds."""
    np.testing.assert_array_equal(Draws(7, 3, 1, replication).uniform(stream, week), numbers)


@pytest.mark.parametrize("copies", [2, 3])
def test_copies_share_their_luck_in_every_law(copies):
    one, many = Draws(1, runs=5, first_run=2), Draws(1, runs=5, first_run=2, copies=copies)
    for law in ("uniform", "normal", "logistic", "exponential"):
        np.testing.assert_array_equal(getattr(many, law)("x", 1), np.tile(getattr(one, law)("x", 1), copies))
    gumbel = many.gumbel("x", ("a", "b"), 1)
    np.testing.assert_array_equal(gumbel, np.tile(one.gumbel("x", ("a", "b"), 1), (copies, 1)))


def test_what_was_drawn_stays_as_it_is():
    draws = Draws(1, runs=5)
    first = draws.normal("front", 0)
    kept = first.copy()
    draws.normal("front", 1)
    np.testing.assert_array_equal(first, kept)


def test_the_order_of_calls_does_not_matter():
    forth, back = Draws(1, runs=5), Draws(1, runs=5)
    asked = [("front", 0), ("talks", 0), ("front", 1), ("front", None)]
    one = {key: forth.uniform(*key) for key in asked}
    two = {key: back.uniform(*key) for key in reversed(asked)}
    for key in asked:
        np.testing.assert_array_equal(one[key], two[key])


def test_asking_twice_gives_the_same():
    draws = Draws(1, runs=5)
    np.testing.assert_array_equal(draws.normal("front", 2), draws.normal("front", 2))


@pytest.mark.parametrize(
    "others",
    [("front", 1), ("front", None), ("tfron", 0), ("front ", 0), ("", 0)],
    ids=["another week", "before the start", "another order of letters", "one letter more", "no name"],
)
def test_streams_and_weeks_are_independent(others):
    draws = Draws(1, runs=MANY)
    # The correlation of independent samples has standard error 1 / sqrt(20,000) = 0.007.
    assert abs(np.corrcoef(draws.uniform("front", 0), draws.uniform(*others))[0, 1]) < 0.028


def test_neighbouring_runs_are_independent():
    u = Draws(1, runs=MANY).uniform("front", 0)
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.028


def test_different_seeds_differ():
    numbers = [Draws(seed, runs=MANY).uniform("front", 0) for seed in (0, 1, 2**32, 2**32 + 1)]
    assert np.abs(np.corrcoef(numbers) - np.eye(4)).max() < 0.03


def test_a_seed_may_be_huge():
    huge, next_one = Draws(2**200 + 7, runs=4), Draws(2**200 + 8, runs=4)
    assert not (huge.uniform("front", 0) == next_one.uniform("front", 0)).any()


def test_a_stream_may_have_any_name():
    assert not (Draws(1, 4).uniform("Przełęcz", 0) == Draws(1, 4).uniform("Przelecz", 0)).any()


def test_the_first_replication_is_the_ensemble_itself():
    plain, first = Draws(1, runs=9), Draws(1, runs=9, replication=0)
    for stream in ("front", f"{PARAMETER}front.pace"):
        np.testing.assert_array_equal(plain.uniform(stream, 3), first.uniform(stream, 3))


def test_a_replication_keeps_the_parameters():
    plain, again = Draws(1, runs=9), Draws(1, runs=9, replication=7)
    stream = f"{PARAMETER}front.pace"
    np.testing.assert_array_equal(plain.uniform(stream), again.uniform(stream))


@pytest.mark.parametrize("stream", ["front", "the parameter: pace", "parameters", ""])
@pytest.mark.parametrize("week", [None, 0, 5])
def test_a_replication_draws_all_other_luck_anew(stream, week):
    numbers = [Draws(1, MANY, replication=replication).uniform(stream, week) for replication in range(3)]
    assert np.abs(np.corrcoef(numbers) - np.eye(3)).max() < 0.03


def test_a_replication_is_no_other_seed_and_no_other_stream():
    again = Draws(1, MANY, replication=1).uniform("front", 0)
    others = [Draws(seed, MANY).uniform("front", 0) for seed in (0, 2, 2**32 + 1)]
    others += [Draws(1, MANY).uniform(stream, 0) for stream in ("front1", "front\1", "1")]
    assert max(abs(np.corrcoef(again, other)[0, 1]) for other in others) < 0.03


def test_a_chunk_of_a_replication_is_a_part_of_it():
    whole, part = Draws(1, 20, replication=1), Draws(1, 6, first_run=7, replication=1)
    np.testing.assert_array_equal(part.uniform("front", 2), whole.uniform("front", 2)[7:13])


def test_draws_do_not_depend_on_the_hash_seed_of_the_process():
    code = "from sim.draws import Draws; print(Draws(1, 3).gumbel('review', ('a', 'b'), 4).tobytes().hex())"
    root = Path(__file__).parents[1]

    def told(hash_seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, check=True
        ).stdout

    here = Draws(1, 3).gumbel("review", ("a", "b"), 4).tobytes().hex()
    assert told("1") == told("2") == here + "\n"


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("uniform", stats.uniform()),
        ("normal", stats.norm()),
        ("logistic", stats.logistic()),
        ("exponential", stats.expon()),
    ],
)
def test_each_law_has_its_quantiles(name, law):
    sample = getattr(Draws(1, runs=MANY), name)("front", 0)
    # A fixed seed, so this cannot fail by chance; 0.0115 is the 1 % point of Kolmogorov's statistic at 20,000.
    assert stats.kstest(sample, law.cdf).statistic < 0.0115
    assert sample.mean() == pytest.approx(law.mean(), abs=4 * law.std() / MANY**0.5)
    assert sample.std() == pytest.approx(law.std(), rel=0.04)


def test_gumbel_numbers_are_gumbel_and_independent_between_options():
    sample = Draws(1, runs=MANY).gumbel("review", ("mediate", "press", "leave"), 0)
    assert sample.shape == (MANY, 3)
    for column in sample.T:
        assert stats.kstest(column, stats.gumbel_r().cdf).statistic < 0.0115
    assert np.abs(np.corrcoef(sample.T) - np.eye(3)).max() < 0.03


def test_a_further_option_leaves_the_luck_of_the_others():
    draws = Draws(1, runs=5)
    two, three = draws.gumbel("review", ("a", "b"), 0), draws.gumbel("review", ("a", "c", "b"), 0)
    np.testing.assert_array_equal(two, three[:, [0, 2]])


def test_the_same_luck_stands_behind_every_law():
    draws = Draws(1, runs=50)
    order = np.argsort(draws.uniform("front", 0))
    np.testing.assert_array_equal(order, np.argsort(draws.normal("front", 0)))
    np.testing.assert_array_equal(order, np.argsort(draws.logistic("front", 0)))
    np.testing.assert_array_equal(order, np.argsort(-draws.exponential("front", 0)))


@pytest.mark.parametrize("extreme", [0.0, 1 - 2.0**-53], ids=["smallest", "largest"])
def test_no_law_is_ever_infinite(monkeypatch, extreme):
    """The generator can give zero; it never gives one."""

    class Extreme:
        def __init__(self, _generator):
            pass

        def random(self, n):
            return np.full(n, extreme)

    monkeypatch.setattr("sim.draws.np.random.Generator", Extreme)
    draws = Draws(1, runs=3)
    assert ((draws.uniform("front") > 0) & (draws.uniform("front") < 1)).all()
    assert (draws.uniform("front") == max(extreme, 2.0**-54)).all()  # for zero stands half of the generator's step
    for numbers in (draws.normal("x"), draws.logistic("x"), draws.exponential("x"), draws.gumbel("x", ("a",))):
        assert np.isfinite(numbers).all()
