"""The track record, and single entries of the ledger."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.adults import age_gate_url
from predictions.forms import RecordFilter
from predictions.models import Prediction
from predictions.reading.entry_page import entry_page
from predictions.reading.statements import Statement
from predictions.reading.track_record import ledger_head, record_of, settled_predictions
from predictions.views.swapping import page_or_part

PER_PAGE = 25


@require_safe
def track_record(request: HttpRequest) -> HttpResponse:
    """Every settled prediction, and what they came to."""
    form = RecordFilter(request.GET)
    context = {"form": form, "head": ledger_head(), "age_gate_url": age_gate_url(request.get_full_path())}
    if form.is_valid():
        chosen = {"competition": form.cleaned_data["league"], "algorithm": form.cleaned_data["model"]}
        page = Paginator(settled_predictions(**chosen), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"record": record_of(**chosen), "page": page, "entries": [Statement(row) for row in page]}
    return page_or_part(request, "predictions/track_record.html", "predictions/partials/record.html", context)


@require_safe
def prediction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One entry of the ledger as it was written; what was said in the shadow is for staff, and for whom it was told.

    What is said of a person is for them, their coaches and staff.
    """
    entry = get_object_or_404(
        Prediction.objects.visible_to(request.user).select_related(
            "model_version", "settlement", "match__home", "match__away", "match__season__competition"
        ),
        pk=pk,
    )
    return render(request, "predictions/prediction.html", {"entry": entry, "page": entry_page(entry)})
