"""Another machine may work on a search that is under way, and on nothing else."""

from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from mlmodels import runs
from mlmodels.errors import InvalidState
from mlmodels.models import ModelVersion, TrainingRun, TuningTrial
from mlmodels.problem import Algorithm
from mlmodels.tuning import helping
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.tossing import asked

pytestmark = pytest.mark.django_db


def helped(run: TrainingRun, monkeypatch: pytest.MonkeyPatch, *, after: str, limit: int | None = None) -> list[Any]:
    """Execute a run; once its progress reads `after`, a helper works on it, to the end or for `limit` looks."""
    came: list[Any] = []
    looks = 0

    def watch_helper(fraction: float, phrase: str) -> None:
        nonlocal looks
        looks += 1
        if limit is not None and looks > limit:
            TrainingRun.objects.filter(pk=run.pk).update(phase="evaluating")

    def watch(fraction: float, phrase: str) -> None:
        if after in phrase and not came:
            came.append(None)
            try:
                came[0] = helping.help_tune(run.pk, watch=watch_helper)
            except InvalidState as error:
                came[0] = error

    runs.execute(str(run.pk), worker="w1", watch=watch)
    return came


def test_a_helper_finishes_what_is_left_of_the_budget(trusting: Algorithm, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(tuning={"trials": 9})
    assert helped(run, monkeypatch, after="4 of 9 trials") == [5]
    record = ModelVersion.objects.get(run=run).tuning
    assert record["trials"] == 9
    assert record["study"] == str(TrainingRun.objects.get().study_id)
    assert TuningTrial.objects.count() == 9


def test_a_helper_stops_where_the_run_goes_on(trusting: Algorithm, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(tuning={"trials": 40})
    [finished] = helped(run, monkeypatch, after="4 of 40 trials", limit=8)
    assert 0 < finished < 36
    assert TuningTrial.objects.filter(state="running").count() == 0
    assert TuningTrial.objects.filter(note="The search was left.").count() <= 1


def test_other_rows_are_no_help(trusting: Algorithm, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(tuning={"trials": 5})
    key = "mlmodels.tuning.helping.split_rows"

    def split(*args: Any, **kwargs: Any) -> Any:
        from dataclasses import replace
        from datetime import timedelta

        from mlmodels.splitting import TimeSplit, split_rows

        found = split_rows(*args, **kwargs)
        assert isinstance(found, TimeSplit)
        return replace(found, test_from=found.test_from - timedelta(days=3))

    monkeypatch.setattr(key, split)
    [refused] = helped(run, monkeypatch, after="1 of 5 trials")
    assert "other rows, or other code" in str(refused)


def test_a_run_that_is_not_tuning_needs_no_help(trusting: Algorithm) -> None:
    run = asked(tuning={"trials": 5})
    for pk in (run.pk, UUID(int=0)):
        with pytest.raises(CommandError, match="is not tuning now"):
            call_command("help_tune", str(pk))
