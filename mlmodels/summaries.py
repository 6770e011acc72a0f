"""A training configuration in words, with the rows it would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlmodels.forms import ConfigurationForm
from mlmodels.problem import Choice
from mlmodels.splitting import TRAIN_SHARE, VALIDATION_SHARE

MOST_NAMED = 6


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What would be trained; the three parts are estimates, since a day is never cut in two."""

    algorithm: str
    selection: str
    rows: int
    minimum: int
    unit: str

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
        selection=_in_words(form),
        rows=problem.count(form.selection),
        minimum=problem.minimum_rows,
        unit=problem.unit,
    )


def _in_words(form: ConfigurationForm) -> str:
    chosen = form.selection
    words = [
        _named(chosen.competitions, form.options.get("competitions", ())) or "every competition",
        f"seasons {_named(chosen.seasons, form.options.get('seasons', ()))}" if chosen.seasons else "every season",
    ]
    if chosen.date_from:
        words.append(f"from {chosen.date_from:%-d %B %Y}")
    if chosen.date_to:
        words.append(f"to {chosen.date_to:%-d %B %Y}")
    return ", ".join(words)


def _named(codes: Sequence[str], choices: Sequence[Choice]) -> str:
    """The titles of chosen codes in the order offered: "A, B and C", or "A, B and 7 more"."""
    titles = [choice.title for choice in choices if choice.code in codes]
    if len(titles) > MOST_NAMED:
        titles = [*titles[: MOST_NAMED - 1], f"{len(titles) - MOST_NAMED + 1} more"]
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
