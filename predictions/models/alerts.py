"""What went wrong and who is told: alerts, the rules that raise them, channels, and what was sent over them."""

from __future__ import annotations

import math
import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class Severity(models.TextChoices):
    """In ascending order."""

    INFO = "info", "Info"
    WARNING = "warning", "Warning"
    CRITICAL = "critical", "Critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    @property
    def milder(self) -> list[Severity]:
        return list(Severity)[: self.rank]


class AlertQuerySet(models.QuerySet["Alert"]):
    def unresolved(self) -> Self:
        return self.exclude(status=Alert.Status.RESOLVED)

    def waiting(self) -> Self:
        """For somebody to look at them."""
        return self.filter(status=Alert.Status.OPEN)


class Alert(models.Model):
    """One condition that needs a person. Written only by `predictions.alerting`, which counts up what recurs."""

    class Kind(models.TextChoices):
        DECAY = "decay", "Decay"
        DRIFT = "drift", "Drift"
        RULE = "rule", "Rule"
        STALENESS = "staleness", "Stale data"
        MISSING = "missing", "Missing values"
        SOURCE_FAILURE = "source-failure", "Failing source"
        OUTLIERS = "outliers", "Outliers"
        ARTIFACT = "artifact", "Model file"
        CHALLENGER = "challenger", "Challenger"
        EXPERIMENT = "experiment", "Experiment"
        RETRAINING = "retraining", "Retraining"
        LEDGER = "ledger", "Ledger"
        LOG = "log", "Log"
        DELIVERY = "delivery", "Delivery"
        LEAKAGE = "leakage", "Leakage"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        RESOLVED = "resolved", "Resolved"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=200, help_text="What it is about: a version, a source, a rule.")
    title = models.CharField(max_length=200)
    message = models.TextField(blank=True)
    severity = models.CharField(max_length=8, choices=Severity)
    problem = models.SlugField(max_length=40, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    count = models.PositiveIntegerField(default=1, help_text="How often it was raised since it opened.")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Alert]] = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-last_at", "-pk")
        indexes = (
            models.Index(fields=["status", "-last_at"], name="alert_status_last"),
            models.Index(fields=["kind", "severity", "last_at"], name="alert_kind_severity_last"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "key"], condition=~Q(status="resolved"), name="alert_one_unresolved_per_key"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="alert_counted_at_least_once"),
            models.CheckConstraint(condition=Q(last_at__gte=models.F("first_at")), name="alert_last_after_first"),
            models.CheckConstraint(
                condition=Q(status="open", acknowledged_at=None)
                | Q(status="acknowledged", acknowledged_at__isnull=False)
                | Q(status="resolved"),
                name="alert_acknowledged_with_time",
            ),
            models.CheckConstraint(
                condition=Q(status="resolved", resolved_at__isnull=False)
                | (~Q(status="resolved") & Q(resolved_at=None)),
                name="alert_resolved_with_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("predictions:alert", args=[self.pk])


def validate_finite(value: float) -> None:
    if not math.isfinite(value):
        raise ValidationError("The threshold must be a number.", code="not_a_number")


def validate_problem(slug: str) -> None:
    from mlmodels.problem import all_problems

    known = [problem.slug for problem in all_problems()]
    if slug and slug not in known:
        raise ValidationError(f"There is no problem {slug!r}: known are {', '.join(known)}.", code="unknown_problem")


class AlertRule(models.Model):
    """A threshold on a champion's daily figures. Evaluated by monitoring; an alert of kind `rule` comes of it."""

    class Metric(models.TextChoices):
        ACCURACY = "accuracy", "Accuracy (share of right calls, 0 to 1)"
        LOG_LOSS = "log_loss", "Log loss (nats)"
        BRIER = "brier", "Brier score (0 to 2)"
        RPS = "rps", "Ranked probability score (0 to 1)"
        ECE = "ece", "Calibration error (ECE of 10 bins, 0 to 1)"
        ROI = "roi", "Return on flat stakes (profit over stakes)"

    class Comparison(models.TextChoices):
        BELOW = "below", "Below"
        ABOVE = "above", "Above"

    name = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)
    problem = models.SlugField(
        max_length=40, blank=True, validators=[validate_problem], help_text="Left empty: every problem."
    )
    metric = models.CharField(max_length=10, choices=Metric)
    comparison = models.CharField(max_length=5, choices=Comparison)
    threshold = models.FloatField(validators=[validate_finite])
    days = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="On how many days running, 1 to 90.",
    )
    minimum_events = models.PositiveIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text="With fewer settled predictions, a figure says nothing and the rule is silent.",
    )
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=90), name="alert_rule_days_1_to_90"),
            models.CheckConstraint(condition=Q(minimum_events__gte=1), name="alert_rule_some_events"),
        )

    def __str__(self) -> str:
        return self.name

    def breached_by(self, value: float) -> bool:
        """Whether one day's figure is past the threshold; on it is not past it."""
        return value < self.threshold if self.comparison == self.Comparison.BELOW else value > self.threshold


