from django.urls import URLPattern, URLResolver, include, path

from mlmodels.api.urls import with_and_without_slash
from training.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    *with_and_without_slash("ml/analyze-weaknesses", views.AnalyzeWeaknessesView, "analyze-weaknesses"),
    *with_and_without_slash("ml/recommend-training", views.RecommendTrainingView, "recommend-training"),
    *with_and_without_slash("ml/model-status", views.ModelStatusView, "coach-model-status"),
    path("", include("training.api.practice.urls")),
    path("", include("training.api.ranks.urls")),
]
