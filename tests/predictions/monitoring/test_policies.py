"""Training again without a person asking: when the policy says so, once per cool-down, never a champion."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from mlmodels import promotion, registry, runs
from mlmodels.errors import ArtifactError, UnknownProblem
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.retraining import retrain_champions
from predictions.errors import InvalidPolicy
from predictions.models import Alert, RetrainingPolicy
from predictions.monitoring.policies import change_policy, policy_of, retrain_because
from predictions.monitoring.watching import watch
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.monitoring.coins import honest_biases, toss
from tests.predictions.monitoring.test_watching import evening

pytestmark = pytest.mark.django_db
DECAY, DRIFT = RetrainingPolicy.Cause.DECAY, RetrainingPolicy.Cause.DRIFT


def test_the_usual_policy_retrains_for_decay_and_by_schedule_but_not_for_drift() -> None:
    usual = policy_of("coin-toss")
    assert (usual.enabled, usual.on_schedule, usual.on_decay, usual.on_drift) == (True, True, True, False)
    assert (usual.cool_down_days, usual.yields) == (7, "challenger")
    assert not RetrainingPolicy.objects.exists()


def test_decay_asks_for_a_retraining_and_the_alert_says_so(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, honest_biases(300), truth=[0.5] * 300)
    watch(evening(74))
    run = TrainingRun.objects.in_flight().get()
    assert (run.trigger, run.problem, run.algorithm) == ("drift", "coin-toss", "logit")
    alert = Alert.objects.get(kind="decay")
    assert "A retraining is queued. It gives a challenger" in alert.message
    assert alert.evidence["run"] == str(run.pk)


def test_it_is_asked_for_once_in_a_cool_down(coin_toss: CoinToss, champion: ModelVersion) -> None:
    now = timezone.now()
    assert retrain_because(champion, DECAY, now).run is not None
    TrainingRun.objects.update(status="failed", completed_at=now)
    again = retrain_because(champion, DECAY, now + timedelta(days=6))
    assert again.run is None
    assert "less than 7 days ago" in again.sentence
    assert retrain_because(champion, DECAY, now + timedelta(days=7)).run is not None


def test_drift_retrains_only_where_the_policy_says_so(coin_toss: CoinToss, champion: ModelVersion) -> None:
    assert "a person decides" in retrain_because(champion, DRIFT, timezone.now()).sentence
    change_policy("coin-toss", on_drift=True)
    assert retrain_because(champion, DRIFT, timezone.now()).run is not None
    assert policy_of("coin-toss").last_cause == "drift"


def test_a_policy_switched_off_retrains_for_nothing(coin_toss: CoinToss, champion: ModelVersion) -> None:
    change_policy("coin-toss", enabled=False)
    assert retrain_because(champion, DECAY, timezone.now()).run is None
    assert retrain_champions() == []


def test_the_schedule_respects_the_policy(coin_toss: CoinToss, champion: ModelVersion) -> None:
    change_policy("coin-toss", on_schedule=False)
    assert retrain_champions() == []
    change_policy("coin-toss", on_schedule=True)
    assert len(retrain_champions()) == 1


@pytest.mark.parametrize("yields", ["challenger", "experimental"])
def test_what_it_gives_is_what_the_policy_says_and_never_champion(
    coin_toss: CoinToss,
    champion: ModelVersion,
    yields: str,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    change_policy("coin-toss", yields=yields)
    coin_toss.tosses = 2100
    run = retrain_because(champion, DECAY, timezone.now()).run
    assert run is not None
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
        runs.execute(str(run.pk), worker="test")
    fresh = ModelVersion.objects.get(run=run)
    assert fresh.role == yields
    champion.refresh_from_db()
    assert champion.role == "champion"


def test_what_a_person_trained_stays_as_it_is(
    coin_toss: CoinToss,
    champion: ModelVersion,
    train_coin: Callable[[], ModelVersion],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
        assert train_coin().role == "experimental"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cool_down_days": 0}, "Cool down days: Ensure this value is greater than or equal to 1."),
        ({"cool_down_days": 366}, "Cool down days: Ensure this value is less than or equal to 365."),
        ({"cool_down_days": -7}, "Cool down days"),
        ({"cool_down_days": "soon"}, "Cool down days"),
        ({"yields": "champion"}, "Yields: Value 'champion' is not a valid choice."),
        ({"alpha": 2}, "has no alpha"),
    ],
)
def test_a_policy_that_can_not_be_is_refused_in_words(
    coin_toss: CoinToss, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidPolicy, match=words):
        change_policy("coin-toss", **fields)
    assert policy_of("coin-toss").cool_down_days == 7


def test_the_database_refuses_it_too(coin_toss: CoinToss) -> None:
    for fields in ({"cool_down_days": 0}, {"yields": "champion"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RetrainingPolicy.objects.create(problem="coin-toss", **fields)


def test_a_problem_that_is_not_there_has_no_policy_to_change() -> None:
    with pytest.raises(UnknownProblem):
        change_policy("astrology", enabled=False)


def test_a_champion_that_can_not_be_trained_again_says_why(coin_toss: CoinToss, champion: ModelVersion) -> None:
    ModelVersion.objects.update(algorithm="crystal-ball")
    champion.refresh_from_db()
    assert "has no algorithm 'crystal-ball'" in retrain_because(champion, DECAY, timezone.now()).sentence


def test_a_retraining_that_can_not_be_asked_for_begins_no_cool_down(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    algorithm, now = champion.algorithm, timezone.now()
    champion.algorithm = "crystal-ball"
    assert retrain_because(champion, DECAY, now).run is None
    assert policy_of("coin-toss").last_asked_at is None
    champion.algorithm = algorithm
    assert retrain_because(champion, DECAY, now).run is not None


def test_a_broken_file_is_told_once_and_serving_goes_on_with_the_champion_before(
    coin_toss: CoinToss, champion: ModelVersion, train_coin: Callable[[], ModelVersion], storage: object
) -> None:
    newer = train_coin()
    promotion.promote(newer, by=None)
    _tamper(newer)
    for _ in range(3):
        registry.forget_champion("coin-toss")
        assert registry.serving_champion("coin-toss").version == champion
    alert = Alert.objects.get(kind="artifact")
    assert (alert.count, alert.severity) == (1, "critical")
    assert str(newer) in alert.title
    assert "sha256 differs" in alert.message


def test_telling_that_fails_breaks_no_prediction(
    coin_toss: CoinToss,
    champion: ModelVersion,
    train_coin: Callable[[], ModelVersion],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no alerts today")

    newer = train_coin()
    promotion.promote(newer, by=None)
    _tamper(newer)
    monkeypatch.setattr("predictions.alerting.raise_alert", broken)
    registry.forget_champion("coin-toss")
    assert registry.serving_champion("coin-toss").version == champion


def test_the_daily_round_finds_a_broken_file_nobody_asked_for_and_sees_when_it_is_mended(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    good = _tamper(champion)
    watch()
    assert Alert.objects.get(kind="artifact").status == "open"
    _file(champion).write_bytes(good)
    watch()
    assert Alert.objects.get(kind="artifact").status == "resolved"


def test_with_no_usable_file_at_all_the_error_is_raised_and_told(coin_toss: CoinToss, champion: ModelVersion) -> None:
    _tamper(champion)
    registry.forget_champion("coin-toss")
    with pytest.raises(ArtifactError):
        registry.serving_champion("coin-toss")
    assert Alert.objects.filter(kind="artifact").count() == 1


def _file(version: ModelVersion) -> Path:
    return Path(settings.ARTIFACT_DIR) / version.artifact_path


def _tamper(version: ModelVersion) -> bytes:
    """Change the file, and forget what was loaded of it; returns what it held."""
    held = _file(version).read_bytes()
    _file(version).write_bytes(held + b"!")
    registry._loaded.pop(version.pk, None)
    return held
