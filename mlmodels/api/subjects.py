"""What a run measured subject by subject, over HTTP as CSV."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.documentation import FOR_STAFF, error
from mlmodels import subject_reports
from mlmodels.models import TrainingRun

_EXAMPLE = (
    "subject,name,n,mse,rmse,mae,brier,brier_after,ece_before,ece_after,answered_by,failure\n"
    "2544,LeBron James,54,61.2,7.823,6.114,0.2571,0.2494,0.1412,0.0934,ensemble,\n"
    '1629630,Ja Morant,,,,,,,,,global,"ValueError: A count is not known."\n'
)


class SubjectReportView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(
        tags=["model"],
        operation_id="model_subject_report",
        summary="Download what a run measured subject by subject",
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            **FOR_STAFF,
            404: error("No such run.", "not_found", "There is nothing here."),
            422: error(
                "A run whose model does not fit its subjects one by one, or that has not completed.",
                "invalid_report",
                "Run 6a1f3c58-0c1e-4b8f-9a55-0d4f2f2a7a11 (failed) measured no subjects one by one.",
            ),
        },
        examples=[
            OpenApiExample("CSV", _EXAMPLE, response_only=True, status_codes=["200"], media_type="text/csv"),
        ],
    )
    def get(self, request: Request, task_id: UUID) -> HttpResponse:
        """One line for each subject, on its newest rows that its model had not seen, or why it has no model."""
        lines = subject_reports.lines_of(get_object_or_404(TrainingRun, pk=task_id))
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="subjects-{task_id}.csv"'
        subject_reports.write_csv(lines, answer)
        return answer