class AlertChannelQuerySet(models.QuerySet["AlertChannel"]):
    def enabled(self) -> Self:
        return self.filter(enabled=True)


class AlertChannel(models.Model):
    """Where alerts are sent: a webhook of ours to sign for, or an e-mail address."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", "Webhook"
        EMAIL = "email", "E-mail"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=7, choices=Kind)
    url = models.CharField("URL", max_length=500, blank=True, help_text="Of a webhook: https://…")
    email = models.EmailField("e-mail address", blank=True)
    secret = models.CharField(max_length=500, blank=True, editable=False, help_text="Encrypted.")
    previous_secret = models.CharField(max_length=500, blank=True, editable=False, help_text="Encrypted.")
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    minimum_severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    kinds = models.JSONField(default=list, blank=True, help_text="Kinds of alerts that are sent; empty: all.")
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, editable=False, help_text="Why it was switched off.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[AlertChannel]] = AlertChannelQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="webhook", email="") & ~Q(url="") & ~Q(secret=""))
                | (Q(kind="email", url="", secret="") & ~Q(email="")),
                name="alert_channel_has_where_to",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError, by field, for a channel that could not be sent to, and for unknown kinds."""
        from predictions.delivering.addresses import complaint

        wrong: dict[str, str] = {}
        known = Alert.Kind.values
        if not isinstance(self.kinds, list) or any(kind not in known for kind in self.kinds):
            wrong["kinds"] = f"Choose from the kinds of alerts that there are: {', '.join(known)}."
        if self.kind == self.Kind.WEBHOOK:
            wrong |= {"url": said} if (said := complaint(self.url)) else {}
            wrong |= {"email": "A webhook has no e-mail address."} if self.email else {}
        if self.kind == self.Kind.EMAIL:
            wrong |= {} if self.email else {"email": "Write the address to send to."}
            wrong |= {"url": "An e-mail channel has no URL."} if self.url else {}
        if wrong:
            raise ValidationError(wrong)

    def wants(self, kind: str, severity: str) -> bool:
        loud_enough = Severity(severity).rank >= Severity(self.minimum_severity).rank
        return loud_enough and (not self.kinds or kind in self.kinds)

    @property
    def kinds_in_words(self) -> str:
        return ", ".join(Alert.Kind(kind).label.lower() for kind in self.kinds) or "all kinds"

    @property
    def target(self) -> str:
        """Where it leads, in words that may be shown."""
        return self.url or self.email


class AlertDeliveryQuerySet(models.QuerySet["AlertDelivery"]):
    def due(self, now: datetime) -> Self:
        """What a worker may take now: its time has come, and no worker that lives has it."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.filter(free, status__in=AlertDelivery.PENDING, next_attempt_at__lte=now)

    def told_of(self, alert: Alert) -> Self:
        """Messages about this alert alone, and digests that took it in."""
        digests = Q(alert=None, alert_kind=alert.kind, severity=alert.severity)
        during = Q(gathering_since__lte=alert.last_at, next_attempt_at__gte=alert.first_at)
        return self.filter(Q(alert=alert) | (digests & during))


class AlertDelivery(models.Model):
    """One message to one channel: written with its alert, sent by a worker, tried again until it is taken or dead."""

    class Status(models.TextChoices):
        GATHERING = "gathering", "Gathering"
        QUEUED = "queued", "Queued"
        FAILED = "failed", "Failed, will be tried again"
        SENT = "sent", "Sent"
        DEAD = "dead", "Given up"

    PENDING: ClassVar = (Status.QUEUED, Status.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, related_name="deliveries")
    alert = models.ForeignKey(
        Alert, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries", help_text="Empty: a digest."
    )
    alert_kind = models.CharField(max_length=20, choices=Alert.Kind, blank=True, help_text="Empty: a test.")
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.INFO)
    gathering_since = models.DateTimeField(null=True, blank=True, help_text="Of a digest.")
    gathered = models.PositiveIntegerField(default=1, help_text="How many times alerts were raised for this message.")
    quiet_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then, what else is raised gathers for a digest."
    )
    subject = models.CharField(max_length=255, blank=True)
    body = models.TextField(blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, blank=True, editable=False, help_text="Fences a worker that was replaced.")
    leased_until = models.DateTimeField(null=True, blank=True)
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    response_start = models.CharField(max_length=500, blank=True, help_text="The first of what was answered.")
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[AlertDelivery]] = AlertDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "alert deliveries"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["status", "next_attempt_at"], name="alert_delivery_due"),
            models.Index(fields=["channel", "alert_kind", "severity", "quiet_until"], name="alert_delivery_quiet"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "alert_kind", "severity"],
                condition=Q(status="gathering"),
                name="alert_delivery_one_gathering",
            ),
        )

    def __str__(self) -> str:
        return self.subject or f"{self.get_status_display()} for {self.channel}"

    def get_absolute_url(self) -> str:
        return reverse("predictions:alert-delivery", args=[self.pk])
