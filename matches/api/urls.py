from django.urls import URLPattern, URLResolver, include, path

from matches.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("competitions/", views.CompetitionsView.as_view(), name="competitions"),
    path("competitions/<slug:code>/", views.CompetitionView.as_view(), name="competition"),
    path("teams/", views.TeamsView.as_view(), name="teams"),
    path("teams/<slug:slug>/", views.TeamView.as_view(), name="team"),
    path("matches/", views.MatchesView.as_view(), name="matches"),
    path("", include("matches.api.replays.urls")),
]
