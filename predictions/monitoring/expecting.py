"""How a champion can be expected to do on events whose results are not in yet."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from predictions.monitoring.events import CHUNK, Events, last_words

SETTLED_LOOKED_AT = 2000


def expected(version: ModelVersion, problem: Problem, events: Events) -> dict[str, Any]:
    """{n, accuracy, log_loss, brier: {value, low, high}, trust}; only `trust` where nothing is waiting for a result."""
    import numpy as np

    from mlmodels.evaluation.confidence_estimate import estimate, trust

    latest = slice(max(0, len(events) - SETTLED_LOOKED_AT), None)
    trusted = asdict(trust(events.probabilities[latest], events.outcomes[latest]))
    waiting = last_words(version).filter(settlement__isnull=True).values_list("probabilities", flat=True)
    told = [[said[label] for label in problem.labels] for said in waiting.iterator(chunk_size=CHUNK)]
    if not told:
        return {"n": 0, "trust": trusted}
    return {**asdict(estimate(np.array(told))), "trust": trusted}
