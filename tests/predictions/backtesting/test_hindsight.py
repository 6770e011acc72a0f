"""A backtest of hyper-parameters that were searched for on its own days says so, wherever it is read."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.consents import grant
from accounts.models import Consent, User
from mlmodels.models import ModelVersion
from predictions.backtesting import bets_file, words
from predictions.models import Backtest
from tests.factories import DatasetFactory, ModelVersionFactory

CarryOut = Callable[..., Backtest]
pytestmark = pytest.mark.django_db
GIVEN = {"C": 0.5}


def tuned(backtest: Backtest, *, share: float) -> ModelVersion:
    """A version whose search ended after a share of the days of a backtest."""
    bets = bets_file.read(backtest)
    first, last = bets["time"].min(), bets["time"].max()
    dataset = DatasetFactory.create(
        problem=backtest.problem,
        date_from=first.to_pydatetime(),
        date_to=(first + share * (last - first)).to_pydatetime(),
    )
    return ModelVersionFactory.create(
        problem=backtest.problem,
        algorithm=backtest.algorithm,
        tuning={"trials": 20},
        dataset=dataset,
        hyper_parameters=GIVEN,
    )


@pytest.fixture
def flattered(carried_out: CarryOut) -> Backtest:
    """Half of its days were searched on."""
    tuned(carried_out("value"), share=0.5)
    return carried_out("value", hyper_parameters=GIVEN)


def test_the_page_says_it(client: Client, staff: User, flattered: Backtest) -> None:
    client.force_login(staff)
    grant(staff, Consent.Kind.ADULT)
    shown = client.get(reverse("predictions:backtest", args=[flattered.pk])).content.decode()
    assert words.hindsight(flattered.figures) in shown
    assert f"those of {ModelVersion.objects.get().version}, which were searched for on rows of" in shown


def test_the_csv_marks_the_bets(flattered: Backtest) -> None:
    rows = list(csv.DictReader(bets_file.as_csv(flattered)))
    marks = [row["hindsight"] for row in sorted(rows, key=lambda row: row["time"])]
    assert set(marks) == {"yes", "no"}
    assert marks == sorted(marks, reverse=True)


@pytest.mark.parametrize("change", [{"tuning": {}}, {"dataset": None}, {"hyper_parameters": {"C": 2.0}}])
def test_nothing_is_said_without_a_search(carried_out: CarryOut, change: dict[str, Any]) -> None:
    version = tuned(carried_out("value"), share=0.5)
    ModelVersion.objects.filter(pk=version.pk).update(**change)
    done = carried_out("value", hyper_parameters=GIVEN)
    assert words.hindsight(done.figures) == ""
    assert {row["hindsight"] for row in csv.DictReader(bets_file.as_csv(done))} == {"no"}


def test_a_search_that_ended_before_the_first_bet_is_no_hindsight(carried_out: CarryOut) -> None:
    tuned(carried_out("value"), share=-0.5)
    assert words.hindsight(carried_out("value", hyper_parameters=GIVEN).figures) == ""
