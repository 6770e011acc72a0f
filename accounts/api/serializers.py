from rest_framework import serializers

from accounts.models import User


class ProfileSerializer(serializers.ModelSerializer[User]):
    """The person who asks, and how they like to see things."""

    is_adult_confirmed = serializers.BooleanField(read_only=True)

    class Meta:
        model = User
        fields = ("email", "display_name", "timezone", "odds_format", "is_staff", "is_adult_confirmed")
        read_only_fields = ("email", "is_staff")
