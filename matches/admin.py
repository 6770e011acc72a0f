"""Competitions, teams, matches, odds and imports, for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.evidence import EvidenceAdmin
from matches.basketball import admin as basketball_admin  # noqa: F401 - registers its pages
from matches.correcting import save_corrected
from matches.errors import MatchDataError
from matches.merging import merge_teams
from matches.models import (
    Competition,
    ImportBatch,
    Match,
    Odds,
    QuarantinedRow,
    ScoreCorrection,
    Season,
    SimulatedLeague,
    Team,
    TeamAlias,
)
from matches.news import admin as news_admin  # noqa: F401 - registers its pages
from matches.reimporting import reimport
from matches.rocket_league import admin as rocket_league_admin  # noqa: F401 - registers its pages
from matches.rocket_league.ballchasing import admin as ballchasing_admin  # noqa: F401 - registers its pages

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(Competition)
class CompetitionAdmin(admin.ModelAdmin[Competition]):
    list_display = ("code", "name", "country", "sport", "is_simulated")
    list_filter = ("sport", "is_simulated", "country")
    search_fields = ("code", "name", "country")


@admin.register(Season)
class SeasonAdmin(admin.ModelAdmin[Season]):
    list_display = ("competition", "name", "code", "starts_on", "ends_on")
    list_filter = ("competition",)
    list_select_related = ("competition",)
    search_fields = ("code", "name", "competition__code", "competition__name")
    autocomplete_fields = ("competition",)


@admin.register(SimulatedLeague)
class SimulatedLeagueAdmin(admin.ModelAdmin[SimulatedLeague]):
    """Founded by its command and never changed: other rules would draw other results than those that were played."""

    list_display = ("competition", "created_at")
    list_select_related = ("competition",)
    search_fields = ("competition__code", "competition__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SimulatedLeague | None = None) -> bool:
        return False


class TeamAliasInline(admin.TabularInline[TeamAlias, Team]):
    model = TeamAlias
    extra = 1


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    list_display = ("name", "country", "sport", "slug", "is_simulated")
    list_filter = ("sport", "is_simulated", "country")
    search_fields = ("name", "slug", "aliases__alias")
    prepopulated_fields = {"slug": ("country", "name")}  # noqa: RUF012 - as the admin declares it
    inlines = (TeamAliasInline,)
    actions = ("merge",)

    @admin.action(description="Merge the two chosen teams", permissions=["delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Team]) -> TemplateResponse | None:
        """Ask which of two stays, then make one of them."""
        teams = list(queryset.annotate(played=Count("home_matches")).order_by("-played", "pk"))
        if len(teams) != 2:
            self.message_user(request, "Choose exactly two teams.", messages.ERROR)
            return None
        into = next((team for team in teams if str(team.pk) == request.POST.get("into")), None)
        if into is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "teams": teams,
                "title": "Merge teams",
            }
            return TemplateResponse(request, "admin/matches/team/merge.html", context)
        self._merge(request, merged=teams[1 if teams[0] == into else 0], into=into)
        return None

    def _merge(self, request: HttpRequest, *, merged: Team, into: Team) -> None:
        name = merged.name
        try:
            moved = merge_teams(merged, into=into)
        except MatchDataError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            words = f"{name} is now {into}: {moved} matches moved. Train the models again."
            self.message_user(request, words, messages.SUCCESS)


@admin.register(TeamAlias)
class TeamAliasAdmin(admin.ModelAdmin[TeamAlias]):
    list_display = ("alias", "team", "country", "sport")
    list_filter = ("sport", "country")
    list_select_related = ("team",)
    search_fields = ("alias", "team__name")
    autocomplete_fields = ("team",)


class ScoreCorrectionInline(admin.TabularInline[ScoreCorrection, Match]):
    model = ScoreCorrection
    extra = 0
    can_delete = False
    fields = ("corrected_at", "old_home_goals", "old_away_goals", "new_home_goals", "new_away_goals", "batch")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Match)
class MatchAdmin(admin.ModelAdmin[Match]):
    """A result corrected here is audited and settles its predictions again, as one that a file corrects."""

    list_display = ("home", "away", "date", "season", "status", "score")
    list_filter = ("status", "season__competition", "date")
    list_select_related = ("home", "away", "season__competition")
    search_fields = ("home__name", "away__name", "season__competition__code")
    search_help_text = "Team or code of the competition"
    ordering = ("-date", "-pk")
    raw_id_fields = ("season", "home", "away")
    readonly_fields = ("created_at", "updated_at")
    show_full_result_count = False
    inlines = (ScoreCorrectionInline,)

    def save_model(self, request: HttpRequest, obj: Match, form: ModelForm[Match], change: bool) -> None:
        save_corrected(obj)


@admin.register(Odds)
class OddsAdmin(admin.ModelAdmin[Odds]):
    list_display = ("match", "bookmaker", "market", "outcome", "line", "phase", "price")
    list_filter = ("market", "phase", "outcome")
    list_select_related = ("match__home", "match__away")
    search_fields = ("match__home__name", "match__away__name", "bookmaker")
    raw_id_fields = ("match",)
    show_full_result_count = False


@admin.register(ImportBatch)
class ImportBatchAdmin(EvidenceAdmin[ImportBatch]):
    list_display = (
        "filename",
        "source",
        "status",
        "rows",
        "created",
        "updated",
        "quarantined",
        "started_by",
        "started_at",
    )
    list_filter = ("status", "source", "started_at")
    list_select_related = ("started_by",)
    search_fields = ("filename", "sha256", "error_message")
    actions = ("import_again",)

    @admin.action(description="Import the kept files again", permissions=["act"])
    def import_again(self, request: HttpRequest, queryset: QuerySet[ImportBatch]) -> None:
        for batch in queryset.order_by("started_at"):
            try:
                again = reimport(batch, by=cast("User", request.user))
            except MatchDataError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self._tell(request, again)

    def _tell(self, request: HttpRequest, again: ImportBatch) -> None:
        if again.status == ImportBatch.Status.FAILED:
            self.message_user(request, f"Import of {again.filename} failed: {again.error_message}", messages.ERROR)
            return
        counted = ", ".join(
            f"{getattr(again, name)} {name}" for name in ("created", "updated", "unchanged", "quarantined")
        )
        self.message_user(request, f"Imported {again.filename} again: {counted}.", messages.SUCCESS)


class OpenRows(admin.SimpleListFilter):
    """Whether somebody has dealt with a refused row."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("resolved", "Resolved")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[QuarantinedRow]) -> QuerySet[QuarantinedRow]:
        return queryset.filter(resolved_at__isnull=self.value() == "open") if self.value() else queryset


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(EvidenceAdmin[QuarantinedRow]):
    list_display = ("batch", "line", "code", "reason", "resolved_at")
    list_filter = (OpenRows, "code")
    list_select_related = ("batch",)
    search_fields = ("reason", "code", "batch__filename")
    actions = ("resolve",)

    @admin.action(description="Mark the chosen rows as resolved", permissions=["act"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[QuarantinedRow]) -> None:
        resolved = queryset.filter(resolved_at=None).update(resolved_at=timezone.now())
        self.message_user(request, f"{resolved} resolved.", messages.SUCCESS)


@admin.register(ScoreCorrection)
class ScoreCorrectionAdmin(EvidenceAdmin[ScoreCorrection]):
    list_display = ("match", "__str__", "batch", "corrected_at")
    list_filter = ("corrected_at",)
    list_select_related = ("match__home", "match__away", "batch")
    search_fields = ("match__home__name", "match__away__name", "batch__filename")
