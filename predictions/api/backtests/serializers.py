"""The shapes of `/api/backtests/`: what is asked, how it is getting on, what came of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from mlmodels.api.problems import ProblemField
from mlmodels.problem import Problem
from mlmodels.selection import Selection
from predictions.backtesting import words
from predictions.backtesting.plans import USUAL_BANKROLL, USUAL_REFIT_DAYS, Plan, recipe
from predictions.backtesting.strategies import PRESETS, USUAL, parse_all
from predictions.models import Backtest

MOST_CODES = 100


class BacktestSerializer(serializers.ModelSerializer[Backtest]):
    """A backtest as it is getting on."""

    status = serializers.ChoiceField(choices=Backtest.Status.choices)
    progress = serializers.IntegerField(help_text="Per cent, 0..100.")
    strategies = serializers.ListField(child=serializers.CharField())
    error = serializers.CharField(source="error_message", help_text="What went wrong, in words; empty where nothing.")
    rows = serializers.IntegerField(source="match_count", help_text="Finished events chosen.")

    class Meta:
        model = Backtest
        fields: tuple[str, ...] = (
            "id",
            "problem",
            "algorithm",
            "version",
            "hyper_parameters",
            "selection",
            "strategies",
            "refit_days",
            "bankroll",
            "book",
            "seed",
            "rows",
            "status",
            "progress",
            "phase",
            "message",
            "error",
            "created_at",
            "started_at",
            "completed_at",
        )


class BacktestDetailSerializer(BacktestSerializer):
    """The same with its figures."""

    result = serializers.SerializerMethodField(method_name="get_result")

    class Meta(BacktestSerializer.Meta):
        fields = (*BacktestSerializer.Meta.fields, "bets_count", "result")

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_result(self, backtest: Backtest) -> dict[str, Any] | None:
        """Figures and words of each strategy: shares as fractions, money as text; null until it is completed."""
        if backtest.status != Backtest.Status.COMPLETED:
            return None
        told = [{**each, **words.told(each)} for each in backtest.figures["strategies"]]
        return {**backtest.figures, "hindsight": words.hindsight(backtest.figures), "strategies": told}


class AskSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What to test. An empty list means "all", an absent date leaves that end open."""

    problem = ProblemField()
    algorithm = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Left out, the problem's usual one."
    )
    version = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Instead of an algorithm: a version with its recipe."
    )
    hyper_parameters = serializers.DictField(default=dict)
    competitions = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=MOST_CODES
    )
    seasons = serializers.ListField(child=serializers.CharField(max_length=10), default=list, max_length=MOST_CODES)
    date_from = serializers.DateField(default=None, allow_null=True)
    date_to = serializers.DateField(default=None, allow_null=True)
    strategies = serializers.ListField(
        child=serializers.CharField(max_length=200),
        default=list(USUAL),
        help_text=f"Of {', '.join(PRESETS)}; parameters follow a colon: value:margin=0.03,stake=kelly,fraction=0.2.",
    )
    refit_days = serializers.IntegerField(default=USUAL_REFIT_DAYS, help_text="Days between two fits, 1 to 366.")
    bankroll = serializers.CharField(default=str(USUAL_BANKROLL), max_length=20, help_text="At the start.")
    book = serializers.CharField(
        default="", allow_blank=True, max_length=10, help_text="Whose prices; left out, the best of all."
    )
    seed = serializers.IntegerField(default=0)
    force = serializers.BooleanField(default=False, help_text="Anew, even where nothing has changed since.")

    def plan(self) -> Plan:
        """What valid data ask for. Raises the domain's errors, in its words."""
        asked = self.validated_data
        problem: Problem = asked["problem"]
        made: dict[str, Any] = {"algorithm": asked["algorithm"] or problem.default_algorithm, "hyper_parameters": {}}
        if asked["version"]:
            made = recipe(asked["version"], problem=problem.slug)
        made["hyper_parameters"] = {**made["hyper_parameters"], **asked["hyper_parameters"]}
        return Plan(
            **made,
            problem=problem.slug,
            selection=Selection(
                competitions=tuple(asked["competitions"]),
                seasons=tuple(asked["seasons"]),
                date_from=asked["date_from"],
                date_to=asked["date_to"],
            ),
            strategies=parse_all(asked["strategies"]),
            **{name: asked[name] for name in ("refit_days", "bankroll", "book", "seed")},
        )
