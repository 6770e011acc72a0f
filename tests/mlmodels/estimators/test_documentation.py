"""The page on estimators says what the code does: every parameter, with its default."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.blend import Blend
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.class_forest import ClassForest
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.elo import Elo
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.pi_ratings import PiRatings
from mlmodels.estimators.shifted_means import ShiftedMeans
from mlmodels.evaluation.scorecard import FIGURES

PAGE = (Path(__file__).parents[3] / "docs" / "models" / "estimators.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"The page has no section {title}."
    return found[1]


def rows(title: str) -> dict[str, str]:
    """First cell (in backquotes) to second, of the tables of a section."""
    return dict(re.findall(r"^\| `(\w+)` \| ?`?([^|`]*)`? ?\|", section(title), re.MULTILINE))


@pytest.mark.parametrize(
    "estimator",
    [BaseRate, Blend, ClassForest, DixonColes, Elo, GradientBoosting, OrderedLogit, PiRatings, ShiftedMeans],
    ids=lambda e: e.__name__,
)
def test_the_page_has_every_parameter_with_its_default(estimator: Any) -> None:
    parameters = inspect.signature(estimator).parameters.values()
    defaults = {p.name: "" if p.default is p.empty else repr(p.default) for p in parameters}
    assert rows(estimator.__name__) == defaults


def test_the_page_has_every_figure() -> None:
    assert set(rows("Figures")) == {*FIGURES, "draw_accuracy"}
