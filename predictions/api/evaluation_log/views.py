"""The evaluation log over HTTP."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.views import APIView

from predictions.api.evaluation_log import documentation as documented
from predictions.api.evaluation_log.serializers import LoggedDaySerializer
from predictions.evaluation_log.files import path_of
from predictions.models import LoggedDay


@extend_schema_view(get=extend_schema(**documented.LIST))
class DaysView(generics.ListAPIView[LoggedDay]):
    """Which days have a file, latest first."""

    permission_classes = (IsAdminUser,)
    serializer_class = LoggedDaySerializer
    queryset = LoggedDay.objects.all()


class FileView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.FILE)
    def get(self, request: Request, day: str) -> FileResponse:
        """Everything predicted on a day (UTC) as CSV, with what came of it."""
        logged = get_object_or_404(LoggedDay, day=_date(day))
        try:
            content = path_of(logged.day).open("rb")
        except FileNotFoundError:
            raise NotFound(f"The file of {day} is gone: `manage.py reconcile_log --repair` makes it.") from None
        return FileResponse(content, as_attachment=True, filename=f"{day}.csv", content_type="text/csv")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(f"{text!r} is no day: write it as 2026-11-20.") from None
