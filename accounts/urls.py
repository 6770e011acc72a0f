from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/consents/<slug:kind>/withdraw/", views.withdraw_consent, name="withdraw-consent"),
    path("api-keys/", views.api_keys, name="api-keys"),
    path("api-keys/<int:pk>/revoke/", views.revoke_api_key, name="revoke-api-key"),
    path("age/", views.age_gate, name="age-gate"),
    path("responsible-gambling/", views.responsible_gambling, name="responsible-gambling"),
]
