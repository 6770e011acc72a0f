"""What lists of competitions, teams and matches may be narrowed to. A value that can't be used is refused by name."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from matches.models import Competition, Match, Team, TeamAlias
from matches.models.play import MatchQuerySet

TRUTHS = {"": None, "true": True, "1": True, "false": False, "0": False}


class DaysForm(forms.Form):
    """Refuses a first day after the last."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("date_from"), cleaned.get("date_to")
        if first and last and first > last:
            self.add_error("date_from", "The first day is after the last: swap the two.")
        return cleaned


class TrueOrFalseField(forms.CharField):
    """`true`, `false`, `1` or `0`; Django's own takes anything else for "not asked"."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]  # text in, truth out
        text = (super().to_python(value) or "").lower()
        if text not in TRUTHS:
            raise forms.ValidationError("Write true or false.")
        return TRUTHS[text]


class TrueOrFalseFilter(django_filters.BooleanFilter):  # type: ignore[misc]  # published without types
    field_class = TrueOrFalseField


class CompetitionFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    country = django_filters.CharFilter(lookup_expr="iexact")
    is_simulated = TrueOrFalseFilter()

    class Meta:
        model = Competition
        fields = ("country", "sport", "is_simulated")


class TeamFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    search = django_filters.CharFilter(method="called", label="Part of its name, or of what a source calls it.")
    country = django_filters.CharFilter(lookup_expr="iexact")
    is_simulated = TrueOrFalseFilter()

    class Meta:
        model = Team
        fields = ("search", "country", "sport", "is_simulated")

    def called(self, teams: QuerySet[Team], name: str, words: str) -> QuerySet[Team]:
        alias = TeamAlias.objects.filter(team=OuterRef("pk"), alias__icontains=words)
        return teams.filter(Q(name__icontains=words) | Exists(alias))


class MatchFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    competition = django_filters.ModelChoiceFilter(
        field_name="season__competition", queryset=Competition.objects.all(), to_field_name="code", label="Its code."
    )
    season = django_filters.CharFilter(field_name="season__code", label="Its code, such as 2324.")
    team = django_filters.ModelChoiceFilter(
        method="of_team", queryset=Team.objects.all(), to_field_name="slug", label="The slug of either side."
    )
    date_from = django_filters.DateFilter(field_name="date", lookup_expr="gte", label="First day, included.")
    date_to = django_filters.DateFilter(field_name="date", lookup_expr="lte", label="Last day, included.")

    class Meta:
        model = Match
        form = DaysForm
        fields = ("competition", "season", "team", "status", "date_from", "date_to")

    @extend_schema_field(OpenApiTypes.STR)
    def of_team(self, matches: MatchQuerySet, name: str, team: Team) -> MatchQuerySet:
        return matches.of_team(team)
