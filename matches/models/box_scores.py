"""Box scores: what a player did in a game, and what bookmakers thought he would do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from matches.models.people import Player
from matches.models.play import Match, Team


class Statistic(models.TextChoices):
    """What of a box score is forecast. Sums add the statistics they are named after."""

    POINTS = "points", "Points"
    REBOUNDS = "rebounds", "Rebounds"
    ASSISTS = "assists", "Assists"
    THREES = "threes", "Threes made"
    STEALS = "steals", "Steals"
    BLOCKS = "blocks", "Blocks"
    PRA = "pra", "Points + rebounds + assists"


PARTS: dict[str, tuple[str, ...]] = {
    Statistic.POINTS: ("points",),
    Statistic.REBOUNDS: ("rebounds",),
    Statistic.ASSISTS: ("assists",),
    Statistic.THREES: ("threes_made",),
    Statistic.STEALS: ("steals",),
    Statistic.BLOCKS: ("blocks",),
    Statistic.PRA: ("points", "rebounds", "assists"),
}
"""Fields of a box score that a statistic adds up."""

BOX_SCORE = (
    "minutes",
    "points",
    "field_goals_made",
    "field_goals_attempted",
    "threes_made",
    "threes_attempted",
    "free_throws_made",
    "free_throws_attempted",
    "offensive_rebounds",
    "defensive_rebounds",
    "rebounds",
    "assists",
    "steals",
    "blocks",
    "turnovers",
    "fouls",
    "plus_minus",
)
"""Fields of a `PlayerGame` that hold numbers; plus_minus may be unknown."""


class PlayerGameQuerySet(models.QuerySet["PlayerGame"]):
    def of_players(self, player_ids: Iterable[int]) -> Self:
        return self.filter(player__in=tuple(player_ids))

    def in_order(self) -> Self:
        """By day, game and player, as features want them."""
        return self.order_by("match__date", "match_id", "player_id")


class PlayerGame(models.Model):
    """A player's line of a box score. Who did not play has none."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="player_games", db_index=False)
    player = models.ForeignKey(Player, on_delete=models.PROTECT, related_name="games")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="player_games")
    is_home = models.BooleanField()
    minutes = models.FloatField()
    points = models.PositiveSmallIntegerField()
    field_goals_made = models.PositiveSmallIntegerField()
    field_goals_attempted = models.PositiveSmallIntegerField()
    threes_made = models.PositiveSmallIntegerField()
    threes_attempted = models.PositiveSmallIntegerField()
    free_throws_made = models.PositiveSmallIntegerField()
    free_throws_attempted = models.PositiveSmallIntegerField()
    offensive_rebounds = models.PositiveSmallIntegerField()
    defensive_rebounds = models.PositiveSmallIntegerField()
    rebounds = models.PositiveSmallIntegerField()
    assists = models.PositiveSmallIntegerField()
    steals = models.PositiveSmallIntegerField()
    blocks = models.PositiveSmallIntegerField()
    turnovers = models.PositiveSmallIntegerField()
    fouls = models.PositiveSmallIntegerField()
    plus_minus = models.SmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager[PlayerGame]] = PlayerGameQuerySet.as_manager()

    class Meta:
        ordering = ("match__date", "match_id", "player_id")
        constraints = (
            models.UniqueConstraint(fields=["match", "player"], name="player_game_once"),
            models.CheckConstraint(condition=Q(minutes__gte=0) & Q(minutes__lte=100), name="player_game_minutes"),
            models.CheckConstraint(
                condition=Q(field_goals_made__lte=F("field_goals_attempted"))
                & Q(threes_made__lte=F("threes_attempted"))
                & Q(free_throws_made__lte=F("free_throws_attempted")),
                name="player_game_made_of_attempted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.player.name}, {self.match}"

    def count(self, statistic: str) -> int:
        """How many of a statistic, sums added up."""
        return sum(int(getattr(self, field)) for field in PARTS[statistic])


class PropLine(models.Model):
    """One bookmaker's line on a player's statistic in a game, with both prices, when it was quoted."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="prop_lines", db_index=False)
    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="prop_lines")
    statistic = models.CharField(max_length=10, choices=Statistic)
    bookmaker = models.CharField(max_length=30)
    line = models.DecimalField(max_digits=5, decimal_places=2)
    over_price = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    under_price = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    quoted_at = models.DateTimeField()

    class Meta:
        ordering = ("match_id", "player_id", "statistic", "bookmaker", "quoted_at")
        constraints = (
            models.UniqueConstraint(
                fields=["match", "player", "statistic", "bookmaker", "quoted_at", "line"], name="prop_line_once"
            ),
            models.CheckConstraint(condition=Q(line__gte=0), name="prop_line_not_negative"),
            models.CheckConstraint(
                condition=(Q(over_price__isnull=True) | Q(over_price__gte="1.01"))
                & (Q(under_price__isnull=True) | Q(under_price__gte="1.01")),
                name="prop_line_prices_at_least_1_01",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bookmaker} {self.player.name} {self.get_statistic_display()} {self.line}"


class GameLine(models.Model):
    """One bookmaker's lines on a game. `spread_home` is negative where the home team is the favourite."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="game_lines", db_index=False)
    bookmaker = models.CharField(max_length=30)
    spread_home = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    home_price = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    away_price = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ("match_id", "bookmaker")
        constraints = (
            models.UniqueConstraint(fields=["match", "bookmaker"], name="game_line_once"),
            models.CheckConstraint(
                condition=(Q(home_price__isnull=True) | Q(home_price__gte="1.01"))
                & (Q(away_price__isnull=True) | Q(away_price__gte="1.01")),
                name="game_line_prices_at_least_1_01",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bookmaker} on {self.match}"
