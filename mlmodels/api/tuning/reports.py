"""The training report over HTTP, as CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.documentation import FOR_STAFF, error, invalid
from mlmodels import reporting

_EXAMPLE = (
    "problem,model,algorithm,role,run,trained_at,selection,rows,split,stage,calibration,n,rps,log_loss\n"
    "football-outcome,elo-20240601-101502,elo,champion,6a1f3c58-0c1e-4b8f-9a55-0d4f2f2a7a11,"
    "2024-06-01T10:15:02+00:00,all leagues,1372,test,calibrated,isotonic,206,0.1998,0.9861\n"
)


class ReportSerializer(serializers.Serializer[Any]):
    run = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=reporting.MOST_RUNS)


class ReportView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(
        tags=["model"],
        operation_id="model_report",
        summary="Download the figures of training runs",
        parameters=[
            OpenApiParameter("run", OpenApiTypes.UUID, many=True, required=True, description="Repeat for several.")
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            400: invalid("run", "Must be a valid UUID."),
            **FOR_STAFF,
            422: error(
                "Runs of several problems, that are not there or that measured nothing.",
                "invalid_report",
                "The runs are of several problems, whose figures can't stand in one table.",
            ),
        },
        examples=[
            OpenApiExample("CSV", _EXAMPLE, response_only=True, status_codes=["200"], media_type="text/csv"),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """One line for each model and split, before and after calibration, and one for each yardstick, as CSV."""
        asked = ReportSerializer(data={"run": request.query_params.getlist("run")})
        asked.is_valid(raise_exception=True)
        found = reporting.report(reporting.completed(asked.validated_data["run"]))
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="training-report.csv"'
        reporting.write_csv(found, answer)  # type: ignore[arg-type]  # a response is written to like a file
        return answer
