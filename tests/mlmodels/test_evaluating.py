"""Models side by side through the problem, and the command that prints them."""

import json
from datetime import date
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from mlmodels.errors import TooLittleData, UnknownAlgorithm
from mlmodels.evaluating import evaluate
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
LATER = Selection(date_from=date(2020, 9, 1))


class PricedToss(CoinToss):
    """Coins that somebody takes bets on: he knows each coin's bias, and prices only every other toss."""

    def yardsticks(self, frame: pd.DataFrame) -> dict[str, np.ndarray]:
        heads = frame["bias"].to_numpy(copy=True)
        heads[::2] = np.nan
        return {"bookmaker": np.column_stack([heads, 1 - heads])}


def test_models_and_yardsticks_are_measured_on_the_same_rows() -> None:
    found = evaluate(PricedToss(), LATER)
    assert set(found["models"]) == {"logit", "bookmaker"}
    assert found["reference"] == "bookmaker"
    assert {figures["n"] for figures in found["models"].values()} == {found["rows"]}
    assert found["rows"] + found["left_out"] == 156
    assert found["models"]["bookmaker"]["rps_difference"]["mean"] == 0


def test_nothing_selected_is_said(coin_toss: CoinToss) -> None:
    with pytest.raises(TooLittleData, match="Nothing finished"):
        evaluate(coin_toss, Selection(date_from=date(2030, 1, 1)))


def test_an_unknown_model_is_refused_with_what_there_is(coin_toss: CoinToss) -> None:
    with pytest.raises(UnknownAlgorithm, match="has no oracle: choose from logit"):
        evaluate(coin_toss, LATER, models=["oracle"])


def test_the_command_prints_json(coin_toss: CoinToss) -> None:
    out = StringIO()
    call_command("evaluate", "coin-toss", "--from", "2020-09-01", "--jobs", "1", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["problem"] == "coin-toss"
    assert found["models"]["logit"]["n"] == 156


def test_the_command_prints_a_table(coin_toss: CoinToss) -> None:
    out = StringIO()
    call_command("evaluate", "coin-toss", "--from", "2020-09-01", "--jobs", "1", stdout=out)
    assert "156 rows" in out.getvalue()
    assert "logit" in out.getvalue()


def test_the_command_says_what_it_does_not_know(coin_toss: CoinToss) -> None:
    with pytest.raises(CommandError, match="oracle"):
        call_command("evaluate", "coin-toss", "--models", "oracle", "--jobs", "1")
