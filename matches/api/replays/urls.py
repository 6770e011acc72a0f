from django.urls import path

from matches.api.replays import views

urlpatterns = [
    path("replays/", views.ReplaysView.as_view(), name="replays"),
    path("replays/<uuid:pk>/", views.ReplayView.as_view(), name="replay"),
    path("replays/<uuid:pk>/retry/", views.RetryView.as_view(), name="replay-retry"),
]
