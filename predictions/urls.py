"""Paths of the pages of football and of player props, from the root."""

from django.urls import include, path

from predictions.views.fixtures import fixtures
from predictions.views.leagues import league, leagues
from predictions.views.matches import match
from predictions.views.props import board, player, players, record
from predictions.views.record import prediction, track_record
from predictions.views.teams import team

app_name = "predictions"

urlpatterns = [
    path("", fixtures, name="fixtures"),
    path("matches/<int:pk>/", match, name="match"),
    path("leagues/", leagues, name="leagues"),
    path("leagues/<slug:code>/", league, name="league"),
    path("teams/<slug:slug>/", team, name="team"),
    path("props/", board, name="props"),
    path("props/record/", record, name="props-record"),
    path("players/", players, name="players"),
    path("players/<slug:slug>/", player, name="player"),
    path("track-record/", track_record, name="track-record"),
    path("predictions/<uuid:pk>/", prediction, name="prediction"),
    path("staff/", include("predictions.staff_urls")),
]
