"""Who is told what while an experiment runs, and what the ledger says of it."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from mlmodels import registry
from mlmodels.models import ModelVersion
from predictions import ledger
from predictions.experimenting import changing, fallback, running
from predictions.experimenting.seats import Seat, all_seats, running_seats
from predictions.models import Alert, Prediction
from predictions.serving import predict
from predictions.upcoming import predict_upcoming
from tests.factories import MatchFactory, PredictionFactory, UserFactory
from tests.mlmodels.coin_toss import Toss
from tests.predictions.experimenting.conftest import Make

pytestmark = pytest.mark.django_db


def toss(number: int = 1) -> Toss:
    return Toss(number, 0.9, timezone.now() + timedelta(days=1))


def in_arm(name: str) -> User:
    """Somebody whose arm of the running experiment is this one."""
    plan = running.running("coin-toss")
    assert plan is not None
    for _ in range(60):
        person: User = UserFactory.create()
        if plan.arm_of_user(person).name == name:
            return person
    raise AssertionError(f"sixty people, and none in {name}")


def let_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    later = time.monotonic() + seconds
    monkeypatch.setattr(time, "monotonic", lambda: later)


# ---- By event ----


def test_each_event_is_answered_by_its_arm_and_always_by_the_same(make: Make, rival: ModelVersion) -> None:
    experiment = make(started=True)
    events = [toss(n) for n in range(30)]
    first, again = predict("coin-toss", events), predict("coin-toss", list(reversed(events)))
    assert [row.subject["number"] for row in first] == list(range(30))
    assert {row.experiment_arm for row in first} == {f"{experiment.pk}:control", f"{experiment.pk}:rival"}
    arms = {row.subject["number"]: row.experiment_arm for row in first}
    assert all(arms[row.subject["number"]] == row.experiment_arm for row in again)
    for row in first:
        assert (row.model_version == rival) == row.experiment_arm.endswith(":rival")
    assert not any(row.is_shadow for row in first)
    assert ledger.verify().ok


def test_who_asks_does_not_matter_to_an_experiment_by_event(make: Make, alice: User, bob: User) -> None:
    make(started=True)
    events = [toss(n) for n in range(10)]
    hers, his = predict("coin-toss", events, user=alice), predict("coin-toss", events, user=bob)
    assert [row.experiment_arm for row in hers] == [row.experiment_arm for row in his]
    assert running_seats(alice) == []


def test_without_an_experiment_and_with_a_named_version_no_arm_is_written(make: Make, rival: ModelVersion) -> None:
    experiment = make(started=True)
    assert predict("coin-toss", [toss()], version=rival)[0].experiment_arm == ""
    assert predict("coin-toss", [toss()], version=rival, shadow=True)[0].is_shadow
    changing.stop(experiment)
    running.forget()
    assert predict("coin-toss", [toss()])[0].experiment_arm == ""


def test_the_upcoming_are_predicted_by_their_arms(make: Make, tosses: list[Toss]) -> None:
    make(started=True)
    assert predict_upcoming() == 20
    assert {row.experiment_arm.split(":")[1] for row in Prediction.objects.shown()} == {"control", "rival"}


# ---- By user ----


def test_a_person_is_answered_by_their_arm_and_everybody_else_by_the_control(
    make: Make, champion: ModelVersion, rival: ModelVersion
) -> None:
    make(unit="user", started=True)
    person = in_arm("rival")
    [theirs] = predict("coin-toss", [toss()], user=person)
    assert (theirs.model_version, theirs.is_shadow) == (rival, True)
    for other in (None, AnonymousUser(), in_arm("control")):
        [told] = predict("coin-toss", [toss()], user=other)
        assert (told.model_version, told.is_shadow) == (champion, False)
        assert told.experiment_arm.endswith(":control")


def test_every_arm_predicts_the_upcoming_and_the_record_keeps_the_controls(
    make: Make, champion: ModelVersion, tosses: list[Toss]
) -> None:
    make(unit="user", started=True)
    assert predict_upcoming() == 40
    assert {row.model_version for row in Prediction.objects.shown()} == {champion}
    assert Prediction.objects.shown().count() == 20


def test_a_person_reads_what_their_arm_said_in_place_of_the_controls() -> None:
    match = MatchFactory.create()
    control = PredictionFactory.create(match=match, experiment_arm="1:control")
    treated = PredictionFactory.create(
        match=match, model_version=control.model_version, experiment_arm="1:rival", is_shadow=True
    )
    elsewhere = PredictionFactory.create(experiment_arm="1:control", model_version=control.model_version)
    challenger = PredictionFactory.create(match=match, model_version=control.model_version, is_shadow=True)
    seat = Seat(arm="1:rival", control="1:control")
    assert set(Prediction.objects.seen_from(seat)) == {treated, elsewhere}
    assert set(Prediction.objects.seen_from()) == {control, elsewhere}
    assert set(Prediction.objects.seen_from(Seat(arm="2:rival", control="2:control"))) == {control, elsewhere}
    assert challenger not in Prediction.objects.seen_from(seat)


def test_the_record_has_one_prediction_an_event_and_it_is_the_controls() -> None:
    match = MatchFactory.create()
    control = PredictionFactory.create(match=match, experiment_arm="1:control")
    treated = PredictionFactory.create(
        match=match, model_version=control.model_version, experiment_arm="1:rival", is_shadow=True
    )
    assert list(Prediction.objects.all().standing()) == [control]
    assert list(Prediction.objects.all().standing(Seat(arm="1:rival", control="1:control"))) == [treated]


def test_what_a_person_was_told_stays_theirs_after_the_end(make: Make) -> None:
    experiment = make(unit="user", started=True)
    treated, other = in_arm("rival"), in_arm("control")
    changing.stop(experiment)
    running.forget()
    assert running_seats(treated) == []
    assert all_seats(treated) == [Seat(arm=f"{experiment.pk}:rival", control=f"{experiment.pk}:control")]
    assert all_seats(other) == []
    assert all_seats(AnonymousUser()) == []


def test_a_draft_seats_nobody(make: Make, alice: User) -> None:
    make(unit="user", share="0.9999")
    assert all_seats(alice) == []


# ---- A model that breaks ----


@pytest.fixture
def broken(make: Make, rival: ModelVersion) -> ModelVersion:
    make(started=True)
    running.running("coin-toss")
    registry._loaded.pop(rival.pk, None)
    ModelVersion.objects.filter(pk=rival.pk).update(artifact_path="gone.model")
    running.forget()
    return rival


def test_where_an_arm_breaks_the_champion_answers_in_its_name(broken: ModelVersion, champion: ModelVersion) -> None:
    made = predict("coin-toss", [toss(n) for n in range(20)])
    assert {row.model_version for row in made} == {champion}
    assert {row.experiment_arm.split(":")[1] for row in made} == {"control", "rival"}
    alert = Alert.objects.get()
    assert (alert.kind, alert.problem) == (Alert.Kind.ARTIFACT, "coin-toss")
    assert "gone.model" in alert.message


def test_a_broken_arm_is_not_tried_at_each_answer(broken: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[ModelVersion] = []
    serving = registry.serving

    def watched(version: ModelVersion) -> registry.Serving:
        tried.append(version)
        return serving(version)

    monkeypatch.setattr(registry, "serving", watched)
    for _ in range(3):
        predict("coin-toss", [toss(n) for n in range(20)])
    assert tried.count(broken) == 1
    let_pass(monkeypatch, fallback.TRY_AGAIN_SECONDS)
    predict("coin-toss", [toss(n) for n in range(20)])
    assert tried.count(broken) == 2


# ---- Speed ----


def test_a_running_experiment_costs_no_query_at_each_prediction(
    make: Make, champion: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    predict("coin-toss", [toss()])
    with django_assert_max_num_queries(40) as without:
        for n in range(5):
            predict("coin-toss", [toss(n)])
    make(unit="user", started=True)
    person = in_arm("rival")
    predict("coin-toss", [toss()], user=person)
    with django_assert_max_num_queries(len(without.captured_queries)):
        for n in range(5):
            predict("coin-toss", [toss(n)], user=person)


def test_a_stop_in_another_process_is_noticed_within_two_seconds(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = make(started=True)
    assert running.running("coin-toss") is not None
    type(experiment).objects.filter(pk=experiment.pk).update(status="stopped", stopped_at=timezone.now())
    assert running.running("coin-toss") is not None
    let_pass(monkeypatch, 2)
    assert running.running("coin-toss") is None
