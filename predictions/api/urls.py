from django.urls import include, path

from predictions.api import views

urlpatterns = [
    path("matches/<int:pk>/", views.MatchView.as_view(), name="match"),
    path("predictions/", views.PredictionsView.as_view(), name="predictions"),
    path("predictions/<uuid:pk>/", views.PredictionView.as_view(), name="prediction"),
    path("", include("predictions.api.alerts.urls")),
    path("", include("predictions.api.backtests.urls")),
    path("", include("predictions.api.experiments.urls")),
    path("ledger/", views.LedgerView.as_view(), name="ledger"),
    path("", include("predictions.api.challengers.urls")),
    path("", include("predictions.api.evaluation_log.urls")),
    path("", include("predictions.api.monitoring.urls")),
    path("", include("predictions.api.props.urls")),
]
