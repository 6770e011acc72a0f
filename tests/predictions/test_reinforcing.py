"""Auto-reinforcement: confident mistakes of the last days become a challenger, at most once in a cool-down."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mlmodels import promotion, runs
from mlmodels.emphasis import Emphasis, Method, fitted
from mlmodels.errors import CannotEmphasise, TooLittleData
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.continued import Continued
from mlmodels.evaluation.walk_forward import walk_forward
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Algorithm
from mlmodels.selection import Selection
from predictions import ledger, reinforcing, settling, tasks
from predictions.models import Prediction, ReinforcementPolicy
from predictions.problems.football_outcome import FootballOutcome
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.experimenting.conftest import trained

pytestmark = pytest.mark.django_db


@pytest.fixture
def champion(coin_toss: CoinToss) -> ModelVersion:
    version = trained()
    promotion.promote(version, by=None)
    version.refresh_from_db()
    return version


def say(
    coin_toss: CoinToss,
    version: ModelVersion,
    numbers: range,
    *,
    heads: float = 0.8,
    came: str = "tails",
    when: datetime | None = None,
    **fields: Any,
) -> None:
    """Predictions of past tosses, made in time and settled."""
    at = when or timezone.now() - timedelta(days=1)
    ledger.append(
        [
            ledger.Draft(
                version=version,
                match_id=None,
                subject={"number": number},
                made_at=at - timedelta(hours=1),
                event_at=at,
                probabilities={"heads": heads, "tails": 1 - heads},
                distribution={},
                confidence=max(heads, 1 - heads),
                features={"bias": heads},
                latency_ms=1.0,
                **fields,
            )
            for number in numbers
        ]
    )
    coin_toss.outcomes |= dict.fromkeys(numbers, came)
    settling.settle_due(timezone.now())


def test_ten_confident_mistakes_in_a_week_become_a_challenger(coin_toss: CoinToss, champion: ModelVersion) -> None:
    say(coin_toss, champion, range(300, 310))
    finding = reinforcing.reinforce("coin-toss")
    run = finding.run
    assert run is not None
    assert finding.words == "10 wrong predictions of 70 % confidence or more in 7 days: a run was asked for."
    assert (run.trigger, run.force) == (TrainingRun.Trigger.REINFORCEMENT, True)
    assert run.emphasis["keys"] == [str(number) for number in range(300, 310)]
    runs.execute(str(run.pk), worker="test")
    run.refresh_from_db()
    assert "10 of 400 rows weigh 3 times as much" in str(run.logs)
    made = ModelVersion.objects.get(run=run)
    assert made.role == ModelVersion.Role.CHALLENGER
    assert made.notes == "Fine-tuned on 10 examples: 10 wrong predictions of 70 % confidence or more in 7 days"
    champion.refresh_from_db()
    assert champion.role == ModelVersion.Role.CHAMPION


def test_what_it_learned_harder_moves_the_model(coin_toss: CoinToss, champion: ModelVersion) -> None:
    """Examples of one outcome that weigh more make that outcome likelier."""
    from mlmodels import artifacts

    frame = coin_toss.load(Selection()).frame
    tails = frame[(frame["outcome"] == 1) & (frame["bias"] > 0.5)]["subject"].head(20)
    emphasis = Emphasis(keys=tuple(map(str, tails)), weight=20.0)
    run, _ = runs.request_run(
        problem="coin-toss", algorithm="logit", selection=Selection(), force=True, dispatch=False, emphasis=emphasis
    )
    runs.execute(str(run.pk), worker="test")
    asked = pd.DataFrame({"bias": [0.8]})
    before = artifacts.load(champion).estimator.estimator.predict_proba(asked)[0, 1]
    after = artifacts.load(ModelVersion.objects.get(run=run)).estimator.estimator.predict_proba(asked)[0, 1]
    assert after > before + 0.1


@pytest.mark.parametrize(
    "fields",
    [
        {"heads": 0.69},
        {"came": "heads"},
        {"when": timedelta(days=8)},
        {"is_shadow": True},
    ],
)
def test_what_is_unsure_right_old_or_not_shown_does_not_count(
    coin_toss: CoinToss, champion: ModelVersion, fields: dict[str, Any]
) -> None:
    if isinstance(fields.get("when"), timedelta):
        fields = {"when": timezone.now() - fields["when"]}
    say(coin_toss, champion, range(300, 315), **fields)
    finding = reinforcing.reinforce("coin-toss")
    assert (finding.mistakes, finding.run) == (0, None)


def test_nine_are_too_few_and_another_versions_mistakes_are_its_own(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    say(coin_toss, champion, range(300, 309))
    say(coin_toss, trained(), range(310, 330))
    finding = reinforcing.reinforce("coin-toss")
    assert (finding.mistakes, finding.run) == (9, None)
    assert finding.words == "9 wrong predictions of 70 % confidence or more in 7 days: a run takes 10."


def test_an_event_counts_once_by_the_last_word_on_it(coin_toss: CoinToss, champion: ModelVersion) -> None:
    for _ in range(3):
        say(coin_toss, champion, range(300, 305))
    say(coin_toss, champion, range(310, 320))
    say(coin_toss, champion, range(310, 320), heads=0.3)
    assert reinforcing.reinforce("coin-toss").mistakes == 5


def test_delivered_twice_it_asks_once_and_again_after_the_cool_down(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    say(coin_toss, champion, range(300, 312))
    assert tasks.reinforce_champions() == 1
    assert tasks.reinforce_champions() == 0
    run = TrainingRun.objects.get(trigger="reinforcement")
    runs.execute(str(run.pk), worker="test")
    assert tasks.reinforce_champions() == 0
    ReinforcementPolicy.objects.update(last_run_at=timezone.now() - timedelta(days=7, seconds=1))
    assert tasks.reinforce_champions() == 1


def test_beside_a_run_in_flight_it_waits_without_losing_its_turn(coin_toss: CoinToss, champion: ModelVersion) -> None:
    say(coin_toss, champion, range(300, 312))
    runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False)
    finding = reinforcing.reinforce("coin-toss")
    assert finding.run is None
    assert "in flight" in finding.words
    assert ReinforcementPolicy.objects.get().last_run_at is None


def test_an_algorithm_that_takes_no_weights_is_refused_in_words_and_nothing_happens(
    coin_toss: CoinToss, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stubborn:
        def fit(self, X: Any, y: Any) -> "Stubborn":
            return self

    build: Any = Stubborn
    stubborn = Algorithm(name="logit", title="Stubborn", build=build, columns=("bias",), target=("outcome",))
    monkeypatch.setattr(coin_toss, "algorithms", (stubborn,))
    say(coin_toss, champion, range(300, 312))
    before = TrainingRun.objects.count()
    finding = reinforcing.reinforce("coin-toss")
    assert finding.words == "Stubborn can't learn some examples harder: it takes no weights."
    assert TrainingRun.objects.count() == before
    assert ReinforcementPolicy.objects.get().last_run_at is None


def test_boosting_on_is_refused_for_what_is_not_boosted(coin_toss: CoinToss, champion: ModelVersion) -> None:
    ReinforcementPolicy.objects.create(problem="coin-toss", method="boosting")
    say(coin_toss, champion, range(300, 312))
    assert "Logit is not boosted" in reinforcing.reinforce("coin-toss").words


def test_mistakes_outside_the_selection_fail_the_run_in_words(coin_toss: CoinToss, champion: ModelVersion) -> None:
    say(coin_toss, champion, range(900, 912))
    run = reinforcing.reinforce("coin-toss").run
    assert run is not None
    runs.execute(str(run.pk), worker="test")
    run.refresh_from_db()
    assert run.status == TrainingRun.Status.FAILED
    assert "None of the 12 examples to learn harder is among the rows selected" in run.error_message
    assert not ModelVersion.objects.filter(run=run).exists()


def test_a_selection_that_ended_reaches_up_to_today(coin_toss: CoinToss, champion: ModelVersion) -> None:
    """What was got wrong this morning is among the rows, whatever day the champion's own data ended on."""
    assert champion.dataset is not None
    champion.dataset.selection = Selection(date_to=date(2021, 1, 1)).to_json()
    champion.dataset.save()
    say(coin_toss, champion, range(300, 312), when=timezone.now() - timedelta(minutes=5))
    run = reinforcing.reinforce("coin-toss").run
    assert run is not None
    assert Selection.from_json(run.selection).date_to == timezone.now().date()


