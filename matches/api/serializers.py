"""Competitions, teams, matches and prices as the API gives them."""

from rest_framework import serializers

from matches.models import Competition, Match, Odds, Season, Team


class CompetitionSerializer(serializers.ModelSerializer[Competition]):
    """A league or cup. A simulated one is marked so, here and wherever it is shown."""

    class Meta:
        model = Competition
        fields: tuple[str, ...] = ("code", "name", "country", "sport", "is_simulated")


class SeasonSerializer(serializers.ModelSerializer[Season]):
    """One edition of a competition."""

    matches = serializers.IntegerField(source="match_count", help_text="Known of, played or not.")

    class Meta:
        model = Season
        fields = ("code", "name", "starts_on", "ends_on", "matches")


class CompetitionDetailSerializer(CompetitionSerializer):
    """A competition with its seasons, newest first."""

    seasons = SeasonSerializer(many=True)

    class Meta(CompetitionSerializer.Meta):
        fields = (*CompetitionSerializer.Meta.fields, "seasons")


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team; its slug names it everywhere."""

    class Meta:
        model = Team
        fields: tuple[str, ...] = ("slug", "name", "country", "sport", "is_simulated")


class TeamDetailSerializer(TeamSerializer):
    """A team with what sources call it."""

    aliases = serializers.SlugRelatedField[Team](many=True, read_only=True, slug_field="alias")

    class Meta(TeamSerializer.Meta):
        fields = (*TeamSerializer.Meta.fields, "aliases")


class SideSerializer(serializers.ModelSerializer[Team]):
    """A team in a match."""

    class Meta:
        model = Team
        fields = ("slug", "name")


class MatchSerializer(serializers.ModelSerializer[Match]):
    """A match, played or to come. Times are UTC; where no time of day is known it is noon, and said to be inexact."""

    competition = serializers.CharField(source="season.competition.code")
    is_simulated = serializers.BooleanField(source="season.competition.is_simulated")
    season = serializers.CharField(source="season.code")
    home = SideSerializer()
    away = SideSerializer()
    status = serializers.ChoiceField(choices=Match.Status.choices)

    class Meta:
        model = Match
        fields: tuple[str, ...] = (
            "id",
            "competition",
            "is_simulated",
            "season",
            "home",
            "away",
            "date",
            "kickoff",
            "kickoff_is_exact",
            "status",
            "home_goals",
            "away_goals",
        )


class OddsSerializer(serializers.ModelSerializer[Odds]):
    """One decimal price, before the bookmaker's margin is taken out."""

    market = serializers.ChoiceField(choices=Odds.Market.choices)
    outcome = serializers.ChoiceField(choices=Odds.Outcome.choices)
    phase = serializers.ChoiceField(choices=Odds.Phase.choices)

    class Meta:
        model = Odds
        fields = ("bookmaker", "market", "outcome", "phase", "line", "price")
