"""What is drawn of the simulated basketball league: calendar, box scores, absences and lines, without a database."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matches.errors import InvalidSimulation
from matches.simulation.basketball.bookmakers import BOOKS, expectations, game_quotes, prop_quotes
from matches.simulation.basketball.box_scores import other_side
from matches.simulation.basketball.minutes import spread
from matches.simulation.basketball.names import MOST_TEAMS_NAMED, abbreviation, player_names, team_name
from matches.simulation.basketball.people import SLOT_POSITION
from matches.simulation.basketball.reports import AVAILABLE, DAY, OUT, reports
from matches.simulation.basketball.rules import MOST_TEAMS, BasketballRules
from matches.simulation.basketball.season import SimulatedGames, endless, seasons

RULES = BasketballRules(seed=5)


@pytest.fixture(scope="module")
def games() -> SimulatedGames:
    return seasons(RULES, 2)[1]


class TestRules:
    @pytest.mark.parametrize("rules", [{"teams": 5}, {"teams": 2}, {"teams": 26}, {"laps": 0}, {"seed": -1}])
    def test_a_league_that_cannot_be_played_is_refused(self, rules: dict[str, int]) -> None:
        with pytest.raises(InvalidSimulation):
            BasketballRules(**rules)  # type: ignore[arg-type]  # the values are whole numbers

    def test_an_unknown_rule_is_named(self) -> None:
        with pytest.raises(InvalidSimulation, match="no rule hoops"):
            BasketballRules.from_json({"hoops": 2})

    def test_rules_survive_json(self) -> None:
        assert BasketballRules.from_json(RULES.to_json()) == RULES

    def test_a_season_is_over_before_the_next_begins(self) -> None:
        for teams in range(4, MOST_TEAMS + 1, 2):
            rules = BasketballRules(teams=teams)
            assert rules.season_days % 7 == 0
            assert rules.season_days >= 2 * rules.rounds + 5


class TestCalendar:
    def test_everyone_plays_sixty_games_half_of_them_at_home(self, games: SimulatedGames) -> None:
        assert np.bincount(games.calendar.home).tolist() == [30] * 16
        assert np.bincount(games.calendar.away).tolist() == [30] * 16

    def test_a_team_plays_once_a_day_and_never_on_three_days_in_a_row(self, games: SimulatedGames) -> None:
        days = games.calendar.tip_off.astype("datetime64[D]").astype(int)
        for team in range(16):
            played = np.sort(np.concatenate([days[games.calendar.home == team], days[games.calendar.away == team]]))
            assert (np.diff(played) >= 1).all()
            assert (played[2:] - played[:-2] > 2).all()

    def test_a_team_has_three_or_four_games_a_week_and_some_on_the_next_day(self, games: SimulatedGames) -> None:
        days = games.calendar.tip_off.astype("datetime64[D]").astype(int)
        weeks = (days.max() - days.min() + 1) / 7
        assert 3 <= 60 / weeks <= 4
        assert 0.15 <= games.calendar.back_to_back.mean() <= 0.35

    def test_games_are_in_order_and_within_their_season(self, games: SimulatedGames) -> None:
        assert (np.diff(games.calendar.tip_off.astype(int)) >= 0).all()
        first = np.datetime64(RULES.season_start(1))
        assert games.calendar.tip_off.min() >= first
        assert games.calendar.tip_off.max() < first + np.timedelta64(RULES.season_days, "D")


class TestBoxScores:
    def test_the_same_rules_draw_the_same_box_scores(self, games: SimulatedGames) -> None:
        endlessly = endless(RULES)
        next(endlessly)
        again = next(endlessly)
        assert all(np.array_equal(again.box[name], counts) for name, counts in games.box.items())
        assert np.array_equal(again.minutes, games.minutes)

    def test_another_seed_draws_others(self, games: SimulatedGames) -> None:
        other = next(endless(BasketballRules(seed=6)))
        assert not np.array_equal(other.points, games.points)

    def test_what_was_made_was_tried(self, games: SimulatedGames) -> None:
        box = games.box
        for made, tried in (("field_goals", "field_goals"), ("threes", "threes"), ("free_throws", "free_throws")):
            assert (box[f"{made}_made"] <= box[f"{tried}_attempted"]).all()
        assert (box["threes_made"] <= box["field_goals_made"]).all()
        assert (box["threes_attempted"] <= box["field_goals_attempted"]).all()

    def test_points_are_those_of_the_shots_and_nobody_wins_by_nothing(self, games: SimulatedGames) -> None:
        box = games.box
        twos = box["field_goals_made"] - box["threes_made"]
        assert np.array_equal(games.points, 2 * twos + 3 * box["threes_made"] + box["free_throws_made"])
        assert (games.score[:, 0] != games.score[:, 1]).all()

    def test_a_team_has_240_minutes_and_25_more_for_each_overtime(self, games: SimulatedGames) -> None:
        total = games.minutes.sum(1).round(6)
        assert set(total) <= {240.0, 265.0, 290.0, 315.0}
        assert np.array_equal(total[0::2], total[1::2])
        assert 0 < (total > 240).mean() < 0.1
        assert games.minutes.max() <= 48 + 5 * 3

    def test_who_did_not_play_did_nothing(self, games: SimulatedGames) -> None:
        absent = games.minutes == 0
        assert absent[games.absent.out].all()
        assert all((counts[absent] == 0).all() for counts in games.box.values())
        assert (games.plus_minus[absent] == 0).all()
        assert ((games.minutes > 0).sum(1) >= 8).all()

    def test_plus_minus_of_a_team_is_five_times_its_lead(self, games: SimulatedGames) -> None:
        scored = games.points.sum(1)
        assert np.array_equal(games.plus_minus.sum(1), 5 * (scored - other_side(scored)))

    def test_team_counts_fit_each_other(self, games: SimulatedGames) -> None:
        total = {name: counts.sum(1) for name, counts in games.box.items()}
        missed = total["field_goals_attempted"] - total["field_goals_made"]
        missed_free = total["free_throws_attempted"] - total["free_throws_made"]
        caught = total["offensive_rebounds"] + other_side(total["defensive_rebounds"])
        assert (caught <= missed + missed_free).all()
        assert (total["assists"] <= total["field_goals_made"]).all()
        assert (total["steals"] <= other_side(total["turnovers"])).all()
        assert (total["blocks"] <= other_side(missed)).all()
        assert games.box["fouls"].max() <= 6

    def test_the_league_has_the_shape_of_the_nba(self, games: SimulatedGames) -> None:
        played = games.minutes > 0
        points, time = games.points[played], games.minutes[played]
        assert points.mean() == pytest.approx(10.64, abs=0.6)
        assert points.std() == pytest.approx(8.98, abs=0.9)
        assert time.std() == pytest.approx(11.1, abs=0.9)
        assert (games.box["threes_made"][played] == 0).mean() == pytest.approx(0.445, abs=0.05)
        assert games.score.std() == pytest.approx(12.9, abs=1.5)

    def test_rosters_keep_their_positions_and_change_between_seasons(self) -> None:
        first, second = seasons(RULES, 2)
        assert (second.people.position[second.people.roster] == SLOT_POSITION).all()
        assert len(np.unique(second.people.roster)) == second.people.roster.size
        stayed = np.isin(second.people.roster, first.people.roster).mean()
        assert 0.9 < stayed < 1


class TestMinutes:
    @given(st.lists(st.floats(0.05, 60), min_size=13, max_size=13), st.integers(0, 5))
    @settings(max_examples=60, deadline=None)
    def test_minutes_sum_up_and_nobody_has_more_than_he_may(self, weights: list[float], absent: int) -> None:
        table = np.array([weights])
        table[0, :absent] = 0
        given_out = spread(table, minutes=180, most=30.0)
        assert given_out.sum() == pytest.approx(180)
        assert (given_out[0, :absent] == 0).all()
        assert given_out.max() <= 30.0 + 1e-9


class TestWhatIsSaid:
    def test_every_line_has_prices_with_the_margin(self, games: SimulatedGames) -> None:
        for book in BOOKS:
            for quotes in prop_quotes(games, book, seed=5):
                assert (quotes.line % 1 == 0.5).all()
                assert (1 / quotes.over + 1 / quotes.under).mean() == pytest.approx(1 + book.margin, abs=0.005)

    def test_who_is_known_to_be_out_has_no_line(self, games: SimulatedGames) -> None:
        early, late = BOOKS
        for quotes in prop_quotes(games, late, seed=5):
            assert not games.absent.out[quotes.side, quotes.slot].any()
        for quotes in prop_quotes(games, early, seed=5):
            assert not games.absent.known[quotes.side, quotes.slot].any()
            assert games.absent.out[quotes.side, quotes.slot].any()

    def test_betting_on_every_line_loses(self, games: SimulatedGames) -> None:
        for quotes in prop_quotes(games, BOOKS[1], seed=5):
            if quotes.statistic == "points":
                over = games.points[quotes.side, quotes.slot] > quotes.line
                assert (over * quotes.over).mean() < 1
                assert (~over * quotes.under).mean() < 1

    def test_lines_say_more_than_nothing_about_games(self, games: SimulatedGames) -> None:
        quotes = game_quotes(games, BOOKS[1], seed=5)
        lead = games.score[:, 0] - games.score[:, 1]
        assert np.corrcoef(lead, -quotes.spread_home)[0, 1] > 0.15
        assert games.score.sum(1).mean() == pytest.approx(quotes.total.mean(), abs=6)
        assert ((quotes.spread_home < 0) == (quotes.home < quotes.away))[np.abs(quotes.spread_home) > 0.5].all()

    def test_expectations_know_nothing_of_chance_but_are_right_on_average(self, games: SimulatedGames) -> None:
        truth = expectations(games, ~games.absent.out)
        assert truth["points"].sum() == pytest.approx(games.points.sum(), rel=0.03)
        assert np.corrcoef(truth["points"].ravel(), games.points.ravel())[0, 1] > 0.6

    def test_the_last_report_says_who_plays(self, games: SimulatedGames) -> None:
        latest: dict[tuple[int, int], str] = {}
        for report in reports(games, seed=5):
            latest[report.side, report.slot] = report.status
            assert report.stage == DAY or report.status != AVAILABLE
        assert all(latest[side, slot] == OUT for side, slot in np.argwhere(games.absent.out).tolist())
        playing = [status for place, status in latest.items() if not games.absent.out[place]]
        assert playing
        assert OUT not in playing


class TestNames:
    def test_there_are_names_for_the_largest_league(self) -> None:
        assert MOST_TEAMS_NAMED == MOST_TEAMS
        assert len({team_name(team) for team in range(MOST_TEAMS)}) == MOST_TEAMS
        assert len({abbreviation(team) for team in range(MOST_TEAMS)}) == MOST_TEAMS

    def test_names_come_once_and_more_of_them_leave_the_first_as_they_are(self) -> None:
        assert len(set(player_names(2000, seed=1))) == 2000
        assert player_names(500, seed=1)[:200] == player_names(200, seed=1)
        assert player_names(200, seed=1) != player_names(200, seed=2)
