"""The board of player props, their track record, and the pages of players."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.adults import age_gate_url
from matches.models import Player, Sport, Statistic
from predictions.experimenting.seats import running_seats
from predictions.props_forms import BoardFilter, PlayerFilter, PlayerSearch, StatisticFilter
from predictions.reading.props.board import props_board
from predictions.reading.props.player_page import player_page
from predictions.reading.props.players import search
from predictions.reading.props.record import record_of
from predictions.views.swapping import page_or_part

STATISTICS = tuple(Statistic.choices)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Props of one statistic by day and game; a filter that can't be read is said at its field, and lists nothing."""
    form = BoardFilter(request.GET)
    context = {"form": form, "age_gate_url": age_gate_url(request.get_full_path()), "statistics": STATISTICS}
    if form.is_valid():
        context["board"] = props_board(
            statistic=form.cleaned_data["stat"],
            first=form.first_day,
            days=form.day_count,
            team=form.chosen_team,
            game=form.chosen_game,
            seats=running_seats(request.user),
        )
    return page_or_part(request, "predictions/props/board.html", "predictions/props/partials/board.html", context)


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """How our words on one statistic turned out."""
    form = StatisticFilter(request.GET)
    context = {"form": form, "statistics": STATISTICS}
    if form.is_valid():
        context["record"] = record_of(form.cleaned_data["stat"])
    return page_or_part(request, "predictions/props/record.html", "predictions/props/partials/record.html", context)


@require_safe
def players(request: HttpRequest) -> HttpResponse:
    """Players by name or team; a whole name that only one player bears leads straight to his page."""
    form = PlayerSearch(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        found = search(form.cleaned_data["q"], team=form.chosen_team)
        if found.meant is not None and "HX-Request" not in request.headers:
            return redirect("predictions:player", slug=found.meant.slug)
        context["search"] = found
    return page_or_part(request, "predictions/props/players.html", "predictions/props/partials/players.html", context)


@require_safe
def player(request: HttpRequest, slug: str) -> HttpResponse:
    """One player and one statistic of his."""
    found = get_object_or_404(Player.objects.select_related("team"), slug=slug, sport=Sport.BASKETBALL)
    form = PlayerFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else PlayerFilter.DEFAULTS
    page = player_page(found, chosen["stat"], games=int(chosen["games"]), seats=running_seats(request.user))
    context = {
        "form": form,
        "page": page,
        "player": found,
        "statistics": STATISTICS,
        "games": int(chosen["games"]),
        "age_gate_url": age_gate_url(request.get_full_path()),
    }
    return render(request, "predictions/props/player.html", context)
