"""Player props on the spine: data set, training, the one door, the ledger, settlement."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
import pytest
import time_machine

from matches.models import Availability, Match, Player, PlayerGame, PropLine
from mlmodels import promotion, runs
from mlmodels.errors import TooLittleData, UnknownProblem
from mlmodels.evaluating import evaluate
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import get_problem, get_variant
from mlmodels.selection import Selection
from predictions import settling
from predictions.basketball import forecasting
from predictions.basketball.box_scores import BoxScores
from predictions.basketball.props import PlayerProp
from predictions.errors import UnknownSubject
from predictions.models import Prediction
from predictions.problems.player_props import PlayerProps
from predictions.serving import predict
from predictions.upcoming import predict_upcoming

SLUG = "player-props-points"
SMALL = {"rounds": 20, "least_weight": 5.0}


def problem() -> PlayerProps:
    return cast(PlayerProps, get_problem(SLUG))


def trained(**parameters: Any) -> ModelVersion:
    run, _ = runs.request_run(
        problem=SLUG,
        algorithm="global",
        selection=Selection(),
        trigger=TrainingRun.Trigger.CLI,
        hyper_parameters={**SMALL, **parameters},
        dispatch=False,
    )
    runs.execute(str(run.pk), worker="test")
    run.refresh_from_db()
    assert run.status == TrainingRun.Status.COMPLETED, run.error_message
    promotion.promote(run.model_version, by=None, reason="For the test")
    return run.model_version


def next_game() -> Match:
    """The last two teams that met meet again, two days later."""
    last = Match.objects.latest("date", "pk")
    return Match.objects.create(
        season=last.season,
        home=last.away,
        away=last.home,
        date=last.date + timedelta(days=2),
        kickoff=last.kickoff + timedelta(days=2),
    )


def now(match: Match) -> datetime:
    return match.kickoff - timedelta(hours=5)


def test_a_row_is_a_players_game_with_a_line_of_his_own(hoop_league: BoxScores) -> None:
    frame = problem().load(Selection()).frame
    first_games = len(np.unique(hoop_league.player))
    assert len(frame) == len(hoop_league) - first_games
    assert (frame["line"] % 1 == 0.5).all()
    assert set(frame["outcome"]) == {0, 2}
    assert ((frame["count"] > frame["line"]) == (frame["outcome"] == 0)).all()
    assert frame["event_at"].is_monotonic_increasing


def test_a_bookmakers_line_goes_before_the_usual_one(hoop_league: BoxScores) -> None:
    line = PlayerGame.objects.latest("match__date", "pk")
    early = line.match.kickoff - timedelta(hours=1)
    for book, over in (("A", "1.80"), ("B", "2.00")):
        PropLine.objects.create(
            match=line.match,
            player=line.player,
            statistic="points",
            bookmaker=book,
            line="17.5",
            over_price=over,
            under_price="2.00",
            quoted_at=early,
        )
    frame = problem().load(Selection()).frame
    row = frame[(frame["match"] == line.match_id) & (frame["player"] == line.player_id)].iloc[0]
    assert (row["line"], row["line_is_market"]) == (17.5, 1.0)
    assert 0.5 < row["market_over"] < 0.53
    assert frame["line_is_market"].sum() == 1


def test_models_are_compared_on_players_with_fifty_earlier_games_only(hoop_league: BoxScores) -> None:
    with pytest.raises(TooLittleData, match="is one that models are measured on"):
        evaluate(problem(), Selection(seasons=("2021-22",)), models=["last-10"])


def test_means_are_measured_beside_chances(hoop_league: BoxScores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.basketball.measuring.FEWEST_GAMES", 5)
    found = evaluate(problem(), Selection(seasons=("2021-22",)), models=["last-10", "ema"], reference="ema")
    figures = found["models"]["last-10"]
    assert {"n", "mae", "rmse", "brier", "log_loss", "ece", "accuracy", "mae_difference"} <= set(figures)
    assert figures["brier"] == figures["rps"]


def test_a_family_is_asked_for_by_its_statistic() -> None:
    assert get_variant("player-props", "points").slug == SLUG
    with pytest.raises(UnknownProblem, match="player-props has several problems: choose one of points, rebounds"):
        get_variant("player-props", "")
    with pytest.raises(UnknownProblem, match="no 'pointz'"):
        get_variant("player-props", "pointz")


def test_what_is_trained_predicts_the_next_game_and_is_settled(hoop_league: BoxScores) -> None:
    version = trained()
    assert version.metrics["test"]["mae"] > 0
    match = next_game()
    player = Player.objects.filter(team=match.home).earliest("pk")
    with time_machine.travel(now(match), tick=False):
        prop = problem().subject({"player": player.pk, "line": 15})
        assert prop.game.match_id == match.pk
        [said] = predict(SLUG, [prop])
    assert said.subject == {"match": match.pk, "player": player.pk, "line": 15.0}
    assert said.match_id == match.pk
    assert sum(said.probabilities.values()) == pytest.approx(1)
    assert said.probabilities["push"] == pytest.approx(said.distribution["pmf"][15], abs=1e-9)
    assert said.drivers[0][2] == "baseline"

    Match.objects.filter(pk=match.pk).update(status=Match.Status.FINISHED, home_goals=100, away_goals=90)
    made = dict.fromkeys(("field_goals_made", "threes_made", "free_throws_made"), 0)
    tried = dict.fromkeys(("field_goals_attempted", "threes_attempted", "free_throws_attempted"), 0)
    others = ("offensive_rebounds", "defensive_rebounds", "rebounds", "assists", "steals", "blocks", "turnovers")
    rest = {**made, **tried, **dict.fromkeys((*others, "fouls"), 0)}
    PlayerGame.objects.create(match=match, player=player, team=match.home, is_home=True, minutes=30, points=15, **rest)
    assert settling.settle_matches([match.pk]) == 1
    said.refresh_from_db()
    assert said.settlement.outcome == "push"
    assert said.settlement.brier == pytest.approx(said.settlement.rps)


def test_everybody_who_is_expected_gets_a_forecast_once(hoop_league: BoxScores) -> None:
    trained()
    match = next_game()
    out = Player.objects.filter(team=match.home).earliest("pk")
    Availability.objects.create(
        player=out, date=match.date, status="out", reported_at=now(match) - timedelta(hours=1), source="test"
    )
    with time_machine.travel(now(match), tick=False):
        assert predict_upcoming() > 10
        assert predict_upcoming() == 0
    said = Prediction.objects.filter(match=match)
    assert out.pk not in {row.subject["player"] for row in said}
    assert {row.subject["player"] for row in said} <= set(
        Player.objects.filter(team__in=(match.home, match.away)).values_list("pk", flat=True)
    )


def test_asking_gives_the_very_features_of_the_data_set(hoop_league: BoxScores) -> None:
    """Of the last day's games, taken out of the table and asked about instead."""
    whole = problem().load(Selection()).frame
    last = whole["date"].max()
    rows = whole[whole["date"] == last]
    games = Match.objects.filter(date=last.date())
    lines = list(PlayerGame.objects.filter(match__in=games).select_related("match", "player"))
    PlayerGame.objects.filter(match__in=games).delete()
    games.update(status=Match.Status.SCHEDULED, home_goals=None, away_goals=None)
    with time_machine.travel(datetime.combine(last.date(), datetime.min.time(), tzinfo=UTC) - timedelta(hours=9)):
        props: list[PlayerProp] = [
            problem().subject({"player": line.player_id, "match": line.match_id}) for line in lines
        ]
        asked = problem().featurise(props, state={}, state_key="")
    told = rows.set_index("subject").loc[asked["subject"]].reset_index()
    for name in asked.columns:
        if name != "supposed":
            np.testing.assert_array_equal(asked[name].to_numpy(), told[name].to_numpy(), err_msg=name)


