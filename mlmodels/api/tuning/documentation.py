"""What the schema says of `/api/tuning/`."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_STAFF, error, example, invalid
from mlmodels.api.tuning import serializers

_STUDY = {
    "id": "5ac3f0a2-6d2e-4f5b-8a7c-0b2d6d0b5c11",
    "problem": "football-outcome",
    "algorithm": "dixon-coles",
    "metric": "rps",
    "lower_is_better": True,
    "space": [
        {"name": "half_life_days", "scale": "float", "usual": 330.0, "low": 90.0, "high": 1500.0, "log": True},
    ],
    "fixed": {},
    "feature_selection": {},
    "split": {"validation_from": "2023-08-12T00:00:00+00:00", "test_from": "2024-01-20T00:00:00+00:00"},
    "seed": 0,
    "code_version": "1f0c2d3",
    "finished": 30,
    "pruned": 11,
    "best_value": 0.1991,
    "best_parameters": {"half_life_days": 412.6},
    "importances": {"half_life_days": 1.0},
    "created_at": "2024-06-01T10:14:19Z",
}
_TRIAL = {
    "number": 7,
    "state": "complete",
    "value": 0.1991,
    "parameters": {"half_life_days": 412.6},
    "blocks": 6,
    "seconds": 2.4,
    "note": "",
}

LIST: dict[str, Any] = {
    "tags": ["tuning"],
    "operation_id": "tuning_studies",
    "summary": "List searches for hyper-parameters",
    "responses": {
        200: serializers.StudySerializer(many=True),
        400: invalid("page_size", "Write a whole number from 1 to 200."),
        **FOR_STAFF,
    },
    "examples": [example(_STUDY)],
}
DETAIL: dict[str, Any] = {
    "tags": ["tuning"],
    "operation_id": "tuning_study",
    "summary": "Show a search with its trials",
    "responses": {
        200: serializers.StudyDetailSerializer,
        **FOR_STAFF,
        404: error("No such search.", "not_found", "There is nothing here."),
    },
    "examples": [example({**_STUDY, "trials": [_TRIAL]})],
}
