from collections.abc import Callable

import pytest

from mlmodels import runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.monitoring.coins import promoted


@pytest.fixture
def train_coin(db: None, coin_toss: CoinToss) -> Callable[[], ModelVersion]:
    """Train a version of the coin toss, file and data set and all."""

    def train() -> ModelVersion:
        run, _ = runs.request_run(
            problem="coin-toss", algorithm="logit", selection=Selection(), force=True, dispatch=False
        )
        runs.execute(str(run.pk), worker="test")
        return ModelVersion.objects.get(run=run)

    return train


@pytest.fixture
def champion(coin_toss: CoinToss, train_coin: Callable[[], ModelVersion]) -> ModelVersion:
    """In service on two thousand tosses, enough of them to compare with."""
    coin_toss.tosses = 2000
    return promoted(train_coin())
