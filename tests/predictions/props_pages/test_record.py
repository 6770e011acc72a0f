"""The track record of player props."""

from datetime import timedelta
from math import log, sqrt

import numpy as np
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from predictions.models import Settlement
from predictions.reading.props.record import mean_over_games, record_of
from tests.predictions.props_pages.conftest import OVER, Hoops, said_of, settle

URL = reverse("predictions:props-record")


def page(client: Client, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_its_figures_are_those_of_the_settled_predictions(hoops: Hoops) -> None:
    totals = record_of("points").totals
    assert totals is not None
    over = Settlement.objects.filter(outcome="over").count()
    assert (totals.props, totals.games) == (44, 11)
    share = over / 44
    assert totals.accuracy.value == pytest.approx(share)
    assert totals.base_rate == pytest.approx(max(share, 1 - share))
    assert totals.brier == pytest.approx(share * (1 - OVER) ** 2 + (1 - share) * OVER**2)
    assert totals.log_loss == pytest.approx(-share * log(OVER) - (1 - share) * log(1 - OVER))
    assert totals.versus_market is not None
    assert totals.versus_market.value == pytest.approx(totals.log_loss - 0.7)


def test_a_players_game_counts_once_by_its_last_word_at_the_line_of_record(hoops: Hoops) -> None:
    before = record_of("points").totals
    assert before is not None
    game, player = hoops.played[3], hoops.players[0]
    easy = {"over": 0.99, "push": 0.0, "under": 0.01}
    settle(said_of(game, player, hoops.version, line=0.5, probabilities=easy), "over")
    asked_for = record_of("points").totals
    assert asked_for is not None
    assert asked_for == before, "a line that somebody asked for does not count"
    settle(said_of(game, player, hoops.version, probabilities=easy), "over", log_loss=9)
    later = record_of("points").totals
    assert later is not None
    assert later.props == before.props
    assert later.log_loss != before.log_loss


def test_what_came_after_tip_off_or_in_the_shadow_does_not_count(hoops: Hoops) -> None:
    game, player = hoops.played[3], hoops.players[0]
    easy = {"over": 0.99, "push": 0.0, "under": 0.01}
    before = record_of("points").totals
    settle(said_of(game, player, hoops.version, probabilities=easy, is_shadow=True), "over")
    late = game.kickoff.replace(hour=23)
    settle(said_of(game, player, hoops.version, probabilities=easy, made_at=late, event_at=late), "over")
    assert record_of("points").totals == before


def test_a_mean_over_games_knows_that_players_of_one_lean_on_each_other() -> None:
    values, games = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1, 1, 2, 2])
    found = mean_over_games(values, games)
    assert found is not None
    assert found.value == 0.5
    assert found.high == pytest.approx(0.5 + 1.959964 * sqrt((1 + 1) / 16 * 2))
    apart = mean_over_games(values, np.arange(4))
    assert apart is not None
    assert apart.high == pytest.approx(0.5 + 1.959964 * np.std(values, ddof=1) / 2)
    assert mean_over_games(np.array([np.nan]), np.array([1])) is None
    single = mean_over_games(np.array([1.0, 0.0]), np.array([7, 7]))
    assert single is not None
    assert single.low is None


def test_the_page_says_everything_in_plain_words(client: Client, hoops: Hoops) -> None:
    html = page(client)
    for words in (
        "Against the base rate.", "Against a coin.", "Against the market.", "Calibration", "By confidence",
        "Month by month", "Only 44 props, of 11 games", "reliability-title",
    ):  # fmt: skip
        assert words in html


def test_the_whole_of_its_confidence_classes_is_all_that_counts(hoops: Hoops) -> None:
    record = record_of("points")
    assert sum(one.props for one in record.classes) == 44
    assert sum(month.props for month in record.months) == 44


def test_it_is_gathered_again_when_a_result_was_corrected(hoops: Hoops) -> None:
    before = record_of("points").totals
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        for settlement in Settlement.objects.filter(outcome="over"):
            settlement.outcome = "under"
            settlement.save()
    assert record_of("points").totals != before


def test_it_says_when_no_bookmaker_priced_anything(client: Client, hoops: Hoops) -> None:
    Settlement.objects.update(market_log_loss=None)
    assert "no market to compare with" in page(client)


def test_one_settled_prop_is_enough_for_a_page(client: Client, hoops: Hoops) -> None:
    Settlement.objects.exclude(pk=Settlement.objects.order_by("pk")[0].pk).delete()
    assert "Only 1 prop, of 1 game" in page(client)


@pytest.mark.parametrize(
    ("query", "words"),
    [({"stat": "blocks"}, "Nothing is settled yet"), ({"stat": "pointz"}, "There is no such statistic.")],
)
def test_it_says_when_there_is_nothing(client: Client, hoops: Hoops, query: dict[str, str], words: str) -> None:
    assert words in page(client, **query)


def test_a_whole_line_that_was_hit_is_a_push(client: Client, hoops: Hoops) -> None:
    settle(
        said_of(
            hoops.played[0],
            hoops.players[0],
            hoops.version,
            line=2.5,
            probabilities={"over": 0.4, "push": 0.2, "under": 0.4},
        ),
        "push",
    )
    assert "Calibration error" in page(client)


def test_its_queries_are_few(
    client: Client, hoops: Hoops, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        page(client)
