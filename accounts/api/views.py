from rest_framework import generics

from accounts.api.serializers import ProfileSerializer
from accounts.models import User


class ProfileView(generics.RetrieveUpdateAPIView[User]):
    """Who you are signed in as."""

    serializer_class = ProfileSerializer
    http_method_names = ("get", "patch", "head", "options")

    def get_object(self) -> User:
        return self.request.user  # type: ignore[return-value]  # the default permission lets no stranger in
