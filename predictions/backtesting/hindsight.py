"""Whether a backtest bets on days by which its hyper-parameters were chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mlmodels.models import ModelVersion
from predictions.backtesting.plans import Plan


def searched_on(plan: Plan, *, first: datetime, last: datetime) -> dict[str, Any]:
    """{version, first, last} of the rows on which a plan's hyper-parameters were searched for.

    They are those of a tuned version with the same, whether it was named or they were given by hand; of several the one
    that saw most. Empty where no search found them, or where none of its rows lies between `first` and `last`, the
    backtest's own.
    """
    if not plan.hyper_parameters:
        return {}
    tuned = ModelVersion.objects.filter(problem=plan.problem, algorithm=plan.algorithm, dataset__isnull=False)
    known = tuned.exclude(tuning={}).select_related("dataset", "run__study").defer("model_weights", "metrics")
    seen = [_seen(version) for version in known if version.hyper_parameters == dict(plan.hyper_parameters)]
    begins, ends, name = max(seen, key=lambda each: each[1], default=(last, first, ""))
    if not name or last < begins or first >= ends:
        return {}
    return {"version": name, "first": begins.isoformat(), "last": ends.isoformat()}


def _seen(version: ModelVersion) -> tuple[datetime, datetime, str]:
    """What a search saw ends with its validation rows; where nobody knows when, with the data set."""
    if version.dataset is None:
        raise ValueError(f"{version} has no data set.")
    study = version.run.study if version.run is not None else None
    known = study is not None and "test_from" in study.split
    ends = datetime.fromisoformat(study.split["test_from"]) if study is not None and known else version.dataset.date_to
    return version.dataset.date_from, ends, version.version
