"""Putting something into the ledger, for tests of what becomes of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from matches.models import Match
from mlmodels.models import ModelVersion
from predictions import ledger
from predictions.models import Prediction
from tests.factories import ModelVersionFactory

SAID = {"home": 0.5, "draw": 0.3, "away": 0.2}


def say(
    match: Match, probabilities: Mapping[str, float] = SAID, *, version: ModelVersion | None = None, **fields: Any
) -> Prediction:
    """One prediction of a match, made a day before its kick-off."""
    content: dict[str, Any] = {
        "version": version or ModelVersionFactory.create(),
        "match_id": match.pk,
        "subject": {"match": match.pk},
        "made_at": match.kickoff - timedelta(days=1),
        "event_at": match.kickoff,
        "probabilities": probabilities,
        "distribution": {"home_rate": 1.6, "away_rate": 1.1, "rho": -0.05},
        "confidence": max(probabilities.values()),
        "features": {"elo_difference": 31.5},
        "latency_ms": 1.0,
    }
    [prediction] = ledger.append([ledger.Draft(**{**content, **fields})])
    return prediction
