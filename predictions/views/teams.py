"""One team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from matches.models import Sport, Team
from predictions.experimenting.seats import running_seats
from predictions.reading.team_page import team_page


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Team, slug=slug, sport=Sport.FOOTBALL)
    page = team_page(found, seats=running_seats(request.user))
    return render(request, "predictions/team.html", {"team": found, "page": page})
