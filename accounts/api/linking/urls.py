from django.urls import path

from accounts.api.linking import views

urlpatterns = [
    path("coach-grants/", views.CoachGrantsView.as_view(), name="coach-grants"),
    path("coach-grants/<int:pk>/", views.CoachGrantView.as_view(), name="coach-grant"),
    path("coach-grants/<int:pk>/accept/", views.AcceptCoachGrantView.as_view(), name="coach-grant-accept"),
    path("platform-accounts/", views.PlatformAccountsView.as_view(), name="platform-accounts"),
    path("platform-accounts/<int:pk>/", views.PlatformAccountView.as_view(), name="platform-account"),
]
