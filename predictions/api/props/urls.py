from django.urls import URLPattern, URLResolver

from mlmodels.api.urls import with_and_without_slash
from predictions.api.props import views

urlpatterns: list[URLPattern | URLResolver] = [
    *with_and_without_slash("predict", views.PredictView, "props-predict"),
    *with_and_without_slash("batch_predict", views.BatchPredictView, "props-batch-predict"),
    *with_and_without_slash("player_context", views.ContextView, "props-context"),
    *with_and_without_slash("batch_player_context", views.BatchContextView, "props-batch-context"),
    *with_and_without_slash("team_advanced", views.TeamAdvancedView, "props-team-advanced"),
]
