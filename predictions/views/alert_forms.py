"""What staff fill in about alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms

from mlmodels.problem import all_problems
from predictions.alerting import LONGEST_COMMENT
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule, Severity


def _any(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "All"), *choices]


def _problems() -> list[tuple[str, str]]:
    return [(problem.slug, problem.title) for problem in all_problems()]


class Filter(forms.Form):
    @property
    def conditions(self) -> dict[str, str]:
        """What to filter by; a value that is not offered filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AlertFilter(Filter):
    status = forms.ChoiceField(required=False, choices=_any(Alert.Status.choices))
    kind = forms.ChoiceField(required=False, choices=_any(Alert.Kind.choices))
    severity = forms.ChoiceField(required=False, choices=_any(Severity.choices))
    problem = forms.ChoiceField(required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["problem"] = forms.ChoiceField(required=False, choices=_any(_problems()))


class DeliveryFilter(Filter):
    status = forms.ChoiceField(required=False, choices=_any(AlertDelivery.Status.choices))
    channel = forms.ModelChoiceField(AlertChannel.objects.all(), required=False, empty_label="All")


class AcknowledgeForm(forms.Form):
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you found, or what you will do.",
    )


class ChannelForm(forms.ModelForm[AlertChannel]):
    """Where a channel leads and what it hears; its secret is made elsewhere."""

    kinds = forms.MultipleChoiceField(
        required=False,
        choices=Alert.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all of them.",
    )

    class Meta:
        model = AlertChannel
        fields = ("name", "kind", "url", "email", "minimum_severity", "kinds")
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"placeholder": "Who is told, such as On duty"}),
            "url": forms.URLInput(attrs={"placeholder": "https://…"}),
        }


class EditChannelForm(ChannelForm):
    """A webhook stays one, because its secret belongs to its kind."""

    class Meta(ChannelForm.Meta):
        fields = ("name", "url", "email", "minimum_severity", "kinds", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unused, needed = ("email", "url") if self.instance.kind == AlertChannel.Kind.WEBHOOK else ("url", "email")
        del self.fields[unused]
        self.fields[needed].required = True


class RuleForm(forms.ModelForm[AlertRule]):
    class Meta:
        model = AlertRule
        fields = (
            "name",
            "description",
            "problem",
            "metric",
            "comparison",
            "threshold",
            "days",
            "minimum_events",
            "severity",
            "enabled",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem"] = forms.ChoiceField(required=False, choices=[("", "Every problem"), *_problems()])
