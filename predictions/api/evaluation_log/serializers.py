"""A day of the log as clients read it."""

from rest_framework import serializers

from predictions.models import LoggedDay


class LoggedDaySerializer(serializers.ModelSerializer[LoggedDay]):
    """`state`: `current`, or what the next writing will do; `size` in bytes."""

    class Meta:
        model = LoggedDay
        fields = ("day", "state", "rows", "size", "sha256", "through_sequence", "written_at")
