"""What staff fill in: a training configuration, filters of lists, the reason of a change of role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import validate_slug

from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.errors import InvalidFeatureSelection, InvalidSelection, InvalidState, InvalidTuning, ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Choice, Problem, all_problems
from mlmodels.selection import Selection
from mlmodels.tuning.asking import Budget, FeatureSelection, Method, check_feature_selection, check_tuning

METHOD_TITLES = {
    Method.IMPORTANCE: "Importance in boosted trees",
    Method.RFE: "Recursive elimination",
    Method.L1: "Lasso (L1)",
    Method.CORRELATION: "Correlation with the outcome",
}
BESIDE: Mapping[type[ModelError], str] = {
    InvalidSelection: "competitions",
    InvalidState: "version_name",
    InvalidTuning: "trials",
    InvalidFeatureSelection: "keep",
}
"""The field that a refusal is about."""
LARGEST_SEED = 2**31 - 1
LONGEST_REASON = 300
CLEARABLE: Mapping[str, tuple[str, ...]] = {
    "competitions": ("competitions",),
    "seasons": ("seasons",),
    "dates": ("date_from", "date_to"),
}
"""What one clear button empties."""


class ConfigurationForm(forms.Form):
    """What to train, and on what, of one problem; a group left empty means all of it."""

    algorithm = forms.ChoiceField()
    competitions = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    seasons = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    date_from = forms.DateField(label="First day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    date_to = forms.DateField(label="Last day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    version_name = forms.CharField(
        label="Name of the version",
        required=False,
        max_length=80,
        validators=[validate_slug],
        help_text="Letters, digits and hyphens. Left empty, it is named for its algorithm and the time.",
    )
    seed = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_SEED, help_text="Of algorithms that use chance; 0 if left empty."
    )
    trials = forms.IntegerField(
        label="Trials",
        required=False,
        help_text="Sets of hyper-parameters to try on the validation rows. Left empty, none: the usual ones are taken.",
    )
    seconds = forms.IntegerField(
        label="Seconds", required=False, help_text="To try for at most, instead of trials or besides."
    )
    method = forms.ChoiceField(
        label="Choose features by",
        required=False,
        choices=[("", "Read them all"), *((method.value, METHOD_TITLES[method]) for method in Method)],
    )
    keep = forms.IntegerField(label="Features to keep", required=False)
    force = forms.BooleanField(label="Train even where nothing has changed", required=False)

    def __init__(self, problem: Problem, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"algorithm": problem.default_algorithm})
        self.problem = problem
        self.options: Mapping[str, Sequence[Choice]] = problem.choices()
        self._choice("algorithm").choices = [(a.name, a.title) for a in problem.algorithms]
        for name in ("competitions", "seasons"):
            self._choice(name).choices = [(choice.code, choice.title) for choice in self.options.get(name, ())]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            self.selection = Selection(
                competitions=tuple(cleaned.get("competitions", ())),
                seasons=tuple(cleaned.get("seasons", ())),
                date_from=cleaned.get("date_from"),
                date_to=cleaned.get("date_to"),
            )
        except InvalidSelection as error:
            self.add_error("date_to", str(error))
        else:
            self._refuse_what_is_not_there()
        self._refuse_what_can_not_be_searched(cleaned)
        return cleaned

    def _refuse_what_can_not_be_searched(self, cleaned: Mapping[str, Any]) -> None:
        if not cleaned.get("algorithm"):
            return
        algorithm = self.problem.algorithm(cleaned["algorithm"])
        try:
            check_tuning(algorithm, Budget.from_json(self.tuning), {})
        except InvalidTuning as error:
            self.refuse(error)
        try:
            check_feature_selection(algorithm, FeatureSelection.from_json(self.feature_selection))
        except InvalidFeatureSelection as error:
            self.refuse(error)

    def _refuse_what_is_not_there(self) -> None:
        try:
            refuse_what_is_not_there(self.problem, self.selection)
        except InvalidSelection as error:
            self.refuse(error)

    def refuse(self, error: ModelError) -> None:
        """Show a domain error beside the field it is about."""
        beside = BESIDE.get(type(error))
        self.add_error(beside, str(error))

    @property
    def request(self) -> dict[str, Any]:
        """What a valid form asks of `runs.request_run`."""
        return {
            "problem": self.problem.slug,
            "algorithm": self.cleaned_data["algorithm"],
            "selection": self.selection,
            "tuning": self.tuning,
            "feature_selection": self.feature_selection,
            "seed": self.cleaned_data["seed"] or 0,
            "force": self.cleaned_data["force"],
            "version_name": self.cleaned_data["version_name"],
        }

    @property
    def tuning(self) -> dict[str, Any]:
        """{trials, seconds}, those that were filled in."""
        return {name: value for name in ("trials", "seconds") if (value := self.cleaned_data.get(name)) is not None}

    @property
    def feature_selection(self) -> dict[str, Any]:
        """{method, keep}; empty where both were left empty."""
        found = {"method": self.cleaned_data.get("method") or None, "keep": self.cleaned_data.get("keep")}
        return found if any(value is not None for value in found.values()) else {}

    @property
    def has_search(self) -> bool:
        """Whether tuning or the choice of features was touched or refused, and so must be seen."""
        return any(self[name].value() or self[name].errors for name in ("trials", "seconds", "method", "keep"))

    @property
    def competition_groups(self) -> list[tuple[str, list[tuple[Choice, Any]]]]:
        """(group, [(choice, checkbox)]) in the problem's order."""
        return self._grouped("competitions")

    @property
    def season_groups(self) -> list[tuple[str, list[tuple[Choice, Any]]]]:
        return self._grouped("seasons")

    def _grouped(self, name: str) -> list[tuple[str, list[tuple[Choice, Any]]]]:
        boxes = zip(self.options.get(name, ()), self[name].subwidgets, strict=True)
        return [(group, list(pairs)) for group, pairs in groupby(boxes, key=lambda pair: pair[0].group)]

    @property
    def has_more(self) -> bool:
        """Whether the rarer settings were touched or refused, and so must be seen."""
        names = ("version_name", "seed", "force")
        return any(self[name].value() or self[name].errors for name in names)


class ReasonForm(forms.Form):
    """Why a role changes; kept in the audit."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why: the reason is kept with the change."},
    )


def _any(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "All"), *choices]


def _algorithms() -> list[tuple[str, str]]:
    return sorted({(a.name, a.title) for problem in all_problems() for a in problem.algorithms}, key=lambda a: a[1])


class RunFilter(forms.Form):
    problem = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False, choices=_any(TrainingRun.Status.choices))
    algorithm = forms.ChoiceField(required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["problem"] = _problem_field()
        self.fields["algorithm"] = forms.ChoiceField(required=False, choices=_any(_algorithms()))

    @property
    def conditions(self) -> dict[str, str]:
        """What to filter by; a value that is not offered filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class VersionFilter(RunFilter):
    status = None  # type: ignore[assignment]  # takes the field away
    role = forms.ChoiceField(required=False, choices=_any(ModelVersion.Role.choices))


def _problem_field() -> forms.ChoiceField:
    return forms.ChoiceField(required=False, choices=_any((p.slug, p.title) for p in all_problems()))
