from django.urls import path

from predictions.api.experiments import views

urlpatterns = [
    path("experiments/", views.ExperimentsView.as_view(), name="experiments"),
    path("experiments/<int:pk>/", views.ExperimentView.as_view(), name="experiment"),
    path("experiments/<int:pk>/start/", views.StartView.as_view(), name="experiment-start"),
    path("experiments/<int:pk>/stop/", views.StopView.as_view(), name="experiment-stop"),
    path("experiments/<int:pk>/report/", views.ReportView.as_view(), name="experiment-report"),
]
