from django.urls import URLPattern, URLResolver, include, path
from rest_framework.views import APIView

from mlmodels.api import views
from mlmodels.api.champions.views import LoadView, ModelsView
from mlmodels.api.subjects import SubjectReportView
from mlmodels.api.tuning.reports import ReportView


def with_and_without_slash(route: str, view: type[APIView], name: str) -> list[URLPattern]:
    """The documented path has no slash at its end; a client that writes one is served all the same."""
    return [
        path(route, view.as_view(), name=name),
        path(f"{route}/", view.as_view(schema=None), name=f"{name}-with-slash"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *with_and_without_slash("model/status", views.StatusView, "model-status"),
    *with_and_without_slash("model/train", views.TrainView, "model-train"),
    *with_and_without_slash("model/versions", views.VersionsView, "model-versions"),
    *with_and_without_slash("model/versions/<slug:version>", views.VersionView, "model-version"),
    *with_and_without_slash("model/versions/<str:version>/promote", views.PromoteView, "model-promote"),
    *with_and_without_slash("model/roll-back", views.RollBackView, "model-roll-back"),
    *with_and_without_slash("model/training-history", views.HistoryView, "model-training-history"),
    *with_and_without_slash("model/report", ReportView, "model-report"),
    *with_and_without_slash("model/runs/<uuid:task_id>/subjects", SubjectReportView, "model-subject-report"),
    *with_and_without_slash("model/leagues", views.LeaguesView, "model-leagues"),
    *with_and_without_slash("models", ModelsView, "models"),
    *with_and_without_slash("models/load", LoadView, "models-load"),
    path("", include("mlmodels.api.tuning.urls")),
    *with_and_without_slash("tasks/<uuid:task_id>", views.TaskView, "task"),
    *with_and_without_slash("tasks/<uuid:task_id>/cancel", views.CancelView, "task-cancel"),
]
