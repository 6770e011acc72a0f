"""Paths of the pages of football, from the root."""

from django.urls import path

from predictions.views import alerts
from predictions.views.fixtures import fixtures
from predictions.views.leagues import league, leagues
from predictions.views.matches import match
from predictions.views.record import prediction, track_record
from predictions.views.teams import team

app_name = "predictions"

urlpatterns = [
    path("", fixtures, name="fixtures"),
    path("matches/<int:pk>/", match, name="match"),
    path("leagues/", leagues, name="leagues"),
    path("leagues/<slug:code>/", league, name="league"),
    path("teams/<slug:slug>/", team, name="team"),
    path("track-record/", track_record, name="track-record"),
    path("predictions/<uuid:pk>/", prediction, name="prediction"),
    path("staff/alerts/", alerts.alerts, name="alerts"),
    path("staff/alerts/<int:pk>/", alerts.alert, name="alert"),
    path("staff/alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("staff/alerts/<int:pk>/resolve/", alerts.resolve, name="alert-resolve"),
]
