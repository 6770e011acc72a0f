"""What lists of packs, drills and sessions may be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from matches.models import RankGroup
from training.models import Category, Drill, TrainingPack, TrainingSession


class PracticeFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    """What packs and drills have in common."""

    category = django_filters.ChoiceFilter(choices=Category.choices)
    sub_skill = django_filters.CharFilter(lookup_expr="iexact")
    rank = django_filters.ChoiceFilter(
        choices=RankGroup.choices, method="fit_for", label="Only what suits this rank, such as diamond."
    )
    search = django_filters.CharFilter(method="called", label="Part of its name, or of what it trains.")

    def fit_for(self, items: QuerySet[Any], name: str, rank: str) -> QuerySet[Any]:
        level = RankGroup.values.index(rank)
        return items.filter(easiest_rank__in=RankGroup.values[: level + 1], hardest_rank__in=RankGroup.values[level:])

    def called(self, items: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        return items.filter(Q(name__icontains=words) | Q(sub_skill__icontains=words))


class PackFilters(PracticeFilters):
    class Meta:
        model = TrainingPack
        fields = ("category", "sub_skill", "rank", "difficulty", "creator", "search")


class DrillFilters(PracticeFilters):
    class Meta:
        model = Drill
        fields = ("category", "sub_skill", "rank", "difficulty", "kind", "search")


class SessionFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    date_from = django_filters.DateFilter(field_name="planned_for", lookup_expr="gte", label="First day, included.")
    date_to = django_filters.DateFilter(field_name="planned_for", lookup_expr="lte", label="Last day, included.")

    class Meta:
        model = TrainingSession
        fields = ("status", "category", "date_from", "date_to")
