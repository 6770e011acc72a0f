"""The admin site: the stock one, with our name on it and allauth at its door."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse


class TouchlineAdminSite(AdminSite):
    site_header = "Touchline"
    site_title = "Touchline"
    index_title = "Behind the pages"
    # Lists need the width; the breadcrumbs lead everywhere.
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        door: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return door
