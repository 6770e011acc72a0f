from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from accounts.models import User
from matches.models import Playlist, RankedGame, RankGroup, StatedRank
from matches.rocket_league import own_rows
from matches.rocket_league.ranked_games import import_ranked_games
from matches.simulating_replays import simulate_player, simulate_ranked_games
from mlmodels import registry
from mlmodels.errors import InvalidSelection
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from mlmodels.splitting import split_rows
from predictions.errors import UnknownSubject
from predictions.models import Prediction
from predictions.serving import predict
from tests.training.rocket_league.ranked_rows import ranked_games
from training.errors import InsufficientData
from training.problems.rank_group import within_one
from training.rocket_league.features import NAMES
from training.rocket_league.rank_algorithms import ALGORITHMS

pytestmark = pytest.mark.django_db
STANDARD = Playlist.RANKED_STANDARD
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PROBLEM = get_problem("rank-group")


@pytest.fixture
def played(alice: User) -> User:
    """Alice, with four matches of gold."""
    simulate_player(alice, matches=4, weakness="", rank_group="gold", playlist=STANDARD, now=NOW)
    return alice


def trained() -> ModelVersion:
    """A model of six ranks, from made-up matches."""
    simulate_ranked_games(rows=60, playlists=[STANDARD], rank_groups=RankGroup.values[:6])
    call_command("train", problem="rank-group", promote=True, verbosity=0)
    return registry.serving_champion("rank-group").version


def test_rows_are_players_matches_with_the_rank_as_the_outcome() -> None:
    ranked_games(12, rank_group=RankGroup.BRONZE)
    ranked_games(12, rank_group=RankGroup.CHAMPION)
    frame = PROBLEM.load(Selection()).frame
    assert len(frame) == PROBLEM.count(Selection()) == 24
    assert sorted(set(frame["outcome"])) == [0, 5]
    assert set(NAMES) < set(frame)
    assert frame["event_at"].is_monotonic_increasing
    assert PROBLEM.chosen(frame, Selection(competitions=("ranked-duels",))).sum() == 0


def test_the_players_of_a_match_are_never_split_apart() -> None:
    simulate_ranked_games(rows=60, playlists=[STANDARD])
    frame = PROBLEM.load(Selection()).frame
    masks = split_rows(PROBLEM, frame).masks(frame["match"])
    parts = [set(frame["match"][mask]) for mask in masks.values()]
    assert not parts[0] & parts[1]
    assert not (parts[0] | parts[1]) & parts[2]


def test_real_rows_come_before_simulated_ones_and_are_not_mixed() -> None:
    simulate_ranked_games(rows=12, playlists=[STANDARD], rank_groups=["gold"])
    assert PROBLEM.is_simulated(Selection())
    before = PROBLEM.fingerprint(Selection())
    ranked_games(5)
    assert PROBLEM.count(Selection()) == 5
    assert not PROBLEM.is_simulated(Selection())
    assert PROBLEM.fingerprint(Selection()) != before
    [choice] = PROBLEM.choices()["competitions"]
    assert (choice.code, choice.title, choice.rows) == ("ranked-standard", "Ranked Standard", 5)


def test_seasons_and_dates_do_not_apply() -> None:
    with pytest.raises(InvalidSelection, match="by playlist alone"):
        PROBLEM.count(Selection(seasons=("2026",)))


@pytest.mark.usefixtures("storage")
def test_a_model_goes_through_the_pipeline_and_tells_a_players_rank(played: User) -> None:
    version = trained()
    assert version.metrics["test"]["accuracy"] > version.metrics["baselines"]["train-frequencies"]["accuracy"]
    assert version.metrics["test"]["within_one"] > 0.7
    subject = PROBLEM.subject({"player": played.pk, "replays": [], "playlist": "ranked-standard"})
    [prediction] = predict("rank-group", [subject])
    assert prediction.subject == {"player": played.pk, "replays": [], "playlist": "ranked-standard"}
    assert set(prediction.probabilities) == set(RankGroup.values)
    assert prediction.probabilities["grand-champion"] < 1e-3
    assert prediction.probabilities["supersonic-legend"] < 1e-3
    assert abs(RankGroup.values.index(prediction.outcome_called) - RankGroup.values.index("gold")) <= 1
    assert prediction.distribution["matches"] == 4
    assert Prediction.objects.get() == prediction