def test_switched_off_or_without_a_champion_nothing_is_asked(coin_toss: CoinToss, champion: ModelVersion) -> None:
    say(coin_toss, champion, range(300, 312))
    policy = ReinforcementPolicy.objects.create(problem="coin-toss", is_enabled=False)
    assert reinforcing.reinforce("coin-toss").words == "Switched off."
    ReinforcementPolicy.objects.filter(pk=policy.pk).update(is_enabled=True)
    ModelVersion.objects.update(role=ModelVersion.Role.ARCHIVED)
    assert "No champion" in reinforcing.reinforce("coin-toss").words
    assert reinforcing.reinforce_all() == []


@pytest.mark.parametrize(
    "fields",
    [{"confidence": 1.0}, {"confidence": 0}, {"days": 0}, {"minimum": 0}, {"weight": 1}, {"cool_down_days": 0}],
)
def test_an_impossible_policy_is_refused_by_form_and_database(fields: dict[str, float]) -> None:
    policy = ReinforcementPolicy(problem="coin-toss", **fields)
    with pytest.raises(ValidationError, match=r"probability|days|mistake"):
        policy.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        policy.save()


def test_a_retried_run_learns_the_same_harder(coin_toss: CoinToss, champion: ModelVersion) -> None:
    emphasis = Emphasis(keys=("1", "2"), weight=5.0, method=Method.WEIGHTS, reason="because")
    run, _ = runs.request_run(
        problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, emphasis=emphasis
    )
    runs.cancel(run)
    assert Emphasis.from_json(runs.retry(run).emphasis) == emphasis


