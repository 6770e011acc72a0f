"""The API: each app's part, its schema and its documentation, all under /api/."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from drf_spectacular.views import SpectacularSwaggerSplitView as SwaggerView

from config.unrouted import unrouted


def flat(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """The same routes without resolvers that add nothing: a request paid for each that did not know its path."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and not str(pattern.pattern) and not pattern.namespace:
            yield from flat(pattern.url_patterns)
        else:
            yield pattern


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="api:docs"), name="root"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(url_name="api:schema"), name="docs"),
]
# Paths are tried in turn: the coach's, whose answers are the quickest, wait for no others.
parts = ("training.api.urls", "accounts.api.urls", "matches.api.urls", "mlmodels.api.urls", "predictions.api.urls")
urlpatterns += flat(path("", include(urls)) for urls in parts if find_spec(urls))
# Last: whatever none of the above knows.
urlpatterns.append(path("<path:rest>", unrouted, name="unrouted"))
