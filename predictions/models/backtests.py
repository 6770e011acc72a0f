"""Backtests: what was asked, how it is getting on, and what came of it."""

from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mlmodels.models.work import LeasedWork
from mlmodels.selection import Selection


class BacktestQuerySet(models.QuerySet["Backtest"]):
    def in_flight(self) -> Self:
        return self.filter(status__in=Backtest.IN_FLIGHT)

    def completed(self) -> Self:
        return self.filter(status=Backtest.Status.COMPLETED)

    def for_lists(self) -> Self:
        """With who asked, without the long parts that no list shows."""
        return self.select_related("requested_by").defer("logs")


class Backtest(LeasedWork):
    """One request to bet through history on an algorithm's word. Its bets are a file, named by their content."""

    noun = "backtest"

    problem = models.SlugField(max_length=40)
    algorithm = models.SlugField(max_length=40)
    version = models.CharField(max_length=80, blank=True, help_text="Of the version whose recipe it is.")
    hyper_parameters = models.JSONField(default=dict, blank=True)
    feature_selection = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="{method, keep} of the step before the algorithm, if any."
    )
    selection = models.JSONField()
    refit_days = models.PositiveSmallIntegerField(help_text="Days between two fits.")
    strategies = models.JSONField(help_text="By name, with their parameters.")
    bankroll = models.DecimalField(max_digits=12, decimal_places=2, help_text="At the start, in units of any currency.")
    book = models.CharField(max_length=10, blank=True, help_text="Whose prices; empty: the best of all.")
    seed = models.PositiveIntegerField(default=0)
    request_hash = models.CharField(max_length=64, help_text="Of all that decides the result, but the data.")
    fingerprint = models.CharField(max_length=128, blank=True, help_text="Of the data: equal means nothing changed.")
    code_version = models.CharField(max_length=60, blank=True)

    match_count = models.PositiveIntegerField(default=0, help_text="Rows chosen.")
    figures = models.JSONField(default=dict, blank=True)
    bets_path = models.CharField(max_length=120, blank=True, help_text="File, relative to BACKTEST_DIR.")
    bets_sha256 = models.CharField(max_length=64, blank=True)
    bets_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Backtest"]] = BacktestQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["status", "heartbeat_at"], name="backtest_status_heartbeat"),
            models.Index(fields=["request_hash", "status"], name="backtest_request"),
            models.Index(fields=["-created_at"], name="backtest_newest"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["request_hash"],
                condition=Q(status__in=("queued", "running")),
                name="backtest_one_in_flight",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="backtest_progress_at_most_100"),
            models.CheckConstraint(condition=Q(refit_days__gte=1), name="backtest_refits"),
            models.CheckConstraint(condition=Q(bankroll__gt=0), name="backtest_begins_with_money"),
        )

    def __str__(self) -> str:
        return f"{self.algorithm} on {Selection.from_json(self.selection)}"

    @property
    def bets_file(self) -> Path:
        return Path(settings.BACKTEST_DIR) / self.bets_path
