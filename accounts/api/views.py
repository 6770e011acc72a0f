from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics

from accounts.api import documentation as documented
from accounts.api.serializers import ProfileSerializer
from accounts.models import User


@extend_schema_view(get=extend_schema(**documented.ME), patch=extend_schema(**documented.CHANGE_ME))
class ProfileView(generics.RetrieveUpdateAPIView[User]):
    """Who you are signed in as, and how you like to see things."""

    serializer_class = ProfileSerializer
    http_method_names = ("get", "patch", "head", "options")

    def get_object(self) -> User:
        return self.request.user  # type: ignore[return-value]  # the default permission lets no stranger in
