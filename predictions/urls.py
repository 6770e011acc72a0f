"""Paths of the pages of football, from the root."""

from django.urls import path

from predictions.views import (
    alert_channels,
    alert_deliveries,
    alert_rules,
    alerts,
    backtests,
    challengers,
    experiments,
    monitoring,
)
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
    path("staff/challengers/", challengers.overview, name="challengers"),
    path("staff/challengers/policies/<slug:problem>/", challengers.policy, name="challenger-policy"),
    path("staff/challengers/<slug:version>/", challengers.challenger, name="challenger"),
    path("staff/challengers/<slug:version>/approve/", challengers.approve, name="challenger-approve"),
    path("staff/challengers/<slug:version>/reject/", challengers.reject, name="challenger-reject"),
    path("staff/challengers/<slug:version>/decide/", challengers.decide, name="challenger-decide"),
    path("staff/alerts/", alerts.alerts, name="alerts"),
    path("staff/alerts/<int:pk>/", alerts.alert, name="alert"),
    path("staff/alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("staff/alerts/<int:pk>/resolve/", alerts.resolve, name="alert-resolve"),
    path("staff/alerts/rules/", alert_rules.rules, name="alert-rules"),
    path("staff/alerts/rules/new/", alert_rules.new, name="alert-rule-new"),
    path("staff/alerts/rules/<int:pk>/", alert_rules.rule, name="alert-rule"),
    path("staff/alerts/rules/<int:pk>/delete/", alert_rules.delete, name="alert-rule-delete"),
    path("staff/alerts/channels/", alert_channels.channels, name="alert-channels"),
    path("staff/alerts/channels/<int:pk>/", alert_channels.channel, name="alert-channel"),
    path("staff/alerts/channels/<int:pk>/test/", alert_channels.send_test, name="alert-channel-test"),
    path("staff/alerts/channels/<int:pk>/secret/", alert_channels.replace_secret, name="alert-channel-secret"),
    path("staff/alerts/channels/<int:pk>/delete/", alert_channels.delete, name="alert-channel-delete"),
    path("staff/alerts/messages/", alert_deliveries.deliveries, name="alert-deliveries"),
    path("staff/alerts/messages/<uuid:pk>/", alert_deliveries.delivery, name="alert-delivery"),
    path("staff/alerts/messages/<uuid:pk>/resend/", alert_deliveries.resend, name="alert-delivery-resend"),
    path("staff/monitoring/", monitoring.monitoring, name="monitoring"),
    path("staff/monitoring/look/", monitoring.watch_now, name="monitoring-watch"),
    path("staff/monitoring/policies/<slug:problem>/", monitoring.policy, name="monitoring-policy"),
    path("staff/monitoring/<slug:version>/", monitoring.champion, name="monitoring-champion"),
    path("staff/backtests/", backtests.backtests, name="backtests"),
    path("staff/backtests/new/", backtests.new, name="backtest-new"),
    path("staff/backtests/compare/", backtests.compare, name="backtest-compare"),
    path("staff/backtests/<uuid:pk>/", backtests.backtest, name="backtest"),
    path("staff/backtests/<uuid:pk>/live/", backtests.live, name="backtest-live"),
    path("staff/backtests/<uuid:pk>/cancel/", backtests.cancel, name="backtest-cancel"),
    path("staff/backtests/<uuid:pk>/retry/", backtests.retry, name="backtest-retry"),
    path("staff/backtests/<uuid:pk>/bets.csv", backtests.bets, name="backtest-bets"),
    path("staff/experiments/", experiments.experiments, name="experiments"),
    path("staff/experiments/new/", experiments.new, name="experiment-new"),
    path("staff/experiments/<int:pk>/", experiments.experiment, name="experiment"),
    path("staff/experiments/<int:pk>/start/", experiments.start, name="experiment-start"),
    path("staff/experiments/<int:pk>/stop/", experiments.stop, name="experiment-stop"),
    path("staff/experiments/<int:pk>/discard/", experiments.discard, name="experiment-discard"),
]
