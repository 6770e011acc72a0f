"""The problem from a player's matches to what is said, written down, and judged by later matches."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import time_machine
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from matches.models import Playlist, RankedGame, RankGroup
from mlmodels import promotion, registry, runs
from mlmodels.errors import InvalidSelection
from mlmodels.estimators.calibrated import CalibratedForecaster
from mlmodels.estimators.calibration import IdentityCalibration
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Forecast, get_problem
from mlmodels.selection import Selection
from predictions import ledger, settling
from predictions.errors import UnknownSubject
from predictions.models import Prediction, Settlement
from predictions.serving import predict
from tests.training.rocket_league.ranked_rows import ranked_games
from tests.training.rocket_league.weakness.conftest import FIRST, Play, form_of, posterior
from training.errors import InsufficientData, NoBenchmark
from training.models import Category
from training.problems.weakness import Weakness
from training.rocket_league.weakness.labels import EVEN, LABELS
from training.rocket_league.weakness.outcomes import largest_shortfall

pytestmark = pytest.mark.django_db
SCARCE = (
    "boost_bcpm",
    "boost_avg_amount",
    "boost_amount_collected",
    "boost_amount_collected_big",
    "boost_amount_collected_small",
    "boost_count_collected_small",
    "boost_count_collected_big",
)
BOOST = {**dict.fromkeys(SCARCE, 0.55), "boost_time_zero_boost": 2.5, "boost_amount_overfill": 2.0}
"""Statistics of somebody who never has any boost."""

Compared = list[RankedGame]
problem = Weakness()


def said_of(user: User, played: list[Any], **changed: Any) -> Forecast:
    estimator = CalibratedForecaster(posterior(), IdentityCalibration())
    frame = problem.featurise([form_of(user, played, **changed)], state={}, state_key="")
    [forecast] = problem.forecast(estimator, frame)
    return forecast


def test_it_is_registered_and_personal() -> None:
    found = get_problem("weakness")
    assert (found.is_personal, found.group_column) == (True, "pool")
    assert found.labels == (*Category.values, "even")


def test_who_never_has_boost_is_told_so(compared_with: Compared, play: Play, alice: User) -> None:
    said = said_of(alice, play(10, worse=BOOST))
    assert said.distribution["named"] == "boost_management"
    assert said.confidence == said.probabilities["boost_management"] > 0.7
    assert sum(said.probabilities.values()) == pytest.approx(1)
    assert said.distribution["scores"]["boost_management"]["high"] < 0
    assert said.drivers[0].words.startswith("Boost management: ")
    assert "below players of Gold over 10 matches" in said.drivers[0].words


def test_nine_matches_say_it_with_more_confidence_than_three(compared_with: Compared, play: Play, alice: User) -> None:
    """The same three matches, once and three times over."""
    played = play(9, worse={name: 1 + 0.2 * (factor - 1) for name, factor in BOOST.items()})
    for place, row in enumerate(played):
        row.statistics = played[place % 3].statistics
        row.save(update_fields=["statistics"])
    few, many = said_of(alice, played[:3]), said_of(alice, played)
    assert few.notes[-1] == "Only 3 matches: upload more, and this becomes surer."
    assert few.probabilities["boost_management"] < many.probabilities["boost_management"]
    widths = [said.distribution["scores"]["shooting"] for said in (few, many)]
    assert widths[0]["high"] - widths[0]["low"] > widths[1]["high"] - widths[1]["low"]


def test_where_nothing_stands_out_that_is_said_and_the_confidence_is_that_of_the_likeliest(
    compared_with: Compared, play: Play, alice: User
) -> None:
    said = said_of(alice, play(20, seed=5))
    assert said.distribution["named"] == EVEN
    assert "Nothing stands out in 20 matches." in said.notes
    assert said.confidence == max(said.probabilities[name] for name in Category.values) < said.probabilities[EVEN]


def test_in_duels_what_is_not_measured_is_never_named(play: Play, alice: User) -> None:
    ranked_games(60, playlist=Playlist.RANKED_DUELS)
    played = play(6, playlist=Playlist.RANKED_DUELS)
    said = said_of(alice, played, playlist=Playlist.RANKED_DUELS)
    assert said.probabilities["rotation"] == 0.0
    assert said.features["score_rotation"] is None
    assert "rotation" not in said.distribution["scores"]
    assert sum(said.probabilities.values()) == pytest.approx(1)
    assert any(note.startswith("Not measured in Ranked Duel: ") and "Rotation" in note for note in said.notes)


def test_what_it_was_compared_with_is_said_where_that_is_made_up(play: Play, alice: User) -> None:
    ranked_games(60, is_simulated=True)
    said = said_of(alice, play(4))
    assert any("simulated" in note for note in said.notes)


def test_matches_that_are_not_the_players_are_refused(compared_with: Compared, play: Play, bob: User) -> None:
    with pytest.raises(InsufficientData):
        problem.featurise([form_of(bob, play(3))], state={}, state_key="")


def test_a_rank_that_nobody_plays_has_no_benchmark(compared_with: Compared, play: Play, alice: User) -> None:
    with pytest.raises(NoBenchmark):
        problem.featurise([form_of(alice, play(3), rank_group=RankGroup.SUPERSONIC_LEGEND)], state={}, state_key="")


def test_a_profile_takes_few_queries(
    compared_with: Compared, play: Play, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    form = form_of(alice, play(12))
    problem.featurise([form], state={}, state_key="")
    with django_assert_max_num_queries(2):
        problem.featurise([form], state={}, state_key="")


def test_a_reference_finds_its_subject_again(play: Play, alice: User) -> None:
    form = form_of(alice, play(2))
    reference = problem.subject_reference(form)
    assert reference == {
        "player": alice.pk,
        "replays": list(form.replays),
        "playlist": "ranked-standard",
        "rank_group": "gold",
    }
    assert problem.subject(reference) == form


@pytest.mark.parametrize(
    "changed",
    [
        {"player": 0},
        {"player": "alice"},
        {"playlist": "chess"},
        {"rank_group": None},
        {"replays": ["nonsense"]},
        {"replays": "all"},
    ],
)
def test_what_names_nobody_is_an_unknown_subject(alice: User, changed: dict[str, Any]) -> None:
    reference = {"player": alice.pk, "replays": [str(uuid4())], "playlist": "ranked-standard", "rank_group": "gold"}
    with pytest.raises(UnknownSubject):
        problem.subject({**reference, **changed})


def test_it_is_decided_at_midnight_four_weeks_ahead(alice: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 59, tzinfo=UTC), tick=False):
        assert problem.event_at(form_of(alice, [])) == datetime(2026, 3, 30, tzinfo=UTC)


def test_the_next_matches_decide_and_earlier_ones_do_not(compared_with: Compared, play: Play, alice: User) -> None:
    before = play(5, worse=BOOST)
    known = play(4, after=FIRST + timedelta(days=2))
    reference = problem.subject_reference(form_of(alice, known))
    play(4, after=FIRST + timedelta(days=3), seed=11, worse=BOOST)
    assert problem.results([reference]) == [None], f"four are too few, and {len(before)} earlier ones don't count"
    play(1, after=FIRST + timedelta(days=4), seed=12, worse=BOOST)
    [result] = problem.results([reference])
    assert result is not None
    assert result.outcome == "boost_management"


@pytest.mark.parametrize(
    ("lowest", "matches", "outcome"),
    [(-1.0, 10, "rotation"), (-1.0, 5, EVEN), (-0.2, 20, EVEN), (-0.6, 20, "rotation")],
)
def test_a_shortfall_counts_beyond_two_and_a_half_standard_errors(lowest: float, matches: int, outcome: str) -> None:
    means = np.zeros(8)
    means[4], means[0] = lowest, np.nan
    assert largest_shortfall(means, matches) == outcome


def test_a_player_who_is_gone_stays_undecided(compared_with: Compared) -> None:
    reference = {"player": 0, "replays": [], "playlist": "ranked-standard", "rank_group": "gold"}
    assert problem.results([reference]) == [None]


def test_real_matches_alone_are_learned_from_where_there_are_any() -> None:
    ranked_games(150, rank_group=RankGroup.PLATINUM, is_simulated=True)
    everything = Selection()
    assert problem.is_simulated(everything)
    ranked_games(150)
    assert not problem.is_simulated(everything)
    assert problem.count(everything) == 1400
    [choice] = problem.choices()["competitions"]
    assert (choice.code, choice.rows) == ("ranked-standard", 1400)


def test_ranks_with_too_few_matches_are_left_out() -> None:
    ranked_games(90)
    assert problem.count(Selection()) == 0
    assert problem.load(Selection()).frame.empty


def test_seasons_and_dates_are_refused() -> None:
    with pytest.raises(InvalidSelection, match="playlist alone"):
        problem.load(Selection(seasons=("1",)))


@pytest.fixture
def champion(storage: object, compared_with: Compared) -> ModelVersion:
    run, _ = runs.request_run(problem="weakness", algorithm="posterior", selection=Selection(), dispatch=False)
    done = runs.execute(str(run.pk), worker="test")
    assert done is not None
    assert done.status == TrainingRun.Status.COMPLETED, done.error_message
    version = ModelVersion.objects.get(run=run)
    promotion.promote(version, by=None, reason="a test")
    return version


def test_through_pipeline_registry_ledger_and_settlement(
    champion: ModelVersion, play: Play, alice: User, bob: User, charlie: User
) -> None:
    cache.clear()
    metrics = champion.metrics
    assert metrics["test"]["accuracy"] > 2 * metrics["baselines"]["train-frequencies"]["accuracy"]
    assert metrics["split"]["test_groups"] == 1
    played = play(10, worse=BOOST)
    [made] = predict("weakness", [form_of(alice, played)], user=alice)
    assert made.outcome_called == "boost_management"
    assert ledger.verify().ok
    assert registry.serving_champion("weakness").version == champion
    assert Prediction.objects.visible_to(alice).get() == made
    for stranger in (bob, charlie):
        client = APIClient()
        client.force_authenticate(stranger)
        assert client.get(f"/api/predictions/{made.pk}/").status_code == 404
    assert settling.settle_due(made.event_at + timedelta(days=1)) == 0
    play(6, after=FIRST + timedelta(days=5), seed=11, worse=BOOST)
    assert settling.settle_due(made.event_at + timedelta(days=1)) == 1
    settled = Settlement.objects.get()
    assert (settled.outcome, settled.correct) == ("boost_management", True)


def test_features_have_names_for_people() -> None:
    assert problem.feature_in_words("score_game_sense") == "Game sense: mean score"
    assert problem.feature_in_words("matches") == "number of matches"
    assert set(LABELS) - set(Category.values) == {EVEN}
