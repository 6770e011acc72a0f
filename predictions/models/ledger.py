"""The ledger: what we said before the event, and how it turned out."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.coaching import players_of
from accounts.models import User
from matches.models import Match
from mlmodels.models import ModelVersion
from mlmodels.problem import all_problems, personal_slugs
from predictions.errors import LedgerIsAppendOnly

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from predictions.experimenting.seats import Seat

GENESIS_HASH = "0" * 64


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def shown(self) -> Self:
        """What was told to somebody: what challengers, and other arms of experiments by user, say is in the shadow.

        Not who may read it: that is `visible_to`.
        """
        return self.filter(is_shadow=False)

    def seen_from(self, *seats: Seat) -> Self:
        """What a person sees: where their arm of an experiment spoke of a match, that instead of the control's."""
        if not seats:
            return self.shown()
        arms, controls = [seat.arm for seat in seats], [seat.control for seat in seats]
        own = Prediction.objects.filter(experiment_arm__in=arms, match=models.OuterRef("match"))
        for_others = models.Q(experiment_arm__in=controls) & models.Exists(own)
        return self.filter(models.Q(is_shadow=False) & ~for_others | models.Q(experiment_arm__in=arms))

    def visible_to(self, viewer: AbstractBaseUser | AnonymousUser) -> Self:
        """What a person may read: staff all, others what they are shown, in experiments what their arm told them.

        What is said of a person is read by that person and their coaches alone. A problem that nobody knows any more
        may have been about persons: its predictions are for staff.
        """
        if getattr(viewer, "is_staff", False):
            return self
        from predictions.experimenting.seats import all_seats

        seen = self.seen_from(*all_seats(viewer))
        readable = models.Q(problem__in=[problem.slug for problem in all_problems() if not problem.is_personal])
        if isinstance(viewer, User):
            # Other problems may name players of their own, by numbers that are no users'.
            player = Cast(KeyTextTransform("player", "subject"), models.BigIntegerField())
            seen = seen.alias(person=models.Case(models.When(problem__in=personal_slugs(), then=player)))
            coached = players_of(viewer).order_by().values("pk")
            readable |= models.Q(person=viewer.pk) | models.Q(person__in=coached)
        return seen.filter(readable)

    def settled(self) -> Self:
        return self.filter(settlement__isnull=False)

    def standing(self, *seats: Seat) -> Self:
        """Of each match and problem the one prediction it is judged by: the last shown to users before kick-off.

        From seats in experiments, the last that their person could see.
        """
        rivals = Prediction.objects.seen_from(*seats).filter(
            problem=models.OuterRef("problem"),
            match=models.OuterRef("match"),
            made_at__lte=models.F("match__kickoff"),
        )
        return self.seen_from(*seats).filter(
            sequence=models.Subquery(rivals.order_by("-sequence").values("sequence")[:1])
        )

    def in_chain_order(self) -> Self:
        return self.order_by("sequence")

    def update(self, **fields: Any) -> NoReturn:
        raise LedgerIsAppendOnly("A prediction in the ledger can't be changed: make a new one.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self.update()

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly("A prediction in the ledger can't be deleted.")


class Prediction(models.Model):
    """One statement about the future, chained by hash to the one before. Written only by `predictions.ledger`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveBigIntegerField(unique=True, help_text="Place in the chain, from 1.")
    problem = models.SlugField(max_length=40, db_index=False, help_text="Found by prediction_problem_event.")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    match = models.ForeignKey(
        Match,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predictions",
        db_index=False,
        help_text="Found by prediction_match_latest.",
    )
    subject = models.JSONField(help_text="What it is about, as the problem names it.")
    made_at = models.DateTimeField()
    event_at = models.DateTimeField()
    probabilities = models.JSONField()
    distribution = models.JSONField()
    confidence = models.FloatField()
    notes = models.JSONField(default=list)
    drivers = models.JSONField(default=list)
    features = models.JSONField()
    features_hash = models.CharField(max_length=64)
    is_shadow = models.BooleanField(default=False)
    experiment_arm = models.CharField(max_length=60, blank=True)
    latency_ms = models.FloatField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Prediction]] = PredictionQuerySet.as_manager()

    class Meta:
        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=["problem", "event_at"], name="prediction_problem_event"),
            models.Index(fields=["match", "-sequence"], name="prediction_match_latest"),
            models.Index(
                fields=["experiment_arm", "event_at"],
                condition=~models.Q(experiment_arm=""),
                name="prediction_experiment_arm",
            ),
            models.Index(fields=["made_at"], name="prediction_made_at"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(made_at__lte=models.F("event_at")), name="prediction_made_before_event"
            ),
            models.UniqueConstraint(fields=["hash"], name="prediction_hash_is_unique"),
        )

    def __str__(self) -> str:
        return f"#{self.sequence} {self.problem}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly("A prediction in the ledger can't be changed: make a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("predictions:prediction", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("A prediction in the ledger can't be deleted.")

    @property
    def is_personal(self) -> bool:
        """Whether it is about a person: for them, their coaches and staff."""
        return self.problem in personal_slugs()

    @property
    def outcome_called(self) -> str:
        """The label thought most likely."""
        return str(max(self.probabilities, key=self.probabilities.__getitem__))


class LedgerHead(models.Model):
    """The end of the chain; one row, locked by whoever appends."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS_HASH)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="ledger_has_one_head"),)

    def __str__(self) -> str:
        return f"{self.hash[:12]}… after {self.sequence}"


class Settlement(models.Model):
    """How a prediction turned out. Written again when a result is corrected."""

    prediction = models.OneToOneField(Prediction, on_delete=models.PROTECT, related_name="settlement")
    outcome = models.CharField(max_length=20)
    correct = models.BooleanField()
    log_loss = models.FloatField(help_text="Nats.")
    brier = models.FloatField(help_text="Multi-class, 0..2.")
    rps = models.FloatField(null=True, blank=True, help_text="Ranked probability score, 0..1.")
    market_log_loss = models.FloatField(null=True, blank=True)
    baseline_log_loss = models.FloatField(null=True, blank=True)
    closing_line_value = models.FloatField(
        null=True, blank=True, help_text="Price taken over margin-free closing price, minus 1."
    )
    flat_profit = models.DecimalField(
        max_digits=8, decimal_places=3, null=True, blank=True, help_text="Of one unit on the best value bet, if any."
    )
    settled_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["settled_at"], name="settlement_settled_at"),)

    def __str__(self) -> str:
        return f"{self.prediction}: {self.outcome}"
