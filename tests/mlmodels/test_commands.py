import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mlmodels import registry
from mlmodels.models import TrainingRun
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db


def _call(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def trained(coin_toss: CoinToss) -> dict[str, Any]:
    text = _call("train", "--problem", "coin-toss", "--model-id", "penny", "--promote", "--json")
    report: dict[str, Any] = json.loads(text)
    return report


def test_train_reports_as_json(trained: dict[str, Any]) -> None:
    assert (trained["status"], trained["version"], trained["role"]) == ("completed", "penny", "champion")
    assert trained["metrics"]["test"]["n"] == 60
    champion = registry.champion("coin-toss")
    assert champion is not None
    assert champion.version == "penny"


def test_train_prints_a_table(coin_toss: CoinToss) -> None:
    table = _call("train", "--problem", "coin-toss")
    assert "Completed: logit-" in table
    assert "test, train-frequencies" in table


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2024-02-30"], "is not a date"),
        (["--from", "2024-03-01", "--to", "2024-02-01"], "swap the two dates"),
        (["--algorithm", "magic"], "choose one of logit"),
        (["--problem", "tarot"], "There is no problem 'tarot'"),
        (["--set", "C"], "NAME=VALUE"),
        (["--set", "C=-1"], "InvalidParameterError"),
        (["--set", "C=much"], "C of Logit is a number, such as 1.0, not 'much'"),
        (["--set", "luck=7"], "Logit can't be made with these hyper-parameters: .* 'luck'"),
        (["--model-id", "../penny"], "can't be a version's name"),
        (
            ["--competition", "penny", "--competition", "dime"],
            "Nothing finished is known of the competition 'dime': there are penny",
        ),
        (["--season", "2425"], "Nothing finished is known of the season '2425'"),
    ],
)
def test_train_refuses_in_words(coin_toss: CoinToss, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        _call("train", "--problem", "coin-toss", *arguments)


def test_train_refuses_a_run_in_flight(coin_toss: CoinToss, trained: dict[str, Any]) -> None:
    TrainingRun.objects.update(status=TrainingRun.Status.RUNNING)
    with pytest.raises(CommandError, match="in flight already"):
        _call("train", "--problem", "coin-toss")


def test_models_lists_and_describes(trained: dict[str, Any]) -> None:
    assert "penny" in _call("models")
    [listed] = json.loads(_call("models", "--json"))
    described = json.loads(_call("models", "info", "penny", "--json"))
    assert described == {**listed, "trouble": ""}
    assert described["role"] == "champion"
    with pytest.raises(CommandError, match="no version 'dime'"):
        _call("models", "info", "dime")
    with pytest.raises(CommandError, match="Which version"):
        _call("models", "info")
    with pytest.raises(CommandError, match="There is no problem 'tarot'"):
        _call("models", "--problem", "tarot")


def test_models_says_what_to_do_when_there_are_none(db: None) -> None:
    assert "manage.py train" in _call("models")


def test_an_empty_ledger_verifies(db: None) -> None:
    assert json.loads(_call("verify_ledger", "--json"))["ok"] is True
    assert "The ledger is whole: 0 predictions" in _call("verify_ledger")
    assert json.loads(_call("settle", "--json")) == {"settled": 0}
