"""What comes in: late, failing, missing, far out."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import time_machine

from matches.models import ImportBatch, Match
from matches.simulating import play_due, simulate_leagues
from mlmodels.models import ModelVersion
from mlmodels.problem import SourceHealth, SourcePart, get_problem
from predictions.models import Alert, QualityReport
from predictions.monitoring import quality
from predictions.monitoring.drifting import Live
from predictions.monitoring.watching import watch
from tests.factories import MatchFactory, ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.monitoring.coins import FIRST, honest_biases, toss
from tests.predictions.monitoring.test_watching import evening

pytestmark = pytest.mark.django_db


def live(biases: list[float | None]) -> Live:
    return Live(
        features=[{"bias": bias} for bias in biases],
        probabilities=[{"heads": 0.5, "tails": 0.5}] * len(biases),
        at=[FIRST + timedelta(hours=i) for i in range(len(biases))],
    )


def test_a_stopped_import_raises_the_staleness_alert() -> None:
    """Simulated leagues, played for a while and then not any more."""
    ModelVersionFactory.create(role=ModelVersion.Role.CHAMPION)
    with time_machine.travel(datetime(2024, 3, 6, 12, tzinfo=UTC), tick=False) as clock:
        simulate_leagues(leagues=1, history=1, teams=4)
        play_due()
        watch()
        assert not Alert.objects.filter(kind="staleness").exists()
        clock.move_to(datetime(2024, 4, 24, 12, tzinfo=UTC))
        due = Match.objects.filter(status="scheduled", kickoff__lt=datetime(2024, 4, 23, tzinfo=UTC))
        assert due.exists()
        watch()
        alert = Alert.objects.get(kind="staleness")
        assert alert.severity == "critical"
        assert "are over and wait for a result" in alert.message
        assert QualityReport.objects.get(problem="football-outcome", day="2024-04-24").is_stale
        play_due()
        watch()
        alert.refresh_from_db()
        assert alert.status == "resolved"


def test_a_match_called_off_long_ago_says_nothing_of_the_source() -> None:
    now = datetime(2024, 3, 6, 12, tzinfo=UTC)
    MatchFactory.create(date=(now - timedelta(days=30)).date())
    health = get_problem("football-outcome").source_health(now)
    assert health is not None
    assert health.parts == ()


def test_an_hour_of_waiting_is_not_stale_and_two_days_without_news_are() -> None:
    now = datetime(2024, 3, 6, 12, tzinfo=UTC)

    def part(waited: int, news: int | None) -> SourcePart:
        last = None if news is None else now - timedelta(hours=news)
        return SourcePart(name="Cup", overdue=1, since=now - timedelta(hours=waited), last_news_at=last)

    found = [part(*hours).is_stale(now, quality.STALE_AFTER) for hours in ((1, None), (30, 2), (30, 30), (30, None))]
    assert found == [False, False, True, True]


def test_failing_imports_raise_the_source_alert_past_5_per_cent() -> None:
    ModelVersionFactory.create(role=ModelVersion.Role.CHAMPION)
    for i in range(20):
        status = ImportBatch.Status.FAILED if i < 2 else ImportBatch.Status.COMPLETED
        ImportBatch.objects.create(source="csv", filename=f"{i}.csv", sha256=str(i), status=status)
    watch()
    assert "2 of 20 imports of the last seven days failed." in Alert.objects.get(kind="source-failure").message
    ImportBatch.objects.filter(filename="0.csv").update(status=ImportBatch.Status.COMPLETED)
    watch()
    assert Alert.objects.get(kind="source-failure").status == "resolved"


def test_a_feature_missing_too_often_is_named(coin_toss: CoinToss, champion: ModelVersion) -> None:
    found = quality.check_inputs(champion, coin_toss, live([0.5] * 170 + [None] * 30))
    assert found.missing == {"bias": {"share": 0.15, "trained": 0.0}}
    assert quality.check_inputs(champion, coin_toss, live([0.5] * 180 + [None] * 20)).missing == {}


def test_text_missing_too_often_is_named_too(
    coin_toss: CoinToss, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = pd.date_range("2024-01-01", periods=100)
    trained = pd.DataFrame({coin_toss.time_column: times, "mint": ["London", "Paris"] * 50})
    monkeypatch.setattr(quality, "training_rows", lambda *args: trained)
    for seen, share in ((["London"] * 80 + [None] * 20, 0.2), ([None] * 100, 1.0)):
        said = Live(features=[{"mint": mint} for mint in seen], probabilities=[], at=[FIRST] * 100)
        assert quality.check_inputs(champion, coin_toss, said).missing == {"mint": {"share": share, "trained": 0.0}}


def test_outliers_more_than_chance_and_training_allow_are_named(coin_toss: CoinToss, champion: ModelVersion) -> None:
    """No bias of training lies beyond 3σ (0.5 ± 0.69)."""
    honest: list[float | None] = list(honest_biases(200))
    assert quality.check_inputs(champion, coin_toss, live(honest)).outliers == {}
    [found] = quality.check_inputs(champion, coin_toss, live([*honest, *[1.5] * 10])).outliers.values()
    assert found == {"share": pytest.approx(10 / 210), "trained": 0.0}


def test_the_day_has_a_row_with_what_is_wrong_in_sentences(coin_toss: CoinToss, champion: ModelVersion) -> None:
    biases = honest_biases(200)
    toss(coin_toss, champion, biases)
    toss(coin_toss, champion, np.full(20, 0.9999).tolist(), first_number=800_000, start=evening(48))
    watch(evening(52))
    report = QualityReport.objects.get(problem="coin-toss")
    assert report.rows == 200
    assert (report.is_stale, report.failure_rate, report.warnings) == (False, None, [])


def test_a_problem_says_what_its_sources_say(
    coin_toss: CoinToss, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = SourceHealth(batches=10, failed_batches=1, warnings=("The mint is closed.",))
    monkeypatch.setattr(coin_toss, "source_health", lambda now: health)
    watch(evening(0))
    report = QualityReport.objects.get(problem="coin-toss")
    assert report.failure_rate == 0.1
    assert report.warnings[-1] == "The mint is closed."


def test_as_many_outliers_as_there_were_in_training_are_not_named(
    coin_toss: CoinToss, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A heavy tail (Student's t with 3 degrees of freedom) has more beyond 3σ than the normal's 0.27 %."""
    rng = np.random.default_rng(5)
    trained = rng.standard_t(3, 5000)
    frame = pd.DataFrame({"bias": trained, coin_toss.time_column: pd.Timestamp(FIRST)})
    monkeypatch.setattr(quality, "training_rows", lambda *args: frame)
    assert (np.abs(trained - trained.mean()) > 3 * trained.std()).mean() > 0.01
    heavy: list[float | None] = list(map(float, rng.standard_t(3, 400)))
    assert quality.check_inputs(champion, coin_toss, live(heavy)).outliers == {}
    assert "bias" in quality.check_inputs(champion, coin_toss, live([*heavy, *[30.0] * 40])).outliers


def test_a_failed_import_of_another_sport_is_not_this_ones() -> None:
    ImportBatch.objects.create(source="nba-logs", filename="logs.csv", status=ImportBatch.Status.FAILED)
    now = datetime.now(UTC) + timedelta(seconds=1)
    football = get_problem("football-outcome").source_health(now)
    basketball = get_problem("player-props-points").source_health(now)
    assert football is not None
    assert basketball is not None
    assert (football.failed_batches, basketball.failed_batches) == (0, 1)
