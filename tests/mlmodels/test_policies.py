"""The rule of promotion: its defaults, its changes, and the numbers that no rule can have."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from mlmodels import policies
from mlmodels.errors import InvalidPolicy, UnknownProblem
from mlmodels.models import PromotionPolicy
from tests.mlmodels.coin_toss import CoinToss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("coin_toss")]

IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"minimum_pairs": 0}, "At least one pair"),
    ({"minimum_pairs": 2_000_000}, "At most 1,000,000"),
    ({"minimum_pairs": "many"}, "integer"),
    ({"minimum_days": -1}, "fewer than none"),
    ({"minimum_days": 4000}, "At most 3,650"),
    ({"minimum_improvement": -0.03}, "can't be negative"),
    ({"minimum_improvement": 3}, "more than 90 %"),
    ({"minimum_improvement": float("nan")}, "must be a number"),
    ({"alpha": 2}, "between 0 and 1"),
    ({"alpha": 0}, "between 0 and 1"),
    ({"alpha": float("nan")}, "between 0 and 1"),
    ({"loss": "accuracy"}, "not a valid choice"),
]


def test_without_a_row_the_defaults_count_and_looking_writes_nothing() -> None:
    policy = policies.policy_of("coin-toss")
    found = (policy.minimum_pairs, policy.minimum_days, policy.minimum_improvement, policy.alpha)
    assert found == (100, 7, 0.03, 0.05)
    assert policy.require_approval
    assert policy.enabled
    assert not PromotionPolicy.objects.exists()


def test_what_is_decided_by_is_written_down_once() -> None:
    assert policies.kept("coin-toss").pk == policies.kept("coin-toss").pk
    assert PromotionPolicy.objects.count() == 1


def test_a_change_keeps_what_it_does_not_name_and_who_made_it(staff: User) -> None:
    policies.change("coin-toss", {"minimum_pairs": 500}, by=staff)
    policies.change("coin-toss", {"require_approval": False}, by=staff)
    policy = policies.policy_of("coin-toss")
    assert (policy.minimum_pairs, policy.require_approval, policy.updated_by) == (500, False, staff)


def test_each_scope_has_its_own() -> None:
    policies.change("coin-toss", {"minimum_pairs": 5}, by=None, scope="player-7")
    assert policies.policy_of("coin-toss").minimum_pairs == 100
    assert policies.policy_of("coin-toss", "player-7").minimum_pairs == 5


@pytest.mark.parametrize(("values", "words"), IMPOSSIBLE)
def test_impossible_numbers_are_refused_in_words_beside_their_field(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidPolicy, match=words) as caught:
        policies.change("coin-toss", values, by=None)
    assert list(caught.value.fields) == list(values)
    assert policies.policy_of("coin-toss").minimum_pairs == 100


def test_complaints_begin_with_what_people_call_the_field() -> None:
    with pytest.raises(InvalidPolicy, match=r"^Error rate: The error rate lies between"):
        policies.change("coin-toss", {"alpha": 7}, by=None)


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(InvalidPolicy, match="no such field: it has enabled, minimum_pairs"):
        policies.change("coin-toss", {"minimum_pair": 3}, by=None)


def test_a_policy_of_nothing_is_refused() -> None:
    with pytest.raises(UnknownProblem):
        policies.policy_of("weather")
    with pytest.raises(UnknownProblem):
        policies.change("weather", {}, by=None)


@pytest.mark.parametrize(
    "values",
    [
        {"minimum_pairs": 0},
        {"minimum_improvement": -0.1},
        {"minimum_improvement": 1.5},
        {"alpha": 0.0},
        {"alpha": 2.0},
        {"minimum_days": 5000},
        {"loss": "accuracy"},
    ],
)
def test_the_database_refuses_them_too(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PromotionPolicy.objects.create(problem="coin-toss", **values)


def test_the_database_holds_one_policy_a_problem_and_scope() -> None:
    PromotionPolicy.objects.create(problem="coin-toss")
    with pytest.raises(IntegrityError), transaction.atomic():
        PromotionPolicy.objects.create(problem="coin-toss")


def test_the_primary_metric_is_compared_where_it_is_a_loss_of_events() -> None:
    assert policies.loss_of(policies.policy_of("coin-toss")) == "brier"
    assert policies.loss_of(policies.policy_of("football-outcome")) == "rps"
    assert policies.loss_of(PromotionPolicy(problem="coin-toss", loss="log_loss")) == "log_loss"


def test_a_primary_metric_that_is_none_leaves_log_loss(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlmodels.problem import Metric

    monkeypatch.setattr(
        CoinToss, "metrics", (Metric(name="accuracy", title="Accuracy", compute=lambda p, y: 0.5),), raising=True
    )
    assert policies.loss_of(policies.policy_of("coin-toss")) == "log_loss"
