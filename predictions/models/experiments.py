"""A/B experiments: which versions answer whom, and in what shares."""

import secrets
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mlmodels.models import ModelVersion
from predictions.errors import ExperimentIsFixed

LONGEST_ARM_NAME = 30


def new_salt() -> str:
    """128 random bits, so that the arms of two experiments have nothing to do with each other."""
    return secrets.token_hex(16)


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def running(self) -> Self:
        return self.filter(status=Experiment.Status.RUNNING)

    def begun(self) -> Self:
        """Those in which anybody may have been given an arm."""
        return self.exclude(status=Experiment.Status.DRAFT)

    def with_arms(self) -> Self:
        """With their arms and the arms' versions, without what no list shows, in two queries."""
        arms = ExperimentArm.objects.select_related("version").defer(
            "version__model_weights", "version__feature_columns", "version__metrics"
        )
        return self.select_related("created_by").prefetch_related(models.Prefetch("arms", arms))


class Experiment(models.Model):
    """One comparison of versions on live predictions. Written by `predictions.experimenting`; once it has begun,
    nothing about who gets which arm can change.
    """

    class Unit(models.TextChoices):
        USER = "user", "Each person has an arm"
        EVENT = "event", "Each event has an arm"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"

    problem = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=5, choices=Unit)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.DRAFT)
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as it is started.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: when it is stopped.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager["Experiment"]] = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["problem"], condition=Q(status="running"), name="experiment_one_running_per_problem"
            ),
            models.UniqueConstraint(fields=["salt"], name="experiment_salt_of_its_own"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="experiment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(starts_at__isnull=False), name="experiment_begun_has_a_start"
            ),
            models.CheckConstraint(
                condition=Q(status="stopped", stopped_at__isnull=False)
                | (~Q(status="stopped") & Q(stopped_at__isnull=True)),
                name="experiment_stopped_has_an_end",
            ),
            models.CheckConstraint(condition=Q(unit__in=("user", "event")), name="experiment_unit_known"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """States move by conditional UPDATE in `predictions.experimenting`; all else stays as it was drafted."""
        if not self._state.adding:
            raise ExperimentIsFixed("An experiment is not edited: discard the draft, or stop it, and make another.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("predictions:experiment", args=[self.pk])

    @property
    def state_in_words(self) -> str:
        now = timezone.now()
        if self.status != self.Status.RUNNING or self.starts_at is None:
            return str(self.get_status_display())
        if self.starts_at > now:
            return f"Begins {self.starts_at:%-d %B %Y %H:%M} UTC"
        return "Over" if self.ends_at and self.ends_at <= now else "Running"


class ExperimentArm(models.Model):
    """One version in an experiment and its share of the units."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="arms")
    position = models.PositiveSmallIntegerField(help_text="Arms are laid along 0..1 in this order.")
    name = models.SlugField(max_length=LONGEST_ARM_NAME)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="experiment_arms")
    share = models.DecimalField(max_digits=5, decimal_places=4, help_text="Of the units, in (0, 1].")
    is_control = models.BooleanField(default=False)

    class Meta:
        ordering = ("experiment", "position")
        constraints = (
            models.CheckConstraint(
                condition=Q(share__gt=Decimal(0)) & Q(share__lte=Decimal(1)), name="arm_share_in_0_1"
            ),
            models.UniqueConstraint(fields=["experiment", "position"], name="arm_unique_position"),
            models.UniqueConstraint(fields=["experiment", "name"], name="arm_unique_name"),
            models.UniqueConstraint(fields=["experiment", "version"], name="arm_unique_version"),
            models.UniqueConstraint(
                fields=["experiment"], condition=Q(is_control=True), name="arm_one_control_per_experiment"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or self.experiment.status != Experiment.Status.DRAFT:
            raise ExperimentIsFixed("The arms of an experiment are not edited: stop it, and make another.")
        super().save(*args, **kwargs)

    @property
    def share_in_words(self) -> str:
        return f"{(100 * self.share).normalize():f} %"

    @property
    def reference(self) -> str:
        """How the ledger names the arm."""
        return f"{self.experiment_id}:{self.name}"
