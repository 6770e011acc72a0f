import pytest

from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.challenging import duel as duels


@pytest.fixture
def duel(db: None, coin_toss: CoinToss) -> duels.Duel:
    """A champion, and a challenger since `BEGAN`, that have forecast nothing yet."""
    return duels.duel(coin_toss)
