"""The front page: what comes next, and how the last matches went."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.adults import age_gate_url
from accounts.consents import is_adult_confirmed
from predictions.experimenting.seats import running_seats
from predictions.forms import FixtureFilter
from predictions.reading import fixtures as reading
from predictions.views.swapping import page_or_part

PAGE, PART = "predictions/fixtures.html", "predictions/partials/fixture_list.html"


@require_safe
def fixtures(request: HttpRequest) -> HttpResponse:
    """Upcoming fixtures by day and league; a filter that can't be read is said at its field, and lists nothing."""
    form = FixtureFilter(request.GET)
    context = {"form": form, "age_gate_url": age_gate_url(request.get_full_path())}
    if form.is_valid():
        seats = running_seats(request.user)
        context["fixture_list"] = reading.upcoming_fixtures(
            first=form.first_day,
            days=form.day_count,
            competition=form.competition,
            with_prices=is_adult_confirmed(request),
            seats=seats,
        )
        context["results"] = reading.latest_results(competition=form.competition, seats=seats)
        context["competition"] = form.competition
    return page_or_part(request, PAGE, PART, context)
