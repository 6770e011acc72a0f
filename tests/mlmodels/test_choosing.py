"""Nothing that was named is left out in silence."""

import pytest
from django.test import Client
from django.urls import reverse

from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.errors import InvalidSelection
from mlmodels.models import TrainingRun
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss


@pytest.fixture
def two_leagues(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> CoinToss:
    """Pennies were tossed in both seasons, dimes in the second alone."""
    choices = {
        "competitions": [
            Choice(code="penny", title="Penny", rows=200, seasons=("2122", "2223")),
            Choice(code="dime", title="Dime", rows=200, seasons=("2223",)),
        ],
        "seasons": [Choice(code=code, title=code, rows=200) for code in ("2122", "2223")],
    }
    monkeypatch.setattr(coin_toss, "choices", lambda: choices)
    return coin_toss


def refusal(problem: CoinToss, selection: Selection) -> str:
    """The words it was refused in; empty where it was let through."""
    try:
        refuse_what_is_not_there(problem, selection)
    except InvalidSelection as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(competitions=("penny",), seasons=("2122",)),
        Selection(competitions=("penny", "dime")),
        Selection(competitions=("dime",), seasons=("2122", "2223")),
    ],
)
def test_what_is_there_is_let_through(two_leagues: CoinToss, selection: Selection) -> None:
    assert refusal(two_leagues, selection) == ""


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(competitions=("euro", "yen")), "competitions 'euro' and 'yen': there are penny, dime"),
        (Selection(seasons=("1011",)), "season '1011': there are 2122, 2223"),
        (Selection(competitions=("penny", "dime"), seasons=("2122",)), "'dime' in the seasons 2122"),
    ],
)
def test_what_is_not_there_is_named(two_leagues: CoinToss, selection: Selection, words: str) -> None:
    assert words in refusal(two_leagues, selection)


@pytest.mark.django_db
def test_the_staffs_form_says_so_beside_the_leagues(page: Client, two_leagues: CoinToss) -> None:
    wished = {"algorithm": "logit", "competitions": ["penny", "dime"], "seasons": ["2122"]}
    answer = page.post(reverse("mlmodels:start", args=["coin-toss"]), wished)
    assert answer.status_code == 422
    assert "dime" in answer.context["form"].errors["competitions"][0]
    assert not TrainingRun.objects.exists()
