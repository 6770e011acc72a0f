"""The shapes of `/api/model/*` and `/api/tasks/*`: camelCase, as their clients expect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from mlmodels.api.camel_case import CamelCaseMixin
from mlmodels.api.figures import Figures, figures_of
from mlmodels.api.problems import ProblemField
from mlmodels.errors import InvalidSelection, UnknownAlgorithm
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Problem
from mlmodels.selection import Selection

MOST_CODES = 100


class FiguresSerializer(CamelCaseMixin, serializers.Serializer[Figures]):
    """How good a version is, on matches later than those it learned from."""

    brier_score = serializers.FloatField(allow_null=True, help_text="Multi-class Brier score, 0..2.")
    log_loss = serializers.FloatField(allow_null=True, help_text="Logarithmic loss in nats.")
    draw_accuracy = serializers.FloatField(
        allow_null=True, help_text="Share of draws for which the draw was the likeliest outcome, 0..1."
    )
    rmse = serializers.FloatField(
        allow_null=True,
        help_text="Root mean squared distance of one outcome's probability from 0 or 1: √(brierScore / outcomes).",
    )


class VersionSerializer(CamelCaseMixin, serializers.ModelSerializer[ModelVersion]):
    """A trained model: what it is, what it learned from, how good it is."""

    id = serializers.IntegerField(read_only=True)
    model_type = serializers.CharField(source="algorithm")
    role = serializers.ChoiceField(choices=ModelVersion.Role.choices)
    metrics = serializers.SerializerMethodField(method_name="get_metrics")
    evaluation = serializers.SerializerMethodField(method_name="get_evaluation")
    leagues = serializers.ListField(child=serializers.CharField(), source="training_leagues")
    seasons = serializers.ListField(child=serializers.CharField(), source="training_seasons")
    matches = serializers.IntegerField(source="training_matches", help_text="Examples it learned from.")
    hyper_parameters = serializers.DictField(help_text="Given or found by tuning; the others are the algorithm's own.")
    tuning = serializers.DictField(help_text="The record of the search; empty where there was none.")
    feature_selection = serializers.DictField(help_text="The step before the algorithm; empty where there is none.")
    chosen_features = serializers.ListField(child=serializers.CharField(), help_text="What that step kept.")
    trained_at = serializers.DateTimeField(source="training_completed_at")
    task_id = serializers.UUIDField(source="run_id", allow_null=True)

    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = (
            "id",
            "version",
            "problem",
            "model_type",
            "role",
            "metrics",
            "evaluation",
            "leagues",
            "seasons",
            "matches",
            "hyper_parameters",
            "tuning",
            "feature_selection",
            "chosen_features",
            "trained_at",
            "task_id",
            "notes",
        )

    @extend_schema_field(FiguresSerializer)
    def get_metrics(self, version: ModelVersion) -> dict[str, Any]:
        return dict(FiguresSerializer(figures_of(version)).data)

    def get_evaluation(self, version: ModelVersion) -> dict[str, float | None]:
        """Every metric of the problem, by its own name, on the same test rows."""
        test: dict[str, float | None] = version.metrics.get("test", {})
        return test


class IntervalSerializer(serializers.Serializer[Any]):
    """A figure with the 95 % interval of a bootstrap over days, or over whole groups."""

    metric = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class BinSerializer(serializers.Serializer[Any]):
    """Forecasts of about one probability: how many, what was said in the mean, how often it came."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()
    mean_probability = serializers.FloatField()
    frequency = serializers.FloatField()


class ConfusionSerializer(serializers.Serializer[Any]):
    """Counts of test rows: a row is what came, a column what was thought likeliest."""

    labels = serializers.ListField(child=serializers.CharField())
    counts = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class OverTimeSerializer(serializers.Serializer[Any]):
    """The primary metric by period, of the model before calibration and of each yardstick, on the same rows."""

    metric = serializers.CharField()
    unit = serializers.CharField(help_text="month, quarter or year.")
    periods = serializers.ListField(child=serializers.DictField(), help_text="from, n, and a figure by name.")


class LearningCurveSerializer(serializers.Serializer[Any]):
    """Log loss in nats by number of boosting rounds."""

    rounds = serializers.ListField(child=serializers.FloatField())
    learned = serializers.ListField(child=serializers.FloatField(), help_text="On the rows learned from.")
    later = serializers.ListField(child=serializers.FloatField(), help_text="On the validation rows.")


