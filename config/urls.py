"""Where each path leads."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.entrance_urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/", include("config.api")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
if find_spec("mlmodels.urls"):
    urlpatterns.append(path("staff/models/", include("mlmodels.urls")))
if find_spec("predictions.urls"):
    urlpatterns.append(path("", include("predictions.urls")))
if find_spec("training.urls"):
    urlpatterns.append(path("coach/", include("training.urls")))

handler500 = "config.errors.server_error"
