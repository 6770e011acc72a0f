from django.urls import URLPattern, URLResolver

from mlmodels.api.urls import with_and_without_slash
from predictions.api.props import views

urlpatterns: list[URLPattern | URLResolver] = [
    *with_and_without_slash("predict", views.PredictView, "props-predict"),
    *with_and_without_slash("batch_predict", views.BatchPredictView, "props-batch-predict"),
]
