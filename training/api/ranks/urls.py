from django.urls import path

from training.api.ranks import views

urlpatterns = [path("ranks/", views.RanksView.as_view(), name="ranks")]
