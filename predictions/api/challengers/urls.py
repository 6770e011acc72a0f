from django.urls import path

from predictions.api.challengers import views

urlpatterns = [
    path("challengers/", views.ChallengersView.as_view(), name="challengers"),
    path("challengers/policy/", views.PolicyView.as_view(), name="challenger-policy"),
    path("challengers/<str:version>/", views.ChallengerView.as_view(), name="challenger"),
    path("challengers/<str:version>/decisions/", views.DecisionsView.as_view(), name="challenger-decisions"),
    path("challengers/<str:version>/decide/", views.DecideView.as_view(), name="challenger-decide"),
    path("challengers/<str:version>/approve/", views.ApproveView.as_view(), name="challenger-approve"),
    path("challengers/<str:version>/reject/", views.RejectView.as_view(), name="challenger-reject"),
]
