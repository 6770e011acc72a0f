"""Data sets, runs, versions and promotions, for staff. Every action is a verb of `mlmodels`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.evidence import EvidenceAdmin
from mlmodels import listing, promotion, runs, tables
from mlmodels.errors import InvalidState, ModelError
from mlmodels.models import Dataset, ModelVersion, Promotion, TrainingRun
from mlmodels.problem import get_problem

if TYPE_CHECKING:
    from accounts.models import User

REASON = "Decided in the admin"
_LINEAGE = (
    "problem",
    "scope",
    "algorithm",
    "training_leagues",
    "training_seasons",
    "training_matches",
    "training_started_at",
    "training_completed_at",
)
_STORED = ("metrics", "hyper_parameters", "model_weights", "feature_columns", "feature_schema_hash")


@admin.register(Dataset)
class DatasetAdmin(EvidenceAdmin[Dataset]):
    list_display = ("path", "problem", "rows", "date_from", "date_to", "created_at")
    list_filter = ("problem", "created_at")
    search_fields = ("path", "content_hash", "selection_hash")


@admin.register(TrainingRun)
class TrainingRunAdmin(EvidenceAdmin[TrainingRun]):
    """Runs are asked for on the training pages; here they are looked up, cancelled and retried."""

    list_display = ("__str__", "problem", "status", "progressed", "message", "requested_by", "created_at", "took")
    list_filter = ("status", "problem", "algorithm", "trigger")
    list_select_related = ("requested_by",)
    search_fields = ("id", "algorithm", "version_name", "error_message", "requested_by__email")
    date_hierarchy = "created_at"
    actions = ("cancel", "retry")

    @admin.display(description="progress", ordering="progress")
    def progressed(self, run: TrainingRun) -> str:
        return f"{run.progress} %"

    @admin.display(description="took")
    def took(self, run: TrainingRun) -> str:
        return listing.duration(run) or tables.NOTHING

    @admin.action(description="Cancel the chosen runs", permissions=["act"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[TrainingRun]) -> None:
        _each(self, request, queryset, runs.cancel, "{} cancelled, or asked to stop.")

    @admin.action(description="Retry the chosen runs", permissions=["act"])
    def retry(self, request: HttpRequest, queryset: QuerySet[TrainingRun]) -> None:
        _each(self, request, queryset, partial(runs.retry, requested_by=_who(request)), "{} queued again.")

    def view_on_site(self, obj: TrainingRun) -> str:
        return reverse("mlmodels:run", args=[obj.pk])


class PromotionInline(admin.TabularInline[Promotion, ModelVersion]):
    model = Promotion
    fk_name = "version"
    extra = 0
    can_delete = False
    fields = ("created_at", "decision", "from_role", "to_role", "previous_champion", "decided_by", "reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        audits = super().get_queryset(request).select_related("decided_by", "previous_champion", "version")
        return audits.exclude(decision=Promotion.Decision.KEEP_WAITING)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(admin.ModelAdmin[ModelVersion]):
    """Only the notes are for people to write; roles change by actions, and versions are archived, never deleted."""

    list_display = ("version", "problem", "scope", "role", "figure", "training_matches", "training_completed_at")
    list_filter = ("role", "problem", "algorithm", "scope")
    search_fields = ("version", "algorithm", "notes", "artifact_sha256")
    date_hierarchy = "created_at"
    inlines = (PromotionInline,)
    fieldsets = (
        (None, {"fields": ("version", "role", "figure", "notes")}),
        ("Where it came from", {"fields": (*_LINEAGE, "run", "dataset")}),
        ("File", {"fields": ("artifact_format", "artifact_path", "artifact_size", "artifact_sha256")}),
        ("As it is stored", {"classes": ("collapse",), "fields": _STORED}),
    )
    actions = ("promote", "make_challenger", "archive", "roll_back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return super().get_queryset(request).defer("model_weights", "feature_columns")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModelVersion | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ModelVersion | None = None) -> list[str]:
        return [*(field.name for field in self.opts.fields if field.name != "notes"), "figure"]

    def view_on_site(self, obj: ModelVersion) -> str:
        return reverse("mlmodels:version", args=[obj.version])

    @admin.display(description="primary figure")
    def figure(self, version: ModelVersion) -> str:
        try:
            problem = get_problem(version.problem)
        except ModelError:
            return tables.NOTHING
        return f"{problem.primary_metric.title} {tables.primary_figure(problem, version.metrics)}"

    @admin.action(description="Promote the chosen version to champion", permissions=["change"])
    def promote(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        self._one(request, queryset, partial(promotion.promote, by=_who(request), reason=REASON), "Promoted.")

    @admin.action(description="Make the chosen versions challengers", permissions=["change"])
    def make_challenger(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        verb = partial(promotion.make_challenger, by=_who(request), reason=REASON)
        _each(self, request, queryset, verb, "{} made challenger.")

    @admin.action(description="Archive the chosen versions", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        _each(self, request, queryset, partial(promotion.archive, by=_who(request), reason=REASON), "{} archived.")

    @admin.action(description="Roll back from the chosen champion", permissions=["change"])
    def roll_back(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        self._one(request, queryset, partial(_roll_back_from, by=_who(request)), "Rolled back.")

    def _one(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion], verb: Callable[[ModelVersion], Any], done: str
    ) -> None:
        if len(queryset) != 1:
            self.message_user(request, "Choose exactly one version.", messages.ERROR)
            return
        _each(self, request, queryset, verb, done)


@admin.register(Promotion)
class PromotionAdmin(EvidenceAdmin[Promotion]):
    list_display = ("created_at", "version", "decision", "from_role", "to_role", "decided_by", "reason")
    list_filter = ("decision", "to_role")
    list_select_related = ("version", "decided_by")
    search_fields = ("version__version", "reason", "decided_by__email")
    date_hierarchy = "created_at"


def _roll_back_from(version: ModelVersion, *, by: User) -> Promotion:
    if version.role != ModelVersion.Role.CHAMPION:
        raise InvalidState(f"{version} is not champion: choose the version that serves now.")
    return promotion.roll_back(version.problem, by=by, scope=version.scope)


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _each(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    verb: Callable[[Any], Any],
    done: str,
) -> None:
    """Do it to each row; whatever a verb refuses is said in its words, and the others go on."""
    count = 0
    for row in rows:
        try:
            verb(row)
        except ModelError as error:
            # The admin's messages begin with a capital letter, and names of versions do not.
            model_admin.message_user(request, f"Refused: {error}", messages.ERROR)
        else:
            count += 1
    if count:
        model_admin.message_user(request, done.format(count), messages.SUCCESS)
