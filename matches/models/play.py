"""Competitions, seasons, teams and matches."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class Sport(models.TextChoices):
    FOOTBALL = "football", "Football"
    BASKETBALL = "basketball", "Basketball"
    ROCKET_LEAGUE = "rocket-league", "Rocket League"


class Competition(models.Model):
    """A league or cup, e.g. `E0`, the English Premier League."""

    code = models.SlugField(max_length=20, unique=True, help_text="Short code, as sources write it: E0, SP1.")
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=60)
    sport = models.CharField(max_length=20, choices=Sport, default=Sport.FOOTBALL)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("country", "code")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("predictions:league", args=[self.code])


class Season(models.Model):
    """One edition of a competition; code `2324` is the season 2023/24."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="seasons")
    code = models.SlugField(max_length=10)
    name = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ("-starts_on", "competition")
        constraints = (
            models.UniqueConstraint(fields=["competition", "code"], name="season_code_unique_in_competition"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="season_starts_before_it_ends"),
        )

    def __str__(self) -> str:
        return f"{self.competition.name} {self.name}"


class Team(models.Model):
    """A team. Two clubs of one name live in two countries; `slug` (`england-arsenal`) is its key in models."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=120, unique=True)
    country = models.CharField(max_length=60)
    sport = models.CharField(max_length=20, choices=Sport, default=Sport.FOOTBALL)
    abbreviation = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="As box scores write it: BKN."
    )
    external_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The source's own id: NBA Stats' TEAM_ID."
    )
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["sport", "country", "name"], name="team_name_unique_in_country_and_sport"),
        )

    def __str__(self) -> str:
        return self.name


class TeamAlias(models.Model):
    """What a source calls a team. Staff edit these, so that two sources meet on one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="aliases")
    sport = models.CharField(max_length=20, choices=Sport, default=Sport.FOOTBALL)
    country = models.CharField(max_length=60)
    alias = models.CharField(max_length=80)

    class Meta:
        ordering = ("alias",)
        verbose_name_plural = "team aliases"
        constraints = (
            models.UniqueConstraint(fields=["sport", "country", "alias"], name="alias_unique_in_country_and_sport"),
        )

    def __str__(self) -> str:
        return f"{self.alias} → {self.team.name}"


class MatchQuerySet(models.QuerySet["Match"]):
    def finished(self) -> Self:
        return self.filter(status=Match.Status.FINISHED)

    def upcoming(self, since: datetime) -> Self:
        """Not played yet, and due at or after `since`."""
        return self.filter(status=Match.Status.SCHEDULED, kickoff__gte=since)

    def before(self, when: datetime) -> Self:
        return self.filter(kickoff__lt=when)

    def in_competitions(self, codes: Iterable[str]) -> Self:
        return self.filter(season__competition__code__in=tuple(codes))

    def in_seasons(self, codes: Iterable[str]) -> Self:
        return self.filter(season__code__in=tuple(codes))

    def between(self, first: date | None, last: date | None) -> Self:
        """Played on or after `first` and on or before `last`; None leaves that end open."""
        matches = self
        if first is not None:
            matches = matches.filter(date__gte=first)
        if last is not None:
            matches = matches.filter(date__lte=last)
        return matches

    def of_team(self, team: "Team") -> Self:
        return self.filter(Q(home=team) | Q(away=team))

    def with_names(self) -> Self:
        """Everything a line of a fixture list shows, in one query."""
        return self.select_related("home", "away", "season__competition")


STATISTICS = (
    "home_goals_half_time",
    "away_goals_half_time",
    "home_shots",
    "away_shots",
    "home_shots_on_target",
    "away_shots_on_target",
    "home_corners",
    "away_corners",
    "home_red_cards",
    "away_red_cards",
    "home_expected_goals",
    "away_expected_goals",
)
"""Fields of a match beyond its final score, each known or not."""


class Match(models.Model):
    """A match, played or to be played. `kickoff` is UTC; where a source gives no time of day it is noon, inexact.

    A game of basketball is a match too: its goals are points, its kick-off the tip-off.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        FINISHED = "finished", "Finished"
        POSTPONED = "postponed", "Postponed"
        ABANDONED = "abandoned", "Abandoned"

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="matches")
    home = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="home_matches")
    away = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="away_matches")
    date = models.DateField(help_text="The day of the match, as the source gives it.")
    kickoff = models.DateTimeField(db_index=True)
    kickoff_is_exact = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.SCHEDULED)
    external_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The source's own id: NBA Stats' GAME_ID."
    )
    is_playoff = models.BooleanField(default=False, db_default=False)
    home_goals = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Points, where the sport has them.")
    away_goals = models.PositiveSmallIntegerField(null=True, blank=True)
    home_goals_half_time = models.PositiveSmallIntegerField(null=True, blank=True)
    away_goals_half_time = models.PositiveSmallIntegerField(null=True, blank=True)
    home_shots = models.PositiveSmallIntegerField(null=True, blank=True)
    away_shots = models.PositiveSmallIntegerField(null=True, blank=True)
    home_shots_on_target = models.PositiveSmallIntegerField(null=True, blank=True)
    away_shots_on_target = models.PositiveSmallIntegerField(null=True, blank=True)
    home_corners = models.PositiveSmallIntegerField(null=True, blank=True)
    away_corners = models.PositiveSmallIntegerField(null=True, blank=True)
    home_red_cards = models.PositiveSmallIntegerField(null=True, blank=True)
    away_red_cards = models.PositiveSmallIntegerField(null=True, blank=True)
    home_expected_goals = models.FloatField(null=True, blank=True)
    away_expected_goals = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["Match"]] = MatchQuerySet.as_manager()

    class Meta:
        ordering = ("kickoff", "pk")
        verbose_name_plural = "matches"
        indexes = (
            models.Index(fields=["status", "kickoff"], name="match_status_kickoff"),
            models.Index(fields=["season", "date"], name="match_season_date"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="match_external_id"),
        )
        constraints = (
            models.UniqueConstraint(fields=["season", "home", "away", "date"], name="match_unique_fixture"),
            models.CheckConstraint(condition=~Q(home=F("away")), name="match_has_two_teams"),
            models.CheckConstraint(
                condition=Q(home_goals__isnull=True, away_goals__isnull=True)
                | Q(home_goals__isnull=False, away_goals__isnull=False),
                name="match_score_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="finished") | Q(home_goals__isnull=False), name="match_finished_has_score"
            ),
        )

    def __str__(self) -> str:
        return f"{self.home.name} v {self.away.name}, {self.date:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("predictions:match", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.status == self.Status.FINISHED

    @property
    def score(self) -> str:
        return f"{self.home_goals}–{self.away_goals}" if self.home_goals is not None else ""
