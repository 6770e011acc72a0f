from django.urls import path

from predictions.api.monitoring import views

urlpatterns = [
    path("monitoring/", views.MonitoringView.as_view(), name="monitoring"),
    path("monitoring/drift/", views.DriftView.as_view(), name="monitoring-drift"),
    path("monitoring/quality/", views.QualityView.as_view(), name="monitoring-quality"),
    path("monitoring/policies/<slug:problem>/", views.PolicyView.as_view(), name="monitoring-policy"),
    path("monitoring/reinforcement/<slug:problem>/", views.ReinforcementView.as_view(), name="reinforcement-policy"),
    path("monitoring/<slug:version>/", views.MonitoringVersionView.as_view(), name="monitoring-version"),
    path("monitoring/<slug:version>/days/", views.MonitoringHistoryView.as_view(), name="monitoring-days"),
]
