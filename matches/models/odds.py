"""Bookmakers' prices."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from matches.models.play import Match


class OddsQuerySet(models.QuerySet["Odds"]):
    def for_matches(self, match_ids: Iterable[int]) -> Self:
        return self.filter(match_id__in=tuple(match_ids))

    def match_result(self) -> Self:
        return self.filter(market=Odds.Market.MATCH_RESULT)

    def closing(self) -> Self:
        return self.filter(phase=Odds.Phase.CLOSING)

    def opening(self) -> Self:
        return self.filter(phase=Odds.Phase.OPENING)


class Odds(models.Model):
    """One decimal price: of one bookmaker, for one outcome of one market, at opening or at closing.

    `bookmaker` is the source's code (`B365`, `PS` for Pinnacle); `AVG` and `MAX` are the market's average and best.
    `line` is the goal line or handicap, 0 where the market has none.
    """

    class Market(models.TextChoices):
        MATCH_RESULT = "1x2", "Match result"
        TOTAL_GOALS = "totals", "Total goals"
        ASIAN_HANDICAP = "handicap", "Asian handicap"

    class Outcome(models.TextChoices):
        HOME = "H", "Home"
        DRAW = "D", "Draw"
        AWAY = "A", "Away"
        OVER = "O", "Over"
        UNDER = "U", "Under"

    class Phase(models.TextChoices):
        OPENING = "open", "Opening"
        CLOSING = "close", "Closing"

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="odds", db_index=False)
    bookmaker = models.CharField(max_length=10)
    market = models.CharField(max_length=10, choices=Market)
    outcome = models.CharField(max_length=1, choices=Outcome)
    phase = models.CharField(max_length=5, choices=Phase)
    line = models.DecimalField(max_digits=4, decimal_places=2, default=0)
    price = models.DecimalField(max_digits=8, decimal_places=3)

    objects: ClassVar[models.Manager["Odds"]] = OddsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "odds"
        constraints = (
            models.UniqueConstraint(
                fields=["match", "market", "phase", "bookmaker", "outcome", "line"], name="odds_one_price_each"
            ),
            models.CheckConstraint(condition=Q(price__gte="1.01"), name="odds_price_at_least_1_01"),
        )

    def __str__(self) -> str:
        return f"{self.bookmaker} {self.get_outcome_display()} {self.price}"
