"""Drawing leagues: complete, reproducible, and true to their rules."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from matches.errors import InvalidSimulation
from matches.simulation.bookmakers import BOOKS, prices
from matches.simulation.league import seasons, table
from matches.simulation.names import club_names
from matches.simulation.rules import MOST_LEAGUES, LeagueRules
from matches.simulation.scores import draw_scores, outcome_probabilities, score_matrices
from mlmodels.estimators import score_matrix


class TestDrawing:
    def test_the_same_rules_draw_the_same_league(self) -> None:
        once, again = seasons(LeagueRules(seed=5), 3), seasons(LeagueRules(seed=5), 3)
        assert all(
            (a.goals == b.goals).all() and (a.kickoff == b.kickoff).all() for a, b in zip(once, again, strict=True)
        )
        assert not (once[0].goals == seasons(LeagueRules(seed=6), 1)[0].goals).all()

    def test_more_seasons_leave_the_earlier_ones_as_they_are(self) -> None:
        short, long = seasons(LeagueRules(), 2), seasons(LeagueRules(), 5)
        assert (short[1].goals == long[1].goals).all()
        assert (
            prices(LeagueRules(), short[1]).result["open", "AVG"]
            == prices(LeagueRules(), long[1]).result["open", "AVG"]
        ).all()

    @pytest.mark.parametrize("teams", [4, 10, 16, 24])
    def test_everyone_meets_everyone_once_at_home_and_once_away(self, teams: int) -> None:
        season = seasons(LeagueRules(teams=teams, relegated=1), 1)[0]
        pairs = Counter(zip(season.home.tolist(), season.away.tolist(), strict=True))
        assert len(pairs) == teams * (teams - 1)
        assert set(pairs.values()) == {1}
        for played in range(2 * (teams - 1)):
            chosen = season.round == played
            assert len({*season.home[chosen], *season.away[chosen]}) == teams

    def test_home_and_away_matches_alternate(self) -> None:
        season = seasons(LeagueRules(), 1)[0]
        for club in np.unique(season.home):
            at_home = season.home[(season.home == club) | (season.away == club)] == club
            longest = max(len(run) for side in "01" for run in "".join(map(str, at_home.astype(int))).split(side))
            assert longest <= 3

    def test_the_calendar_has_a_matchday_within_two_weeks_of_any_day(self) -> None:
        days = np.unique(
            np.concatenate([season.kickoff.astype("datetime64[D]") for season in seasons(LeagueRules(), 6)])
        )
        assert np.diff(days).max() <= np.timedelta64(14, "D")

    def test_a_team_never_plays_twice_within_three_days(self) -> None:
        season = seasons(LeagueRules(teams=24), 1)[0]
        for club in np.unique(season.home):
            days = np.sort(season.kickoff[(season.home == club) | (season.away == club)].astype("datetime64[D]"))
            assert np.diff(days).min() >= np.timedelta64(3, "D")

    def test_the_last_go_down_and_newcomers_are_weaker(self) -> None:
        played = seasons(LeagueRules(seed=3), 30)
        newcomers = []
        for before, after in pairwise(played):
            gone = set(before.home.tolist()) - set(after.home.tolist())
            assert gone == set(table(before)[-3:].tolist())
            new = sorted(set(after.home.tolist()) - set(before.home.tolist()))
            newcomers += (after.attack[0, new] - np.nanmean(after.attack[0])).tolist()
        assert np.mean(newcomers) < -0.05

    def test_strengths_walk_within_and_between_seasons(self) -> None:
        first, second = seasons(LeagueRules(), 2)
        stayed = sorted(set(first.home.tolist()) & set(second.home.tolist()))
        assert 0.02 < np.std(first.attack[-1, stayed] - first.attack[0, stayed]) < 0.2
        assert 0.05 < np.std(second.attack[0, stayed] - first.attack[-1, stayed]) < 0.3

    def test_shots_are_consistent_with_goals(self) -> None:
        season = seasons(LeagueRules(), 1)[0]
        assert (season.goals <= season.shots_on_target).all()
        assert (season.shots_on_target <= season.shots).all()
        assert (season.half_time <= season.goals).all()
        assert np.corrcoef(season.rates.ravel(), season.shots.ravel())[0, 1] > 0.2

    def test_leagues_of_one_seed_share_no_name(self) -> None:
        names = [
            name
            for n in range(1, MOST_LEAGUES + 1)
            for name in club_names(LeagueRules(number=n, teams=24, relegated=6))
        ]
        assert len(names) == len(set(names)) == MOST_LEAGUES * 36

    @pytest.mark.parametrize(
        "rules", [{"teams": 7}, {"teams": 2}, {"teams": 26}, {"number": 0}, {"relegated": 5}, {"seed": -1}]
    )
    def test_it_refuses_a_league_that_cannot_be_played(self, rules: dict[str, int]) -> None:
        with pytest.raises(InvalidSimulation):
            LeagueRules(**rules)

    def test_rules_come_back_from_json(self) -> None:
        rules = LeagueRules.still(seed=9, teams=10)
        assert LeagueRules.from_json(rules.to_json()) == rules
        with pytest.raises(InvalidSimulation, match="weather"):
            LeagueRules.from_json({"weather": "rain"})


class TestScores:
    def test_probabilities_are_those_of_the_estimators_matrix(self) -> None:
        rates = np.array([[1.6, 1.1], [0.3, 3.1], [2.0, 2.0]])
        ours = outcome_probabilities(score_matrices(rates, -0.08))
        theirs = score_matrix.outcome_probabilities(rates[:, 0], rates[:, 1], -0.08)
        assert np.abs(ours - theirs).max() < 1e-5

    def test_drawn_scores_come_as_often_as_the_matrix_says(self) -> None:
        matrices = np.repeat(score_matrices(np.array([[1.4, 1.0]]), -0.1), 100_000, axis=0)
        goals = draw_scores(matrices, np.random.default_rng(0))
        for home in range(3):
            for away in range(3):
                share = ((goals[:, 0] == home) & (goals[:, 1] == away)).mean()
                assert share == pytest.approx(matrices[0, home, away], abs=0.005)


class TestBookmakers:
    def test_each_has_its_margin_and_the_average_lies_between(self) -> None:
        rules = LeagueRules()
        quoted = prices(rules, seasons(rules, 1)[0]).result
        for book, margin in BOOKS.items():
            assert (1 / quoted["close", book]).sum(1).mean() == pytest.approx(1 + margin, abs=0.01)
        assert (quoted["open", "MAX"] >= quoted["open", "AVG"] - 0.01).all()

    def test_closing_prices_know_more_than_opening_ones(self) -> None:
        rules = LeagueRules()
        error = {"open": 0.0, "close": 0.0}
        for season in seasons(rules, 5):
            for phase in error:
                asked = 1 / prices(rules, season).result[phase, "AVG"]
                error[phase] += np.abs(asked / asked.sum(1, keepdims=True) - season.probabilities).sum()
        assert error["close"] < 0.8 * error["open"]

    def test_longshots_cost_more_than_they_are_worth(self) -> None:
        rules = LeagueRules()
        season = seasons(rules, 1)[0]
        worth = season.probabilities * prices(rules, season).result["close", "SIMA"]
        longshots, favourites = season.probabilities < 0.15, season.probabilities > 0.6
        assert worth[longshots].mean() < worth[favourites].mean()
