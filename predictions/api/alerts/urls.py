from django.urls import path

from predictions.api.alerts import views

urlpatterns = [
    path("alerts/", views.AlertsView.as_view(), name="alerts"),
    path("alerts/<int:pk>/", views.AlertView.as_view(), name="alert"),
    path("alerts/<int:pk>/acknowledge/", views.AcknowledgeView.as_view(), name="alert-acknowledge"),
    path("alerts/<int:pk>/resolve/", views.ResolveView.as_view(), name="alert-resolve"),
    path("alerts/rules/", views.RulesView.as_view(), name="alert-rules"),
    path("alerts/rules/<int:pk>/", views.RuleView.as_view(), name="alert-rule"),
    path("alerts/channels/", views.ChannelsView.as_view(), name="alert-channels"),
    path("alerts/channels/<int:pk>/", views.ChannelView.as_view(), name="alert-channel"),
    path("alerts/channels/<int:pk>/test/", views.ChannelTestView.as_view(), name="alert-channel-test"),
    path("alerts/channels/<int:pk>/secret/", views.ReplaceSecretView.as_view(), name="alert-channel-secret"),
    path("alerts/deliveries/", views.DeliveriesView.as_view(), name="alert-deliveries"),
    path("alerts/deliveries/<uuid:pk>/", views.DeliveryView.as_view(), name="alert-delivery"),
    path("alerts/deliveries/<uuid:pk>/resend/", views.ResendView.as_view(), name="alert-delivery-resend"),
]
