import pytest
from pytest_django import Settings

from mlmodels.problem import Algorithm
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.tossing import tunable


@pytest.fixture
def trusting(db: None, coin_toss: CoinToss, settings: Settings) -> Algorithm:
    """The coin toss can be tuned, one trial at a time, so that the same seed gives the same search."""
    settings.TUNING_PROCESSES = 1
    return tunable(coin_toss)