def test_a_player_of_no_schedule_gets_a_supposed_game_and_is_told(hoop_league: BoxScores) -> None:
    trained()
    player = Player.objects.earliest("pk")
    prop = problem().subject({"player": player.pk, "line": 10.5})
    assert prop.game.match_id is None
    [said] = predict(SLUG, [prop])
    assert "opponent" in said.subject
    assert any("supposed" in note for note in said.notes)


@pytest.mark.parametrize("line", [-3, "abc", 24.3, 1000])
def test_a_line_that_is_none_is_refused(hoop_league: BoxScores, line: Any) -> None:
    with pytest.raises(UnknownSubject, match="line"):
        problem().subject({"player": Player.objects.earliest("pk").pk, "line": line})


def test_all_lines_are_read_off_one_distribution() -> None:
    pmf = [0.1, 0.2, 0.3, 0.25, 0.15]
    assert forecasting.at_line(pmf, 2.5) == pytest.approx({"over": 0.4, "push": 0, "under": 0.6})
    assert forecasting.at_line(pmf, 2) == pytest.approx({"over": 0.4, "push": 0.3, "under": 0.3})
    assert forecasting.quantile(pmf, 0.5) == 2


def test_players_have_names_in_reports(hoop_league: BoxScores) -> None:
    assert problem().subject_names(["1300", "nobody", "999999"]) == {"1300": "Player 1300"}


def test_what_builds_models_is_found_without_django() -> None:
    """Processes beside this one import it by its name."""
    code = "import sys; import predictions.basketball.algorithms; sys.exit('django.db' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - ourselves


def test_a_supposed_game_is_never_settled_by_what_was_played_before(hoop_league: BoxScores) -> None:
    """Of who has not played for long a game soon after his last is supposed; what he did then decides nothing."""
    player = Player.objects.earliest("pk")
    prop = problem().subject({"player": player.pk, "line": 10.5})
    assert prop.game.day < prop.game.tip_off.date()
    reference = problem().subject_reference(prop)
    assert reference["date"] == prop.game.tip_off.date().isoformat()
