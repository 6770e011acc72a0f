"""Football predictions from the champion's file to the ledger."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from matches.models import Match
from mlmodels import promotion, registry, runs
from mlmodels.errors import ArtifactError, FeatureMismatch
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import ledger
from predictions.errors import EventIsOver
from predictions.football import serving_state, state
from predictions.football.naming import of_match
from predictions.models import Prediction
from predictions.serving import predict
from predictions.upcoming import predict_upcoming

SLUG = "football-outcome"


@pytest.fixture
def to_come(league: list[Match]) -> Iterator[list[Match]]:
    """The last round; it is the day before."""
    last_round = [match for match in league if not match.is_finished]
    with time_machine.travel(last_round[0].kickoff - timedelta(days=1), tick=False):
        yield last_round


@pytest.fixture
def champion(to_come: list[Match], storage: Path) -> ModelVersion:
    serving_state._kept.clear()
    run, _ = runs.request_run(problem=SLUG, algorithm="elo", selection=Selection(), dispatch=False)
    runs.execute(str(run.pk), worker="test")
    version = ModelVersion.objects.get(run=run)
    promotion.promote(version, by=None)
    return version


def forget() -> None:
    """As another process would be: nothing is loaded."""
    registry._loaded.clear()
    registry._champions.clear()
    serving_state._kept.clear()


def test_a_fixture_is_predicted_from_the_file_and_written_down(champion: ModelVersion, to_come: list[Match]) -> None:
    forget()
    [said] = predict(SLUG, [of_match(to_come[0])])
    written = Prediction.objects.get(pk=said.pk)
    assert (written.match, written.model_version, written.event_at) == (to_come[0], champion, to_come[0].kickoff)
    assert sum(written.probabilities.values()) == pytest.approx(1)
    assert written.features["home_matches"] > 10
    assert written.outcome_called == max(written.probabilities, key=lambda label: written.probabilities[label])
    assert ledger.verify().ok


def test_one_fixture_takes_as_many_queries_as_a_round(
    champion: ModelVersion, to_come: list[Match], django_assert_max_num_queries: Any
) -> None:
    """Two for what is known now, and the ledger's own: a batched insert behind the lock of the head row."""
    subjects = [of_match(match) for match in to_come]
    predict(SLUG, subjects[:1])
    with django_assert_max_num_queries(8):
        predict(SLUG, subjects[:1])
    with django_assert_max_num_queries(8):
        assert len(predict(SLUG, subjects)) == 3


def test_what_has_been_said_is_not_said_again_until_there_is_news(champion: ModelVersion, to_come: list[Match]) -> None:
    assert predict_upcoming() == 3
    assert predict_upcoming() == 0
    early = to_come[2]
    early.status, early.home_goals, early.away_goals = Match.Status.FINISHED, 8, 8
    early.save()
    assert predict_upcoming() == 2
    assert [match.predictions.count() for match in to_come] == [2, 2, 1]


def test_once_it_has_begun_nothing_is_said_of_any(champion: ModelVersion, to_come: list[Match]) -> None:
    with time_machine.travel(to_come[0].kickoff), pytest.raises(EventIsOver, match="before the event"):
        predict(SLUG, [of_match(match) for match in to_come])
    assert not Prediction.objects.exists()


def test_a_tampered_file_is_refused_in_words_and_says_nothing(
    champion: ModelVersion, to_come: list[Match], storage: Path
) -> None:
    file = storage / "artifacts" / champion.artifact_path
    file.write_bytes(file.read_bytes().replace(b'"home_advantage"', b'"away_advantage"', 1) + b" ")
    forget()
    with pytest.raises(ArtifactError, match="not the one that was registered: its sha256 differs"):
        predict(SLUG, [of_match(to_come[0])])
    assert not Prediction.objects.exists()


def test_a_model_of_other_features_names_them_and_says_nothing(champion: ModelVersion, to_come: list[Match]) -> None:
    columns = [*champion.feature_columns, {"name": "weather", "kind": "f"}]
    ModelVersion.objects.filter(pk=champion.pk).update(feature_columns=columns)
    forget()
    with pytest.raises(FeatureMismatch, match=f"Features of {champion} do not match .missing: weather.*train it again"):
        predict(SLUG, [of_match(to_come[0])])
    assert not Prediction.objects.exists()


def test_a_state_that_older_code_wrote_asks_to_be_trained_again(
    champion: ModelVersion, to_come: list[Match], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "FORMAT", 99)
    forget()
    with pytest.raises(FeatureMismatch, match="train again"):
        predict(SLUG, [of_match(to_come[0])])


def test_a_new_champion_speaks_next(champion: ModelVersion, to_come: list[Match]) -> None:
    run, _ = runs.request_run(problem=SLUG, algorithm="base-rate", selection=Selection(), dispatch=False)
    runs.execute(str(run.pk), worker="test")
    newer = ModelVersion.objects.get(run=run)
    promotion.promote(newer, by=None)
    registry.forget_champion(SLUG)
    [said] = predict(SLUG, [of_match(to_come[0])])
    assert said.model_version == newer
    [asked] = predict(SLUG, [of_match(to_come[0])], version=champion)
    assert asked.model_version == champion
