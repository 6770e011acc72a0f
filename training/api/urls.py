from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("training.api.practice.urls")),
    path("", include("training.api.ranks.urls")),
]
