"""What clients ask about players, and the shapes they are answered in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.documentation import ErrorSerializer
from accounts.api.strict import KnownFieldsMixin
from matches.models import Availability
from predictions.basketball import questions
from predictions.basketball.recommending import Offer, Side

LONGEST_NAME = 100


@extend_schema_field({"type": "number", "example": 24.5})
class LineField(serializers.Field[float, Any, float, Any]):
    """A line; what is none is 422 `invalid_line`."""

    def to_internal_value(self, data: Any) -> float:
        return questions.line(data)

    def to_representation(self, value: float) -> float:
        return value


@extend_schema_field({"type": "string", "example": "points"})
class StatisticField(serializers.Field[str, Any, str, Any]):
    """A statistic; what is none is 422 `unknown_statistic`."""

    def to_internal_value(self, data: Any) -> str:
        return questions.statistic(data)

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}], "example": 1.91, "nullable": True})
class PriceField(serializers.Field[float, Any, float, Any]):
    """Odds, decimal or American; what is none is 422 `invalid_odds`."""

    def to_internal_value(self, data: Any) -> float | None:  # type: ignore[override]  # nothing is no odds
        return questions.price(data)

    def to_representation(self, value: float) -> float:
        return value


class PlayerDataSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What the client knows of the player; it goes before what was reported."""

    out = serializers.BooleanField(required=False, help_text="He does not play.")
    availability = serializers.ChoiceField(required=False, choices=Availability.Status.choices)
    team = serializers.CharField(
        required=False, max_length=80, help_text="Code or name: of several players called so, the one of this team."
    )


class OpponentDataSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Another game than the player's next one; where the schedule does not have it, it is supposed."""

    opponent = serializers.CharField(required=False, max_length=80, help_text="Code, name or alias of the team.")
    home = serializers.BooleanField(required=False, help_text="Whether the player's team is at home.")
    date = serializers.DateField(required=False, help_text="Today or later.")


class OddsSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Decimal (1.91) or American (-110, "+120"): numbers of 100 and more, or -100 and less, are American."""

    over = PriceField(required=False, allow_null=True)
    under = PriceField(required=False, allow_null=True)


class PropQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """A player, a statistic and a line. What is known besides goes into the other three."""

    player = serializers.CharField(max_length=LONGEST_NAME, help_text="A name, or a player's id.")
    stat = StatisticField()
    line = LineField()
    player_data = PlayerDataSerializer(required=False, allow_null=True)
    opponent_data = OpponentDataSerializer(required=False, allow_null=True)
    odds = OddsSerializer(required=False, allow_null=True)

    def question(self) -> questions.Question:
        """What was asked, once it is valid."""
        told: Mapping[str, Any] = self.validated_data
        player, game, odds = (told.get(name) or {} for name in ("player_data", "opponent_data", "odds"))
        return questions.Question(
            player=told["player"],
            statistic=told["stat"],
            line=told["line"],
            team=player.get("team", ""),
            status=questions.status(player.get("availability", ""), out=player.get("out", False)),
            opponent=game.get("opponent", ""),
            home=game.get("home"),
            date=game.get("date"),
            odds=Offer(over=odds.get("over"), under=odds.get("under")),
        )


class GameSerializer(serializers.Serializer[Any]):
    """The game a forecast is for."""

    match = serializers.IntegerField(allow_null=True, help_text="Its id; null for a supposed game.")
    date = serializers.DateField()
    tip_off = serializers.DateTimeField(allow_null=True, help_text="Null for a supposed game.")
    home = serializers.BooleanField(help_text="Whether the player's team is at home.")
    opponent = serializers.CharField(allow_null=True)
    supposed = serializers.CharField(allow_blank=True, help_text="What was supposed of it; empty for a known game.")


class MarketSerializer(serializers.Serializer[Any]):
    """What bookmakers make of the player and game: the median line, and chances at it without their margin."""

    line = serializers.FloatField()
    over_probability = serializers.FloatField(allow_null=True)
    under_probability = serializers.FloatField(allow_null=True)
    books = serializers.IntegerField()


class AvailabilityReportSerializer(serializers.Serializer[Any]):
    """Whether the player plays, and who says so: a source, or `client` for what the request told."""

    status = serializers.ChoiceField(choices=Availability.Status.choices)
    reason = serializers.CharField(allow_blank=True)
    reported_by = serializers.CharField(allow_blank=True)


class PropAnswerSerializer(serializers.Serializer[Any]):
    """A forecast of a player's count, and what it is worth at odds."""

    player = serializers.CharField()
    predicted_value = serializers.FloatField(help_text="Mean of the distribution of counts.")
    over_probability = serializers.FloatField()
    under_probability = serializers.FloatField()
    push_probability = serializers.FloatField(help_text="That the line is hit exactly; 0 at half lines.")
    recommendation = serializers.ChoiceField(
        choices=Side.choices,
        allow_null=True,
        help_text="Null for who has not confirmed that they are 18 or older.",
    )
    confidence = serializers.FloatField(help_text="The greater of the chances of over and under.")
    expected_value = serializers.FloatField(
        allow_null=True,
        help_text="Of one unit on the better side, after the pull to the market: 0.05 is five in a hundred. Null "
        "without odds, and for who has not confirmed that they are 18 or older.",
    )
    model_version = serializers.CharField()
    prediction_id = serializers.UUIDField(help_text="Of the ledger's row; the same for an hour, unless data came in.")
    player_id = serializers.IntegerField()
    team = serializers.CharField(allow_null=True)
    stat = serializers.CharField()
    line = serializers.FloatField()
    game = GameSerializer()
    recommendation_reason = serializers.CharField(allow_null=True)
    odds_hidden_reason = serializers.CharField(allow_null=True)
    market = MarketSerializer(allow_null=True)
    availability = AvailabilityReportSerializer(allow_null=True, help_text="Null where nothing was told or reported.")
    answered_by = serializers.CharField(
        help_text="The algorithm; `global` where a player has too few games for one of his own, `prior` where nothing "
        "is known of him."
    )
    notes = serializers.ListField(child=serializers.CharField(), help_text="What the reader must know.")
    is_simulated = serializers.BooleanField(help_text="An invented player of a simulated league.")


class BatchEntrySerializer(PropAnswerSerializer):
    """An answer; or, where it can't be given, what was asked and `error`."""

    error = ErrorSerializer(required=False)


class BatchAnswerSerializer(serializers.Serializer[Any]):
    """Answers in the order asked."""

    results = BatchEntrySerializer(many=True)
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()


class BatchQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """One to twenty questions; a bare list of them does as well."""

    items = PropQuestionSerializer(many=True)


class ContextQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Whom and what to look back on, and from which day."""

    player_name = serializers.CharField(max_length=LONGEST_NAME, help_text="A name, or a player's id.")
    stat_type = StatisticField()
    game_date = serializers.DateField(
        required=False,
        help_text="Only what was known before this day is told. Left out: the day of the next game, or today.",
    )


class BatchContextQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """One to fifty players."""

    players = serializers.ListField(child=serializers.CharField(max_length=LONGEST_NAME), allow_empty=False)
    stat_type = StatisticField()
    game_date = serializers.DateField(required=False)


class ContextPlayerSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.CharField(allow_blank=True)
    team = serializers.CharField(allow_null=True, help_text="Of that day.")


class ContextGameSerializer(serializers.Serializer[Any]):
    match = serializers.IntegerField()
    tip_off = serializers.DateTimeField()
    home = serializers.BooleanField()
    season = serializers.CharField()


class RecentGameSerializer(serializers.Serializer[Any]):
    match = serializers.IntegerField()
    date = serializers.DateField()
    opponent = serializers.CharField(allow_null=True)
    home = serializers.BooleanField()
    minutes = serializers.FloatField()
    value = serializers.IntegerField(help_text="Of the statistic.")


class SeasonAverageSerializer(serializers.Serializer[Any]):
    season = serializers.CharField(allow_null=True)
    games = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    minutes = serializers.FloatField(allow_null=True)


class OpponentInfoSerializer(serializers.Serializer[Any]):
    """The other team of the day's game, by its games before."""

    team = serializers.CharField()
    abbreviation = serializers.CharField(allow_blank=True)
    ratings = serializers.DictField(allow_null=True, help_text="As `team_advanced` tells them.")
    allows = serializers.FloatField(
        allow_null=True, help_text="What its opponents count of the statistic in 48 minutes, all together."
    )
    recent_defensive_rank = serializers.FloatField(
        allow_null=True, help_text="By its last games, of which about fourteen weigh; 1 is best."
    )
    against = serializers.DictField(help_text="The player's games against it, and his mean of the statistic.")


