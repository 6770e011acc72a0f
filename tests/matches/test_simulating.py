"""Simulated leagues in the database: labelled, landed once, played when due; and found again by the estimators."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from matches.errors import InvalidSimulation
from matches.models import Competition, ImportBatch, Match, Odds, SimulatedLeague, Team
from matches.signals import results_changed
from matches.simulating import bring_forward, play_due, simulate_leagues
from matches.simulation.league import SimulatedSeason, seasons
from matches.simulation.rules import LeagueRules
from matches.tasks import play_simulated
from mlmodels.estimators.calibration import best_calibration
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.evaluation.metrics import ece
from tests.factories import CompetitionFactory

WEDNESDAY = datetime(2024, 2, 14, 12, tzinfo=UTC)
MATCHES = 30


@pytest.fixture
def league(db: None) -> SimulatedLeague:
    """One league of six teams in its second season, on a Wednesday in February."""
    with time_machine.travel(WEDNESDAY, tick=False):
        simulate_leagues(leagues=1, history=2, teams=6)
    return SimulatedLeague.objects.get()


class TestLanding:
    def test_everything_simulated_says_so(self, league: SimulatedLeague) -> None:
        assert league.competition.is_simulated
        assert set(Team.objects.values_list("is_simulated", flat=True)) == {True}
        assert "simulated" in str(league)

    def test_what_was_played_has_results_and_closing_prices_and_the_rest_has_not(self, league: SimulatedLeague) -> None:
        played, coming = Match.objects.filter(kickoff__lte=WEDNESDAY), Match.objects.upcoming(WEDNESDAY)
        assert played.count() + coming.count() == 2 * MATCHES
        assert played.count() == played.finished().count() > MATCHES
        assert coming.exists()
        assert Odds.objects.closing().values("match").distinct().count() == played.count()
        assert not Odds.objects.filter(match__kickoff__gt=WEDNESDAY + timedelta(days=14)).exists()

    def test_simulating_again_adds_nothing(self, league: SimulatedLeague) -> None:
        before = (Match.objects.count(), Odds.objects.count(), ImportBatch.objects.count())
        with time_machine.travel(WEDNESDAY, tick=False):
            assert simulate_leagues(leagues=1, history=2, teams=6) == []
            assert play_due() == 0
        assert (Match.objects.count(), Odds.objects.count(), ImportBatch.objects.count()) == before

    def test_another_league_is_added_beside_the_first(self, league: SimulatedLeague) -> None:
        with time_machine.travel(WEDNESDAY, tick=False):
            assert [batch.filename for batch in simulate_leagues(leagues=2, history=2, teams=6)] == ["SIM2"]

    def test_it_refuses_to_write_over_a_league_of_other_rules(self, league: SimulatedLeague) -> None:
        with pytest.raises(InvalidSimulation, match="seed 1 and 6 teams"):
            simulate_leagues(leagues=1, seed=2, teams=6)

    def test_it_refuses_to_write_into_a_real_competition(self, db: None) -> None:
        CompetitionFactory.create(code="SIM1")
        with pytest.raises(InvalidSimulation, match="real competition"):
            simulate_leagues(leagues=1)
        assert not Match.objects.exists()

    @pytest.mark.parametrize("wish", [{"leagues": 0}, {"leagues": 99}, {"history": 0}, {"teams": 5}])
    def test_it_refuses_what_cannot_be_simulated(self, db: None, wish: dict[str, Any]) -> None:
        with pytest.raises(InvalidSimulation):
            simulate_leagues(**wish)
        assert not Competition.objects.exists()


class TestPlaying:
    def test_a_match_is_played_when_its_kickoff_has_come(self, league: SimulatedLeague) -> None:
        match = Match.objects.upcoming(WEDNESDAY).earliest("kickoff")
        due = Match.objects.upcoming(WEDNESDAY).filter(kickoff=match.kickoff).count()
        assert play_due(match.kickoff - timedelta(seconds=1)) == 0
        assert play_due(match.kickoff) == due
        match.refresh_from_db()
        assert match.is_finished
        assert match.odds.closing().exists()

    def test_a_match_has_the_same_result_whenever_it_is_played(self, league: SimulatedLeague) -> None:
        later = WEDNESDAY + timedelta(days=60)
        play_due(later)
        played = {(m.home.slug, m.away.slug): m.score for m in Match.objects.finished().filter(kickoff__gt=WEDNESDAY)}
        assert played
        Match.objects.all().delete()
        league.competition.seasons.all().delete()
        with time_machine.travel(later, tick=False):
            simulate_leagues(leagues=1, history=2, teams=6)
        again = Match.objects.finished().filter(kickoff__gt=WEDNESDAY).with_names()
        assert {(m.home.slug, m.away.slug): m.score for m in again} == played

    def test_results_are_announced_to_whoever_settles(
        self, league: SimulatedLeague, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        kickoff = Match.objects.upcoming(WEDNESDAY).earliest("kickoff").kickoff
        told: list[int] = []
        hear = patch.object(results_changed, "send", side_effect=lambda **sent: told.extend(sent["match_ids"]))
        with hear, django_capture_on_commit_callbacks(execute=True):
            play_due(kickoff)
        assert told == list(Match.objects.finished().filter(kickoff=kickoff).values_list("pk", flat=True))

    def test_prices_open_two_weeks_before_kickoff(self, league: SimulatedLeague) -> None:
        match = Match.objects.filter(odds__isnull=True).earliest("kickoff")
        play_due(match.kickoff - timedelta(days=13))
        assert set(Odds.objects.filter(match=match).values_list("phase", flat=True)) == {"open"}

    def test_the_next_season_is_announced_in_june(self, league: SimulatedLeague) -> None:
        play_due(datetime(2024, 6, 10, tzinfo=UTC))
        assert league.competition.seasons.count() == 3
        play_due(datetime(2024, 9, 10, tzinfo=UTC))
        assert Match.objects.finished().filter(season__code="2425").exists()

    def test_the_seasons_last_round_is_brought_forward(self, league: SimulatedLeague) -> None:
        soon, scheduled = WEDNESDAY + timedelta(minutes=1), Match.objects.upcoming(WEDNESDAY)
        coming = set(scheduled.values_list("pk", flat=True))
        last = set(scheduled.order_by("-kickoff").values_list("pk", flat=True)[:3])
        assert bring_forward(soon) == 3
        moved = Match.objects.filter(kickoff=soon)
        assert set(moved.values_list("pk", flat=True)) == last
        assert len({*moved.values_list("home", flat=True), *moved.values_list("away", flat=True)}) == 6
        assert set(scheduled.values_list("pk", flat=True)) == coming
        assert play_due(soon) == 3
        assert bring_forward(soon + timedelta(minutes=1)) == 3

    def test_nothing_is_brought_forward_where_no_round_is_whole(self, league: SimulatedLeague) -> None:
        for round_ in range(10):
            bring_forward(WEDNESDAY + timedelta(minutes=round_))
            play_due(WEDNESDAY + timedelta(minutes=round_))
        assert bring_forward(WEDNESDAY + timedelta(hours=1)) == 0

    def test_nothing_is_drawn_where_nothing_is_due(
        self, league: SimulatedLeague, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        play_due(WEDNESDAY)
        with patch("matches.simulating.seasons") as drawing, django_assert_max_num_queries(5):
            assert play_due(WEDNESDAY) == 0
        drawing.assert_not_called()

    def test_the_clock_plays_what_is_due(self, league: SimulatedLeague) -> None:
        match = Match.objects.upcoming(WEDNESDAY).earliest("kickoff")
        with time_machine.travel(match.kickoff, tick=False):
            assert play_simulated() > 0
            assert play_simulated() == 0
        match.refresh_from_db()
        assert match.is_finished


class TestCommand:
    def test_it_reports_in_json(self, db: None) -> None:
        out = StringIO()
        call_command("simulate_matches", leagues=1, seasons=1, teams=4, json=True, stdout=out)
        assert json.loads(out.getvalue()) == {"created": {"SIM1": 12}, "played": 0}

    def test_it_says_when_there_is_nothing_to_add(self, db: None) -> None:
        for _ in range(2):
            out = StringIO()
            call_command("simulate_matches", leagues=1, seasons=1, teams=4, stdout=out)
        assert "nothing to add" in out.getvalue()

    def test_it_fails_in_words(self, db: None) -> None:
        with pytest.raises(CommandError, match="even number of teams"):
            call_command("simulate_matches", teams=5)

    def test_it_plays_what_is_due(self, league: SimulatedLeague) -> None:
        out = StringIO()
        call_command("simulate_matches", play_due=True, json=True, stdout=out)
        assert json.loads(out.getvalue())["played"] > 0


def drawn_rows(played: list[SimulatedSeason], competition: str) -> pd.DataFrame:
    """The columns that estimators read, goals and true probabilities beside them."""
    return pd.concat(
        pd.DataFrame(
            {
                "home": [f"club {club}" for club in season.home],
                "away": [f"club {club}" for club in season.away],
                "competition": competition,
                "date": season.kickoff.astype("datetime64[D]").astype("datetime64[s]"),
                "home_goals": season.goals[:, 0],
                "away_goals": season.goals[:, 1],
                "outcome": season.outcomes,
                "season": season.year,
                **dict(zip(("p_home", "p_draw", "p_away"), season.probabilities.T, strict=True)),
            }
        )
        for season in played
    )


class TestRecovery:
    """What the estimators learn is what the league was made of."""

    COLUMNS = ["home", "away", "competition", "date"]  # noqa: RUF012 - constant of a test

    def test_dixon_coles_finds_the_strengths_of_ten_seasons(self) -> None:
        played = seasons(LeagueRules.still(seed=4, teams=20), 10)
        rows = drawn_rows(played, "SIM1")
        model = DixonColes(half_life_days=None).fit(rows[self.COLUMNS], rows[["home_goals", "away_goals"]].to_numpy())
        for truth, learned in ((played[0].attack, model.attack_), (played[0].defence, model.defence_)):
            found = [learned["SIM1"][f"club {club}"] for club in range(20)]
            assert np.corrcoef(truth[0], found)[0, 1] >= 0.95
        assert model.rho_ == pytest.approx(-0.06, abs=0.05)
        assert model.home_advantage_["SIM1"] == pytest.approx(0.28, abs=0.05)

    def test_calibrated_probabilities_are_true_to_a_hundredth(self) -> None:
        played = {f"SIM{n}": seasons(LeagueRules.still(seed=n, teams=20), 10) for n in range(1, 13)}
        rows = pd.concat(drawn_rows(league, code) for code, league in played.items()).reset_index(drop=True)
        train, validation, test = (
            rows[rows.season.isin(years)] for years in (range(2018, 2022), range(2022, 2024), range(2024, 2028))
        )
        model = DixonColes(half_life_days=None)
        model.fit(train[self.COLUMNS], train[["home_goals", "away_goals"]].to_numpy())
        raw = model.predict_proba(validation[self.COLUMNS])
        calibration = best_calibration(raw, validation["outcome"].to_numpy())
        calibrated = calibration.transform(model.predict_proba(test[self.COLUMNS]))
        assert ece(calibrated, test["outcome"].to_numpy()) <= 0.01
        truth = test[["p_home", "p_draw", "p_away"]].to_numpy()
        assert self._error_against(truth, calibrated) <= 0.01

    @staticmethod
    def _error_against(truth: np.ndarray, forecast: np.ndarray, bins: int = 10) -> float:
        """The calibration error with true probabilities in the place of outcomes."""
        place = np.minimum((forecast.ravel() * bins).astype(int), bins - 1)
        gaps = np.bincount(place, forecast.ravel() - truth.ravel(), bins)
        return float(np.abs(gaps).sum() / forecast.size)
