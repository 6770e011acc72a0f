"""Things to practise with, and sessions of practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from matches.models import RankGroup

if TYPE_CHECKING:
    from accounts.models import User

MILDEST, HARDEST = 1, 8
validate_pack_code = RegexValidator(
    r"^[0-9A-F]{4}(-[0-9A-F]{4}){3}$",
    "A pack's code is written as A503-264C-A7EB-D282: four groups of four, 0-9 and A-F.",
)


class Category(models.TextChoices):
    """The eight things a player can be better or worse at."""

    MECHANICAL = "mechanical", "Car control"
    POSITIONING = "positioning", "Positioning"
    GAME_SENSE = "game_sense", "Game sense"
    BOOST_MANAGEMENT = "boost_management", "Boost management"
    ROTATION = "rotation", "Rotation"
    AERIAL_ABILITY = "aerial_ability", "Aerial play"
    SHOOTING = "shooting", "Shooting"
    DEFENDING = "defending", "Defending"


class TrainingPack(models.Model):
    """A custom training pack of the game, entered by its code."""

    code = models.CharField(max_length=19, unique=True, validators=[validate_pack_code])
    name = models.CharField(max_length=120)
    creator = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=20, choices=Category)
    sub_skill = models.CharField(max_length=60, help_text="What of the category it trains, such as redirects.")
    difficulty = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(MILDEST), MaxValueValidator(HARDEST)], help_text="1 (bronze) to 8."
    )
    easiest_rank = models.CharField(max_length=20, choices=RankGroup)
    hardest_rank = models.CharField(max_length=20, choices=RankGroup)
    shots = models.PositiveSmallIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)
    plays = models.PositiveIntegerField(default=0)
    description = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="Where its code and name were read.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("category", "difficulty", "name")
        constraints = (
            models.CheckConstraint(
                condition=Q(difficulty__gte=MILDEST, difficulty__lte=HARDEST), name="pack_difficulty_1_to_8"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Drill(models.Model):
    """Something to do that needs no pack: free play, a way of playing matches, or a review of a replay."""

    class Kind(models.TextChoices):
        FREE_PLAY = "free-play", "Free play"
        IN_MATCH = "in-match", "In matches"
        REVIEW = "review", "Replay review"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    category = models.CharField(max_length=20, choices=Category)
    sub_skill = models.CharField(max_length=60)
    goal = models.CharField(max_length=300)
    steps = models.JSONField(default=list, help_text="What to do, in order: a list of sentences.")
    minutes = models.PositiveSmallIntegerField()
    moves_statistic = models.CharField(max_length=60, help_text="The feature it should move.")
    difficulty = models.PositiveSmallIntegerField(validators=[MinValueValidator(MILDEST), MaxValueValidator(HARDEST)])
    easiest_rank = models.CharField(max_length=20, choices=RankGroup)
    hardest_rank = models.CharField(max_length=20, choices=RankGroup)
    needs_team = models.BooleanField(default=False, help_text="Makes no sense in duels.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("category", "difficulty", "name")

    def __str__(self) -> str:
        return self.name


class PackFeedback(models.Model):
    """What a person thinks of a pack or drill, one to five; the collaborative part learns from these."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_feedback")
    pack = models.ForeignKey(TrainingPack, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback")
    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback")
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-given_at",)
        verbose_name_plural = "feedback on practice"
        constraints = (
            models.CheckConstraint(
                condition=Q(pack=None, drill__isnull=False) | Q(pack__isnull=False, drill=None),
                name="feedback_on_one_thing",
            ),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_one_to_five"),
            models.UniqueConstraint(fields=["user", "pack"], condition=~Q(pack=None), name="feedback_once_a_pack"),
            models.UniqueConstraint(fields=["user", "drill"], condition=~Q(drill=None), name="feedback_once_a_drill"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.rating} of 5"


class TrainingSessionQuerySet(models.QuerySet["TrainingSession"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def done(self) -> Self:
        return self.filter(status=TrainingSession.Status.DONE)


class TrainingSession(models.Model):
    """A session of practice, planned or done."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Skipped"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_sessions")
    pack = models.ForeignKey(TrainingPack, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    recommendation = models.ForeignKey(
        "training.Recommendation", on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    category = models.CharField(max_length=20, choices=Category)
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNED)
    planned_for = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(600)])
    self_rating = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)], help_text="How it went, 1 to 5."
    )
    notes = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[TrainingSession]] = TrainingSessionQuerySet.as_manager()

    class Meta:
        ordering = ("-planned_for", "-pk")
        indexes = (models.Index(fields=["user", "status", "-done_at"], name="training_session_of"),)
        constraints = (
            models.CheckConstraint(
                condition=~(Q(pack__isnull=False) & Q(drill__isnull=False)), name="session_of_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_at__isnull=False, minutes__gt=0), name="session_done_at_some_time"
            ),
            models.CheckConstraint(
                condition=Q(self_rating=None) | Q(self_rating__gte=1, self_rating__lte=5), name="session_rated_1_to_5"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_category_display()} on {self.planned_for}"

    @property
    def practised(self) -> TrainingPack | Drill | None:
        return self.pack or self.drill
