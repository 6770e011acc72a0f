from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from mlmodels import runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss


@pytest.fixture
def page(client: Client, staff: User, coin_toss: CoinToss) -> Client:
    """A browser in which a member of staff has signed in, where the coin toss is a known problem."""
    client.force_login(staff)
    return client


@pytest.fixture
def trained(db: None, coin_toss: CoinToss) -> Callable[[], ModelVersion]:
    """Train a version of the coin toss, file and all."""

    def train() -> ModelVersion:
        run, _ = runs.request_run(
            problem="coin-toss", algorithm="logit", selection=Selection(), force=True, dispatch=False
        )
        runs.execute(str(run.pk), worker="test")
        return ModelVersion.objects.get(run=run)

    return train
