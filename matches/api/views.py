"""Reading competitions, teams and matches."""

from django.db.models import Count, Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics

from matches.api import documentation as documented
from matches.api import filters, serializers
from matches.models import Competition, Match, Season, Team


@extend_schema_view(get=extend_schema(**documented.COMPETITIONS))
class CompetitionsView(generics.ListAPIView[Competition]):
    """Competitions, by code."""

    queryset = Competition.objects.all()
    serializer_class = serializers.CompetitionSerializer
    filterset_class = filters.CompetitionFilters
    ordering = "code"


@extend_schema_view(get=extend_schema(**documented.COMPETITION))
class CompetitionView(generics.RetrieveAPIView[Competition]):
    """A competition and its seasons, newest first."""

    queryset = Competition.objects.prefetch_related(
        Prefetch("seasons", Season.objects.annotate(match_count=Count("matches")).order_by("-starts_on"))
    )
    serializer_class = serializers.CompetitionDetailSerializer
    lookup_field = "code"


@extend_schema_view(get=extend_schema(**documented.TEAMS))
class TeamsView(generics.ListAPIView[Team]):
    """Teams, by slug: so by country, then by name."""

    queryset = Team.objects.all()
    serializer_class = serializers.TeamSerializer
    filterset_class = filters.TeamFilters
    ordering = "slug"


@extend_schema_view(get=extend_schema(**documented.TEAM))
class TeamView(generics.RetrieveAPIView[Team]):
    """A team and what sources call it."""

    queryset = Team.objects.prefetch_related("aliases")
    serializer_class = serializers.TeamDetailSerializer
    lookup_field = "slug"


@extend_schema_view(get=extend_schema(**documented.MATCHES))
class MatchesView(generics.ListAPIView[Match]):
    """Matches, the latest kick-off first."""

    queryset = Match.objects.with_names()
    serializer_class = serializers.MatchSerializer
    filterset_class = filters.MatchFilters
    ordering = ("-kickoff", "-pk")
