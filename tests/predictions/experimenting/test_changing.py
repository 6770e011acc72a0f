"""Drafting, starting and stopping; what is refused, and in which words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from mlmodels import promotion
from mlmodels.errors import UnknownProblem
from mlmodels.models import ModelVersion
from predictions.errors import ExperimentIsFixed, InvalidExperiment
from predictions.experimenting import changing, running
from predictions.experimenting.changing import ArmDraft
from predictions.models import Experiment, ExperimentArm
from tests.factories import ModelVersionFactory
from tests.predictions.experimenting.conftest import Make, trained

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
Change = Callable[[list[ArmDraft]], list[ArmDraft]]


def arms_of(champion: ModelVersion, rival: ModelVersion) -> list[ArmDraft]:
    return [
        ArmDraft(name="control", version=champion, share=Decimal("0.5"), is_control=True),
        ArmDraft(name="rival", version=rival, share=Decimal("0.5")),
    ]


def test_a_draft_has_arms_and_a_salt_of_its_own_and_answers_nobody(make: Make, staff: User) -> None:
    first, second = make(by=staff), make()
    assert [(arm.name, arm.share, arm.is_control) for arm in first.arms.all()] == [
        ("control", Decimal("0.5"), True),
        ("rival", Decimal("0.5"), False),
    ]
    assert len(first.salt) == 32
    assert first.salt != second.salt
    assert first.created_by == staff
    assert running.running("coin-toss") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda arms: arms[:1], "has 2 to 5 arms: this has 1 arm"),
        (lambda arms: [*arms, *arms, *arms], "this has 6 arms"),
        (
            lambda arms: [arms[0], replace(arms[1], share=Decimal("0.4"))],
            r"The shares of the arms sum to 0.9, not to 1: 0.5 \+ 0.4.",
        ),
        (lambda arms: [arms[0], replace(arms[1], share=Decimal("0"))], "The share of rival is 0: it lies above 0"),
        (lambda arms: [arms[0], replace(arms[1], share=Decimal("1.5"))], "at most at 1"),
        (lambda arms: [arms[0], replace(arms[1], share=Decimal("NaN"))], "The share of rival is NaN"),
        (lambda arms: [arms[0], replace(arms[1], share=Decimal("0.50001"))], "four decimals"),
        (lambda arms: [arms[0], replace(arms[1], version=arms[0].version)], "Two arms have the same version"),
        (lambda arms: [arms[0], replace(arms[1], name="control")], "Two arms have the same name, control"),
        (lambda arms: [arms[0], replace(arms[1], name="")], "can't be an arm's name"),
        (lambda arms: [arms[0], replace(arms[1], name="a:b")], "can't be an arm's name"),
        (lambda arms: [arms[0], replace(arms[1], name="a" * 31)], "up to 30 characters"),
        (lambda arms: [replace(arms[0], is_control=False), arms[1]], "here 0 are"),
        (lambda arms: [arms[0], replace(arms[1], is_control=True)], "here 2 are"),
    ],
)
def test_arms_that_make_no_experiment_are_refused_in_words(
    champion: ModelVersion, rival: ModelVersion, change: Change, words: str
) -> None:
    with pytest.raises(InvalidExperiment, match=words):
        changing.draft(problem="coin-toss", name="X", unit="event", arms=change(arms_of(champion, rival)))
    assert not Experiment.objects.exists()


def test_a_version_of_another_problem_or_one_player_or_without_file_is_refused(
    champion: ModelVersion, rival: ModelVersion
) -> None:
    mine, other = arms_of(champion, rival)
    for fields, words in (
        ({"problem": "football-outcome"}, "is a version of football-outcome, not of coin-toss"),
        ({"problem": "coin-toss", "scope": "player-7"}, "is only for player-7"),
        ({"problem": "coin-toss"}, r"can't be used: .* can't be read"),
    ):
        strange = ModelVersionFactory.create(**fields)
        with pytest.raises(InvalidExperiment, match=words):
            changing.draft(problem="coin-toss", name="X", unit="event", arms=[mine, replace(other, version=strange)])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "  "}, "Give the experiment a name"),
        ({"name": "n" * 81}, "up to 80 characters"),
        ({"unit": "team"}, "The unit is user or event, not 'team'"),
        ({"starts_at": NOW - timedelta(minutes=1)}, "It would start on 1 March 2026 11:59 UTC, which is past"),
        ({"ends_at": NOW}, r"before it starts \(now\)"),
        (
            {"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=1)},
            r"It would end on 2 March 2026 12:00 UTC, before it starts \(3 March 2026 12:00 UTC\)",
        ),
    ],
)
def test_impossible_times_and_names_are_refused_in_words(make: Make, fields: dict[str, object], words: str) -> None:
    with time_machine.travel(NOW, tick=False), pytest.raises(InvalidExperiment, match=words):
        make(**fields)


def test_an_unknown_problem_is_refused(make: Make) -> None:
    with pytest.raises(UnknownProblem):
        make(problem="weather")


def test_the_minute_that_is_passing_is_not_past(make: Make) -> None:
    with time_machine.travel(NOW, tick=False):
        experiment = make(starts_at=NOW.replace(second=0))
        assert changing.start(experiment).starts_at == NOW


def test_started_it_runs_from_now_or_from_its_time(make: Make) -> None:
    with time_machine.travel(NOW, tick=False):
        experiment = make(started=True)
        assert (experiment.status, experiment.starts_at) == (Experiment.Status.RUNNING, NOW)
        assert running.running("coin-toss") is not None
        changing.stop(experiment, reason="Enough")
        running.forget()
        assert running.running("coin-toss") is None
        later = make(starts_at=NOW + timedelta(days=1), started=True)
        assert running.running("coin-toss") is None
        assert later.state_in_words == "Begins 2 March 2026 12:00 UTC"
    with time_machine.travel(NOW + timedelta(days=1, seconds=1), tick=False):
        assert running.running("coin-toss") is not None


def test_a_second_one_of_the_same_problem_is_refused(make: Make) -> None:
    make(name="First", started=True)
    second = make(name="Second")
    with pytest.raises(ExperimentIsFixed, match="First is running already on coin-toss: stop it first"):
        changing.start(second)
    second.refresh_from_db()
    assert second.status == Experiment.Status.DRAFT


def test_the_database_itself_lets_only_one_run(make: Make) -> None:
    make(started=True)
    second = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=second.pk).update(status="running", starts_at=timezone.now())


def test_what_does_not_run_can_not_be_stopped_and_what_runs_not_started_again(make: Make) -> None:
    experiment = make()
    with pytest.raises(ExperimentIsFixed, match="A toss-up is draft: it can't be stopped"):
        changing.stop(experiment)
    changing.start(experiment)
    with pytest.raises(ExperimentIsFixed, match="only a draft is started"):
        changing.start(experiment)
    changing.stop(experiment, reason="Enough")
    assert (experiment.stop_reason, experiment.stopped_at is None) == ("Enough", False)
    with pytest.raises(ExperimentIsFixed):
        changing.stop(experiment)
    with pytest.raises(ExperimentIsFixed):
        changing.start(experiment)


def test_a_draft_is_discarded_and_what_has_begun_is_kept(make: Make) -> None:
    changing.discard(make())
    assert not Experiment.objects.exists()
    experiment = make(started=True)
    with pytest.raises(ExperimentIsFixed, match="Only a draft is discarded"):
        changing.discard(experiment)


def test_nothing_about_who_gets_what_can_be_edited(make: Make, rival: ModelVersion) -> None:
    experiment = make(started=True)
    experiment.salt = "another"
    with pytest.raises(ExperimentIsFixed, match="not edited"):
        experiment.save()
    arm = experiment.arms.get(name="rival")
    arm.share = Decimal("0.4")
    with pytest.raises(ExperimentIsFixed, match="arms of an experiment are not edited"):
        arm.save()
    with pytest.raises(ExperimentIsFixed):
        ExperimentArm(experiment=experiment, position=2, name="third", version=rival, share=Decimal("0.1")).save()
    assert ExperimentArm.objects.get(pk=arm.pk).share == Decimal("0.5")


def test_the_control_is_the_champion_when_it_starts(make: Make, rival: ModelVersion) -> None:
    experiment = make()
    promotion.promote(rival, by=None)
    with pytest.raises(InvalidExperiment, match="is not the champion"):
        changing.start(experiment)


def test_an_arm_whose_file_is_gone_keeps_it_from_starting(make: Make, rival: ModelVersion) -> None:
    experiment = make()
    ModelVersion.objects.filter(pk=rival.pk).update(artifact_path="gone.model")
    with pytest.raises(InvalidExperiment, match=r"can't be read \(gone.model"):
        changing.start(experiment)


def test_it_is_over_at_its_end_and_is_then_stopped(make: Make) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        experiment = make(ends_at=NOW + timedelta(days=1), started=True)
        assert changing.stop_what_is_over() == 0
        clock.shift(timedelta(days=1))
        assert running.running("coin-toss") is None
        assert changing.stop_what_is_over() == 1
        assert changing.stop_what_is_over() == 0
        experiment.refresh_from_db()
        assert (experiment.status, experiment.stop_reason) == ("stopped", "Its end came")


def test_a_draft_whose_end_has_passed_is_not_started(make: Make) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        experiment = make(ends_at=NOW + timedelta(days=1))
        clock.shift(timedelta(days=2))
        with pytest.raises(InvalidExperiment, match="before it begins"):
            changing.start(experiment)


def test_another_champion_ends_it(make: Make) -> None:
    """Whoever promotes or rolls back means everybody; the experiment has no say any more."""
    experiment = make(started=True)
    assert running.running("coin-toss") is not None
    promotion.promote(trained(), by=None)
    running.forget()
    assert running.running("coin-toss") is None
    assert changing.stop_what_is_over() == 1
    experiment.refresh_from_db()
    assert "not the champion any more" in experiment.stop_reason
