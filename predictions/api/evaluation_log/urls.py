from django.urls import path

from predictions.api.evaluation_log import views

urlpatterns = [
    path("evaluation-log/", views.DaysView.as_view(), name="evaluation-log"),
    path("evaluation-log/<str:day>/", views.FileView.as_view(), name="evaluation-log-file"),
]