@pytest.mark.usefixtures("storage")
def test_a_forecast_is_the_mean_over_the_players_matches(played: User, bob: User) -> None:
    simulate_player(bob, matches=2, weakness="", rank_group="bronze", playlist=STANDARD, now=NOW)
    simulate_ranked_games(rows=60, playlists=[STANDARD])
    frame = PROBLEM.load(Selection()).frame
    model = ALGORITHMS[0].build().fit(frame[list(NAMES)], frame["outcome"].to_numpy())
    subjects = [PROBLEM.subject({"player": user.pk, "playlist": "ranked-standard"}) for user in (played, bob)]
    rows = PROBLEM.featurise(subjects, state={}, state_key="")
    told = PROBLEM.forecast(model, rows)
    assert [forecast.distribution["matches"] for forecast in told] == [4, 2]
    mean = model.predict_proba(rows[list(NAMES)])[:4].mean(axis=0)
    np.testing.assert_allclose(list(told[0].probabilities.values()), mean)
    assert sum(told[0].probabilities.values()) == pytest.approx(1)


def test_a_player_without_matches_is_told_so(alice: User) -> None:
    subject = PROBLEM.subject({"player": alice.pk, "replays": [], "playlist": "ranked-standard"})
    with pytest.raises(InsufficientData):
        PROBLEM.featurise([subject], state={}, state_key="")


@pytest.mark.parametrize(
    "reference",
    [
        {},
        {"player": "nobody", "playlist": "ranked-standard"},
        {"player": 0, "playlist": "ranked-standard"},
        {"player": "alice", "playlist": "hockey"},
        {"player": "alice", "playlist": "ranked-standard", "replays": ["not an id"]},
        {"player": "alice", "playlist": "ranked-standard", "replays": "not a list"},
    ],
)
def test_a_reference_to_nothing_is_refused(alice: User, reference: dict[str, object]) -> None:
    named = {**reference, "player": alice.pk} if reference.get("player") == "alice" else reference
    with pytest.raises(UnknownSubject):
        PROBLEM.subject(named)


def test_it_is_settled_by_a_rank_that_becomes_known(played: User, charlie: User) -> None:
    references = [{"player": user.pk, "replays": [], "playlist": "ranked-standard"} for user in (played, charlie)]
    StatedRank.objects.filter(user=played).update(rank_group="platinum")
    known, unknown = PROBLEM.results(references)
    assert known is not None
    assert known.outcome == "platinum"
    assert unknown is None
    assert PROBLEM.results([{"player": 0}]) == [None]


def test_predictions_are_the_players_own() -> None:
    assert PROBLEM.is_personal
    assert PROBLEM.upcoming(NOW, NOW) == ()
    assert PROBLEM.example_key({"player": 1}) == ""


def test_one_rank_off_is_within_one() -> None:
    said = np.eye(8)[[0, 3, 5]]
    assert within_one(said, np.array([1, 3, 7])) == pytest.approx(2 / 3)


def test_the_real_rows_are_learned_from(real_ranked_games: Path) -> None:
    import_ranked_games(real_ranked_games)
    frame = PROBLEM.load(Selection()).frame
    assert len(frame) == RankedGame.objects.count() == 1548
    masks = split_rows(PROBLEM, frame).masks(frame["match"])
    model = (
        ALGORITHMS[0].build().fit(frame.loc[masks["train"], list(NAMES)], frame["outcome"].to_numpy()[masks["train"]])
    )
    tested = frame[masks["test"]]
    said = model.predict_proba(tested[list(NAMES)])
    assert (said[:, [1, 7]] == 0).all()
    assert within_one(said, tested["outcome"].to_numpy()) > 0.85


def test_own_rows_alone_are_asked_about(played: User) -> None:
    subject = PROBLEM.subject({"player": played.pk, "playlist": "ranked-standard"})
    assert len(PROBLEM.featurise([subject], state={}, state_key="")) == own_rows.rows_of(played).count()
