"""The track record."""

from decimal import Decimal
from math import sqrt
from statistics import mean, stdev

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mlmodels.models import ModelVersion
from predictions.models import Prediction, Settlement
from predictions.reading.track_record import record_of, settled_predictions
from tests.factories import ModelVersionFactory
from tests.predictions.pages.conftest import League, predicted, settled

URL = reverse("predictions:track-record")


def page(client: Client, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_figures_entries_and_the_head_of_the_ledger(client: Client, league: League) -> None:
    html = page(client)
    for words in ("In all", "Calibration", "Month by month", "Every settled prediction", "14 entries", "c0ffee"):
        assert words in html
    assert 'data-copy="17 c0ffee' in html


def test_it_says_when_nothing_is_settled(client: Client, db: None) -> None:
    html = page(client)
    assert "Nothing is settled yet" in html
    assert "The ledger is empty" in html


def test_its_figures_are_those_of_the_settlements(league: League) -> None:
    totals = record_of(competition=None, algorithm="").totals
    assert totals is not None
    losses = list(Settlement.objects.values_list("log_loss", flat=True))
    gaps = [loss - 0.8 for loss in losses]
    assert totals.matches == 14
    assert totals.log_loss == pytest.approx(mean(losses))
    assert totals.versus_market is not None
    assert totals.versus_market.value == pytest.approx(mean(gaps))
    reach = 1.959964 * stdev(gaps) / sqrt(14)
    assert totals.versus_market.low == pytest.approx(mean(gaps) - reach)
    assert totals.versus_market.high == pytest.approx(mean(gaps) + reach)
    assert totals.profit == Decimal("16.8")


def test_each_match_counts_once_by_its_last_prediction(client: Client, league: League) -> None:
    match = league.played[2]
    settled(predicted(match, league.version), log_loss=9.0)
    record = record_of(competition=None, algorithm="")
    assert record.totals is not None
    assert record.totals.matches == 14
    assert record.totals.log_loss > 1
    assert "15 entries" in page(client), "all of them are listed"


def test_matches_without_a_market_are_left_out_of_the_comparison(league: League) -> None:
    Settlement.objects.filter(prediction__match__in=league.played[:4]).update(market_log_loss=None)
    record = record_of(competition=None, algorithm="")
    assert record.totals is not None
    assert record.totals.versus_market is not None
    assert record.totals.versus_market.count == 11
    assert sum(month.matches for month in record.months) == 11


def test_it_says_noise_when_the_interval_covers_zero(client: Client, league: League) -> None:
    Settlement.objects.filter(outcome="home").update(market_log_loss=1.3)
    assert "this difference is noise" in page(client)


@pytest.mark.parametrize(
    ("market", "words"),
    [
        (0.1, "The market was better than we were"),
        (5.0, "We were better than the market"),
        (None, "no market to compare"),
    ],
)
def test_it_says_who_was_better_in_plain_words(
    client: Client, league: League, market: float | None, words: str
) -> None:
    Settlement.objects.update(market_log_loss=market)
    assert words in page(client)


def test_its_calibration_counts_three_forecasts_a_match(league: League) -> None:
    calibration = record_of(competition=None, algorithm="").calibration
    assert calibration is not None
    assert calibration.forecasts == 42
    assert sum(point.count for point in calibration.diagram.points) == 42
    assert all(point.low <= point.came <= point.high for point in calibration.diagram.points)


def test_one_settled_match_is_enough_for_a_page(client: Client, league: League) -> None:
    Settlement.objects.exclude(prediction__match=league.played[5]).delete()
    html = page(client)
    assert "1 entry" in html


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_it_shows_profit_to_adults_only(client: Client, league: League, charlie: User, who: str) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = page(client)
    assert "Flat stakes." not in html
    assert "Closing-line value" not in html
    assert "16.80" not in html
    assert "I am 18 or older" in html


def test_it_shows_profit_to_adults(adult: Client, league: League) -> None:
    html = page(adult)
    assert "+16.80" in html
    assert "Closing-line value" in html


def test_it_never_counts_or_lists_a_shadow(client: Client, league: League, charlie: User) -> None:
    shadow = predicted(league.played[1], league.version, is_shadow=True)
    settled(shadow, log_loss=99.0)
    for _ in ("anonymous", "charlie"):
        html = page(client)
        assert "14 entries" in html
        assert shadow.get_absolute_url() not in html
        client.force_login(charlie)
    record = record_of(competition=None, algorithm="")
    assert record.totals is not None
    assert record.totals.log_loss < 2


def test_it_filters_by_league_and_model(client: Client, simulated: League) -> None:
    elo = ModelVersionFactory.create(algorithm="elo", version="elo-1", role=ModelVersion.Role.EXPERIMENTAL)
    settled(predicted(simulated.played[0], elo))
    assert "15 entries" in page(client)
    assert "1 entry" in page(client, model="elo")
    html = page(client, league="SIM")
    assert "1 entry" in html
    assert ">Simulated<" in html
    assert "Nothing is settled yet" in page(client, league="E0", model="elo")


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"league": "nonsense"}, "There is no such league."),
        ({"model": "crystal-ball"}, "Nothing of such a model was settled."),
    ],
)
def test_it_says_what_is_wrong_with_a_filter(
    client: Client, league: League, query: dict[str, str], complaint: str
) -> None:
    html = page(client, **query)
    assert complaint in html
    assert "In all" not in html


@pytest.mark.parametrize("number", ["2", "9999", "nonsense", "-1"])
def test_any_page_number_gives_a_page(client: Client, league: League, number: str) -> None:
    for i in range(30):
        match = league.played[i % len(league.played)]
        settled(predicted(match, league.version))
    assert "Every settled prediction" in page(client, page=number)


def test_it_answers_htmx_with_the_record_alone(client: Client, league: League) -> None:
    html = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="record"')


def test_predictions_to_be_settled_are_not_in_it(league: League) -> None:
    listed = settled_predictions(competition=None, algorithm="")
    assert listed.count() == Prediction.objects.filter(event_at__lt=timezone.now()).count() == 14


def test_it_asks_the_database_little(
    adult: Client, simulated: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        page(adult)
