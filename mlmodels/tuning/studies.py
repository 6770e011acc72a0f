"""Which study answers a question: the same question finds the same study, and goes on where it was left."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from mlmodels.models import TuningStudy
from mlmodels.tuning.asking import free_space

if TYPE_CHECKING:
    from datetime import timedelta

    from mlmodels.models import Dataset, TrainingRun
    from mlmodels.problem import Algorithm, Problem
    from mlmodels.splitting import Split


@dataclass(frozen=True, kw_only=True)
class Question:
    """All that the values of trials depend on."""

    problem: Problem
    algorithm: Algorithm
    dataset: Dataset
    split: Split
    refit_every: timedelta | None
    run: TrainingRun

    @property
    def described(self) -> dict[str, Any]:
        return {
            "problem": self.problem.slug,
            "algorithm": self.algorithm.name,
            "metric": self.problem.primary_metric.name,
            "lower_is_better": self.problem.primary_metric.lower_is_better,
            "space": [dimension.to_json() for dimension in free_space(self.algorithm, self.run.hyper_parameters)],
            "fixed": self.run.hyper_parameters,
            "feature_selection": self.run.feature_selection,
            "split": self.split.to_json(),
            "seed": self.run.seed,
            # Other code may value the same hyper-parameters otherwise.
            "code_version": settings.CODE_VERSION,
        }

    @property
    def key(self) -> str:
        asked = {
            **self.described,
            "rows": self.dataset.content_hash,
            "refit_days": self.refit_every and self.refit_every.total_seconds() / 86_400,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()

    def study(self) -> TuningStudy:
        """The study of this question, begun where nobody asked it before."""
        study, _ = TuningStudy.objects.get_or_create(key=self.key, defaults={**self.described, "dataset": self.dataset})
        return study