class ContextSerializer(serializers.Serializer[Any]):
    """What was known of a player before a day. Null is "not known"."""

    player = ContextPlayerSerializer()
    stat_type = serializers.CharField()
    game_date = serializers.DateField()
    game = ContextGameSerializer(allow_null=True)
    games_known = serializers.IntegerField()
    recent_games = RecentGameSerializer(many=True, help_text="The last ten, the latest first.")
    season_average = SeasonAverageSerializer()
    previous_season_average = SeasonAverageSerializer(help_text="Of the last season he played in before this one.")
    rolling_averages = serializers.DictField(
        help_text="Means of the last 3, 5, 10 and 20 games; `ema` weighs each game 0.7 of the next; `weighted_10` "
        "10, 9, … 1; `slope_10` is a game's; `momentum` the last three against the last twenty."
    )
    rolling_minutes = serializers.DictField(help_text="The same of the minutes played.")
    contextual_factors = serializers.DictField(
        help_text="Home, rest, travel, absences. `vacated_minutes`: what team-mates used to play who missed the last "
        "game."
    )
    opponent_info = OpponentInfoSerializer(allow_null=True)
    advanced_metrics = serializers.DictField(help_text="Of the season so far; shares are of 1, ratings of 100.")
    notes = serializers.ListField(child=serializers.CharField())
    is_simulated = serializers.BooleanField()
    availability = AvailabilityReportSerializer(allow_null=True)


class ContextEntrySerializer(ContextSerializer):
    """A context; or, where there is none, whom was asked for and `error`."""

    error = ErrorSerializer(required=False)


class BatchContextSerializer(serializers.Serializer[Any]):
    """Contexts in the order asked."""

    results = ContextEntrySerializer(many=True)
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()


class TeamQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    team = serializers.CharField(required=False, max_length=80, help_text="Code, name or alias; left out, all teams.")
    date = serializers.DateField(required=False, help_text="Only games before it count. Left out: today.")
    competition = serializers.CharField(
        required=False, max_length=20, help_text="Its code; left out, the team's, or NBA."
    )


class TeamAdvancedSerializer(serializers.Serializer[Any]):
    """A team's season before a day. Ratings are points on a hundred possessions; rank 1 is best."""

    team = serializers.CharField()
    abbreviation = serializers.CharField(allow_blank=True)
    season = serializers.CharField()
    games = serializers.IntegerField()
    possessions = serializers.FloatField(help_text="A game, estimated.")
    pace = serializers.FloatField(help_text="Possessions in 48 minutes.")
    offensive_rating = serializers.FloatField()
    defensive_rating = serializers.FloatField()
    net_rating = serializers.FloatField()
    offensive_rank = serializers.IntegerField()
    defensive_rank = serializers.IntegerField()
    net_rank = serializers.IntegerField()
    pace_rank = serializers.IntegerField()


class TeamsAdvancedSerializer(serializers.Serializer[Any]):
    """Teams by net rank, and the day before which their games count."""

    before = serializers.DateField()
    competition = serializers.CharField()
    teams = TeamAdvancedSerializer(many=True)
