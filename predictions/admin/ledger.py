"""The ledger and its settlements, for staff: to look at, and to settle again."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import admin, messages
from django.db.models import BigIntegerField, Case, Model, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from matches.models import Player
from mlmodels.errors import ModelError
from predictions import settling
from predictions.basketball.props import FAMILY
from predictions.models import LedgerHead, Prediction, Settlement
from predictions.reading.props.entries import prop_in_words

M = TypeVar("M", bound=Model)


@admin.register(Prediction)
class PredictionAdmin(EvidenceAdmin[Prediction]):
    list_display = (
        "sequence",
        "problem",
        "about",
        "match",
        "outcome_called",
        "made_at",
        "model_version",
        "is_shadow",
    )
    list_filter = ("problem", "is_shadow", "event_at")
    list_select_related = ("match__home", "match__away", "model_version")
    search_fields = ("id", "hash", "model_version__version", "match__home__name", "match__away__name")
    show_full_result_count = False
    actions = ("settle_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prediction]:
        return _with_players(super().get_queryset(request))

    @admin.display(description="Player and line")
    def about(self, entry: Prediction) -> str:
        return _about(entry, getattr(entry, "player_name", None))

    @admin.action(description="Settle again all predictions of the same matches", permissions=["act"])
    def settle_again(self, request: HttpRequest, queryset: QuerySet[Prediction]) -> None:
        _settle_again(self, request, queryset.values_list("match_id", flat=True))


@admin.register(Settlement)
class SettlementAdmin(EvidenceAdmin[Settlement]):
    list_display = (
        "prediction",
        "about",
        "outcome",
        "correct",
        "log_loss",
        "market_log_loss",
        "settled_at",
        "revision",
    )
    list_filter = ("correct", "outcome", "settled_at")
    list_select_related = ("prediction",)
    search_fields = (
        "prediction__id",
        "prediction__model_version__version",
        "prediction__match__home__name",
        "prediction__match__away__name",
    )
    show_full_result_count = False
    actions = ("settle_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Settlement]:
        return _with_players(super().get_queryset(request), prefix="prediction__")

    @admin.display(description="Player and line")
    def about(self, settlement: Settlement) -> str:
        return _about(settlement.prediction, getattr(settlement, "player_name", None))

    @admin.action(description="Settle again", permissions=["act"])
    def settle_again(self, request: HttpRequest, queryset: QuerySet[Settlement]) -> None:
        _settle_again(self, request, queryset.values_list("prediction__match_id", flat=True))


@admin.register(LedgerHead)
class LedgerHeadAdmin(EvidenceAdmin[LedgerHead]):
    list_display = ("sequence", "hash")


def _with_players(rows: QuerySet[M], *, prefix: str = "") -> QuerySet[M]:
    """Rows with `player_name` of predictions of player props, in the same query."""
    player = Cast(KeyTextTransform("player", f"{prefix}subject"), BigIntegerField())
    props = Case(When(**{f"{prefix}problem__startswith": FAMILY, "then": player}))
    name = Player.objects.filter(pk=OuterRef("about_player")).values("name")
    named: QuerySet[M] = rows.annotate(about_player=props).annotate(player_name=Subquery(name))
    return named


def _about(entry: Prediction, player_name: str | None) -> str:
    return prop_in_words(entry, player_name) if player_name else ""


def _settle_again(
    model_admin: EvidenceAdmin[Prediction] | EvidenceAdmin[Settlement],
    request: HttpRequest,
    match_ids: QuerySet[Prediction, int | None] | QuerySet[Settlement, int | None],
) -> None:
    found = {match_id for match_id in match_ids.order_by() if match_id is not None}
    try:
        changed = settling.settle_matches(found)
    except ModelError as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return
    words = f"{changed} settlements written or changed." if changed else "Every settlement stood as it should."
    model_admin.message_user(request, words, messages.SUCCESS)
