"""The API: each app's part, its schema and its documentation, all under /api/."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from drf_spectacular.views import SpectacularSwaggerSplitView as SwaggerView

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("", include("accounts.api.urls")),
]
urlpatterns += [
    path("", include(urls))
    for urls in ("matches.api.urls", "mlmodels.api.urls", "predictions.api.urls")
    if find_spec(urls)
]
