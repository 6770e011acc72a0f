"""An experiment's tests begin with trained versions of a problem without a sport."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions.experimenting import changing, running
from predictions.experimenting.changing import ArmDraft
from predictions.models import Experiment
from tests.mlmodels.coin_toss import CoinToss, Toss

Make = Callable[..., Experiment]


def trained(**hyper_parameters: float) -> ModelVersion:
    run, _ = runs.request_run(
        problem="coin-toss",
        algorithm="logit",
        selection=Selection(),
        dispatch=False,
        force=True,
        hyper_parameters=hyper_parameters,
    )
    runs.execute(str(run.pk), worker="test")
    return ModelVersion.objects.get(run=run)


@pytest.fixture
def champion(coin_toss: CoinToss) -> ModelVersion:
    version = trained()
    promotion.promote(version, by=None)
    version.refresh_from_db()
    return version


@pytest.fixture
def rival(champion: ModelVersion) -> ModelVersion:
    """A version of the same problem that says something else."""
    return trained(C=0.001)


@pytest.fixture
def make(champion: ModelVersion, rival: ModelVersion) -> Make:
    """Draft an experiment of champion and rival, half and half; `started=True` starts it."""

    def make(*, unit: str = "event", share: str = "0.5", started: bool = False, **fields: object) -> Experiment:
        arms = [
            ArmDraft(name="control", version=champion, share=1 - Decimal(share), is_control=True),
            ArmDraft(name="rival", version=rival, share=Decimal(share)),
        ]
        given = {"problem": "coin-toss", "name": "A toss-up", "unit": unit, "arms": arms, **fields}
        experiment = changing.draft(**given)  # type: ignore[arg-type]  # a test's shorthand
        if started:
            changing.start(experiment)
            # A test's transaction never commits, so that nothing is told on commit.
            running.forget()
        return experiment

    return make


@pytest.fixture
def tosses(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> list[Toss]:
    """Twenty tosses to come, one an hour."""
    listed = [Toss(n, 0.3, timezone.now() + timedelta(hours=n)) for n in range(1, 21)]

    def between(since: datetime, until: datetime) -> Sequence[Toss]:
        return [toss for toss in listed if since <= toss.at < until]

    monkeypatch.setattr(coin_toss, "upcoming", between)
    return listed
