"""Leagues, and one of them in a season."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from matches.models import Competition, Sport
from predictions.experimenting.seats import running_seats
from predictions.forms import SeasonChoice
from predictions.reading import league_page as reading


@require_safe
def leagues(request: HttpRequest) -> HttpResponse:
    return render(request, "predictions/leagues.html", {"leagues": reading.leagues()})


@require_safe
def league(request: HttpRequest, code: str) -> HttpResponse:
    """A league in the season asked for, or the latest; a season that it has not is said at the switcher."""
    competition = get_object_or_404(Competition, code=code, sport=Sport.FOOTBALL)
    form = SeasonChoice(request.GET, competition=competition)
    context = {"competition": competition, "form": form, "season": form.chosen}
    if form.is_valid() and form.chosen:
        context["page"] = reading.league_page(form.chosen, seats=running_seats(request.user))
    return render(request, "predictions/league.html", context)
