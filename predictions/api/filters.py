"""What the list of predictions may be narrowed to."""

from datetime import UTC, date, datetime, time

import django_filters

from matches.api.filters import DaysForm, TrueOrFalseFilter
from matches.models import Competition, Match
from mlmodels.models import ModelVersion
from predictions.models import Prediction, PredictionQuerySet


class PredictionFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    match = django_filters.ModelChoiceFilter(queryset=Match.objects.all(), label="Its id.")
    competition = django_filters.ModelChoiceFilter(
        field_name="match__season__competition",
        queryset=Competition.objects.all(),
        to_field_name="code",
        label="Its code.",
    )
    model = django_filters.ModelChoiceFilter(
        field_name="model_version", queryset=ModelVersion.objects.all(), to_field_name="version", label="Its version."
    )
    settled = TrueOrFalseFilter(
        field_name="settlement", lookup_expr="isnull", exclude=True, label="Whether there is a result."
    )
    is_shadow = TrueOrFalseFilter()
    date_from = django_filters.DateFilter(method="from_day", label="First day (UTC) of the event, included.")
    date_to = django_filters.DateFilter(method="to_day", label="Last day (UTC) of the event, included.")

    class Meta:
        model = Prediction
        form = DaysForm
        fields = ("problem", "match", "competition", "model", "settled", "is_shadow", "date_from", "date_to")

    def from_day(self, predictions: PredictionQuerySet, name: str, day: date) -> PredictionQuerySet:
        return predictions.filter(event_at__gte=datetime.combine(day, time.min, tzinfo=UTC))

    def to_day(self, predictions: PredictionQuerySet, name: str, day: date) -> PredictionQuerySet:
        return predictions.filter(event_at__lte=datetime.combine(day, time.max, tzinfo=UTC))
