from django.urls import path

from training.api.practice import views

urlpatterns = [
    path("training-packs/", views.PacksView.as_view(), name="training-packs"),
    path("training-packs/<slug:code>/", views.PackView.as_view(), name="training-pack"),
    path("drills/", views.DrillsView.as_view(), name="drills"),
    path("drills/<slug:slug>/", views.DrillView.as_view(), name="drill"),
    path("training-sessions/", views.SessionsView.as_view(), name="training-sessions"),
    path("training-sessions/log/", views.LogView.as_view(), name="training-session-log"),
    path("training-sessions/<int:pk>/", views.SessionView.as_view(), name="training-session"),
    path("training-sessions/<int:pk>/complete/", views.CompleteView.as_view(), name="training-session-complete"),
    path("training-sessions/<int:pk>/skip/", views.SkipView.as_view(), name="training-session-skip"),
    path("practice-feedback/", views.FeedbackListView.as_view(), name="practice-feedback"),
    path("practice-feedback/<int:pk>/", views.FeedbackView.as_view(), name="practice-feedback-entry"),
]