@pytest.mark.parametrize("weight", [1.0, 0.5, 101.0, float("nan")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(CannotEmphasise, match="weigh more than 1"):
        Emphasis(keys=("1",), weight=weight)


# ---- Time and boosting ----


def test_the_walk_weighs_only_rows_of_each_steps_past() -> None:
    """Weights of rows that a step may not know yet do not move what it says."""
    random = np.random.default_rng(3)
    times = pd.Series(pd.date_range("2024-01-01", periods=120, tz="UTC"))
    x = pd.DataFrame({"x": random.normal(size=120)})
    y = (random.uniform(size=120) < 0.5).astype(int)

    def walked(weights: Any) -> Any:
        from sklearn.linear_model import LogisticRegression

        return walk_forward(
            LogisticRegression, x, y, times, start="2024-03-01", refit_every=10, sample_weight=np.array(weights)
        )

    plain, late = np.ones(120), np.ones(120)
    late[80:] = 50.0
    assert (walked(plain)[:20] == walked(late)[:20]).all()
    assert not np.allclose(walked(plain)[30:], walked(late)[30:])


def test_continued_boosting_adds_slower_rounds_only_where_something_weighs_more() -> None:
    random = np.random.default_rng(5)
    x, y = random.normal(size=(300, 3)), random.integers(0, 3, 300)
    weights = np.where(y == 2, 5.0, 1.0)
    usual = GradientBoosting(rounds=20, least_weight=1.0).fit(x, y)
    more = Continued(GradientBoosting(rounds=20, least_weight=1.0)).fit(x, y, weights)
    same = Continued(GradientBoosting(rounds=20, least_weight=1.0)).fit(x, y, np.ones(300))
    assert more.estimator.booster_.num_boosted_rounds() == 24
    assert same.estimator.booster_.num_boosted_rounds() == 20
    assert (same.predict_proba(x) == usual.predict_proba(x)).all()
    assert more.predict_proba(x)[:, 2].mean() > usual.predict_proba(x)[:, 2].mean()
    assert isinstance(fitted(more), GradientBoosting)


def test_boosting_on_refuses_classes_it_never_saw() -> None:
    x = np.arange(20.0)[:, None]
    model = GradientBoosting(rounds=2, least_weight=0.1).fit(x, np.arange(20) % 2)
    with pytest.raises(ValueError, match="classes were not there"):
        model.boost_on(x, np.full(20, 2), rounds=1, learning_rate=0.1)


def test_which_football_models_can_be_reinforced() -> None:
    emphasis, boosted = Emphasis(keys=("1",), weight=3.0), Emphasis(keys=("1",), weight=3.0, method=Method.BOOSTING)
    football = FootballOutcome()
    for name in ("base-rate", "dixon-coles", "gbm"):
        emphasis.refuse_unfit(football.algorithm(name))
    boosted.refuse_unfit(football.algorithm("gbm"))
    for name in ("elo", "pi-ratings", "blend"):
        with pytest.raises(CannotEmphasise, match="takes no weights"):
            emphasis.refuse_unfit(football.algorithm(name))
    with pytest.raises(CannotEmphasise, match="is not boosted"):
        boosted.refuse_unfit(football.algorithm("dixon-coles"))
    assert football.example_key({"match": 12}) == "12"
    assert football.example_key({"home": "a", "away": "b", "date": "2026-01-01"}) == ""


def test_no_examples_among_the_rows_is_too_little(coin_toss: CoinToss) -> None:
    with pytest.raises(TooLittleData, match="None of the 1 examples"):
        Emphasis(keys=("nobody",), weight=2.0).weights(coin_toss, coin_toss.load(Selection()).frame)


def test_the_mistakes_cost_one_query(
    coin_toss: CoinToss, champion: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    say(coin_toss, champion, range(300, 330))
    policy = ReinforcementPolicy.objects.create(problem="coin-toss")
    with django_assert_max_num_queries(1):
        keys = reinforcing.confident_mistakes(champion, policy, now=timezone.now())
    assert len(keys) == Prediction.objects.count() == 30
