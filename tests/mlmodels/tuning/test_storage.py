"""Optuna's journal in our own tables: numbered without gaps, and the same for everyone who reads it."""

from collections.abc import Iterable

import optuna
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mlmodels.models import TuningLogEntry, TuningStudy
from mlmodels.tuning.storage import DatabaseJournal, storage_of

pytestmark = pytest.mark.django_db


def study(key: str = "k") -> TuningStudy:
    return TuningStudy.objects.create(
        key=key, problem="coin-toss", algorithm="logit", metric="brier", lower_is_better=True, space=[], split={}
    )


def test_entries_are_read_back_in_the_order_they_were_written() -> None:
    journal = DatabaseJournal(study())
    journal.append_logs([{"n": 0}, {"n": 1}])
    journal.append_logs([{"n": 2}])
    assert list(journal.read_logs(0)) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert list(journal.read_logs(2)) == [{"n": 2}]
    assert list(journal.read_logs(9)) == []


@given(batches=st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=12))
@hypothesis_settings(max_examples=15, deadline=None)
def test_two_studies_do_not_get_into_each_others_journal(batches: list[tuple[bool, int]]) -> None:
    TuningStudy.objects.all().delete()
    rows = study("a"), study("b")
    for second, size in batches:
        DatabaseJournal(rows[second]).append_logs([{"of": second}] * size)
    for of, row in enumerate(rows):
        written = sum(size for which, size in batches if which == bool(of))
        numbers = TuningLogEntry.objects.filter(study=row).values_list("number", flat=True)
        assert list(numbers) == list(range(written))
        assert all(entry == {"of": bool(of)} for entry in DatabaseJournal(row).read_logs(0))


def test_whoever_appends_counts_before_it_writes() -> None:
    """The order matters: the count's row lock is what keeps a later number from being seen first."""
    journal = DatabaseJournal(study())
    with pytest.MonkeyPatch.context() as patch:
        seen: list[int] = []
        create = TuningLogEntry.objects.bulk_create

        def watched(rows: Iterable[TuningLogEntry]) -> object:
            seen.append(TuningStudy.objects.get().length)
            return create(rows)

        patch.setattr(TuningLogEntry.objects, "bulk_create", watched)
        journal.append_logs([{}, {}])
    assert seen == [2]
    assert connection.in_atomic_block


def test_two_workers_share_one_study() -> None:
    """Each holds its own storage, as on two machines: both see every trial, and none twice."""
    row = study()
    first = optuna.create_study(storage=storage_of(row), study_name="s", sampler=optuna.samplers.RandomSampler(seed=1))
    second = optuna.load_study(storage=storage_of(row), study_name="s", sampler=optuna.samplers.RandomSampler(seed=2))
    for worker in (first, second, first, second):
        trial = worker.ask({"x": optuna.distributions.FloatDistribution(0, 1)})
        worker.tell(trial, trial.params["x"])
    assert [trial.number for trial in first.get_trials()] == [0, 1, 2, 3]
    assert [t.params for t in first.get_trials()] == [t.params for t in second.get_trials()]
    assert first.best_value == second.best_value


def test_an_enqueued_trial_goes_to_one_worker() -> None:
    row = study()
    first = optuna.create_study(storage=storage_of(row), study_name="s")
    second = optuna.load_study(storage=storage_of(row), study_name="s")
    first.enqueue_trial({"x": 0.25})
    taken = [w.ask({"x": optuna.distributions.FloatDistribution(0, 1)}).params["x"] for w in (first, second)]
    assert taken.count(0.25) == 1


def test_a_study_is_read_again_after_a_restart() -> None:
    row = study()
    before = optuna.create_study(storage=storage_of(row), study_name="s")
    before.enqueue_trial({"x": 0.5})
    trial = before.ask({"x": optuna.distributions.FloatDistribution(0, 1)})
    trial.report(0.7, step=0)
    before.tell(trial, 0.6)
    after = optuna.load_study(storage=storage_of(row), study_name="s")
    [again] = after.get_trials()
    assert (again.value, again.params, again.intermediate_values) == (0.6, {"x": 0.5}, {0: 0.7})
