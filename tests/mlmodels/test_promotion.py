"""Roles, their audit, and the constraints that hold even where code is wrong."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from mlmodels import promotion, registry
from mlmodels.errors import InvalidState
from mlmodels.models import ModelVersion, Promotion
from tests.factories import DatasetFactory, ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
Role = ModelVersion.Role
Trained = Callable[[], ModelVersion]


def role(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.role


def test_the_database_holds_one_champion_a_problem_and_scope() -> None:
    ModelVersionFactory.create(problem="coin-toss", role=Role.CHAMPION)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersionFactory.create(problem="coin-toss", role=Role.CHAMPION)
    ModelVersionFactory.create(problem="coin-toss", scope="player-7", role=Role.CHAMPION)
    ModelVersionFactory.create(problem="football-outcome", role=Role.CHAMPION)
    for other in (Role.CHALLENGER, Role.CHALLENGER, Role.ARCHIVED, Role.ARCHIVED):
        ModelVersionFactory.create(problem="coin-toss", role=other)
    assert ModelVersion.objects.champions().count() == 3


def test_a_version_is_called_by_one_name_only() -> None:
    ModelVersionFactory.create(version="penny")
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersionFactory.create(version="penny")


def test_a_data_set_of_the_same_selection_and_content_is_one_row() -> None:
    DatasetFactory.create(problem="coin-toss", selection_hash="a" * 64, content_hash="b" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        DatasetFactory.create(problem="coin-toss", selection_hash="a" * 64, content_hash="b" * 64)
    DatasetFactory.create(problem="coin-toss", selection_hash="c" * 64, content_hash="b" * 64)


def test_a_promotion_is_audited_with_who_why_and_the_evidence(
    coin_toss: CoinToss, trained: Trained, staff: User
) -> None:
    version = trained()
    audit = promotion.promote(version, by=staff, reason="It knows more", evidence={"n": 400})
    audit.refresh_from_db()
    assert (audit.version, audit.decision, audit.decided_by) == (version, Promotion.Decision.PROMOTE, staff)
    assert (audit.from_role, audit.to_role, audit.previous_champion) == (Role.EXPERIMENTAL, Role.CHAMPION, None)
    assert (audit.reason, audit.evidence) == ("It knows more", {"n": 400})


def test_a_champion_of_another_scope_is_left_in_office(coin_toss: CoinToss, trained: Trained) -> None:
    of_a_player = ModelVersionFactory.create(problem="coin-toss", scope="player-7", role=Role.CHAMPION)
    promotion.promote(trained(), by=None)
    assert role(of_a_player) == Role.CHAMPION


def test_rolling_back_goes_one_champion_further_back_each_time(coin_toss: CoinToss, trained: Trained) -> None:
    first, second, third = trained(), trained(), trained()
    for version in (first, second, third):
        promotion.promote(version, by=None)
    audit = promotion.roll_back("coin-toss", by=None)
    assert (registry.champion("coin-toss"), audit.previous_champion) == (second, third)
    assert (audit.decision, audit.reason) == (Promotion.Decision.ROLL_BACK, f"Roll back from {third}")
    promotion.roll_back("coin-toss", by=None, reason="It was better")
    assert registry.champion("coin-toss") == first
    assert [role(version) for version in (first, second, third)] == [Role.CHAMPION, Role.ARCHIVED, Role.ARCHIVED]
    with pytest.raises(InvalidState, match=f"{first} replaced no other champion"):
        promotion.roll_back("coin-toss", by=None)


def test_after_a_roll_back_a_new_champion_can_be_rolled_back_to_who_then_served(
    coin_toss: CoinToss, trained: Trained
) -> None:
    first, second, third = trained(), trained(), trained()
    promotion.promote(first, by=None)
    promotion.promote(second, by=None)
    promotion.roll_back("coin-toss", by=None)
    promotion.promote(third, by=None)
    promotion.roll_back("coin-toss", by=None)
    assert registry.champion("coin-toss") == first


def test_a_champion_promoted_again_is_rolled_back_to_whom_it_replaced_last(
    coin_toss: CoinToss, trained: Trained
) -> None:
    first, second = trained(), trained()
    for version in (first, second, first):
        promotion.promote(version, by=None)
    promotion.roll_back("coin-toss", by=None)
    assert registry.champion("coin-toss") == second


def test_a_refused_change_leaves_no_trace(coin_toss: CoinToss, trained: Trained) -> None:
    champion = trained()
    promotion.promote(champion, by=None)
    for verb in (promotion.archive, promotion.make_challenger, promotion.promote):
        with pytest.raises(InvalidState, match=str(champion)):
            verb(champion, by=None)
    assert Promotion.objects.count() == 1
    assert role(champion) == Role.CHAMPION


def test_what_is_put_away_can_serve_again(coin_toss: CoinToss, trained: Trained, staff: User) -> None:
    version = trained()
    assert promotion.make_challenger(version, by=staff).to_role == Role.CHALLENGER
    assert promotion.archive(version, by=staff, reason="Too slow").from_role == Role.CHALLENGER
    with pytest.raises(InvalidState, match="archived already"):
        promotion.archive(version, by=staff)
    promotion.promote(version, by=staff)
    assert role(version) == Role.CHAMPION


def test_where_the_audit_can_not_be_written_no_role_changes(
    coin_toss: CoinToss, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = trained(), trained()
    promotion.promote(before, by=None)

    def fail(**fields: Any) -> None:
        raise IntegrityError("disk full")

    monkeypatch.setattr(Promotion.objects, "create", fail)
    with pytest.raises(IntegrityError, match="disk full"):
        promotion.promote(after, by=None)
    assert (role(before), role(after)) == (Role.CHAMPION, Role.EXPERIMENTAL)


def test_this_process_serves_the_new_champion_at_once_and_others_within_seconds(
    coin_toss: CoinToss, trained: Trained, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("mlmodels.registry.time.monotonic", lambda: clock[0])
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    assert registry.serving_champion("coin-toss").version == first
    promotion.promote(second, by=None)
    assert registry.serving_champion("coin-toss").version == first, "as another process, that hears of nothing"
    clock[0] += registry.CHECK_EVERY_SECONDS
    assert registry.serving_champion("coin-toss").version == second
    with django_capture_on_commit_callbacks(execute=True):
        promotion.roll_back("coin-toss", by=None)
    assert registry.serving_champion("coin-toss").version == first


def test_between_looks_serving_asks_the_database_nothing(
    coin_toss: CoinToss, trained: Trained, django_assert_num_queries: Any
) -> None:
    promotion.promote(trained(), by=None)
    registry.serving_champion("coin-toss")
    with django_assert_num_queries(0):
        registry.serving_champion("coin-toss")


def test_no_more_versions_are_held_in_memory_than_fit(
    coin_toss: CoinToss, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "MAX_LOADED", 2)
    versions = [trained() for _ in range(3)]
    registry._loaded.clear()
    for version in versions:
        assert registry.serving(version).version == version
    assert list(registry._loaded) == [versions[1].pk, versions[2].pk]


def test_versions_that_end_in_one_second_get_names_of_their_own(coin_toss: CoinToss, trained: Trained) -> None:
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
        names = [trained().version for _ in range(3)]
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    assert len({version.artifact_path for version in ModelVersion.objects.all()}) == 3


def test_columns_in_another_order_are_named(coin_toss: CoinToss) -> None:
    import pandas as pd

    from mlmodels.errors import FeatureMismatch

    frame = pd.DataFrame({"elo": [1.0], "bias": [0.5], "name": ["x"]})
    version = ModelVersionFactory.build(feature_columns=registry.schema_of(frame, ["elo", "bias", "name"]))
    registry.check_schema(version, frame, ["elo", "bias", "name"])
    with pytest.raises(FeatureMismatch, match=r"in another order: elo, bias\)"):
        registry.check_schema(version, frame, ["bias", "elo", "name"])
    with pytest.raises(FeatureMismatch, match="missing: bias, name"):
        registry.check_schema(version, frame[["elo"]], ["elo", "bias", "name"])


def test_a_schema_has_a_hash_that_knows_names_order_and_types() -> None:
    schema = [{"name": "elo", "kind": "f"}, {"name": "bias", "kind": "f"}]
    other = [schema[::-1], [schema[0], {"name": "bias", "kind": "i"}], schema[:1]]
    assert registry.schema_hash(schema) == registry.schema_hash([dict(column) for column in schema])
    assert registry.schema_hash(schema) not in {registry.schema_hash(changed) for changed in other}
