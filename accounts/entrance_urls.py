"""Allauth's pages that are used here.

Not all of `allauth.urls`: its page for OpenID of any provider would let strangers sign in with a server of their own,
and have this one call any address.
"""

from django.urls import include, path

from accounts import views
from accounts.steam import views as steam

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("steam/login/", steam.login, name="steam_login"),
    path("steam/callback/", steam.callback, name="steam_callback"),
    # Under allauth's name, which its own redirects go by.
    path("3rdparty/", views.connections, name="socialaccount_connections"),
    path("3rdparty/", include("allauth.socialaccount.urls")),
]
