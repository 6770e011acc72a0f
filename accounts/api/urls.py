from django.urls import include, path

from accounts.api.views import ProfileView

urlpatterns = [
    path("me/", ProfileView.as_view(), name="me"),
    path("", include("accounts.api.linking.urls")),
]
