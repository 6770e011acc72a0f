"""What staff fill in to draft an experiment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField

from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from predictions.errors import PredictionError
from predictions.experimenting import changing
from predictions.experimenting.changing import FEWEST_ARMS, LONGEST_NAME, LONGEST_REASON, MOST_ARMS, ArmDraft
from predictions.models import Experiment
from predictions.models.experiments import LONGEST_ARM_NAME

if TYPE_CHECKING:
    from accounts.models import User

MINUTES = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, kw_only=True)
class ArmRow:
    """The fields of one arm."""

    number: int
    name: BoundField
    version: BoundField
    share: BoundField
    is_control: bool
    is_needed: bool


class ExperimentForm(forms.Form):
    """A draft: two to five arms, each a version of the problem with its share."""

    name = forms.CharField(max_length=LONGEST_NAME, help_text="What is compared, in a few words.")
    unit = forms.ChoiceField(label="Who has an arm", choices=Experiment.Unit.choices, initial=Experiment.Unit.USER)
    starts_at = forms.DateTimeField(
        label="Begins",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, MINUTES),
        help_text="Left empty: as soon as you start it.",
    )
    ends_at = forms.DateTimeField(
        label="Ends",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, MINUTES),
        help_text="Left empty: when you stop it.",
    )
    control = forms.ChoiceField(choices=[(str(n), str(n)) for n in range(1, MOST_ARMS + 1)], initial="1")

    def __init__(self, problem: Problem, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.problem = problem
        self.versions = _versions(problem)
        champion = next((v for v in self.versions.values() if v.role == ModelVersion.Role.CHAMPION), None)
        for number in range(1, MOST_ARMS + 1):
            self._add_arm(number, champion)

    def _add_arm(self, number: int, champion: ModelVersion | None) -> None:
        usual = {1: ("control", "0.5"), 2: ("candidate", "0.5")}.get(number, ("", ""))
        choices = [("", "—"), *((name, f"{name} ({v.get_role_display()})") for name, v in self.versions.items())]
        self.fields[f"arm_{number}_name"] = forms.CharField(
            label=f"Name of arm {number}", required=False, max_length=LONGEST_ARM_NAME, initial=usual[0]
        )
        self.fields[f"arm_{number}_version"] = forms.ChoiceField(
            label=f"Version of arm {number}",
            required=False,
            choices=choices,
            initial=champion.version if champion and number == 1 else "",
        )
        self.fields[f"arm_{number}_share"] = forms.DecimalField(
            label=f"Share of arm {number}",
            required=False,
            initial=usual[1],
            widget=forms.NumberInput({"step": "0.0001", "min": "0", "max": "1", "inputmode": "decimal"}),
        )

    @property
    def rows(self) -> Iterator[ArmRow]:
        control = self["control"].value()
        for number in range(1, MOST_ARMS + 1):
            yield ArmRow(
                number=number,
                name=self[f"arm_{number}_name"],
                version=self[f"arm_{number}_version"],
                share=self[f"arm_{number}_share"],
                is_control=str(number) == str(control),
                is_needed=number <= FEWEST_ARMS,
            )

    def draft(self, *, by: User) -> Experiment | None:
        """The experiment, or None where something is to be mended: the form says what."""
        if not self.is_valid():
            return None
        try:
            return changing.draft(
                problem=self.problem.slug,
                name=self.cleaned_data["name"],
                unit=self.cleaned_data["unit"],
                starts_at=self.cleaned_data["starts_at"],
                ends_at=self.cleaned_data["ends_at"],
                arms=self._arms(),
                by=by,
            )
        except (PredictionError, ModelError) as error:
            self.add_error(None, str(error))
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, MOST_ARMS + 1):
            name, version, share = (cleaned.get(f"arm_{number}_{field}") for field in ("name", "version", "share"))
            if not version and number > FEWEST_ARMS and (name or share):
                self.add_error(f"arm_{number}_version", f"Choose the version of arm {number}, or empty its row.")
            if version and share is None and f"arm_{number}_share" not in self.errors:
                self.add_error(f"arm_{number}_share", f"Say the share of arm {number}, above 0 and up to 1.")
        return cleaned

    def _arms(self) -> list[ArmDraft]:
        """Rows with a version; the control is the row that was marked."""
        return [
            ArmDraft(
                name=self.cleaned_data[f"arm_{number}_name"],
                version=self.versions[name],
                share=self.cleaned_data[f"arm_{number}_share"] or Decimal(0),
                is_control=self.cleaned_data["control"] == str(number),
            )
            for number in range(1, MOST_ARMS + 1)
            if (name := self.cleaned_data[f"arm_{number}_version"])
        ]


class StopForm(forms.Form):
    reason = forms.CharField(
        max_length=LONGEST_REASON, error_messages={"required": "Say why: the reason is kept with the experiment."}
    )


def _versions(problem: Problem) -> dict[str, ModelVersion]:
    """What may be an arm, the champion first."""
    usable = ModelVersion.objects.for_problem(problem.slug).exclude(role=ModelVersion.Role.ARCHIVED)
    found = sorted(usable.without_weights(), key=lambda version: version.role != ModelVersion.Role.CHAMPION)
    return {version.version: version for version in found}
