"""What people can change about themselves."""

from zoneinfo import available_timezones

from django import forms

from accounts.models import ApiKey, User


class ProfileForm(forms.ModelForm[User]):
    """Name, time zone and odds format."""

    class Meta:
        model = User
        fields = ("display_name", "timezone", "odds_format")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
        self.fields["timezone"] = forms.ChoiceField(label="Time zone", choices=[(zone, zone) for zone in zones])


class ApiKeyForm(forms.ModelForm[ApiKey]):
    class Meta:
        model = ApiKey
        fields = ("name",)
