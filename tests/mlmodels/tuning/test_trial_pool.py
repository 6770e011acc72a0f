"""Processes that work on trials may die, be broken off and be left, and nobody waits for them."""

import os
import signal

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.building import Recipe
from mlmodels.tuning import trial_pool
from mlmodels.tuning.trial_pool import PoolBroken, TrialPool
from mlmodels.tuning.work import Work
from tests.mlmodels.tuning.fatal import Fatal

WAIT = 30.0


def work() -> Work:
    X = pd.DataFrame({"bias": np.linspace(0.1, 0.9, 40)})
    return Work(
        recipe=Recipe(build=Fatal, parameters={}, seed=0),
        X=X,
        y=(X["bias"] > 0.5).to_numpy().astype(int),
        times=np.arange(40.0),
        start=30.0,
        refit_every=None,
    )


def test_a_trial_is_told_block_by_block_and_a_death_is_noticed_and_made_good() -> None:
    with TrialPool(work(), size=1) as pool:
        [child] = pool.free
        pool.ask(child, "first", {})
        [(told, kind, (done, rows, said))] = pool.messages(WAIT)
        assert (told, kind, done, rows, said.shape) == (child, "block", 10, 10, (10, 2))
        pool.answer(child, go_on=True)
        assert pool.messages(WAIT) == [(child, "done", None)]
        child.trial = None

        pool.ask(child, "second", {"word": "stumble"})
        assert pool.messages(WAIT) == [(child, "failed", "ValueError: stumble")]
        child.trial = None

        pool.ask(child, "third", {"word": "die"})
        [(told, kind, _)] = pool.messages(WAIT)
        assert (told, kind, told.trial) == (child, "died", "third")
        [fresh] = pool.free
        assert fresh is not child
        pool.ask(fresh, "fourth", {})
        assert pool.messages(WAIT)[0][1] == "block"
        pid = fresh.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_processes_that_die_again_and_again_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_pool, "MOST_DEATHS", 0)
    with TrialPool(work(), size=1) as pool:
        pool.ask(pool.free[0], "trial", {"word": "die"})
        with pytest.raises(PoolBroken):
            pool.messages(WAIT)
