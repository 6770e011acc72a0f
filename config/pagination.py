"""Pages of the API."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError as InvalidValue
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView


class CursorPagination(pagination.CursorPagination):
    """Cursor pages: no count to compute, and nothing skipped or repeated while rows are added.

    Fifty a page, at most 200 by `?page_size=`. Order by a unique field; views may set their own `ordering`.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-pk"

    def get_ordering(self, request: Request, queryset: Any, view: APIView) -> tuple[str, ...]:
        wished: str | Sequence[str] = getattr(view, "ordering", None) or self.ordering
        return (wished,) if isinstance(wished, str) else tuple(wished)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for link in ("next", "previous"):
            described["properties"][link]["example"] = None
        described["properties"]["next"]["example"] = "https://touchline.example/api/…?cursor=cD00ODY%3D"
        return described

    def get_page_size(self, request: Request) -> int | None:
        """Raises ValidationError for what is no number of rows."""
        wished = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not wished.isdecimal() or not int(wished):
            raise ValidationError({self.page_size_query_param: ["Write a whole number from 1 to 200."]})
        return min(int(wished), self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """A page; a cursor that somebody made up is not found."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, InvalidValue):
            raise NotFound(self.invalid_cursor_message) from None
