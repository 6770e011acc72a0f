"""The API request of someone who has signed in, for views whose permissions let no stranger in."""

from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(Request):
    user: User
