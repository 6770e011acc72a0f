"""Players, box scores, lines and availability, for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.response import TemplateResponse

from matches.basketball.correcting import save_corrected_line
from matches.basketball.player_keys import fold
from matches.basketball.player_merging import merge_players
from matches.errors import MatchDataError
from matches.models import Availability, GameLine, Player, PlayerAlias, PlayerGame, PropLine


class PlayerAliasInline(admin.TabularInline[PlayerAlias, Player]):
    model = PlayerAlias
    extra = 1
    readonly_fields = ("key",)


@admin.register(Player)
class PlayerAdmin(admin.ModelAdmin[Player]):
    list_display = ("name", "team", "position", "sport", "external_id", "is_simulated")
    list_filter = ("sport", "is_simulated", "position")
    list_select_related = ("team",)
    search_fields = ("name", "external_id", "aliases__alias", "aliases__key")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - as the admin declares it
    autocomplete_fields = ("team",)
    inlines = (PlayerAliasInline,)
    actions = ("merge",)

    def save_formset(self, request: HttpRequest, form: ModelForm[Player], formset: Any, change: bool) -> None:
        """A name typed by hand is folded like one that a source writes."""
        for alias in formset.save(commit=False):
            alias.key = fold(alias.alias)
            alias.save()
        for alias in formset.deleted_objects:
            alias.delete()
        formset.save_m2m()

    @admin.action(description="Merge the two chosen players", permissions=["delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Player]) -> TemplateResponse | None:
        """Ask which of two stays, then make one of them."""
        players = list(queryset.annotate(played=Count("games")).order_by("-played", "pk"))
        if len(players) != 2:
            self.message_user(request, "Choose exactly two players.", messages.ERROR)
            return None
        into = next((player for player in players if str(player.pk) == request.POST.get("into")), None)
        if into is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "players": players,
                "title": "Merge players",
            }
            return TemplateResponse(request, "admin/matches/player/merge.html", context)
        self._merge(request, merged=players[1 if players[0] == into else 0], into=into)
        return None

    def _merge(self, request: HttpRequest, *, merged: Player, into: Player) -> None:
        name = merged.name
        try:
            moved = merge_players(merged, into=into)
        except MatchDataError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            words = f"{name} is now {into}: {moved} games moved. Train the models again."
            self.message_user(request, words, messages.SUCCESS)


@admin.register(PlayerGame)
class PlayerGameAdmin(admin.ModelAdmin[PlayerGame]):
    """A line corrected here moves the score and settles predictions again, as one that a file corrects."""

    list_display = ("player", "match", "team", "minutes", "points", "rebounds", "assists")
    list_filter = ("match__season",)
    list_select_related = ("player", "team", "match__home", "match__away")
    search_fields = ("player__name", "match__external_id")
    raw_id_fields = ("player", "match", "team")
    ordering = ("-match__date", "-pk")
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: PlayerGame, form: ModelForm[PlayerGame], change: bool) -> None:
        save_corrected_line(obj)


@admin.register(PropLine)
class PropLineAdmin(admin.ModelAdmin[PropLine]):
    list_display = ("player", "match", "statistic", "line", "over_price", "under_price", "bookmaker", "quoted_at")
    list_filter = ("statistic", "bookmaker")
    list_select_related = ("player", "match__home", "match__away")
    search_fields = ("player__name", "bookmaker")
    raw_id_fields = ("player", "match")
    show_full_result_count = False


@admin.register(GameLine)
class GameLineAdmin(admin.ModelAdmin[GameLine]):
    list_display = ("match", "spread_home", "total", "home_price", "away_price", "bookmaker")
    list_filter = ("bookmaker",)
    list_select_related = ("match__home", "match__away")
    search_fields = ("match__home__name", "match__away__name")
    raw_id_fields = ("match",)
    show_full_result_count = False


@admin.register(Availability)
class AvailabilityAdmin(admin.ModelAdmin[Availability]):
    list_display = ("player", "date", "status", "reason", "source", "reported_at")
    list_filter = ("status", "date")
    list_select_related = ("player",)
    search_fields = ("player__name", "reason", "source")
    autocomplete_fields = ("player",)
