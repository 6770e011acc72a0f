"""Trained models and what became of them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mlmodels.models.data import Dataset
from mlmodels.models.runs import TrainingRun

GLOBAL_SCOPE = "global"


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def champions(self) -> Self:
        return self.filter(role=ModelVersion.Role.CHAMPION)

    def for_problem(self, slug: str, scope: str = GLOBAL_SCOPE) -> Self:
        return self.filter(problem=slug, scope=scope)

    def by_role(self) -> Self:
        """The champion first, then challengers, experiments and what was put away; the newest first of each."""
        ranks = (models.When(role=role, then=rank) for rank, role in enumerate(ModelVersion.RANKED))
        return self.order_by(models.Case(*ranks, default=len(ModelVersion.RANKED)), "-created_at", "-pk")

    def without_weights(self) -> Self:
        """For lists: weights are a megabyte a version, and no list shows them."""
        return self.defer("model_weights", "feature_columns")


class ModelVersion(models.Model):
    """A trained model: its artifact, its figures, where it came from, and the role it plays."""

    class Role(models.TextChoices):
        EXPERIMENTAL = "experimental", "Experimental"
        CHALLENGER = "challenger", "Challenger"
        CHAMPION = "champion", "Champion"
        ARCHIVED = "archived", "Archived"

    RANKED = (Role.CHAMPION, Role.CHALLENGER, Role.EXPERIMENTAL, Role.ARCHIVED)
    """Roles in the order of their weight."""

    class Format(models.TextChoices):
        WEIGHTS = "weights", "JSON weights"
        JOBLIB = "joblib", "Signed joblib"

    problem = models.SlugField(max_length=40)
    scope = models.CharField(max_length=60, default=GLOBAL_SCOPE)
    algorithm = models.SlugField(max_length=40)
    version = models.CharField(max_length=80, unique=True, help_text="{algorithm}-{YYYYMMDD-HHMMSS}")
    role = models.CharField(max_length=12, choices=Role, default=Role.EXPERIMENTAL)
    metrics = models.JSONField(default=dict, help_text="Per split: n, rps, log_loss, brier, accuracy, ece, …")
    hyper_parameters = models.JSONField(default=dict, blank=True)
    tuning = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="The search that found the hyper-parameters, if there was one.",
    )
    feature_selection = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="{method, keep} of the step before the algorithm, if any."
    )
    chosen_features = models.JSONField(
        default=list, db_default=[], blank=True, help_text="Columns that the step before the algorithm kept."
    )
    model_weights = models.JSONField(default=dict, blank=True, help_text="Where the model is small and readable.")
    feature_columns = models.JSONField(default=list)
    feature_schema_hash = models.CharField(max_length=64)
    training_started_at = models.DateTimeField()
    training_completed_at = models.DateTimeField()
    training_matches = models.PositiveIntegerField()
    training_leagues = models.JSONField(default=list)
    training_seasons = models.JSONField(default=list)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="versions")
    run = models.OneToOneField(
        TrainingRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="model_version"
    )
    artifact_format = models.CharField(max_length=10, choices=Format)
    artifact_path = models.CharField(max_length=255, help_text="Relative to ARTIFACT_DIR.")
    artifact_sha256 = models.CharField(max_length=64)
    artifact_size = models.PositiveIntegerField(help_text="Bytes.")
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["ModelVersion"]] = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["problem", "scope"], condition=Q(role="champion"), name="version_one_champion_per_scope"
            ),
        )

    def __str__(self) -> str:
        return self.version


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def moves(self) -> Self:
        """Changes of role; to keep waiting and to propose change none."""
        return self.exclude(from_role=models.F("to_role"))

    def waiting(self) -> Self:
        """Proposals that staff have not answered: since then neither the challenger nor the champion changed."""
        later = Promotion.objects.moves().filter(created_at__gt=models.OuterRef("created_at"))
        moved = later.filter(version=models.OuterRef("version"))
        replaced = later.filter(
            version__problem=models.OuterRef("version__problem"),
            version__scope=models.OuterRef("version__scope"),
            to_role=ModelVersion.Role.CHAMPION,
        )
        proposed = self.filter(decision=Promotion.Decision.PROPOSE, version__role=ModelVersion.Role.CHALLENGER)
        return proposed.exclude(models.Exists(moved)).exclude(models.Exists(replaced))

    def about(self, version: ModelVersion) -> Self:
        """Its own, and the promotions of others that put it out of service."""
        return self.filter(Q(version=version) | Q(previous_champion=version))


class Promotion(models.Model):
    """The audit of one decision about a version's role: who, when, why, on what evidence."""

    class Decision(models.TextChoices):
        CHALLENGE = "challenge", "Made challenger"
        KEEP_WAITING = "keep-waiting", "Keep waiting"
        REJECT = "reject", "Rejected"
        PROPOSE = "propose", "Proposed"
        PROMOTE = "promote", "Promoted"
        ROLL_BACK = "roll-back", "Rolled back"
        ARCHIVE = "archive", "Archived"

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="promotions")
    previous_champion = models.ForeignKey(
        ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="superseded_by"
    )
    decision = models.CharField(max_length=12, choices=Decision)
    from_role = models.CharField(max_length=12, choices=ModelVersion.Role)
    to_role = models.CharField(max_length=12, choices=ModelVersion.Role)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Promotion"]] = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.version}: {self.get_decision_display()}"
