"""A training configuration in words, with the rows it would bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlmodels.forms import ConfigurationForm
from mlmodels.splitting import TRAIN_SHARE, VALIDATION_SHARE
from mlmodels.tuning.asking import Budget, FeatureSelection
from mlmodels.wording import selection_in_words, titles_of


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What would be trained; the three parts are estimates, since a day is never cut in two."""

    algorithm: str
    selection: str
    rows: int
    minimum: int
    unit: str
    steps: tuple[str, ...] = ()
    """What is done besides fitting, in words."""

    @property
    def is_enough(self) -> bool:
        return self.rows >= self.minimum

    @property
    def training(self) -> int:
        return round(self.rows * TRAIN_SHARE)

    @property
    def validation(self) -> int:
        return round(self.rows * VALIDATION_SHARE)

    @property
    def test(self) -> int:
        return self.rows - self.training - self.validation


def summarise(form: ConfigurationForm) -> Summary | None:
    """None where the form can't be read; its fields then say why."""
    if not form.is_bound or not form.is_valid():
        return None
    problem = form.problem
    return Summary(
        algorithm=problem.algorithm(form.cleaned_data["algorithm"]).title,
        selection=selection_in_words(form.selection, titles_of(form.options)),
        rows=problem.count(form.selection),
        minimum=problem.minimum_rows,
        unit=problem.unit,
        steps=tuple(_steps(form)),
    )


def _steps(form: ConfigurationForm) -> Iterable[str]:
    if budget := Budget.from_json(form.tuning):
        yield f"its hyper-parameters are searched for {budget} on the validation rows"
    if step := FeatureSelection.from_json(form.feature_selection):
        yield f"each fit first chooses {step}"
