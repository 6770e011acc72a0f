"""Predictions, their settlement and matches with what was said of them, as the API gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from matches.api.serializers import MatchSerializer, OddsSerializer
from matches.models import Match
from matches.models.play import STATISTICS
from mlmodels.problem import get_problem
from predictions.api.prices import fair_prices, may_see_prices, why_hidden
from predictions.drivers import drivers_of
from predictions.experimenting.seats import running_seats
from predictions.models import LedgerHead, Prediction, Settlement

MOST_SUBJECTS = 20
PRICES = ("closing_line_value", "flat_profit")
FairOdds = serializers.DictField(child=serializers.DecimalField(None, 3, allow_null=True), allow_null=True)
Probabilities = serializers.DictField(child=serializers.FloatField(), help_text="By outcome, 0..1, summing to 1.")


class SettlementSerializer(serializers.ModelSerializer[Settlement]):
    """How a prediction turned out. Closing-line value and profit are null for who has not confirmed their age."""

    class Meta:
        model = Settlement
        fields = (
            "outcome",
            "correct",
            "log_loss",
            "brier",
            "rps",
            "market_log_loss",
            "baseline_log_loss",
            *PRICES,
            "settled_at",
            "revision",
        )

    def to_representation(self, instance: Settlement) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return shown if may_see_prices(self.context) else {**shown, **dict.fromkeys(PRICES)}


class PredictionSerializer(serializers.ModelSerializer[Prediction]):
    """One row of the ledger: what was said, of what, when, by which model."""

    model = serializers.CharField(source="model_version.version")
    subject = serializers.DictField(help_text="What it is about, as its problem names it.")
    probabilities = Probabilities
    notes = serializers.ListField(child=serializers.CharField(), help_text="What the reader must know.")
    settlement = SettlementSerializer(allow_null=True, help_text="Null until there is a result.")

    class Meta:
        model = Prediction
        fields: tuple[str, ...] = (
            "id",
            "sequence",
            "problem",
            "model",
            "match",
            "subject",
            "made_at",
            "event_at",
            "probabilities",
            "confidence",
            "notes",
            "is_shadow",
            "hash",
            "settlement",
        )


class DriverSerializer(serializers.Serializer[Any]):
    """One thing that moved a prediction."""

    words = serializers.CharField()
    effect = serializers.FloatField(
        help_text="What it adds to the log-odds of the first outcome against the last, in nats: home against away."
    )
    group = serializers.CharField(
        help_text="For programs: baseline, calibration, or what its features are about. "
        "Empty in rows from before predictions were explained, whose effects are on a scale of their own."
    )
    features = serializers.DictField(child=serializers.FloatField(), help_text="The effect by feature.")
    without = serializers.DictField(
        child=serializers.FloatField(), help_text="Probabilities as they would be without it; empty for the baseline."
    )


class PredictionDetailSerializer(PredictionSerializer):
    """A prediction with everything that its hash covers, and every market read off its one distribution."""

    distribution = serializers.DictField(help_text="What every market is read from.")
    markets = serializers.SerializerMethodField()
    drivers = serializers.SerializerMethodField()
    features = serializers.DictField(help_text="What the model was told.")
    fair_odds = serializers.SerializerMethodField()
    odds_hidden_reason = serializers.SerializerMethodField()

    class Meta(PredictionSerializer.Meta):
        fields = (
            *PredictionSerializer.Meta.fields,
            "distribution",
            "markets",
            "drivers",
            "features",
            "features_hash",
            "previous_hash",
            "latency_ms",
            "fair_odds",
            "odds_hidden_reason",
        )

    def get_markets(self, prediction: Prediction) -> dict[str, Any]:
        """What else it says, as its problem tells it."""
        return dict(get_problem(prediction.problem).markets(prediction.probabilities, prediction.distribution))

    @extend_schema_field(DriverSerializer(many=True))
    def get_drivers(self, prediction: Prediction) -> list[Any]:
        """The baseline, what moved it, strongest first, and the calibration; effects sum to the log-odds said."""
        return list(DriverSerializer(drivers_of(prediction), many=True).data)

    @extend_schema_field(FairOdds)
    def get_fair_odds(self, prediction: Prediction) -> Mapping[str, str | None] | None:
        """Decimal odds without a margin; null for who has not confirmed their age, and of what is said of a person."""
        shown = may_see_prices(self.context) and not prediction.is_personal
        return fair_prices(prediction.probabilities) if shown else None

    def get_odds_hidden_reason(self, prediction: Prediction) -> str | None:
        """Null where odds are shown."""
        return "A person has no odds." if prediction.is_personal else why_hidden(self.context)


class MatchDetailSerializer(MatchSerializer):
    """A match with its figures, its odds, and the last thing that was said of it."""

    odds = serializers.SerializerMethodField()
    odds_hidden_reason = serializers.SerializerMethodField()
    prediction = serializers.SerializerMethodField()

    class Meta(MatchSerializer.Meta):
        fields = (*MatchSerializer.Meta.fields, *STATISTICS, "odds", "odds_hidden_reason", "prediction")

    @extend_schema_field(OddsSerializer(many=True, allow_null=True))
    def get_odds(self, match: Match) -> list[Any] | None:
        """Every price known; null for who has not confirmed their age."""
        if not may_see_prices(self.context):
            return None
        prices = match.odds.order_by("market", "line", "phase", "bookmaker", "outcome")
        return list(OddsSerializer(prices, many=True).data)

    def get_odds_hidden_reason(self, match: Match) -> str | None:
        """Null where odds are shown."""
        return why_hidden(self.context)

    @extend_schema_field(PredictionSerializer(allow_null=True))
    def get_prediction(self, match: Match) -> dict[str, Any] | None:
        """The latest that users may see; null where nothing was said."""
        seats = running_seats(self.context["request"].user)
        said = Prediction.objects.seen_from(*seats).filter(match=match).select_related("model_version", "settlement")
        latest = said.order_by("-sequence").first()
        return dict(PredictionSerializer(latest, context=self.context).data) if latest else None


class SubjectSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What to predict: a known match by its id, or a supposed pairing of two teams on a day to come."""

    match = serializers.IntegerField(required=False, min_value=1)
    home = serializers.CharField(required=False, max_length=120, help_text="Slug, name or alias.")
    away = serializers.CharField(required=False, max_length=120, help_text="Slug, name or alias.")
    competition = serializers.CharField(
        required=False, max_length=20, help_text="Its code; left out, where the teams last played."
    )
    date = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "match" in attrs:
            return attrs
        missing = [name for name in ("home", "away", "date") if name not in attrs]
        if missing:
            raise serializers.ValidationError({name: ["Needed where no match is given."] for name in missing})
        return attrs


class SubjectsSerializer(serializers.ListSerializer[Any]):
    """One to twenty subjects."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=SubjectSerializer(), min_length=1, max_length=MOST_SUBJECTS, **kwargs)


class LedgerSerializer(serializers.ModelSerializer[LedgerHead]):
    """The end of the chain. Whoever notes it can tell later whether history was rewritten."""

    class Meta:
        model = LedgerHead
        fields = ("sequence", "hash")
