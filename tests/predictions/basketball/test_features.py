"""Features say what they are named for: reference values by hand on a league of one player and two teams."""

from typing import Any

import numpy as np
import pytest

from predictions.basketball.arenas import ARENAS, distance, placed
from predictions.basketball.box_scores import COLUMNS, BoxScores
from predictions.basketball.features import features, own_line
from tests.predictions.basketball.leagues import league

POINTS = [10.0, 20.0, 6.0, 30.0, 12.0]
DAYS = [738_000, 738_002, 738_003, 738_010, 738_012]


def one_player(points: list[float] = POINTS, days: list[int] = DAYS) -> BoxScores:
    """Player 1 of BOS (11) against player 2 of DEN (12), game after game at Boston; the last is asked about."""
    rows: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for game, (count, day) in enumerate(zip([*points, np.nan], [*days, days[-1] + 1], strict=True)):
        for player, team, opponent in ((1, 11, 12), (2, 12, 11)):
            row: dict[str, Any] = dict.fromkeys(COLUMNS, count)
            row |= {"match": game, "player": player, "team": team, "opponent": opponent, "day": day}
            row |= {"season": "2020-21", "is_home": team == 11, "is_playoff": False, "minutes": 24.0 + 0 * count}
            row |= {"spread": np.nan, "total": np.nan}
            for name, column in rows.items():
                column.append(row[name])
    columns: dict[str, Any] = {name: np.array(column) for name, column in rows.items()}
    return BoxScores(**columns, abbreviations={11: "BOS", 12: "DEN"})


def asked(box: BoxScores, statistic: str = "points", *, player: int = 1) -> dict[str, float]:
    row = np.flatnonzero((box.player == player) & ~box.is_known)
    return {name: float(column[0]) for name, column in features(box, row, statistic=statistic).items()}


def test_recent_form_is_that_of_the_last_games() -> None:
    found = asked(one_player())
    assert found["last"] == 12.0
    assert found["last_3"] == 16.0
    assert found["last_5"] == found["season_mean"] == found["career_mean"] == pytest.approx(15.6)
    assert found["median_10"] == 12.0
    assert (found["least_10"], found["most_10"]) == (6.0, 30.0)
    assert found["spread_10"] == pytest.approx(np.std(POINTS))
    assert found["slope_10"] == pytest.approx(np.polyfit(range(5), POINTS, 1)[0])
    assert found["weighted_10"] == pytest.approx((12 * 10 + 30 * 9 + 6 * 8 + 20 * 7 + 10 * 6) / 40)


def test_the_moving_average_weighs_the_last_game_with_three_tenths() -> None:
    weights = 0.7 ** np.arange(5)
    assert asked(one_player())["ema"] == pytest.approx((np.array(POINTS[::-1]) * weights).sum() / weights.sum())


def test_pra_is_the_sum_of_three() -> None:
    assert asked(one_player(), "pra")["last"] == 36.0


def test_the_own_line_is_the_mean_of_ten_rounded_to_a_half() -> None:
    box = one_player()
    row = np.flatnonzero(~box.is_known)[:1]
    assert own_line(box, row, statistic="points").tolist() == [15.5]
    assert np.isnan(own_line(box, np.array([0]), statistic="points")[0])


def test_the_calendar_is_counted_in_days() -> None:
    found = asked(one_player())
    assert (found["rest"], found["is_back_to_back"], found["games_in_7_days"]) == (1.0, 1.0, 2.0)
    assert found["missed_in_a_row"] == 0.0


def test_a_visitor_who_stays_in_town_does_not_travel() -> None:
    assert asked(one_player(), player=2)["travel"] == 0.0


def test_boston_to_denver_is_as_far_as_on_the_map() -> None:
    here, there = placed({11: "BOS", 12: "DEN"}, [11]), placed({11: "BOS", 12: "DEN"}, [12])
    assert distance(here, there) == pytest.approx([2839], rel=0.01)
    assert len(ARENAS) == 30


def test_a_team_without_a_known_arena_travels_nowhere_that_is_known() -> None:
    assert np.isnan(placed({}, [99])).all()


def test_a_newcomer_has_features_and_no_form() -> None:
    box = league(rounds=4)
    question = box.asking(
        match=999, player=424_242, team=11, opponent=12, day=int(box.day.max()) + 1, season="2020-21", is_home=True
    )
    found = features(question, np.array([0]), statistic="points")
    assert np.isnan(found["last_10"][0])
    assert found["games"][0] == 0
    assert found["rate_slow"][0] == pytest.approx(0.47, abs=0.01)
    assert np.isfinite(found["expected"][0])


def test_a_missing_team_mate_vacates_his_minutes() -> None:
    box = league(rounds=10)
    day = int(box.day.max())
    star = int(box.player[(box.day == day) & (box.team == 13)][0])
    absent = box.rows(~((box.player == star) & (box.day == day)))
    mate = int(box.player[(box.day == day) & (box.team == 13)][1])
    question = {"match": 999, "player": mate, "team": 13, "opponent": 14, "day": day + 1, "season": "2020-21"}
    with_him, without = (
        features(table.asking(**question, is_home=True), np.array([0]), statistic="points") for table in (box, absent)
    )
    assert without["vacated_minutes"][0] > with_him["vacated_minutes"][0] + 10
    assert without["team_mates_played"][0] == with_him["team_mates_played"][0] - 1


def test_columns_of_different_lengths_and_rows_out_of_order_are_refused() -> None:
    box = one_player()
    with pytest.raises(ValueError, match="sorted by day"):
        box.rows(np.arange(len(box))[::-1])
    with pytest.raises(ValueError, match="different lengths"):
        BoxScores(**{name: getattr(box, name)[: 3 if name == "points" else 4] for name in COLUMNS})


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(KeyError):
        features(one_player(), np.array([0]), statistic="pointz")
