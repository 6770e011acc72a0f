"""What staff fill in to ask for a backtest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from mlmodels.errors import InvalidSelection, ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from mlmodels.selection import Selection
from predictions.backtesting.plans import LARGEST_SEED, USUAL_BANKROLL, USUAL_REFIT_DAYS, Plan, recipe
from predictions.backtesting.strategies import PRESETS, USUAL, parse_all
from predictions.errors import PredictionError

MOST_VERSIONS = 30
ALGORITHM, VERSION = "algorithm", "version"


class BacktestForm(forms.Form):
    """A plan of one problem; a group left empty means all of it. What makes no sense is said by the plan itself."""

    made_by = forms.ChoiceField(label="Model", help_text="An algorithm as it is, or the recipe of a trained version.")
    competitions = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    seasons = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    date_from = forms.DateField(label="First day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    date_to = forms.DateField(label="Last day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    refit_days = forms.IntegerField(
        label="Refit every … days", initial=USUAL_REFIT_DAYS, help_text="On all results of earlier days."
    )
    strategies = forms.MultipleChoiceField(
        required=False,
        choices=[(name, title) for name, (_, title) in PRESETS.items()],
        initial=list(USUAL),
        widget=forms.CheckboxSelectMultiple,
    )
    own_strategy = forms.CharField(
        label="A strategy of your own",
        required=False,
        max_length=200,
        help_text="A name with parameters, such as value:margin=0.03,stake=kelly,fraction=0.2,cap=0.05",
    )
    bankroll = forms.DecimalField(label="Starting bankroll", initial=USUAL_BANKROLL, help_text="In any currency.")
    book = forms.ChoiceField(label="Prices", required=False)
    seed = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_SEED, help_text="Of algorithms and intervals; 0 if left empty."
    )

    def __init__(self, problem: Problem, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"made_by": f"{ALGORITHM}:{problem.default_algorithm}"})
        self.problem = problem
        options = problem.choices()
        self._choice("made_by").choices = _makers(problem)
        self._choice("book").choices = [("", "The best of all bookmakers"), *problem.bookmakers.items()]
        for name in ("competitions", "seasons"):
            self._choice(name).choices = [(choice.code, choice.title) for choice in options.get(name, ())]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.plan = self._plan(cleaned)
            except (ModelError, PredictionError) as error:
                self.refuse(error)
        return cleaned

    def _plan(self, cleaned: Mapping[str, Any]) -> Plan:
        kind, _, name = cleaned["made_by"].partition(":")
        made = recipe(name, problem=self.problem.slug) if kind == VERSION else {"algorithm": name}
        return Plan(
            **made,
            problem=self.problem.slug,
            selection=Selection(
                competitions=tuple(cleaned["competitions"]),
                seasons=tuple(cleaned["seasons"]),
                date_from=cleaned["date_from"],
                date_to=cleaned["date_to"],
            ),
            strategies=parse_all(filter(None, [*cleaned["strategies"], cleaned["own_strategy"]])),
            refit_days=cleaned["refit_days"],
            bankroll=cleaned["bankroll"],
            book=cleaned["book"],
            seed=cleaned["seed"] or 0,
        )

    def refuse(self, error: ModelError | PredictionError) -> None:
        """Show a domain error: beside the dates or leagues where it is about those."""
        self.add_error("date_to" if isinstance(error, InvalidSelection) else None, str(error))


def _makers(problem: Problem) -> list[tuple[str, list[tuple[str, str]]]]:
    versions = ModelVersion.objects.for_problem(problem.slug).order_by("-training_completed_at")
    names = versions.values_list("version", flat=True)[:MOST_VERSIONS]
    groups = [
        ("Algorithms", [(f"{ALGORITHM}:{each.name}", each.title) for each in problem.algorithms]),
        ("Recipes of versions", [(f"{VERSION}:{name}", name) for name in names]),
    ]
    return [(title, choices) for title, choices in groups if choices]
