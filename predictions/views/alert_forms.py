"""What staff fill in about alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from mlmodels.problem import all_problems
from predictions.alerting import LONGEST_COMMENT
from predictions.models import Alert, Severity


def _any(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "All"), *choices]


class AlertFilter(forms.Form):
    status = forms.ChoiceField(required=False, choices=_any(Alert.Status.choices))
    kind = forms.ChoiceField(required=False, choices=_any(Alert.Kind.choices))
    severity = forms.ChoiceField(required=False, choices=_any(Severity.choices))
    problem = forms.ChoiceField(required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        problems = _any((problem.slug, problem.title) for problem in all_problems())
        self.fields["problem"] = forms.ChoiceField(required=False, choices=problems)

    @property
    def conditions(self) -> dict[str, str]:
        """What to filter by; a value that is not offered filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AcknowledgeForm(forms.Form):
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you found, or what you will do.",
    )
