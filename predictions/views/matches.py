"""One match, and one entry of the ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.adults import age_gate_url
from predictions.experimenting.seats import running_seats
from predictions.football.loading import football
from predictions.reading.match_page import match_page


@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(football().with_names(), pk=pk)
    page = match_page(found, seats=running_seats(request.user))
    context = {"page": page, "match": found, "age_gate_url": age_gate_url(request.get_full_path())}
    return render(request, "predictions/match.html", context)
