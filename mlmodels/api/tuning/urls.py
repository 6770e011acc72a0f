from django.urls import path

from mlmodels.api.tuning import views

urlpatterns = [
    path("tuning/", views.StudiesView.as_view(), name="tuning-studies"),
    path("tuning/<uuid:pk>/", views.StudyView.as_view(), name="tuning-study"),
]
