"""The API: each app's part, its schema and its documentation, all under /api/."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from drf_spectacular.views import SpectacularSwaggerSplitView as SwaggerView

from config.unrouted import unrouted

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="api:docs"), name="root"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("", include("accounts.api.urls")),
]
urlpatterns += [
    path("", include(urls))
    for urls in ("matches.api.urls", "mlmodels.api.urls", "predictions.api.urls", "training.api.urls")
    if find_spec(urls)
]
# Last: whatever none of the above knows.
urlpatterns.append(path("<path:rest>", unrouted, name="unrouted"))