class ImportancesSerializer(serializers.Serializer[Any]):
    """How far each feature moves the outcomes' scores apart, in nats, in the mean over the newest rows."""

    rows = serializers.IntegerField()
    features = serializers.ListField(child=serializers.ListField(), help_text="[name, nats], the strongest first.")


PARTS: dict[str, Any] = {
    "interval": IntervalSerializer(allow_null=True),
    "differences": serializers.DictField(child=IntervalSerializer(), allow_null=True),
    "reliability": BinSerializer(many=True, allow_null=True),
    "confusion": ConfusionSerializer(allow_null=True),
    "over_time": OverTimeSerializer(allow_null=True),
    "learning_curve": LearningCurveSerializer(allow_null=True),
    "importances": ImportancesSerializer(allow_null=True),
}
"""What training keeps beside the figures, by its name in the metrics; null where it was not kept."""


def _part(name: str) -> Any:
    def part(self: Any, version: ModelVersion) -> Any:
        return version.metrics.get(name) or None

    return extend_schema_field(PARTS[name])(part)


class VersionDetailSerializer(VersionSerializer):
    """A version with all that training kept to judge it by."""

    interval = serializers.SerializerMethodField(method_name="get_interval")
    differences = serializers.SerializerMethodField(method_name="get_differences")
    reliability = serializers.SerializerMethodField(method_name="get_reliability")
    confusion = serializers.SerializerMethodField(method_name="get_confusion")
    over_time = serializers.SerializerMethodField(method_name="get_over_time")
    learning_curve = serializers.SerializerMethodField(method_name="get_learning_curve")
    importances = serializers.SerializerMethodField(method_name="get_importances")

    get_interval, get_differences = _part("interval"), _part("differences")
    get_reliability, get_confusion = _part("reliability"), _part("confusion")
    get_over_time, get_learning_curve = _part("over_time"), _part("learning_curve")
    get_importances = _part("importances")

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, *PARTS)


class ResultSerializer(CamelCaseMixin, serializers.Serializer[ModelVersion]):
    """What a completed task yielded."""

    model_id = serializers.IntegerField(source="pk")
    version = serializers.CharField()
    metrics = serializers.SerializerMethodField(method_name="get_metrics")

    @extend_schema_field(FiguresSerializer)
    def get_metrics(self, version: ModelVersion) -> dict[str, Any]:
        return dict(FiguresSerializer(figures_of(version)).data)


class TaskSerializer(CamelCaseMixin, serializers.ModelSerializer[TrainingRun]):
    """A training run, as whoever waits for it sees it."""

    task_id = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=TrainingRun.Status.choices)
    progress = serializers.IntegerField(help_text="Per cent, 0..100.")
    result = serializers.SerializerMethodField(method_name="get_result")
    error = serializers.SerializerMethodField(method_name="get_error")

    class Meta:
        model = TrainingRun
        fields: tuple[str, ...] = (
            "task_id",
            "status",
            "progress",
            "phase",
            "message",
            "result",
            "error",
            "started_at",
            "completed_at",
        )

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, run: TrainingRun) -> dict[str, Any] | None:
        """The version it made; null until then, and where nothing had changed since the champion was trained."""
        try:
            return dict(ResultSerializer(run.model_version).data)
        except ObjectDoesNotExist:
            return None

    def get_error(self, run: TrainingRun) -> str | None:
        """What went wrong, in words for a person."""
        return run.error_message or None


class HistorySerializer(TaskSerializer):
    """A training run with what was asked of it."""

    model_type = serializers.CharField(source="algorithm")
    trigger = serializers.ChoiceField(choices=TrainingRun.Trigger.choices)
    leagues = serializers.ListField(child=serializers.CharField(), source="selection.competitions", default=list)
    seasons = serializers.ListField(child=serializers.CharField(), source="selection.seasons", default=list)
    date_from = serializers.DateField(source="selection.date_from", default=None, allow_null=True)
    date_to = serializers.DateField(source="selection.date_to", default=None, allow_null=True)
    matches = serializers.IntegerField(source="match_count")
    tuning = serializers.DictField(help_text="How long it was asked to search; empty: not at all.")
    feature_selection = serializers.DictField(help_text="The step before the algorithm that was asked for.")

    class Meta(TaskSerializer.Meta):
        fields = (
            *TaskSerializer.Meta.fields,
            "problem",
            "model_type",
            "trigger",
            "leagues",
            "seasons",
            "date_from",
            "date_to",
            "matches",
            "tuning",
            "feature_selection",
            "created_at",
        )


class TuningSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """How long to search for hyper-parameters: trials, seconds, or whichever ends first."""

    trials = serializers.IntegerField(required=False, help_text="Sets of hyper-parameters to try, 1 to 1000.")
    seconds = serializers.IntegerField(required=False, help_text="1 to 14400.")


class FeatureSelectionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """A step before the algorithm that chooses among its features, anew in each fit."""

    method = serializers.CharField(help_text="importance, rfe, l1 or correlation.")
    keep = serializers.IntegerField(help_text="How many features to keep at most.")


class TrainSerializer(KnownFieldsMixin, CamelCaseMixin, serializers.Serializer[Any]):
    """What to train, on what. An empty list means "all", an absent date leaves that end open."""

    problem = ProblemField()
    model_type = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, help_text="Algorithm; left out, the problem's usual one."
    )
    leagues = serializers.ListField(child=serializers.CharField(max_length=20), default=list, max_length=MOST_CODES)
    seasons = serializers.ListField(child=serializers.CharField(max_length=10), default=list, max_length=MOST_CODES)
    date_from = serializers.DateField(default=None, allow_null=True)
    date_to = serializers.DateField(default=None, allow_null=True)
    tuning = TuningSerializer(required=False, allow_null=True, default=None)
    feature_selection = FeatureSelectionSerializer(required=False, allow_null=True, default=None)
    force = serializers.BooleanField(default=False, help_text="Train even where the data has not changed.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As a run is asked for; what can't be tuned or chosen is refused in the words of `runs.request_run`."""
        problem: Problem = attrs["problem"]
        return {
            "problem": problem.slug,
            "algorithm": _algorithm(problem, attrs.get("model_type") or problem.default_algorithm),
            "selection": _selection(problem, attrs),
            "tuning": attrs["tuning"],
            "feature_selection": attrs["feature_selection"],
            "force": attrs["force"],
        }


def _algorithm(problem: Problem, name: str) -> str:
    try:
        return problem.algorithm(name).name
    except UnknownAlgorithm as error:
        raise serializers.ValidationError({"modelType": [str(error)]}) from None


def _selection(problem: Problem, attrs: dict[str, Any]) -> Selection:
    choices = problem.choices()
    for field, kind in (("leagues", "competitions"), ("seasons", "seasons")):
        _refuse_unknown(field, attrs[field], known=[choice.code for choice in choices[kind]])
    try:
        return Selection(
            competitions=tuple(attrs["leagues"]),
            seasons=tuple(attrs["seasons"]),
            date_from=attrs["date_from"],
            date_to=attrs["date_to"],
        )
    except InvalidSelection as error:
        raise serializers.ValidationError({"dateFrom": [str(error)]}) from None


def _refuse_unknown(field: str, codes: Iterable[str], *, known: Iterable[str]) -> None:
    if unknown := sorted(set(codes) - set(known)):
        raise serializers.ValidationError({field: [f"Nothing finished is known of {', '.join(unknown)}."]})


class QueuedSerializer(CamelCaseMixin, serializers.Serializer[TrainingRun]):
    """The task that does what was asked."""

    task_id = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=TrainingRun.Status.choices)
    message = serializers.CharField()


class LeagueSerializer(serializers.Serializer[Any]):
    """A competition that a model may be trained on."""

    code = serializers.CharField()
    name = serializers.CharField(source="title")
    country = serializers.CharField(source="group")
    matches = serializers.IntegerField(source="rows", help_text="Finished matches.")
    seasons = serializers.ListField(child=serializers.CharField(), help_text="Newest first.")


class StatusSerializer(CamelCaseMixin, serializers.Serializer[Any]):
    """The model in service, and the training under way."""

    problem = serializers.CharField()
    champion = VersionSerializer(allow_null=True, help_text="The version that predicts; null where none does.")
    is_training = serializers.BooleanField()
    training = TaskSerializer(allow_null=True, help_text="The latest run in flight.")
    last_trained_at = serializers.DateTimeField(allow_null=True, help_text="When the newest version was made.")
    metrics = FiguresSerializer(allow_null=True, help_text="Of the champion.")


class DecisionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Why a version changes its role; kept in the audit."""

    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class RollBackSerializer(DecisionSerializer):
    """Which problem's champion to take back, and why."""

    problem = ProblemField()
