"""Whether the coach's model is well."""

from __future__ import annotations

from typing import Any

from mlmodels import registry
from mlmodels.errors import ArtifactError, ModelNotTrained
from mlmodels.models import ModelVersion
from predictions.reading.simulated import learned_from_simulation
from training import analysing, caching

HEALTHY = "A model is in service, and its file can be used."
NOT_TRAINED = "No model is in service: staff must train one and promote it."
UNUSABLE = "A model is in service, but its file can't be used: staff must look at it."


def of_model() -> dict[str, Any]:
    """The champion's state as JSON; it is loaded where it was not, so that `model_loaded` is tried, not guessed."""
    try:
        version: ModelVersion | None = registry.serving_champion(analysing.PROBLEM).version
        status, health = "healthy", HEALTHY
    except ModelNotTrained:
        version, status, health = None, "not_trained", NOT_TRAINED
    except ArtifactError:
        version, status, health = registry.champion(analysing.PROBLEM), "unusable", UNUSABLE
    return {
        "status": status,
        "health": health,
        **_told(version),
        "model_loaded": status == "healthy",
        "minimum_matches": analysing.minimum_matches(),
        "cache": _cache(),
    }


def _told(version: ModelVersion | None) -> dict[str, Any]:
    if version is None:
        return {
            "model_version": None,
            "algorithm": None,
            "metrics": {},
            "last_trained": None,
            "is_simulated": False,
        }
    return {
        "model_version": version.version,
        "algorithm": version.algorithm,
        "metrics": version.metrics.get("test", {}),
        "last_trained": version.training_completed_at,
        "is_simulated": version.pk in learned_from_simulation([version]),
    }


def _cache() -> dict[str, Any]:
    found = caching.counts()
    ratio = found.hit_ratio
    return {"hits": found.hits, "misses": found.misses, "hit_ratio": None if ratio is None else round(ratio, 4)}
