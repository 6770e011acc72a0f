"""What the schema says of player props: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from predictions.api.props import serializers

TAGS = ["player props"]

_ASKED = {"player": "Nikola Jokic", "stat": "points", "line": 25.5, "odds": {"over": -110, "under": -110}}
_SUPPOSED = {
    "player": "Nikola Jokić",
    "stat": "rebounds",
    "line": 12,
    "opponent_data": {"opponent": "LAL", "home": True, "date": "2026-11-24"},
}
_ANSWER = {
    "player": "Nikola Jokić",
    "predicted_value": 26.412,
    "over_probability": 0.531204,
    "under_probability": 0.468796,
    "push_probability": 0.0,
    "recommendation": "OVER",
    "confidence": 0.531204,
    "expected_value": 0.0141,
    "model_version": "global-20261121-101502",
    "prediction_id": "0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10",
    "player_id": 15,
    "team": "Denver Nuggets",
    "stat": "points",
    "line": 25.5,
    "game": {
        "match": 5120,
        "date": "2026-11-24",
        "tip_off": "2026-11-25T02:00:00Z",
        "home": True,
        "opponent": "Los Angeles Lakers",
        "supposed": "",
    },
    "recommendation_reason": "By this forecast over returns 1.014 of its stake at these odds.",
    "odds_hidden_reason": None,
    "market": {"line": 25.5, "over_probability": 0.512, "under_probability": 0.488, "books": 6},
    "availability": None,
    "answered_by": "global",
    "notes": [],
    "is_simulated": False,
}
UNKNOWN_PLAYER = error(
    "A player whom nobody knows; `detail` has names spelled nearly so.",
    "unknown_player",
    "No player is called 'Nikola Jokik'. Did you mean Nikola Jokić, Nikola Jović?",
    {"near": ["Nikola Jokić", "Nikola Jović"]},
)
AMBIGUOUS_PLAYER = error(
    "Several players are called so (`detail` has them); or the game has begun.",
    "ambiguous_player",
    "'Jalen Williams' can be Jalen Williams (Oklahoma City Thunder), Jaylin Williams (Oklahoma City Thunder): "
    "name the team, or one of them by the whole name.",
    {"candidates": [{"id": 15, "name": "Jalen Williams", "team": "Oklahoma City Thunder"}]},
)
_UNUSABLE = error(
    "A statistic, a line or odds that are none: `unknown_statistic`, `invalid_line`, `invalid_odds`.",
    "unknown_statistic",
    "There is no statistic 'pointz': choose one of points, rebounds, assists, threes, steals, blocks, pra.",
    {"known": ["points", "rebounds", "assists", "threes", "steals", "blocks", "pra"]},
)
_NOT_TRAINED = error(
    "No model of the statistic is in service.",
    "model_not_trained",
    "No model of player-props-steals is in service: train one and promote it.",
)
_ABOUT_LINES = (
    "Of the player's next game, unless `opponent_data` names another. What the answer says is read off one "
    "distribution of counts, which is in the ledger under `prediction_id` (`/api/predictions/{id}/`). The same "
    "question gets the same prediction for an hour, unless games, lines or another model came in; odds change the "
    "recommendation only. `recommendation` and `expected_value` are for those who confirmed that they are 18 or older."
)

PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "props_predict",
    "summary": "Predict a player's count",
    "description": _ABOUT_LINES,
    "request": serializers.PropQuestionSerializer,
    "responses": {
        200: serializers.PropAnswerSerializer,
        400: invalid("player", "This field is required."),
        **FOR_MEMBERS,
        404: UNKNOWN_PLAYER,
        409: AMBIGUOUS_PLAYER,
        422: _UNUSABLE,
        503: _NOT_TRAINED,
    },
    "examples": [
        example_request(_ASKED, "The next game"),
        example_request(_SUPPOSED, "A supposed game"),
        example(_ANSWER),
    ],
}
BATCH_PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "props_batch_predict",
    "summary": "Predict up to twenty counts",
    "description": f"{_ABOUT_LINES} An entry that can't be answered has `error` instead, with what alone it would have "
    "been answered; whatever is not come to within 30 seconds is `timed_out`.",
    "request": serializers.BatchQuestionSerializer,
    "responses": {
        200: serializers.BatchAnswerSerializer,
        400: invalid("items", "Send a list of one to twenty questions."),
        **FOR_MEMBERS,
        422: error("More than twenty.", "too_many", "21 questions are too many at once: send at most 20."),
    },
    "examples": [
        example_request({"items": [_ASKED, {"player": "Nikola Jokik", "stat": "points", "line": 25.5}]}),
        example(
            {
                "results": [
                    _ANSWER,
                    {
                        "player": "Nikola Jokik",
                        "stat": "points",
                        "line": 25.5,
                        "error": {
                            "code": "unknown_player",
                            "message": "No player is called 'Nikola Jokik'. Did you mean Nikola Jokić?",
                            "detail": {"near": ["Nikola Jokić"]},
                        },
                    },
                ],
                "succeeded": 1,
                "failed": 1,
            }
        ),
    ],
}
